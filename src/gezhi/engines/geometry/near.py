"""Lines and points with a reach: the road section or site nearest to a point, if it is near enough.

A raster over what lies within reach answers for most points at once that nothing is near; the others are measured on
the ellipsoid. Ties go to the lowest id, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry.index import AreaIndex
from gezhi.engines.geometry.measure import metres_per_degree
from gezhi.engines.geometry.nearest import Nearest


class NearIndex:
    """An unchanging index over lines or points (degrees), each holding what lies within `reach` metres of it."""

    def __init__(self, ids: Sequence[int], geometries: Sequence[BaseGeometry], reach: float) -> None:
        order = sorted(range(len(ids)), key=lambda position: ids[position])
        self.ids = [ids[position] for position in order]
        self.reach = reach
        shapes = np.array([geometries[position] for position in order], dtype=object)
        bounds = shapely.total_bounds(shapes) if len(shapes) else np.zeros(4)
        middle = float(bounds[1] + bounds[3]) / 2
        self._shapes = Nearest(shapes, middle)
        shrink, wide = cos(radians(middle)), reach / metres_per_degree(middle)[1] * 1.05
        flat = [shapely.transform(one, lambda at: at * [shrink, 1.0]) for one in shapes]
        zone = shapely.transform(shapely.union_all(shapely.buffer(flat, wide)), lambda at: at / [shrink, 1.0])
        self._zone = AreaIndex(range(1), [zone]) if len(shapes) else AreaIndex([], [])

    def locate(self, lon: float, lat: float) -> int | None:
        """The id of the nearest line or point within reach; None where there is none."""
        if self._zone.locate(lon, lat) is None:
            return None
        found = self._shapes.within(lon, lat, self.reach)
        return self.ids[found[0]] if found else None

    def locate_many(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """The same for one-dimensional arrays of one length; -1 where `locate` says None."""
        longitudes, latitudes = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        labels = np.full(longitudes.shape, -1, np.int64)
        for place in np.flatnonzero(self._zone.locate_many(longitudes, latitudes) >= 0).tolist():
            found = self._shapes.within(float(longitudes[place]), float(latitudes[place]), self.reach)
            labels[place] = self.ids[found[0]] if found else -1
        return labels
