"""Changing the working calendar in the product: single days off, or worked in shifts of their own, each on record.

The profile's calendar stays as it is; a change lies over it until it is cleared. Clocks that run over a changed day are
counted anew by whoever hears of the ledger's entry `calendar.changed`; nothing here knows a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, WrongState
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import events, policies, queries
from gezhi.modules.switches.models import CalendarDay
from gezhi.modules.switches.shifts import read_shifts, written_shifts

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
LONGEST = 62  # days changed at once
SUBJECT = "calendar"


@transaction.atomic
def set_day(
    *, day: date, kind: str, by: Actor, now: datetime, until: date | None = None, shifts: str = "", why: str = ""
) -> list[date]:
    """Make a day (or each one `until` another) off or working. Returns the days that are different now.

    `shifts` are those of a working day, “08:00-12:00, 14:00-18:00”; "" for the usual ones. Raises NotAllowed, BadInput
    (field `day`, `until`, `kind`, `shifts` or `why`).
    """
    policies.check_may_change_calendar(by)
    if kind not in {"off", "working"}:
        raise BadInput(_("A day is off or it is worked."), field="kind")
    if kind == "off" and shifts.strip():
        raise BadInput(_("A day off has no shifts."), field="shifts")
    if len(why.strip()) > 200:
        raise BadInput(_("At most %(n)d characters.") % {"n": 200}, field="why")
    days = _days(day, until or day)
    written = written_shifts(read_shifts(shifts))
    known = {one.day: (one.kind, one.shifts, one.why) for one in queries.changed_days(days[0], days[-1])}
    wanted = (kind, written, why.strip())
    return _decide([one for one in days if known.get(one) != wanted], *wanted, by=by, now=now)


@transaction.atomic
def clear_day(*, day: date, by: Actor, now: datetime) -> None:
    """Let the profile decide on a day again. Raises NotAllowed, WrongState (it does already)."""
    policies.check_may_change_calendar(by)
    if not queries.changed_days(day, day):
        raise WrongState(_("This day was not changed; the profile decides on it."))
    _decide([day], "usual", "", "", by=by, now=now)


def _days(first: date, last: date) -> list[date]:
    for name, one in (("day", first), ("until", last)):
        if not FIRST <= one <= LAST:
            told = {"first": FIRST.year, "last": LAST.year}
            raise BadInput(_("The calendar is changed for the years %(first)d to %(last)d.") % told, field=name)
    if last < first:
        raise BadInput(_("The last day lies before the first."), field="until")
    if (last - first).days >= LONGEST:
        raise BadInput(_("At most %(n)d days at once.") % {"n": LONGEST}, field="until")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _decide(days: Sequence[date], kind: str, shifts: str, why: str, *, by: Actor, now: datetime) -> list[date]:
    if not days:
        return []
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=one, kind=kind, shifts=shifts, why=why, by=by.ref, at=now) for one in days]
    )
    body = {"days": [one.isoformat() for one in days], "kind": kind, "shifts": shifts, "why": why}
    ledger.append(subject=SUBJECT, kind=events.CALENDAR_CHANGED, by=by, now=now, body=body)
    queries.look_again()
    transaction.on_commit(queries.look_again)
    return list(days)
