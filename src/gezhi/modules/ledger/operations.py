"""Writing the ledger. Every other room's operation ends here, in its own transaction.

Each append takes a lock on its subject, reads the last hash, and inserts one row; `fresh=True` (the caller has just
created the subject) saves the reading. Listeners of the entry's kind are queued in the same transaction: that is the
outbox.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from gezhi.engines import chain
from gezhi.lib import events, jobs
from gezhi.lib.actor import Actor
from gezhi.lib.rows import fetched, write_rows
from gezhi.modules.ledger import queries
from gezhi.modules.ledger.models import Root

_months_ready: set[tuple[int, int]] = set()
_COLUMNS = ("subject", "seq", "at", "kind", "by", "body", "prev", "hash")


@dataclass(frozen=True, slots=True)
class EntryRef:
    """Where an entry stands in its subject's chain."""

    subject: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be appended; `body` must be JSON and hold no personal value."""

    subject: str
    kind: str
    by: str
    at: datetime
    body: Mapping[str, Any]


@transaction.atomic(savepoint=False)
def append(
    *,
    subject: str,
    kind: str,
    by: Actor,
    now: datetime,
    body: Mapping[str, Any],
    fresh: bool = False,
    since: datetime | None = None,
) -> EntryRef:
    """Append one entry and queue its listeners. Raises IntegrityError if a `fresh` subject is not new.

    `since`: before which the subject has none, where the caller knows; the months before are then not looked into.
    """
    seq, prev = (0, None) if fresh else _last(subject, since)
    digest = chain.entry_hash(prev, subject, seq + 1, at=now, kind=kind, by=by.ref, body=body)
    write_rows("ledger_entry", _COLUMNS, [(subject, seq + 1, now, kind, by.ref, Jsonb(dict(body)), prev, digest)])
    for task in events.listeners(kind):
        jobs.enqueue(task, subject=subject, seq=seq + 1, kind=kind)
    return EntryRef(subject, seq + 1, digest)


@transaction.atomic(savepoint=False)
def append_fresh(entries: Sequence[NewEntry], *, tell: bool = True) -> None:
    """Append many entries of subjects that have none yet, in the order given. Same rows as `append`.

    `tell=False` queues no listener: a bulk import does not wake one job a row.
    """
    last: dict[str, tuple[int, bytes | None]] = defaultdict(lambda: (0, None))
    heard: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = []
    for e in entries:
        seq, prev = last[e.subject]
        digest = chain.entry_hash(prev, e.subject, seq + 1, at=e.at, kind=e.kind, by=e.by, body=e.body)
        rows.append((e.subject, seq + 1, e.at, e.kind, e.by, Jsonb(dict(e.body)), prev, digest))
        last[e.subject] = (seq + 1, digest)
        for task in events.listeners(e.kind) if tell else ():
            heard[task].append({"subject": e.subject, "seq": seq + 1, "kind": e.kind})
    write_rows("ledger_entry", _COLUMNS, rows)
    for task, arguments in heard.items():
        jobs.enqueue_many(task, arguments)


def prepare_months(*, first: date, last: date) -> int:
    """Make the monthly partitions from `first` to `last`; returns how many are new. Safe to repeat."""
    made = 0
    year, month = first.year, first.month
    with connection.cursor() as cursor:
        while (year, month) <= (last.year, last.month):
            if (year, month) not in _months_ready:
                cursor.execute("SELECT ledger_month(%s)", [date(year, month, 1)])
                made += bool(cursor.fetchone()[0])
                if not connection.in_atomic_block:
                    _months_ready.add((year, month))
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return made


@transaction.atomic
def seal(*, now: datetime, private_key: bytes, day: date | None = None) -> Root | None:
    """Sign a Merkle root over all entries not yet sealed, for a local day (of `now` in UTC, if not said); None where
    there are none.

    The table lock waits for writers under way, so the range of ids is closed: nothing can slip in below it later.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_entry IN SHARE MODE")
        before = Root.objects.order_by("-last_id").values_list("last_id", flat=True).first() or 0
        cursor.execute("SELECT id, hash FROM ledger_entry WHERE id > %s ORDER BY id", [before])
        rows = cursor.fetchall()
    if not rows:
        return None
    root = chain.merkle_root([bytes(r[1]) for r in rows])
    signature = chain.sign_root(private_key, root, day=day or now.date(), entries=len(rows))
    transaction.on_commit(queries.sealed.forget)
    queries.sealed.forget()
    return Root.objects.create(
        day=day or now.date(),
        at=now,
        first_id=rows[0][0],
        last_id=rows[-1][0],
        count=len(rows),
        root=root,
        signature=signature,
        public_key=chain.public_key(private_key),
    )


def _last(subject: str, since: datetime | None) -> tuple[int, bytes | None]:
    fetched("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [subject])
    when, values = (" AND at >= %s", [subject, since]) if since else ("", [subject])
    sql = f"SELECT seq, hash FROM ledger_entry WHERE subject = %s{when} ORDER BY seq DESC LIMIT 1"  # noqa: S608 (ours)
    found = fetched(sql, values)
    return (found[0][0], bytes(found[0][1])) if found else (0, None)
