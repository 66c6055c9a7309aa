"""Files as a hotline's centre hands them over, for tests of bringing them in."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from gezhi.interfaces.jobs import bringing
from tests.town import Town

HEADINGS = ("工单编号", "来电时间", "诉求内容", "小类", "事发地址", "经度", "纬度", "来电人", "联系电话", "满意度")
GOOD = ("2026/02/28 10:00", "路灯不亮，联系我13912345678", "暴露垃圾", "东门", "118.805", "32.005")


def order(number: int, **changes: str) -> list[str]:
    """One order; `changes` by heading."""
    row = [f"GD{number:05d}", *GOOD, f"来电人{number}", f"139{number:08d}", "-"]
    for heading, value in changes.items():
        row[HEADINGS.index(heading)] = value
    return row


def as_csv(rows: Sequence[Sequence[str]], encoding: str = "gb18030", headings: Sequence[str] = HEADINGS) -> bytes:
    """A CSV file of these rows."""
    held = io.StringIO(newline="")
    csv.writer(held).writerows([headings, *rows])
    return held.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """The same as a workbook, the moment as one."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, HEADINGS)
        for n, row in enumerate(rows, 1):
            sheet.write_row(n, 0, row)
            sheet.write_datetime(n, 1, datetime(2026, 2, 28, 10), day)  # noqa: DTZ001
    return held.getvalue()


def reaching(cell: str) -> bytes:
    """A small workbook with one cell far away."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx([order(1)]))) as sound, zipfile.ZipFile(held, "w") as made:
        for name in sound.namelist():
            content = sound.read(name)
            if name.endswith("sheet1.xml"):
                row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                far = f"<row r='{row}'><c r='{cell}'><v>1</v></c></row></sheetData>"
                content = content.replace(b"</sheetData>", far.encode())
            made.writestr(name, content)
    return held.getvalue()


def bomb(megabytes: int, *, lying: bool) -> bytes:
    """A workbook whose sheet unpacks to so much; `lying`: its directory says that it is small."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", b" " * (megabytes * 1_000_000))
        if lying:
            made.filelist[0].file_size = 100
    return held.getvalue()


def sent(town: Town, folder: Path, content: bytes, *, name: str = "热线.csv", who: str = "acceptor") -> int:
    """A file sent by somebody of the town; the import's id."""
    path = folder / "sent.upload"
    path.write_bytes(content)
    return bringing.receive(
        path=path, plan="hotline", name=name, language="en", by=town.who(who), now=town.now
    )  # fmt: skip
