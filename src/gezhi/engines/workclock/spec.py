"""Reading a calendar as a profile writes it, with a sentence for everything that is wrong.

    zone: Asia/Shanghai
    shifts: [["08:30", "12:00"], ["14:00", "17:30"]]
    day_hours: 8                                   # left out: the shifts' own length
    weekdays: [1, 2, 3, 4, 5]                      # left out: Monday to Friday
    years: {2026: {holidays: ["2026-01-01..2026-01-02"], makeup: ["2026-01-04"]}}
    fixed_holidays: ["01-01", "05-01", "10-01..10-03"]

Night work is written as two shifts that meet at midnight: `["22:00", "24:00"]` and `["00:00", "06:00"]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gezhi.engines.workclock.calendar import Calendar, CalendarError
from gezhi.engines.workclock.table import FIRST_YEAR, LAST_YEAR, Shift

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_LEAP_YEAR = 2000
_KEYS = frozenset({"zone", "shifts", "day_hours", "weekdays", "years", "fixed_holidays"})


def read(spec: Mapping[str, object]) -> Calendar:
    """The calendar of a spec. Raises CalendarError with every problem found."""
    reader = _Reader()
    for key in spec:
        if key not in _KEYS:
            reader.note((key,), f"“{key}” is not part of a calendar.")
    zone = reader.zone(spec.get("zone"))
    shifts = reader.shifts(spec.get("shifts"))
    day_hours = reader.day_hours(spec.get("day_hours"), shifts)
    weekdays = reader.weekdays(spec.get("weekdays", [1, 2, 3, 4, 5]))
    known, holidays, makeup = reader.years(spec.get("years", {}))
    fixed = reader.fixed(spec.get("fixed_holidays", []))
    if reader.problems or zone is None:
        raise CalendarError(reader.problems)
    return Calendar(zone, shifts, day_hours, weekdays, holidays, makeup, known, fixed)


class _Reader:
    """Collects problems as (where, sentence) while it reads."""

    def __init__(self) -> None:
        self.problems: list[tuple[tuple[str | int, ...], str]] = []

    def note(self, where: tuple[str | int, ...], sentence: str) -> None:
        self.problems.append((where, sentence))

    def zone(self, value: object) -> ZoneInfo | None:
        try:
            return ZoneInfo(str(value))
        except (KeyError, ValueError, OSError):
            self.note(("zone",), f"“{value}” is not a time zone; write for example Asia/Shanghai.")
            return None

    def shifts(self, value: object) -> tuple[Shift, ...]:
        shifts: list[Shift] = []
        for index, pair in enumerate(_listed(value)):
            where = ("shifts", index)
            if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
                self.note(where, "A shift is a pair of times, such as [“08:30”, “12:00”].")
                continue
            opens, closes = (_minutes(text) for text in pair)
            if opens is None or closes is None:
                self.note(where, f"“{pair[0]}–{pair[1]}”: write times in quotes as “hh:mm”, up to “24:00”.")
            elif opens >= closes:
                self.note(where, f"The shift {pair[0]}–{pair[1]} ends before it begins.")
            elif shifts and opens < shifts[-1].closes:
                self.note(where, f"The shift {pair[0]}–{pair[1]} begins before the one before it ends.")
            else:
                shifts.append(Shift(opens, closes))
        if not shifts and not self.problems:
            self.note(("shifts",), "The calendar has no shifts; name at least one.")
        return tuple(shifts)

    def day_hours(self, value: object, shifts: tuple[Shift, ...]) -> float:
        if value is None:
            return sum(s.closes - s.opens for s in shifts) / 60
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 24:
            self.note(("day_hours",), f"A work day has more than 0 and at most 24 hours, not {value}.")
            return 8
        return float(value)

    def weekdays(self, value: object) -> frozenset[int]:
        days = list(_listed(value))
        if not days or any(day not in range(1, 8) for day in days):
            self.note(("weekdays",), "Weekdays are a list of numbers from 1 (Monday) to 7 (Sunday).")
            return frozenset()
        return frozenset(int(str(day)) for day in days)

    def years(self, value: object) -> tuple[frozenset[int], frozenset[date], frozenset[date]]:
        known: set[int] = set()
        holidays: set[date] = set()
        makeup: set[date] = set()
        if not isinstance(value, Mapping):
            self.note(("years",), "Years are written as {2026: {holidays: [...], makeup: [...]}}.")
            return frozenset(), frozenset(), frozenset()
        for key, lists in value.items():
            year = int(key) if str(key).isdecimal() else 0
            if not FIRST_YEAR <= year <= LAST_YEAR or not isinstance(lists, Mapping):
                self.note(("years", key), f"“{key}” is not a year with its holidays and make-up days.")
                continue
            known.add(year)
            off = self._dates(lists.get("holidays", []), ("years", key, "holidays"), year)
            on = self._dates(lists.get("makeup", []), ("years", key, "makeup"), year)
            for day in sorted(off & on):
                self.note(("years", key), f"{day} is named both as a holiday and as a make-up day.")
            holidays |= off
            makeup |= on
        return frozenset(known), frozenset(holidays), frozenset(makeup)

    def _dates(self, value: object, where: tuple[str | int, ...], year: int) -> set[date]:
        days: set[date] = set()
        for index, text in enumerate(_listed(value)):
            span = _span(str(text), "")
            if span is None:
                self.note((*where, index), f"“{text}” is not a date; write 2026-01-31, or 2026-01-01..2026-01-03.")
            elif span[0].year != year or span[1].year != year:
                self.note((*where, index), f"{text} does not lie in {year}.")
            else:
                days.update(_days(*span))
        return days

    def fixed(self, value: object) -> frozenset[tuple[int, int]]:
        days: set[tuple[int, int]] = set()
        for index, text in enumerate(_listed(value)):
            span = _span(str(text), f"{_LEAP_YEAR}-")
            if span is None:
                self.note(("fixed_holidays", index), f"“{text}” is not a day of a year; write 05-01 or 10-01..10-03.")
            else:
                days.update((day.month, day.day) for day in _days(*span))
        return frozenset(days)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else []


def _minutes(text: object) -> int | None:
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else 24 * 60 + 1
    return minutes if minutes <= 24 * 60 else None


def _span(text: str, prefix: str) -> tuple[date, date] | None:
    """First and last day of "a" or "a..b"."""
    ends = [part.strip() for part in text.split("..")]
    try:
        days = [datetime.strptime(prefix + end, "%Y-%m-%d").date() for end in ends]  # noqa: DTZ007 (days, not moments)
    except ValueError:
        return None
    return (days[0], days[-1]) if len(days) <= 2 and days[0] <= days[-1] else None


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
