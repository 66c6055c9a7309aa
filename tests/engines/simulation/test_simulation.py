"""A simulated life is lawful (nothing refused), lively (cases end, mistakes happen), and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_city import CALENDAR, CITY, SPEC, UNITS, ZONE, SmallWorld, behaviour, procedure

from gezhi.engines.procedure import Need, OpenMove
from gezhi.engines.simulation import (
    Action,
    Behaviour,
    CaseView,
    City,
    Habit,
    Offer,
    Report,
    SpecError,
    Step,
    live,
    offers,
    read_habits,
    reports,
)

FIRST = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
TITLE = {"en": "Anything", "zh": "某"}


def played(seed: int, days: int) -> tuple[SmallWorld, list[Step]]:
    world = SmallWorld()
    return world, list(live(world, CITY, behaviour(seed), seed=seed, first=FIRST, days=days))


def test_ten_days_of_life() -> None:
    world, steps = played(1, 10)
    assert world.refused == []
    assert world.times == sorted(world.times)
    assert [step.at for step in steps] == world.times
    assert len(world.cases) == pytest.approx(600, rel=0.15)
    ends = Counter(case.state.stage for case in world.cases.values())
    assert ends["closed"] > 0.6 * len(world.cases)
    assert 0.02 < ends["void"] / len(world.cases) < 0.25
    moves = Counter(step.what.move for step in steps if isinstance(step.what, Action))
    by_hand = {m.key for m in procedure().moves.values() if m.by} | set(procedure().kinds["handling"].moves)
    usual = {key for key in by_hand if SPEC["moves"].get(key, {}).get("weight", 0) >= 0.03}
    assert len(usual) > 12
    assert usual - {"place", "appeal"} <= set(moves)  # whatever people are used to doing gets done, mistakes included
    assert 0.02 < moves["fail_check"] / (moves["fail_check"] + moves["pass_check"]) < 0.2
    assert moves["rate"] / ends["closed"] == pytest.approx(0.3, abs=0.1)  # most people do not answer
    assert 0.02 < moves["return"] / moves["dispatch"] < 0.15


def test_the_same_seed_gives_the_same_life() -> None:
    assert played(5, 2)[1] == played(5, 2)[1]
    assert played(5, 2)[1] != played(6, 2)[1]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 4))
def test_a_month_equals_its_halves(seed: int, some: int, more: int) -> None:
    whole = list(reports(CITY, seed, FIRST, some + more))
    assert whole == [
        *reports(CITY, seed, FIRST, some),
        *reports(CITY, seed, FIRST + timedelta(days=some), more),
    ]
    assert [report.at for report in whole] == sorted(report.at for report in whole)
    assert all(FIRST <= report.at.astimezone(ZONE).date() < FIRST + timedelta(days=some + more) for report in whole)


def test_reports_follow_hours_places_and_weights() -> None:
    found = list(reports(replace(CITY, per_day=2000), 3, FIRST, 7))
    assert len(found) == pytest.approx(14_000, rel=0.03)
    night = sum(report.at.astimezone(ZONE).hour < 6 for report in found)
    assert night < 0.06 * len(found)
    assert Counter(report.class_code for report in found)["01001"] == pytest.approx(0.75 * len(found), rel=0.05)
    assert sum(report.lon > 118.79 for report in found) == pytest.approx(0.75 * len(found), rel=0.05)
    assert sum(report.photos > 0 for report in found) == pytest.approx(0.7 * len(found), rel=0.05)
    assert {report.channel for report in found} == set(CITY.channels)
    assert all("{" not in report.words for report in found)


def test_nothing_is_reported_outside_the_city() -> None:
    inside = replace(CITY, holds=lambda lon, lat: lon < 118.80)
    assert all(report.lon <= 118.80 for report in reports(inside, 1, FIRST, 3))


@pytest.mark.parametrize("wrong", [{"hours": (1.0,)}, {"weekdays": ()}, {"places": ()}, {"per_day": -1}])
def test_an_unfinished_city_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"A city (has|needs)"):
        City(**{**{name: getattr(CITY, name) for name in CITY.__slots__}, **wrong})


def offer(move: str, *needs: Need, task: str | None = None) -> Offer:
    return Offer(OpenMove(move, task, TITLE, "handle", needs, None), ("account:1", "account:2"))


def test_nobody_does_what_has_no_weight_or_nobody_may() -> None:
    people = Behaviour(1, CALENDAR, {"idle": Habit(weight=0)})
    assert people.next_action(CaseView("case:1", NOW, (offer("idle"),)), NOW) is None
    assert people.next_action(CaseView("case:1", NOW, (replace(offer("work"), who=()),)), NOW) is None
    assert people.next_action(CaseView("case:1", NOW, ()), NOW) is None


def test_a_choice_from_an_unknown_list_is_left_alone() -> None:
    need = Need("reason", TITLE, "choice", list_name="nowhere")
    view = CaseView("case:1", NOW, (offer("return", need),))
    assert Behaviour(1, CALENDAR, {}).next_action(view, NOW) is None
    action = Behaviour(1, CALENDAR, {}, {"nowhere": ["a"]}).next_action(view, NOW)
    assert action is not None
    assert action.inputs == {"reason": "a"}


@given(st.integers(0, 500))
def test_plans_keep_and_never_lie_in_the_past(seed: int) -> None:
    view = CaseView("case:1", NOW, (offer("one", task="a"), offer("two", task="b")), {"a": NOW, "b": NOW})
    people = Behaviour(seed, CALENDAR, {})
    first = people.next_action(view, NOW)
    assert first is not None
    assert first.at > NOW
    later = first.at + timedelta(days=30)
    again = people.next_action(view, later)
    assert again is not None
    assert again.at >= later
    left = people.next_action(replace(view, offers=view.offers[1:]), NOW)
    other = people.next_action(replace(view, offers=view.offers[:1]), NOW)
    assert first in (left, other)  # one task's plan does not depend on the other's


NEEDS = (
    Need("words", TITLE, "text", most=4),
    Need("photos", TITLE, "photo", least=2, most=9),
    Need("reason", TITLE, "choice", choices={"a": TITLE, "b": TITLE}),
    Need("units", TITLE, "units", least=1, most=5),
    Need("class", TITLE, "catalogue"),
    Need("condition", TITLE, "filing_condition"),
    Need("place", TITLE, "place"),
    Need("grade", TITLE, "number", least=1, most=5),
    Need("sure", TITLE, "bool"),
    Need("on", TITLE, "date"),
    Need("scores", TITLE, "scores", per="summons", parts=(Need("speed", TITLE, "number", least=0, most=30),)),
)


@given(st.integers(0, 300))
def test_every_need_is_met(seed: int) -> None:
    view = CaseView(
        "case:1", NOW, (offer("all", *NEEDS),), {}, {}, "01001", "有缺失", (118.78, 32.02), UNITS, {"summons": ("s1",)}
    )
    action = Behaviour(seed, CALENDAR, {}).next_action(view, NOW)
    assert action is not None
    assert 2 <= action.photos["photos"] <= 9
    assert set(action.inputs) == {need.key for need in NEEDS} - {"photos"}
    assert action.inputs["words"] == "Anyt"
    assert action.inputs["reason"] in ("a", "b")
    assert set(action.inputs["units"]) <= set(UNITS)
    assert 1 <= action.inputs["grade"] <= 5
    assert 0 <= action.inputs["scores"]["s1"]["speed"] <= 30
    assert action.inputs["place"] == {"lon": 118.78, "lat": 32.02}


def test_work_is_done_in_shifts_and_watches_are_kept_at_any_time() -> None:
    night = datetime(2026, 3, 2, 20, tzinfo=UTC)
    people = Behaviour(1, CALENDAR, {"finish": Habit(minutes=5, spread=0), "check": Habit(minutes=5, working=False)})
    finish = people.next_action(CaseView("case:1", night, (offer("finish"),)), night)
    check = people.next_action(CaseView("case:1", night, (offer("check"),)), night)
    assert finish is not None
    assert check is not None
    assert finish.at.astimezone(ZONE).hour >= 8
    assert check.at < night + timedelta(hours=3)


def test_offers_gather_who_may() -> None:
    move = OpenMove("sign", "t1", TITLE, "handle", (), None)
    assert offers({"b": [move], "a": [move], "c": []}) == (Offer(move, ("a", "b")),)


def test_the_base_profiles_habits_name_moves_that_exist() -> None:
    known = set(procedure().moves) | {move for kind in procedure().kinds.values() for move in kind.moves}
    assert set(SPEC["moves"]) <= known
    assert isinstance(next(reports(CITY, 1, FIRST, 1)), Report)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (5, "is written with"),
        ({"speed": 1}, "is written with"),
        ({"hours": "night"}, "“work” or “any”"),
        ({"weight": -1}, "weight is a number"),
        ({"minutes": "long"}, "minutes is a number"),
        ({"choices": {"reason": "a"}}, "choices are written"),
        ({"words": "one"}, "list of sentences"),
    ],
)
def test_habits_that_cannot_be_read(entry: object, sentence: str) -> None:
    with pytest.raises(SpecError, match=sentence):
        read_habits({"sign": entry})
