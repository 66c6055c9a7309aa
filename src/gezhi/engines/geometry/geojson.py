"""GeoJSON (RFC 7946) in: plain dicts to shapes, with a sentence when something is not what it says it is.

Foreign members are ignored, as the standard wants; coordinates may have a height, which is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

_TYPES = frozenset({"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"})
_NOT_A_SHAPE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError,
    shapely.errors.ShapelyError,
)  # fmt: skip


class GeometryError(ValueError):
    """Something that is not a usable shape; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A shape and what is said about it."""

    geometry: BaseGeometry
    properties: Mapping[str, Any]


def read_features(document: object) -> list[Feature]:
    """The features of a FeatureCollection, a Feature or a bare geometry. Raises GeometryError naming the feature."""
    if not isinstance(document, Mapping):
        raise GeometryError("GeoJSON is an object with a type; this is not one.")
    if document.get("type") != "FeatureCollection":
        return [_feature(document, "The feature")]
    listed = document.get("features")
    if not isinstance(listed, list):
        raise GeometryError("A FeatureCollection has a list of features; this one has none.")
    return [_feature(item, f"Feature {number}") for number, item in enumerate(listed, start=1)]


def read_geometry(document: object) -> BaseGeometry:
    """One geometry object as a flat shape. Raises GeometryError."""
    kind = document.get("type") if isinstance(document, Mapping) else None
    if not isinstance(kind, str) or kind not in _TYPES:
        raise GeometryError(f"“{kind}” is not a shape; write one of {', '.join(sorted(_TYPES))}.")
    try:
        return shapely.force_2d(shape(document))
    except _NOT_A_SHAPE as error:
        raise GeometryError(f"The coordinates of the {kind} cannot be read: {error}.") from error


def _feature(item: object, name: str) -> Feature:
    kind = item.get("type") if isinstance(item, Mapping) else None
    if isinstance(kind, str) and kind in _TYPES:
        return Feature(read_geometry(item), {})
    if not isinstance(item, Mapping) or item.get("type") != "Feature":
        raise GeometryError(f"{name} is not a Feature.")
    try:
        return Feature(read_geometry(item.get("geometry")), item.get("properties") or {})
    except GeometryError as error:
        raise GeometryError(f"{name}: {error}") from error
