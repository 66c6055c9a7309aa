"""Translations made ready: every `.po` of the package compiled to the `.mo` beside it, with Babel, not gettext.

`python -m gezhi.lib.messages` compiles what changed. The wheel carries the `.mo` files; they are never committed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent


def compile_messages(root: Path = PACKAGE) -> list[Path]:
    """Compile each `.po` under `root` that is newer than its `.mo`; the `.mo` files written."""
    written = []
    for source in sorted(root.rglob("LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, abort_invalid=True)
        half_made = target.with_suffix(".mo.new")
        with half_made.open("wb") as binary:
            write_mo(binary, catalogue)
        half_made.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_messages():
        sys.stdout.write(f"compiled {path.relative_to(PACKAGE)}\n")
