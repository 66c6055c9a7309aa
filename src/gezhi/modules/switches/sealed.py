"""Files full of personal values, kept for as long as they are worked on: encrypted piece by piece under a key each.

Such a file is never shown and never kept for good: whoever asked for the work forgets it when the work is done, and
what was left behind expires.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.errors import NotThere
from gezhi.modules.switches import keys
from gezhi.modules.switches.models import SealedFile, SealedPart

PIECE = 1 << 20  # bytes


@transaction.atomic
def keep(*, pieces: Iterable[bytes], now: datetime, until: datetime) -> UUID:
    """Keep a file and return its reference; `pieces` are best of PIECE bytes."""
    ref, key = uuid4(), keys.new_person_key()
    SealedFile.objects.create(ref=ref, wrapped=keys.wrap(ref, key), kept_at=now, expires_at=until)
    for number, piece in enumerate(pieces):
        SealedPart.objects.create(file_id=ref, number=number, ciphertext=keys.seal(ref, number, key, piece))
    return ref


def opened(*, ref: UUID, now: datetime) -> Iterator[bytes]:
    """The file, piece by piece. Raises NotThere where it is no longer kept, Unavailable under another master key."""
    kept = SealedFile.objects.filter(ref=ref, expires_at__gt=now).first()
    if kept is None:
        raise NotThere(_("This file is no longer kept. Send it again."))
    key = keys.unwrap(ref, bytes(kept.wrapped))
    for number in range(SealedPart.objects.filter(file_id=ref).count()):
        part = SealedPart.objects.get(file_id=ref, number=number)
        yield keys.unseal(ref, number, key, bytes(part.ciphertext))


def forget(*, ref: UUID) -> None:
    """Delete a file with its key; nothing where it is gone already."""
    SealedFile.objects.filter(ref=ref).delete()


def expire(*, now: datetime) -> int:
    """Delete the files whose time is over; returns how many went."""
    gone, _counts = SealedFile.objects.filter(expires_at__lte=now).delete()
    return gone
