"""The working calendar of a place: zone, shifts, and which days are worked.

Built from a profile's `calendar.yaml` by `Calendar.from_spec`. Which days are worked: for a year with published data
(`years`), its make-up days are, its holidays are not, other days go by the weekday. For any other year (earlier, or
not announced yet) the defined rule is: weekdays as usual, except the `fixed_holidays`, with no make-up days. Days
can be laid over all that (`with_days`): off, or worked with shifts of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gezhi.engines.workclock.limits import HOUR
from gezhi.engines.workclock.table import FIRST_YEAR, LAST_YEAR, Shift, WorkTable

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Calendar", "CalendarError", "Shift"]


class CalendarError(ValueError):
    """A calendar that cannot be used. `problems` is a list of (where, sentence), `where` a tuple of keys."""

    def __init__(self, problems: list[tuple[tuple[str | int, ...], str]]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, where))}: {sentence}" for where, sentence in problems))
        self.problems = problems


@dataclass(frozen=True)
class Calendar:
    """Shifts are local wall-clock times; `weekdays` are ISO numbers (Monday 1); `day_hours` is one work day.

    `fixed` holds (month, day) pairs that are holidays in years without data; `known` the years with data. `days` are
    single days that go before all else: their shifts, none for a day off.
    """

    zone: ZoneInfo
    shifts: tuple[Shift, ...]
    day_hours: float
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: frozenset[date] = frozenset()
    makeup: frozenset[date] = frozenset()
    known: frozenset[int] = frozenset()
    fixed: frozenset[tuple[int, int]] = frozenset()
    days: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict, hash=False)
    _tables: list[WorkTable] = field(default_factory=list, init=False, repr=False, compare=False)

    @staticmethod
    def from_spec(spec: Mapping[str, object]) -> Calendar:
        """Read a profile's calendar (see the module `spec`). Raises CalendarError."""
        from gezhi.engines.workclock.spec import read

        return read(spec)

    def with_days(self, days: Mapping[date, tuple[Shift, ...]]) -> Calendar:
        """The same calendar with these days laid over it, in place of those laid over it before."""
        return replace(self, days=dict(days))

    @property
    def day(self) -> int:
        """One work day in microseconds of shift time."""
        return round(self.day_hours * HOUR)

    def works(self, day: date) -> bool:
        """Is this a working day?"""
        if day in self.days:
            return bool(self.days[day])
        if day.year in self.known:
            return day in self.makeup or (day.isoweekday() in self.weekdays and day not in self.holidays)
        return day.isoweekday() in self.weekdays and (day.month, day.day) not in self.fixed

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """The working days from `first` to `last`, both included."""
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if self.works(day):
                yield day

    def shift_times(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing moments (aware) of the shifts of one day, whether or not it is worked."""
        for shift in self.days.get(day, self.shifts):
            yield self._moment(day, shift.opens), self._moment(day, shift.closes)

    def _moment(self, day: date, minutes: int) -> datetime:
        carried, rest = divmod(minutes, 24 * 60)
        return datetime.combine(day + timedelta(days=carried), time(rest // 60, rest % 60), self.zone)

    def table(self, first: int, last: int) -> WorkTable:
        """The table of working time that covers these years (built once, widened when a later question needs it)."""
        if self._tables:
            table = self._tables[0]
            if table.first <= first and last <= table.last:
                return table
            first, last = min(first, table.first), max(last, table.last)
        table = WorkTable.build(self, first, last)
        self._tables[:] = [table]
        return table
