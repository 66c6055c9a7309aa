"""Foreign files as rows of cells: CSV (also .gz), spreadsheets, Parquet. What the cells mean is not known here.

A file is read row by row (Parquet in batches), so its size does not matter. Whatever cannot be read is a TableProblem
with the line.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext as _

from gezhi.interfaces.jobs.importing_guard import TableProblem, encoding_of
from gezhi.modules.switches.profiles import AUTO

Cell = str | int | float | bool | datetime | date | None
SHEETS = {".xlsx", ".xlsm", ".xls", ".ods"}
_LONGEST_CELL = 10_000_000  # characters


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `line` is where a person finds it in the file (from 1, headings included), `number` counts from 1
    after the headings. Cells stand in the order of the headings."""

    line: int
    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A file opened: its headings, its rows as they come, and how many there are if that is known."""

    headings: tuple[str, ...]
    rows: Iterator[Row]
    count: int | None = None


@dataclass(frozen=True, slots=True)
class _File:
    """A file, and what it is called in sentences."""

    path: Path
    name: str


def open_table(path: Path, *, encoding: str, sheet: str | None = None, name: str = "", kind: str = "") -> Table:
    """Open a file of a kind (`.csv`), or by its path's ending; sentences call it `name`, or by its path.

    Raises TableProblem, also while its rows are read. `encoding`: as Python names it, or AUTO.
    """
    file = _File(path, name or str(path))
    names = [s.lower() for s in path.suffixes]
    kind = kind or (names[-2] if names[-1:] == [".gz"] and len(names) > 1 else (names or [""])[-1])
    if not path.is_file():
        raise TableProblem(_("There is no file “%(file)s”.") % {"file": file.name})
    if path.stat().st_size == 0:
        raise _empty(file)
    try:
        if kind == ".parquet":
            return _parquet(file)
        if kind in SHEETS:
            return _sheet(file, sheet)
        if kind in {".csv", ".tsv", ".txt"}:
            written = encoding_of(path, file.name) if encoding == AUTO else encoding
            return _csv(file, written, "\t" if kind == ".tsv" else ",")
    except OSError as fault:
        told = {"file": file.name, "fault": fault.strerror or fault}
        raise TableProblem(_("“%(file)s” cannot be read: %(fault)s.") % told) from None
    kinds = ".csv, .csv.gz, .xlsx, .parquet"
    raise TableProblem(
        _("“%(file)s” is of no kind that is read here: %(kinds)s.") % {"file": name or path.name, "kinds": kinds}
    )


def _empty(file: _File) -> TableProblem:
    return TableProblem(_("“%(file)s” is empty: it has not even headings.") % {"file": file.name})


def _csv(file: _File, encoding: str, delimiter: str) -> Table:
    try:
        opener = gzip.open if file.path.suffix.lower() == ".gz" else open
        text = TextIOWrapper(cast("IO[bytes]", opener(file.path, "rb")), encoding=encoding, newline="")
    except LookupError:
        told = {"encoding": encoding}
        raise TableProblem(_("The map names the encoding “%(encoding)s”, which does not exist.") % told) from None
    csv.field_size_limit(_LONGEST_CELL)
    lines = _csv_lines(text, file, encoding, delimiter)
    _line, first = next(lines, (1, None))
    if first is None:
        raise _empty(file)
    return Table(_headings(first, file), (Row(line, n, cells) for n, (line, cells) in enumerate(lines, 1)))


def _csv_lines(text: TextIOWrapper, file: _File, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(the line a record begins on, its cells); blank lines are nothing."""
    with text:
        reader = csv.reader(text, delimiter=delimiter)
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError:
                told = {"file": file.name, "line": begins, "encoding": encoding}
                sentence = _(
                    "“%(file)s” is not written in %(encoding)s near line %(line)d; name its encoding in the map."
                )
                raise TableProblem(sentence % told) from None
            except csv.Error as fault:
                told = {"file": file.name, "line": begins, "fault": fault}
                raise TableProblem(_("Line %(line)d of “%(file)s” is not CSV: %(fault)s.") % told) from None
            except (OSError, EOFError) as fault:
                told = {"file": file.name, "line": begins, "fault": fault}
                raise TableProblem(_("“%(file)s” is damaged near line %(line)d: %(fault)s.") % told) from None
            if cells:
                yield begins, cells


def _sheet(file: _File, wanted: str | None) -> Table:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file.path))
        names = book.sheet_names
        if wanted is not None and wanted not in names:
            told = {"file": file.name, "sheet": wanted, "sheets": ", ".join(names)}
            raise TableProblem(_("“%(file)s” has no sheet “%(sheet)s”; it has %(sheets)s.") % told)
        sheet = book.get_sheet_by_name(wanted or names[0])
        above = sheet.start[0] if sheet.start else 0
        rows = sheet.to_python(skip_empty_area=True)
    except (CalamineError, IndexError) as fault:
        told = {"file": file.name, "fault": str(fault)}
        raise TableProblem(_("“%(file)s” is not a spreadsheet that can be read: %(fault)s.") % told) from None
    if not rows:
        raise _empty(file)
    body = ((line, cells) for line, cells in enumerate(rows[1:], above + 2) if any(c != "" for c in cells))
    return Table(
        _headings([str(cell) for cell in rows[0]], file),
        (Row(line, n, [_whole(c) for c in cells]) for n, (line, cells) in enumerate(body, 1)),
        len(rows) - 1,
    )


def _whole(cell: object) -> Cell:
    """Spreadsheets know no whole numbers: 72687.0 means 72687."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cast("Cell", cell)


def _parquet(sent: _File) -> Table:
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(sent.path)
    except (pyarrow.ArrowException, OSError) as fault:
        told = {"file": sent.name, "fault": str(fault).splitlines()[0]}
        raise TableProblem(_("“%(file)s” is not a Parquet file that can be read: %(fault)s") % told) from None

    def rows() -> Iterator[Row]:
        number = 0
        for batch in file.iter_batches(batch_size=5_000):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield Row(number, number, cells)

    return Table(_headings(list(file.schema_arrow.names), sent), rows(), file.metadata.num_rows)


def _headings(cells: Sequence[str], file: _File) -> tuple[str, ...]:
    headings = tuple(cell.strip() for cell in cells)
    twice = sorted({name for name in headings if name and headings.count(name) > 1})
    if twice:
        told = {"file": file.name, "heading": twice[0][:60]}
        raise TableProblem(_("“%(file)s” has the heading “%(heading)s” twice.") % told)
    return headings
