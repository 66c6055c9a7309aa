"""Meetings and special operations put into words: states, reasons, periods, units."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.parts import Badge, Tone

WEEKDAYS = (
    lambda: _("Monday"),
    lambda: _("Tuesday"),
    lambda: _("Wednesday"),
    lambda: _("Thursday"),
    lambda: _("Friday"),
    lambda: _("Saturday"),
    lambda: _("Sunday"),
)


def meeting_title(title: str, number: int) -> str:
    """What a meeting is called."""
    return title or _("Dispatch meeting no. %(n)d") % {"n": number}


def meeting_state(state: str) -> Badge:
    """Where a meeting stands."""
    return {
        "planned": Badge(_("Planned"), "info"),
        "held": Badge(_("Being held"), "progress"),
        "closed": Badge(_("Minutes closed"), "good"),
        "called_off": Badge(_("Called off"), "plain"),
    }[state]


def campaign_state(state: str) -> Badge:
    """Where a special operation stands."""
    return {
        "planned": Badge(_("Not begun"), "info"),
        "running": Badge(_("Running"), "progress"),
        "over": Badge(_("Over, to be closed"), "warn"),
        "closed": Badge(_("Closed with a report"), "good"),
    }[state]


def reason(key: str, *, overdue: int | None, rework: int) -> Badge:
    """Why a case is on the agenda; `overdue` in hours."""
    if key == "overdue":
        return Badge(_late_by(overdue or 0), "bad")
    if key == "rework":
        return Badge(_("Rework %(n)d") % {"n": rework}, "warn")
    words: dict[str, tuple[str, Tone]] = {
        "supervised": (_("Supervised, not answered"), "bad"),
        "hard": (_("Hard case"), "warn"),
        "carried": (_("Carried over"), "info"),
        "hand": (_("Put on by the chair"), "plain"),
    }
    return Badge(*words.get(key, (key, "plain")))


def _late_by(hours: int) -> str:
    days = hours // 24
    if days:
        return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}
    return ngettext("%(n)d hour late", "%(n)d hours late", hours) % {"n": hours}


def moment(at: datetime) -> str:
    """A moment with its day of the week: 2026-03-04 19:00, Wednesday."""
    local = timezone.localtime(at)
    return _("%(at)s, %(day)s") % {"at": f"{local:%Y-%m-%d %H:%M}", "day": WEEKDAYS[local.weekday()]()}


def period(first: date, last: date) -> str:
    """From one day to another, with how many they are."""
    days = (last - first).days + 1
    told = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    return _("%(first)s to %(last)s (%(days)s)") % {"first": first.isoformat(), "last": last.isoformat(), "days": told}


def dates(first: date, last: date) -> str:
    """The same in short, for lists: 2026.11.19–12.09."""
    return f"{first:%Y.%m.%d}–{last:%m.%d}" if first.year == last.year else f"{first:%Y.%m.%d}–{last:%Y.%m.%d}"


def listed(names: Iterable[str]) -> str:
    """Names in a row."""
    every = [name for name in names if name]
    return ", ".join(every) if labels.english() else "、".join(every)


def units(ids: Iterable[int]) -> str:
    """Units in a row."""
    return listed(labels.unit(one) for one in ids)
