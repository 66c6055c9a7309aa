"""Reading the ledger: one subject's story, the auditors' browsing, and the proof that nothing was touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from gezhi.engines import chain
from gezhi.lib.briefly import Briefly
from gezhi.lib.rows import fetched, read_rows
from gezhi.modules.ledger.models import Root

sealed: Briefly[None, int] = Briefly()

_COLUMNS = "id, subject, seq, at, kind, by, body, prev, hash"


@dataclass(frozen=True, slots=True)
class EntryView:
    """One ledger entry as it stands in the database."""

    id: int
    subject: str
    seq: int
    at: datetime
    kind: str
    by: str
    body: dict[str, Any]
    prev: bytes | None
    hash: bytes

    @property
    def short_hash(self) -> str:
        """The first twelve hex digits: what people compare by eye."""
        return self.hash.hex()[:12]


@dataclass(frozen=True, slots=True)
class RootView:
    """One signed root."""

    day: str
    first_id: int
    last_id: int
    count: int
    root: bytes
    signature: bytes
    public_key: bytes


def entries(subject: str, *, since: datetime | None = None) -> list[EntryView]:
    """All entries of one subject, oldest first.

    `since`: before which it has none, where the caller knows; the months before are then not looked into.
    """
    if since is not None:
        sql = f"SELECT {_COLUMNS} FROM ledger_entry WHERE subject = %s AND at >= %s ORDER BY seq"  # noqa: S608 (constant)
        return _rows(sql, [subject, since])
    return _rows(f"SELECT {_COLUMNS} FROM ledger_entry WHERE subject = %s ORDER BY seq", [subject])  # noqa: S608 (constant)


def entries_of(subjects: list[str]) -> list[EntryView]:
    """All entries of many subjects, subject by subject, oldest first. One query."""
    return _rows(
        f"SELECT {_COLUMNS} FROM ledger_entry WHERE subject = ANY(%s) ORDER BY subject, seq",  # noqa: S608 (constant)
        [subjects],
    )


def browse(
    *, before: int | None = None, subject: str = "", by: str = "", kind: str = "", size: int = 50
) -> list[EntryView]:
    """The newest entries first, by key; each filter is exact, an empty one is none."""
    wheres, values = ["id < %s"], [before or 2**62]
    for column, value in (("subject", subject), ("by", by), ("kind", kind)):
        if value:
            wheres.append(f"{column} = %s")
            values.append(value)  # type: ignore[arg-type]  # mixed parameters
    where = " AND ".join(wheres)
    return _rows(
        f"SELECT {_COLUMNS} FROM ledger_entry WHERE {where} ORDER BY id DESC LIMIT %s",  # noqa: S608 (constants)
        [*values, min(size, 500)],
    )


def stream(*, size: int = 5000) -> Iterator[EntryView]:
    """Every entry in order of (subject, seq), read through a server-side cursor."""
    connection.ensure_connection()
    with connection.connection.cursor(name="ledger_stream") as cursor:
        cursor.itersize = size
        cursor.execute(f"SELECT {_COLUMNS} FROM ledger_entry ORDER BY subject, seq, at", binary=True)  # noqa: S608
        for row in cursor:
            yield _view(row)


def hashes(after: int, until: int) -> list[bytes]:
    """The hashes of the entries with ids after `after` and up to `until`, in order of id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM ledger_entry WHERE id > %s AND id <= %s ORDER BY id", [after, until])
        return [bytes(row[0]) for row in cursor.fetchall()]


def roots() -> list[RootView]:
    """All signed roots, oldest first."""
    return [
        RootView(
            r.day.isoformat(), r.first_id, r.last_id, r.count, bytes(r.root), bytes(r.signature), bytes(r.public_key)
        )
        for r in Root.objects.order_by("last_id")
    ]


def last_day() -> date | None:
    """The day the newest root was signed for."""
    return Root.objects.order_by("-last_id").values_list("day", flat=True).first()


@dataclass(frozen=True, slots=True)
class Proof:
    """How the last entry of a subject is proven: its chain is whole, and a signed root covers it (or not yet)."""

    entries: int
    whole: bool
    sealed_on: str | None
    head: str


def sealed_to() -> int:
    """Id of the last entry under a signed root, 0 for none; not older than a second. One query at most."""
    return sealed.get(None, lambda: Root.objects.order_by("-last_id").values_list("last_id", flat=True).first() or 0)


def proof(subject: str, story: Sequence[EntryView] | None = None) -> Proof:
    """Verify one subject's chain now; `story`: all of its entries, where the caller has them. One or two queries."""
    story = entries(subject) if story is None else story
    breaks = chain.verify(as_link(e) for e in story)
    covered = bool(story) and story[-1].id <= sealed_to()
    roots = read_rows(Root, "WHERE last_id >= %s ORDER BY last_id LIMIT 1", [story[-1].id]) if covered else []
    return Proof(
        entries=len(story),
        whole=not breaks,
        sealed_on=roots[0].day.isoformat() if roots else None,
        head=story[-1].short_hash if story else "",
    )


def as_link(entry: EntryView) -> chain.Entry:
    """The entry as the chain engine reads it."""
    return chain.Entry(
        subject=entry.subject,
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        by=entry.by,
        body=entry.body,
        prev=entry.prev,
        hash=entry.hash,
    )


def _rows(sql: str, values: list[Any]) -> list[EntryView]:
    return [_view(row) for row in fetched(sql, values)]


def _view(row: tuple[Any, ...]) -> EntryView:
    prev = bytes(row[7]) if row[7] is not None else None
    return EntryView(row[0], row[1], row[2], row[3], row[4], row[5], row[6], prev, bytes(row[8]))
