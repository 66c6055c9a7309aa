"""What is wrong with an outline, in sentences for the person who drew it. Nothing is repaired silently."""

from __future__ import annotations

import re

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

_REASONS = {
    "Self-intersection": "The outline crosses itself",
    "Ring Self-intersection": "The outline touches itself",
    "Hole lies outside shell": "A hole lies outside the outline",
    "Holes are nested": "One hole lies inside another",
    "Interior is disconnected": "Holes cut the area in two",
    "Nested shells": "One part lies inside another",
    "Duplicate Rings": "The same ring appears twice",
    "Too few points in geometry component": "A ring has fewer than three corners",
    "Invalid Coordinate": "A coordinate is not a number",
    "Ring is not closed": "A ring is not closed",
}
_REASON = re.compile(r"(?P<reason>[^\[]+)(?:\[(?P<x>\S+) (?P<y>\S+)\])?")


def problems(geometry: BaseGeometry) -> list[str]:
    """Why this cannot be an area (Polygon or MultiPolygon in degrees); empty when it can."""
    if geometry is None or geometry.is_empty:
        return ["The outline is empty."]
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        return [f"An area is a Polygon or MultiPolygon, not a {geometry.geom_type}."]
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return ["A coordinate is not a number."]
    return _place(geometry) or _shape(geometry)


def _place(geometry: BaseGeometry) -> list[str]:
    west, south, east, north = geometry.bounds
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        if max(abs(west), abs(east)) <= 90 and max(abs(south), abs(north)) <= 180:
            return ["Longitude and latitude are swapped: write longitude first."]
        return ["The coordinates are not degrees: name the coordinate system they are in."]
    return []


def _shape(geometry: BaseGeometry) -> list[str]:
    if geometry.convex_hull.area <= 0:
        return ["The outline has no area."]
    reason = str(shapely.is_valid_reason(geometry))
    if reason != "Valid Geometry":
        found = _REASON.fullmatch(reason)
        said = _REASONS.get(found["reason"].strip() if found else reason, reason)
        where = f" at {float(found['x']):.6f}, {float(found['y']):.6f}" if found and found["x"] else ""
        return [f"{said}{where}."]
    return []
