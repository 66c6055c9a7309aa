"""A paper with a block of every kind, full of what somebody might try, and what tests read out of files."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from pypdf import PdfReader

from gezhi.modules.documents.paper import Figures, Pairs, Paper, Picture, Pictures, Proof, Table, Words
from tests.town import jpeg

AT = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
HOSTILE = '#eval("1+1") *b* $x$ @r <l> #image("/etc/passwd") {{ 7*7 }} {% for %} & < > \x00\x1b'
SHOWN = '#eval("1+1") *b* $x$ @r <l> #image("/etc/passwd") {{ 7*7 }} {% for %} & < >'
PAPER = Paper(
    title="督查通报",
    issuer="测试指挥中心",
    number="测城督〔2026〕1号",
    lead="关于超时案件的通报",
    blocks=(
        Words("一、情况", ("本月立案 3182 件。", HOSTILE)),
        Figures("二、数字", (("按时办结", "96.4 %", "2,904 / 3,012"),)),
        Pairs("三、要求", (("期限", "2026-03-10\n17:00"),)),
        Table("四、清单", ("编号", "单位"), (("A-1", "水务局"), ("A-2", HOSTILE)), note="按工作时间计算"),
        Pictures("五、照片", (Picture(jpeg(), "处置前"),)),
    ),
    link="http://example.org/x",
    link_words="扫码核验",
    proof=Proof("过程均在留痕链上", "case:1", "ab" * 32),
    notes=("人员均为虚构",),
    signed=("测试指挥中心", "2026年3月5日"),
)


def read(pdf: bytes) -> PdfReader:
    """A PDF, opened by somebody else's reader."""
    return PdfReader(io.BytesIO(pdf), strict=True)


def words(pdf: bytes) -> str:
    """All text of a PDF, without spaces and line ends."""
    return "".join("".join(page.extract_text() for page in read(pdf).pages).split())
