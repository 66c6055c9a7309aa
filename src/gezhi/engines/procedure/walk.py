"""Walking through everything that can happen to a case under a procedure.

A bounded model check: the very code that carries out moves (`Run`) is applied to every state from the first stage on.
Conditions are taken as either way, rights as given, and a round of tasks has one or two units, which is enough to tell
"all", "any" and "lead" apart. Hands and counts are left out, so the walk is finite and small.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from gezhi.engines.procedure.conditions import holds, latest_round
from gezhi.engines.procedure.model import Move, Need, Procedure
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
    """What was seen. `dead`: stage → where its tasks stood in a state from which no end can be reached."""

    stages: set[str] = field(default_factory=set)
    task_stages: set[tuple[str, str]] = field(default_factory=set)
    moves: set[tuple[str | None, str]] = field(default_factory=set)
    dead: dict[str, tuple[str, ...]] = field(default_factory=dict)
    circles: set[str] = field(default_factory=set)


def walk(procedure: Procedure) -> Walk:
    """Visit every state; moves that are possible only so many times (`at_most`) do not count as a way on."""
    seen = Walk()
    first = _plain(procedure, State(procedure.first))
    before: dict[_Place, set[_Place]] = {first: set()}
    queue = deque([first])
    while queue and len(before) <= MOST:
        place = queue.popleft()
        state = State(*place)
        seen.stages.add(state.stage)
        seen.task_stages.update((a.kind, a.stage) for a in state.assignments)
        for move, run in _steps(procedure, state):
            seen.moves.add((move.kind, move.key))
            for after in _settled(run, seen, ()):
                if after not in before:
                    before[after] = set()
                    queue.append(after)
                if move.at_most is None:
                    before[after].add(place)
    if not queue:
        _find_dead(procedure, before, seen)
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


def _steps(procedure: Procedure, state: State) -> Iterator[tuple[Move, Run]]:
    """Every move somebody could make here, carried out."""
    for move in procedure.by_hand[state.stage]:
        if all(holds(standing, state.assignments) for standing in move.after):
            for inputs in _inputs(procedure, state, move):
                run = Run(procedure, state)
                run.carry_out(move, None, inputs)
                yield move, run
    for task in state.assignments:
        if task.kind in procedure.stages[state.stage].assignments:
            for move in procedure.kinds[task.kind].moves.values():
                if task.stage in move.sources:
                    run = Run(procedure, state)
                    run.carry_out(move, task, {})
                    yield move, run


def _inputs(procedure: Procedure, state: State, move: Move) -> Iterator[dict[str, list[int]]]:
    """Which units might be named: one or two, as far as the field and the round allow."""
    if move.opens is None:
        yield {}
        return
    need: Need = next(need for need in move.needs if need.kind == "units")
    again = move.opens in procedure.stages[state.stage].assignments
    there = len(latest_round(state.assignments, move.opens)) if again else 0
    least, most = int(need.least or 1), int(need.most or UNITS)
    for many in range(least, min(most, max(least, UNITS)) + 1):
        if there == 0 or there + many <= UNITS:
            yield {need.key: list(range(there, there + many))}


def _settled(run: Run, seen: Walk, chain: tuple[_Place, ...]) -> list[_Place]:
    """The places where it may come to rest; a condition on an automatic move is taken both ways."""
    here = _plain(run.procedure, run.state)
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
        rest += _settled(following, seen, (*chain, here))
        if not move.when:
            return rest
    return [*rest, here]


def _plain(procedure: Procedure, state: State) -> _Place:
    """The state without what makes no difference: earlier rounds, units, hands, counts, the order of tasks."""
    tasks: list[AssignmentState] = []
    for kind in procedure.kinds:
        latest = sorted(latest_round(state.assignments, kind), key=lambda a: (not a.lead, a.stage))
        tasks += [AssignmentState(f"{kind}-1-{i}", kind, a.stage, i, a.lead, 1) for i, a in enumerate(latest)]
    return state.stage, tuple(tasks)
