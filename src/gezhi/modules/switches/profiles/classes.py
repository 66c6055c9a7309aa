"""From lines of CSV to classes: major class, conditions, kinds of organisation, local codes, each checked in its place.

`conditions` names a set of conditions.yaml, `unit` and `supervisor` kinds of organisation, `grid` is report, handle or
empty. A class belongs to the major class its code begins with, or to the one that a further column `major` names. What
a later folder adds to the classes of the first is local: its codes run downward from 99 (see `local_codes`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.class_rows import Row, Rows
from gezhi.modules.switches.profiles.local_codes import START, Coded, WrongCode, wrong_codes
from gezhi.modules.switches.profiles.marked import Item
from gezhi.modules.switches.profiles.model import Catalogue, CatalogueClass, Condition, Text, leading
from gezhi.modules.switches.profiles.problems import nearest, quoted

KINDS = ("component", "event")
GRID = ("report", "handle")
CERTAINTY = ("corroborated", "inherited", "inferred", "unknown")


@dataclass(frozen=True, slots=True)
class Makings:
    """What classes are made of: sets of conditions by name, kinds of organisation."""

    book: Book
    sets: Mapping[str, tuple[Condition, ...]]
    kinds: Collection[str]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a catalogue, from catalogue.yaml or a standard.yaml; `sound`: its shape is right."""

    doc: Item | None
    sound: bool
    key: str = ""


def read_conditions(book: Book) -> dict[str, tuple[Condition, ...]]:
    """The sets of conditions.yaml."""
    sets: dict[str, tuple[Condition, ...]] = {}
    for name, entry in book.entries("conditions", "conditions"):
        made = []
        for key, item in entry.items():
            filing, closing = item.get("filing"), item.get("closing")
            if filing is not None and closing is not None:
                made.append(Condition(key, book.text(filing), book.text(closing), item.text("limit") or ""))
        sets[name] = tuple(made)
    return sets


def make_catalogue(makings: Makings, head: Head, rows: Rows, national: Collection[tuple[str, str]]) -> Catalogue:
    """The classes of these rows, in the order of kind and code; those that are not `national` are local."""
    book, doc = makings.book, head.doc if head.sound else None
    majors = _majors(book, doc)
    made = {key: _class(makings, head, row, majors, key not in national) for key, row in rows.items()}
    classes = [one for one in made.values() if one is not None]
    title, start = doc.get("title") if doc else None, doc.get("local_from") if doc else None
    local_from = int(start.value) if start is not None else START
    withdrawn = _withdrawn(doc)
    coded = [Coded(one.kind, one.major_code, one.code, one.local) for one in classes]
    for wrong in wrong_codes(coded, start=local_from, used=withdrawn):
        book.notes.add(rows[wrong.one.kind, wrong.one.code].marks["code"], _wrong_code(wrong, local_from))
    return Catalogue(
        standard=(doc.text("standard") if doc else None) or "",
        title=book.text(title) if title is not None else {},
        version=(doc.text("version") if doc else None) or "",
        classes=tuple(sorted(classes, key=lambda one: (one.kind, one.code))),
        key=head.key,
        local_from=local_from,
        withdrawn=withdrawn,
    )


def _majors(book: Book, doc: Item | None) -> dict[tuple[str, str], Text]:
    found: dict[tuple[str, str], Text] = {}
    for kind in KINDS:
        inside = doc.get("majors", kind) if doc is not None else None
        found |= {(kind, code): book.text(item) for code, item in (inside.items() if inside is not None else [])}
    return found


def _withdrawn(doc: Item | None) -> frozenset[tuple[str, str]]:
    found = set()
    for kind in KINDS:
        listed = doc.get("withdrawn", kind) if doc is not None else None
        found |= {(kind, str(item.value)) for item in (listed.value if listed is not None else ())}
    return frozenset(found)


def _wrong_code(wrong: WrongCode, start: int) -> str:
    rule = f"the codes of local classes run downward from {start} within their major class"
    take = f"; take “{wrong.expected}”" if wrong.expected else ""
    if wrong.fault == "gap":
        withdrawn = " If that code was given once, name it under “withdrawn” in catalogue.yaml."
        return f"“{wrong.one.code}” leaves “{wrong.expected}” free; {rule}.{withdrawn}"
    return f"“{wrong.one.code}” cannot be the code of a local class: {rule}{take}."


def _class(
    makings: Makings, head: Head, row: Row, majors: Mapping[tuple[str, str], Text], local: bool
) -> CatalogueClass | None:
    cells, book = row.cells, makings.book
    kind, code = cells["kind"], cells["code"]
    if kind not in KINDS:
        book.notes.add(row.marks["kind"], f"“{kind}” is neither component nor event.{nearest(kind, KINDS)}")
        return None
    major = _major(book, row, [code for of, code in majors if of == kind], head.sound)
    if cells["conditions"] not in makings.sets:
        if "conditions" in book.sound or "conditions" not in book.docs:
            sentence = f"“{cells['conditions']}” is not a set of conditions."
            book.notes.add(row.marks["conditions"], sentence + nearest(cells["conditions"], makings.sets))
        return None
    unit, supervisor = _organisation(makings, row, "unit"), _organisation(makings, row, "supervisor")
    if unit is not None and unit == supervisor:
        book.notes.add(row.mark("supervisor", "code"), f"“{unit}” cannot supervise what it answers for itself.")
    for column, words in (("grid", GRID), ("certainty", CERTAINTY)):
        if cells.get(column) and cells[column] not in words:
            sentence = f"“{cells[column]}” is not possible here.{nearest(cells[column], words)}"
            book.notes.add(row.marks[column], sentence)
    name = _name(book, row)
    if major is None:
        return None
    return CatalogueClass(
        kind=kind, major_code=major, major=majors[kind, major], code=code, name=leading(name),
        name_en=name.get("en", ""), unit_kind=unit, conditions=makings.sets[cells["conditions"]],
        supervisor_kind=supervisor, grid=cells.get("grid", ""), basis=cells.get("basis", ""), local=local,
        certainty=cells.get("certainty", ""),
    )  # fmt: skip


def _major(book: Book, row: Row, known: list[str], sound: bool) -> str | None:
    """The longest major code that the class code, or the cell `major`, begins with."""
    kind, named = row.cells["kind"], "major" if row.cells.get("major") else "code"
    word = row.cells[named]
    major = max((one for one in known if word.startswith(one)), key=len, default=None)
    if sound and (major is None or (named == "major" and word != major)):
        sentence = f"“{word}” belongs to no major class of {kind}s. Known: {quoted(known)}."
        book.notes.add(row.marks[named], sentence)
    return major


def _organisation(makings: Makings, row: Row, column: str) -> str | None:
    named = row.cells.get(column) or None
    if named is not None and named not in makings.kinds and "organisations" in makings.book.sound:
        sentence = f"“{named}” is not a kind of organisation.{nearest(named, makings.kinds)}"
        makings.book.notes.add(row.marks[column], sentence)
    return named


def _name(book: Book, row: Row) -> Text:
    name: Text = {key: row.cells[key] for key in ("zh", "en") if row.cells.get(key)}
    for language in book.languages():
        key = language.split("-", maxsplit=1)[0]
        if key not in name:
            sentence = f"The {row.cells['kind']} “{row.cells['code']}” has no name in “{key}”."
            book.notes.add(row.mark(key, "code"), sentence)
    return name
