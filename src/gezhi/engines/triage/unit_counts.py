"""How often each unit took, and gave back, what was alike: counts at one level of likeness, fading with time.

A level is a tuple of fact names, for example ("class", "community"); a cell is everything that has the same values
there. Each cell keeps, for each unit it knows, the accepted dispatches faded with several half-lives, the returned
ones, and both as plain numbers. Nothing is kept of a single case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Facts = Mapping[str, str]
Level = tuple[str, ...]
HALVES = (2.0, 5.0, 20.0, 100.0)  # days
_FADE = np.array([*HALVES, HALVES[-1]])  # the last fading column is the returned ones
FADED = len(_FADE)
ACCEPTED, RETURNED = FADED, FADED + 1  # plain counts


@dataclass(slots=True)
class Cell:
    """Units (their numbers) and, one row each, faded and plain counts as of `day`."""

    day: int
    units: list[int] = field(default_factory=list)
    table: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, FADED + 2)))

    def faded(self, day: int) -> NDArray[np.float64]:
        """Units × fading columns as of a day."""
        found: NDArray[np.float64] = self.table[:, :FADED] * np.exp2(-max(day - self.day, 0) / _FADE)
        return found

    def add(self, unit: int, day: int, returned: bool) -> None:
        """Count one dispatch."""
        if day > self.day:
            self.table[:, :FADED] = self.faded(day)
            self.day = day
        if unit not in self.units:
            self.units.append(unit)
            self.table = np.vstack([self.table, np.zeros((1, FADED + 2))])
        row = self.table[self.units.index(unit)]
        if returned:
            row[FADED - 1] += 1
            row[RETURNED] += 1
        else:
            row[: FADED - 1] += 1
            row[ACCEPTED] += 1


@dataclass(slots=True)
class Counts:
    """The cells of one level."""

    level: Level
    cells: dict[tuple[str, ...], Cell] = field(default_factory=dict)

    def key(self, facts: Facts) -> tuple[str, ...] | None:
        """The values at this level; None where one is missing."""
        found = tuple(facts.get(name, "") for name in self.level)
        return found if all(found) else None

    def cell(self, facts: Facts) -> Cell | None:
        """What is known of cases alike at this level."""
        key = self.key(facts)
        return None if key is None else self.cells.get(key)

    def add(self, facts: Facts, unit: int, day: int, returned: bool) -> None:
        """Count one dispatch."""
        key = self.key(facts)
        if key is None:
            return
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = Cell(day)
        cell.add(unit, day, returned)


def spread_out(levels: Sequence[Counts], rows: Sequence[Facts], day: int, units: int) -> NDArray[np.float32]:
    """Rows × levels × units × fading columns, nought where nothing is known."""
    found = np.zeros((len(rows), len(levels), units, FADED), np.float32)
    for n, facts in enumerate(rows):
        for m, counts in enumerate(levels):
            cell = counts.cell(facts)
            if cell is not None:
                found[n, m, cell.units] = cell.faded(day)
    return found
