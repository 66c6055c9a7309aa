"""Working time laid end to end: every shift of a span of years as one sorted row of intervals with running totals.

All in integer microseconds since 1970 UTC, so daylight saving time, make-up days and odd shifts cost nothing later:
a question is one or two binary searches. The calendar decides which shifts exist; this only measures.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

FIRST_YEAR, LAST_YEAR = 1900, 2200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Shift(NamedTuple):
    """Opening and closing as minutes after local midnight, 0 ≤ opens < closes ≤ 1440."""

    opens: int
    closes: int


class ShiftSource(Protocol):
    """What a table is built from: the calendar."""

    def working_days(self, first: date, last: date) -> Iterator[date]: ...

    def shift_times(self, day: date) -> Iterator[tuple[datetime, datetime]]: ...


def stamp(moment: datetime) -> int:
    """Microseconds since 1970 UTC. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone.")
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(stamped: int) -> datetime:
    """The moment (in UTC) of a stamp."""
    return EPOCH + timedelta(microseconds=stamped)


@dataclass(frozen=True)
class WorkTable:
    """Interval i is [opens[i], closes[i]); `after[i]` is all working time up to its end. Years first..last."""

    first: int
    last: int
    opens: list[int]
    closes: list[int]
    after: list[int]
    opens_array: NDArray[np.int64]
    closes_array: NDArray[np.int64]
    after_array: NDArray[np.int64]

    @classmethod
    def build(cls, source: ShiftSource, first: int, last: int) -> WorkTable:
        """Lay out the years. Overlaps made by a clock change are cut, so no moment is counted twice."""
        opens: list[int] = []
        closes: list[int] = []
        reached = -(2**62)
        for day in source.working_days(date(first, 1, 1), date(last, 12, 31)):
            for opening, closing in source.shift_times(day):
                start, end = max(stamp(opening), reached), stamp(closing)
                if start < end:
                    opens.append(start)
                    closes.append(end)
                    reached = end
        opens_array, closes_array = np.array(opens, np.int64), np.array(closes, np.int64)
        after_array = np.cumsum(closes_array - opens_array)
        return cls(first, last, opens, closes, after_array.tolist(), opens_array, closes_array, after_array)

    @property
    def total(self) -> int:
        """All working time of the span."""
        return self.after[-1] if self.after else 0

    def worked(self, at: int) -> int:
        """Working time from the start of the span to `at`."""
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0
        unworked = self.closes[index] - at
        return self.after[index] - unworked if unworked > 0 else self.after[index]

    def reach(self, worked: int) -> int:
        """The earliest moment by which that much working time has run; 0 < worked ≤ total."""
        index = bisect_left(self.after, worked)
        return self.closes[index] - (self.after[index] - worked)

    def worked_many(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """`worked` over an array."""
        index = np.searchsorted(self.opens_array, at, side="right") - 1
        safe = np.maximum(index, 0)
        done = self.after_array[safe] - np.maximum(self.closes_array[safe] - at, 0)
        return np.where(index < 0, 0, done)

    def reach_many(self, worked: NDArray[np.int64]) -> NDArray[np.int64]:
        """`reach` over an array."""
        index = np.searchsorted(self.after_array, worked, side="left")
        result: NDArray[np.int64] = self.closes_array[index] - (self.after_array[index] - worked)
        return result
