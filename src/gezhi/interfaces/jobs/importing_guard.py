"""May a file be opened at all? What kind it is by its content, in which letters it is written, what it unpacks to.

A spreadsheet is laid out whole in memory, so a few bytes could ask for all of it: what an archive really holds is
measured before it is opened, whatever its directory says.
"""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from gezhi.lib.errors import BadInput

MOST_UNPACKED, MOST_CELLS = 200_000_000, 4_000_000  # bytes; cells from the first to the last one used
_CHUNK = 1 << 20
_LONGEST_TAG = 400  # bytes of a cell's tag that may lie across two chunks
_CELL = re.compile(rb"<(?:\w+:)?(?:row|c)\b[^<>]*?\sr\s*=\s*[\"']([A-Za-z]*)(\d+)[\"']")
_LOCAL = struct.Struct("<4s5H3I2H")  # the header before each member of an archive
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_LETTERS = ("utf-8", "gb18030")


class TableProblem(BadInput):
    """A file that cannot be read; `str` of it is a sentence."""

    def __init__(self, sentence: object) -> None:
        super().__init__(sentence, field="file")


def kind_of(path: Path, name: str) -> str:
    """`.xlsx` or `.csv`, by the content: what people call a file says little. Raises TableProblem for all else."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        return ".xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableProblem(
            _("“%(file)s” is in the old format of Excel; save it as .xlsx or as CSV, and send that.") % {"file": name}
        )
    if not head:
        raise TableProblem(_("“%(file)s” is empty: it has not even headings.") % {"file": name})
    return ".csv"


def encoding_of(path: Path, name: str) -> str:
    """The encoding that the whole file is written in: UTF-8, UTF-16 (by its mark) or GB18030. Raises TableProblem."""
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((encoding for mark, encoding in _MARKS.items() if head.startswith(mark)), "")
    for encoding in (marked,) if marked else _LETTERS:
        if _reads(path, encoding):
            return encoding
    raise TableProblem(
        _("“%(file)s” is no text that can be read: save it as CSV in UTF-8 or GB18030.") % {"file": name}
    )


def _reads(path: Path, encoding: str) -> bool:
    """Is the whole file text in this encoding, without characters that no text holds?"""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                if "\0\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def check_workbook(path: Path, name: str) -> None:
    """Raises TableProblem where a workbook is no archive, unpacks to too much, or has cells too far away."""
    left = MOST_UNPACKED
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                left = _check_member(file, member, left, name)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, OSError, EOFError, ValueError) as broken:
        if isinstance(broken, TableProblem):
            raise
        raise TableProblem(_("“%(file)s” is not an Excel file that can be read.") % {"file": name}) from None


def _check_member(file: BinaryIO, member: zipfile.ZipInfo, left: int, name: str) -> int:
    """What is left to unpack after this member."""
    columns, rows, rest = 1, 1, b""
    for piece in _unpacked(file, member):
        left -= len(piece)
        if left < 0:
            told = {"file": name, "most": MOST_UNPACKED // 1_000_000}
            raise TableProblem(_("“%(file)s” unpacks to more than %(most)d MB and is refused.") % told)
        rest += piece
        for found in _CELL.finditer(rest):
            columns = max(columns, _column(found[1].upper()))
            rows = max(rows, int(found[2][:9]))
        if columns * rows > MOST_CELLS:
            told = {"file": name, "rows": rows, "columns": columns}
            sentence = _(
                "“%(file)s” is too large a sheet: it reaches to row %(rows)d and column %(columns)d. Delete what is "
                "formatted but empty, divide it, or save it as CSV."
            )
            raise TableProblem(sentence % told)
        rest = rest[-_LONGEST_TAG:]
    return left


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number


def _unpacked(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's content in pieces, as far as its packed bytes go and not as far as the directory says."""
    file.seek(member.header_offset)
    header = _LOCAL.unpack(file.read(_LOCAL.size))
    file.seek(header[9] + header[10], 1)
    if member.flag_bits & 1 or member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise zipfile.BadZipFile("locked, or packed in a way that spreadsheets are not")
    packed = member.compress_size
    inflate = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while packed > 0 and (taken := file.read(min(_CHUNK, packed))):
        packed -= len(taken)
        if inflate is None:
            yield taken
            continue
        while taken and not inflate.eof:
            yield inflate.decompress(taken, _CHUNK)
            taken = inflate.unconsumed_tail
