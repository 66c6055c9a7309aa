"""Storing photos: judged and re-encoded first, then on the disk, then in the database — never the other way round.

So a row always has its content. A content without a row (the caller's transaction was rolled back) is harmless and is
removed by `sweep`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction

from gezhi.lib.actor import Actor
from gezhi.modules.files import disk, events, images, policies
from gezhi.modules.files.models import File
from gezhi.modules.files.queries import StoredFile, file_view
from gezhi.modules.ledger import operations as ledger

SETTLED = timedelta(hours=1)  # no upload's transaction takes longer
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Prepared:
    """A judged and re-encoded photo that is nowhere yet; make it before taking locks, because it takes time."""

    sha256: str
    image: images.CleanImage


def prepare(*, stream: BinaryIO, field: str = "photos") -> Prepared:
    """Read at most 20 MB from `stream` and re-encode it: no database, no disk.

    Raises TooLarge (bytes, pixels), BadInput (not a photo, damaged, empty).
    """
    image = images.clean(_read(stream, field), field=field)
    return Prepared(hashlib.sha256(image.content).hexdigest(), image)


@transaction.atomic
def record(*, prepared: Prepared, by: Actor, now: datetime) -> StoredFile:
    """Store a prepared photo; equal content is stored once. Raises Unavailable (disk full), and stores nothing then."""
    known = File.objects.filter(sha256=prepared.sha256).first()
    if known is not None:
        return file_view(known)
    image = prepared.image
    disk.write(prepared.sha256, image.content, image.thumbnail)
    row, created = File.objects.get_or_create(
        sha256=prepared.sha256,
        defaults={
            "kind": images.KIND,
            "size": len(image.content),
            "width": image.width,
            "height": image.height,
            "stored_at": now,
            "stored_by": by.ref,
        },
    )
    if created:
        body = {"size": row.size, "width": row.width, "height": row.height}
        ledger.append(subject=f"file:{row.sha256}", kind=events.STORED, by=by, now=now, body=body)
    return file_view(row)


def store(*, stream: BinaryIO, by: Actor, now: datetime, field: str = "photos") -> StoredFile:
    """`prepare` and `record` one photo; errors of both."""
    return record(prepared=prepare(stream=stream, field=field), by=by, now=now)


def prepare_many(*, streams: Sequence[BinaryIO], field: str = "photos") -> list[Prepared]:
    """All of one move's photos, at most nine, or none. Errors as `prepare`; BadInput beyond nine."""
    policies.check_count(len(streams), field=field)
    return [prepare(stream=stream, field=field) for stream in streams]


@transaction.atomic
def record_many(*, prepared: Sequence[Prepared], by: Actor, now: datetime) -> list[StoredFile]:
    """All of one move's photos, in the order given, or none. Errors as `record`."""
    return [record(prepared=one, by=by, now=now) for one in prepared]


def sweep(*, now: datetime) -> int:
    """Remove contents that no row names and writes that were cut off, once an hour old; returns how many files went."""
    old = list(disk.stored(before=now - SETTLED))
    removed = 0
    for start in range(0, len(old), 1_000):
        part = old[start : start + 1_000]
        wanted = {sha256 for sha256, _path in part if sha256}
        known = set(File.objects.filter(sha256__in=wanted).values_list("sha256", flat=True))
        for sha256, path in part:
            if sha256 not in known:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _read(stream: BinaryIO, field: str) -> bytes:
    parts, size = [], 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        policies.check_bytes(size, field=field)
        parts.append(chunk)
    return b"".join(parts)
