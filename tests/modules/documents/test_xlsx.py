"""XLSX: read back by two readers, values are what they were, and nothing that begins like a formula is one."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from gezhi.lib.errors import TooLarge
from gezhi.modules.documents import xlsx
from gezhi.modules.documents.xlsx import Sheet
from tests.modules.documents.papers import AT

SHANGHAI = ZoneInfo("Asia/Shanghai")
DANGEROUS = ["=1+1", "+86", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "\n=1"]
PLAIN = ["井盖", "13800138000", "http://example.org", "007", "<b>&", "a\x00b"]


def back(made: bytes) -> Any:
    """The first sheet's rows."""
    return CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()


def test_values_come_back_as_they_were() -> None:
    moment = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    row = [1, 2.5, Decimal("3.25"), True, date(2026, 3, 5), moment, None, *PLAIN, 10**17]
    made = xlsx.written([Sheet("案件", [f"列{n}" for n in range(len(row))], [row])], at=AT)
    head, read = back(made)
    assert head[0] == "列0"
    assert read[:6] == [1, 2.5, 3.25, True, date(2026, 3, 5), moment.astimezone(SHANGHAI).replace(tzinfo=None)]
    assert read[6:] == ["", *PLAIN[:-1], "ab", str(10**17)]


def test_what_looks_like_a_formula_is_a_text_and_marked_so() -> None:
    made = xlsx.written([Sheet("s", ["a"], [[text] for text in DANGEROUS + PLAIN[:2]])], at=AT)
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(made)).worksheets[0].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(cells)
    assert [cell.quotePrefix for cell in cells] == [True] * len(DANGEROUS) + [False] * 2
    assert [row[0] for row in back(made)[1:]] == DANGEROUS + PLAIN[:2]


def test_the_same_rows_are_the_same_file() -> None:
    sheet = Sheet("s", ["a"], [["x"]])
    assert xlsx.written([sheet], at=AT) == xlsx.written([sheet], at=AT)


def test_names_of_sheets_are_made_fit() -> None:
    names = ["案件/2026:*?", "案件 2026", "", "长" * 40, "'quoted'"]
    made = xlsx.written([Sheet(name, ["a"], []) for name in names], at=AT)
    assert CalamineWorkbook.from_filelike(io.BytesIO(made)).sheet_names == [
        "案件 2026",
        "案件 2026 2",
        "3",
        "长" * 31,
        "quoted",
    ]


def test_many_rows_from_a_stream() -> None:
    made = xlsx.written([Sheet("s", ["n", "w"], ((n, "字") for n in range(5000)))], at=AT)
    assert len(back(made)) == 5001


def test_what_a_sheet_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge, match="32,767 characters"):
        xlsx.written([Sheet("s", ["a"], [["长" * 32_768]])], at=AT)
    with pytest.raises(TooLarge, match="16,384 columns"):
        xlsx.written([Sheet("s", ["a"] * 16_385, [])], at=AT)
    monkeypatch.setattr("gezhi.modules.documents.policies.MOST_ROWS", 3)
    with pytest.raises(TooLarge, match="rows"):
        xlsx.written([Sheet("s", ["a"], ([n] for n in range(9)))], at=AT)
