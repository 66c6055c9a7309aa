"""The national seven steps, played: the way through, the ways back, and every no on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from procedure_world import (
    ACCEPTOR,
    CHECKER,
    DISPATCHER,
    EVENT,
    EVERYBODY,
    GRID,
    GRID_WORKER,
    NOW,
    PLUMBER,
    RESIDENT,
    ROADS,
    ROADS_LEADER,
    STRANGER,
    WATER,
    WATER_LEADER,
    WORKER,
    Play,
    facts,
    person,
)  # fmt: skip

from gezhi.engines.procedure import AssignmentState, ClockStart, Facts, clock_moves, moves_open
from gezhi.lib.actor import Actor, HeldPost

LOOP = [
    ("accept", "acceptor", None, "accepted"),
    ("file", "acceptor", None, "filed"),
    ("dispatch", "dispatcher", None, "handling"),
    ("sign", "worker", "handling-1-1", "handling"),
    ("sign", "plumber", "handling-1-2", "handling"),
    ("finish", "worker", "handling-1-1", "handling"),
    ("confirm", "roads_leader", "handling-1-1", "handling"),
    ("finish", "plumber", "handling-1-2", "handling"),
    ("confirm", "water_leader", "handling-1-2", "checking"),
    ("fail_check", "grid_worker", None, "handling"),
    ("sign", "worker", "handling-2-1", "handling"),
    ("sign", "water_leader", "handling-2-2", "handling"),
    ("finish", "worker", "handling-2-1", "handling"),
    ("finish", "plumber", "handling-2-2", "handling"),
    ("confirm", "water_leader", "handling-2-2", "handling"),
    ("confirm", "roads_leader", "handling-2-1", "checking"),
    ("pass_check", "checker", None, "checked"),
    ("close", "acceptor", None, "closed"),
    ("rate", "resident", None, "closed"),
]


def may(move: str, task: str | None) -> set[str]:
    """Who holds the duty of a move, written down by hand."""
    unit = {"1": {"worker", "roads_leader"}, "2": {"plumber", "water_leader"}}
    if task and move in ("sign", "finish"):
        return unit[task[-1]]
    if task and move == "confirm":
        return unit[task[-1]] & {"roads_leader", "water_leader"}
    return {
        "accept": {"acceptor"}, "file": {"acceptor"}, "close": {"acceptor"}, "dispatch": {"dispatcher"},
        "pass_check": {"grid_worker", "checker"}, "fail_check": {"grid_worker", "checker"}, "rate": {"resident"},
    }[move]  # fmt: skip


@pytest.mark.clause("NX-12")
def test_the_loop_with_rework_and_at_every_step_everybody_else_is_refused() -> None:
    play = Play()
    for move, who, task, stage in LOOP:
        for name, other in EVERYBODY.items():
            if name not in may(move, task):
                refusal = play.no(move, other, task)
                assert refusal.kind == "not_yours"
                assert refusal.sentence.endswith("you do not hold that post for this case.")
        play.do(move, EVERYBODY[who], task)
        assert play.state.stage == stage, move
    assert play.last.ended
    assert dict(play.state.counts) == {"rework": 1}
    assert play.state.hands["check"] == {GRID_WORKER.ref, CHECKER.ref}
    assert play.tasks() == ["done"] * 4
    assert [a.lead for a in play.state.assignments] == [True, False, True, False]


def test_a_new_case_waits_for_acceptance() -> None:
    assert Play().last.starts == (ClockStart("accept", None, "15 min", "natural"),)
    assert Play().last.moved == ""


def test_what_a_dispatch_gives_back() -> None:
    play = Play().do("accept", ACCEPTOR).do("file", ACCEPTOR).do("dispatch", DISPATCHER)
    last = play.last
    assert (last.moved, last.duty, last.assignment, last.ended) == ("dispatch", "dispatch", None, False)
    assert last.opened == (
        AssignmentState("handling-1-1", "handling", "sent", ROADS, True, 1),
        AssignmentState("handling-1-2", "handling", "sent", WATER, False, 1),
    )
    assert last.stops == (("dispatch", None),)
    assert last.starts == (
        ClockStart("handle", None, "catalogue", "natural", 70),
        ClockStart("sign", "handling-1-1", "2 work_hours", "natural"),
        ClockStart("sign", "handling-1-2", "2 work_hours", "natural"),
    )


def handled(play: Play | None = None) -> Play:
    """A case whose one unit has done and confirmed."""
    play = play or Play()
    play.do("accept", ACCEPTOR).do("file", ACCEPTOR).do("dispatch", DISPATCHER, inputs={"units": [ROADS]})
    return play.do("sign", WORKER, "handling-1-1").do("finish", WORKER, "handling-1-1")


def test_the_handling_clock_stops_when_the_last_unit_confirms_and_what_follows_by_itself_is_named() -> None:
    last = handled().do("confirm", ROADS_LEADER, "handling-1-1").last
    assert last.automatic == ("feed_back",)
    assert last.stops == (("handle", None),)
    assert [c.name for c in last.starts] == ["check"]


def test_a_leader_may_have_it_done_again() -> None:
    play = handled().do("redo", ROADS_LEADER, "handling-1-1")
    assert play.tasks() == ["signed"]


def test_when_the_leading_unit_returns_it_the_others_are_recalled_and_it_is_dispatched_anew() -> None:
    play = Play().do("accept", ACCEPTOR).do("file", ACCEPTOR).do("dispatch", DISPATCHER)
    play.do("return", ROADS_LEADER, "handling-1-1")
    assert play.state.stage == "filed"
    assert play.last.automatic == ("return_case",)
    assert play.tasks() == ["returned", "recalled"]
    assert set(play.last.stops) == {("sign", "handling-1-1"), ("handle", None), ("sign", "handling-1-2")}
    assert [c.name for c in play.last.starts] == ["dispatch"]
    assert play.no("sign", PLUMBER, "handling-1-2").sentence_key == "tasks_left"
    play.do("dispatch", DISPATCHER, inputs={"units": [WATER]})
    assert play.last.opened == (AssignmentState("handling-2-1", "handling", "sent", WATER, True, 2),)


def test_an_assisting_unit_may_return_it_and_the_rest_goes_on() -> None:
    play = Play().do("accept", ACCEPTOR).do("file", ACCEPTOR).do("dispatch", DISPATCHER)
    play.do("return", WATER_LEADER, "handling-1-2").do("sign", WORKER, "handling-1-1")
    play.do("finish", WORKER, "handling-1-1").do("confirm", ROADS_LEADER, "handling-1-1")
    assert play.state.stage == "checking"
    play.do("fail_check", CHECKER)
    assert [a.unit for a in play.last.opened] == [ROADS]


def test_units_added_later_assist_and_one_at_work_is_not_added_twice() -> None:
    play = Play().do("accept", ACCEPTOR).do("file", ACCEPTOR).do("dispatch", DISPATCHER)
    assert play.no("add_units", DISPATCHER, inputs={"units": [WATER]}).sentence_key == "units_busy"
    play.do("add_units", DISPATCHER)
    assert play.last.opened == (AssignmentState("handling-1-3", "handling", "sent", 22, False, 1),)
    assert play.last.starts == (ClockStart("sign", "handling-1-3", "2 work_hours", "natural"),)


@pytest.mark.clause("SZ-4")
@pytest.mark.parametrize(
    ("posts", "moves"),
    [
        ((HeldPost("unit_handler", ROADS),), [("sign", "handling-1-1"), ("finish", "handling-1-1")]),
        ((HeldPost("unit_leader", ROADS),), [("confirm", "handling-1-1")]),
        ((HeldPost("dispatcher", 1),), [("dispatch", None)]),
    ],
)  # fmt: skip
def test_who_handled_confirmed_or_dispatched_may_not_check(posts: tuple[HeldPost, ...], moves: list) -> None:
    both = person(50, *posts, HeldPost("checker", None, 300))
    mine = {name for name, _ in moves}
    play = Play().do("accept", ACCEPTOR).do("file", ACCEPTOR)
    play.do("dispatch", both if "dispatch" in mine else DISPATCHER, inputs={"units": [ROADS]})
    for move, usual in (("sign", WORKER), ("finish", WORKER), ("confirm", ROADS_LEADER)):
        play.do(move, both if move in mine else usual, "handling-1-1")
    refusal = play.no("pass_check", both)
    assert refusal.kind == "apart"
    assert refusal.sentence.endswith("checking must therefore be done by somebody else.")
    assert [m.move for m in moves_open(EVENT, play.state, both, play.facts)] == []
    play.do("pass_check", CHECKER)


def test_who_verified_may_not_handle_either() -> None:
    both = person(51, HeldPost("grid_worker", None, GRID), HeldPost("unit_handler", ROADS))
    play = Play().do("accept", ACCEPTOR).do("ask_to_verify", ACCEPTOR).do("verify", both)
    play.do("file", ACCEPTOR).do("dispatch", DISPATCHER)
    assert play.no("sign", both, "handling-1-1").kind == "apart"


def test_a_report_by_the_public_is_verified_before_it_is_filed() -> None:
    play = Play(given=facts(verdict=None)).do("accept", ACCEPTOR)
    assert "verified on site" in play.no("file", ACCEPTOR).sentence
    play.do("ask_to_verify", ACCEPTOR).do("verify", GRID_WORKER)
    assert play.last.records == {"verdict": "real"}
    play.facts = facts()
    play.do("file", ACCEPTOR)


def test_what_officials_find_needs_no_verification() -> None:
    play = Play(given=facts(verdict=None, channel="inspection")).do("accept", ACCEPTOR)
    assert play.no("ask_to_verify", ACCEPTOR).kind == "condition"
    play.do("file", ACCEPTOR)


def test_a_hotline_order_without_a_place_waits_until_the_desk_finds_it() -> None:
    play = Play(given=facts(placed=False, channel="hotline", verdict=None)).do("accept", ACCEPTOR)
    refusal = play.no("file", ACCEPTOR)
    assert refusal.said("en") == "This case has no place yet; set its place before filing."
    assert refusal.said("zh") == "该案件尚无位置，请先确定位置再立案。"
    assert play.no("ask_to_verify", ACCEPTOR).kind == "condition"
    play.do("place", ACCEPTOR)
    assert play.state.stage == "accepted"
    play.facts = facts(channel="hotline", verdict=None)
    assert play.no("place", ACCEPTOR).kind == "condition"
    play.facts = facts(channel="hotline", verdict="other_place")
    play.do("place", ACCEPTOR).do("file", ACCEPTOR)


@pytest.mark.clause("NX-7")
def test_a_grid_worker_solves_on_the_spot_what_was_found_on_patrol() -> None:
    own = Facts(facts(channel="patrol").values, 1, GRID, (300, GRID), GRID_WORKER.ref)
    play = Play(given=own)
    assert (play.state.stage, play.last.automatic) == ("at_grid", ("to_grid",))
    assert play.no("solve_on_spot", CHECKER).kind == "not_yours"
    assert play.no("solve_on_spot", GRID_WORKER, inputs={"before": [1]}).field == "after"
    play.do("solve_on_spot", GRID_WORKER)
    assert (play.state.stage, play.last.records) == ("closed", {"solved_at": "grid"})
    reported = Play(given=Facts(facts().values, 1, GRID, (300, GRID), GRID_WORKER.ref))
    assert reported.no("solve_on_spot", GRID_WORKER).kind == "wrong_state"


def test_a_reporter_may_withdraw_only_what_nobody_has_taken_on() -> None:
    assert Play().do("withdraw", RESIDENT).state.stage == "void"
    assert Play().no("withdraw", Actor.reporter("other")).kind == "not_yours"
    assert Play().do("accept", ACCEPTOR).no("withdraw", RESIDENT).kind == "wrong_state"


def test_nobody_is_the_reporter_of_a_case_without_one() -> None:
    play = Play(given=Facts(facts().values, 1, GRID, (300, GRID), None))
    assert play.no("withdraw", RESIDENT).kind == "not_yours"


def test_rating_is_possible_once_and_for_thirty_days() -> None:
    play = handled().do("confirm", ROADS_LEADER, "handling-1-1").do("pass_check", CHECKER)
    assert play.do("close", ACCEPTOR).last.opened == ()
    late = NOW + timedelta(days=31)
    assert [m.move for m in moves_open(EVENT, play.state, RESIDENT, play.facts)] == ["rate", "reopen"]
    assert moves_open(EVENT, play.state, RESIDENT, play.facts, late) == []
    play.now = late
    assert play.no("rate", RESIDENT).said("en") == "The time for rating this case is over."
    play.now = NOW + timedelta(days=30)
    assert play.no("rate", RESIDENT, inputs={"grade": 6}).sentence == "“How satisfied” must be at most 5."
    play.do("rate", RESIDENT)
    play.facts = facts(rated=True)
    assert play.no("rate", RESIDENT).sentence == "You have rated this case already."


def test_refusals_say_what_stands_against_it() -> None:
    play = Play()
    assert play.no("close", ACCEPTOR).sentence == "This case is now “Reported”; “Close” is not possible there."
    turned = {"This case is now “{stage}”; “{move}” is not possible there.": "案件处于“{stage}”，不能“{move}”。"}
    assert play.no("close", ACCEPTOR).said("zh", lambda s: turned.get(s, s)) == "案件处于“待受理”，不能“结案”。"
    assert play.no("accept", STRANGER).said("zh").count("受理") == 2
    assert play.no("feed_back", ACCEPTOR).sentence_key == "automatic"
    assert play.no("fly", ACCEPTOR).sentence == "There is no move “fly” in “Event”."
    assert play.no("sign", WORKER, "handling-1-1").sentence_key == "unknown_assignment"
    assert play.no("accept", ACCEPTOR, inputs={"colour": "red"}).field == "colour"
    two = play.do("accept", ACCEPTOR).no("file", ACCEPTOR, inputs={})
    assert (two.kind, two.field, [o.field for o in two.others]) == ("missing", "class", ["condition"])
    play.last = replace(play.last, stage="somewhere")
    assert play.no("file", ACCEPTOR).sentence_key == "unknown_stage"


def test_moves_open_lists_case_and_task_moves_and_reasons_on_request() -> None:
    play = Play(given=facts(placed=False)).do("accept", ACCEPTOR)
    assert [m.move for m in moves_open(EVENT, play.state, ACCEPTOR, play.facts)] == [
        "place", "reject", "answer_at_once", "merge", "split",
    ]  # fmt: skip
    every = moves_open(EVENT, play.state, ACCEPTOR, play.facts, with_reasons=True)
    assert {m.move: m.refusal.kind for m in every if m.refusal} == {"ask_to_verify": "condition", "file": "condition"}
    assert moves_open(EVENT, play.state, STRANGER, play.facts, with_reasons=True) == []
    play = Play().do("accept", ACCEPTOR).do("file", ACCEPTOR).do("dispatch", DISPATCHER)
    offered = moves_open(EVENT, play.state, ROADS_LEADER, play.facts)
    assert [(m.move, m.assignment, m.duty) for m in offered] == [
        ("sign", "handling-1-1", "handle"), ("return", "handling-1-1", "confirm"),
    ]  # fmt: skip


def test_time_moves_nothing_in_the_seven_steps() -> None:
    assert clock_moves(EVENT, Play().do("accept", ACCEPTOR).state) == []
