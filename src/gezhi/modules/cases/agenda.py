"""What a dispatch meeting asks of cases (SZ-8): which of them belong before it, and how those on its agenda stand.

Five reasons bring a case there: a decision of an earlier meeting that is still open, a supervision nobody answered,
marked as hard, reworked again and again, long past what was due. Open cases are few whatever has been closed, so each
reason is one bounded look at them. Not here: meetings themselves (the room `command` keeps those).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from gezhi.engines import procedure as engine
from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotThere
from gezhi.modules.cases import policies, rules
from gezhi.modules.cases.models import Assignment, Case, Remark
from gezhi.modules.cases.queues import CaseRow, row_of

DECISION = "decision"
CARRIED, SUPERVISED, HARD, REWORK, OVERDUE = "carried", "supervised", "hard", "rework", "overdue"
REASONS = (CARRIED, SUPERVISED, HARD, REWORK, OVERDUE)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that belongs on the agenda, with every reason it was found for; `overdue`: whole hours past what was due
    next, None where nothing is past; `rework`: how often it came back."""

    case: int
    reasons: tuple[str, ...]
    overdue: int | None
    rework: int


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """One dated item of a decision: what, by which unit, until when, and where it stands."""

    key: str
    what: str
    unit: int | None
    stage: engine.Text
    stage_key: str
    ended: bool
    due_at: datetime | None

    def late(self, now: datetime) -> bool:
        """Is its day over and the item not done?"""
        return not self.ended and self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of a meeting as a case: its number, where it stands, its items."""

    case: int
    number: str
    stage: engine.Text
    stage_key: str
    ended: bool
    items: tuple[DecidedItem, ...]


def for_agenda(
    by: Actor, *, now: datetime, overdue: timedelta, rework: int, most: int, without: Collection[int] = ()
) -> list[Candidate]:
    """Open cases the actor may see that belong before the meeting, `most` for each reason (the longest due first), each
    once with all its reasons, those of earlier meetings first. Five queries."""
    open_ones = Case.objects.filter(policies.visible(by), ended=False).exclude(id__in=list(without))
    events = open_ones.filter(matter=rules.EVENT)
    wanted: dict[str, QuerySet[Case]] = {
        CARRIED: open_ones.filter(matter=DECISION),
        SUPERVISED: events.filter(_has_task("supervision", "open")),
        HARD: events.filter(_has_task("hard", "marked")),
        REWORK: events.filter(counts__rework__gte=rework),
        OVERDUE: events.filter(soon__lt=now - overdue),
    }
    reasons: dict[int, list[str]] = defaultdict(list)
    rows: dict[int, tuple[datetime | None, int]] = {}
    for reason, found in wanted.items():
        for case, due, counts in found.order_by("soon", "id").values_list("id", "due_at", "counts")[:most]:
            reasons[case].append(reason)
            rows[case] = (due, int(counts.get("rework", 0)))
    return [Candidate(case, tuple(reasons[case]), _past(due, now), back) for case, (due, back) in rows.items()]


def _has_task(kind: str, stage: str) -> Exists:
    return Exists(Assignment.objects.filter(case=OuterRef("pk"), kind=kind, stage=stage, ended=False))


def _past(due: datetime | None, now: datetime) -> int | None:
    return (now - due) // _HOUR if due is not None and due < now else None


def rows_of(by: Actor, cases: Iterable[int]) -> dict[int, CaseRow]:
    """Those of these cases that the actor may see, as lines of a list. One query."""
    wanted = list(cases)
    if not wanted:
        return {}
    return {case.id: row_of(case) for case in Case.objects.filter(policies.visible(by), id__in=wanted)}


def numbered(by: Actor, number: str) -> CaseRow:
    """The case of this number. Raises NotThere where it is not within the actor's responsibility. One query."""
    found = Case.objects.filter(policies.visible(by), number=number.strip()).first()
    if found is None:
        raise NotThere(_("There is no such case within your responsibility."))
    return row_of(found)


def decided(by: Actor, cases: Iterable[int]) -> dict[int, Decided]:
    """Those of these decisions that the actor may see, with their items in order. Three queries."""
    wanted = list(cases)
    if not wanted:
        return {}
    found = Case.objects.filter(policies.visible(by), id__in=wanted, matter=DECISION)
    known = {case.id: case for case in found}
    words = {
        (case, field): said
        for case, field, said in Remark.objects.filter(case__in=known, field__startswith="item.").values_list(
            "case_id", "field", "words"
        )
    }
    tasks: dict[int, list[DecidedItem]] = defaultdict(list)
    for task in Assignment.objects.filter(case__in=known, named_at__isnull=False).order_by("id"):
        kind = rules.procedure(known[task.case_id].procedure_id).kinds[task.kind]
        tasks[task.case_id].append(
            DecidedItem(
                key=task.key,
                what=words.get((task.case_id, f"item.{task.key}"), ""),
                unit=task.unit_id,
                stage=kind.stages[task.stage].title,
                stage_key=task.stage,
                ended=task.ended,
                due_at=task.named_at,
            )
        )
    return {case.id: _decided(case, tasks[case.id]) for case in known.values()}


def _decided(case: Case, items: list[DecidedItem]) -> Decided:
    title = rules.procedure(case.procedure_id).stages[case.stage].title
    return Decided(case.id, case.number, title, case.stage, case.ended, tuple(items))


def units_at_work(cases: Iterable[int]) -> dict[int, list[int]]:
    """Case → the units with an open task on it. One query."""
    found: dict[int, list[int]] = defaultdict(list)
    tasks = Assignment.objects.filter(case__in=list(cases), ended=False, unit__isnull=False).order_by("id")
    for case, unit in tasks.values_list("case_id", "unit_id"):
        if unit is not None and unit not in found[case]:
            found[case].append(unit)
    return dict(found)
