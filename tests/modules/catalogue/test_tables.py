"""The catalogue as a table: out and in again without a difference, every wrong cell named, no file too hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import settings as examples

from gezhi.lib.errors import BadInput, Refusal, TooLarge
from gezhi.modules.catalogue import differences, reading, tables
from gezhi.modules.catalogue.checking import Rules
from gezhi.modules.catalogue.content import ClassFact
from tests.modules.catalogue.catalogue_world import (
    NOW,
    STANDARD,
    Cells,
    a_class,
    catalogues,
    condition,
    file_of,
    read_shipped,
    shipped_cells,
    shipped_facts,
    shipped_kinds,
)

KINDS = {"street": {"zh": "街道", "en": "Street"}, "water": {"zh": "水务", "en": "Water"}, "gas": {"zh": "燃气"}}


@pytest.mark.clause("SZ-5")
@pytest.mark.parametrize(("out", "back"), [("zh-hans", "zh-hans"), ("en", "en"), ("zh-hans", "en")])
def test_the_national_catalogue_comes_back_as_it_went_out(out: str, back: str) -> None:
    with translation.override(back):
        found = read_shipped(file_of(shipped_cells(out)))
    assert (found.troubles, found.standard) == ((), STANDARD)
    assert differences.between(shipped_facts(), found.classes).none
    assert sum(1 for one in found.classes if not one.local) == 153 + 250


@given(catalogues())
@examples(max_examples=40)
def test_any_catalogue_comes_back_as_it_went_out(classes: tuple[ClassFact, ...]) -> None:
    raw = tables.exported("Some standard", classes, KINDS, at=NOW)
    found = reading.read_table(raw, kinds=KINDS, standard="", rules=lambda standard: Rules(list(KINDS), standard))
    assert found.troubles == ()
    assert differences.between(classes, found.classes).none
    assert found.standard == "Some standard"


def test_what_looks_like_a_formula_is_words() -> None:
    one = a_class(name='=HYPERLINK("http://x")', basis="@sum", conditions=(condition(filing="+1", closing="-1"),))
    raw = tables.exported("Own", [one], shipped_kinds(), at=NOW)
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        sheets = [packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in sheet for sheet in sheets)
        assert b"quotePrefix" in packed.read("xl/styles.xml")
    assert read_shipped(raw).classes[0].name == '=HYPERLINK("http://x")'


def spoil(sheet: str, row: int, column: int, text: str) -> Callable[[Cells], None]:
    """Write a text into a cell (row and column from 1)."""

    def done(cells: Cells) -> None:
        cells[sheet][row - 1][column - 1] = text

    return done


WRONG = [
    (spoil("小类", 3, 5, "01001"), "小类", "E3", "01001 stands twice"),
    (spoil("小类", 2, 1, "物件"), "小类", "A2", "“物件” is not possible here; known are Component, Matter"),
    (spoil("小类", 2, 6, ""), "小类", "F2", "needs a name"),
    (spoil("小类", 2, 3, ""), "小类", "C2", "needs its major class"),
    (spoil("小类", 3, 3, "别的名称"), "小类", "C3", "is called “别的名称” here"),
    (spoil("小类", 2, 8, "水利局"), "小类", "H2", "“水利局” is not possible here"),
    (spoil("小类", 2, 9, "供水"), "小类", "I2", "Nobody supervises"),
    (spoil("小类", 2, 10, "也许"), "小类", "J2", "“也许” is not possible here"),
    (spoil("小类", 2, 11, "是"), "小类", "K2", "is a class of GB/T 47678.5-2026, not a local one"),
    (spoil("小类", 2, 5, "01500"), "小类", "E2", "01500 is no class of GB/T 47678.5-2026"),
    (spoil("小类", 2, 6, "名" * 121), "小类", "F2", "At most 120 characters"),
    (spoil("立案条件", 2, 10, "炷香"), "立案条件", "J2", "“炷香” is not a unit of limits"),
    (spoil("立案条件", 2, 9, "0"), "立案条件", "I2", "“0” is not an amount of time"),
    (spoil("立案条件", 2, 9, "两"), "立案条件", "I2", "“两” is not an amount of time"),
    (spoil("立案条件", 2, 2, "77777"), "立案条件", "B2", "There is no class 77777"),
    (spoil("立案条件", 3, 4, "missing"), "立案条件", "D3", "a key of its own"),
    (spoil("立案条件", 2, 7, ""), "立案条件", "G2", "when to file and when to close"),
]


@pytest.mark.parametrize(("change", "sheet", "cell", "words"), WRONG, ids=[w[3] for w in WRONG])
def test_every_wrong_cell_is_named(change: Callable[[Cells], None], sheet: str, cell: str, words: str) -> None:
    cells = deepcopy(shipped_cells())
    if "when to close" in words:
        cells["立案条件"][1][7] = ""
    change(cells)
    found = [(f"{one.sheet} {one.column}{one.row}", one.sentence) for one in read_shipped(file_of(cells)).troubles]
    assert any(where == f"{sheet} {cell}" and words in said for where, said in found), found


def test_codes_that_became_numbers_are_told_as_such() -> None:
    cells: dict[str, list[list[object]]] = {k: [list(r) for r in v] for k, v in shipped_cells("en").items()}
    cells["Classes"][1][4] = 1001
    found = read_shipped(file_of(cells)).troubles
    assert any(one.column == "E" and one.row == 2 and "leading zeros" in one.sentence for one in found)


def test_local_codes_must_run_downward() -> None:
    cells = deepcopy(shipped_cells())
    new = ["事件", "09", "街面秩序类", "Street order", "09050", "本地事项", "Local", "街道办事处", "", "上报", "是", ""]
    cells["小类"].append(new)
    cells["立案条件"].append(["事件", "09050", "", "", "发现", "", "恢复", "", "1", "工作日"])
    assert [one.sentence for one in read_shipped(file_of(cells)).troubles] == [
        "09050 leaves 09097 free: local codes run downward from 99 within their major class."
    ]
    cells["小类"][-1][4] = cells["立案条件"][-1][1] = "09097"
    found = read_shipped(file_of(cells))
    assert found.troubles == ()
    assert [one.key for one in differences.between(shipped_facts(), found.classes).added] == ["E09097"]


def bomb() -> bytes:
    """A small file whose one cell lies at the end of the world."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", '<c r="A1"/><c r="XFD1048576"/>')
    return held.getvalue()


def blown_up() -> bytes:
    """A small file that is large when unpacked."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (reading.UNPACKED + 1))
    return held.getvalue()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", BadInput),
        (b"kind,code\n", BadInput),
        (b"PK\x03\x04 half a file", BadInput),
        (file_of({"小类": [["类型"]]}), BadInput),
        (file_of({"小类": [["类型", "大类代码", "大类名称", "小类代码", "小类名称"]]}), BadInput),
        (file_of({"别的": [["x"]]}), BadInput),
        (bomb(), TooLarge),
        (blown_up(), TooLarge),
        (b"0" * (reading.LARGEST + 1), TooLarge),
    ],
    ids=["empty", "csv", "half", "no-columns", "one-sheet", "other-sheet", "far-cell", "blown-up", "too-large"],
)
def test_a_file_that_is_no_table_of_ours_is_refused(raw: bytes, kind: type[Refusal]) -> None:
    with pytest.raises(kind) as refused:
        read_shipped(raw)
    assert refused.value.field == "file"


def test_a_table_without_classes_says_so() -> None:
    cells = deepcopy(shipped_cells())
    cells["小类"], cells["立案条件"] = cells["小类"][:1], cells["立案条件"][:1]
    assert "There is no class in it" in read_shipped(file_of(cells)).troubles[0].sentence
