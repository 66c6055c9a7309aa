"""The nearest shape to a point, measured in metres on the ellipsoid.

Made for shapes within a province or smaller, not across 180°. Ties go to the shape that stands first.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians
from typing import Any

import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

_EARTH = Geod(ellps="GRS80")
_METRES_PER_DEGREE = 110_000.0  # a little less than the true ones, so that a search never falls short


class Nearest:
    """A search tree over shapes in degrees, longitudes shrunk to the length of latitudes at `middle`."""

    def __init__(self, shapes: Sequence[BaseGeometry] | NDArray[Any], middle: float) -> None:
        self._shrink = cos(radians(middle))
        self._tree = shapely.STRtree([shapely.transform(one, lambda at: at * [self._shrink, 1.0]) for one in shapes])

    def within(self, lon: float, lat: float, max_m: float) -> tuple[int, float] | None:
        """The position of the nearest shape within `max_m` metres, and how far it is."""
        reach = max_m / _METRES_PER_DEGREE * 1.02
        found = self._tree.query(shapely.Point(lon * self._shrink, lat), predicate="dwithin", distance=reach)
        away = min(((self._metres(position, lon, lat), position) for position in found.tolist()), default=None)
        return (away[1], away[0]) if away and away[0] <= max_m else None

    def _metres(self, position: int, lon: float, lat: float) -> float:
        shape = self._tree.geometries[position]
        touch = shapely.get_coordinates(shapely.shortest_line(shape, shapely.Point(lon * self._shrink, lat)))[0]
        return float(_EARTH.inv(lon, lat, touch[0] / self._shrink, touch[1])[2])
