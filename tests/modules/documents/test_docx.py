"""DOCX: Word's reader finds the words, in styles and tables, and none of the template's tags."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

from docx import Document

from gezhi.modules.documents import docx
from tests.modules.documents.papers import AT, PAPER, SHOWN


def opened(made: bytes) -> Any:
    """The document as python-docx reads it."""
    return Document(io.BytesIO(made))


def test_every_block_is_there_in_its_style() -> None:
    made = opened(docx.of_paper(PAPER, at=AT))
    by_style: dict[str, list[str]] = {}
    for paragraph in made.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert by_style["Title"] == ["督查通报"]
    assert by_style["Heading 2"] == ["一、情况", "二、数字", "三、要求", "四、清单", "五、照片"]
    assert SHOWN in [text.strip() for text in by_style["Normal"]]
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in made.tables]
    assert tables[0] == [["按时办结", "96.4 %", "2,904 / 3,012"]]
    assert tables[1] == [["期限", "2026-03-10\n17:00"]]
    assert [row[0] for row in tables[2]] == ["编号", "A-1", "A-2"]
    assert len(made.inline_shapes) == 1
    assert made.styles["Normal"].font.name == "Noto Sans SC"


def test_nothing_of_the_template_is_left_and_the_package_is_whole() -> None:
    package = zipfile.ZipFile(io.BytesIO(docx.of_paper(PAPER, at=AT)))
    assert package.testzip() is None
    text = package.read("word/document.xml").decode()
    assert "{%" not in text.replace("{% for %}", "")
    assert "水务局" in text


def test_the_same_data_is_the_same_file() -> None:
    assert docx.of_paper(PAPER, at=AT) == docx.of_paper(PAPER, at=AT)
    assert docx.of_paper(PAPER, at=AT) != docx.of_paper(PAPER, at=AT + timedelta(days=1))


def test_a_letterhead_of_ones_own_is_filled() -> None:
    own = Document()
    own.add_paragraph("关于{{ matter }}的函")
    held = io.BytesIO()
    own.save(held)
    made = opened(docx.filled(held.getvalue(), {"matter": "井盖 & <水务>\x00{{ 7*7 }}"}, at=AT))
    assert [p.text for p in made.paragraphs] == ["关于井盖 & <水务>{{ 7*7 }}的函"]
