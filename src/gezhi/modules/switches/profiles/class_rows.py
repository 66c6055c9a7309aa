"""Classes of a catalogue as lines of CSV, with the place of each cell.

A CSV has the columns kind, code, zh, en, conditions, unit, supervisor, grid, basis; a later file adds rows or replaces
those with the same kind and code. What the cells mean is told by `classes`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.marked import read_text
from gezhi.modules.switches.profiles.problems import Mark, nearest, quoted

COLUMNS = ("kind", "code", "major", "zh", "en", "conditions", "unit", "supervisor", "grid", "basis", "certainty")
NEEDED = ("kind", "code", "conditions")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a CSV with the place of each cell; places are those of the cells that the file has."""

    cells: dict[str, str]
    marks: dict[str, Mark]

    def mark(self, column: str, otherwise: str) -> Mark:
        """Where a cell stands, or where another one does that each file has."""
        return self.marks.get(column, self.marks[otherwise])


Rows = dict[tuple[str, str], Row]


def lay(book: Book, rows: Rows, path: Path) -> None:
    """Lay the rows of one file over those there are, by kind and code."""
    book.take(path)
    text = read_text(path, str(path), book.notes)
    if text is None:
        return
    own: dict[tuple[str, str], Mark] = {}
    for row in read_rows(book, text, str(path), COLUMNS, NEEDED):
        key = (row.cells["kind"], row.cells["code"])
        if key in own:
            sentence = f"The {key[0]} “{key[1]}” stands twice; the first is in line {own[key].line}. Keep one of them."
            book.notes.add(row.marks["code"], sentence)
            continue
        own[key] = row.marks["code"]
        rows[key] = row


def read_rows(book: Book, text: str, shown: str, columns: Sequence[str], needed: Sequence[str]) -> Iterator[Row]:
    """The lines of a CSV after its heading; a heading that is not right is noted, and then there are none."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = text.splitlines()
    try:
        heading = next(reader, [])
        if not _heading(book, heading, shown, columns, needed):
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
            yield Row(dict(zip(heading, map(str.strip, cells), strict=True)), dict(zip(heading, marks, strict=True)))
    except csv.Error as fault:
        book.notes.add(Mark(shown, max(reader.line_num, 1)), f"This line is not CSV: {fault}.")


def _heading(book: Book, heading: list[str], shown: str, columns: Sequence[str], needed: Sequence[str]) -> bool:
    good = True
    for number, name in enumerate(heading):
        if name not in columns:
            column = len(",".join(heading[:number])) + (2 if number else 1)
            sentence = f"“{name}” is not a column of the catalogue.{nearest(name, columns)}"
            book.notes.add(Mark(shown, 1, column), sentence)
            good = False
    missing = [name for name in needed if name not in heading]
    if missing and good:
        book.notes.add(Mark(shown), f"The heading lacks {quoted(missing)}; it is {','.join(columns)}.")
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
