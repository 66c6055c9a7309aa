"""DOCX by docxtpl: a template with places in it, and data that fills them.

The template of blocks is made here, once for each process, rather than kept as a file nobody can read; a city's own
letterhead is a DOCX with the same places, given to `filled`. Data is escaped and never read as markup or as tags. The
same data and `at` give the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from jinja2.sandbox import SandboxedEnvironment

from gezhi.modules.documents import policies
from gezhi.modules.documents.paper import Block, Figures, Pairs, Paper, Pictures, Table
from gezhi.modules.documents.wording import cleaned

PICTURE = 78  # millimetres: width of a picture in the text
TEXT = 162  # millimetres: width of the text


def of_paper(paper: Paper, *, at: datetime) -> bytes:
    """A document of blocks as DOCX. Raises TooLarge."""
    pictures: dict[str, bytes] = {}
    data = cleaned({**asdict(paper), "blocks": [_block(block, pictures) for block in paper.blocks]})
    policies.check_size(json.dumps(data), pictures)
    return _rendered(_template(), data, at=at, pictures=pictures, widths=[w for b in paper.blocks for w in _widths(b)])


def filled(template: bytes, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """A DOCX of one's own with its places filled. Places are jinja, run in a sandbox; {{ title }} for data["title"].

    Raises TooLarge.
    """
    policies.check_size(json.dumps(cleaned(data)), {})
    return _rendered(template, cleaned(data), at=at)


@lru_cache(maxsize=1)
def _template() -> bytes:
    from gezhi.modules.documents import docx_template

    return docx_template.made()


def _block(block: Block, pictures: dict[str, bytes]) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    if not isinstance(block, Pictures):
        return {"kind": kind, **asdict(block)}
    shown = []
    for one in block.pictures:
        name = f"picture-{len(pictures)}"
        pictures[name] = one.content
        shown.append({"image": name, "caption": one.caption})
    return {"kind": kind, "heading": block.heading, "pictures": shown}


def _widths(block: Block) -> list[Sequence[int]]:
    """Shares of the columns of the table that a block becomes; none for those that become none."""
    if isinstance(block, Table):
        return [block.shares()]
    return [(1, 4)] if isinstance(block, Pairs) else [(2, 1, 2)] if isinstance(block, Figures) else []


def _rendered(
    template: bytes,
    data: dict[str, Any],
    *,
    at: datetime,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
    widths: Sequence[Sequence[int]] = (),
) -> bytes:
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage

    document = DocxTemplate(io.BytesIO(template))
    for block in data["blocks"] if pictures else ():
        for one in block.get("pictures", ()):
            one["image"] = InlineImage(document, io.BytesIO(pictures[one["image"]]), width=Mm(PICTURE))
    document.render(data, SandboxedEnvironment(autoescape=True), autoescape=True)
    for table, shares in zip(document.docx.tables, widths, strict=False):
        table.autofit = False
        for row in table.rows:
            for cell, share in zip(row.cells, shares, strict=False):
                cell.width = Mm(TEXT * share / sum(shares))
    about = document.docx.core_properties
    about.title, about.author, about.last_modified_by, about.comments = str(data.get("title", "")), "", "", ""
    about.created = about.modified = at.astimezone(UTC).replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    return _still(out.getvalue(), at)


def _still(package: bytes, at: datetime) -> bytes:
    """The same parts in a package whose times are all `at`: packing must not read a clock."""
    moment = max(at.astimezone(UTC), datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            held = zipfile.ZipInfo(part.filename, moment)
            held.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(held, old.read(part))
    return out.getvalue()
