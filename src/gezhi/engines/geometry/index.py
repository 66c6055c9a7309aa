"""Which area a point lies in: one point in microseconds, millions in seconds.

Over the areas lies a raster. A cell that no boundary crosses knows its area (or none); for the others the few areas
that reach into it are asked exactly (Shapely, prepared). An area holds its own boundary; where several hold a point (a
shared edge, an overlap) it belongs to the one with the lowest id, so every point belongs to at most one. Corners are
kept to 1e-7 degrees, which may leave hairlines between areas that meet: a point that no area holds belongs to the
nearest one within 3e-7 degrees (3 cm), so areas that cover a ground leave none of its points out.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, inf
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry.nearest import Nearest
from gezhi.engines.geometry.raster import CLOSE, HAIR, UNDECIDED, Raster


class AreaIndex:
    """An unchanging index over areas. `ids` are non-negative and distinct; `geometries` polygons in degrees
    that `problems` finds no fault with."""

    def __init__(self, ids: Sequence[int], geometries: Sequence[BaseGeometry]) -> None:
        """Raises ValueError when ids and geometries do not pair up, an id repeats or is negative."""
        if len(ids) != len(geometries) or len(set(ids)) != len(ids) or any(number < 0 for number in ids):
            raise ValueError("An area index needs one geometry per id; ids are distinct and not negative.")
        order = sorted(range(len(ids)), key=lambda position: ids[position])
        self.ids: NDArray[np.int64] = np.array([ids[position] for position in order], np.int64)
        self._shapes: NDArray[Any] = np.array([geometries[position] for position in order], dtype=object)
        shapely.prepare(self._shapes)
        self._raster = Raster(self._shapes)
        self._labels: list[int] = self._raster.labels.tolist()
        self._places: list[int] = self.ids.tolist()
        self._near: Nearest | None = None

    def __len__(self) -> int:
        return len(self._places)

    def locate(self, lon: float, lat: float) -> int | None:
        """The id of the area that holds the point; None outside all of them (and for what is not a number)."""
        raster = self._raster
        column, row = (lon - raster.west) * raster.per_lon, (lat - raster.south) * raster.per_lat
        if not (0 <= column <= raster.columns + HAIR and 0 <= row <= raster.rows + HAIR):
            return None
        place = min(floor(row), raster.rows - 1) * raster.columns + min(floor(column), raster.columns - 1)
        label = self._labels[place]
        if label != UNDECIDED:
            return self._places[label] if label >= 0 else None
        candidates = raster.candidates(place)
        for candidate in candidates:
            if shapely.intersects_xy(self._shapes[candidate], lon, lat):
                return self._places[candidate]
        point = shapely.Point(lon, lat)
        close = min(((shapely.distance(self._shapes[one], point), one) for one in candidates), default=(inf, -1))
        return self._places[close[1]] if close[0] <= CLOSE else None

    def locate_many(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """The same for one-dimensional arrays of one length; -1 where `locate` says None."""
        longitudes, latitudes = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        place, inside = self._raster.places(longitudes, latitudes)
        labels = np.where(inside, self._raster.labels[place], -1)
        open_ = np.flatnonzero(labels == UNDECIDED)
        labels[open_] = -1
        rank, left = 0, open_
        while open_.size:
            candidate = self._raster.candidate(place[open_], rank)
            open_, candidate = open_[candidate >= 0], candidate[candidate >= 0]
            held = shapely.intersects_xy(self._shapes[candidate], longitudes[open_], latitudes[open_])
            labels[open_[held]] = candidate[held]
            open_, rank = open_[~held], rank + 1
        self._close(labels, left[labels[left] < 0], place, longitudes, latitudes)
        return np.where(labels >= 0, self.ids[labels], -1) if len(self) else labels

    def _close(
        self,
        labels: NDArray[np.int64],
        open_: NDArray[np.int64],
        place: NDArray[np.int64],
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
    ) -> None:
        """For points that no area holds: the nearest of those that reach into their cell, if it is close enough."""
        nearest, rank = np.full(len(labels), CLOSE), 0
        while open_.size:
            candidate = self._raster.candidate(place[open_], rank)
            open_, candidate = open_[candidate >= 0], candidate[candidate >= 0]
            away = shapely.distance(self._shapes[candidate], shapely.points(lon[open_], lat[open_]))
            nearer = (away < nearest[open_]) | ((away <= CLOSE) & (labels[open_] < 0))
            labels[open_[nearer]], nearest[open_[nearer]] = candidate[nearer], away[nearer]
            rank += 1

    def shape_of(self, number: int) -> BaseGeometry | None:
        """The shape of the area with this id; None for one that is not in the index."""
        position = int(np.searchsorted(self.ids, number))
        known = position < len(self.ids) and self.ids[position] == number
        return self._shapes[position] if known else None

    def within(self, west: float, south: float, east: float, north: float) -> list[tuple[int, BaseGeometry]]:
        """The areas that reach into a window (degrees), each with its shape, in order of id."""
        window = shapely.box(west, south, east, north)
        found = np.flatnonzero(shapely.intersects(self._shapes, window)).tolist() if len(self) else []
        return [(self._places[position], self._shapes[position]) for position in found]

    def nearest(self, lon: float, lat: float, max_m: float) -> tuple[int, float] | None:
        """The nearest area within `max_m` metres and its distance in metres (0 inside); ties go to the lowest id."""
        held = self.locate(lon, lat)
        if held is not None:
            return held, 0.0
        if not len(self) or not (np.isfinite(lon) and np.isfinite(lat)):
            return None
        if self._near is None:
            self._near = Nearest(self._shapes, self._raster.middle)
        found = self._near.within(lon, lat, max_m)
        return (self._places[found[0]], found[1]) if found else None
