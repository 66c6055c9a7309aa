"""What an import map says: which column of a foreign file becomes which part of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Scalar = str | int | float | bool | None
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Source:
    """Where one value comes from: exactly one of `columns` (joined by `join`), `among` (the first of these headings
    that a file has), `constant`, `row`, `import_time`.

    `values` turns what stands in the file into what is meant; `otherwise` (if `has_otherwise`) is the meaning of all
    else. `formats` are strptime patterns, tried in turn (none: ISO 8601). `by` is code or name. `create_kind`: make an
    organisation of this kind where none has the name. `optional`: a missing or unknown value leaves the field empty.
    """

    columns: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    join: str = " "
    constant: Scalar = None
    row: bool = False
    import_time: bool = False
    values: Mapping[str, Scalar] | None = None
    otherwise: Scalar = None
    has_otherwise: bool = False
    prefix: str = ""
    formats: tuple[str, ...] = ()
    by: str = "code"
    create_kind: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class PlaceSource:
    """Where the place comes from: lon and lat in `crs`, or an area by code, or by name (on `area_level`, if given)."""

    lon: Source | None
    lat: Source | None
    crs: str
    area_code: Source | None
    area_name: Source | None
    area_level: str | None
    optional: bool


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A whole map. `history`: cases come with their past; else as new work. Cases are known by (source, source_id).
    `encoding`: as Python names it, or AUTO."""

    source: str
    title: Mapping[str, str]
    history: bool
    procedure: str
    encoding: str
    zone: str
    missing: frozenset[str]
    sheet: str | None
    fields: Mapping[str, Source]
    place: PlaceSource | None
    reporter: Mapping[str, Source]
