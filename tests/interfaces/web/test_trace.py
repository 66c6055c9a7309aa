"""The trace page: who was responsible for what, when, under which rule; the rule and the holders of that day."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from typing import Any

import pytest

from gezhi.lib.actor import Actor
from gezhi.modules.cases import queries as cases
from gezhi.modules.people import queries as people
from gezhi.modules.territory import queries as territory
from tests.interfaces.visitor import as_, text_of
from tests.town import Town, counted_queries

pytestmark = pytest.mark.django_db


def trace(town: Town, number: str, who: str = "acceptor") -> Any:
    return as_(town, who).get(f"/desk/cases/{number}/trace")


def test_every_turn_has_its_time_its_people_and_its_limit(today: Town) -> None:
    receipt = today.until("over")
    found = cases.trace(today.who("acceptor"), receipt.number)
    case_spans = [one for one in found.spans if one.task is None]
    titles = [one.stage["en"] for one in case_spans]
    assert titles == [
        "Received", "Reported", "Accepted", "Being verified", "Accepted", "Filed", "Being handled", "To be checked",
        "To be closed", "Closed",
    ][-len(titles):]  # fmt: skip
    for before, after in itertools.pairwise(case_spans):
        assert before.ended == after.began
    filed = next(one for one in case_spans if one.stage["en"] == "Filed")
    assert [one.display_name for one in filed.holders] == ["试派遣"]
    assert [c.limit for c in filed.clocks] == ["15 min"]
    handling = [one for one in found.spans if one.task is not None]
    assert {one.display_name for one in handling[0].holders} == {"试处置", "试领导"}
    verifying = next(one for one in case_spans if one.stage["en"] == "Being verified")
    assert "试东一" in {one.display_name for one in verifying.holders}
    assert "试西一" not in {one.display_name for one in verifying.holders}
    assert case_spans[-1].holders == ()
    assert found.proof.whole


def test_the_page_names_the_rules_and_the_posts_held(today: Town) -> None:
    receipt = today.until("over")
    page = trace(today, receipt.number)
    assert page.status_code == 200
    said = text_of(page)
    for words in (
        "Event, version",
        "Catalogue",
        "event v",
        "· dispatch",
        "Grid worker (",
        "The trace is intact",
        "试派遣",
    ):
        assert words in said, words
    linked = text_of(as_(today, "acceptor").get(f"/desk/cases/{receipt.number}"))
    assert "Who was responsible for what, when" in linked


def test_who_held_the_post_then_stays_whoever_holds_it_now(today: Town) -> None:
    receipt = today.until("over")
    account = people.account_named("dispatcher")
    assert account is not None
    tenure = territory.tenures_of(account.id)[0]
    from gezhi.modules.territory import operations

    on = (today.now + timedelta(days=3)).date()
    operations.end_tenure(tenure=tenure.tenure, on=on, by=Actor.system(), now=today.now)
    found = cases.trace(today.who("acceptor"), receipt.number)
    filed = next(one for one in found.spans if one.task is None and one.stage["en"] == "Filed")
    assert [one.display_name for one in filed.holders] == ["试派遣"]
    step = next(one for one in found.steps if one.move == "dispatch")
    assert [one.post for one in step.held] == ["dispatcher"]


def test_the_same_as_data(today: Town) -> None:
    receipt = today.until("checking")
    answer = as_(today, "acceptor").get(f"/desk/cases/{receipt.number}/trace.json")
    told = json.loads(answer.content)
    assert told["number"] == receipt.number
    assert [one["seq"] for one in told["steps"]] == list(range(1, len(told["steps"]) + 1))
    assert told["ledger"]["whole"] is True
    assert all(one["from"] for one in told["spans"])
    assert answer["Cache-Control"] == "private, no-store"


def test_a_foreign_case_has_no_trace(today: Town) -> None:
    receipt = today.report()
    assert trace(today, receipt.number, "grid.west1").status_code == 404
    assert trace(today, "20991231000001").status_code == 404
    assert as_(today, "water.handler").get(f"/desk/cases/{receipt.number}/trace.json").status_code == 404


def test_it_costs_the_same_for_a_long_story(today: Town) -> None:
    visitor, counts = as_(today, "acceptor"), []
    for receipt in (today.until("handling"), today.until("over")):
        visitor.get(f"/desk/cases/{receipt.number}/trace")
        with counted_queries() as asked:
            visitor.get(f"/desk/cases/{receipt.number}/trace")
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 2
