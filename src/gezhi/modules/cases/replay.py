"""What the ledger alone says of a case, and whether its rows say the same.

Everything that moves a case leaves an entry; folding them in order gives its state again. Where the two differ,
somebody wrote to the tables past the operations, and the ledger is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gezhi.engines.procedure import CLOCK
from gezhi.modules.cases import rules
from gezhi.modules.cases.models import Assignment, Case, Hand
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.ledger.queries import EntryView

_BATCH = 500


@dataclass
class Replayed:
    """A case's state: its stage, how often it was moved, its tasks (key → unit, stage, round), who held which duty."""

    stage: str = ""
    revision: int = 1
    home: int | None = None
    late: bool = False
    tasks: dict[str, tuple[int | None, str, int]] = field(default_factory=dict)
    hands: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the rows and the ledger say differently."""

    number: str
    what: str
    rows: str
    ledger: str


def replay(entries: Iterable[EntryView]) -> Replayed:
    """The state that these entries of one case lead to, oldest first."""
    found = Replayed()
    for entry in entries:
        body = entry.body
        if entry.kind in {"case.reported", "case.history"}:
            found.stage = body["stage"]
            found.home = body.get("area", found.home)
            found.late = bool(body.get("late", found.late))
        elif entry.kind == "case.moved":
            found.stage, found.revision = body["to"], body["revision"]
            found.late = bool(body.get("late", found.late))
            found.tasks.update({key: (unit, stage, turn) for key, unit, stage, turn in body.get("tasks", [])})
            for value in body.get("said", {}).values():
                if isinstance(value, Mapping) and "area" in value:  # its place was set
                    found.home = value["area"]
            if body.get("duty") not in {None, CLOCK}:
                found.hands.setdefault(body["duty"], set()).add(entry.by)
        elif entry.kind == "case.rehomed":
            found.home = body["to"]
        elif entry.kind == "case.limit":
            found.late = found.late or bool(body.get("late"))
    return found


def differences(numbers: Sequence[str] = ()) -> tuple[int, list[Difference]]:
    """Compare these cases (all of them where none is named) with the ledger: how many, and where the two differ.

    Four queries for 500 cases.
    """
    rows = Case.objects.order_by("id")
    if numbers:
        rows = rows.filter(number__in=list(numbers))
    count, last = 0, 0
    found: list[Difference] = []
    while batch := list(rows.filter(id__gt=last)[:_BATCH]):
        last = batch[-1].id
        count += len(batch)
        found += _of_batch(batch)
    return count, found


def _of_batch(batch: Sequence[Case]) -> Iterator[Difference]:
    stories: dict[str, list[EntryView]] = {}
    for entry in ledger.entries_of([f"case:{case.id}" for case in batch]):
        stories.setdefault(entry.subject, []).append(entry)
    stored = {case.id: Replayed(case.stage, case.revision, case.home_id, case.late) for case in batch}
    for task in Assignment.objects.filter(case__in=batch):
        stored[task.case_id].tasks[task.key] = (task.unit_id, task.stage, task.round)
    for hand in Hand.objects.filter(case__in=batch):
        stored[hand.case_id].hands.setdefault(hand.duty, set()).add(hand.by)
    for case in batch:
        yield from _compared(case, stored[case.id], replay(stories.get(f"case:{case.id}", ())))


def _compared(case: Case, row: Replayed, told: Replayed) -> Iterator[Difference]:
    for what in ("stage", "revision", "home", "late", "tasks", "hands"):
        one, other = getattr(row, what), getattr(told, what)
        if one != other:
            yield Difference(case.number, what, str(one), str(other))
    if case.ended != rules.procedure(case.procedure_id).stages[case.stage].end:
        yield Difference(case.number, "ended", str(case.ended), case.stage)
