"""What became of what: which new area continues which old one, and in which shares ground or people went over.

Shares are a table, a row for each new area and a column for each old one: square metres (`overlaps`) or whatever is
counted on units that belong to one area before and to one after (`counted`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry.measure import flat

Table = NDArray[np.float64]


def overlaps(new: Sequence[BaseGeometry], old: Sequence[BaseGeometry]) -> Table:
    """Square metres that each new area shares with each old one."""
    table = np.zeros((len(new), len(old)))
    if not table.size:
        return table
    both = flat([*new, *old])
    shapes, others = both[: len(new)], both[len(new) :]
    one, other = shapely.STRtree(others).query(shapes, predicate="intersects")
    table[one, other] = shapely.area(shapely.intersection(shapes[one], others[other]))
    return table


def counted(new: ArrayLike, old: ArrayLike, weights: ArrayLike, shape: tuple[int, int]) -> Table:
    """Sums of the weights of units by the number of their new and of their old area (-1: none)."""
    after, before = np.asarray(new, np.int64), np.asarray(old, np.int64)
    weight = np.asarray(weights, np.float64)
    table = np.zeros(shape)
    known = (after >= 0) & (before >= 0)
    np.add.at(table, (after[known], before[known]), weight[known])
    return table


def continued(table: Table) -> list[int | None]:
    """For each new area the old one it continues: each old one is continued at most once, by those pairings that keep
    the most where it was. None for what is new."""
    from scipy.optimize import linear_sum_assignment  # slow to load, seldom needed

    if not table.size:
        return [None] * len(table)
    rows, columns = linear_sum_assignment(table, maximize=True)
    found: list[int | None] = [None] * len(table)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if table[row, column] > 0:
            found[row] = column
    return found
