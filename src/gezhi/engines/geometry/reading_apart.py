"""Reads one file of areas in a process of its own, with little memory and little time, and answers in JSON.

`python -m gezhi.engines.geometry.reading_apart FILE KIND CRS`: called by `vector_files`, by nobody else. Output:
`{"crs", "shapes": [WKB in hex], "said": [properties]}` with CGCS2000 degrees rounded to 1e-7, or `{"problem",
"params"}`. Exit code 3: out of memory; any other: the file cannot be read.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

_MEMORY, _SECONDS = 3_000_000_000, 55


def main(file: Path, kind: str, crs: str) -> int:
    _limit()
    try:
        print(json.dumps(_read(file, kind, crs), ensure_ascii=False))
    except MemoryError:
        return 3
    return 0


def _limit() -> None:
    """Little memory, little time; nothing where the platform knows no limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def _read(file: Path, kind: str, crs: str) -> dict[str, Any]:
    import shapely

    from gezhi.engines.geometry.vector_files import MOST_CORNERS, MOST_FEATURES, FileProblem

    try:
        shapes, said, own = _geojson(file) if kind == "geojson" else _by_gdal(file, kind)
        if not len(shapes):
            raise FileProblem("no_features")
        if len(shapes) > MOST_FEATURES:
            raise FileProblem("features", have=len(shapes), most=MOST_FEATURES)
        if int(shapely.get_num_coordinates(shapes).sum()) > MOST_CORNERS:
            raise FileProblem("corners", most=MOST_CORNERS)
        stored, system = _stored(shapes, crs or own)
    except FileProblem as problem:
        return {"problem": problem.key, "params": problem.params}
    written = shapely.to_wkb(stored, hex=True)
    return {"crs": system, "shapes": [one or None for one in written.tolist()], "said": said}


def _geojson(file: Path) -> tuple[Any, list[dict[str, Any]], str]:
    """GeoJSON is read without GDAL. Its coordinates are WGS 84 (RFC 7946) unless an old `crs` member says otherwise."""
    import numpy as np
    import shapely

    from gezhi.engines.geometry.geojson import GeometryError, read_geometry
    from gezhi.engines.geometry.vector_files import FileProblem

    try:
        document = json.loads(file.read_bytes().decode("utf-8-sig"))
        listed = document["features"] if document.get("type") == "FeatureCollection" else [document]
        shapes, said = [], []
        for number, one in enumerate(listed, start=1):
            said.append({str(key): _plain(value) for key, value in (one.get("properties") or {}).items()})
            shape = one.get("geometry")
            try:
                shapes.append(read_geometry(shape) if shape is not None else None)
            except GeometryError as wrong:
                raise FileProblem("outline", row=number) from wrong
    except FileProblem:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise FileProblem("unreadable", kind="GeoJSON") from wrong
    member = document.get("crs")
    named = member.get("properties", {}).get("name", "") if isinstance(member, dict) else ""
    return shapely.force_2d(np.array(shapes, dtype=object)), said, str(named) or "WGS84"


def _by_gdal(file: Path, kind: str) -> tuple[Any, list[dict[str, Any]], str]:
    import pyogrio
    import shapely
    from pyogrio import raw
    from pyogrio.errors import DataSourceError

    from gezhi.engines.geometry.vector_files import FileProblem

    shown = {"gpkg": "GeoPackage", "shapefile": "Shapefile"}[kind]
    try:
        layers = [str(name) for name, _type in pyogrio.list_layers(file)]
        if len(layers) > 1:
            raise FileProblem("layers", names=", ".join(layers[:5]))
        meta, _ids, shapes, columns = raw.read(file, force_2d=True)
    except (DataSourceError, RuntimeError, ValueError, UnicodeDecodeError) as wrong:
        if isinstance(wrong, FileProblem):
            raise
        raise FileProblem("unreadable", kind=shown) from wrong
    names = [str(name) for name in meta["fields"]]
    said: list[dict[str, Any]] = [{} for _ in shapes]
    if names:
        said = [dict(zip(names, map(_plain, row), strict=True)) for row in zip(*columns, strict=True)]
    return shapely.from_wkb(shapes), said, str(meta["crs"] or "")


def _stored(shapes: Any, crs: str) -> tuple[Any, str]:
    """The shapes in CGCS2000, rounded to 1e-7 degrees corner by corner, and what their system is called."""
    import numpy as np
    import shapely

    from gezhi.engines.geometry.coordinates import CrsError, to_cgcs2000
    from gezhi.engines.geometry.vector_files import FileProblem

    if not crs:
        raise FileProblem("crs_missing")
    try:
        corners, place = shapely.get_coordinates(shapes), shapely.count_coordinates(shapes)
        lon, lat = to_cgcs2000(corners[:, 0], corners[:, 1], crs)
    except CrsError as wrong:
        raise FileProblem("crs_unknown", crs=crs[:80]) from wrong
    degrees = np.column_stack([lon, lat]).round(7)
    if place and not (np.isfinite(degrees).all() and (np.abs(degrees) <= [180, 90]).all()):
        raise FileProblem("not_degrees")
    return shapely.set_coordinates(shapes.copy(), degrees), crs if len(crs) <= 40 else "WKT"


def _plain(value: Any) -> str | int | float | bool | None:
    """A property as JSON has it."""
    if value is None or isinstance(value, bool | str):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return None if math.isnan(value) else int(value) if value.is_integer() else value
    if isinstance(value, int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def _called(words: Sequence[str]) -> int:
    return main(Path(words[0]), words[1], words[2])


if __name__ == "__main__":
    sys.exit(_called(sys.argv[1:]))
