"""The catalogue: major classes, classes (CSV, one a line) and their filing conditions.

A CSV has the columns kind, code, zh, en, conditions, unit; a city's own file adds rows or replaces those with the same
kind and code. `conditions` names a set of conditions.yaml, `unit` a kind of organisation. A class belongs to the major
class its code begins with, or to the one that a further column `major` names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.marked import Item, read_text
from gezhi.modules.switches.profiles.model import (
    Catalogue,
    CatalogueClass,
    Condition,
    OrganisationKind,
    Text,
    leading,
)
from gezhi.modules.switches.profiles.problems import Mark, nearest, quoted

_COLUMNS = ("kind", "code", "major", "zh", "en", "conditions", "unit")
_KINDS = ("component", "event")


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a CSV with the place of each cell."""

    cells: dict[str, str]
    marks: dict[str, Mark]


def read_catalogue(book: Book, kinds: tuple[OrganisationKind, ...]) -> Catalogue:
    """The classes of all folders of the profile, in the order of kind and code."""
    doc = book.docs.get("catalogue") if "catalogue" in book.sound else None
    majors = _majors(book, doc)
    sets = _conditions(book)
    rows: dict[tuple[str, str], _Row] = {}
    for folder in _heirs(book):
        for path in sorted((folder / "catalogue").glob("*.csv")):
            book.take(path)
            _add(book, rows, path)
    names = [kind.key for kind in kinds]
    classes = [made for row in rows.values() if (made := _class(book, row, majors, sets, names)) is not None]
    title = doc.get("title") if doc else None
    return Catalogue(
        standard=(doc.text("standard") if doc else None) or "",
        title=book.text(title) if title is not None else {},
        version=(doc.text("version") if doc else None) or "",
        classes=tuple(sorted(classes, key=lambda one: (one.kind, one.code))),
    )


def _majors(book: Book, doc: Item | None) -> dict[tuple[str, str], Text]:
    found: dict[tuple[str, str], Text] = {}
    for kind in _KINDS:
        inside = doc.get("majors", kind) if doc is not None else None
        found |= {(kind, code): book.text(item) for code, item in (inside.items() if inside is not None else [])}
    return found


def _heirs(book: Book) -> list[Path]:
    """The folders whose classes count: those from the last `inherit: false` of a catalogue.yaml on."""
    doc = book.docs.get("catalogue")
    alone = doc.get("inherit") if doc is not None else None
    if alone is None or alone.value is not False:
        return book.folders
    return book.folders[book.folders.index(Path(alone.mark.file).parent) :]


def _conditions(book: Book) -> dict[str, tuple[Condition, ...]]:
    sets: dict[str, tuple[Condition, ...]] = {}
    for name, entry in book.entries("conditions", "conditions"):
        made = []
        for key, item in entry.items():
            filing, closing = item.get("filing"), item.get("closing")
            if filing is not None and closing is not None:
                made.append(Condition(key, book.text(filing), book.text(closing), item.text("limit") or ""))
        sets[name] = tuple(made)
    return sets


def _add(book: Book, rows: dict[tuple[str, str], _Row], path: Path) -> None:
    text = read_text(path, str(path), book.notes)
    if text is None:
        return
    own: dict[tuple[str, str], Mark] = {}
    for row in _rows(book, text, str(path)):
        key = (row.cells["kind"], row.cells["code"])
        if key in own:
            sentence = f"The {key[0]} “{key[1]}” stands twice; the first is in line {own[key].line}. Keep one of them."
            book.notes.add(row.marks["code"], sentence)
            continue
        own[key] = row.marks["code"]
        rows[key] = row


def _rows(book: Book, text: str, shown: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = text.splitlines()
    try:
        heading = next(reader, [])
        if not _heading(book, heading, shown):
            return
        before = reader.line_num
        for cells in reader:
            first, before = before + 1, reader.line_num
            if not cells:
                continue
            if len(cells) != len(heading):
                sentence = f"This line has {len(cells)} cells; the heading has {len(heading)}. Quote texts with commas."
                book.notes.add(Mark(shown, first), sentence)
                continue
            marks = _places(shown, first, lines[first - 1], cells)
            yield _Row(dict(zip(heading, map(str.strip, cells), strict=True)), dict(zip(heading, marks, strict=True)))
    except csv.Error as fault:
        book.notes.add(Mark(shown, max(reader.line_num, 1)), f"This line is not CSV: {fault}.")


def _heading(book: Book, heading: list[str], shown: str) -> bool:
    good = True
    for number, name in enumerate(heading):
        if name not in _COLUMNS:
            column = len(",".join(heading[:number])) + (2 if number else 1)
            sentence = f"“{name}” is not a column of the catalogue.{nearest(name, _COLUMNS)}"
            book.notes.add(Mark(shown, 1, column), sentence)
            good = False
    missing = [name for name in ("kind", "code", "conditions") if name not in heading]
    if missing and good:
        book.notes.add(Mark(shown), f"The heading lacks {quoted(missing)}; it is {','.join(_COLUMNS)}.")
    return good and not missing


def _places(shown: str, line: int, raw: str, cells: list[str]) -> list[Mark]:
    """Where each cell begins in its line, quotes counted."""
    marks, column = [], 0
    for cell in cells:
        marks.append(Mark(shown, line, column + 1))
        quotes = cell.count('"') + 2 if raw[column : column + 1] == '"' else 0
        width = len(cell) + quotes
        column += width + 1
    return marks


def _class(
    book: Book,
    row: _Row,
    majors: dict[tuple[str, str], Text],
    sets: dict[str, tuple[Condition, ...]],
    kinds: list[str],
) -> CatalogueClass | None:
    cells, notes = row.cells, book.notes
    kind, code = cells["kind"], cells["code"]
    if kind not in _KINDS:
        notes.add(row.marks["kind"], f"“{kind}” is neither component nor event.{nearest(kind, _KINDS)}")
        return None
    known = [code for of, code in majors if of == kind]
    major = _major_of(cells.get("major") or code, known)
    if "catalogue" in book.sound and (major is None or cells.get("major", "") not in ("", major)):
        named = "major" if cells.get("major") else "code"
        sentence = f"“{cells[named]}” belongs to no major class of {kind}s. Known: {quoted(known)}."
        notes.add(row.marks[named], sentence)
    if cells["conditions"] not in sets:
        if "conditions" in book.sound or "conditions" not in book.docs:
            sentence = f"“{cells['conditions']}” is not a set of conditions.{nearest(cells['conditions'], sets)}"
            notes.add(row.marks["conditions"], sentence)
        return None
    unit = cells.get("unit") or None
    if unit is not None and unit not in kinds and "organisations" in book.sound:
        notes.add(row.marks["unit"], f"“{unit}” is not a kind of organisation.{nearest(unit, kinds)}")
    name: Text = {key: cells[key] for key in ("zh", "en") if cells.get(key)}
    for language in book.languages():
        key = language.split("-", maxsplit=1)[0]
        if key not in name:
            notes.add(row.marks.get(key, row.marks["code"]), f"The {kind} “{code}” has no name in “{key}”.")
    if major is None:
        return None
    return CatalogueClass(
        kind=kind, major_code=major, major=majors[kind, major], code=code, name=leading(name),
        name_en=name.get("en", ""), unit_kind=unit, conditions=sets[cells["conditions"]],
    )  # fmt: skip


def _major_of(code: str, majors: list[str]) -> str | None:
    """The longest major code that the class code begins with."""
    return max((major for major in majors if code.startswith(major)), key=len, default=None)
