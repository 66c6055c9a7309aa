"""Sizes on the ground: square metres, metres, compactness, of shapes in degrees.

Measured on a plane that touches the ellipsoid at the middle of what is asked about: right to a thousandth for a city.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

_LATITUDE, _FLATTENING = 110_574.0, 1.0 / 298.257222101
_EQUATOR = 111_319.49


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """(east, north): how long a degree is at a latitude."""
    bulge = np.sin(radians(latitude)) ** 2
    return _EQUATOR * cos(radians(latitude)) * (1 + _FLATTENING * bulge), _LATITUDE * (1 + 0.0101 * bulge)


def flat(shapes: Sequence[BaseGeometry] | NDArray[np.object_]) -> NDArray[np.object_]:
    """The shapes in metres, all on one plane."""
    given = np.asarray(shapes, dtype=object)
    if not given.size:
        return given
    bounds = shapely.total_bounds(given)
    middle = float(bounds[1] + bounds[3]) / 2 if np.isfinite(bounds).all() else 0.0
    scale = np.array(metres_per_degree(middle))
    made: NDArray[np.object_] = shapely.transform(given, lambda points: points * scale)
    return made


def square_metres(shape: BaseGeometry) -> float:
    """How large an area is."""
    return float(shapely.area(flat([shape])[0]))


def metres(shape: BaseGeometry) -> float:
    """How long a line or an outline is."""
    return float(shapely.length(flat([shape])[0]))


def width(shape: BaseGeometry) -> float:
    """How wide, in metres, a strip of this area and outline would be: small for slivers and hairlines."""
    made = flat([shape])[0]
    around = float(shapely.length(made))
    return 2 * float(shapely.area(made)) / around if around else 0.0


def compactness(shape: BaseGeometry) -> float:
    """Polsby–Popper: 1 for a disc, towards 0 for what is long or frayed."""
    made = flat([shape])[0]
    around = float(shapely.length(made))
    return 4 * pi * float(shapely.area(made)) / around**2 if around else 0.0
