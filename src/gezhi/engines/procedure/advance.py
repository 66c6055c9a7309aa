"""Playing a procedure: begin a case, make a move, see what may be done.

All functions are pure: the same arguments give the same answer, and nothing handed in is changed. `now` is part of what
a condition may read; the engine itself starts no clock but says which ones to start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from gezhi.engines.procedure.conditions import fulfilled, holds, latest_round
from gezhi.engines.procedure.duties import duty_for
from gezhi.engines.procedure.inputs import check_inputs
from gezhi.engines.procedure.model import CLOCK, Condition, Move, Opening, Procedure, ProcedureFault
from gezhi.engines.procedure.refusals import Refusal
from gezhi.engines.procedure.running import Run, times_key
from gezhi.engines.procedure.state import Actor, Advance, AssignmentState, ClockMove, Facts, OpenMove, State

CHAIN = 25
"""So many moves may follow by themselves from one; more is a circle."""


def begin(procedure: Procedure, facts: Facts, now: datetime) -> Advance:
    """A new case: it stands at the first stage and that stage's clocks start."""
    run = Run(procedure, State(procedure.first), facts.centre)
    run.begin()
    _settle(run, facts, {}, now)
    return run.result("", None, None, facts)


def advance(
    procedure: Procedure,
    state: State,
    move: str,
    actor: Actor,
    inputs: Mapping[str, Any],
    facts: Facts,
    now: datetime,
    *,
    assignment: str | None = None,
) -> Advance | Refusal:
    """Make a move, with all that follows from it by itself.

    `assignment` names the assignment whose move it is; None for a move of the case. Refusals come in this order: what
    does not exist, who may not, wrong stage, separated duties, conditions, inputs. Raises ProcedureFault only for a
    procedure that `lint` refuses.
    """
    found = _find(procedure, state, move, assignment)
    if isinstance(found, Refusal):
        return found
    made, task = found
    duty = duty_for(procedure, state, made, actor, facts, task.unit if task else None)
    if isinstance(duty, Refusal) and duty.kind == "not_yours":
        return duty
    if refusal := _wrong_stage(procedure, state, made, task):
        return refusal
    if isinstance(duty, Refusal):
        return duty
    conditional = made.when or any(opening.when for opening in made.opens)
    spaces = _spaces(procedure, state, facts, task, now) if conditional else {}
    refusal = _not_ready(state, made, task, spaces) or _wrong_inputs(procedure, state, made, inputs)
    if refusal is None and made.when:
        refusal = _unfulfilled(made, (c for c in made.when if c.needs("inputs")), {**spaces, "inputs": inputs})
    if refusal is not None:
        return refusal
    run = Run(procedure, state, facts.centre)
    run.act(duty, actor.ref)
    run.carry_out(made, task, inputs, lambda opening: _opened(opening, {**spaces, "inputs": inputs}))
    _settle(run, facts, run.records, now)
    return run.result(move, assignment, duty, facts)


def moves_open(
    procedure: Procedure,
    state: State,
    actor: Actor,
    facts: Facts,
    now: datetime | None = None,
    *,
    with_reasons: bool = False,
) -> list[OpenMove]:
    """The moves this actor may make now, the case's first, then each assignment's, in the order of the document.

    A condition on inputs (and, without `now`, one on time) is judged only when the move is made. `with_reasons` adds
    the moves that are the actor's own at this stage but not possible yet, or would be theirs at a higher rank, each
    with its refusal.
    """
    offered = []
    for move, task in _standing_moves(procedure, state):
        duty = duty_for(procedure, state, move, actor, facts, task.unit if task else None)
        refusal = duty if isinstance(duty, Refusal) else None
        if refusal is None or (with_reasons and refusal.is_rank):
            spaces = _spaces(procedure, state, facts, task, now) if move.when else {}
            waits = _used_up(state, move, task) or _not_ready(state, move, task, spaces)
            if refusal is not None and waits is not None:
                continue  # nor would the rank help
            refusal = refusal or waits
        if refusal is not None and not (with_reasons and (refusal.kind != "not_yours" or refusal.is_rank)):
            continue
        named = duty if isinstance(duty, str) else move.by[0]
        offered.append(
            OpenMove(move.key, task.id if task else None, move.title, named, move.needs, move.target, refusal)
        )
    return offered


def clock_moves(procedure: Procedure, state: State) -> list[ClockMove]:
    """The moves that time makes from here, and the clocks that make it so when they are due."""
    return [
        ClockMove(move.key, task.id if task else None, clocks, move.at)
        for move, task in _standing_moves(procedure, state)
        if CLOCK in move.by and (clocks := clocks_of(procedure, move, task.stage if task else state.stage))
    ]


def clocks_of(procedure: Procedure, move: Move, stage: str) -> tuple[str, ...]:
    """The clocks whose being due makes a move of the clock: those it names, else those of its stage."""
    stages = procedure.kinds[move.kind].stages if move.kind else procedure.stages
    running = stages[stage].clocks
    free = procedure.free_clocks[move.kind or ""]
    return tuple(c for c in move.due if c in running or c in free) if move.due else running


def _standing_moves(procedure: Procedure, state: State) -> Iterator[tuple[Move, AssignmentState | None]]:
    """Every move by hand that leaves from where the case and its assignments stand."""
    for move in procedure.by_hand.get(state.stage, ()):
        yield move, None
    held = procedure.stages[state.stage].assignments if state.stage in procedure.stages else ()
    for task in state.assignments:
        if task.kind in held:
            for move in procedure.kinds[task.kind].moves.values():
                if task.stage in move.sources:
                    yield move, task


def _find(
    procedure: Procedure, state: State, move: str, assignment: str | None
) -> tuple[Move, AssignmentState | None] | Refusal:
    if state.stage not in procedure.stages:
        params = {"stage": state.stage, "procedure": procedure.title}
        return Refusal("wrong_state", "unknown_stage", params)
    task = None
    moves = procedure.moves
    if assignment is not None:
        task = state.assignment(assignment)
        if task is None or task.kind not in procedure.kinds:
            return Refusal("bad", "unknown_assignment", {"assignment": str(assignment)[:60]}, "assignment")
        moves = procedure.kinds[task.kind].moves
    made = moves.get(move)
    if made is None:
        return Refusal("bad", "unknown_move", {"move": str(move)[:60], "procedure": procedure.title}, "move")
    return made, task


def _wrong_stage(procedure: Procedure, state: State, move: Move, task: AssignmentState | None) -> Refusal | None:
    stage = procedure.stages[state.stage]
    if task is None:
        if state.stage not in move.sources:
            return Refusal("wrong_state", "wrong_stage", {"stage": stage.title, "move": move.title})
    else:
        kind = procedure.kinds[task.kind]
        if task.kind not in stage.assignments:
            return Refusal("wrong_state", "tasks_left", {"stage": stage.title, "kind": kind.title})
        if task.stage not in move.sources:
            params = {"stage": kind.stages[task.stage].title, "move": move.title}
            return Refusal("wrong_state", "wrong_stage_assignment", params)
    return _used_up(state, move, task)


def _used_up(state: State, move: Move, task: AssignmentState | None) -> Refusal | None:
    if move.at_most is None or state.counts.get(times_key(move, task), 0) < move.at_most:
        return None
    key = "once" if move.at_most == 1 else "at_most"
    return Refusal("wrong_state", key, {"move": move.title, "times": move.at_most})


def _not_ready(state: State, move: Move, task: AssignmentState | None, spaces: Mapping[str, Any]) -> Refusal | None:
    """Why a move has to wait, as far as it can be told before anything is handed in."""
    if not all(holds(standing, state.assignments) for standing in move.after):
        return Refusal("condition", "waiting", {"move": move.title})
    if not move.when:
        return None
    later = ("inputs",) if "now" in spaces else ("inputs", "now")
    return _unfulfilled(move, (c for c in move.when if not c.needs(*later)), spaces)


def _unfulfilled(move: Move, conditions: Iterator[Condition], spaces: Mapping[str, Any]) -> Refusal | None:
    for condition in conditions:
        judged = fulfilled(condition, spaces)
        if judged is not True:
            key = "condition" if judged is False else "unjudged"
            return Refusal("condition", key, {"move": move.title}, text=condition.otherwise)
    return None


def _wrong_inputs(procedure: Procedure, state: State, move: Move, inputs: Mapping[str, Any]) -> Refusal | None:
    if not move.needs:
        return check_inputs(move, inputs, frozenset(), {}) if inputs else None
    busy: set[int] = set()
    for kind in (o.kind for o in move.opens if o.whom == "units"):
        if kind in procedure.stages[state.stage].assignments:
            stages = procedure.kinds[kind].stages
            latest = latest_round(state.assignments, kind)
            busy |= {a.unit for a in latest if a.unit is not None and not stages[a.stage].end}
    scored = {n.per: [a.id for a in latest_round(state.assignments, n.per)] for n in move.needs if n.per}
    return check_inputs(move, inputs, busy, scored)


def _opened(opening: Opening, spaces: Mapping[str, Any]) -> bool:
    """Is a conditional opening carried out?"""
    return opening.when is None or fulfilled(opening.when, spaces) is True


def _spaces(
    procedure: Procedure, state: State, facts: Facts, task: AssignmentState | None, now: datetime | None
) -> dict[str, Any]:
    """The namespaces a condition reads."""
    spaces = dict(facts.values)
    spaces["settings"] = procedure.settings
    spaces["counts"] = {name: state.counts.get(name, 0) for name in procedure.counted}
    if now is not None:
        spaces["now"] = now
    if task is not None:
        spaces["assignment"] = {"unit": task.unit, "lead": task.lead, "round": task.round, "stage": task.stage}
    return spaces


def _settle(run: Run, facts: Facts, records: Mapping[str, Any], now: datetime) -> None:
    """Make the moves that follow by themselves, until none does. What has just been recorded counts as a fact."""
    for _ in range(CHAIN):
        for move in run.procedure.automatic[run.stage]:
            if not all(holds(standing, run.assignments) for standing in move.after):
                continue
            spaces = _spaces(run.procedure, run.state, facts, None, now)
            spaces["case"] = {**spaces.get("case", {}), **records}
            if move.when and _unfulfilled(move, iter(move.when), spaces):
                continue
            run.automatic.append(move.key)
            run.carry_out(move, None, {}, partial(_opened, spaces=spaces))
            break
        else:
            return
    raise ProcedureFault(f"“{run.procedure.name}” goes round in a circle at “{run.stage}”.")
