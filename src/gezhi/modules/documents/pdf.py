"""PDF by typst: a template of this room, data handed to it as JSON, pictures as files beside it.

Data never becomes markup: templates read the JSON and lay its texts out as texts, whatever they say. Nothing is
fetched, and no file outside a folder made for this one document can be read; that folder holds pictures, never data.
The same arguments give the same bytes: `at` is the only time in it, and the fonts are the room's own.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils.translation import gettext_lazy as _

from gezhi.lib.errors import Unavailable
from gezhi.modules.documents import fonts, policies, qr
from gezhi.modules.documents.paper import Block, Paper, Pictures, Table
from gezhi.modules.documents.wording import cleaned

TEMPLATES = Path(__file__).parent / "typst"


def printed(
    template: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    pictures: Mapping[str, bytes] | None = None,
    tagged: bool = True,
) -> bytes:
    """The PDF of a template (`poster`, `cards`, `paper`). `pictures`: file name → JPEG, PNG, PDF; the data names them.

    `tagged`: with its structure for screen readers; what is only printed can do without. Raises TooLarge
    (data or pictures), Unavailable (no fonts here, disk full).
    """
    return _compiled(template, data, at=at, pictures=pictures or {}, form="pdf", tagged=tagged)[0]


def drawn(
    template: str, data: Mapping[str, Any], *, at: datetime, pictures: Mapping[str, bytes] | None = None, ppi: int = 96
) -> list[bytes]:
    """The same pages as PNG pictures, one each: to be looked at. Errors as `printed`."""
    return _compiled(template, data, at=at, pictures=pictures or {}, form="png", ppi=ppi)


def cut_sheets(
    pages: bytes, count: int, *, copies: int, size: tuple[int, int], title: str, language: str, at: datetime
) -> bytes:
    """A4 sheets to be cut up: each of the `count` pages of a PDF of this size (millimetres) as often as fits on one,
    `copies` sheets of it. However many there are, a page's content is in the file once. Errors as `printed`."""
    across, down = 200 // size[0], 285 // size[1]
    data = {
        "title": title,
        "language": language,
        "pages": count,
        "copies": copies,
        "width": size[0],
        "height": size[1],
        "across": across,
        "down": down,
    }
    return printed("sheets", data, at=at, pictures={"pages.pdf": pages}, tagged=False)


def of_paper(paper: Paper, *, at: datetime) -> bytes:
    """A document of blocks as PDF. Errors as `printed`."""
    pictures: dict[str, bytes] = {}
    data = asdict(paper) | {
        "blocks": [_block(block, pictures) for block in paper.blocks],
        "qr": qr.rows(paper.link) if paper.link else (),
    }
    return printed("paper", data, at=at, pictures=pictures)


def _block(block: Block, pictures: dict[str, bytes]) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    if isinstance(block, Pictures):
        shown = []
        for one in block.pictures:
            name = f"picture-{len(pictures)}.{_ending(one.content)}"
            pictures[name] = one.content
            shown.append({"file": name, "caption": one.caption})
        return {"kind": kind, "heading": block.heading, "pictures": shown}
    found = {"kind": kind, **asdict(block)}
    return found | {"widths": block.shares()} if isinstance(block, Table) else found


def _ending(content: bytes) -> str:
    return "png" if content.startswith(b"\x89PNG") else "jpg"


def _compiled(
    template: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    pictures: Mapping[str, bytes],
    form: Literal["pdf", "png"],
    ppi: int | None = None,
    tagged: bool = True,
) -> list[bytes]:
    known = fonts.found()
    told = json.dumps(cleaned(data), ensure_ascii=False, separators=(",", ":"))
    policies.check_size(told, pictures)
    try:
        with tempfile.TemporaryDirectory(prefix="gezhi-document-") as made_for_it:
            folder = Path(made_for_it)
            for name, content in {"main.typ": _source(template), "kit.typ": _source("kit"), **pictures}.items():
                (folder / Path(name).name).write_bytes(content)
            made = typst.compile(
                folder / "main.typ",
                root=folder,
                format=form,
                ppi=ppi,
                font_paths=known,
                sys_inputs={"data": told},
                timestamp=int(at.timestamp()),
                pdf_tags=tagged,
            )
    except OSError as full:
        raise Unavailable(_("The document could not be made: the server's disk is full or not writable.")) from full
    return made if isinstance(made, list) else [made]


@lru_cache(maxsize=16)
def _source(name: str) -> bytes:
    return (TEMPLATES / f"{name}.typ").read_bytes()
