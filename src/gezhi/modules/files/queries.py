"""Reads of the room files. A view asks the owner of a file (the case) whether it may be seen, then opens it here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from gezhi.lib.errors import NotThere
from gezhi.modules.files import disk
from gezhi.modules.files.models import File


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored photo: `kind` is its media type, `size` bytes, edges in pixels."""

    id: int
    sha256: str
    kind: str
    size: int
    width: int
    height: int


def file_view(row: File) -> StoredFile:
    """The dataclass of a row."""
    return StoredFile(row.id, row.sha256, row.kind, row.size, row.width, row.height)


def file(file_id: int) -> StoredFile:
    """One file. Raises NotThere."""
    row = File.objects.filter(id=file_id).first()
    if row is None:
        raise NotThere(_("There is no such file."))
    return file_view(row)


def file_of(sha256: str) -> StoredFile:
    """The file of this content. Raises NotThere."""
    row = File.objects.filter(sha256=sha256).first()
    if row is None:
        raise NotThere(_("There is no such file."))
    return file_view(row)


def files(ids: Iterable[int]) -> dict[int, StoredFile]:
    """id → file, for those that exist; one statement."""
    return {row.id: file_view(row) for row in File.objects.filter(id__in=set(ids))}


def ids_of(hashes: Iterable[str]) -> dict[str, int]:
    """SHA-256 → id, for the contents that are stored; one statement."""
    return dict(File.objects.filter(sha256__in=set(hashes)).values_list("sha256", "id"))


def open_content(stored: StoredFile, *, thumbnail: bool = False) -> BinaryIO:
    """The photo, or its thumbnail (JPEG, at most 320 pixels), open for reading; the caller closes it.

    Raises NotThere where the disk no longer has it.
    """
    try:
        return disk.path_of(stored.sha256, thumbnail=thumbnail).open("rb")
    except FileNotFoundError as gone:
        raise NotThere(_("There is no such file.")) from gone
