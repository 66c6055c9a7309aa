"""Reads of the room switches: the profile in force, the working calendar, and which scenario switches are on.

Reading a profile takes a second or more, so each process keeps those it has read, by digest. Which one is in force is
asked of the database, but at most once a second outside transactions: a newly adopted profile reaches every process
within that second.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from gezhi.engines.workclock import Calendar
from gezhi.lib.errors import Unavailable
from gezhi.lib.texts import Text
from gezhi.modules.switches import profiles
from gezhi.modules.switches.known import KNOWN
from gezhi.modules.switches.models import CalendarDay, ProfileInForce, ScenarioSwitch
from gezhi.modules.switches.profiles import Profile
from gezhi.modules.switches.shifts import shifts_of, written_shifts

_FRESH = 1.0  # seconds
_read: dict[str, Profile] = {}
_seen: tuple[float, InForce] | None = None
_calendars: dict[tuple[str, int], Calendar] = {}
_days_seen: tuple[float, int] | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """Which profile is in force: name or folder, data folder or "", digest (SHA-256, hex), since when, by whom."""

    name: str
    data: str
    digest: str
    adopted_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class SwitchRequest:
    """One request for a scenario switch; `state`: waiting, on, refused, ended or expired. Accounts by id."""

    id: int
    key: str
    legal_basis: str
    purpose: str
    asked_by: int
    asked_at: datetime
    expires_at: datetime
    approver: int | None
    decided_at: datetime | None
    ended_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class SwitchView:
    """A known switch: whether it is on, the request that turned it on, and the one that waits (either may be None)."""

    key: str
    title: Text
    meaning: Text
    on: bool
    granted: SwitchRequest | None
    waiting: SwitchRequest | None


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day that was decided in the product: off, or working in `shifts` ("": the usual ones)."""

    day: date
    kind: str
    shifts: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DayView:
    """One day: does it count as worked, in which shifts; what the profile says of it (working, weekend, holiday,
    makeup), and who decided otherwise."""

    day: date
    works: bool
    profile_says: str
    shifts: str
    changed: ChangedDay | None


def in_force() -> InForce | None:
    """The adoption in force, or None before the first one."""
    global _seen
    if _seen is not None and time.monotonic() - _seen[0] < _FRESH:
        return _seen[1]
    row = ProfileInForce.objects.order_by("-id").first()
    if row is None:
        return None
    found = InForce(row.name, row.data, row.digest, row.adopted_at, row.by)
    known = _seen is not None and _seen[1] == found
    if known or not connection.in_atomic_block:  # what only a transaction has seen may still be rolled back
        _seen = (time.monotonic(), found)
    return found


def look_again() -> None:
    """Forget which profile was seen in force, and which days of the calendar were changed."""
    global _seen, _days_seen
    _seen = None
    _days_seen = None
    _calendars.clear()


def profile_digest() -> str:
    """The digest of the profile in force. Raises Unavailable before the first adoption."""
    adopted = in_force()
    if adopted is None:
        raise Unavailable(_("No profile is in force yet; the system administrator must adopt one."), code="no_profile")
    return adopted.digest


def profile() -> Profile:
    """The profile in force, as it was adopted.

    Raises Unavailable before the first adoption, and where the profile's files were changed since: rules change by
    adopting, on record, not by editing files under a running system.
    """
    digest = profile_digest()
    if digest not in _read:
        adopted = in_force()
        found = load(adopted.name, adopted.data) if adopted else load("")
        if found.fingerprint != digest:
            raise Unavailable(
                _("The files of the profile in force were changed; the system administrator must adopt it anew."),
                code="profile_changed",
            )
        _read[digest] = found
    return _read[digest]


def load(name: str | Path, data: str | Path = "") -> Profile:
    """Read a profile by name or folder, whether or not it is in force; `data`: the folder of borrowed outlines.

    Raises profiles.ProfileProblems.
    """
    return profiles.read(name, search=settings.GEZHI_PROFILE_PATHS, data=Path(data) if str(data) else None)


def remember(read: Profile) -> None:
    """Keep a profile that was just read, so that nobody reads it twice."""
    _read[read.fingerprint] = read


def calendar() -> Calendar:
    """The working calendar: the profile's, with the days laid over it that were changed in the product.

    A change reaches every process within a second; the same calendar is the same object, so its tables are built once.
    Raises Unavailable before the first adoption.
    """
    global _days_seen
    read = profile()
    if _days_seen is None or time.monotonic() - _days_seen[0] >= _FRESH:
        newest = CalendarDay.objects.order_by("-id").values_list("id", flat=True).first() or 0
        _days_seen = (time.monotonic(), newest)
    return _calendar(read, _days_seen[1])


def _calendar(read: Profile, newest: int) -> Calendar:
    key = (read.fingerprint, newest)
    if key not in _calendars:
        days = changed_days() if newest else []
        if len(_calendars) > 8:
            _calendars.clear()
        usual = read.workclock
        laid = {one.day: () if one.kind == "off" else shifts_of(one.shifts) or usual.shifts for one in days}
        _calendars[key] = usual.with_days(laid) if laid else usual
    return _calendars[key]


def usual_shifts() -> str:
    """The shifts of a working day as the profile says, “08:30-12:00, 13:30-18:00”."""
    return written_shifts(profile().workclock.shifts)


def changed_days(first: date | None = None, last: date | None = None) -> list[ChangedDay]:
    """The days the product decides on, not the profile, in order. One query."""
    rows = CalendarDay.objects.order_by("day", "-id").distinct("day")
    if first is not None:
        rows = rows.filter(day__gte=first)
    if last is not None:
        rows = rows.filter(day__lte=last)
    return [ChangedDay(r.day, r.kind, r.shifts, r.why, r.by, r.at) for r in rows if r.kind != "usual"]


def year(number: int) -> list[DayView]:
    """Every day of a year: what the profile says and what holds. One query."""
    usual = profile().workclock
    first, last = date(number, 1, 1), date(number, 12, 31)
    changed = {one.day: one for one in changed_days(first, last)}
    days = (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
    return [_day(day, usual, changed.get(day)) for day in days]


def _day(day: date, usual: Calendar, changed: ChangedDay | None) -> DayView:
    by_week = day.isoweekday() in usual.weekdays
    works = usual.works(day)
    named = day in usual.holidays if day.year in usual.known else (day.month, day.day) in usual.fixed
    if works:
        profile_says = "working" if by_week else "makeup"
    else:
        profile_says = "holiday" if named or by_week else "weekend"
    shifts = written_shifts(usual.shifts)
    if changed is None:
        return DayView(day, works, profile_says, shifts if works else "", None)
    works = changed.kind == "working"
    return DayView(day, works, profile_says, (changed.shifts or shifts) if works else "", changed)


def is_on(key: str, now: datetime) -> bool:
    """Is this scenario switch on? Raises ValueError on one that is not known."""
    if key not in KNOWN:
        raise ValueError(f"there is no scenario switch {key!r}")
    rows = ScenarioSwitch.objects.filter(key=key, approved=True, ended_at=None)
    return rows.filter(decided_at__lte=now, expires_at__gt=now).exists()


def on(now: datetime) -> frozenset[str]:
    """The scenario switches that are on; one statement."""
    rows = ScenarioSwitch.objects.filter(approved=True, ended_at=None, decided_at__lte=now, expires_at__gt=now)
    return frozenset(rows.values_list("key", flat=True))


def switches(now: datetime) -> list[SwitchView]:
    """All known switches, in a fixed order; one statement."""
    rows = ScenarioSwitch.objects.filter(ended_at=None).order_by("id")
    requests = [_request(row, now) for row in rows]
    shown = []
    for known in KNOWN.values():
        mine = {r.state: r for r in requests if r.key == known.key}
        granted = mine.get("on")
        shown.append(
            SwitchView(known.key, known.title, known.meaning, granted is not None, granted, mine.get("waiting"))
        )
    return shown


def history(key: str, now: datetime, *, limit: int = 50) -> list[SwitchRequest]:
    """The requests for one switch, newest first."""
    return [_request(row, now) for row in ScenarioSwitch.objects.filter(key=key).order_by("-id")[:limit]]


def _request(row: ScenarioSwitch, now: datetime) -> SwitchRequest:
    if row.approved is None:
        state = "waiting" if row.ended_at is None and row.expires_at > now else "expired"
    elif not row.approved:
        state = "refused"
    elif row.ended_at is not None:
        state = "ended"
    else:
        state = "on" if row.expires_at > now else "expired"
    return SwitchRequest(
        id=row.id,
        key=row.key,
        legal_basis=row.legal_basis,
        purpose=row.purpose,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        approver=row.approver,
        decided_at=row.decided_at,
        ended_at=row.ended_at,
        state=state,
    )
