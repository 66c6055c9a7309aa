"""What is wrong with an outline, in sentences for the person who drew it. Nothing is repaired silently.

`flaw` gives the key of a sentence of SENTENCES with its parameters, so that it can be said in another language;
`problems` gives the English sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

SENTENCES: Mapping[str, str] = {
    "empty": "The outline is empty.",
    "kind": "An area is a Polygon or MultiPolygon, not a {kind}.",
    "number": "A coordinate is not a number.",
    "swapped": "Longitude and latitude are swapped: write longitude first.",
    "degrees": "The coordinates are not degrees: name the coordinate system they are in.",
    "flat": "The outline has no area.",
    "crosses": "The outline crosses itself at {x}, {y}.",
    "touches": "The outline touches itself at {x}, {y}.",
    "hole_outside": "A hole lies outside the outline at {x}, {y}.",
    "holes_nested": "One hole lies inside another at {x}, {y}.",
    "cut": "Holes cut the area in two at {x}, {y}.",
    "nested": "One part lies inside another at {x}, {y}.",
    "twice": "The same ring appears twice at {x}, {y}.",
    "corners": "A ring has fewer than three corners at {x}, {y}.",
    "open": "A ring is not closed at {x}, {y}.",
    "unsound": "The outline is not sound at {x}, {y}.",
}
_REASONS = {
    "Self-intersection": "crosses",
    "Ring Self-intersection": "touches",
    "Hole lies outside shell": "hole_outside",
    "Holes are nested": "holes_nested",
    "Interior is disconnected": "cut",
    "Nested shells": "nested",
    "Duplicate Rings": "twice",
    "Too few points in geometry component": "corners",
    "Ring is not closed": "open",
}
_REASON = re.compile(r"(?P<reason>[^\[]+)(?:\[(?P<x>\S+) (?P<y>\S+)\])?")


def problems(geometry: BaseGeometry | None) -> list[str]:
    """Why this cannot be an area (Polygon or MultiPolygon in degrees); empty when it can."""
    found = flaw(geometry)
    return [SENTENCES[found[0]].format(**found[1])] if found else []


def flaw(geometry: BaseGeometry | None) -> tuple[str, dict[str, str]] | None:
    """The key of the sentence that says why this cannot be an area, and its parameters; None when it can."""
    if geometry is None or geometry.is_empty:
        return "empty", {}
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        return "kind", {"kind": geometry.geom_type}
    return misplaced(geometry) or _shape(geometry)


def misplaced(geometry: BaseGeometry) -> tuple[str, dict[str, str]] | None:
    """The same for coordinates that are no degrees, of whatever kind of geometry."""
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return "number", {}
    west, south, east, north = geometry.bounds
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        if max(abs(west), abs(east)) <= 90 and max(abs(south), abs(north)) <= 180:
            return "swapped", {}
        return "degrees", {}
    return None


def _shape(geometry: BaseGeometry) -> tuple[str, dict[str, str]] | None:
    if geometry.convex_hull.area <= 0:
        return "flat", {}
    reason = str(shapely.is_valid_reason(geometry))
    if reason == "Valid Geometry":
        return None
    found = _REASON.fullmatch(reason)
    x, y = (float(found["x"]), float(found["y"])) if found and found["x"] else geometry.bounds[:2]
    key = _REASONS.get(found["reason"].strip(), "unsound") if found else "unsound"
    return key, {"x": f"{x:.6f}", "y": f"{y:.6f}"}
