"""A clock that is stopped and started again: what a suspension does to a limit.

A `ClockRun` is a value: started, limit, pauses. Pausing and resuming give a new value. While it is paused nothing is
due; every closed pause pushes the due moment back by exactly the counted time that lay inside the pause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gezhi.engines.workclock.calendar import Calendar
from gezhi.engines.workclock.clock import after, elapsed_time
from gezhi.engines.workclock.limits import Limit


class ClockError(ValueError):
    """A pause or resumption that does not fit the clock; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Pause:
    """From `start` up to `end`; `end` is None while it lasts."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockRun:
    """One limit running since `started`. Pauses lie in order, do not overlap, and only the last may be open."""

    started: datetime
    limit: Limit
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        reached: datetime | None = self.started
        for pause in self.pauses:
            if reached is None or pause.start < reached:
                raise ClockError("The pauses of a clock follow one another and begin after its start.")
            if pause.end is not None and pause.end < pause.start:
                raise ClockError("A pause cannot end before it began.")
            reached = pause.end

    @property
    def paused(self) -> bool:
        """Does it stand still now?"""
        return bool(self.pauses) and self.pauses[-1].end is None

    def pause(self, at: datetime) -> ClockRun:
        """Stop it at that moment. ClockError when it already stands still."""
        if self.paused:
            raise ClockError("The clock already stands still.")
        return replace(self, pauses=(*self.pauses, Pause(at)))

    def resume(self, at: datetime) -> ClockRun:
        """Let it run again from that moment. ClockError when it is not paused."""
        if not self.paused:
            raise ClockError("The clock is running; only a paused clock can be resumed.")
        return replace(self, pauses=(*self.pauses[:-1], Pause(self.pauses[-1].start, at)))

    def ran(self, calendar: Calendar, now: datetime) -> timedelta:
        """Counted time that has run by `now`, pauses left out."""
        total = timedelta(0)
        for start, end in self._spans():
            total += elapsed_time(calendar, start, now if end is None else min(end, now), self.limit.unit)
        return total

    def share(self, calendar: Calendar, now: datetime) -> float:
        """Share of the limit that has run by `now`: 0 at the start, 1 when due, more when late."""
        return self.ran(calendar, now) / timedelta(microseconds=self.limit.length(calendar.day))

    def point(self, calendar: Calendar, share: float = 1) -> datetime | None:
        """When that share of the limit has run (UTC), given the pauses so far; None when a pause comes first that
        has not ended."""
        left = round(self.limit.length(calendar.day) * share)
        for start, end in self._spans():
            if end is None:
                return after(calendar, start, left, self.limit.unit)
            ran = elapsed_time(calendar, start, end, self.limit.unit) // timedelta(microseconds=1)
            if ran >= left:
                return after(calendar, start, left, self.limit.unit)
            left -= ran
        return None

    def _spans(self) -> Iterator[tuple[datetime, datetime | None]]:
        """The stretches it ran; the last has no end while it is running."""
        start = self.started
        for pause in self.pauses:
            yield start, pause.start
            if pause.end is None:
                return
            start = pause.end
        yield start, None


def due_with_pauses(calendar: Calendar, run: ClockRun) -> datetime | None:
    """When the run is due (UTC); None while it is paused with time left."""
    return run.point(calendar)
