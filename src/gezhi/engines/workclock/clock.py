"""The arithmetic of one clock without pauses: due, elapsed, and the moment a share of the limit has run.

Moments go in with a zone and come out in UTC, to the microsecond. `due` is the *earliest* moment at which the limit
has run: four work hours from the opening of a four-hour shift end at its close, not at the next opening.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from gezhi.engines.workclock.calendar import Calendar
from gezhi.engines.workclock.limits import Limit, Unit, unit_length
from gezhi.engines.workclock.table import FIRST_YEAR, LAST_YEAR, WorkTable, moment, stamp


def due(calendar: Calendar, start: datetime, limit: Limit) -> datetime:
    """When the limit, started at `start`, has run (UTC). OverflowError beyond the year 2200."""
    return after(calendar, start, limit.length(calendar.day), limit.unit)


def share_point(calendar: Calendar, start: datetime, limit: Limit, share: float | Fraction) -> datetime:
    """When `share` (0..1) of the limit has run: the amber moment. A share of 0 is the start itself."""
    if not 0 <= share <= 1:
        raise ValueError(f"A share lies between 0 and 1, not {share}.")
    return after(calendar, start, round(limit.length(calendar.day) * share), limit.unit)


def elapsed_time(calendar: Calendar, start: datetime, end: datetime, unit: Unit) -> timedelta:
    """How much time that counts for this unit lies between two moments; nothing where `end` comes first."""
    if end <= start:
        stamp(start)
        return timedelta(0)
    if not unit.working:
        return timedelta(microseconds=stamp(end) - stamp(start))
    table = covering(calendar, start, end)
    return timedelta(microseconds=table.worked(stamp(end)) - table.worked(stamp(start)))


def elapsed(calendar: Calendar, start: datetime, end: datetime, unit: Unit) -> Fraction:
    """The same as an exact amount of the unit, so that `elapsed(c, s, due(c, s, limit), limit.unit) == limit.amount`
    for every limit that is a whole number of microseconds."""
    ran = elapsed_time(calendar, start, end, unit)
    return Fraction(ran // timedelta(microseconds=1), unit_length(unit, calendar.day))


def covering(calendar: Calendar, start: datetime, end: datetime) -> WorkTable:
    """The table of working time over two moments with a margin of a year on both sides."""
    return calendar.table(_year(start.year - 1), _year(end.year + 1))


def after(calendar: Calendar, start: datetime, length: int, unit: Unit) -> datetime:
    """When `length` microseconds that count for the unit have run since `start`."""
    at = stamp(start)
    if not unit.working:
        return moment(at + length)
    if length == 0:
        return moment(at)
    year = start.year
    table = calendar.table(_year(year - 1), _year(year + 1))
    reached = table.worked(at) + length
    while reached > table.total:
        if table.last == LAST_YEAR:
            raise OverflowError(f"The limit runs beyond the year {LAST_YEAR}, where the calendar ends.")
        table = calendar.table(table.first, _year(table.last + 5))
        reached = table.worked(at) + length
    return moment(table.reach(reached))


def _year(year: int) -> int:
    if year < FIRST_YEAR - 1 or year > LAST_YEAR + 1:
        raise OverflowError(f"The year {year} is outside the calendar ({FIRST_YEAR} to {LAST_YEAR}).")
    return min(max(year, FIRST_YEAR), LAST_YEAR)
