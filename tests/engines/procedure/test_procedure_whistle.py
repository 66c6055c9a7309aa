"""A second, very different procedure played by the same engine: ranks, time, waiting for all, scores, free clocks."""

from __future__ import annotations

import pytest
from procedure_world import ROADS, STREET, WATER, WHISTLE, Play, facts, person

from gezhi.engines.procedure import ClockMove, ClockStart, clock_moves, lint, moves_open
from gezhi.lib.actor import Actor, HeldPost

BLOWER = person(60, HeldPost("street_leader", None, STREET))
HEAD = person(61, HeldPost("unit_leader", ROADS, None, "unit_head"))
CLERK = person(62, HeldPost("unit_handler", WATER, None, "section_head"))
ARRIVED = {"place": {"lon": 118.7, "lat": 32.0}, "photo": [1]}
CALL = {"units": [ROADS, WATER], "words": "a collapsed wall"}


def blown(level: str = "ordinary") -> Play:
    return Play(WHISTLE, facts(level=level)).do("blow", BLOWER, inputs=CALL)


def working() -> Play:
    play = blown()
    for task, who in (("summons-1-1", HEAD), ("summons-1-2", CLERK)):
        play.do("sign", who, task).do("arrive", who, task, ARRIVED)
    return play.do("adopt_plan", BLOWER, inputs={"units": [WATER], "plan": "rebuild it"})


def test_the_whistle_is_sound() -> None:
    assert lint(WHISTLE) == []


@pytest.mark.clause("QH-1")
def test_the_level_decides_the_rank_that_must_stand_on_the_site() -> None:
    blown().do("sign", CLERK, "summons-1-2")
    assert blown("larger").no("sign", CLERK, "summons-1-2").kind == "not_yours"
    blown("larger").do("sign", HEAD, "summons-1-1")


def test_a_rank_too_low_is_among_the_reasons() -> None:
    play = blown("larger")
    assert moves_open(WHISTLE, play.state, CLERK, play.facts) == []
    (shown,) = moves_open(WHISTLE, play.state, CLERK, play.facts, with_reasons=True)
    assert (shown.move, shown.assignment) == ("sign", "summons-1-2")
    assert shown.refusal is not None
    assert shown.refusal.is_rank
    assert moves_open(WHISTLE, play.state, person(63), play.facts, with_reasons=True) == []


@pytest.mark.parametrize(
    ("level", "limit"), [("ordinary", "1 work_days"), ("larger", "4 work_hours"), ("major", "2 urgent_hours")]
)
def test_the_level_decides_the_limit(level: str, limit: str) -> None:
    last = blown(level).do("sign", HEAD, "summons-1-1").last
    assert last.starts == (ClockStart("arrive", "summons-1-1", limit, "shifts"),)
    assert last.stops == (("sign", "summons-1-1"),)


def test_the_meeting_begins_when_everybody_has_arrived_or_time_is_up() -> None:
    play = blown().do("sign", HEAD, "summons-1-1").do("arrive", HEAD, "summons-1-1", ARRIVED)
    assert play.state.stage == "blown"
    assert clock_moves(WHISTLE, play.state) == [ClockMove("miss", "summons-1-2", ("sign",))]
    assert play.no("miss", BLOWER, "summons-1-2").sentence_key == "clock"
    play.do("miss", Actor.clock(), "summons-1-2")
    assert (play.state.stage, play.last.automatic, play.last.duty) == ("meeting", ("convene",), "clock")
    assert "clock" not in play.state.hands


def test_when_nobody_comes_the_first_rule_that_fits_wins() -> None:
    play = blown().do("miss", Actor.clock(), "summons-1-1").do("miss", Actor.clock(), "summons-1-2")
    assert (play.state.stage, play.last.automatic) == ("dropped", ("fail",))


def test_a_dropped_whistle_excuses_those_still_under_way() -> None:
    play = blown().do("drop", BLOWER)
    assert play.tasks() == ["excused", "excused"]
    assert set(play.last.stops) >= {("sign", "summons-1-1"), ("sign", "summons-1-2")}


def test_a_clock_of_its_own_starts_pauses_runs_on_and_stops() -> None:
    play = working()
    assert [c.name for c in play.last.starts] == ["result"]
    assert play.last.stops == (("plan", None),)
    assert play.do("freeze", BLOWER).last.pauses == (("result", None),)
    assert play.tasks()[2:] == ["open"]
    assert play.do("thaw", BLOWER).last.resumes == (("result", None),)
    play.do("do", CLERK, "plan_item-1-1", {"words": "rebuilt"})
    assert play.state.stage == "judged"
    assert play.last.stops == (("result", None),)


@pytest.mark.clause("QH-3")
def test_one_score_for_each_summoned() -> None:
    play = working().do("do", CLERK, "plan_item-1-1", {"words": "rebuilt"})
    score = {"speed": 30, "cooperation": 20, "solved": 40}
    both = {"summons-1-1": score, "summons-1-2": score}
    assert play.no("judge", BLOWER, inputs={"scores": {"summons-1-1": score}, "solved": True}).sentence_key == "scores"
    high = {"scores": {**both, "summons-1-2": {**score, "speed": 31}}, "solved": True}
    assert play.no("judge", BLOWER, inputs=high).sentence == "“Speed” must be at most 30."
    unsolved = {"scores": both, "solved": False}
    assert play.no("judge", BLOWER, inputs=unsolved).sentence == "Say why it was not solved."
    play.do("judge", BLOWER, inputs={**unsolved, "words": "the wall is not ours"})
    assert play.last.records == {"solved": False, "level": "street"}


def test_who_reported_in_may_not_judge() -> None:
    both = person(63, HeldPost("street_leader", ROADS, STREET, "unit_head"))
    play = blown().do("sign", both, "summons-1-1").do("arrive", both, "summons-1-1", ARRIVED)
    play.do("miss", Actor.clock(), "summons-1-2")
    play.do("adopt_plan", both, inputs={"units": [WATER], "plan": "rebuild"})
    play.do("do", CLERK, "plan_item-1-1", {"words": "rebuilt"})
    assert play.no("judge", both, inputs={}).kind == "apart"


def test_a_move_by_hand_may_have_to_wait_for_tasks() -> None:
    play = blown().do("miss", Actor.clock(), "summons-1-1").do("sign", CLERK, "summons-1-2")
    waiting = play.no("adopt_plan", BLOWER, inputs={})
    assert waiting.kind == "wrong_state"


def test_so_many_times_and_no_more() -> None:
    play = working().do("do", CLERK, "plan_item-1-1", {"words": "rebuilt"})
    score = {"speed": 30, "cooperation": 20, "solved": 40}
    judged = {"scores": {"summons-1-1": score, "summons-1-2": score}, "solved": True}
    play.do("judge", BLOWER, inputs=judged)
    for _ in range(2):
        play.do("object", BLOWER, inputs={"words": "no"})
    assert play.no("object", BLOWER).sentence == "“Object” is possible at most 2 times, and they have been used."
