"""Files of areas, out and in: GeoJSON, GeoPackage, Shapefile (zipped).

What comes from outside is not trusted: sizes are looked at before anything is read, archives are unpacked by count and
by weight, and the file is read by a process of its own (`reading_apart`) that has little memory and little time. A
problem is a `FileProblem`: a key of SENTENCES with parameters.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry import mapping

from gezhi.engines.geometry.geojson import Feature

Kind = Literal["geojson", "gpkg", "shapefile"]
MOST_BYTES = 200_000_000
MOST_UNPACKED, MOST_RATIO, MOST_MEMBERS = 400_000_000, 100, 60
MOST_FEATURES, MOST_CORNERS = 60_000, 4_000_000
SECONDS = 60
SUFFIXES: Mapping[Kind, str] = {"geojson": "geojson", "gpkg": "gpkg", "shapefile": "zip"}
_SHAPEFILE = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_LONGEST_TEXT = 254  # bytes in a column of a Shapefile
_CRS = "EPSG:4490"

SENTENCES: Mapping[str, str] = {
    "too_large": "The file has {have} MB; at most {most} MB are taken. Export one district or one layer at a time.",
    "empty": "The file is empty.",
    "kind": "This is neither GeoJSON (.geojson), GeoPackage (.gpkg) nor a zipped Shapefile (.zip).",
    "shp_alone": "A Shapefile is several files: put .shp, .shx, .dbf and .prj into one .zip.",
    "zip_broken": "The archive cannot be opened: it is damaged or locked with a password.",
    "zip_members": "The archive holds {have} files; at most {most} are taken.",
    "zip_bomb": "The archive would unpack to more than {most} MB, or more than {ratio} times its size; it is refused.",
    "zip_path": "The archive holds a file with a path that leads out of it: {name}.",
    "zip_nothing": "The archive holds no .shp, .gpkg or .geojson.",
    "zip_several": "The archive holds several data sets: {names}. Send one at a time.",
    "zip_parts": "The Shapefile lacks its {parts}; all parts lie side by side in the archive.",
    "slow": "Reading the file took longer than {seconds} seconds and was stopped. Send a smaller one.",
    "memory": "The file needs more memory than is given to it. Send a smaller one.",
    "unreadable": "The file cannot be read as {kind}: it is damaged or something else.",
    "outline": "The outline of area {row} is no shape that can be read.",
    "layers": "The GeoPackage holds several layers: {names}. Send a file with one.",
    "no_features": "The file holds no areas.",
    "features": "The file holds {have} areas; at most {most} are taken at once.",
    "corners": "The outlines have more than {most} corners together. Simplify them first.",
    "crs_missing": "The file does not say its coordinate system. Choose it.",
    "crs_unknown": "The coordinate system “{crs}” is not known. Choose one, or write an EPSG code.",
    "not_degrees": "After conversion the coordinates are not on earth: the coordinate system is not the one said.",
    "long_text": "A text of {code} is longer than a Shapefile can hold. Use GeoPackage or GeoJSON; nothing is cut off.",
}


class FileProblem(ValueError):
    """Why a file is not taken: `key` of SENTENCES and `params`."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(SENTENCES[key].format(**params))
        self.key, self.params = key, params


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: features in CGCS2000 degrees, corners on the grid of 1e-7, and the system it was in."""

    features: tuple[Feature, ...]
    crs: str
    kind: Kind


def read_file(path: Path, name: str, crs: str = "") -> Read:
    """Read a file that somebody sent under this name. `crs`: what they say it is in; "" for what the file says."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise FileProblem("too_large", have=size // 1_000_000, most=MOST_BYTES // 1_000_000)
    if size == 0:
        raise FileProblem("empty")
    with tempfile.TemporaryDirectory(prefix="gezhi-read-") as folder:
        kind, file = _told(path, name, Path(folder))
        return _read_apart(file, kind, crs)


def _told(path: Path, name: str, folder: Path) -> tuple[Kind, Path]:
    """What kind of file it is, by its beginning and not by its name alone, and the file to read."""
    with path.open("rb") as stream:
        head = stream.read(64)
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if head.startswith(b"PK\x03\x04"):
        return _unpacked(path, folder)
    if suffix in _SHAPEFILE:
        raise FileProblem("shp_alone")
    if head.startswith(b"SQLite format 3\0"):
        return "gpkg", path
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "geojson", path
    raise FileProblem("kind")


def _unpacked(path: Path, folder: Path) -> tuple[Kind, Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            return _from_archive(archive, path.stat().st_size, folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as broken:
        raise FileProblem("zip_broken") from broken


def _from_archive(archive: zipfile.ZipFile, size: int, folder: Path) -> tuple[Kind, Path]:
    members = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    if len(members) > MOST_MEMBERS:
        raise FileProblem("zip_members", have=len(members), most=MOST_MEMBERS)
    for one in members:
        parts = PurePosixPath(one.filename.replace("\\", "/")).parts
        if ".." in parts or one.filename.startswith(("/", "\\")) or ":" in one.filename:
            raise FileProblem("zip_path", name=one.filename[:80])
    wanted = {one.filename: PurePosixPath(one.filename).suffix.lower() for one in members}
    data = [name for name, suffix in wanted.items() if suffix in {".shp", ".gpkg", ".geojson", ".json"}]
    if not data:
        raise FileProblem("zip_nothing")
    if len(data) > 1:
        raise FileProblem("zip_several", names=", ".join(sorted(PurePosixPath(name).name for name in data)[:5]))
    stem, suffix = str(PurePosixPath(data[0]).with_suffix("")), wanted[data[0]]
    taken = {
        name: its
        for name, its in wanted.items()
        if name == data[0]
        or (suffix == ".shp" and its in _SHAPEFILE and str(PurePosixPath(name).with_suffix("")) == stem)
    }
    missing = {".shx", ".dbf"} - set(taken.values()) if suffix == ".shp" else set()
    if missing:
        raise FileProblem("zip_parts", parts=", ".join(sorted(missing)))
    left = min(MOST_UNPACKED, max(size * MOST_RATIO, 1_000_000))
    for name, its in taken.items():
        left -= _copied(archive, name, folder / f"areas{its}", left)
    kind: Kind = {".shp": "shapefile", ".gpkg": "gpkg"}.get(suffix, "geojson")  # type: ignore[assignment]
    return kind, folder / f"areas{suffix}"


def _copied(archive: zipfile.ZipFile, name: str, to: Path, most: int) -> int:
    """Unpack one member, counting what really comes out. Raises FileProblem where it is too much."""
    done = 0
    with archive.open(name) as packed, to.open("wb") as out:
        while chunk := packed.read(1 << 20):
            done += len(chunk)
            if done > most:
                raise FileProblem("zip_bomb", most=MOST_UNPACKED // 1_000_000, ratio=MOST_RATIO)
            out.write(chunk)
    return done


def _read_apart(file: Path, kind: Kind, crs: str) -> Read:
    """Let a process of its own read the file; it answers in JSON."""
    command = [sys.executable, "-m", "gezhi.engines.geometry.reading_apart", str(file), kind, crs]
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as slow:
            raise FileProblem("slow", seconds=SECONDS) from slow
        answer.seek(0)
        if done.returncode:
            raise FileProblem(
                "memory" if done.returncode == 3 else "unreadable", **({} if done.returncode == 3 else {"kind": kind})
            )
        told = json.load(answer)
    if "problem" in told:
        raise FileProblem(told["problem"], **told["params"])
    shapes = shapely.from_wkb([bytes.fromhex(one) if one else None for one in told["shapes"]])
    features = tuple(Feature(shape, said) for shape, said in zip(shapes, told["said"], strict=True))
    return Read(features, told["crs"], kind)


def write_file(features: Sequence[Feature], kind: Kind, title: str) -> bytes:
    """The features as a file; all have the same properties (texts, whole numbers, yes or no, or None). Nothing is lost:
    what a Shapefile cannot hold is refused. Raises FileProblem."""
    if kind == "geojson":
        return _geojson(features, title)
    with tempfile.TemporaryDirectory(prefix="gezhi-write-") as folder:
        if kind == "gpkg":
            path = Path(folder) / "areas.gpkg"
            _write(path, features, title, driver="GPKG", geometry_type="Unknown")
            return path.read_bytes()
        for one in features:
            texts = [value for value in one.properties.values() if isinstance(value, str)]
            if any(len(text.encode()) > _LONGEST_TEXT for text in texts):
                raise FileProblem("long_text", code=one.properties.get("code", ""))
        path = Path(folder) / "areas.shp"
        _write(path, features, title, driver="ESRI Shapefile", geometry_type=_one_kind(features))
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).glob("areas.*")):
                archive.write(part, part.name)
        return held.getvalue()


def _geojson(features: Sequence[Feature], title: str) -> bytes:
    listed = [
        {
            "type": "Feature",
            "properties": dict(one.properties),
            "geometry": mapping(one.geometry) if one.geometry is not None else None,
        }
        for one in features
    ]
    document = {
        "type": "FeatureCollection",
        "name": title,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}},
        "features": listed,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _one_kind(features: Sequence[Feature]) -> str:
    kinds = {one.geometry.geom_type.removeprefix("Multi") for one in features if one.geometry is not None}
    return next(iter(sorted(kinds)), "Polygon")


def _write(path: Path, features: Sequence[Feature], title: str, *, driver: str, geometry_type: str) -> None:
    from pyogrio import raw

    names = list(features[0].properties) if features else []
    columns, masks = [], []
    for name in names:
        values = [one.properties[name] for one in features]
        column, empty = _column(values)
        columns.append(column)
        masks.append(empty)
    shapes = shapely.to_wkb(np.array([one.geometry for one in features], dtype=object))
    options: dict[str, Any] = {"encoding": "UTF-8"} if driver != "GPKG" else {"layer": title}
    raw.write(
        str(path),
        geometry=shapes,
        field_data=columns,
        fields=np.array(names, dtype=object),
        field_mask=masks,
        geometry_type=geometry_type,
        crs=_CRS,
        driver=driver,
        **options,
    )


def _column(values: Sequence[Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The values of a property as a column, and which of them are None."""
    empty = np.array([value is None for value in values], dtype=bool)
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, bool) for value in known):
        return np.array([int(bool(value)) for value in values], dtype=np.int32), empty
    if known and all(isinstance(value, int) for value in known):
        return np.array([value or 0 for value in values], dtype=np.int64), empty
    return np.array([None if value is None else str(value) for value in values], dtype=object), empty
