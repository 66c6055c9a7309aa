"""From coordinates as a file gives them to metres on a plane; and whether they can be what the file says they are.

GeoJSON without a `crs` is degrees, longitude first (RFC 7946). Nothing is guessed: what can be no degrees is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from gezhi.engines.districting.amounts import shown
from gezhi.engines.districting.graph import Bools, Floats
from gezhi.engines.districting.units import BadUnits

FARTHEST = 1e8  # metres: no plane of this earth has more
WIDEST = 90.0  # degrees of longitude: what lies farther from the middle is drawn out of shape, or nowhere

Shapes = NDArray[np.object_]
Flatten = Callable[[Floats], Floats]


def flattening(ids: Sequence[str], shapes: Shapes, crs: str, lines: Shapes) -> Flatten:
    """The way to metres: degrees are projected around the middle of the units, a projected `crs` is a plane already.

    `lines` (barriers) must be in the same system. Raises BadUnits naming a unit that lies nowhere."""
    given, crs = _system(crs), shown(crs)
    if given.is_projected:
        _check_plane(ids, shapes, crs, lines)
        metres = float(given.axis_info[0].unit_conversion_factor)
        return lambda points: points * metres
    _check_degrees(ids, shapes, crs, lines)
    bounds = shapely.total_bounds(shapes)
    if bounds[2] - bounds[0] > WIDEST:
        raise BadUnits(f"The units lie too far apart for one plane: {bounds[0]:g}° to {bounds[2]:g}° of longitude.")
    middle = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    plane = f"+proj=tmerc +lon_0={middle[0]} +lat_0={middle[1]} +ellps=GRS80 +units=m"
    to_plane = pyproj.Transformer.from_crs(given, plane, always_xy=True)

    def flatten(points: Floats) -> Floats:
        return np.stack(to_plane.transform(points[:, 0], points[:, 1]), axis=1)

    return flatten


def _system(crs: str) -> pyproj.CRS:
    try:
        given = pyproj.CRS.from_user_input(crs or "OGC:CRS84")
    except pyproj.exceptions.CRSError:
        raise BadUnits(f"The coordinate system “{shown(crs)}” is not known.") from None
    if not (given.is_projected or given.is_geographic):
        raise BadUnits(f"The coordinate system “{shown(crs)}” has neither degrees nor a plane.")
    return given


def _beyond(points: Floats) -> Bools:
    """Which points are no longitude and latitude."""
    return np.asarray((np.abs(points) > [180 + 1e-6, 90 + 1e-6]).any(axis=1))


def _check_degrees(ids: Sequence[str], shapes: Shapes, crs: str, lines: Shapes) -> None:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    beyond = np.flatnonzero(_beyond(points))
    if len(beyond):
        first = int(beyond[0])
        said = f"“{crs}” has degrees" if crs else "without a “crs”, coordinates are degrees (RFC 7946)"
        swapped = not _beyond(points[:, ::-1]).any()
        hint = "are longitude and latitude swapped?" if swapped else "metres need a “crs” that names their system."
        raise BadUnits(
            f"Unit {ids[int(owner[first])]} lies at {_at(points[first])}, which is no longitude and latitude; "
            f"{said}: {hint}"
        )
    points = shapely.get_coordinates(lines)
    beyond = np.flatnonzero(_beyond(points))
    if len(beyond):
        raise BadUnits(f"The units are in degrees, but a barrier lies at {_at(points[beyond[0]])}.")


def _check_plane(ids: Sequence[str], shapes: Shapes, crs: str, lines: Shapes) -> None:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    far = np.flatnonzero((np.abs(points) > FARTHEST).any(axis=1))
    if len(far):
        first = int(far[0])
        raise BadUnits(f"Unit {ids[int(owner[first])]} lies at {_at(points[first])}, which is no place in “{crs}”.")
    if not _beyond(points).any():
        raise BadUnits(f"The file says its coordinates are in “{crs}”, a plane; they look like degrees.")
    points = shapely.get_coordinates(lines)
    if len(points) and not _beyond(points).any():
        raise BadUnits(f"The units are in “{crs}”, a plane, but the barriers look like degrees.")


def _at(point: Floats) -> str:
    return f"{point[0]:.6g}, {point[1]:.6g}"
