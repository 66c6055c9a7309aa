"""Intake: what is taken, what is refused with which sentence, and that many go the same way as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.modules.cases import operations, queries
from gezhi.modules.cases.models import Case, Clock
from gezhi.modules.cases.operations import History, Place, Report
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.notices.models import Notice
from gezhi.modules.switches import vault
from tests.town import EAST, Town

PHONE, NAME, IDENTITY = "13912345678", "欧阳测试", "110101199003078515"


def test_a_place_finds_its_grid_its_clock_and_its_desk(town: Town) -> None:
    row = Case.objects.get(id=town.report().case)
    assert row.area_name.endswith("东社区·第1网格")
    assert len(row.areas) == 4
    assert row.cell is not None
    clock = Clock.objects.get(case=row)
    assert (clock.name, clock.due_at - row.reported_at) == ("accept", timedelta(minutes=15))
    assert row.due_at == clock.due_at
    assert list(Notice.objects.filter(subject=f"case:{row.id}").values_list("post", flat=True)) == ["acceptor"]


def test_a_known_report_gets_its_receipt_again(town: Town) -> None:
    first = town.report(source_id="once")
    again = town.report(source_id="once", words="改了字")
    assert (again.case, again.number, again.created) == (first.case, first.number, False)
    assert Case.objects.count() == 1


def test_no_personal_value_outside_the_vault(town: Town) -> None:
    words = f"我叫{'某某'}，电话{PHONE}，身份证{IDENTITY}，井盖坏了"
    receipt = town.report(words=words, reporter=(("name", NAME), ("phone", PHONE)))
    row = Case.objects.get(id=receipt.case)
    assert PHONE not in row.words
    assert IDENTITY not in row.words
    assert "〔电话〕" in row.words
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I', table_name) FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} AS t WHERE t::text ~ %s", [f"{PHONE}|{NAME}|{IDENTITY}"])
            assert cursor.fetchone()[0] == 0, table
    assert row.reporter in vault.find("phone", PHONE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": "", "klass": "", "photos": ()}, "words"),
        ({"words": "字" * 5001}, "words"),
        ({"klass": "没有这一类"}, "class"),
        ({"channel": "smoke"}, "channel"),
        ({"source_id": ""}, "source_id"),
        ({"place": Place(lon=100.0, lat=20.0)}, "place"),
        ({"place": Place(lon=float("nan"), lat=20.0)}, "place"),
        ({"place": Place(lon=118.8, lat=320.0)}, "place"),
        ({"place": Place(lon=EAST[0], lat=EAST[1], crs="MARS")}, "crs"),
        ({"place": Place(area_code="123")}, "area_code"),
        ({"place": Place(area_name="月亮")}, "area_name"),
    ],
)
def test_what_cannot_be_right_is_refused_by_field(town: Town, changes: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        town.report(**changes)
    assert refused.value.problems[0][0] == field
    assert Case.objects.count() == 0


def test_a_report_from_the_future_is_refused(town: Town) -> None:
    with pytest.raises(BadInput):
        town.report(reported_at=town.now + timedelta(seconds=1))


def test_a_place_unknown_waits_at_the_acceptor_and_can_be_worked(town: Town) -> None:
    case = town.report(at=None, channel="hotline").case
    queue = next(q for q in queries.queues(town.who("acceptor"), now=town.now) if q.key == "event:reported")
    assert (queue.count, queue.unplaced) == (1, 1)
    town.act(case, "acceptor", "accept")
    town.act(case, "acceptor", "place", {"place": {"lon": EAST[0], "lat": EAST[1]}})
    assert Case.objects.get(id=case).area_name.endswith("第1网格")
    town.act(case, "acceptor", "ask_to_verify")
    town.act(case, "grid.east1", "verify", {"verdict": "real"})


def test_words_lose_what_cannot_be_seen(town: Town) -> None:
    row = Case.objects.get(id=town.report(words=" 井\u200b盖\u202e坏\x00了😀\n请修 ").case)
    assert row.words == "井盖坏了😀\n请修"


def test_many_are_stored_as_one_by_one(town: Town) -> None:
    """The bulk path and the single path write equal rows (ids, numbers and secrets aside)."""

    def shape(case: Case) -> dict[str, object]:
        skip = {"id", "number", "query_code", "source_id", "reported_by"}
        row = {f.attname: getattr(case, f.attname) for f in case._meta.concrete_fields if f.attname not in skip}
        clocks = list(Clock.objects.filter(case=case).values_list("name", "limit", "started_at", "due_at", "amber_at"))
        told = [
            (e.kind, e.by, e.at, {k: v for k, v in e.body.items() if k not in {"number", "source_id"}})
            for e in ledger.entries(f"case:{case.id}")
        ]
        return row | {"clocks": clocks, "told": told}

    base = Report(
        channel="hotline", source="bulk", source_id="", words="垃圾没清", place=Place(lon=EAST[0], lat=EAST[1])
    )
    kinds = [
        base,
        replace(base, klass="C01001"),
        replace(base, place=Place(area_name="西社区")),
        replace(base, place=Place()),
        replace(base, history=History(closed_at=town.now, handled_at=town.now, late=True)),
    ]
    singles = [
        operations.report(report=replace(k, source="single", source_id=str(n)), by=Actor("import"), now=town.now)
        for n, k in enumerate(kinds)
    ]
    many = operations.report_many(
        reports=[replace(k, source="single", source_id=f"m{n}") for n, k in enumerate(kinds)],
        by=Actor("import"),
        now=town.now,
    )
    for one, other in zip(singles, many, strict=True):
        assert not isinstance(other, BadInput)
        assert shape(Case.objects.get(id=one.case)) == shape(Case.objects.get(id=other.case))
        assert ledger.proof(f"case:{other.case}").whole


def test_in_a_batch_the_broken_ones_store_nothing(town: Town) -> None:
    good = Report(channel="hotline", source="b", source_id="1", words="好的")
    reports = [good, replace(good, source_id="2", klass="无"), good, replace(good, source_id="3")]
    first = operations.report_many(reports=reports, by=Actor("import"), now=town.now)
    assert [getattr(o, "created", None) for o in first] == [True, None, False, True]
    again = operations.report_many(reports=reports, by=Actor("import"), now=town.now)
    assert [getattr(o, "created", None) for o in again] == [False, None, False, False]
    assert Case.objects.count() == 2


def test_history_says_that_nobody_here_acted(town: Town) -> None:
    done = History(closed_at=town.now, late=True)
    case = town.report(source="old", history=done, reported_at=town.now - timedelta(days=3)).case
    row = Case.objects.get(id=case)
    assert (row.ended, row.history, row.late, row.stage) == (True, True, True, "closed")
    assert [e.kind for e in ledger.entries(f"case:{case}")] == ["case.reported", "case.history"]
    with pytest.raises(BadInput):
        town.report(history=History(closed_at=town.now - timedelta(days=9)), reported_at=town.now)


def test_a_caller_whom_staff_took_down_is_the_reporter(town: Town) -> None:
    acceptor = town.who("acceptor")
    named = town.report(by=acceptor, channel="hotline", reporter=(("name", NAME), ("phone", PHONE)))
    plain = town.report(by=acceptor, channel="hotline")
    assert queries.by_code(named.query_code).reporter_ref.startswith("reporter:")
    assert queries.by_code(plain.query_code).reporter_ref == acceptor.ref
    assert ledger.entries(f"case:{named.case}")[0].by == acceptor.ref
