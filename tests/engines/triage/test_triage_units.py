"""Unit suggestion: it follows what the desk does, says why, heeds returns, and finds levels by itself."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from gezhi.engines.triage import Dispatch, UnitHistory, choose_levels
from gezhi.engines.triage.logit import fit_choice

FIRST = date(2026, 3, 1)
LEVELS = [("class",), ("street",), ("class", "street")]


def days(count: int, *, start: int = 0, water: str = "水务局") -> list[Dispatch]:
    """Each day rubbish goes to its street's team, and leaks to the water office."""
    made = []
    for day in range(start, start + count):
        on = FIRST + timedelta(days=day)
        for street in ("东", "西"):
            made.append(Dispatch(on, {"class": "垃圾", "street": street}, f"{street}街环卫队"))
            made.append(Dispatch(on, {"class": "漏水", "street": street}, water))
    return made


@pytest.fixture
def history() -> UnitHistory:
    made = UnitHistory(LEVELS)
    made.learn(days(20))
    return made


def test_without_history_nothing_is_suggested() -> None:
    assert UnitHistory(LEVELS).suggest({"class": "垃圾"}, on=FIRST) == []


def test_it_suggests_and_says_why(history: UnitHistory) -> None:
    best = history.suggest({"class": "垃圾", "street": "东"}, on=FIRST + timedelta(days=20))[0]
    assert best.unit == "东街环卫队"
    assert best.probability > 0.8
    assert dict(best.reason.alike) == {"class": "垃圾", "street": "东"}
    assert (best.reason.accepted, best.reason.of, best.reason.returned) == (20, 20, 0)


def test_a_street_never_seen_falls_back_on_the_class(history: UnitHistory) -> None:
    best = history.suggest({"class": "漏水", "street": "南"}, on=FIRST + timedelta(days=20))[0]
    assert best.unit == "水务局"
    assert dict(best.reason.alike) == {"class": "漏水"}


def test_a_class_never_seen_still_gets_units(history: UnitHistory) -> None:
    found = history.suggest({"class": "流浪狗"}, on=FIRST + timedelta(days=20))
    assert len(found) == 3
    assert sum(one.probability for one in found) == pytest.approx(1, abs=1e-6)


def test_a_new_remit_is_followed_within_days(history: UnitHistory) -> None:
    history.learn(days(6, start=20, water="城管局"))
    assert history.suggest({"class": "漏水", "street": "西"}, on=FIRST + timedelta(days=26))[0].unit == "城管局"


def test_returned_cases_count_against_a_unit() -> None:
    kept, given_back = UnitHistory(LEVELS), UnitHistory(LEVELS)
    both = [Dispatch(FIRST, {"class": "树", "street": "东"}, unit) for unit in ("园林所", "电力公司") for _ in range(5)]
    returned = [Dispatch(FIRST, {"class": "树", "street": "东"}, "电力公司", returned=True)] * 4
    kept.learn(both)
    given_back.learn([*both, *returned])
    facts, on = {"class": "树", "street": "东"}, FIRST + timedelta(days=1)
    before = {one.unit: one.probability for one in kept.suggest(facts, on=on)}
    after = {one.unit: one for one in given_back.suggest(facts, on=on)}
    assert after["电力公司"].probability < before["电力公司"]
    assert after["电力公司"].reason.returned == 4


def test_learning_a_day_at_a_time_is_learning_them_together(history: UnitHistory) -> None:
    slowly = UnitHistory(LEVELS)
    for day in range(20):
        slowly.learn(days(1, start=day))
    facts, on = {"class": "垃圾", "street": "西"}, FIRST + timedelta(days=21)
    assert slowly.suggest(facts, on=on) == history.suggest(facts, on=on)


def test_levels_are_found_and_what_follows_from_another_fact_is_left_out() -> None:
    told = [
        Dispatch(one.on, {**one.facts, "ward": {"东": "1", "西": "2"}[one.facts["street"]]}, one.unit)
        for one in days(30)
    ]
    found = choose_levels(told, ["class", "street", "ward"])
    assert {"class", "street"} in [set(one) for one in found] or {"class", "ward"} in [set(one) for one in found]
    assert not any({"street", "ward"} <= set(level) for level in found)
    assert choose_levels([], ["class"]) == [("class",)]


def test_the_logit_finds_what_choices_were_made_by() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(2_000, 4, 3)).astype(np.float32)
    scores = features @ np.array([2.0, -1.0, 0.0]) + rng.gumbel(size=(2_000, 4))
    found = fit_choice(features, scores.argmax(axis=1), np.zeros(3), np.zeros(3))
    assert found == pytest.approx([2, -1, 0], abs=0.2)
