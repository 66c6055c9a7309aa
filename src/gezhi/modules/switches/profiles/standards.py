"""Which catalogue is in force, and the standards it could be: the profile's own, and those in folders of standards/.

A folder `standards/KEY` holds standard.yaml (as catalogue.yaml), classes.csv (as catalogue/*.csv) and crosswalk.csv
(kind, old, new: what became of each code in the catalogue of catalogue.yaml; an empty cell for new and for gone).
`in_force: KEY` in catalogue.yaml puts that standard in force: a city's own classes are then laid over it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.class_rows import Rows, lay, read_rows
from gezhi.modules.switches.profiles.classes import KINDS, Head, Makings, make_catalogue, read_conditions
from gezhi.modules.switches.profiles.marked import Item, read_text, read_yaml
from gezhi.modules.switches.profiles.merging import merged
from gezhi.modules.switches.profiles.model import Catalogue, Crosswalk, OrganisationKind, Pair
from gezhi.modules.switches.profiles.problems import Mark, nearest
from gezhi.modules.switches.profiles.sentences import check_shape

FOLDER = "standards"
HEAD, CLASSES, CROSSWALK = "standard.yaml", "classes.csv", "crosswalk.csv"


@dataclass(frozen=True, slots=True)
class Catalogues:
    """The catalogue in force with its local classes; all standards without local ones; how they follow each other."""

    in_force: Catalogue
    standards: tuple[Catalogue, ...]
    crosswalks: tuple[Crosswalk, ...]


@dataclass(slots=True)
class _Other:
    """A standard of a folder while its files are gathered."""

    doc: Item | None
    rows: Rows
    crosswalk: Path | None = None


def read_catalogues(book: Book, kinds: Iterable[OrganisationKind]) -> Catalogues:
    """All catalogues of a profile."""
    makings = Makings(book, read_conditions(book), [kind.key for kind in kinds])
    heirs = _heirs(book)
    own, national = _own_rows(book, heirs)
    doc = book.docs.get("catalogue")
    chosen = doc.get("in_force") if doc is not None and "catalogue" in book.sound else None
    local = {key: row for key, row in own.items() if key not in national}
    laid = own if chosen is None else {key: row for key, row in own.items() if key in national}
    main = make_catalogue(makings, Head(doc, "catalogue" in book.sound), laid, national)
    gathered = _others(book, heirs)
    others = {key: _made(makings, key, one, one.rows, set(one.rows)) for key, one in gathered.items()}
    in_force = main
    if chosen is not None and chosen.value not in gathered:
        book.notes.add(chosen.mark, f"“{chosen.value}” is not a folder of standards.{nearest(chosen.value, gathered)}")
    elif chosen is not None:
        other = gathered[chosen.value]
        in_force = _made(makings, chosen.value, other, other.rows | local, set(other.rows))
    shown = replace(main, classes=tuple(one for one in main.classes if not one.local))
    walks = [_crosswalk(book, one.crosswalk, others[key], shown) for key, one in gathered.items() if one.crosswalk]
    standards = (shown, *sorted(others.values(), key=lambda one: one.version, reverse=True))
    return Catalogues(in_force, standards, tuple(walks))


def _heirs(book: Book) -> list[Path]:
    """The folders whose classes count: those from the last `inherit: false` of a catalogue.yaml on."""
    doc = book.docs.get("catalogue")
    alone = doc.get("inherit") if doc is not None else None
    if alone is None or alone.value is not False:
        return book.folders
    return book.folders[book.folders.index(Path(alone.mark.file).parent) :]


def _own_rows(book: Book, heirs: list[Path]) -> tuple[Rows, set[tuple[str, str]]]:
    """The rows of catalogue/*.csv, and which of them the standard has: those of the first folder with any."""
    rows: Rows = {}
    national: set[tuple[str, str]] = set()
    for folder in heirs:
        for path in sorted((folder / "catalogue").glob("*.csv")):
            lay(book, rows, path)
        national = national or set(rows)
    return rows, national


def _others(book: Book, heirs: list[Path]) -> dict[str, _Other]:
    found: dict[str, _Other] = {}
    for heir in heirs:
        for folder in sorted((heir / FOLDER).glob("*")):
            if not folder.is_dir():
                sentence = f"“{folder.name}” is not read; the folder “{FOLDER}” holds one folder for each standard."
                book.notes.add(Mark(str(folder)), sentence)
                continue
            one = found.setdefault(folder.name, _Other(None, {}))
            _take(book, one, folder)
    return found


def _take(book: Book, one: _Other, folder: Path) -> None:
    """Lay the files of one folder over what there is of that standard."""
    for path in sorted(folder.glob("*")):
        if path.name == HEAD:
            book.take(path)
            item = read_yaml(path, str(path), book.notes)
            one.doc = merged(one.doc, item) if item is not None else one.doc
        elif path.name == CLASSES:
            lay(book, one.rows, path)
        elif path.name == CROSSWALK:
            book.take(path)
            one.crosswalk = path
        elif path.suffix != ".md":
            sentence = f"“{path.name}” is not read; a standard has {HEAD}, {CLASSES} and {CROSSWALK}."
            book.notes.add(Mark(str(path)), sentence)
    if one.doc is None:
        book.notes.add(Mark(str(folder)), f"This standard has no {HEAD}, which names it and its major classes.")


def _made(makings: Makings, key: str, one: _Other, rows: Rows, national: set[tuple[str, str]]) -> Catalogue:
    sound = one.doc is not None and check_shape("standard", one.doc, makings.book.notes)
    return make_catalogue(makings, Head(one.doc, sound, key), rows, national)


def _crosswalk(book: Book, path: Path, older: Catalogue, newer: Catalogue) -> Crosswalk:
    """The pairs of a crosswalk.csv: codes both standards have, and every one of them."""
    text = read_text(path, str(path), book.notes)
    pairs: list[Pair] = []
    have = {"old": {(c.kind, c.code) for c in older.classes}, "new": {(c.kind, c.code) for c in newer.classes}}
    for row in read_rows(book, text or "", str(path), ("kind", "old", "new"), ("kind", "old", "new")) if text else ():
        kind, cells = row.cells["kind"], row.cells
        if kind not in KINDS or not (cells["old"] or cells["new"]):
            book.notes.add(row.marks["kind"], "A line names a kind, and an old code, a new one, or both.")
            continue
        for side in ("old", "new"):
            if cells[side] and (kind, cells[side]) not in have[side]:
                named = (older if side == "old" else newer).standard
                book.notes.add(row.marks[side], f"“{cells[side]}” is no {kind} of {named}.")
        pairs.append(Pair(kind, cells["old"], cells["new"]))
    for side, standard in (("old", older), ("new", newer)):
        missing = sorted(have[side] - {(pair.kind, getattr(pair, side)) for pair in pairs})
        if missing and text:
            kind, code = missing[0]
            sentence = (
                f"{len(missing)} classes of {standard.standard} are not named here; the first is the {kind} “{code}”."
            )
            book.notes.add(Mark(str(path)), sentence)
    return Crosswalk(older.standard, newer.standard, tuple(dict.fromkeys(pairs)))
