"""A month somebody asks for: read off the request, its moments, the choices of the picker, its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked
from gezhi.interfaces.web.parts import Choice, Field
from gezhi.lib.errors import BadInput

OFFERED = 18  # so many months are in the picker


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the place. `since` to before `until`; `over`: it has passed."""

    year: int
    month: int
    since: datetime
    until: datetime
    over: bool

    @property
    def key(self) -> str:
        """As it is asked for: 2026-03."""
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def words(self) -> str:
        """As people say it."""
        return _("%(year)d-%(month)02d") % {"year": self.year, "month": self.month}


def asked_for(request: HttpRequest, now: datetime) -> Month:
    """The month of `?month=`, this month where none is given. Raises BadInput."""
    text = asked.words(request.GET, "month", 10)
    today = timezone.localtime(now).date()
    if not text:
        return _month(today.year, today.month, now)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError as wrong:
        raise BadInput(_("“%(text)s” is not a month.") % {"text": text}, field="month") from wrong
    if not 2000 <= first.year <= today.year + 1:
        raise BadInput(_("“%(text)s” is not a month.") % {"text": text}, field="month")
    return _month(first.year, first.month, now)


def picker(chosen: Month, now: datetime) -> Field:
    """The months to choose from, the latest first; the chosen one is among them."""
    today = timezone.localtime(now).date()
    last = today.year * 12 + today.month - 1
    listed = [_month(n // 12, n % 12 + 1, now) for n in range(last, last - OFFERED, -1)]
    if chosen.key not in {one.key for one in listed}:
        listed.append(chosen)
    choices = tuple(Choice(one.key, one.words) for one in listed)
    return Field("month", _("Month"), "choice", chosen.key, choices=choices)


def _month(year: int, month: int, now: datetime) -> Month:
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    since, until = (_morning(date(*first, 1)) for first in ((year, month), following))
    return Month(year, month, since, until, until <= now)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
