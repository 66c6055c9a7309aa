"""Days of life, one thing after the other: reports come in, people act, and the world answers.

`live` holds the agenda; the world (the caller) carries out with its real operations and says how the case stands then.
Limits that fire, colleagues at other screens, refusals: whatever the world did meanwhile shows in the view it returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from typing import Protocol

from gezhi.engines.simulation.behaviour import Action, Behaviour, CaseView
from gezhi.engines.simulation.city import City, Report, reports


class World(Protocol):
    """What the caller does. Each answer is the case as it stands now, or None when there is nothing more to do."""

    def report(self, report: Report) -> CaseView | None:
        """Take a report in."""

    def act(self, action: Action) -> CaseView | None:
        """Make a move, if it is still open."""

    def until(self, now: datetime) -> None:
        """Time has come to `now`: let the limits fire that are due."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: at that moment, a Report or an Action."""

    at: datetime
    what: Report | Action


def live(world: World, city: City, behaviour: Behaviour, *, seed: int, first: date, days: int) -> Iterator[Step]:
    """Play `days` local days from `first`, yielding each step after it was made; stops at the end of the last day."""
    end = datetime.combine(first + timedelta(days=days), time(), city.zone)
    coming = reports(city, seed, first, days)
    agenda: list[tuple[datetime, int, Report | Action]] = []
    turn = 0
    following: Report | None = next(coming, None)
    while following or agenda:
        if following and (not agenda or following.at <= agenda[0][0]):
            at, what = following.at, following
            following = next(coming, None)
            step: Report | Action = what
        else:
            at, _, step = heappop(agenda)
        if at >= end:
            continue
        world.until(at)
        view = world.report(step) if isinstance(step, Report) else world.act(step)
        planned = behaviour.next_action(view, at) if view else None
        if planned:
            turn += 1
            heappush(agenda, (planned.at, turn, planned))
        yield Step(at, step)
