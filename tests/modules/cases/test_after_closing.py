"""What comes after closing: opened again, appealed against, rated, asked about by telephone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed, NotThere, WrongState
from gezhi.modules.cases import figures, operations
from gezhi.modules.cases.models import FollowUp
from gezhi.modules.notices.models import Notice
from tests.modules.cases.steps import at_work, case, reporter, tasks
from tests.town import MONDAY, Town

pytestmark = pytest.mark.django_db


def test_closed_is_not_solved_the_reporter_has_it_opened_again(town: Town) -> None:
    receipt = town.until("over")
    assert case(receipt).closed_at is not None
    town.act(receipt.case, reporter(receipt), "reopen", {"words": "又坏了"})
    assert (case(receipt).stage, case(receipt).closed_at, case(receipt).ended) == ("filed", None, False)
    town.act(receipt.case, "dispatcher", "dispatch", {"units": [town.unit("water")]})
    assert [a.round for a in case(receipt).assignments.filter(kind="handling").order_by("id")] == [1, 2]


def test_opening_again_is_for_the_reporter_and_for_a_time(town: Town) -> None:
    receipt = town.until("over")
    with pytest.raises(NotThere):
        town.act(receipt.case, Actor.reporter("somebody-else"), "reopen", {"words": "又坏了"})
    town.now += timedelta(days=20)
    with pytest.raises(WrongState, match="report it anew"):
        town.act(receipt.case, reporter(receipt), "reopen", {"words": "又坏了"})


@pytest.mark.clause("NX-12")
def test_a_late_unit_appeals_once_and_two_reviewers_decide_while_late_stays(town: Town) -> None:
    receipt = at_work(town)
    town.now += timedelta(days=10)
    while operations.fire_due(now=town.now):
        pass
    photo = [town.photo()]
    town.act(receipt.case, "water.handler", "finish", {"after": photo, "words": "已更换"}, assignment="handling-1-1")
    town.act(receipt.case, "water.leader", "confirm", {}, assignment="handling-1-1")
    town.act(receipt.case, "grid.east1", "pass_check", {"photos": photo})
    town.act(receipt.case, "acceptor", "close")
    appeal = {"reason": "approval", "words": "占道审批五天"}
    town.act(receipt.case, "water.leader", "appeal", appeal, assignment="handling-1-1")
    with pytest.raises(WrongState, match="only once"):
        town.act(receipt.case, "water.leader", "appeal", appeal, assignment="handling-1-1")
    town.act(receipt.case, "assessor", "pass_appeal", {"words": "属实"}, assignment="appeal-1-1")
    with pytest.raises(NotAllowed, match="somebody else"):
        town.act(receipt.case, "assessor", "grant_appeal", {"words": "同意"}, assignment="appeal-1-1")
    town.act(receipt.case, "assessor2", "grant_appeal", {"words": "同意"}, assignment="appeal-1-1")
    assert (case(receipt).late, case(receipt).exempt) == (True, True)


def test_a_case_in_time_gives_nothing_to_appeal_against(town: Town) -> None:
    receipt = town.until("over")
    with pytest.raises(WrongState, match="not late"):
        town.act(
            receipt.case, "water.leader", "appeal", {"reason": "weather", "words": "下雨"}, assignment="handling-1-1"
        )


# follow-up
def closed_with_a_number(town: Town) -> operations.Receipt:
    return town.until("over", reporter=(("phone", "13900001111"),))


@pytest.mark.clause("QH-12")
def test_a_follow_up_by_telephone_counts_in_the_three_rates(town: Town) -> None:
    receipt = closed_with_a_number(town)
    assert tasks(receipt, "visit") == ["open"]
    said = {"responded": True, "solved": True, "grade": 4}
    town.act(receipt.case, "visitor", "record_visit", said, assignment="visit-1-1")
    other = closed_with_a_number(town)
    town.act(other.case, "visitor", "not_reached", {}, assignment="visit-1-1")
    town.act(other.case, "visitor", "give_up", {"words": "空号"}, assignment="visit-1-1")
    rates = figures.three_rates(town.who("acceptor"), since=MONDAY, until=town.now + timedelta(days=1))
    assert (rates.asked, rates.valid) == (2, 1)
    assert (rates.response.rate, rates.resolution.rate, rates.satisfaction.rate) == (1.0, 1.0, 1.0)


def test_who_is_dissatisfied_is_asked_again(town: Town) -> None:
    receipt = closed_with_a_number(town)
    said = {"responded": True, "solved": False, "grade": 2, "reason": "slow"}
    town.act(receipt.case, "visitor", "record_visit", said, assignment="visit-1-1")
    assert tasks(receipt, "visit") == ["done", "open"]
    town.act(receipt.case, "visitor", "record_visit", said, assignment="visit-2-1")
    assert tasks(receipt, "visit") == ["done", "done"]
    assert FollowUp.objects.filter(case=receipt.case, grade=2, reason="slow").count() == 2


def test_a_rating_by_the_link_answers_the_visit(town: Town) -> None:
    receipt = closed_with_a_number(town)
    town.act(receipt.case, reporter(receipt), "rate", {"grade": 3, "solved": True})
    assert tasks(receipt, "visit") == ["answered"]
    rates = figures.three_rates(town.who("acceptor"), since=MONDAY, until=town.now + timedelta(days=1))
    assert (rates.fairly, rates.satisfaction.part, rates.satisfaction.whole) == (1, 9, 10)


def test_whoever_rates_by_the_link_counts_as_contacted_only_by_saying_so(town: Town) -> None:
    answers: list[dict[str, bool]] = [{}, {"responded": False}, {"responded": True}]
    for said in answers:
        receipt = closed_with_a_number(town)
        town.act(receipt.case, reporter(receipt), "rate", {"grade": 4, **said})
    rates = figures.three_rates(town.who("acceptor"), since=MONDAY, until=town.now + timedelta(days=1))
    assert (rates.valid, rates.response.part, rates.response.whole) == (3, 1, 2)


def low(receipt: operations.Receipt) -> set[str]:
    """The posts told that the reporter is not satisfied."""
    told = Notice.objects.filter(kind="case.rated_low", subject=f"case:{receipt.case}")
    return set(told.values_list("post", flat=True))


@pytest.mark.parametrize("grade", [1, 2])
def test_who_is_dissatisfied_by_the_link_is_asked_again_and_those_responsible_are_told(town: Town, grade: int) -> None:
    receipt = closed_with_a_number(town)
    town.act(receipt.case, reporter(receipt), "rate", {"grade": grade})
    assert (case(receipt).stage, tasks(receipt, "visit")) == ("closed", ["answered", "open"])
    assert {"acceptor", "unit_leader"} <= low(receipt)
    said = {"responded": True, "solved": False, "grade": grade}
    town.act(receipt.case, "visitor", "record_visit", said, assignment="visit-2-1")
    assert tasks(receipt, "visit") == ["answered", "done"]


def test_after_a_visit_in_vain_a_low_rating_by_the_link_still_counts(town: Town) -> None:
    receipt = closed_with_a_number(town)
    town.act(receipt.case, "visitor", "give_up", {"words": "无人接听"}, assignment="visit-1-1")
    assert tasks(receipt, "visit") == ["unreachable"]
    town.act(receipt.case, reporter(receipt), "rate", {"grade": 1, "solved": False})
    assert tasks(receipt, "visit") == ["unreachable", "open"]
    town.act(receipt.case, "visitor", "give_up", {"words": "无人接听"}, assignment="visit-2-1")
    assert tasks(receipt, "visit") == ["unreachable", "unreachable"]  # one answer, one visit


def test_a_case_closed_without_a_visit_gets_one_when_its_reporter_is_dissatisfied(town: Town) -> None:
    receipt = town.until("finished", reporter=(("phone", "13900001111"),))
    town.act(receipt.case, "centre.leader", "force_close", {"reason": "owner", "words": "转入工程"})
    assert tasks(receipt, "visit") == []
    town.act(receipt.case, reporter(receipt), "rate", {"grade": 2, "solved": False})
    assert (case(receipt).stage, tasks(receipt, "visit")) == ("closed", ["open"])
    assert "centre_leader" in low(receipt)


@pytest.mark.parametrize(
    ("said", "stage"), [({"solved": False}, "filed"), ({"solved": True}, "closed"), ({}, "closed")]
)
def test_whom_nobody_can_ask_again_has_it_opened_again_by_saying_not_solved(
    town: Town, said: dict[str, bool], stage: str
) -> None:
    receipt = town.until("over")
    town.act(receipt.case, reporter(receipt), "rate", {"grade": 1, **said})
    assert (case(receipt).stage, tasks(receipt, "visit")) == (stage, [])
    assert "unit_leader" in low(receipt)


def test_a_satisfied_reporter_sets_nothing_in_motion(town: Town) -> None:
    receipt = closed_with_a_number(town)
    town.act(receipt.case, reporter(receipt), "rate", {"grade": 3, "solved": False})
    assert (case(receipt).stage, tasks(receipt, "visit"), low(receipt)) == ("closed", ["answered"], set())
