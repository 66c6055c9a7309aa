"""The chain of one subject: each entry's hash covers the hash of the one before it.

`entry_hash` is SHA-256 over the canonical JSON object with the keys at, body, by, kind, prev (hex or null), seq,
subject and v (1). Sequence numbers start at 1. The chain shows a change, a gap, a swap, an insertion; that the *last*
entries of a subject were cut off shows only against something kept elsewhere: `heads`, or the day's signed root.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from gezhi.engines.chain.canonical import CanonicalError, canonical

VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One trace: what the ledger stores. `prev` and `hash` are 32 bytes; `prev` is None for the first."""

    subject: str
    seq: int
    at: datetime
    kind: str
    by: str
    body: Mapping[str, Any]
    prev: bytes | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold. `fault`: first | changed | missing | repeated | unlinked | cut | unreadable."""

    subject: str
    seq: int
    fault: str
    sentence: str


def entry_hash(
    prev: bytes | None, subject: str, seq: int, *, at: datetime, kind: str, by: str, body: Mapping[str, Any]
) -> bytes:
    """The 32-byte hash of an entry. Raises CanonicalError when the body has no canonical form."""
    before = None if prev is None else prev.hex()
    whole = {
        "at": at,
        "body": body,
        "by": by,
        "kind": kind,
        "prev": before,
        "seq": seq,
        "subject": subject,
        "v": VERSION,
    }
    return sha256(canonical(whole)).digest()


class Verifier:
    """Checks entries as they stream by; subjects may be mixed, the entries of one subject come in their order."""

    def __init__(self) -> None:
        self.heads: dict[str, tuple[int, bytes]] = {}
        self.entries = 0

    def check(self, entry: Entry) -> list[Break]:
        """What is wrong with this entry, given those before it; goes on from it, so one fault is told once."""
        self.entries += 1
        last, head = self.heads.get(entry.subject, (0, None))
        found = [*self._order(entry, last, head), *self._content(entry)]
        self.heads[entry.subject] = (entry.seq, entry.hash)
        return found

    def missing(self, heads: Mapping[str, tuple[int, bytes]]) -> list[Break]:
        """Compare with heads kept elsewhere ({subject: (last seq, hash)}): subjects cut short or gone altogether."""
        found = []
        for subject, (seq, kept) in sorted(heads.items()):
            last, head = self.heads.get(subject, (0, b""))
            if last < seq:
                found.append(
                    Break(subject, seq, "cut", f"The trace of {subject} ends at {last}; it had reached {seq}.")
                )
            elif last == seq and head != kept:
                found.append(Break(subject, seq, "changed", f"Entry {seq} of {subject} is not the one that was kept."))
        return found

    def _order(self, entry: Entry, last: int, head: bytes | None) -> list[Break]:
        where = f"Entry {entry.seq} of {entry.subject}"
        if entry.seq <= last:
            return [_broken(entry, "repeated", f"{where} comes after entry {last}.")]
        if entry.seq > last + 1:
            gone = f"{last + 1}" if entry.seq == last + 2 else f"{last + 1} to {entry.seq - 1}"
            return [_broken(entry, "missing", f"{where} follows a gap: {gone} missing.")]
        if entry.prev == head:
            return []
        if last == 0:
            return [_broken(entry, "first", f"{where} is the first, yet it names one before it.")]
        return [_broken(entry, "unlinked", f"{where} does not follow from entry {last}.")]

    def _content(self, entry: Entry) -> list[Break]:
        where = f"Entry {entry.seq} of {entry.subject}"
        try:
            real = entry_hash(
                entry.prev, entry.subject, entry.seq, at=entry.at, kind=entry.kind, by=entry.by, body=entry.body
            )
        except CanonicalError as error:
            return [_broken(entry, "unreadable", f"{where} cannot be read: {error}")]
        return [] if real == entry.hash else [_broken(entry, "changed", f"{where} was changed after it was written.")]


def verify(entries: Iterable[Entry], heads: Mapping[str, tuple[int, bytes]] | None = None) -> list[Break]:
    """All breaks of a stream of entries (empty: it holds), and against `heads` where they are given."""
    verifier = Verifier()
    found = [fault for entry in entries for fault in verifier.check(entry)]
    return found + verifier.missing(heads) if heads else found


def _broken(entry: Entry, fault: str, sentence: str) -> Break:
    return Break(entry.subject, entry.seq, fault, sentence)
