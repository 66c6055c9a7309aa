"""Every move of the ordinary event beyond the straight road, through the real operations: the ladder, returns, more
time, standing still, leaders, joining and parting, ends by right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gezhi.lib.errors import BadInput, NotAllowed, WrongState
from gezhi.modules.cases import figures, operations, queries
from gezhi.modules.cases.models import Case, Clock, Link
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.notices.models import Notice
from tests.modules.cases.steps import at_work, case, handle_clock, tasks
from tests.town import MONDAY, Town

pytestmark = pytest.mark.django_db


# the ladder (NX-7, SS-5, YZ-8, QH-12)
def found_on_patrol(town: Town) -> operations.Receipt:
    return town.report(channel="patrol", by=town.who("grid.east1"))


@pytest.mark.clause("NX-7")
def test_small_matters_do_not_leave_the_grid(town: Town) -> None:
    receipt = found_on_patrol(town)
    assert case(receipt).stage == "at_grid"
    photo = [town.photo()]
    town.act(receipt.case, "grid.east1", "solve_on_spot", {"before": photo, "after": photo})
    assert (case(receipt).stage, case(receipt).solved_at) == ("closed", "grid")


@pytest.mark.clause("SS-5")
@pytest.mark.clause("YZ-8")
def test_the_ladder_is_climbed_by_hand_and_the_level_that_solved_it_is_a_fact(town: Town) -> None:
    receipts = [found_on_patrol(town) for _n in range(3)]
    photo = [town.photo()]
    done = {"after": photo, "words": "已协调清理"}
    for receipt in receipts:
        town.act(receipt.case, "grid.east1", "pass_up", {"words": "需要社区协调"})
    town.act(receipts[0].case, "community.leader", "solve_in_community", done)
    for receipt in receipts[1:]:
        town.act(receipt.case, "community.leader", "pass_up_to_street")
    town.act(receipts[1].case, "street.clerk", "solve_in_street", done)
    town.act(receipts[2].case, "street.clerk", "pass_up_to_centre", {"words": "需要区级部门"})
    assert [case(r).solved_at for r in receipts] == ["community", "street", ""]
    assert case(receipts[2]).stage == "reported"
    shares = figures.solved_by_level(town.who("acceptor"), since=MONDAY, until=town.now + timedelta(days=1))
    assert shares == {"community": 1, "street": 1}
    with pytest.raises(NotAllowed):
        town.act(receipts[2].case, "street.clerk", "accept")


@pytest.mark.clause("SS-5")
def test_the_clock_passes_up_what_is_left_lying(town: Town) -> None:
    receipt = found_on_patrol(town)
    for stage in ("at_community", "at_street", "reported"):
        due = Clock.objects.get(case=receipt.case, stopped_at=None).due_at
        town.now = due
        while operations.fire_due(now=due):
            pass
        assert case(receipt).stage == stage
    story = [e.body.get("move") for e in ledger.entries(f"case:{receipt.case}") if e.kind == "case.moved"]
    assert story == ["pass_up", "pass_up_to_street", "pass_up_to_centre"]
    assert case(receipt).counts["passed_up"] == 3


# more time, standing still
@pytest.mark.clause("NX-12")
def test_more_time_is_asked_by_the_unit_and_granted_by_another_hand(town: Town) -> None:
    receipt = at_work(town)
    before = handle_clock(receipt).due_at
    asked = {"longer": "1 work_days", "reason": "materials"}
    town.act(receipt.case, "water.leader", "ask_extension", asked, assignment="handling-1-1")
    with pytest.raises(WrongState):
        town.act(receipt.case, "water.leader", "ask_extension", asked, assignment="handling-1-1")
    granted = {"longer": "1 work_days", "words": "同意"}
    with pytest.raises(NotAllowed):
        town.act(receipt.case, "water.leader", "grant_extension", granted, assignment="extension-1-1")
    town.act(receipt.case, "dispatcher", "grant_extension", granted, assignment="extension-1-1")
    clock = handle_clock(receipt)
    assert clock.due_at > before
    assert clock.extras == ["1 work_days"]
    assert case(receipt).due_at == min(c.due_at for c in Clock.objects.filter(case=receipt.case, stopped_at=None))


def overdue(town: Town) -> operations.Receipt:
    """A case whose handling limit has passed; its unit asks for more time."""
    receipt = at_work(town)
    town.now = handle_clock(receipt).due_at
    while operations.fire_due(now=town.now):
        pass
    assert case(receipt).late
    asked = {"longer": "1 work_days", "reason": "materials"}
    town.act(receipt.case, "water.leader", "ask_extension", asked, assignment="handling-1-1")
    return receipt


def grant(town: Town, receipt: operations.Receipt) -> Case:
    """The case after one working day more."""
    town.act(receipt.case, "dispatcher", "grant_extension", {"longer": "1 work_days"}, assignment="extension-1-1")
    return case(receipt)


def test_time_granted_after_the_limit_makes_a_late_case_one_in_time_and_the_ledger_says_so(town: Town) -> None:
    receipt = overdue(town)
    assert not grant(town, receipt).late
    assert ledger.entries(f"case:{receipt.case}")[-1].body["late"] is False
    town.now = handle_clock(receipt).due_at
    while operations.fire_due(now=town.now):
        pass
    assert case(receipt).late  # the new limit may be missed as the old one


def test_time_granted_that_has_run_out_already_changes_nothing(town: Town) -> None:
    receipt = overdue(town)
    town.now += timedelta(days=10)
    assert grant(town, receipt).late
    assert "late" not in ledger.entries(f"case:{receipt.case}")[-1].body


def test_more_time_does_not_undo_an_earlier_limit_that_was_missed(town: Town) -> None:
    receipt = overdue(town)
    town.act(receipt.case, "dispatcher", "recall", {"words": "应由市政处置"})
    town.act(receipt.case, "dispatcher", "dispatch", {"units": [town.unit("water")]})
    task = {"assignment": "handling-2-1"}
    town.act(receipt.case, "water.handler", "sign", **task)
    town.now = handle_clock(receipt).due_at
    while operations.fire_due(now=town.now):
        pass
    town.act(receipt.case, "water.leader", "ask_extension", {"longer": "1 work_days", "reason": "weather"}, **task)
    town.act(receipt.case, "dispatcher", "grant_extension", {"longer": "1 work_days"}, assignment="extension-2-1")
    assert not handle_clock(receipt).missed
    assert case(receipt).late


def test_the_number_of_extensions_is_limited(town: Town) -> None:
    receipt = at_work(town)
    for n in (1, 2):
        asked = {"longer": "4 work_hours", "reason": "weather"}
        town.act(receipt.case, "water.leader", "ask_extension", asked, assignment="handling-1-1")
        granted = {"longer": "4 work_hours"}
        town.act(receipt.case, "dispatcher", "grant_extension", granted, assignment=f"extension-{n}-1")
    with pytest.raises(WrongState, match="used up"):
        town.act(receipt.case, "water.leader", "ask_extension", asked, assignment="handling-1-1")


def test_a_limit_of_an_unknown_unit_is_no_limit(town: Town) -> None:
    receipt = at_work(town)
    for wrong in ("3 moons", "0 work_days", "", "9 work_days"):
        asked = {"longer": wrong, "reason": "weather"}
        with pytest.raises(BadInput) as refused:
            town.act(receipt.case, "water.leader", "ask_extension", asked, assignment="handling-1-1")
        assert refused.value.field == "longer"


@pytest.mark.clause("NX-12")
def test_a_suspended_clock_stands_still_and_goes_on_with_what_was_left(town: Town) -> None:
    receipt = at_work(town)
    town.act(receipt.case, "water.leader", "ask_suspension", {"reason": "owner"}, assignment="handling-1-1")
    before = handle_clock(receipt).due_at
    town.act(receipt.case, "dispatcher", "grant_suspension", {}, assignment="suspension-1-1")
    assert handle_clock(receipt).paused_at == town.now
    assert operations.fire_due(now=before + timedelta(hours=1)) == 0 or not case(receipt).late
    paused = town.now
    town.now += timedelta(days=7)
    town.act(receipt.case, "water.leader", "take_up", {}, assignment="suspension-1-1")
    clock = handle_clock(receipt)
    assert clock.paused_at is None
    assert clock.due_at > before + (town.now - paused) - timedelta(days=3)  # a week later, nights and weekend aside
    assert not case(receipt).late


def test_a_suspension_ends_by_the_clock_at_the_latest(town: Town) -> None:
    receipt = at_work(town)
    town.act(receipt.case, "water.leader", "ask_suspension", {"reason": "project"}, assignment="handling-1-1")
    town.act(receipt.case, "dispatcher", "grant_suspension", {}, assignment="suspension-1-1")
    town.now += timedelta(days=31)
    while operations.fire_due(now=town.now):
        pass
    assert tasks(receipt, "suspension") == ["resumed"]
    assert Clock.objects.get(case=receipt.case, name="handle").paused_at is None


# leaders
@pytest.mark.clause("NX-12")
def test_a_leader_supervises_and_insists_until_the_answer_will_do(town: Town) -> None:
    receipt = at_work(town)
    town.act(receipt.case, "street.leader", "supervise", {"words": "群众反映强烈，请今日完成"})
    key = "supervision-1-1"
    assert Clock.objects.filter(case=receipt.case, name="answer", assignment_key=key, stopped_at=None).exists()
    town.act(receipt.case, "water.leader", "answer_supervision", {"words": "已派人"}, assignment=key)
    town.act(receipt.case, "street.leader", "insist", {"words": "请写明完成时间"}, assignment=key)
    town.act(receipt.case, "water.leader", "answer_supervision", {"words": "今日 18 时前"}, assignment=key)
    town.act(receipt.case, "street.leader", "accept_answer", {}, assignment=key)
    assert tasks(receipt, "supervision") == ["accepted"]
    assert case(receipt).counts["supervised"] == 1


def test_lateness_escalates_by_the_clock_each_step_once(town: Town) -> None:
    receipt = at_work(town)
    clock = handle_clock(receipt)
    for _n in range(3):
        town.now = max(Clock.objects.get(id=clock.id).next_at or town.now, town.now)
        while operations.fire_due(now=town.now):
            pass
    fired = [e.body.get("mark", 100) for e in ledger.entries(f"case:{receipt.case}")
             if e.kind == "case.limit" and e.body["clock"] == "handle"]  # fmt: skip
    assert fired == [100, 150, 200]
    assert tasks(receipt, "supervision") == ["open"]
    assert tasks(receipt, "hard") == ["marked"]
    assert Clock.objects.get(id=clock.id).next_at is None
    told = Notice.objects.filter(subject=f"case:{receipt.case}", kind="case.late", post="street_leader").count()
    assert told >= 1
    assert case(receipt).late


# joining and parting
@pytest.mark.clause("NX-12")
def test_a_duplicate_is_merged_and_its_reporter_follows_the_other(town: Town) -> None:
    first, second = town.report(), town.report(words="同一个井盖", reporter=(("phone", "13900001111"),))
    town.act(second.case, "acceptor", "merge", {"into": first.number, "words": "同一井盖"})
    assert case(second).stage == "merged"
    link = Link.objects.get(case=second.case)
    assert (link.other_id, link.kind) == (first.case, "merged_into")
    joined = queries.merged_into(second.case)
    assert joined is not None
    assert joined.number == first.number
    around = queries.around(town.who("acceptor"), row=case(first))
    assert [(one.number, one.later) for one in around.joined] == [(second.number, True)]
    assert "case.linked" in {e.kind for e in ledger.entries(f"case:{first.case}")}


@pytest.mark.parametrize("into", ["20260302999999", "own", "closed", ""])
def test_a_case_is_merged_into_an_open_one_only(town: Town, into: str) -> None:
    receipt, closed = town.report(), town.until("over")
    town.now += timedelta(minutes=1)
    wanted = {"own": receipt.number, "closed": closed.number}.get(into, into)
    with pytest.raises(BadInput) as refused:
        town.act(receipt.case, "acceptor", "merge", {"into": wanted})
    assert refused.value.field == "into"
    assert case(receipt).stage == "reported"


def test_two_matters_in_one_report_are_parted(town: Town) -> None:
    receipt = town.until("accepted", reporter=(("phone", "13900001111"),))
    given = {"words": "旁边还有一堆垃圾", "class": "E06010"} if town.has_class("E06010") else {"words": "还有一堆垃圾"}
    town.act(receipt.case, "acceptor", "split", given)
    other = Link.objects.get(other=receipt.case, kind="split_from").case
    assert (other.stage, other.words) == ("reported", given["words"])
    assert (other.reporter, other.reported_by) == (case(receipt).reporter, case(receipt).reported_by)
    assert (other.lon, other.home_id) == (case(receipt).lon, case(receipt).home_id)
    assert case(receipt).klass_id is None


# ends by right
def test_a_case_is_closed_by_force_with_a_reason_and_no_task_is_left(town: Town) -> None:
    receipt = at_work(town)
    with pytest.raises(NotAllowed):
        town.act(receipt.case, "acceptor", "force_close", {"reason": "owner", "words": "转入工程"})
    with pytest.raises(BadInput):
        town.act(receipt.case, "centre.leader", "force_close", {"reason": "owner"})
    town.act(receipt.case, "centre.leader", "force_close", {"reason": "owner", "words": "转入工程"})
    assert (case(receipt).stage, case(receipt).facts["forced"]) == ("closed", True)
    assert tasks(receipt, "handling") == ["recalled"]
    assert not Clock.objects.filter(case=receipt.case, stopped_at=None).exists()


def test_the_dispatcher_takes_it_back_and_dispatches_anew(town: Town) -> None:
    receipt = at_work(town)
    town.act(receipt.case, "dispatcher", "recall", {"words": "应由市政处置"})
    assert (case(receipt).stage, tasks(receipt, "handling")) == ("filed", ["recalled"])
    town.act(receipt.case, "dispatcher", "dispatch", {"units": [town.unit("roads")]})
    assert case(receipt).unit_id == town.unit("roads")


def test_after_a_return_there_is_no_way_to_close_but_to_dispatch(town: Town) -> None:
    receipt = at_work(town)
    town.act(receipt.case, "water.leader", "return", {"reason": "not_ours", "words": "不属于供水"})
    assert case(receipt).stage == "filed"
    open_to = {m.move for m in town.view(receipt.case, "dispatcher").moves}
    assert "dispatch" in open_to
    assert not open_to & {"close", "force_close"}


# hard cases
@pytest.mark.clause("QH-10")
def test_from_photo_to_project(town: Town) -> None:
    receipt = at_work(town)
    photo = [town.photo()]
    town.act(receipt.case, "grid.east1", "mark_hard", {"words": "二十多户阳台下水要改", "photos": photo})
    town.act(receipt.case, "dispatcher", "convene", {"words": "列为改造项目"}, assignment="hard-1-1")
    project = Link.objects.get(other=receipt.case, kind="project_of").case
    assert (project.matter, project.stage) == ("project", "convening")
    plan = [
        {"what": "入户排查", "unit": town.unit("street"), "due": "2026-03-20"},
        {"what": "管道改造", "unit": town.unit("water"), "due": "2026-05-30", "assist": [town.unit("roads")]},
    ]
    town.act(project.id, "dispatcher", "adopt_plan", {"before": photo, "plan": plan, "words": "会商纪要"})
    view = town.view(project.id, "dispatcher")
    assert [(t.what, t.helpers) for t in view.assignments] == [("入户排查", ()), ("管道改造", (town.unit("roads"),))]
    assert {c.name for c in view.clocks if c.stopped_at is None} == {"item"}
    with pytest.raises(BadInput):
        town.act(project.id, "dispatcher", "add_milestones", {"plan": [{**plan[0], "due": "2026-01-01"}]})
    for key, who in (("milestone-1-1", "street.member"), ("milestone-1-2", "water.handler")):
        actor = town.who(who) if who != "street.member" else town.member_of("street")
        town.act(project.id, actor, "do", {"words": "完成"}, assignment=key)
        town.act(project.id, "dispatcher", "accept_milestone", {}, assignment=key)
    assert Case.objects.get(id=project.id).stage == "finishing"
    town.act(project.id, "dispatcher", "close_project", {"after": photo, "words": "验收通过"})
    assert (Case.objects.get(id=project.id).stage, Case.objects.get(id=project.id).solved_at) == ("closed", "district")


# many at once
def test_the_same_move_on_many_cases_with_an_outcome_each(town: Town) -> None:
    receipts = [town.report() for _n in range(3)]
    town.act(receipts[1].case, "acceptor", "accept")
    numbers = [*(r.number for r in receipts), "20260302999999"]
    found = operations.act_many(numbers=numbers, move="accept", inputs={}, by=town.who("acceptor"), now=town.now)
    assert [o.done for o in found] == [True, False, True, False]
    assert all(o.sentence for o in found if not o.done)
    with pytest.raises(BadInput):
        operations.act_many(
            numbers=[str(n) for n in range(201)], move="accept", inputs={}, by=town.who("acceptor"), now=town.now
        )


@pytest.mark.clause("SZ-5")
def test_a_callers_earlier_cases_are_found_by_the_exact_number_only(town: Town) -> None:
    first = town.report(reporter=(("phone", "139 0000 1111"),))
    town.report(reporter=(("phone", "13900002222"),))
    acceptor = town.who("acceptor")
    found = operations.look_up_caller(phone="13900001111", by=acceptor, now=town.now)
    assert [row.number for row in found] == [first.number]
    assert operations.look_up_caller(phone="1390000", by=acceptor, now=town.now) == []
    with pytest.raises(NotAllowed):
        operations.look_up_caller(phone="13900001111", by=town.who("water.handler"), now=town.now)
    assert next(e.body for e in ledger.entries(acceptor.ref) if e.kind == "person.looked_up") == {"found": 1}
