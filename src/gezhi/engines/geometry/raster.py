"""The raster over an area index: which cells are decided, and which areas reach into the others.

Row by row from the south-west. A label is the position of the only area that holds the whole cell, NOWHERE, or
UNDECIDED. "Crossed by a boundary" is taken generously (a boundary within `CLOSE` of the cell counts), so rounding can
make a cell undecided that need not be, and never the other way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

NOWHERE, UNDECIDED = -1, -2
_CELLS_PER_AREA = 250
_MOST, _LEAST = 700, 16  # columns or rows
HAIR = 1e-7  # of a cell
CLOSE = 3e-7  # degrees: what rounding may leave between two areas (3 cm); see AreaIndex


class Raster:
    """Cells over the bounds of `shapes` (an object array of polygons, ordered by id)."""

    def __init__(self, shapes: NDArray[Any]) -> None:
        side = int(np.clip(np.sqrt(len(shapes) * _CELLS_PER_AREA), _LEAST, _MOST)) if len(shapes) else 1
        bounds = shapely.total_bounds(shapes) if len(shapes) else np.array([0.0, 0.0, 0.0, 0.0])
        self.columns = self.rows = side
        self.west, self.south = float(bounds[0]), float(bounds[1])
        self.middle = float(bounds[1] + bounds[3]) / 2
        self.per_lon = side / max(float(bounds[2] - bounds[0]), 1e-9)
        self.per_lat = side / max(float(bounds[3] - bounds[1]), 1e-9)
        self.labels: NDArray[np.int64] = np.full(side * side, NOWHERE, np.int64)
        self._first: NDArray[np.int64] = np.zeros(side * side + 1, np.int64)
        self._areas: NDArray[np.int64] = np.zeros(0, np.int64)
        if len(shapes):
            self._fill(shapes)

    def places(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The cell of each point (0 where it has none), and whether it has one."""
        column, row = (lon - self.west) * self.per_lon, (lat - self.south) * self.per_lat
        inside = (column >= 0) & (column <= self.columns + HAIR) & (row >= 0) & (row <= self.rows + HAIR)
        column, row = np.where(inside, column, 0), np.where(inside, row, 0)
        return self._place(np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)), inside

    def candidates(self, place: int) -> list[int]:
        """The areas that reach into an undecided cell, in order."""
        found: list[int] = self._areas[self._first[place] : self._first[place + 1]].tolist()
        return found

    def candidate(self, place: NDArray[np.int64], rank: int) -> NDArray[np.int64]:
        """The `rank`-th of them for each cell; NOWHERE where there are fewer."""
        at = self._first[place] + rank
        there = at < self._first[place + 1]
        return np.where(there, self._areas[np.where(there, at, 0)], NOWHERE)

    def _place(self, column: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.minimum(row, self.rows - 1) * self.columns + np.minimum(column, self.columns - 1)

    def _fill(self, shapes: NDArray[Any]) -> None:
        cells, areas = self._crossed(shapes)
        crossed = np.unique(cells)
        tree = shapely.STRtree(shapes)
        self.labels[crossed] = UNDECIDED
        # Along a row the label changes only where a boundary crosses: the first cell after one tells for the rest.
        open_ = self.labels == NOWHERE
        first = open_ & ~np.concatenate([[False], open_[:-1]])
        first[:: self.columns] = open_[:: self.columns]
        begun = np.flatnonzero(first)
        told = self._holders(tree, begun)
        runs = np.cumsum(first) - 1
        self.labels[open_] = told[runs[open_]]
        held, holder = tree.query(self._middles(crossed), predicate="intersects")
        pairs = np.unique(np.concatenate([np.stack([cells, areas]), np.stack([crossed[held], holder])], axis=1), axis=1)
        self._areas = pairs[1]
        counts = np.bincount(pairs[0], minlength=self.labels.size)
        self._first = np.concatenate([[0], np.cumsum(counts)])

    def _holders(self, tree: shapely.STRtree, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """The lowest area that holds the middle of each cell; NOWHERE where none does."""
        points, areas = tree.query(self._middles(cells), predicate="intersects")
        lowest = np.full(cells.size, np.iinfo(np.int64).max)
        np.minimum.at(lowest, points, areas)
        return np.where(lowest < np.iinfo(np.int64).max, lowest, NOWHERE)

    def _middles(self, cells: NDArray[np.int64]) -> NDArray[Any]:
        row, column = np.divmod(cells, self.columns)
        lon, lat = (column + 0.5) / self.per_lon + self.west, (row + 0.5) / self.per_lat + self.south
        made: NDArray[Any] = shapely.points(np.column_stack([lon, lat]))
        return made

    def _crossed(self, shapes: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The cells that boundaries run through, and whose: each segment cut where it crosses the raster's lines."""
        parts, owner = shapely.get_parts(shapes, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        area = owner[part[ring]]
        scaled = (corners - [self.west, self.south]) * [self.per_lon, self.per_lat]
        same = ring[1:] == ring[:-1]
        start, end, whose = scaled[:-1][same], scaled[1:][same], area[:-1][same]
        found = [self._around(scaled, area)]
        for axis in (0, 1):
            low, high = np.minimum(start, end)[:, axis], np.maximum(start, end)[:, axis]
            first, last = np.ceil(low).astype(np.int64), np.floor(high).astype(np.int64)
            many = np.maximum(last - first + 1, 0) * (high > low)
            segment = np.repeat(np.arange(many.size), many)
            line = first[segment] + np.arange(segment.size) - np.repeat(np.cumsum(many) - many, many)
            share = (line - start[segment, axis]) / (end - start)[segment, axis]
            crossings = start[segment] + share[:, None] * (end - start)[segment]
            found.append(self._around(crossings, whose[segment]))
        cells, areas = np.concatenate(found, axis=1)
        return cells, areas

    def _around(self, points: NDArray[np.float64], area: NDArray[np.int64]) -> NDArray[np.int64]:
        """(cells, areas): the cells of points (in cell units), and those close beside them."""
        places = []
        beside = np.array([HAIR + CLOSE * self.per_lon, HAIR + CLOSE * self.per_lat])
        for across in (-1, 1):
            for along in (-1, 1):
                cell = np.floor(points + beside * [across, along]).astype(np.int64)
                cell = np.clip(cell, 0, [self.columns - 1, self.rows - 1])
                places.append(self._place(cell[:, 0], cell[:, 1]))
        return np.stack([np.concatenate(places), np.tile(area, 4)])
