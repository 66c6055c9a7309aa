"""Outline files: GeoJSON that belongs to a profile, or that lies in a data folder given by the caller.

Coordinates are turned into CGCS2000 here, the only system that is stored. WGS84 and CGCS2000 differ by less than the
outlines are drawn with and are taken as they are.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gezhi.engines.geometry import to_cgcs2000
from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.marked import Item
from gezhi.modules.switches.profiles.problems import Mark

_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
SHAPES = {kind: "point" if "Point" in kind else "line" if "Line" in kind else "polygon" for kind in _DEPTHS}


@dataclass(frozen=True, slots=True)
class Feature:
    """A shape with what its file says of it."""

    properties: Mapping[str, Any]
    geometry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outline:
    """A file's features. `level` None: features name areas by code, level, layer; else they are matched `by`."""

    shown: str
    mark: Mark
    property: str
    level: str | None
    by: str
    skip: tuple[str, ...]
    synthetic: bool
    features: tuple[Feature, ...]


class _BadShape(ValueError):
    """A geometry that cannot be used; the message is a sentence."""


def read_outlines(book: Book) -> list[Outline]:
    """All outline files that areas.yaml names; what cannot be read is noted and left out."""
    read = (_outline(book, item) for _, item in book.entries("areas", "outlines"))
    return [one for one in read if one is not None]


def _outline(book: Book, item: Item) -> Outline | None:
    path = _path(book, item)
    if path is None:
        return None
    named = item.get("file") or item.get("data") or item
    features = _features(book, path, named.mark, item.text("crs") or "CGCS2000")
    match, skip, synthetic = item.get("match"), item.get("skip"), item.get("synthetic")
    return Outline(
        shown=path.name,
        mark=named.mark,
        property=(match.text("property") if match else None) or "code",
        level=match.text("level") if match else None,
        by=(match.text("by") if match else None) or "code",
        skip=tuple(str(one.value) for one in skip.value) if skip else (),
        synthetic=bool(synthetic and synthetic.value),
        features=features,
    )


def _path(book: Book, item: Item) -> Path | None:
    own, lent = item.get("file"), item.get("data")
    if (own is None) == (lent is None):
        sentence = "An outline names either a file of this folder (file) or one of the data folder (data)."
        book.notes.add(item.key, sentence)
        return None
    named = own or lent
    assert named is not None  # noqa: S101 (one of the two is there)
    if lent is not None and book.data is None:
        sentence = f"“{named.value}” lies in a data folder, and none was given; name it when reading this profile."
        book.notes.add(named.mark, sentence)
        return None
    folder = Path(named.mark.file).parent if own is not None else book.data
    path = (folder or Path()) / str(named.value)
    if ".." in Path(str(named.value)).parts or Path(str(named.value)).is_absolute():
        sentence = "A file is named from its own folder downwards, without “..” and without a leading “/”."
        book.notes.add(named.mark, sentence)
        return None
    if not path.is_file():
        book.notes.add(named.mark, f"There is no file “{path}”.")
        return None
    book.take(path)
    return path


def _features(book: Book, path: Path, mark: Mark, crs: str) -> tuple[Feature, ...]:
    try:
        raw = path.read_bytes()
        doc = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except (OSError, EOFError, ValueError) as fault:
        book.notes.add(mark, f"“{path.name}” cannot be read as GeoJSON: {fault}.")
        return ()
    listed = doc.get("features") if isinstance(doc, dict) else None
    if not isinstance(listed, list):
        book.notes.add(mark, f"“{path.name}” is not a GeoJSON FeatureCollection.")
        return ()
    made = []
    for number, feature in enumerate(listed, 1):
        try:
            said = feature.get("properties") or {} if isinstance(feature, dict) else {}
            geometry = feature.get("geometry") if isinstance(feature, dict) else None
            made.append(Feature(said, _shape(geometry, crs)))
        except _BadShape as fault:
            book.notes.add(mark, f"Feature {number} of “{path.name}”: {fault}")
    return tuple(made)


def _shape(geometry: Any, crs: str) -> Mapping[str, Any]:
    """A geometry with its rings closed and its coordinates degrees; turned into CGCS2000."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _DEPTHS:
        raise _BadShape(f"its geometry must be a polygon, a line or a point, not {kind or 'nothing'}.")
    nested = geometry.get("coordinates")
    if _DEPTHS[kind] == 0:
        return {"type": kind, "coordinates": _line([nested], crs)[0]}
    return {"type": kind, "coordinates": _nested(nested, _DEPTHS[kind], crs, closed=SHAPES[kind] == "polygon")}


def _nested(nested: Any, depth: int, crs: str, *, closed: bool) -> list[Any]:
    if not isinstance(nested, list) or not nested:
        raise _BadShape("its coordinates are empty or not nested as they should be.")
    if depth > 1:
        return [_nested(one, depth - 1, crs, closed=closed) for one in nested]
    made = _line(nested, crs)
    if closed and (len(made) < 4 or made[0] != made[-1]):
        raise _BadShape("a ring needs at least four points, and its last must be its first.")
    return made


def _line(nested: list[Any], crs: str) -> list[Any]:
    try:
        line = [(float(point[0]), float(point[1])) for point in nested]
    except (TypeError, ValueError, IndexError, KeyError):
        raise _BadShape("a point must be [longitude, latitude].") from None
    if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in line):
        raise _BadShape("a point lies off the earth; write degrees, longitude first.")
    if crs != "GCJ-02":
        return [[x, y] for x, y in line]
    lons, lats = to_cgcs2000([x for x, _ in line], [y for _, y in line], crs)
    return [[round(x, 7), round(y, 7)] for x, y in zip(lons.tolist(), lats.tolist(), strict=True)]
