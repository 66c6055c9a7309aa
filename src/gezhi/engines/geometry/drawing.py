"""A flat map of a few areas, for paper: rings in units of the sheet, where a name goes and how much room it has.

For ground of some kilometres: longitudes are shrunk to the length of latitudes in the middle of the map, which there
differs from a true projection by less than a pen's stroke. Outlines are cut at the sheet's edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

METRES = 111_320.0  # a degree of latitude
ROUND = 2  # decimals of the sheet's units

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One area on the sheet (x to the right, y down): closed rings to fill; the open lines of its boundary, without the
    sheet's own edge; the middle of its widest place and the radius of the circle that has room there."""

    rings: tuple[Ring, ...]
    edges: tuple[Ring, ...]
    label: tuple[float, float]
    room: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The areas by key, and how many metres one unit of the sheet is."""

    areas: Mapping[int, Drawn]
    metres: float


def window(middle: BaseGeometry, ratio: float, margin: float) -> tuple[float, float, float, float]:
    """The part of the ground (west, south, east, north in degrees) that shows `middle` with `margin` (a share of its
    size) around it on a sheet of this ratio of width to height."""
    west, south, east, north = middle.bounds
    shrink = cos(radians((south + north) / 2))
    width, height = max((east - west) * shrink, 1e-5), max(north - south, 1e-5)
    width, height = width * (1 + 2 * margin), height * (1 + 2 * margin)
    width, height = max(width, height * ratio), max(height, width / ratio)
    x, y = (west + east) / 2, (south + north) / 2
    half = width / 2 / shrink
    return (x - half, y - height / 2, x + half, y + height / 2)


def drawing(
    shapes: Mapping[int, BaseGeometry], *, ground: tuple[float, float, float, float], width: float, height: float
) -> Drawing:
    """Lay polygons (degrees) on a sheet of `width` × `height` units that shows `ground`; those outside are left out."""
    west, south, east, north = ground
    scale = np.array([width / (east - west), -height / (north - south)])
    sheet = shapely.box(0, 0, width, height)

    def placed(points: NDArray[np.float64]) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = (points - [west, north]) * scale
        return moved

    laid = {}
    for key, shape in shapes.items():
        full = shapely.transform(shape, placed)
        seen = shapely.intersection(full, sheet)
        parts = [p for p in shapely.get_parts(seen) if p.geom_type == "Polygon" and p.area > 0]
        if parts:
            edges = shapely.line_merge(shapely.intersection(shapely.boundary(full), sheet))
            laid[key] = _drawn(parts, [p for p in shapely.get_parts(edges) if p.geom_type == "LineString"])
    return Drawing(laid, (north - south) * METRES / height)


def _drawn(parts: list[BaseGeometry], edges: list[BaseGeometry]) -> Drawn:
    largest = max(parts, key=lambda part: float(part.area))
    radius = shapely.maximum_inscribed_circle(largest, tolerance=0.3)
    x, y = shapely.get_coordinates(radius)[0].tolist()
    rings = tuple(_ring(r) for part in parts for r in (part.exterior, *part.interiors))
    lines = tuple(_ring(edge) for edge in edges)
    return Drawn(rings, lines, (round(x, ROUND), round(y, ROUND)), round(float(shapely.length(radius)), ROUND))


def _ring(ring: BaseGeometry) -> Ring:
    return tuple((round(x, ROUND), round(y, ROUND)) for x, y in shapely.get_coordinates(ring).tolist())
