"""Where and when one matter is reported more than it should be: a scan over squares of ground and spans of time.

Reports of a theme are counted in bins (theme, square, slot) at several sizes. What a bin should hold is the larger of
two figures, so that nothing usual is told: what the same square had of the theme in its other slots (its own history),
and the theme's share of all that is reported there (the city's habit); both rise with slots in which more of everything
else is reported (the weather) or which are fuller on other days too (the hour, the day of the week). Slots in which
nothing at all is reported do not count. Squares as large as the city are counted too, against the theme's own
history. Neighbouring bins that hold far too much are one cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtrc

SIDES = (150.0, 400.0, 1_000.0, 2_500.0)  # metres
SLOTS = (1.0, 6.0, 24.0, 72.0, 168.0)  # hours
LEAST = 5  # cases
TIMES = 2.5  # a bin joins a cluster with so many times what it should hold
JOINING = 0.005  # and by chance only so often
SURE = 0.01  # chance that a quiet city is told anything at all
_FLOOR = 0.05  # cases every bin should hold
_ROUNDS = {1.0: 24, 6.0: 4, 24.0: 7}  # slots in a day or a week
_A_NEIGHBOUR = 3.3  # ln 26: what each neighbour that joins must add to the heat, as it was chosen among so many

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Points:
    """Reports as columns: theme numbers from 0, metres (NaN: no place), hours since the first."""

    theme: Ints
    x: Floats
    y: Floats
    hours: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """A cluster: rows of the points, what was to be expected, the size it was seen at (side None: the whole city)."""

    rows: Ints
    expected: float
    heat: float
    side: float | None
    slot: float


def heat(cases: float, expected: float) -> float:
    """cases · ln(cases / expected) − (cases − expected): Kulldorff's log likelihood ratio (1997); 0 if not above it."""
    if cases <= expected:
        return 0.0
    return float(cases * np.log(cases / expected) - (cases - expected))


def scan(points: Points) -> list[Found]:
    """All clusters at all sizes, overlapping ones too, the hottest first."""
    if len(points.theme) < LEAST:
        return []
    span = float(points.hours.max()) + 1e-6
    slots = [slot for slot in SLOTS if slot * 4 <= span] or [span]
    placed = np.flatnonzero(~np.isnan(points.x) & ~np.isnan(points.y))
    views: list[tuple[_Bins, float]] = []
    for slot in slots:
        everything = np.arange(len(points.theme))
        if span >= 4 * slot:
            views.append((_Bins(points, everything, None, slot), slot))
        views += [(_Bins(points, placed, side, slot), slot) for side in SIDES if len(placed) >= LEAST]
    tests = sum(len(view.count) for view, _ in views)
    found = [one for view, _ in views for one in view.clusters(np.log(tests / SURE))]
    return sorted(found, key=lambda one: (-one.heat, one.rows[0]))


class _Bins:
    """Counts at one size of square and slot."""

    def __init__(self, points: Points, rows: Ints, side: float | None, slot: float) -> None:
        self.rows, self.side, self.slot = rows, side, slot
        theme = points.theme[rows]
        when = (points.hours[rows] // slot).astype(np.int64)
        column, line = _squares(points, rows, side)
        spread = int(column.max(initial=0)) + 2
        square = line * spread + column
        # One number for each bin; with 2,500 themes, a continent and ten years at hand it still fits 63 bits.
        key = ((theme * (int(line.max(initial=0)) + 1) + line) * spread + column) * (
            int(when.max(initial=0)) + 1
        ) + when
        _, at, self.of, self.count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
        self.bins = np.stack([theme, column, line, when], axis=1)[at]
        first = np.zeros(len(self.count), np.int64)
        first[self.of] = np.arange(len(rows))
        self.expected = self._expected(theme, square, when, first, len(np.unique(when)))
        self.chance = _chance(self.count, self.expected)

    def _expected(self, theme: Ints, square: Ints, when: Ints, first: Ints, slots: int) -> Floats:
        n, count = len(theme), self.count
        of_theme, in_square, in_slot = (_totals(one)[first] for one in (theme, square, when))
        both = _totals(theme * (int(square.max(initial=0)) + 1) + square)[first]
        others = np.maximum(n - count, 1)
        own = (both - count) / (slots - 1) if slots > 1 else np.zeros(len(count))
        usual = self._usual(when)[first]
        if self.side is None:
            return np.maximum(own * usual, _FLOOR)
        squares = len(np.unique(square))
        share = np.full(len(count), 1 / squares)
        if slots > 1:  # without a history nothing says which squares are always full
            share = np.maximum((in_square - count) / others, share)
        habit = (of_theme - count) / slots * share
        elsewhere = (in_slot - count) / others * slots  # 1 in a usual slot
        season = np.maximum(elsewhere, usual) if slots > 1 else usual
        expected: Floats = np.maximum(np.maximum(own, habit) * season, _FLOOR)
        return expected

    def _usual(self, when: Ints) -> Floats:
        """For each report, how full its slot is on other days (in other weeks), 1 where not above the average."""
        round_ = _ROUNDS.get(self.slot, 0)
        if not round_ or int(when.max(initial=0)) < 2 * round_:
            return np.ones(len(when))
        in_slot, in_phase = _totals(when), _totals(when % round_)
        found: Floats = np.maximum((in_phase - in_slot) * round_ / np.maximum(len(when) - in_slot, 1), 1.0)
        return found

    def clusters(self, sure: float) -> Iterator[Found]:
        """Neighbouring bins that hold too much, where together they are beyond chance."""
        high = (self.count >= TIMES * self.expected) & (self.chance <= JOINING) & (self.count >= 2)
        where = np.flatnonzero(high)
        at = {tuple(self.bins[k].tolist()): int(k) for k in where}
        order = np.argsort(self.of, kind="stable")
        ends = np.r_[0, np.cumsum(self.count)]
        left = set(at)
        while left:
            group = _grown(left.pop(), left)
            members = [at[one] for one in group]
            cases, expected = int(self.count[members].sum()), float(self.expected[members].sum())
            hot = heat(cases, expected)
            if cases < LEAST or hot < sure + _A_NEIGHBOUR * (len(members) - 1):
                continue
            mine = np.concatenate([order[ends[k] : ends[k + 1]] for k in members])
            yield Found(np.sort(self.rows[mine]), expected, hot, self.side, self.slot)


def _grown(seed: tuple[int, ...], left: set[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The seed and all bins that touch it or each other, taken out of those left."""
    group, edge = [seed], [seed]
    while edge:
        theme, column, line, when = edge.pop()
        for a in (-1, 0, 1):
            for b in (-1, 0, 1):
                for c in (-1, 0, 1):
                    near = (theme, column + a, line + b, when + c)
                    if near in left:
                        left.remove(near)
                        group.append(near)
                        edge.append(near)
    return group


def _squares(points: Points, rows: Ints, side: float | None) -> tuple[Ints, Ints]:
    if side is None:
        return np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    x, y = points.x[rows], points.y[rows]
    return ((x - x.min()) // side).astype(np.int64), ((y - y.min()) // side).astype(np.int64)


def _totals(of: Ints) -> Ints:
    """For each row, how many rows have the same value."""
    _, place, count = np.unique(of, return_inverse=True, return_counts=True)
    found: Ints = count[place.ravel()]
    return found


def _chance(count: Ints, expected: Floats) -> Floats:
    """How often a bin holds that many by chance (Poisson)."""
    found: Floats = pdtrc(count - 1, expected)
    return found
