"""What people do next: who makes which of the moves open on a case, when, and with what in their hands.

Chance is drawn from a stream named by seed, case, task and the moment the task began, so a plan does not change when it
is asked for again, nor when other cases are played in another order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any

import numpy as np

from gezhi.engines.procedure import Need, OpenMove
from gezhi.engines.simulation.habits import Habit
from gezhi.engines.workclock import Calendar, Limit, Unit, due

_AGAIN = 0.1  # a move of the case that was made before is that much less likely to be made once more
_OPTIONAL = 0.4
_SECOND_UNIT = 0.1
_BEYOND = frozenset({"case", "items", "here"})


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that is open, and the references of those who may make it."""

    move: OpenMove
    who: tuple[str, ...]


def offers(open_to: Mapping[str, Sequence[OpenMove]]) -> tuple[Offer, ...]:
    """Offers from what each actor (by reference) may do, as `procedure.moves_open` tells it."""
    found: dict[tuple[str, str | None], tuple[OpenMove, list[str]]] = {}
    for who, moves in open_to.items():
        for move in moves:
            found.setdefault((move.move, move.assignment), (move, []))[1].append(who)
    return tuple(Offer(move, tuple(sorted(everybody))) for move, everybody in found.values())


@dataclass(frozen=True, slots=True)
class CaseView:
    """What people see of a case. `since`: when its stage began, `tasks`: the same per assignment id; `made`: how often
    each move was made; `class_code`, `condition`, `place`: what is true of it; `units`: who should handle it, best
    first; `scored`: assignment kind → ids that scores are given for."""

    ref: str
    since: datetime
    offers: tuple[Offer, ...]
    tasks: Mapping[str, datetime] = field(default_factory=dict)
    made: Mapping[str, int] = field(default_factory=dict)
    class_code: str = ""
    condition: str = ""
    place: tuple[float, float] | None = None
    units: tuple[int, ...] = ()
    scored: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """A move somebody makes. `inputs` are complete but for photos: `photos` says how many to attach to which field."""

    case: str
    move: str
    assignment: str | None
    who: str
    at: datetime
    inputs: Mapping[str, Any]
    photos: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """People with these habits on this calendar. `lists`: list name → keys, for choices named by list.

    `wrong_unit`: share of dispatches that go to the second-best unit first; `slow`: share of things left lying ten
    times as long.
    """

    seed: int
    calendar: Calendar
    habits: Mapping[str, Habit]
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    usual: Habit = field(default_factory=Habit)
    wrong_unit: float = 0.05
    slow: float = 0.04

    def next_action(self, view: CaseView, now: datetime) -> Action | None:
        """The next thing that happens to the case, at `now` or later; None when nobody will do anything."""
        tasks: dict[str | None, list[Offer]] = {}
        for offer in view.offers:
            tasks.setdefault(offer.move.assignment, []).append(offer)
        planned = [self._planned(view, task, possible, now) for task, possible in tasks.items()]
        return min((one for one in planned if one), key=lambda one: (one.at, one.assignment or ""), default=None)

    def _planned(self, view: CaseView, task: str | None, possible: list[Offer], now: datetime) -> Action | None:
        since = view.tasks.get(task, view.since) if task else view.since
        rng = self._stream(view.ref, task or "", since.isoformat())
        possible = sorted((one for one in possible if one.who and self._able(one.move)), key=lambda one: one.move.move)
        weights = [self._weight(view, one.move) for one in possible]
        if rng.random() >= sum(self._habit(one.move.move).weight for one in possible):
            return None
        offer = possible[_pick(rng, weights)]
        habit = self._habit(offer.move.move)
        who = offer.who[int(self._stream(view.ref, *offer.who).integers(len(offer.who)))]
        inputs, photos = self._handed_in(view, offer.move.needs, habit, rng)
        at = max(now, self._moment(since, habit, who, rng))
        return Action(view.ref, offer.move.move, task, who, at, inputs, photos)

    def _habit(self, move: str) -> Habit:
        return self.habits.get(move, self.usual)

    def _weight(self, view: CaseView, move: OpenMove) -> float:
        times = 0 if move.assignment else view.made.get(move.move, 0)
        return self._habit(move.move).weight * float(_AGAIN**times)

    def _able(self, move: OpenMove) -> bool:
        """Can everything the move needs be made up here? Other cases, plans and positions cannot."""
        wanted = [need for need in move.needs if not need.optional]
        empty = any(need.kind == "choice" and not self._choices(need) for need in wanted)
        return not empty and not any(need.kind in _BEYOND for need in wanted)

    def _moment(self, since: datetime, habit: Habit, who: str, rng: np.random.Generator) -> datetime:
        """The habit's time, by the person's own pace and by chance."""
        pace = float(np.exp(self._stream("pace", who).normal(0, 0.3)))
        minutes = habit.minutes * pace * float(np.exp(rng.normal(0, habit.spread)))
        seconds = max(1, round(minutes * (600 if rng.random() < self.slow else 60)))
        return due(
            self.calendar, since, Limit(Fraction(seconds, 3600), Unit.WORK_HOURS if habit.working else Unit.HOURS)
        )

    def _handed_in(
        self, view: CaseView, needs: Sequence[Need], habit: Habit, rng: np.random.Generator
    ) -> tuple[dict[str, Any], dict[str, int]]:
        inputs: dict[str, Any] = {}
        photos: dict[str, int] = {}
        for need in needs:
            if need.optional and rng.random() > _OPTIONAL:
                continue
            if need.kind == "photo":
                photos[need.key] = min(int(need.most or 9), int(need.least or 1) + int(rng.integers(2)))
                continue
            value = self._value(view, need, habit, rng)
            if value not in (None, "", [], {}):
                inputs[need.key] = value
        return inputs, photos

    def _value(self, view: CaseView, need: Need, habit: Habit, rng: np.random.Generator) -> Any:
        if need.kind == "text":
            said = habit.words[int(rng.integers(len(habit.words)))] if habit.words else need.title["en"]
            return said[: int(need.most)] if need.most else said
        if need.kind == "choice":
            keys = self._choices(need)
            weights = habit.choices.get(need.key, {})
            shares = [float(weights.get(key, 0)) for key in keys]
            return keys[_pick(rng, shares if sum(shares) else [1.0] * len(keys))] if keys else None
        if need.kind == "units":
            return self._units(view, need, rng)
        if need.kind == "place":
            return {"lon": view.place[0], "lat": view.place[1]} if view.place else None
        if need.kind == "scores":
            return {
                task: {part.key: _number(part, rng) for part in need.parts}
                for task in view.scored.get(need.per or "", ())
            }
        known = {"catalogue": view.class_code, "filing_condition": view.condition, "bool": True}
        known |= {"limit": next(iter(sorted(need.choices)), "1 work_days")}
        known |= {"date": view.since.date().isoformat(), "number": _number(need, rng)}
        return known.get(need.kind)

    def _choices(self, need: Need) -> list[str]:
        return sorted(need.choices) or sorted(self.lists.get(need.list_name or "", ()))

    def _units(self, view: CaseView, need: Need, rng: np.random.Generator) -> list[int]:
        units = list(view.units)
        if len(units) > 1 and rng.random() < self.wrong_unit:
            units[0], units[1] = units[1], units[0]
        return units[: max(int(need.least or 1), 2 if rng.random() < _SECOND_UNIT else 1)]

    def _stream(self, *names: str) -> np.random.Generator:
        name = "\n".join((str(self.seed), *names))
        return np.random.default_rng(int.from_bytes(sha256(name.encode()).digest()[:8]))


def _pick(rng: np.random.Generator, weights: Sequence[float]) -> int:
    return int(np.searchsorted(np.cumsum(weights), rng.random() * sum(weights), side="right"))


def _number(need: Need, rng: np.random.Generator) -> int:
    """A whole number within the bounds, rather high than low (people mark kindly)."""
    least, most = int(need.least or 0), int(need.most if need.most is not None else 100)
    return least + round((most - least) * float(rng.beta(5, 1.6)))
