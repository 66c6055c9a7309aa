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
        crossed = np.unique(self._crossed(shapes))
        tree = shapely.STRtree(shapes)
        row, column = np.divmod(np.arange(self.labels.size), self.columns)
        lon, lat = (column + 0.5) / self.per_lon + self.west, (row + 0.5) / self.per_lat + self.south
        points, areas = tree.query(shapely.points(lon, lat), predicate="intersects")
        lowest = np.full(self.labels.size, len(shapes), np.int64)
        np.minimum.at(lowest, points, areas)
        self.labels = np.where(lowest < len(shapes), lowest, NOWHERE)
        self.labels[crossed] = UNDECIDED
        margin_lon, margin_lat = 0.501 / self.per_lon + CLOSE, 0.501 / self.per_lat + CLOSE
        x, y = lon[crossed], lat[crossed]
        boxes = shapely.box(x - margin_lon, y - margin_lat, x + margin_lon, y + margin_lat)
        cells, areas = tree.query(boxes, predicate="intersects")
        order = np.lexsort((areas, cells))
        self._areas = areas[order]
        counts = np.zeros(self.labels.size, np.int64)
        counts[crossed] = np.bincount(cells, minlength=crossed.size)
        self._first = np.concatenate([[0], np.cumsum(counts)])

    def _crossed(self, shapes: NDArray[Any]) -> NDArray[np.int64]:
        """The cells that a boundary runs through: each segment cut where it crosses the lines of the raster."""
        rings = shapely.get_rings(shapely.get_parts(shapes))
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        scaled = (corners - [self.west, self.south]) * [self.per_lon, self.per_lat]
        same = ring[1:] == ring[:-1]
        start, end = scaled[:-1][same], scaled[1:][same]
        found = [self._around(scaled)]
        for axis in (0, 1):
            low, high = np.minimum(start, end)[:, axis], np.maximum(start, end)[:, axis]
            first, last = np.ceil(low).astype(np.int64), np.floor(high).astype(np.int64)
            many = np.maximum(last - first + 1, 0) * (high > low)
            segment = np.repeat(np.arange(many.size), many)
            line = first[segment] + np.arange(segment.size) - np.repeat(np.cumsum(many) - many, many)
            share = (line - start[segment, axis]) / (end - start)[segment, axis]
            found.append(self._around(start[segment] + share[:, None] * (end - start)[segment]))
        return np.concatenate(found)

    def _around(self, points: NDArray[np.float64]) -> NDArray[np.int64]:
        """The cells of points (in cell units), and those close beside them."""
        places = []
        beside = np.array([HAIR + CLOSE * self.per_lon, HAIR + CLOSE * self.per_lat])
        for across in (-1, 1):
            for along in (-1, 1):
                cell = np.floor(points + beside * [across, along]).astype(np.int64)
                cell = np.clip(cell, 0, [self.columns - 1, self.rows - 1])
                places.append(self._place(cell[:, 0], cell[:, 1]))
        return np.concatenate(places)
