"""Sheets as an XLSX file, by xlsxwriter in constant memory. A text stays a text: what begins like a formula is marked
as words (the quote prefix), so that no spreadsheet ever computes it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the columns' heads, the rows. `widths` in characters; 16 where none is given."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[str]]
    widths: Sequence[int] = ()


def written(sheets: Sequence[Sheet], *, at: datetime, title: str = "") -> bytes:
    """A workbook of these sheets; the same rows and the same `at` give the same bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": title, "created": at})
        head = book.add_format({"bold": True, "bg_color": "#e8eff8", "bottom": 1, "bottom_color": "#1b4b8a"})
        quoted = book.add_format({"quote_prefix": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for column, name in enumerate(sheet.columns):
                width = sheet.widths[column] if column < len(sheet.widths) else 16
                page.set_column(column, column, width)
                page.write_string(0, column, name, head)
            for row, cells in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(cells):
                    if cell:
                        page.write_string(row, column, cell, quoted if cell.startswith(_FORMULA) else None)
    return out.getvalue()
