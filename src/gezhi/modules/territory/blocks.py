"""The building blocks of grids: groups of houses with their households, in a layer that nobody answers for.

A grid is a union of blocks; its households are theirs. A block belongs to whatever holds a point of it. Kept in memory
for the last few grounds asked about, for as long as the territory's version stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gezhi.modules.territory import snapshot
from gezhi.modules.territory.models import Area, Purpose


@dataclass(frozen=True)
class Blocks:
    """The blocks of a ground, as arrays of one length. `parents` are ids of the areas they lie in (communities)."""

    ids: npt.NDArray[np.int64]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    parents: npt.NDArray[np.int64]
    households: npt.NDArray[np.int64]
    population: npt.NDArray[np.int64]
    shapes: npt.NDArray[np.object_]
    points: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)

    def held(self, shapes: Iterable[BaseGeometry | None]) -> npt.NDArray[np.int64]:
        """For each block the number of the shape that holds its point; -1 where none does."""
        found = np.full(len(self), -1, np.int64)
        for number, one in enumerate(shapes):
            if one is not None and len(self):
                inside = (found < 0) & shapely.contains_xy(one, self.points[:, 0], self.points[:, 1])
                found[inside] = number
        return found

    def people(self, shapes: Iterable[BaseGeometry | None]) -> list[tuple[int, int]]:
        """(households, population) of each shape."""
        listed = list(shapes)
        held = self.held(listed)
        return [
            (int(self.households[held == n].sum()), int(self.population[held == n].sum())) for n in range(len(listed))
        ]


def of(scope: int) -> Blocks:
    """The blocks in force within an area. One query where they are not in memory."""
    return _of(snapshot.current().version, scope)


@lru_cache(maxsize=8)
def _of(version: int, scope: int) -> Blocks:
    rows = list(
        Area.objects.filter(layer__purpose=Purpose.BLOCKS, valid_to=None, path__contains=[scope])
        .exclude(geometry=None)
        .order_by("id")
        .values_list("id", "code", "name", "kind", "parent_id", "households", "population", "geometry")
    )
    shapes = np.array([shape(row[7]) for row in rows], dtype=object)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes)) if rows else np.zeros((0, 2))
    return Blocks(
        np.array([row[0] for row in rows], np.int64),
        tuple(row[1] for row in rows),
        tuple(row[2] for row in rows),
        tuple(row[3] for row in rows),
        np.array([row[4] or 0 for row in rows], np.int64),
        np.array([row[5] or 0 for row in rows], np.int64),
        np.array([row[6] or 0 for row in rows], np.int64),
        shapes,
        points,
    )


def forget() -> None:
    """Drop what is kept in this process."""
    _of.cache_clear()
