"""A case with all that a move on it needs: its procedure, state, tasks and clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from gezhi.engines import procedure as engine
from gezhi.lib.rows import read_rows
from gezhi.modules.cases import fresh, rules
from gezhi.modules.cases.intake import facts
from gezhi.modules.cases.models import Assignment, Case, Hand
from gezhi.modules.switches import queries as switches


@dataclass
class Standing:
    """A case with what the engine needs to judge a move on it."""

    case: Case
    procedure: engine.Procedure
    state: engine.State
    assignments: dict[str, Assignment]
    centre: int | None
    now: datetime | None = None
    facts: engine.Facts = field(init=False)

    def __post_init__(self) -> None:
        asked = self.now is not None and _asks_switches(self.procedure)
        on = switches.on(self.now) if asked and self.now is not None else frozenset()
        self.facts = facts(self.case, self.centre, on)

    @property
    def units(self) -> list[int]:
        """The units that work or worked on it, and those that help."""
        return [
            unit
            for a in self.assignments.values()
            for unit in ([a.unit_id, *a.helpers] if a.unit_id is not None else a.helpers)
        ]


_CLASS: Any = Case._meta.get_field("klass").related_model


def one_row(tail: str, values: Sequence[str | int]) -> Case | None:
    """The case that `tail` names, with its class, which is not older than a second. Two queries at most."""
    found = read_rows(Case, tail, values)
    if found and (number := found[0].klass_id) is not None:
        found[0].klass = fresh.classes.get(number, lambda: read_rows(_CLASS, "WHERE id = %s", [number])[0])
    return found[0] if found else None


@lru_cache(maxsize=64)
def _asks_switches(procedure: engine.Procedure) -> bool:
    """Does any condition read which scenario switches are on?"""
    return any(condition.needs("switches") for move in procedure.every_move() for condition in move.when)


@lru_cache(maxsize=64)
def working_kinds(procedure: engine.Procedure) -> frozenset[str]:
    """The kinds of task in which the work itself is done: those opened for units or for the items of a plan."""
    return frozenset(o.kind for m in procedure.every_move() for o in m.opens if o.whom in {"units", "items"})


def standing(case: Case, now: datetime | None = None) -> Standing:
    """The state of a case from its rows. Two queries (three where conditions ask for switches)."""
    rows = {a.key: a for a in read_rows(Assignment, "WHERE case_id = %s ORDER BY id", [case.id])}
    hands: dict[str, set[str]] = {}
    for hand in read_rows(Hand, "WHERE case_id = %s", [case.id]):
        hands.setdefault(hand.duty, set()).add(hand.by)
    state = engine.State(
        stage=case.stage,
        assignments=tuple(
            engine.AssignmentState(a.key, a.kind, a.stage, a.unit_id, a.lead, a.round) for a in rows.values()
        ),
        hands={duty: frozenset(refs) for duty, refs in hands.items()},
        counts=dict(case.counts),
    )
    return Standing(case, rules.procedure(case.procedure_id), state, rows, rules.centre(), now)
