"""Notices: put once, sent once, seen by whoever holds the post now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from pytest_django import DjangoDbBlocker

from gezhi.lib.actor import Actor, HeldPost
from gezhi.lib.errors import NotAllowed, NotThere
from gezhi.modules.notices import operations, queries, texts
from gezhi.modules.notices.models import Notice, NoticeRead
from gezhi.modules.notices.operations import NewNotice
from gezhi.modules.switches import retention

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ACCEPTOR = Actor("account:1", 1, (HeldPost("acceptor", organisation=5),))
WORKER = Actor("account:2", 2, (HeldPost("grid_worker", area=77), HeldPost("handler", organisation=6)))

db = pytest.mark.django_db


def new(dedupe: str = "a", **more: Any) -> NewNotice:
    to = {} if {"account", "organisation", "area"} & set(more) else {"account": 1}
    return NewNotice(subject="case:1", kind="case.late", dedupe=dedupe, params={"number": "X-1"}, **{**to, **more})


def put(*notices: NewNotice) -> None:
    operations.put_many(notices=notices, now=NOW)


def seen(actor: Actor) -> list[str]:
    ids = [view.id for view in queries.for_actor(actor)]
    names = dict(Notice.objects.values_list("id", "dedupe"))
    return [names[i] for i in ids]


@db
def test_a_notice_is_put_once() -> None:
    put(new("a"), new("b"), new("a"))
    operations.put(notice=new("a", account=2), now=NOW)
    assert list(Notice.objects.order_by("id").values_list("dedupe", "account")) == [("a", 1), ("b", 1)]


@db
def test_it_reaches_account_post_unit_and_grid_and_nobody_else() -> None:
    put(
        new("mine", account=1),
        new("post", organisation=5, post="acceptor"),
        new("other post", organisation=5, post="dispatcher"),
        new("unit", organisation=6),
        new("grid", area=77, post="grid_worker"),
        new("grid's leader", area=77, post="grid_leader"),
        new("other grid", area=78, post="grid_worker"),
    )
    assert seen(ACCEPTOR) == ["post", "mine"]
    assert seen(WORKER) == ["grid", "unit"]
    assert seen(Actor.public()) == []
    assert queries.unread_count(Actor.public()) == 0


@db
def test_a_new_holder_of_the_post_sees_what_the_post_was_told() -> None:
    put(new("post", organisation=5, post="acceptor"))
    assert seen(Actor("account:9", 9, (HeldPost("acceptor", organisation=5),))) == ["post"]
    assert seen(Actor("account:1", 1)) == []


@db
def test_pages_by_key_and_constant_statements(django_assert_num_queries: Any) -> None:
    put(*[new(str(i)) for i in range(45)])
    with django_assert_num_queries(3):
        first = queries.for_actor(ACCEPTOR)
        second = queries.for_actor(ACCEPTOR, before=first[-1].id)
        third = queries.for_actor(ACCEPTOR, before=second[-1].id)
    ids = [view.id for view in first + second + third]
    assert len(ids) == len(set(ids)) == 45
    assert ids == sorted(ids, reverse=True)


@db
def test_reading_is_each_readers_own() -> None:
    put(new("unit", organisation=5), new("mine"))
    other = Actor("account:3", 3, (HeldPost("acceptor", organisation=5),))
    mine, unit = queries.for_actor(ACCEPTOR)
    operations.mark_read(notice=unit.id, by=ACCEPTOR, now=NOW)
    operations.mark_read(notice=unit.id, by=ACCEPTOR, now=NOW)
    assert [view.read for view in queries.for_actor(ACCEPTOR)] == [False, True]
    assert (queries.unread_count(ACCEPTOR), queries.unread_count(other)) == (1, 1)
    assert operations.mark_all_read(until=mine.id, by=ACCEPTOR, now=NOW) == 1
    assert operations.mark_all_read(until=mine.id, by=ACCEPTOR, now=NOW) == 0
    assert queries.unread_count(ACCEPTOR) == 0
    with pytest.raises(NotThere):
        operations.mark_read(notice=mine.id, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        operations.mark_read(notice=mine.id, by=Actor.public(), now=NOW)
    with pytest.raises(NotAllowed):
        operations.mark_all_read(until=mine.id, by=Actor.public(), now=NOW)


@db
def test_unread_is_counted_up_to_a_hundred() -> None:
    put(*[new(str(i)) for i in range(120)])
    assert queries.unread_count(ACCEPTOR) == queries.MOST_UNREAD


@pytest.mark.parametrize("to", [{"account": 1, "organisation": 2}, {"account": 1, "post": "x"}, {"area": 3}])
def test_one_recipient_exactly(to: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="notice"):
        new(**to)


@db
def test_the_database_wants_one_recipient_too() -> None:
    row = {"subject": "s", "kind": "case.late", "created_at": NOW}
    for n, to in enumerate(({}, {"account": 1, "organisation": 2}, {"area": 3}, {"account": 1, "post": "x"})):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.create(dedupe=str(n), **row, **to)


@db
def test_old_notices_go_once_sent() -> None:
    put(new("old"), new("unsent", at=NOW))
    Notice.objects.filter(dedupe="old").update(sent_at=NOW)
    operations.mark_read(notice=Notice.objects.get(dedupe="old").id, by=ACCEPTOR, now=NOW)
    assert operations.expire(now=NOW + timedelta(days=179)) == 0
    retention.set_days(kind="notices", days=10, by=Actor.system(), now=NOW)
    assert operations.expire(now=NOW + timedelta(days=11)) == 1
    assert [n.dedupe for n in Notice.objects.all()] == ["unsent"]
    assert not NoticeRead.objects.exists()


def test_every_kind_has_words_without_a_gap_unfilled() -> None:
    params = {"number": "X-1", "class": "井盖", "due": "9:00", "name": "方案"}
    params |= {"place": "东社区", "object": "井盖", "count": "12", "before": "5", "since": "8:00", "until": "9:00"}
    with translation.override("en"):
        for kind in (*texts.KINDS, "case.reported", "task.sent"):
            assert texts.line(kind, params)
            assert "…" not in texts.line(kind, params)
        assert texts.line("case.reported", {"number": "X-1", "class": None}) == "Case X-1 (…) waits for you."
    assert texts.line("unheard.of", {}) == "unheard.of"
    with pytest.raises(ValueError, match="no words"):
        texts.check_known("unheard.of")


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The test database without a surrounding transaction, and how to reach it; its notices are removed afterwards."""
    with django_db_blocker.unblock():
        connection.ensure_connection()
        yield connection.connection.info.dsn
        Notice.objects.all().delete()
        connection.close()


def listener(dsn: str) -> psycopg.Connection[Any]:
    other = psycopg.connect(dsn, autocommit=True, password=connection.settings_dict["PASSWORD"] or None)
    other.execute("LISTEN gezhi")
    return other


def heard(other: psycopg.Connection[Any]) -> list[dict[str, Any]]:
    return [json.loads(n.payload) for n in other.notifies(timeout=0.3)]


def test_open_pages_are_told_after_the_commit_with_ids_only(committed: str) -> None:
    put(new("a"), new("b"), new("c", organisation=5, post="acceptor"), new("d", area=77, post="grid_worker"))
    with listener(committed) as other:
        with transaction.atomic():
            assert operations.send_pending(now=NOW) == 4
            assert heard(other) == []
        told = heard(other)
        assert sorted(told, key=str) == sorted(
            [
                {"topic": "notices", "account": 1},
                {"topic": "notices", "organisation": 5, "post": "acceptor"},
                {"topic": "notices", "area": 77, "post": "grid_worker"},
            ],
            key=str,
        )
        assert operations.send_pending(now=NOW) == 0
        assert heard(other) == []
    assert set(Notice.objects.values_list("sent_at", flat=True)) == {NOW}


def test_a_rolled_back_sending_sends_nothing_and_marks_nothing(committed: str) -> None:
    put(new("a"))
    with listener(committed) as other:
        with transaction.atomic():
            assert operations.send_pending(now=NOW) == 1
            transaction.set_rollback(True)
        assert heard(other) == []
    assert Notice.objects.get().sent_at is None


def test_several_workers_send_each_once(committed: str, django_db_blocker: DjangoDbBlocker) -> None:
    put(*[new(str(i), account=i + 1) for i in range(200)])

    def work(_worker: int) -> int:
        try:
            return sum(iter(lambda: operations.send_pending(now=NOW, limit=7), 0))
        finally:
            connection.close()

    with listener(committed) as other, ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == 200
        assert sorted(n["account"] for n in heard(other)) == list(range(1, 201))
