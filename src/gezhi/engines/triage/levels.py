"""Which levels of likeness are worth counting, where nobody has said: chosen from the history itself.

Every set of up to three facts is tried by going through the history in order and asking, each day, how much chance it
gave the unit that really took the case. Levels are then taken one by one, each the one that helps those already taken
most.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gezhi.engines.triage.unit_counts import Level
from gezhi.engines.triage.units import Dispatch

MOST = 12  # levels
LATEST = 8_000  # dispatches looked at
_NAMES = 8  # facts that are combined: the most telling ones
_FADE = 0.97  # what a day leaves of a count: a half-life of three weeks


def choose_levels(history: Sequence[Dispatch], names: Sequence[str], *, most: int = MOST) -> list[Level]:
    """Up to `most` levels over facts called `names`, the most helpful first."""
    latest = sorted((one for one in history if not one.returned), key=lambda one: one.on)[-LATEST:]
    if not latest:
        return [(name,) for name in names[:most]]
    chance: dict[Level, NDArray[np.float64]] = {(name,): _chances(latest, (name,)) for name in names}
    telling = sorted(chance, key=lambda level: -float(np.log(chance[level]).mean()))[:_NAMES]
    facts = [name for name in names if (name,) in telling]
    cells: dict[Level, int] = {(): 1, **{(name,): _cells(latest, (name,)) for name in facts}}
    for size in (2, 3):
        for level in combinations(facts, size):
            cells[level] = _cells(latest, level)
            if cells[level] > 1.05 * max(cells[less] for less in combinations(level, size - 1)):
                chance[level] = _chances(
                    latest, level
                )  # else a fact follows from the others: a street from its community
    taken: list[Level] = []
    total = _chances(latest, ())
    while len(taken) < min(most, len(chance)):
        gain = {level: float(np.log(total + one).mean()) for level, one in chance.items() if level not in taken}
        best = max(gain, key=lambda level: gain[level])
        taken.append(best)
        total = total + chance[best]
    return taken


def _cells(latest: Sequence[Dispatch], level: Level) -> int:
    return len({tuple(one.facts.get(name, "") for name in level) for one in latest})


def _chances(latest: Sequence[Dispatch], level: Level) -> NDArray[np.float64]:
    """The chance that faded counts at a level gave to the unit that took each case, as of its day."""
    cells: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    whole: Counter[tuple[str, ...]] = Counter()
    found = np.empty(len(latest))
    waiting: list[tuple[tuple[str, ...], str]] = []
    first = day = latest[0].on
    for n, one in enumerate(latest):
        if one.on != day:
            _count(cells, whole, waiting, _FADE ** -(day - first).days)
            day = one.on
        key = tuple(one.facts.get(name, "") for name in level)
        worth = _FADE ** -(day - first).days
        found[n] = (cells[key][one.unit] / worth + 0.02) / (whole[key] / worth + 1)
        waiting.append((key, one.unit))
    return found


def _count(
    cells: dict[tuple[str, ...], Counter[str]],
    whole: Counter[tuple[str, ...]],
    waiting: list[tuple[tuple[str, ...], str]],
    worth: float,
) -> None:
    """Counts grow by more each day instead of all of them shrinking."""
    for key, unit in waiting:
        cells[key][unit] += worth  # type: ignore[assignment]
        whole[key] += worth  # type: ignore[assignment]
    waiting.clear()
