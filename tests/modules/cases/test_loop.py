"""The loop: from report to rating, each hand on record, each wrong hand refused with a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, Refusal, WrongState
from gezhi.modules.cases import operations, queries
from gezhi.modules.cases.models import Attachment, Case, Clock, Hand, Remark
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.notices.models import Notice
from tests.town import Town, counted_queries

EVERYBODY = [
    "acceptor",
    "dispatcher",
    "water.handler",
    "water.leader",
    "roads.handler",
    "roads.leader",
    "grid.east1",
    "grid.west1",
    "street.leader",
    "system",
    "security",
    "audit",
]


@pytest.mark.clause("NX-12")
def test_a_problem_reported_is_a_problem_closed(town: Town) -> None:
    case = town.until("end").case
    row = Case.objects.get(id=case)
    assert (row.stage, row.ended, row.revision) == ("closed", True, 11)
    assert row.class_name == "供水井盖"
    assert not Clock.objects.filter(case=case, stopped_at=None).exists()
    told = [(e.kind, e.body.get("move"), e.by) for e in ledger.entries(f"case:{case}")]
    assert told[0] == ("case.reported", None, "public")
    assert [move for _kind, move, _by in told[1:]] == [move for _stage, _who, move, _inputs in town.road()]
    assert all(by.startswith("account:") for _kind, _move, by in told[1:])
    proof = ledger.proof(f"case:{case}")
    assert (proof.entries, proof.whole) == (11, True)
    assert Attachment.objects.filter(case=case).count() == 2
    assert set(Remark.objects.filter(case=case).values_list("field", flat=True)) == {"condition", "words"}


def test_every_other_hand_is_refused_at_every_step(town: Town) -> None:
    case = town.report().case
    for _stage, who, move, inputs in town.road():
        task = {"assignment": town.task(case)} if move in {"sign", "finish", "confirm"} else {}
        for other in EVERYBODY:
            if other == who or (move in {"sign", "finish"} and other == "water.leader"):
                continue  # the unit's leader is a member of the unit
            with pytest.raises((NotAllowed, NotThere, WrongState)) as refused:
                operations.act(case=case, move=move, inputs=inputs, by=town.who(other), now=town.now, **task)
            assert refused.value.sentence.endswith((".", "。"))
        assert town.act(case, who, move, inputs).case == case


@pytest.mark.clause("SZ-4")
def test_separated_duties_stay_in_separate_hands(town: Town) -> None:
    from gezhi.modules.territory import operations as territory

    both = town.who("water.handler")
    area = Case.objects.get(id=town.report().case).area_id
    territory.appoint(
        account=both.account_id, post="grid_worker", area=area, since=town.now.date(), by=Actor.system(), now=town.now
    )
    case = town.until("checking").case
    with pytest.raises(NotAllowed) as refused:
        town.act(case, "water.handler", "pass_check", {"photos": [town.photo()]})
    assert refused.value.code == "apart"
    assert not Hand.objects.filter(case=case, duty="check", by=both.ref).exists()


def test_a_failed_check_sends_it_back_to_the_same_unit(town: Town) -> None:
    case = town.until("checking").case
    town.act(case, "grid.east1", "fail_check", {"reason": "没有拧紧", "photos": [town.photo()]})
    row = Case.objects.get(id=case)
    assert (row.stage, row.counts["rework"]) == ("handling", 1)
    town.act(case, "water.handler", "sign")
    town.act(case, "water.handler", "finish", {"after": [town.photo()], "words": "已拧紧"})
    town.act(case, "water.leader", "confirm")
    assert Case.objects.get(id=case).stage == "checking"


def test_a_returned_task_goes_back_to_dispatch(town: Town) -> None:
    case = town.until("handling").case
    town.act(case, "water.leader", "return", {"reason": "not_ours", "words": "是道路，不是供水"})
    assert Case.objects.get(id=case).stage == "filed"
    town.act(case, "dispatcher", "dispatch", {"units": [town.unit("roads")]})
    assert Case.objects.get(id=case).unit_id == town.unit("roads")


def test_the_reporter_rates_once(town: Town) -> None:
    receipt = town.until("end")
    reporter = Actor(queries.by_code(receipt.query_code).reporter_ref)
    town.act(receipt.case, reporter, "rate", {"grade": 4})
    assert Case.objects.get(id=receipt.case).rating == 4
    with pytest.raises(WrongState):
        town.act(receipt.case, reporter, "rate", {"grade": 5})
    with pytest.raises(Refusal):
        town.act(receipt.case, Actor("reporter:somebody-else"), "rate", {"grade": 1})


def test_the_second_writer_gets_a_conflict(town: Town) -> None:
    case = town.report().case
    town.act(case, "acceptor", "accept", revision=1)
    with pytest.raises(WrongState) as refused:
        town.act(case, "acceptor", "ask_to_verify", revision=1)
    assert refused.value.code == "conflict"


def test_a_missing_field_names_itself_and_nothing_is_written(town: Town) -> None:
    case = town.until("filed").case
    before = (Case.objects.get(id=case).revision, len(ledger.entries(f"case:{case}")))
    with pytest.raises(BadInput) as refused:
        town.act(case, "dispatcher", "dispatch", {"units": []})
    assert refused.value.problems[0][0] == "units"
    for wrong in ({"units": [999_999]}, {"units": ["water"]}, {"units": list(range(9))}):
        with pytest.raises(BadInput):
            town.act(case, "dispatcher", "dispatch", wrong)
    assert (Case.objects.get(id=case).revision, len(ledger.entries(f"case:{case}"))) == before


def test_a_case_outside_somebodys_territory_is_not_there(town: Town) -> None:
    receipt = town.report()
    for stranger in ("grid.west1", "water.handler", "system"):
        with pytest.raises(NotThere):
            queries.case(town.who(stranger), receipt.number)
    assert queries.case(town.who("grid.east1"), receipt.number).row.id == receipt.case


def test_limits_fire_once_and_tell_those_concerned(town: Town) -> None:
    case = town.until("handling").case
    due = Clock.objects.get(case=case, name="handle", stopped_at=None).due_at
    assert operations.fire_due(now=due - timedelta(seconds=1)) >= 0
    assert not Case.objects.get(id=case).late
    operations.fire_due(now=due)
    assert Case.objects.get(id=case).late
    assert operations.fire_due(now=due) == 0
    fired = [e for e in ledger.entries(f"case:{case}") if e.kind == "case.limit" and e.body["clock"] == "handle"]
    assert len(fired) == 1
    assert Notice.objects.filter(subject=f"case:{case}", kind="case.late").exists()


def test_queues_follow_the_procedure(town: Town) -> None:
    receipt = town.report()
    steps = {"acceptor": "event:reported"}
    for who, key in steps.items():
        assert [q.key for q in queries.queues(town.who(who), now=town.now) if q.count] == [key]
    assert queries.queues(town.who("grid.west1"), now=town.now)[0].count == 0
    rows = queries.rows(town.who("acceptor"), queue="event:reported", filters=queries.Filters())
    assert [r.number for r in rows] == [receipt.number]
    assert (
        queries.rows(town.who("acceptor"), queue="event:reported", filters=queries.Filters(), after=rows[0].cursor)
        == []
    )


def test_a_list_costs_the_same_whatever_its_length(town: Town) -> None:
    actor = town.who("acceptor")

    def cost() -> tuple[int, int]:
        with counted_queries() as counted:
            queries.queues(actor, now=town.now)
        with counted_queries() as listed:
            queries.rows(actor, queue="event:reported", filters=queries.Filters())
        return len(counted), len(listed)

    def least() -> tuple[int, int]:
        """Once a second a process asks whether areas and profile are still the same; that is no cost of the list."""
        return min(cost(), cost())

    town.report()
    town.until("handling")
    cost()
    few = least()
    for _n in range(10):
        town.report()
    town.until("handling")
    assert least() == few


@pytest.mark.parametrize(
    ("condition", "limit"), [("missing", "2 urgent_hours"), ("broken", "4 work_hours"), ("自己的话", "4 work_hours")]
)
def test_the_filing_condition_decides_the_limit(town: Town, condition: str, limit: str) -> None:
    case = town.until("verified").case
    town.act(case, "acceptor", "file", {"class": "C01001", "condition": condition})
    town.act(case, "dispatcher", "dispatch", {"units": [town.unit("water")]})
    assert Clock.objects.get(case=case, name="handle").limit == limit
    words = Remark.objects.get(case=case, field="condition").words
    assert words == {"missing": "缺失，有坠落危险", "broken": "缺失或破损"}.get(condition, condition)
