"""Where contents lie: `<GEZHI_FILES>/ab/cd/<sha256>.jpg`, its thumbnail beside it as `<sha256>.320.jpg`.

A content is written under a temporary name, brought to the disk, then renamed: a reader sees all of it or nothing.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gezhi.lib.errors import Unavailable

_STORED = re.compile(r"^(?P<sha256>[0-9a-f]{64})(\.320)?\.jpg$")
_PARTIAL = ".partial"


def path_of(sha256: str, *, thumbnail: bool = False) -> Path:
    """The file's place, whether or not it is there. Raises ValueError on anything but 64 hex digits."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256")
    suffix = ".320.jpg" if thumbnail else ".jpg"
    return Path(settings.GEZHI_FILES) / sha256[:2] / sha256[2:4] / f"{sha256}{suffix}"


def write(sha256: str, content: bytes, thumbnail: bytes) -> None:
    """Put both files in place, or neither. Raises Unavailable (disk full, not writable)."""
    placed: list[Path] = []
    try:
        for path, what in ((path_of(sha256, thumbnail=True), thumbnail), (path_of(sha256), content)):
            new = not path.exists()
            _write_whole(path, what)
            if new:
                placed.append(path)
    except OSError as full:
        for path in placed:
            path.unlink(missing_ok=True)
        raise Unavailable(_("The photo could not be stored: the server's disk is full or not writable.")) from full


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=_PARTIAL)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable, where the file system knows how."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def stored(*, before: datetime) -> Iterator[tuple[str | None, Path]]:
    """(sha256, path) of every content and thumbnail written before then; (None, path) of writes that were cut off."""
    root = Path(settings.GEZHI_FILES)
    for path in root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        known = _STORED.match(path.name)
        if known or path.name.endswith(_PARTIAL):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    yield (known["sha256"] if known else None), path
