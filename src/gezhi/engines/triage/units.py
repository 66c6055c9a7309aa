"""Which unit should get a case: what happened to those like it, lately and before.

"Like it" is said at several levels (the class anywhere, the class in this street, all in this community …). Every
level counts accepted and returned dispatches, fading with several half-lives, because units' remits change. A
conditional logit over the candidates says how far to trust each level and half-life; it is fitted anew, from the last
few thousand dispatches as they looked on their day, when the history has grown. Each suggestion carries its reason as
numbers, so that a sentence can be made of it in any language. Units are suggested, persons never: no fact may name
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from gezhi.engines.triage.logit import fit_choice
from gezhi.engines.triage.unit_counts import ACCEPTED, FADED, RETURNED, Counts, Facts, Level, spread_out

CANDIDATES = 25
WINDOW = 3_000  # dispatches the logit is fitted on
_PART = 256  # rows looked at together
_CHOICE = NDArray[np.float32]  # rows × candidates × features


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A dispatch and what became of it: the unit kept the case, or gave it back."""

    on: date
    facts: Facts
    unit: str
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Of the cases alike in `alike` (name → value), this unit accepted so many of all accepted, and returned so many.

    The most telling level is given: the one with most facts where the unit has at least two cases, else any it has.
    """

    alike: tuple[tuple[str, str], ...]
    accepted: int
    of: int
    returned: int


@dataclass(frozen=True, slots=True)
class UnitSuggestion:
    """A unit, how probable it is that it keeps the case, and why it is named."""

    unit: str
    probability: float
    reason: Reason


class UnitHistory:
    """Accepted and returned dispatches, counted at `levels`; the level () is everything and always there."""

    def __init__(self, levels: Iterable[Level]) -> None:
        self.levels = [Counts(level) for level in dict.fromkeys([(), *map(tuple, levels)])]
        self.units: list[str] = []
        self._number: dict[str, int] = {}
        self._told: list[_CHOICE] = []  # features of the last dispatches, oldest first
        self._taken: list[NDArray[np.int64]] = []
        self._usual = _usual(len(self.levels))
        self._weights = self._usual.copy()
        self._grown = False

    def learn(self, truths: Iterable[Dispatch]) -> None:
        """Take in what became of dispatches, a day's or a year's; each day is seen as it looked before it was known."""
        ordered = sorted(truths, key=lambda one: one.on)
        for on, some in groupby(ordered, key=lambda one: one.on):
            self._learn_day(on.toordinal(), list(some))
        self._trim()

    def suggest(self, facts: Facts, *, on: date, top: int = 3) -> list[UnitSuggestion]:
        """The most probable units, best first; empty while there is no history."""
        return self.suggest_many([facts], on=on, top=top)[0]

    def suggest_many(self, rows: Sequence[Facts], *, on: date, top: int = 3) -> list[list[UnitSuggestion]]:
        """The same for the cases of a day."""
        if not self.units:
            return [[] for _ in rows]
        self._relearn()
        found: list[list[UnitSuggestion]] = []
        for start in range(0, len(rows), _PART):
            part = rows[start : start + _PART]
            candidates, features = self._features(part, on.toordinal())
            scores = features @ self._weights
            raised = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares = raised / raised.sum(axis=1, keepdims=True)
            best = np.argsort(-shares, axis=1, kind="stable")[:, :top]
            for n, facts in enumerate(part):
                found.append([self._said(facts, int(candidates[n, k]), float(shares[n, k])) for k in best[n]])
        return found

    def _said(self, facts: Facts, unit: int, share: float) -> UnitSuggestion:
        return UnitSuggestion(self.units[unit], share, self._reason(facts, unit))

    def _learn_day(self, day: int, some: Sequence[Dispatch]) -> None:
        if self.units:
            kept = [one for one in some if not one.returned and one.unit in self._number]
            for start in range(0, len(kept), _PART):
                part = kept[start : start + _PART]
                candidates, features = self._features([one.facts for one in part], day)
                truth = np.array([self._number[one.unit] for one in part])
                among = candidates == truth[:, None]
                seen = among.any(axis=1)
                self._told.append(features[seen])
                self._taken.append(among[seen].argmax(axis=1))
        for one in some:
            if one.unit not in self._number:
                self._number[one.unit] = len(self.units)
                self.units.append(one.unit)
            for counts in self.levels:
                counts.add(one.facts, self._number[one.unit], day, one.returned)
        self._grown = True

    def _trim(self) -> None:
        """Forget features beyond the window, whole days at a time."""
        total = sum(map(len, self._taken))
        while self._taken and total - len(self._taken[0]) >= WINDOW:
            total -= len(self._taken[0])
            del self._taken[0], self._told[0]

    def _relearn(self) -> None:
        if not self._grown:
            return
        self._grown = False
        if self._taken and sum(map(len, self._taken)):
            width = max(one.shape[1] for one in self._told)
            told = np.concatenate([_widened(one, width) for one in self._told])
            self._weights = fit_choice(told, np.concatenate(self._taken), self._usual, self._weights)

    def _features(self, rows: Sequence[Facts], day: int) -> tuple[NDArray[np.int64], _CHOICE]:
        """Candidate units of each row and, for each, what every level and half-life says of it."""
        counted = spread_out(self.levels, rows, day, len(self.units))
        accepted, returned = counted[..., : FADED - 1], counted[..., FADED - 1]
        whole = accepted.sum(axis=2, keepdims=True)
        share = (accepted / (whole + 0.5)).sum(axis=(1, 3))
        candidates = np.argsort(-share, axis=1, kind="stable")[:, :CANDIDATES]
        at = candidates[:, None, :]
        accepted = np.take_along_axis(accepted, at[..., None], axis=2)
        returned = np.take_along_axis(returned, at, axis=2)
        features = np.concatenate(
            [np.log1p(accepted / 0.2), np.log((accepted + 0.02) / (whole + 1)), -np.log1p(returned / 0.5)[..., None]],
            axis=3,
        )
        flat = features.transpose(0, 2, 1, 3).reshape(len(rows), candidates.shape[1], -1)
        return candidates, np.ascontiguousarray(flat, np.float32)

    def _reason(self, facts: Facts, unit: int) -> Reason:
        found: list[tuple[bool, int, int, Reason]] = []
        for counts in self.levels:
            cell = counts.cell(facts)
            if cell is None or unit not in cell.units:
                continue
            row = cell.table[cell.units.index(unit)]
            accepted, returned = int(row[ACCEPTED]), int(row[RETURNED])
            alike = tuple((name, facts[name]) for name in counts.level)
            reason = Reason(alike, accepted, int(cell.table[:, ACCEPTED].sum()), returned)
            found.append((accepted >= 2, len(alike), accepted, reason))
        return max(found, key=lambda one: one[:3])[3] if found else Reason((), 0, 0, 0)


def _usual(levels: int) -> NDArray[np.float64]:
    """Weights before anything is learned: every level's share a little, returns against, nothing else."""
    halves = FADED - 1
    one = np.r_[np.zeros(halves), np.full(halves, 0.5 / halves), 0.5]
    return np.tile(one / max(levels**0.5, 1), levels)


def _widened(features: _CHOICE, width: int) -> _CHOICE:
    """Days with fewer units than candidates get candidates that cannot be: so low that no weight is learned from
    them."""
    missing = width - features.shape[1]
    if not missing:
        return features
    return np.pad(features, ((0, 0), (0, missing), (0, 0)), constant_values=np.nan)
