"""The whole proof: every chain, and every signed root over them; of the database, or of a dump of it.

A chain shows a change, a gap, a swap. That the last entries of a subject, or a whole subject, were cut off shows
against the signed roots: each says how many entries there were, and which.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from gezhi.engines import chain
from gezhi.engines.chain import Break
from gezhi.modules.ledger import dumps, queries
from gezhi.modules.ledger.dumps import DumpProblem
from gezhi.modules.ledger.queries import EntryView, RootView

__all__ = ["DumpProblem", "Verified", "export", "of_database", "of_dump"]

Hashes = Callable[[int, int], list[bytes]]
"""(after this id, up to this id) → the hashes of the entries between, in order of id."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at and what does not hold; `keys` are the public keys (hex) that signed the roots."""

    entries: int
    subjects: int
    roots: int
    sealed: int
    keys: tuple[str, ...]
    broken: tuple[Break, ...]


def of_database(*, trusted: Iterable[bytes] = ()) -> Verified:
    """Prove the ledger of this database as it is at one moment. `trusted` are the public keys that may sign."""
    with _one_moment():
        return _verify(queries.stream(), queries.roots(), queries.hashes, frozenset(trusted))


def of_dump(path: Path, *, trusted: Iterable[bytes] = ()) -> Verified:
    """Prove a file written by `dumps.write` or by pg_dump (plain format), offline. Raises dumps.DumpProblem.

    Without `trusted` any key may have signed: compare `keys` with the one you know.
    """
    with dumps.opened(path) as dump:
        return _verify(dump.entries(), dump.roots(), dump.hashes, frozenset(trusted))


@contextmanager
def _one_moment() -> Iterator[None]:
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _verify(stream: Iterable[EntryView], roots: list[RootView], hashes: Hashes, trusted: frozenset[bytes]) -> Verified:
    entries = subjects = 0
    broken: list[Break] = []
    for _subject, group in itertools.groupby(stream, key=lambda entry: entry.subject):
        verifier = chain.Verifier()
        for entry in group:
            broken += verifier.check(queries.as_link(entry))
        entries, subjects = entries + verifier.entries, subjects + 1
    before = 0
    for root in roots:
        broken += _judge(root, before, hashes, trusted)
        before = root.last_id
    keys = tuple(sorted({root.public_key.hex() for root in roots}))
    return Verified(entries, subjects, len(roots), sum(root.count for root in roots), keys, tuple(broken))


def _judge(root: RootView, before: int, hashes: Hashes, trusted: frozenset[bytes]) -> Iterator[Break]:
    """What does not hold of one root: its range, its key, its signature, the entries under it."""
    name = f"root:{root.day}"

    def broken(fault: str, sentence: str) -> Break:
        return Break(name, root.last_id, fault, sentence)

    if root.first_id <= before:
        yield broken("root", f"The root of {root.day} overlaps the one before it.")
    if trusted and root.public_key not in trusted:
        yield broken("key", f"The root of {root.day} is signed by the key {root.public_key.hex()}, which is not ours.")
    signed = chain.verify_root(
        root.public_key, root.signature, root.root, day=date.fromisoformat(root.day), entries=root.count
    )
    if not signed:
        yield broken("signature", f"The signature of the root of {root.day} does not hold.")
    under = hashes(before, root.last_id)
    if len(under) != root.count:
        yield broken("count", f"The root of {root.day} was signed over {root.count} entries; there are {len(under)}.")
    elif chain.merkle_root(under) != root.root:
        yield broken("root", f"The entries under the root of {root.day} are not those that were signed.")


def export(path: Path) -> int:
    """Write the ledger of this database, as it is at one moment, to a file; how many entries. Raises OSError."""
    with _one_moment():
        return dumps.write(path, queries.stream(), queries.roots())
