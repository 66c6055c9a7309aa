"""Import maps, read.

Only the map is read here; rows are read and cases made by the importer. A profile brings maps along in `imports/`, for
the files that people at the desk bring in; the console takes a map from anywhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.maps import ImportMap, PlaceSource, Source
from gezhi.modules.switches.profiles.marked import Item, read_yaml
from gezhi.modules.switches.profiles.problems import Mark, Notes, ProfileProblems
from gezhi.modules.switches.profiles.sentences import check_shape

_WAYS = ("column", "columns", "among", "constant", "row", "import_time")


def read_import_map(path: Path) -> ImportMap:
    """Read a MAP.yaml. Raises ProfileProblems."""
    notes = Notes()
    item = read_yaml(path, str(path), notes)
    made = import_map(item, notes) if item is not None else None
    if notes or made is None:
        raise ProfileProblems(notes.problems)
    return made


def import_map(item: Item, notes: Notes) -> ImportMap | None:
    """The map that a document says; None, and notes, where its shape is wrong."""
    return _map(item, notes) if check_shape("import_map", item, notes) else None


def read_imports(book: Book) -> dict[str, ImportMap]:
    """The maps that a profile brings along, by the names of their files."""
    read = {name: import_map(item, book.notes) for name, item in book.imports.items()}
    return {name: made for name, made in read.items() if made is not None}


def _map(item: Item, notes: Notes) -> ImportMap:
    zone = item.get("zone") or item
    try:
        ZoneInfo(str(zone.value))
    except (KeyError, ValueError, OSError):
        notes.add(zone.mark, f"“{zone.value}” is not a time zone; write for example Asia/Shanghai.")
    fields = item.get("fields") or item
    place, reporter = fields.get("place"), fields.get("reporter")
    title, missing = item.get("title"), item.get("missing")
    return ImportMap(
        source=item.text("source") or "",
        title=title.plain() if title is not None else {},
        history=item.text("as") == "history",
        procedure=item.text("procedure") or "event",
        encoding=item.text("encoding") or "utf-8-sig",
        zone=str(zone.value),
        missing=frozenset({"", *(missing.plain() if missing is not None else ())}),
        sheet=item.text("sheet"),
        fields={key: _source(one, notes) for key, one in fields.items() if key not in ("place", "reporter")},
        place=_place(place, notes) if place is not None else None,
        reporter={key: _source(one, notes) for key, one in (reporter.items() if reporter is not None else [])},
    )


def _source(item: Item, notes: Notes) -> Source:
    ways = [way for way in _WAYS if item.get(way) is not None]
    if len(ways) != 1:
        here = "several are" if ways else "none is"
        notes.add(item.key, f"A value comes from exactly one of {', '.join(_WAYS)}; here {here} named.")
    values, create, otherwise = item.get("values"), item.get("create"), item.get("otherwise")
    column, columns, among = item.text("column"), item.get("columns"), item.get("among")

    def plain(name: str, default: Any) -> Any:
        found = item.get(name)
        return found.value if found is not None else default

    written = item.get("format")
    form = written.plain() if written is not None else ()
    return Source(
        columns=(column,) if column is not None else tuple(columns.plain()) if columns is not None else (),
        among=tuple(among.plain()) if among is not None else (),
        join=plain("join", " "),
        constant=plain("constant", None),
        row=plain("row", False),
        import_time=plain("import_time", False),
        values=values.plain() if values is not None else None,
        otherwise=otherwise.value if otherwise is not None else None,
        has_otherwise=otherwise is not None,
        prefix=plain("prefix", ""),
        formats=(form,) if isinstance(form, str) else tuple(form),
        by=plain("by", "code"),
        create_kind=create.text("kind") if create is not None else None,
        optional=plain("optional", False),
    )


def _place(item: Item, notes: Notes) -> PlaceSource:
    def source(name: str) -> Source | None:
        found = item.get(name)
        return _source(found, notes) if found is not None else None

    made = PlaceSource(
        lon=source("lon"),
        lat=source("lat"),
        crs=item.text("crs") or "CGCS2000",
        area_code=source("area_code"),
        area_name=source("area_name"),
        area_level=item.text("area_level"),
        optional=bool((item.get("optional") or Item(False, Mark(""), Mark(""))).value),
    )
    if (made.lon is None) != (made.lat is None):
        notes.add(item.key, "A place by coordinates needs both lon and lat.")
    elif made.lon is None and made.area_code is None and made.area_name is None:
        notes.add(item.key, "Write a place as lon, lat and crs, or as area_code, or as area_name.")
    return made
