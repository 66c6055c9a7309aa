"""XLSX by xlsxwriter: rows written as they come, in constant memory. Reading tables stays with python-calamine.

A text is always a text: one that begins like a formula (= + - @) is written as words and marked so (the quote prefix),
and nothing is guessed to be a number or a link. Moments are written in the zone in force. The same rows and the same
`at` give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone

from gezhi.modules.documents import policies
from gezhi.modules.documents.wording import clean

Value = str | int | float | Decimal | bool | date | datetime | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # how what a spreadsheet would take for a formula begins
EXACT = 10**15  # larger whole numbers lose digits in a spreadsheet
_NAMELESS = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the columns' heads, the rows. `widths` in characters; 16 where none is given."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()


def written(sheets: Sequence[Sheet], *, at: datetime, title: str = "") -> bytes:
    """A workbook of these sheets. Raises TooLarge (rows, columns, a cell's text)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": clean(title), "created": at.astimezone(timezone.get_current_timezone())})
        looks = {
            "head": book.add_format({"bold": True, "bg_color": "#e8eff8", "bottom": 1, "bottom_color": "#1b4b8a"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "quoted": book.add_format({"quote_prefix": True}),
        }
        taken: set[str] = set()
        for number, sheet in enumerate(sheets, start=1):
            _fill(book.add_worksheet(_name(sheet.name, number, taken)), sheet, looks)
    return out.getvalue()


def _name(name: str, number: int, taken: set[str]) -> str:
    """A name the format takes: at most 31 characters, without its own signs, once a book whatever the case."""
    tidy = " ".join(clean(name).translate(_NAMELESS).split())[:31] or f"{number}"
    if tidy.lower() in taken:
        tidy = f"{tidy[:26]} {number}"
    taken.add(tidy.lower())
    return tidy


def _fill(page: Any, sheet: Sheet, looks: dict[str, Any]) -> None:
    policies.check_columns(len(sheet.columns))
    page.freeze_panes(1, 0)
    for column, head in enumerate(sheet.columns):
        page.set_column(column, column, sheet.widths[column] if column < len(sheet.widths) else 16)
        _put(page, 0, column, head, looks, looks["head"])
    count = 0
    for row, values in enumerate(sheet.rows, start=1):
        policies.check_rows(row)
        policies.check_columns(len(values))
        for column, value in enumerate(values):
            _put(page, row, column, value, looks, None)
        count = row
    if sheet.columns and count:
        page.autofilter(0, 0, count, len(sheet.columns) - 1)


def _put(page: Any, row: int, column: int, value: Value, looks: dict[str, Any], look: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value, look)
    elif isinstance(value, datetime):
        local = value.astimezone(timezone.get_current_timezone()).replace(tzinfo=None)
        page.write_datetime(row, column, local, look or looks["moment"])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, look or looks["date"])
    elif isinstance(value, int | float | Decimal) and abs(float(value)) < EXACT:
        page.write_number(row, column, value, look)
    else:
        text = clean(str(value))
        policies.check_cell(text)
        page.write_string(row, column, text, looks["quoted"] if text.startswith(FORMULA) and look is None else look)
