"""Walking through everything that can happen to a case under a procedure.

A bounded model check: the very code that carries out moves (`Run`) is applied to every state from the first stage on.
Conditions are taken as either way, rights as given, and a round of tasks has one or two units, which is enough to tell
"all", "any" and "lead" apart. Hands and counts are left out, so the walk is finite and small.

Kinds of task that no move waits for (an extension asked for, a supervision) run beside the case: they are walked each
on its own, or every combination with every other would be looked at for nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from gezhi.engines.procedure.conditions import holds, latest_round
from gezhi.engines.procedure.model import Kind, Move, Need, Procedure, Standing
from gezhi.engines.procedure.running import Run
from gezhi.engines.procedure.state import AssignmentState, State

UNITS = 2
"""So many tasks a round has at most in the walk."""
MOST = 20_000
"""So many states are looked at; a procedure with more is not judged for dead ends."""

_Place = tuple[str, tuple[AssignmentState, ...]]
"""A stage and its tasks, without what makes no difference."""


@dataclass(slots=True)
class Walk:
    """What was seen. `dead`: stage → where its tasks stood in a state from which no end can be reached; `stuck`: stages
    of tasks that no move of theirs leads out of to an end."""

    stages: set[str] = field(default_factory=set)
    task_stages: set[tuple[str, str]] = field(default_factory=set)
    moves: set[tuple[str | None, str]] = field(default_factory=set)
    dead: dict[str, tuple[str, ...]] = field(default_factory=dict)
    circles: set[str] = field(default_factory=set)
    stuck: set[tuple[str, str]] = field(default_factory=set)
    too_many: bool = False


def beside(procedure: Procedure) -> frozenset[str]:
    """The kinds of task that no move of the case waits for, except for there being none of them."""
    waited: set[str] = set()
    for move in procedure.every_move():
        waited |= {s.kind for s in move.after if s.which != "none" or move.automatic}
        waited |= {move.reopens.kind} if move.reopens else set()
        waited |= {o.kind for o in move.opens if o.whom in ("units", "items")}
    return frozenset(procedure.kinds) - waited


def walk(procedure: Procedure) -> Walk:
    """Visit every state; moves that are possible only so many times (`at_most`) do not count as a way on."""
    seen = Walk()
    apart = beside(procedure)
    first = _plain(procedure, State(procedure.first), apart)
    begun = Run(procedure, State(procedure.first))
    before: dict[_Place, set[_Place]] = {place: set() for place in _settled(begun, seen, apart, ())} or {first: set()}
    seen.stages.add(procedure.first)
    queue = deque(before)
    while queue and len(before) <= MOST:
        place = queue.popleft()
        state = State(*place)
        seen.stages.add(state.stage)
        seen.task_stages.update((a.kind, a.stage) for a in state.assignments)
        for move, run in _steps(procedure, state, apart):
            seen.moves.add((move.kind, move.key))
            for after in _settled(run, seen, apart, ()):
                if after not in before:
                    before[after] = set()
                    queue.append(after)
                if move.at_most is None:
                    before[after].add(place)
    seen.too_many = bool(queue)
    if not queue:
        _find_dead(procedure, before, seen)
    for kind in apart:
        _walk_kind(procedure, procedure.kinds[kind], seen)
    return seen


def _find_dead(procedure: Procedure, before: dict[_Place, set[_Place]], seen: Walk) -> None:
    """Go backwards from all ends; what is not met has no way on."""
    alive = [place for place in before if procedure.stages[place[0]].end]
    met = set(alive)
    while alive:
        for earlier in before[alive.pop()] - met:
            met.add(earlier)
            alive.append(earlier)
    for place in before:
        stage, tasks = place
        if place not in met and stage not in seen.dead:
            held = procedure.stages[stage].assignments
            seen.dead[stage] = tuple(sorted({a.stage for a in tasks if a.kind in held}))


def _walk_kind(procedure: Procedure, kind: Kind, seen: Walk) -> None:
    """One kind on its own, where something that was seen opens it and a stage that was seen holds it."""
    opened = any(o.kind == kind.key for m in procedure.every_move() if _made(m, seen) for o in m.opens)
    if not opened or not any(kind.key in procedure.stages[s].assignments for s in seen.stages):
        return
    reached = {kind.first}
    ways: dict[str, set[str]] = {}
    while fresh := {m.target for m in kind.moves.values() if m.target and reached & {*m.sources}} - reached:
        reached |= fresh
    for move in kind.moves.values():
        if reached & {*move.sources}:
            seen.moves.add((kind.key, move.key))
            for source in move.sources:
                ways.setdefault(source, set()).add(move.target or source)
    seen.task_stages |= {(kind.key, stage) for stage in reached}
    ending = {key for key, stage in kind.stages.items() if stage.end}
    while more := {s for s in reached - ending if ways.get(s, set()) & ending}:
        ending |= more
    seen.stuck |= {(kind.key, stage) for stage in reached - ending}


def _made(move: Move, seen: Walk) -> bool:
    return (move.kind, move.key) in seen.moves


def _waits(procedure: Procedure, standing: Standing, state: State, apart: frozenset[str]) -> bool:
    """Does a move have to wait for this? What runs beside is not known here and holds nothing up."""
    return standing.kind not in apart and not holds(standing, state.assignments)


def _steps(procedure: Procedure, state: State, apart: frozenset[str]) -> Iterator[tuple[Move, Run]]:
    """Every move somebody could make here, carried out; an opening on a condition is carried out and not."""
    for move in procedure.by_hand[state.stage]:
        if not any(_waits(procedure, standing, state, apart) for standing in move.after):
            for inputs in _inputs(procedure, state, move):
                yield from ((move, run) for run in _either(procedure, state, move, None, inputs))
    for task in state.assignments:
        if task.kind in procedure.stages[state.stage].assignments:
            for move in procedure.kinds[task.kind].moves.values():
                waits = any(_waits(procedure, standing, state, apart) for standing in move.after)
                if task.stage in move.sources and not waits:
                    yield from ((move, run) for run in _either(procedure, state, move, task, {}))


def _either(
    procedure: Procedure, state: State, move: Move, task: AssignmentState | None, inputs: dict[str, list[object]]
) -> Iterator[Run]:
    for allowed in {True, not any(opening.when for opening in move.opens)}:
        run = Run(procedure, state)
        given = {**inputs, **{field: "1 work_days" for _clock, field in move.extends}}
        run.carry_out(move, task, given, lambda opening, yes=allowed: yes or opening.when is None)  # type: ignore[misc]
        yield run


def _inputs(procedure: Procedure, state: State, move: Move) -> Iterator[dict[str, list[object]]]:
    """Which units (or items of a plan) might be named: one or two, as far as the field and the round allow."""
    opening = next((o for o in move.opens if o.whom in ("units", "items")), None)
    if opening is None:
        yield {}
        return
    need: Need = next(need for need in move.needs if need.kind == opening.whom)
    again = opening.kind in procedure.stages[state.stage].assignments
    there = len(latest_round(state.assignments, opening.kind)) if again else 0
    least, most = int(need.least or 1), int(need.most or UNITS)
    for many in range(least, min(most, max(least, UNITS)) + 1):
        if there == 0 or there + many <= UNITS:
            units = range(there, there + many)
            yield {need.key: [{"unit": unit} for unit in units] if opening.whom == "items" else [*units]}


def _settled(run: Run, seen: Walk, apart: frozenset[str], chain: tuple[_Place, ...]) -> list[_Place]:
    """The places where it may come to rest; a condition on an automatic move is taken both ways."""
    here = _plain(run.procedure, run.state, apart)
    ready = [m for m in run.procedure.automatic[run.stage] if all(holds(s, run.assignments) for s in m.after)]
    if ready and here in chain:
        seen.circles.add(run.stage)
        return []
    rest: list[_Place] = []
    for move in ready:
        following = Run(run.procedure, run.state)
        following.carry_out(move, None, {})
        seen.moves.add((None, move.key))
        seen.stages.add(following.stage)
        rest += _settled(following, seen, apart, (*chain, here))
        if not move.when:
            return rest
    return [*rest, here]


def _plain(procedure: Procedure, state: State, apart: frozenset[str]) -> _Place:
    """The state without what makes no difference: earlier rounds, units, hands, counts, the order of tasks."""
    tasks: list[AssignmentState] = []
    for kind in procedure.kinds:
        if kind in apart:
            continue
        latest = sorted(latest_round(state.assignments, kind), key=lambda a: (not a.lead, a.stage))
        tasks += [AssignmentState(f"{kind}-1-{i}", kind, a.stage, i, a.lead, 1) for i, a in enumerate(latest)]
    return state.stage, tuple(tasks)
