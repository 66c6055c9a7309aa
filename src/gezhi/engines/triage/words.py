"""Words as numbers: one spelling for both scripts, then character features by NumPy, thousands of texts a second.

`spelled` keeps the length of a text, so that a position in it is a position in the original. Features are runs of up to
three characters and pairs of characters near each other, whatever their order; Chinese needs no word list for this, and
a word never seen is still known by its characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

LONGEST = 2_000  # characters of a text that are read; the matter stands at the beginning
NEAR = 24  # how far apart the two characters of a pair may stand

Keys = NDArray[np.uint64]
Rows = NDArray[np.int64]


@cache
def _table() -> dict[int, int]:
    """Code point → code point: traditional to simplified, full width to half, capitals to small, every digit to 0."""
    lines = files("gezhi.engines.triage").joinpath("traditional.txt").read_text("utf-8").splitlines()
    table = {ord(old): ord(new) for old, new in zip(lines[1], lines[2], strict=True)}
    table |= {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
    table |= {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
    return table | {code: code - 0xFEE0 + 32 for code in range(0xFF21, 0xFF3B)}


@cache
def _digits() -> dict[int, int]:
    digits = [*range(ord("0"), ord("9") + 1), *range(0xFF10, 0xFF1A)]
    return _table() | {code: ord("0") for code in digits}


def spelled(text: str) -> str:
    """The text in one spelling: simplified, half width, small letters. As long as the original."""
    return text.translate(_table())


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint64], Rows]:
    """All characters of all texts in a row, and the text each belongs to. Half characters (surrogates) pass."""
    cut = [text[:LONGEST] for text in texts]
    raw = "".join(cut).translate(_digits()).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(raw, np.uint32).astype(np.uint64)
    return codes, np.repeat(np.arange(len(cut)), [len(text) for text in cut])


def runs_of(texts: Sequence[str], longest: int = 3) -> tuple[Rows, Keys]:
    """(text, key) of every run of one to `longest` (at most 3) characters; a key holds 21 bits a character."""
    codes, rows = _codes(texts)
    found_rows, found = [rows], [codes]
    key = codes
    for more in range(1, longest):
        if len(codes) <= more:
            break
        key = (key[:-1] << np.uint64(21)) | codes[more:]
        within = rows[:-more] == rows[more:]
        found_rows.append(rows[:-more][within])
        found.append(key[within])
    return np.concatenate(found_rows), np.concatenate(found)


def pairs_of(texts: Sequence[str], near: int = NEAR) -> tuple[Rows, Keys]:
    """(text, key) of every pair of different characters at most `near` apart, in no order."""
    codes, rows = _codes(texts)
    found_rows: list[Rows] = []
    found: list[Keys] = []
    for apart in range(1, min(near, len(codes) - 1) + 1):
        within = rows[:-apart] == rows[apart:]
        if not within.any():
            break
        one, other = codes[:-apart][within], codes[apart:][within]
        found_rows.append(rows[:-apart][within])
        found.append((np.minimum(one, other) << np.uint64(21)) | np.maximum(one, other))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.uint64)
    return np.concatenate(found_rows), np.concatenate(found)
