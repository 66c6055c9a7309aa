"""Judging the clocks of a procedure: each is used, each that starts also stops, and what time does has a clock."""

from __future__ import annotations

from collections.abc import Iterator

from gezhi.engines.procedure.advance import clocks_of
from gezhi.engines.procedure.model import CLOCK, Move, Path, Procedure, Stage


def clock_problems(procedure: Procedure) -> Iterator[tuple[Path, str]]:
    """Path and sentence for each problem."""
    used: set[str] = set()
    for path, stage in _stages(procedure):
        used.update(stage.clocks)
        if stage.end and stage.clocks:
            yield (*path, "clock"), f"The clock “{stage.clocks[0]}” would never be stopped: “{stage.key}” is an end."
    yield from _on_ended(procedure)
    moves = procedure.every_move()
    for move in moves:
        used.update(move.starts)
        yield from _of_move(procedure, move)
    stopped = {clock for move in moves for clock in move.stops}
    resumed = {clock for move in moves for clock in move.resumes}
    for move in moves:
        for clock in move.starts:
            if clock not in stopped:
                yield (*move.path, "starts"), f"The clock “{clock}” is started here, but no move ever stops it."
        for clock in move.pauses:
            if clock not in resumed:
                yield (*move.path, "pauses"), f"The clock “{clock}” is paused here, but no move ever lets it run on."
    for clock in procedure.clocks:
        if clock not in used:
            yield ("clocks", clock), f"The clock “{clock}” is never started."


def _on_ended(procedure: Procedure) -> Iterator[tuple[Path, str]]:
    """A task that is opened on a case that has ended must have no clock: none runs on an ended case."""
    for stage in (s for s in procedure.stages.values() if s.end):
        for kind in stage.assignments:
            elsewhere = any(kind in s.assignments for s in procedure.stages.values() if not s.end)
            clock = next((c for s in procedure.kinds[kind].stages.values() for c in s.clocks), None)
            if clock is not None and not elsewhere:
                sentence = f"The clock “{clock}” would run on at “{stage.key}”, which is an end."
                yield ("stages", stage.key, "assignments"), sentence


def _of_move(procedure: Procedure, move: Move) -> Iterator[tuple[Path, str]]:
    """Clocks a move touches that cannot be running there; moves of the clock without a clock."""
    stages = procedure.kinds[move.kind].stages if move.kind else procedure.stages
    running = {clock for source in move.sources for clock in stages[source].clocks}
    for kind in procedure.kinds:
        if move.kind == kind or any(kind in procedure.stages[s].assignments for s in move.sources if not move.kind):
            running |= procedure.own_clocks[kind]
    if move.kind:
        holding = [s for s in procedure.stages.values() if move.kind in s.assignments]
        running |= {clock for stage in holding for clock in stage.clocks}
    running |= {clock for free in procedure.free_clocks.values() for clock in free}
    for name, clocks in (("stops", move.stops), ("pauses", move.pauses), ("resumes", move.resumes)):
        for clock in clocks:
            if clock not in running:
                yield (*move.path, name), f"“{move.key}” {name} the clock “{clock}”, which never runs there."
    if CLOCK in move.by:
        for source in move.sources:
            if not clocks_of(procedure, move, source):
                sentence = f"“{move.key}” is made by the clock, but none of its clocks runs at “{source}”."
                yield (*move.path, "by"), sentence


def _stages(procedure: Procedure) -> Iterator[tuple[Path, Stage]]:
    for stage in procedure.stages.values():
        yield ("stages", stage.key), stage
    for kind in procedure.kinds.values():
        for stage in kind.stages.values():
            yield ("assignments", kind.key, "stages", stage.key), stage
