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

Cell = str | int | float | bool | datetime | date | None
SHEETS = {".xlsx", ".xlsm", ".xls", ".ods"}
_LONGEST_CELL = 10_000_000  # characters


class TableProblem(ValueError):
    """A file that cannot be read; the message is a sentence."""


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


def open_table(path: Path, *, encoding: str, sheet: str | None = None) -> Table:
    """Open a file by its name's ending. Raises TableProblem, also while its rows are read."""
    names = [s.lower() for s in path.suffixes]
    kind = names[-2] if names[-1:] == [".gz"] and len(names) > 1 else (names or [""])[-1]
    if not path.is_file():
        raise TableProblem(f"There is no file “{path}”.")
    if path.stat().st_size == 0:
        raise TableProblem(f"“{path}” is empty: it has not even headings.")
    try:
        if kind == ".parquet":
            return _parquet(path)
        if kind in SHEETS:
            return _sheet(path, sheet)
        if kind in {".csv", ".tsv", ".txt"}:
            return _csv(path, encoding, "\t" if kind == ".tsv" else ",")
    except OSError as fault:
        raise TableProblem(f"“{path}” cannot be read: {fault.strerror or fault}.") from None
    raise TableProblem(f"“{path.name}” is of no kind that is read here: .csv, .csv.gz, .xlsx, .parquet.")


def _csv(path: Path, encoding: str, delimiter: str) -> Table:
    try:
        opener = gzip.open if path.suffix.lower() == ".gz" else open
        file = TextIOWrapper(cast("IO[bytes]", opener(path, "rb")), encoding=encoding, newline="")
    except LookupError:
        raise TableProblem(f"The map names the encoding “{encoding}”, which does not exist.") from None
    csv.field_size_limit(_LONGEST_CELL)
    lines = _csv_lines(file, path, encoding, delimiter)
    _line, first = next(lines, (1, None))
    if first is None:
        raise TableProblem(f"“{path}” is empty: it has not even headings.")
    return Table(_headings(first, path), (Row(line, n, cells) for n, (line, cells) in enumerate(lines, 1)))


def _csv_lines(file: TextIOWrapper, path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(the line a record begins on, its cells); blank lines are nothing."""
    with file:
        reader = csv.reader(file, delimiter=delimiter)
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError:
                sentence = f"“{path}” is not written in {encoding} near line {begins}; name its encoding in the map."
                raise TableProblem(sentence) from None
            except csv.Error as fault:
                raise TableProblem(f"Line {begins} of “{path}” is not CSV: {fault}.") from None
            except (OSError, EOFError) as fault:
                raise TableProblem(f"“{path}” is damaged near line {begins}: {fault}.") from None
            if cells:
                yield begins, cells


def _sheet(path: Path, wanted: str | None) -> Table:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if wanted is not None and wanted not in names:
            raise TableProblem(f"“{path}” has no sheet “{wanted}”; it has {', '.join(names)}.")
        sheet = book.get_sheet_by_name(wanted or names[0])
        above = sheet.start[0] if sheet.start else 0
        rows = sheet.to_python(skip_empty_area=True)
    except (CalamineError, IndexError) as fault:
        raise TableProblem(f"“{path}” is not a spreadsheet that can be read: {fault}.") from None
    if not rows:
        raise TableProblem(f"“{path}” is empty: it has not even headings.")
    body = ((line, cells) for line, cells in enumerate(rows[1:], above + 2) if any(c != "" for c in cells))
    return Table(
        _headings([str(cell) for cell in rows[0]], path),
        (Row(line, n, [_whole(c) for c in cells]) for n, (line, cells) in enumerate(body, 1)),
        len(rows) - 1,
    )


def _whole(cell: object) -> Cell:
    """Spreadsheets know no whole numbers: 72687.0 means 72687."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cast("Cell", cell)


def _parquet(path: Path) -> Table:
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as fault:
        raise TableProblem(f"“{path}” is not a Parquet file that can be read: {str(fault).splitlines()[0]}") from None

    def rows() -> Iterator[Row]:
        number = 0
        for batch in file.iter_batches(batch_size=5_000):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield Row(number, number, cells)

    return Table(_headings(list(file.schema_arrow.names), path), rows(), file.metadata.num_rows)


def _headings(cells: Sequence[str], path: Path) -> tuple[str, ...]:
    headings = tuple(cell.strip() for cell in cells)
    twice = sorted({name for name in headings if name and headings.count(name) > 1})
    if twice:
        raise TableProblem(f"“{path}” has the heading “{twice[0]}” twice.")
    return headings
