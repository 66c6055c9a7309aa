"""What a document is made of, whoever prints it: a title, blocks, proof. The same values become PDF or DOCX.

A case's trace, a bulletin, minutes: rooms fill these frozen pieces with words that are ready to be read (translated,
times in words). Words are words: nothing in them is ever taken for markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs under a heading (which may be empty)."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names with values: who, where, until when."""

    heading: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers that stand out, ready to print: (label, value, what it is counted over)."""

    heading: str
    figures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts under their columns; the head repeats on every page. `widths`: shares, worked out if empty."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    widths: tuple[int, ...] = ()

    def shares(self) -> tuple[int, ...]:
        """Share of each column in the width: by its longest text, a Chinese character counting two."""
        return self.widths or tuple(
            min(44, max(5, *(_length(text) for text in column)))
            for column in zip(self.columns, *self.rows[:400], strict=True)
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (JPEG or PNG as the files room keeps it) and what it shows."""

    content: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures in two columns."""

    heading: str
    pictures: tuple[Picture, ...]


Block = Words | Pairs | Figures | Table | Pictures


@dataclass(frozen=True, slots=True)
class Proof:
    """That the ledger stands behind this: the sentence, the chain's subject and head (hex)."""

    sentence: str
    subject: str = ""
    head: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document. `issuer` and `number` stand above the title; `link` is printed as a QR code with `link_words`.

    `signed` stands at the right below the text (who, when), `notes` after it (invented persons, laid grids); `page`
    names a page's number, with {page} and {pages} in it.
    """

    title: str
    blocks: tuple[Block, ...]
    issuer: str = ""
    number: str = ""
    lead: str = ""
    link: str = ""
    link_words: str = ""
    proof: Proof | None = None
    notes: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    page: str = "{page} / {pages}"
    language: Literal["zh", "en"] = "zh"


def _length(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)
