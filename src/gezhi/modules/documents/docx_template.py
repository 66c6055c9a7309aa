"""The DOCX that blocks are laid out in, made with python-docx: page, styles, and docxtpl's tags in their places.

`{%p …%}` takes its paragraph away, `{%tr …%}` its row, `{%tc …%}` its cell: what is left after filling is plain Word.
"""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

INDIGO, INK_2, INK_3, OCHRE = "133868", "435060", "5B6773", "864800"
LATIN, CHINESE = "Noto Sans SC", "Noto Sans SC"
SIZES = {"Normal": 10.5, "Title": 20, "Heading 2": 13, "Caption": 8.5, "Subtitle": 11}


def made() -> bytes:
    """The template as a file."""
    document = Document()
    _page(document)
    for name, size in SIZES.items():
        _style(document.styles[name], size)
    _say(document, "{{ issuer }}    {{ number }}", "Caption")
    _say(document, "{{ title }}", "Title")
    _when(document, "lead", lambda: _say(document, "{{ lead }}", "Subtitle"))
    _tag(document, "for b in blocks")
    _when(document, "b.heading", lambda: _say(document, "{{ b.heading }}", "Heading 2"))
    _blocks(document)
    _tag(document, "endfor")
    _ending(document)
    _foot(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _blocks(document: Any) -> None:
    def words() -> None:
        _tag(document, "for part in b.paragraphs")
        _say(document, "{{ part }}")
        _tag(document, "endfor")

    def table() -> None:
        _lines(document)
        _when(document, "b.note", lambda: _say(document, "{{ b.note }}", "Caption"))

    def pictures() -> None:
        _tag(document, "for one in b.pictures")
        _say(document, "{{ one.image }}")
        _say(document, "{{ one.caption }}", "Caption")
        _tag(document, "endfor")

    _when(document, "b.kind == 'words'", words)
    _when(document, "b.kind == 'pairs'", lambda: _pairs(document, "b.pairs", 2))
    _when(document, "b.kind == 'figures'", lambda: _pairs(document, "b.figures", 3))
    _when(document, "b.kind == 'table'", table)
    _when(document, "b.kind == 'pictures'", pictures)


def _ending(document: Any) -> None:
    _tag(document, "for line in signed")
    _say(document, "{{ line }}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _tag(document, "endfor")
    proof = "{{ proof.sentence }} {{ proof.subject }} {{ proof.head }}"
    _when(document, "proof", lambda: _say(document, proof, "Caption"))
    _when(document, "link", lambda: _say(document, "{{ link_words }} {{ link }}", "Caption"))
    _tag(document, "for line in notes")
    _say(document, "{{ line }}", "Caption", OCHRE)
    _tag(document, "endfor")


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin = section.bottom_margin = Mm(24)


def _style(style: Any, size: float) -> None:
    """One type for all; the East Asian font has to be named apart, or Word takes its own."""
    style.font.name, style.font.size, style.font.italic = LATIN, Pt(size), False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), CHINESE)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    colour = {"Title": INDIGO, "Heading 2": INDIGO, "Caption": INK_3, "Subtitle": INK_2}.get(style.name)
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    style.font.bold = style.name in {"Title", "Heading 2"}


def _say(document: Any, words: str, style: str = "Normal", colour: str = "") -> Any:
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(words)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    return paragraph


def _tag(document: Any, words: str) -> None:
    document.add_paragraph("{%p " + words + " %}")


def _when(document: Any, condition: str, lay: Any) -> None:
    _tag(document, f"if {condition}")
    lay()
    _tag(document, "endif")


def _pairs(document: Any, values: str, columns: int) -> None:
    """A table of a fixed number of columns, one row for each value."""
    table = document.add_table(rows=3, cols=columns, style="Table Grid")
    table.rows[0].cells[0].text = "{%tr for row in " + values + " %}"
    for column in range(columns):
        table.rows[1].cells[column].text = "{{ row[" + str(column) + "] }}"
    table.rows[2].cells[0].text = "{%tr endfor %}"


def _lines(document: Any) -> None:
    """A table with a repeated head and as many columns and rows as the block has."""
    table = document.add_table(rows=4, cols=3, style="Table Grid")
    grid = (
        ("{%tc for name in b.columns %}", "{{ name }}", "{%tc endfor %}"),
        ("{%tr for row in b.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    for line, texts in zip(table.rows, grid, strict=True):
        for cell, text in zip(line.cells, texts, strict=True):
            cell.text = text
    for run in table.rows[0].cells[1].paragraphs[0].runs:
        run.font.bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)


def _foot(document: Any) -> None:
    """The page's number, counted by Word itself."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for field, after in (("PAGE", " / "), ("NUMPAGES", "")):
        counted = OxmlElement("w:fldSimple")
        counted.set(qn("w:instr"), field)
        paragraph._p.append(counted)
        if after:
            paragraph.add_run(after)
