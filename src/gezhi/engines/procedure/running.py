"""The working copy of one case while a move is carried out: stage, assignments, clocks, hands and counts.

`Run` changes only itself; it asks no permission and judges no condition. `advance` uses it after all checks, `lint`
uses it to walk through everything that could ever happen. So both always mean the same procedure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gezhi.engines.procedure.conditions import latest_round
from gezhi.engines.procedure.model import CLOCK, Move, Opening, Procedure, Standing
from gezhi.engines.procedure.state import Advance, AssignmentState, ClockAt, ClockStart, Facts, State

Allows = Callable[[Opening], bool]
"""Does the condition of an opening hold?"""


def always(_opening: Opening) -> bool:
    """Every opening is carried out."""
    return True


class Run:
    """One move, and what follows from it, being carried out. `centre` works for a lead that is not there."""

    def __init__(self, procedure: Procedure, state: State, centre: int | None = None) -> None:
        self.procedure = procedure
        self.centre = centre
        self.stage = state.stage
        self.assignments = state.assignments
        self.hands = state.hands
        self.counts = state.counts
        self.opened: list[str] = []
        self.automatic: list[str] = []
        self.records: dict[str, Any] = {}
        self.does: list[str] = []
        self.starts: dict[ClockAt, None] = {}
        self.stops: dict[ClockAt, None] = {}
        self.pauses: dict[ClockAt, None] = {}
        self.resumes: dict[ClockAt, None] = {}
        self.extends: list[tuple[ClockAt, str]] = []

    @property
    def state(self) -> State:
        """The state as it is now."""
        return State(self.stage, self.assignments, self.hands, self.counts)

    def begin(self) -> None:
        """A new case: the clocks of its first stage start."""
        for clock in self.procedure.stages[self.stage].clocks:
            self._start((clock, None))

    def carry_out(
        self, move: Move, assignment: AssignmentState | None, inputs: Mapping[str, Any], allows: Allows = always
    ) -> None:
        """Everything a move does, in the order: notes, clocks named by it, tasks ended, stage, tasks opened."""
        self._note(move, assignment, inputs)
        self._clocks(move, assignment, inputs)
        for kind in move.ends:
            self._leave(kind)
        held = self.procedure.stages[self.stage].assignments
        if move.target is not None:
            if assignment is not None:
                self._place(assignment, move.target)
            else:
                self._enter(move.target)
        for clock in move.starts:
            self._start((clock, assignment.id if assignment else None))
        if move.reopens is not None:
            self._reopen(move.reopens, again=move.reopens.kind in held)
        for opening in move.opens:
            if allows(opening):
                self._carry_open(opening, move, assignment, inputs, opening.kind in held)

    def _clocks(self, move: Move, assignment: AssignmentState | None, inputs: Mapping[str, Any]) -> None:
        """The clocks a move names itself."""
        for clock in (*move.stops, *move.pauses, *move.resumes):
            for at in self._places(clock, assignment):
                if clock in move.stops:
                    self._stop(at)
                elif clock in move.pauses:
                    self.pauses[at] = None
                else:
                    self.resumes[at] = None
        for clock, field in move.extends:
            self.extends += [(at, str(inputs[field])) for at in self._places(clock, assignment)]

    def _carry_open(
        self,
        opening: Opening,
        move: Move,
        assignment: AssignmentState | None,
        inputs: Mapping[str, Any],
        same_round: bool,
    ) -> None:
        units: list[int | None]
        lead_first = False
        if opening.whom in ("units", "items"):
            need = next(need for need in move.needs if need.kind == opening.whom)
            lead_first = need.lead_first
            units = [one["unit"] if opening.whom == "items" else one for one in inputs[need.key]]
        elif opening.whom == "own":
            units = [assignment.unit if assignment else None]
        else:
            units = [self._lead() if opening.whom == "lead" else None]
        many = opening.whom in ("units", "items")
        self._open(opening.kind, [(unit, None) for unit in units], lead_first, same_round and many)

    def _lead(self) -> int | None:
        """The unit that leads now (the last to be named), else the centre."""
        return next((a.unit for a in reversed(self.assignments) if a.lead), self.centre)

    def act(self, duty: str, ref: str) -> None:
        """Write down whose hand it was; the clock has none."""
        if duty != CLOCK:
            self.hands = {**self.hands, duty: self.hands.get(duty, frozenset()) | {ref}}

    def result(self, moved: str, assignment: str | None, duty: str | None, facts: Facts) -> Advance:
        """The outcome, with limits resolved by the facts."""
        clocks = self.procedure.clocks
        known = {**facts.values, "case": {**facts.values.get("case", {}), **self.records}}
        starts = tuple(
            ClockStart(name, owner, clocks[name].limit.resolve(known), clocks[name].running, clocks[name].amber)
            for name, owner in self.starts
        )
        opened = frozenset(self.opened)
        return Advance(
            stage=self.stage,
            assignments=self.assignments,
            opened=tuple(a for a in self.assignments if a.id in opened) if opened else (),
            moved=moved,
            assignment=assignment,
            duty=duty,
            hands=self.hands,
            counts=self.counts,
            starts=starts,
            stops=tuple(self.stops),
            pauses=tuple(self.pauses),
            resumes=tuple(self.resumes),
            extends=tuple(self.extends),
            records=self.records,
            does=tuple(self.does),
            automatic=tuple(self.automatic),
            ended=self.procedure.stages[self.stage].end,
        )

    def _note(self, move: Move, assignment: AssignmentState | None, inputs: Mapping[str, Any]) -> None:
        counted = move.counts
        if move.at_most is not None:
            counted = (*counted, times_key(move, assignment))
        if counted:
            self.counts = {**self.counts, **{name: self.counts.get(name, 0) + 1 for name in counted}}
        for name, value in move.records:
            if isinstance(value, str) and value.startswith("inputs."):
                field = value.removeprefix("inputs.")
                if inputs.get(field) is not None:
                    self.records[name] = inputs[field]
            else:
                self.records[name] = value
        self.does.extend(move.does)

    def _enter(self, stage: str) -> None:
        """The case goes to another stage; a clock that both stages name runs on."""
        old, new = self.procedure.stages[self.stage], self.procedure.stages[stage]
        for clock in old.clocks:
            if clock not in new.clocks or new.end:
                self._stop((clock, None))
        for kind in old.assignments:
            if kind not in new.assignments:
                self._leave(kind)
        self.stage = stage
        if new.end:
            for clock in self.procedure.free_clocks[""]:
                self._stop((clock, None))
            return
        for clock in new.clocks:
            if clock not in old.clocks:
                self._start((clock, None))

    def _leave(self, kind: str) -> None:
        """Tasks still open when the case moves on are put to the stage the kind names for that."""
        stages = self.procedure.kinds[kind].stages
        for assignment in self.assignments:
            if assignment.kind == kind and not stages[assignment.stage].end:
                self._place(assignment, self.procedure.kinds[kind].when_left)

    def _place(self, assignment: AssignmentState, stage: str) -> None:
        """One assignment goes to another stage of its kind."""
        kind = self.procedure.kinds[assignment.kind]
        old, new = kind.stages[assignment.stage], kind.stages[stage]
        for clock in old.clocks:
            if clock not in new.clocks or new.end:
                self._stop((clock, assignment.id))
        if new.end:
            for clock in self.procedure.free_clocks[kind.key]:
                self._stop((clock, assignment.id))
        else:
            for clock in new.clocks:
                if clock not in old.clocks:
                    self._start((clock, assignment.id))
        moved = AssignmentState(
            assignment.id, assignment.kind, stage, assignment.unit, assignment.lead, assignment.round
        )
        self.assignments = tuple(moved if a.id == moved.id else a for a in self.assignments)

    def _reopen(self, standing: Standing, *, again: bool) -> None:
        """The same units once more, for each task of the latest round that stands where it says; leads stay leads."""
        tasks = [a for a in latest_round(self.assignments, standing.kind) if a.stage in standing.stages]
        self._open(standing.kind, [(a.unit, a.lead) for a in tasks], False, again)

    def _open(
        self, kind: str, units: Sequence[tuple[int | None, bool | None]], lead_first: bool, same_round: bool
    ) -> None:
        """New assignments in a new round, or in the running one where the stage held this kind already."""
        latest = latest_round(self.assignments, kind)
        last = latest[0].round if latest else 0
        number = (last or 1) if same_round else last + 1
        before = len(latest) if same_round else 0
        has_lead = same_round and any(a.lead for a in latest)
        first = self.procedure.kinds[kind].first
        opened = []
        for index, (unit, lead) in enumerate(units):
            leads = (lead_first and index == 0 and not has_lead) if lead is None else lead
            identity = f"{kind}-{number}-{before + index + 1}"
            opened.append(AssignmentState(identity, kind, first, unit, leads, number))
            self.opened.append(identity)
            for clock in self.procedure.kinds[kind].stages[first].clocks:
                self._start((clock, identity))
        self.assignments = (*self.assignments, *opened)

    def _places(self, clock: str, assignment: AssignmentState | None) -> list[ClockAt]:
        """Whose clock is meant: the assignment's own, else the case's, else that of every task it runs for."""
        own = self.procedure.own_clocks
        if assignment is not None and clock in own[assignment.kind]:
            return [(clock, assignment.id)]
        if clock in own[""]:
            return [(clock, None)]
        kinds = self.procedure.kinds
        return [(clock, a.id) for a in self.assignments if clock in kinds[a.kind].stages[a.stage].clocks]

    def _start(self, at: ClockAt) -> None:
        """No clock runs on a case that has ended, whatever is still done about it."""
        if not self.procedure.stages[self.stage].end:
            self.starts[at] = None

    def _stop(self, at: ClockAt) -> None:
        """A clock started by this very move never ran; any other is stopped."""
        if at in self.starts:
            del self.starts[at]
        else:
            self.stops[at] = None


def times_key(move: Move, assignment: AssignmentState | None) -> str:
    """The name under which a move with `at_most` is counted; no name in a document can be equal to it."""
    return f"move:{assignment.id}:{move.key}" if assignment else f"move:{move.key}"
