"""The ledger: nothing changes, nothing is lost between two writers, a signed root covers everything."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoDbBlocker

from gezhi.engines import chain
from gezhi.lib import events
from gezhi.lib.actor import Actor
from gezhi.modules.ledger import operations, queries
from gezhi.modules.ledger.operations import NewEntry

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
KEY = bytes(range(32))
SYSTEM = Actor.system()


def append(subject: str, kind: str = "thing.done", **body: object) -> operations.EntryRef:
    return operations.append(subject=subject, kind=kind, by=SYSTEM, now=NOW, body=body)


@pytest.mark.django_db
def test_entries_of_a_subject_are_chained() -> None:
    refs = [append("thing:1", n=n) for n in range(5)]
    append("thing:2")
    assert [r.seq for r in refs] == [1, 2, 3, 4, 5]
    told = queries.entries("thing:1")
    assert [e.prev for e in told] == [None, *(r.hash for r in refs[:-1])]
    assert chain.verify(queries.as_link(e) for e in told) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET by = 'somebody'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "TRUNCATE ledger_entry_202603",
        "UPDATE ledger_root SET count = 0",
        "DELETE FROM ledger_root",
        "TRUNCATE ledger_root",
    ],
)
def test_the_database_refuses_to_change_or_remove(statement: str) -> None:
    operations.prepare_months(first=date(2026, 3, 1), last=date(2026, 3, 1))
    append("thing:1")
    operations.seal(now=NOW, private_key=KEY)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert len(queries.entries("thing:1")) == 1


@pytest.mark.django_db
def test_many_at_once_are_the_same_as_one_by_one() -> None:
    for n in range(3):
        append("single", n=n)
    operations.append_fresh([NewEntry("bulk", "thing.done", SYSTEM.ref, NOW, {"n": n}) for n in range(3)])
    one, many = queries.entries("single"), queries.entries("bulk")
    assert [(e.seq, e.at, e.kind, e.by, e.body) for e in one] == [(e.seq, e.at, e.kind, e.by, e.body) for e in many]
    assert chain.verify(queries.as_link(e) for e in many) == []


@pytest.mark.django_db
def test_a_changed_entry_is_found_by_its_hash() -> None:
    append("thing:1", n=1)
    append("thing:1", n=2)
    told = [queries.as_link(e) for e in queries.entries("thing:1")]
    forged = chain.Entry(**{name: getattr(told[0], name) for name in told[0].__slots__} | {"body": {"n": 9}})
    assert [b.fault for b in chain.verify([forged, told[1]])] == ["changed"]
    assert [b.fault for b in chain.verify(told[1:])] != []


@pytest.mark.django_db
def test_a_signed_root_covers_what_is_new_each_time() -> None:
    append("thing:1")
    first = operations.seal(now=NOW, private_key=KEY)
    assert first is not None
    assert operations.seal(now=NOW, private_key=KEY) is None
    append("thing:1")
    append("thing:2")
    second = operations.seal(now=NOW + timedelta(days=1), private_key=KEY)
    assert second is not None
    assert (second.count, second.first_id > first.last_id) == (2, True)
    public, root, signature = bytes(second.public_key), bytes(second.root), bytes(second.signature)
    assert chain.verify_root(public, signature, root, day=second.day, entries=second.count)
    assert not chain.verify_root(public, signature, root, day=second.day, entries=3)
    assert queries.proof("thing:2").sealed_on == second.day.isoformat()


@pytest.mark.django_db
def test_months_are_made_once_and_hold_their_entries() -> None:
    span = {"first": date(2031, 11, 5), "last": date(2032, 2, 1)}
    assert operations.prepare_months(**span) == 4
    assert operations.prepare_months(**span) == 0
    at = datetime(2031, 12, 31, 23, 59, tzinfo=UTC)
    operations.append(subject="later", kind="thing.done", by=SYSTEM, now=at, body={})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry_203112 WHERE subject = 'later'")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_listeners_are_queued_with_the_entry_and_vanish_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_listeners", {"thing.heard": ("test.hears",)})

    def waiting() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'test.hears'")
            return int(cursor.fetchone()[0])

    before = waiting()
    append("thing:1", "thing.heard")
    assert waiting() == before + 1
    with transaction.atomic():
        append("thing:2", "thing.heard")
        transaction.set_rollback(True)
    assert (waiting(), queries.entries("thing:2")) == (before + 1, [])
    with events.muted():
        append("thing:3", "thing.heard")
    assert waiting() == before + 1


@pytest.mark.django_db
def test_browsing_pages_by_key_and_filters() -> None:
    for n in range(7):
        append(f"page:{n % 2}", n=n)
    newest = queries.browse(size=3)
    assert [e.body["n"] for e in newest] == [6, 5, 4]
    assert [e.body["n"] for e in queries.browse(before=newest[-1].id, size=2)] == [3, 2]
    assert {e.subject for e in queries.browse(subject="page:1")} == {"page:1"}


@pytest.fixture
def unwrapped(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database without a transaction around: what is written stays, so subjects are drawn at random."""
    with django_db_blocker.unblock():
        yield
        connection.close()


def test_two_writers_never_take_the_same_place(unwrapped: None) -> None:
    subject = f"race:{uuid4()}"

    def write(n: int) -> int:
        try:
            return append(subject, n=n).seq
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        seqs = list(pool.map(write, range(40)))
    assert sorted(seqs) == list(range(1, 41))
    assert chain.verify(queries.as_link(e) for e in queries.entries(subject)) == []
