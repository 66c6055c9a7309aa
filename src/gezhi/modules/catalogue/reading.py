"""Reading a catalogue from an XLSX file, with the place and a sentence for everything that is wrong.

Nothing is stored and nothing in the file is run. A file that is no workbook, or that would not fit into memory, is
refused before it is opened.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from gezhi.engines import workclock
from gezhi.lib.errors import BadInput, TooLarge
from gezhi.lib.texts import Text
from gezhi.modules.catalogue import checking, wording
from gezhi.modules.catalogue.checking import Rules
from gezhi.modules.catalogue.content import ClassFact, ConditionFact, with_conditions
from gezhi.modules.catalogue.tables import CLASSES, CONDITIONS

LARGEST, UNPACKED, ROWS = 5_000_000, 80_000_000, 20_000  # bytes, bytes, rows of a sheet
_NEEDED = {
    "classes": ("kind", "major_code", "major", "code", "name"),
    "conditions": ("kind", "code", "limit", "limit_unit"),
}
_CODES = ("code", "major_code")
FEW = 9  # words that a sentence lists
_CELL = re.compile(rb"<(?:\w+:)?(?:row|c)\b[^>]*?\br=\"([A-Z]*)(\d+)\"")


@dataclass(frozen=True, slots=True, order=True)
class TableTrouble:
    """One thing wrong with a table: where a spreadsheet shows it (column "": the whole row), and a sentence."""

    sheet: str
    row: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReadTable:
    """What a file says. Where there are troubles, nothing of it is to be used."""

    standard: str
    classes: tuple[ClassFact, ...]
    troubles: tuple[TableTrouble, ...]


@dataclass(slots=True)
class _Sheet:
    """A sheet while it is read: its rows by column name, each with its number; the letter of each column; places of
    codes that are numbers."""

    name: str
    rows: list[tuple[int, dict[str, str]]]
    letters: Mapping[str, str]
    numbers: list[tuple[int, str]]


@dataclass(slots=True)
class _Reading:
    """What is found while a file is read."""

    kinds: Mapping[str, Text]
    classes: _Sheet
    conditions: _Sheet
    troubles: list[TableTrouble] = field(default_factory=list)
    places: dict[tuple[int, str, str], tuple[_Sheet, int, str]] = field(default_factory=dict)

    def note(self, sheet: _Sheet, row: int, column: str, sentence: str | Promise) -> None:
        self.troubles.append(TableTrouble(sheet.name, row, sheet.letters.get(column, ""), str(sentence)))


def read_table(raw: bytes, *, kinds: Mapping[str, Text], standard: str, rules: Callable[[str], Rules]) -> ReadTable:
    """The catalogue of a file. `standard`: what it is where the file does not say; `rules`: what one is held to.

    Raises BadInput or TooLarge (field `file`) for a file that is no workbook of ours; what is wrong in its cells is
    told by `troubles`.
    """
    book = _opened(raw)
    said = _standard(book) or standard
    if len(said) > 80:
        raise _wrong(_("The name of the standard has at most %(n)d characters.") % {"n": 80})
    reading = _Reading(kinds, _sheet(book, "classes", CLASSES), _sheet(book, "conditions", CONDITIONS))
    for sheet in (reading.classes, reading.conditions):
        for row, column in sheet.numbers:
            sentence = _("This code is a number and may have lost its leading zeros; make the column text.")
            reading.note(sheet, row, column, sentence)
    facts = _classes(reading, _conditions(reading))
    for trouble in checking.troubles_of_edit(facts, rules(said)):
        whole = (reading.classes, 1, "")
        place = reading.places.get((trouble.index, trouble.field, trouble.condition))
        reading.note(*(place or reading.places.get((trouble.index, "code", ""), whole)), trouble.sentence)
    return ReadTable(said, tuple(facts), tuple(dict.fromkeys(sorted(reading.troubles))))


def _opened(raw: bytes) -> CalamineWorkbook:
    if len(raw) > LARGEST:
        raise TooLarge(_("A table has at most %(n)d MB.") % {"n": LARGEST // 1_000_000}, field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            _check_size(packed)
        return CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except (zipfile.BadZipFile, CalamineError, OSError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise _wrong(_("This is not an XLSX file that can be read.")) from fault


def _check_size(packed: zipfile.ZipFile) -> None:
    """A spreadsheet is laid out whole in memory: a far-away cell must not make it a giant."""
    if sum(one.file_size for one in packed.infolist()) > UNPACKED:
        raise TooLarge(_("Unpacked, this table is too large."), field="file")
    for one in packed.infolist():
        if not one.filename.startswith("xl/worksheets/"):
            continue
        for found in _CELL.finditer(packed.read(one)):
            if len(found[2]) > 6 or int(found[2]) > ROWS or len(found[1]) > 2:
                raise TooLarge(_("A sheet has at most %(n)d rows.") % {"n": ROWS}, field="file")


def _standard(book: CalamineWorkbook) -> str:
    name = next((one for one in book.sheet_names if wording.meant(wording.SHEETS, one) == "notes"), None)
    for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False) if name else ():
        if len(row) > 1 and wording.meant({"standard": wording.STANDARD}, str(row[0])):
            return str(row[1]).strip()
    return ""


def _sheet(book: CalamineWorkbook, wanted: str, columns: Sequence[str]) -> _Sheet:
    """A sheet by its name, in either language, its columns by their heads. Raises BadInput where one is missing."""
    title = wording.word(wording.SHEETS, wanted)
    name = next((one for one in book.sheet_names if wording.meant(wording.SHEETS, one) == wanted), None)
    if name is None:
        raise _wrong(_("This table has no sheet “%(name)s”.") % {"name": title})
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    known = {column: wording.COLUMNS[column] for column in columns}
    heads = {column: n for n, cell in enumerate(rows[0] if rows else ()) if (column := wording.meant(known, str(cell)))}
    missing = [column for column in _NEEDED[wanted] if column not in heads]
    if missing:
        told = {"name": name, "columns": wording.listed(wording.COLUMNS, missing)}
        raise _wrong(_("The sheet “%(name)s” lacks the columns %(columns)s.") % told)
    read, numbers = [], []
    for number, cells in enumerate(rows[1:], start=2):
        texts = {column: _text(cells[n]) if n < len(cells) else "" for column, n in heads.items()}
        if any(texts.values()):
            read.append((number, texts))
        spoilt = (column for column in _CODES if column in heads and isinstance(cells[heads[column]], int | float))
        numbers += [(number, column) for column in spoilt]
    return _Sheet(name, read, {column: _letter(n) for column, n in heads.items()}, numbers)


def _conditions(reading: _Reading) -> dict[tuple[str, str], list[tuple[int, ConditionFact]]]:
    """(kind, code) → its conditions with their rows, in the order of the sheet."""
    found: dict[tuple[str, str], list[tuple[int, ConditionFact]]] = {}
    sheet = reading.conditions
    for row, cells in sheet.rows:
        kind = _meant(reading, sheet, row, "kind", cells, wording.KINDS)
        listed = found.setdefault((kind, cells["code"]), [])
        key = cells.get("condition", "") or _free({one.key for _row, one in listed})
        filing, closing = (
            {language: text for language in ("zh", "en") if (text := cells.get(f"{name}_{language}", ""))}
            for name in ("filing", "closing")
        )
        listed.append((row, ConditionFact(key, filing, closing, _limit(reading, row, cells))))
    return found


def _free(taken: set[str]) -> str:
    return next(key for n in range(1, len(taken) + 2) if (key := f"c{n}") not in taken)


def _limit(reading: _Reading, row: int, cells: Mapping[str, str]) -> str:
    """The limit of a row; any, where it cannot be read, which is noted."""
    unit = wording.meant(wording.UNITS, cells["limit_unit"])
    if unit is None:
        sentence = _("“%(word)s” is not a unit of limits; known are %(words)s.")
        told = _told(cells["limit_unit"], wording.UNITS)
        reading.note(reading.conditions, row, "limit_unit", sentence % told)
    try:
        return str(workclock.parse_limit(f"{cells['limit']} {unit or 'min'}"))
    except ValueError:
        sentence = _("“%(word)s” is not an amount of time; write a number above 0.")
        reading.note(reading.conditions, row, "limit", sentence % {"word": cells["limit"][:40]})
        return "1 min"


def _classes(
    reading: _Reading, conditions: Mapping[tuple[str, str], list[tuple[int, ConditionFact]]]
) -> list[ClassFact]:
    made: list[ClassFact] = []
    sheet, named = reading.classes, set()
    for row, cells in sheet.rows:
        kind = _meant(reading, sheet, row, "kind", cells, wording.KINDS)
        found = conditions.get((kind, cells["code"]), [])
        named.add((kind, cells["code"]))
        fields: dict[str, Any] = {name: cells.get(name, "") for name in CLASSES} | {
            "kind": kind,
            "unit_kind": _meant(reading, sheet, row, "unit_kind", cells, reading.kinds),
            "supervisor_kind": _meant(reading, sheet, row, "supervisor_kind", cells, reading.kinds),
            "grid": _meant(reading, sheet, row, "grid", cells, wording.GRID),
            "local": bool(_meant(reading, sheet, row, "local", cells, wording.LOCAL)),
        }
        _remember(reading, len(made), row, found)
        made.append(with_conditions(fields, [one for _row, one in found]))
    for of, rows in conditions.items():
        if of not in named:
            sentence = _("There is no class %(code)s on the sheet of classes.") % {"code": of[1] or "—"}
            reading.note(reading.conditions, rows[0][0], "code", sentence)
    return made


def _remember(reading: _Reading, index: int, row: int, conditions: Sequence[tuple[int, ConditionFact]]) -> None:
    """Where each cell of a class stands, for what is found wrong later."""
    for name in CLASSES:
        reading.places[index, name, ""] = (reading.classes, row, name)
    for at, one in conditions:
        for name, column in (
            ("condition", "condition"),
            ("filing", "filing_zh"),
            ("closing", "closing_zh"),
            ("limit", "limit"),
        ):
            reading.places[index, name, one.key] = (reading.conditions, at, column)


def _meant(
    reading: _Reading, sheet: _Sheet, row: int, column: str, cells: Mapping[str, str], words: Mapping[str, Text]
) -> str:
    """What a cell means; "" for an empty one and for one that means nothing, which is noted."""
    text = cells.get(column, "")
    key = wording.meant(words, text) if text else ""
    if key is None or (column == "kind" and not key):
        if len(words) > FEW:
            told = {"word": text[:40], "sheet": wording.word(wording.SHEETS, "notes")}
            sentence = _("“%(word)s” is not possible here; the sheet “%(sheet)s” lists what is.") % told
        else:
            sentence = _("“%(word)s” is not possible here; known are %(words)s.") % _told(text, words)
        reading.note(sheet, row, column, sentence)
    return key or ""


def _told(word: str, words: Mapping[str, Text]) -> dict[str, str]:
    return {"word": word[:40], "words": wording.listed(words)}


def _text(cell: object) -> str:
    """A cell as text, without what a database refuses."""
    if cell is None or cell is False:
        return ""
    if cell is True:
        return wording.word(wording.LOCAL, "local")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time | timedelta):
        return str(cell)
    text = str(cell).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def _letter(number: int) -> str:
    """The letter of a column, A for 0."""
    above, within = divmod(number, 26)
    return f"{_letter(above - 1) if above else ''}{chr(65 + within)}"


def _wrong(sentence: str | Promise) -> BadInput:
    return BadInput(sentence, field="file")
