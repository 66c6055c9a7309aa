"""Random lives: whatever people do in whatever order, the laws of the engine hold, for every procedure lint passes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from procedure_world import (
    ACCEPTOR,
    CENTRE,
    CHECKER,
    DISPATCHER,
    EVENT,
    GRID,
    GRID_WORKER,
    NOW,
    RESIDENT,
    ROADS,
    ROADS_LEADER,
    STREET,
    WATER,
    WATER_LEADER,
    WHISTLE,
    WORKER,
    person,
)  # fmt: skip

from gezhi.engines.procedure import (
    Advance,
    Facts,
    Need,
    Procedure,
    ProcedureError,
    Refusal,
    State,
    advance,
    as_json,
    begin,
    clock_moves,
    lint,
    load,
    moves_open,
)  # fmt: skip
from gezhi.engines.procedure.load_duties import kept_apart
from gezhi.lib.actor import Actor, HeldPost

DISTRICT = 299
EVERYTHING = person(
    90, HeldPost("acceptor", CENTRE), HeldPost("dispatcher", CENTRE), HeldPost("unit_leader", ROADS, None, "unit_head"),
    HeldPost("unit_handler", WATER, None, "unit_head"), HeldPost("grid_worker", None, GRID),
    HeldPost("checker", None, STREET), HeldPost("street_leader", None, STREET),
)  # fmt: skip
JUDGE = person(91, HeldPost("street_leader", None, STREET), HeldPost("checker", None, STREET))
LEADER = person(92, HeldPost("centre_leader", CENTRE))
OFFICERS = [
    person(93, HeldPost("visitor", CENTRE)), person(94, HeldPost("assessor", CENTRE)),
    person(95, HeldPost("assessor", CENTRE)), person(96, HeldPost("grid_leader", None, STREET)),
    person(97, HeldPost("street_clerk", None, STREET)),
    person(98, HeldPost("district_leader", None, STREET, "standing_committee")),
    person(99, HeldPost("district_leader", None, DISTRICT, "deputy")),
    person(100, HeldPost("unit_leader", ROADS, None, "head")),
    person(101, HeldPost("unit_leader", WATER, None, "section")),
]  # fmt: skip
ACTORS = [ACCEPTOR, DISPATCHER, WORKER, ROADS_LEADER, WATER_LEADER, GRID_WORKER, CHECKER, RESIDENT, EVERYTHING, JUDGE,
          LEADER, *OFFICERS, Actor.clock()]  # fmt: skip


Pick = Callable[[Sequence[Any]], Any]
"""Chooses one of several."""


def drawn(draw: Any) -> Pick:
    """Hypothesis chooses."""
    return lambda several: draw(st.sampled_from(several))


def value_for(pick: Pick, need: Need, state: State) -> Any:
    """Something right for a field."""
    latest = max((a.round for a in state.assignments if a.kind == need.per), default=0)
    scored = [a.id for a in state.assignments if a.kind == need.per and a.round == latest]
    return {
        "text": "words", "filing_condition": "broken", "photo": [1], "catalogue": "0101", "bool": True,
        "place": {"lon": 118.7, "lat": 32.0}, "date": "2026-03-02", "number": need.least,
        "units": pick([[ROADS], [ROADS, WATER], [WATER]]), "choice": pick(sorted(need.choices) or ["x"]),
        "limit": pick(sorted(need.choices) or ["2 work_days"]), "case": "20260302000001",
        "here": {"lon": 118.78, "lat": pick([32.02, 32.5])}, "items": pick([[item(ROADS)], [item(ROADS), item(WATER)]]),
        "scores": {task: {part.key: part.least for part in need.parts} for task in scored},
    }[need.kind]  # fmt: skip


def item(unit: int) -> dict[str, Any]:
    return {"what": "relay the pipe", "unit": unit, "due": "2026-03-20"}


def case_facts(pick: Pick) -> Facts:
    placed = pick([True, False])
    case = {
        "channel": pick(["resident", "patrol", "inspection"]), "placed": placed, "closed_at": None,
        "level": pick(["ordinary", "larger", "major", None]), "rated": False, "classed": True,
        "contact": pick([True, False]), "late": pick([True, False]), "street": STREET, "district": DISTRICT,
        "lon": 118.78, "lat": 32.02,
    }  # fmt: skip
    reporter = pick([RESIDENT.ref, GRID_WORKER.ref, None])
    switches = {"presence_by_place": pick([True, False])}
    areas = (DISTRICT, STREET, GRID) if placed else ()
    return Facts({"case": case, "switches": switches}, CENTRE, GRID if placed else None, areas, reporter)


def check_life(draw: Any, procedure: Procedure, steps: int) -> None:
    """Play `steps` random moves and hold every law after each."""
    pick = drawn(draw)
    facts = case_facts(pick)
    last = begin(procedure, facts, NOW)
    running: set[tuple[str, str | None]] = set()
    carry_clocks(procedure, last, running)
    for _ in range(steps):
        state = last.state
        actor = draw(st.sampled_from(ACTORS))
        offered = moves_open(procedure, state, actor, facts, NOW)
        if not offered:
            continue
        chosen = draw(st.sampled_from(offered))
        inputs = {n.key: value_for(pick, n, state) for n in chosen.needs if not n.optional or draw(st.booleans())}
        args = (procedure, state, chosen.move, actor, inputs, facts, NOW)
        before = json.dumps(as_json(state), sort_keys=True)
        outcome = advance(*args, assignment=chosen.assignment)
        assert outcome == advance(*args, assignment=chosen.assignment)  # deterministic
        assert json.dumps(as_json(state), sort_keys=True) == before  # nothing handed in has changed
        if isinstance(outcome, Refusal):  # only inputs may still be refused of a move that was offered
            assert outcome.sentence_key in ("units_busy", "condition", "unjudged"), outcome
            continue
        facts.values["case"].update(outcome.records)
        facts.values["case"]["closed_at"] = NOW if outcome.ended else None
        last = outcome
        carry_clocks(procedure, last, running)
        check_laws(procedure, last)


def carry_clocks(procedure: Procedure, last: Advance, running: set[tuple[str, str | None]]) -> None:
    """Clocks as a caller keeps them: they run exactly where a stage says so, and none runs on an ended case."""
    running.difference_update(last.stops)
    starts = {(c.name, c.assignment) for c in last.starts}
    assert not starts & running
    running |= starts
    if last.ended:
        assert not running
    stage = procedure.stages[last.stage]
    for clock in stage.clocks:
        assert (clock, None) in running
    for task in last.assignments:
        at = procedure.kinds[task.kind].stages[task.stage]
        stands = set() if at.end or last.ended else set(at.clocks)
        assert {name for name, owner in running if owner == task.id} == stands
    free = set(procedure.free_clocks[""])
    assert {name for name, owner in running if owner is None} <= {*stage.clocks, *free}


def check_laws(procedure: Procedure, last: Advance) -> None:
    """What is true of every state."""
    for one, other in kept_apart(procedure):
        assert not last.hands.get(one, frozenset()) & last.hands.get(other, frozenset())
    assert "clock" not in last.hands
    stage = procedure.stages[last.stage]
    assert last.ended == stage.end
    for task in last.assignments:
        ended = procedure.kinds[task.kind].stages[task.stage].end
        assert ended or task.kind in stage.assignments  # no open task is left behind
    identities = [a.id for a in last.assignments]
    assert len(set(identities)) == len(identities)
    for kind in procedure.kinds:
        for number in {a.round for a in last.assignments if a.kind == kind}:
            leads = [a for a in last.assignments if a.kind == kind and a.round == number and a.lead]
            assert len(leads) <= 1
    assert State.from_json(json.loads(json.dumps(as_json(last.state)))) == last.state
    if not last.ended:
        ways = procedure.by_hand[last.stage]
        tasks = [a for a in last.assignments if not procedure.kinds[a.kind].stages[a.stage].end]
        assert ways or tasks or clock_moves(procedure, last.state)  # a way on


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_lives_under_the_seven_steps(data: st.DataObject) -> None:
    check_life(data.draw, EVENT, 40)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_lives_under_the_whistle(data: st.DataObject) -> None:
    check_life(data.draw, WHISTLE, 30)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Small random procedures: most are unsound, some are not."""
    names = [f"s{i}" for i in range(draw(st.integers(2, 5)))]
    stages: dict[str, Any] = {n: {"clock": draw(st.sampled_from(["c1", "c2", ["c1", "c2"]]))} for n in names}
    stages["over"] = {"end": True}
    holding = draw(st.sampled_from(names[1:]))
    stages[holding]["assignments"] = "task"
    duty = st.sampled_from(["a", "b"])
    moves: dict[str, Any] = {
        f"m{i}": {"from": name, "to": draw(st.sampled_from([*set(names) - {name}, "over"])), "by": draw(duty)}
        for i, name in enumerate(names)
    }
    for move in moves.values():
        if move["to"] == holding and draw(st.integers(0, 3)):
            move |= {"needs": {"units": {"units": "1..2", "lead": "first"}}, "opens": "task"}
    words = st.sampled_from(["all_done", "lead_done", "any_done", "all_ended", "all_gone", "any_done_or_gone"])
    target = draw(st.sampled_from([*set(names) - {holding}, "over"]))
    moves["auto"] = {"from": holding, "to": target, "after": f"task.{draw(words)}"}
    ways = {"do": {"from": "open", "to": "done", "by": "b"}, "go": {"from": "open", "to": "gone", "by": "clock"}}
    return {
        "procedure": "random",
        "duties": {"a": {"post": "acceptor"}, "b": {"post": ["unit_leader", "unit_handler"]}},
        "apart": [["a", "b"]],
        "clocks": {"c1": {"limit": "1 hour"}, "c2": {"limit": "2 work_days"}},
        "stages": stages,
        "moves": moves,
        "assignments": {
            "task": {
                "when_left": "gone",
                "stages": {"open": {"clock": "c1"}, "done": {"end": True}, "gone": {"end": True}},
                "moves": ways,
            }
        },
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(documents(), st.data())
def test_whatever_lint_passes_keeps_the_laws(document: dict[str, Any], data: st.DataObject) -> None:
    try:
        procedure = load(document)
    except ProcedureError:
        assume(False)
    flow = [p for p in lint(procedure) if "no way leads" in p.sentence or "circle" in p.sentence]
    assume(not flow)
    check_life(data.draw, procedure, 20)
