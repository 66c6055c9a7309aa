"""Between coordinate systems: everything is stored in CGCS2000 and shown in what a map service wants.

Systems are named "CGCS2000", "WGS84", "GCJ-02", "BD-09" or by EPSG code (4547, "EPSG:4547"). CGCS2000 and WGS84 differ
by centimetres and are taken as equal here. x is longitude or easting.
"""

from __future__ import annotations

from functools import lru_cache
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gezhi.engines.geometry.shifted import bd09_from_gcj02, gcj02_from_bd09, gcj02_from_wgs84, wgs84_from_gcj02

Degrees = NDArray[np.float64]
_EQUAL = frozenset({"CGCS2000", "WGS84", "WGS-84", "EPSG:4490", "EPSG:4326", "4490", "4326"})
_SHIFTED = {"GCJ-02": "GCJ-02", "GCJ02": "GCJ-02", "BD-09": "BD-09", "BD09": "BD-09"}


class CrsError(ValueError):
    """A coordinate system that is not known; the message is a sentence."""


@overload
def to_cgcs2000(x: float, y: float, crs: str | int) -> tuple[float, float]: ...
@overload
def to_cgcs2000(x: ArrayLike, y: ArrayLike, crs: str | int) -> tuple[Degrees, Degrees]: ...
def to_cgcs2000(x: ArrayLike, y: ArrayLike, crs: str | int) -> tuple[float, float] | tuple[Degrees, Degrees]:
    """Longitude and latitude in CGCS2000 of coordinates in `crs`. Scalars or arrays of one shape. Raises CrsError."""
    return _converted(x, y, crs, back=False)


@overload
def from_cgcs2000(lon: float, lat: float, crs: str | int) -> tuple[float, float]: ...
@overload
def from_cgcs2000(lon: ArrayLike, lat: ArrayLike, crs: str | int) -> tuple[Degrees, Degrees]: ...
def from_cgcs2000(lon: ArrayLike, lat: ArrayLike, crs: str | int) -> tuple[float, float] | tuple[Degrees, Degrees]:
    """The way out: CGCS2000 degrees to coordinates in `crs`. Scalars or arrays of one shape. Raises CrsError."""
    return _converted(lon, lat, crs, back=True)


def _converted(
    x: ArrayLike, y: ArrayLike, crs: str | int, *, back: bool
) -> tuple[float, float] | tuple[Degrees, Degrees]:
    first, second = np.asarray(x, np.float64), np.asarray(y, np.float64)
    found = _convert(first, second, str(crs).strip(), back=back)
    if first.ndim == 0:
        return float(found[0]), float(found[1])
    return found


def _convert(x: Degrees, y: Degrees, crs: str, *, back: bool) -> tuple[Degrees, Degrees]:
    if crs.upper() in _EQUAL:
        return x, y
    shift = _SHIFTED.get(crs.upper())
    if shift == "GCJ-02":
        return gcj02_from_wgs84(x, y) if back else wgs84_from_gcj02(x, y)
    if shift == "BD-09":
        return bd09_from_gcj02(*gcj02_from_wgs84(x, y)) if back else wgs84_from_gcj02(*gcj02_from_bd09(x, y))
    found = _transformer(crs).transform(x, y, direction="INVERSE" if back else "FORWARD")
    return np.asarray(found[0], np.float64), np.asarray(found[1], np.float64)


@lru_cache(maxsize=64)
def _transformer(crs: str) -> Transformer:
    try:
        system = CRS.from_user_input(int(crs) if crs.isdecimal() else crs)
    except CRSError as error:
        raise CrsError(
            f"“{crs}” is not a coordinate system; write CGCS2000, WGS84, GCJ-02, BD-09 or an EPSG code."
        ) from error
    return Transformer.from_crs(system, CRS.from_epsg(4490), always_xy=True)
