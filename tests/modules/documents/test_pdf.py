"""PDF: what was typed is in it as words; the same data is the same file; what cannot be is a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gezhi.lib.errors import TooLarge, Unavailable
from gezhi.modules.documents import fonts, pdf, qr
from gezhi.modules.documents.paper import Paper, Table, Words
from tests.modules.documents.papers import AT, PAPER, SHOWN, read, words

ROOT = Path(__file__).parents[3]


def person(**changes: Any) -> dict[str, Any]:
    """Somebody on a poster."""
    given = {
        "name": "试东一",
        "title": "专职网格员",
        "over": "",
        "duties": ["每日巡查网格", "走访住户"],
        "phone": "025-0555-0001",
        "note": "",
        "photo": "",
        "initial": "试",
        "invented": "（虚构）",
    }
    return given | changes


def cards(count: int) -> dict[str, Any]:
    """Data of contact cards."""
    one = {
        "title": "东社区第1网格",
        "language": "zh",
        "place": "测试区",
        "people": [person()],
        "vacant": "",
        "hotline": {"label": "热线", "number": "12345"},
        "qr": qr.rows("http://example.org/grids/1"),
        "address": "http://example.org/grids/1",
        "heading": "联系卡",
        "scan": "扫码",
    }
    return {"title": "联系卡", "issuer": "", "language": "zh", "cards": [one] * count}


def test_every_block_is_printed_and_nothing_typed_is_markup() -> None:
    made = pdf.of_paper(PAPER, at=AT)
    assert made.startswith(b"%PDF-")
    said = words(made)
    for expected in (
        "督查通报",
        "测城督〔2026〕1号",
        "本月立案3182件",
        "96.4%",
        "水务局",
        "处置前",
        "过程均在留痕链上",
    ):
        assert expected in said
    assert "".join(SHOWN.split()) in said
    assert read(made).metadata.title == "督查通报"


def test_the_same_data_is_the_same_file_and_another_moment_another() -> None:
    assert pdf.of_paper(PAPER, at=AT) == pdf.of_paper(PAPER, at=AT)
    assert pdf.of_paper(PAPER, at=AT) != pdf.of_paper(PAPER, at=AT + timedelta(days=1))


def test_a_long_table_goes_over_pages_with_its_head_on_each() -> None:
    rows = tuple((f"编号{n}", "单位") for n in range(120))
    made = pdf.of_paper(Paper("表", (Table("清单", ("编号", "责任单位"), rows),)), at=AT)
    pages = read(made).pages
    assert len(pages) > 2
    assert all("责任单位" in page.extract_text() for page in pages)


def test_only_our_fonts_are_used() -> None:
    named = set(re.findall(rb"/BaseFont\s*/([\w+-]+)", pdf.printed("cards", cards(1), at=AT)))
    assert named
    assert all(b"NotoSansSC" in name for name in named)


def test_without_fonts_there_is_a_sentence_and_no_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    with pytest.raises(Unavailable, match="fonts are missing"):
        pdf.of_paper(PAPER, at=AT)


def test_too_much_is_refused() -> None:
    with pytest.raises(TooLarge, match="too much for one document"):
        pdf.of_paper(replace(PAPER, blocks=(Words("", ("长" * 1_100_000,)),)), at=AT)


def test_a_card_is_a_page_and_sheets_show_each_ten_times() -> None:
    made = pdf.printed("cards", cards(2), at=AT, tagged=False)
    assert len(read(made).pages) == 2
    assert words(made).count("025-0555-0001") == 2
    sheets = pdf.cut_sheets(made, 2, copies=3, size=(90, 54), title="卡", language="zh", at=AT)
    assert len(read(sheets).pages) == 6
    assert words(sheets).count("025-0555-0001") == 6 * 10


def test_ten_thousand_cards_are_one_small_file() -> None:
    made = pdf.printed("cards", cards(1), at=AT, tagged=False)
    sheets = pdf.cut_sheets(made, 1, copies=1000, size=(90, 54), title="卡", language="zh", at=AT)
    assert len(read(sheets).pages) == 1000
    assert len(sheets) < 2_000_000


def test_the_colours_are_the_pages_colours() -> None:
    kit = (pdf.TEMPLATES / "kit.typ").read_text(encoding="utf-8")
    tokens = (ROOT / "web" / "src" / "styles" / "tokens.css").read_text(encoding="utf-8")
    named = dict(re.findall(r'#let ([\w-]+) = rgb\("(#[0-9a-f]{6})"\)', kit))
    assert len(named) > 10
    assert set(named.values()) <= set(re.findall(r"#[0-9a-f]{6}", tokens))


def test_templates_read_no_file_and_fetch_nothing() -> None:
    """What a template loads are the kit, the data, and the pictures handed along with it."""
    for file in pdf.TEMPLATES.glob("*.typ"):
        text = file.read_text(encoding="utf-8")
        assert "@preview" not in text, file.name
        assert not re.findall(r"\b(?:read|csv|yaml|toml|xml|cbor|plugin)\(", text), file.name
        assert set(re.findall(r'import "([^"]+)"', text)) <= {"kit.typ"}
