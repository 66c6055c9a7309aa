"""The fonts documents are set in: Noto Sans SC, regular and bold, copied here by the build and shipped in the wheel.

Only these are used, never the machine's: the same data gives the same pages everywhere. Without them Chinese would
come out as empty boxes, so then nothing is printed at all, and a sentence says why.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import typst
from django.utils.translation import gettext_lazy as _

from gezhi.lib.errors import Unavailable

FOLDER = Path(__file__).parent / "fonts"
FAMILY, WEIGHTS = "Noto Sans SC", (400, 700)


def found(folder: Path | None = None) -> typst.Fonts:
    """The fonts, opened once for each process. Raises Unavailable where the build has not brought them."""
    return _opened(folder or FOLDER)


@lru_cache(maxsize=2)
def _opened(folder: Path) -> typst.Fonts:
    opened = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    if {(one.family, one.weight) for one in opened.fonts()} >= {(FAMILY, weight) for weight in WEIGHTS}:
        return opened
    raise Unavailable(
        _("Documents cannot be printed here: their fonts are missing. “make product” brings them; the wheel has them.")
    )
