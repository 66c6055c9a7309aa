"""Queues: what waits for somebody, by stage. Derived from the procedure, never listed by hand.

A queue is a stage from which the actor's posts can move something on: a stage of the case (`case:filed`) or of a kind
of assignment (`task:handling:sent`). All counts of a person come from two queries, whatever the number of cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from gezhi.engines import procedure as engine
from gezhi.engines.procedure import Holder
from gezhi.lib.actor import Actor
from gezhi.modules.cases import policies, rules
from gezhi.modules.cases.models import Assignment, Case

FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue with its counts. `title` in the profile's languages; `unplaced`: cases whose place is unknown."""

    key: str
    title: engine.Text
    count: int
    late: int
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list; everything empty is everything."""

    words: str = ""
    klass: int | None = None
    area: int | None = None
    channel: str = ""
    late_at: datetime | None = None
    unplaced: bool = False


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list."""

    id: int
    number: str
    words: str
    class_name: str
    stage: engine.Text
    stage_key: str
    area_name: str
    address: str
    channel: str
    reported_at: datetime
    due_at: datetime | None
    late: bool
    placed: bool
    unit: str
    rework: int
    lon: float | None
    lat: float | None
    cursor: str = field(default="")


def queues(by: Actor, *, now: datetime) -> list[Queue]:
    """The actor's queues with live counts, in the order of the procedure. Two queries."""
    policies.check_may_use_desk(by)
    procedure = rules.procedure(rules.in_force())
    at_case = {f"case:{s}": (t.title, q) for s, t in procedure.stages.items() if (q := _of_stage(procedure, s, by))}
    at_task = {
        f"task:{k}:{s}": (t.title, q)
        for k, kind in procedure.kinds.items()
        for s, t in kind.stages.items()
        if (q := _of_task(procedure, k, s, by))
    }
    found = []
    counted = _count(Case.objects.filter(ended=False), at_case, Q(due_at__lt=now), Q(area=None))
    counted |= _count(Assignment.objects.filter(ended=False), at_task, Q(case__due_at__lt=now), Q(case__area=None))
    for key, (title, _q) in {**at_case, **at_task}.items():
        count, late, unplaced = counted[key]
        found.append(Queue(key, title, count, late, unplaced))
    return found


def rows(by: Actor, *, queue: str | None, filters: Filters, after: str = "", size: int = 50) -> list[CaseRow]:
    """A page of a queue (None: all cases the actor may see), the soonest due first, after a row's cursor.

    Raises BadInput for an unknown queue. Two queries.
    """
    policies.check_may_use_desk(by)
    found = _filtered(_within(by, queue), filters).annotate(soon=Coalesce("due_at", FAR))
    if after:
        soon, _sep, last = after.partition("|")
        moment = datetime.fromisoformat(soon)
        found = found.filter(Q(soon__gt=moment) | Q(soon=moment, id__gt=int(last)))
    page = found.select_related("unit").order_by("soon", "id")[: min(size, 200)]
    return [_row(case) for case in page]


def points(by: Actor, *, queue: str | None, filters: Filters, size: int = 2000) -> list[CaseRow]:
    """The cases of a list that have coordinates, for the map beside it. One query."""
    policies.check_may_use_desk(by)
    found = _filtered(_within(by, queue), filters).exclude(lon=None).select_related("unit")
    return [_row(case) for case in found.order_by("-id")[:size]]


def _within(by: Actor, queue: str | None) -> QuerySet[Case]:
    from django.utils.translation import gettext as _

    from gezhi.lib.errors import BadInput

    if queue is None:
        return Case.objects.filter(policies.visible(by))
    procedure = rules.procedure(rules.in_force())
    parts = queue.split(":")
    if parts[0] == "case" and len(parts) == 2 and parts[1] in procedure.stages:
        condition = _of_stage(procedure, parts[1], by)
        return Case.objects.filter(condition) if condition else Case.objects.none()
    if parts[0] == "task" and len(parts) == 3 and parts[2] in getattr(procedure.kinds.get(parts[1]), "stages", ()):
        condition = _of_task(procedure, parts[1], parts[2], by)
        if not condition:
            return Case.objects.none()
        return Case.objects.filter(Exists(Assignment.objects.filter(condition, case=OuterRef("pk"))))
    raise BadInput(_("There is no such queue."), field="queue")


def _filtered(found: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    if filters.words:
        found = found.filter(Q(words__contains=filters.words) | Q(number=filters.words))
    if filters.klass:
        found = found.filter(klass_id=filters.klass)
    if filters.area:
        found = found.filter(areas__contains=[filters.area])
    if filters.channel:
        found = found.filter(channel=filters.channel)
    if filters.late_at:
        found = found.filter(Q(due_at__lt=filters.late_at) | Q(late=True))
    if filters.unplaced:
        found = found.filter(area=None)
    return found


def _of_stage(procedure: engine.Procedure, stage: str, by: Actor) -> Q | None:
    if procedure.stages[stage].end:
        return None
    duties = {d for m in procedure.moves.values() if stage in m.sources for d in m.by}
    where = _any(_case_filter(h, by) for h in _holders(procedure, duties))
    return Q(stage=stage) & where if where is not None else None


def _of_task(procedure: engine.Procedure, kind: str, stage: str, by: Actor) -> Q | None:
    if procedure.kinds[kind].stages[stage].end:
        return None
    duties = {d for m in procedure.kinds[kind].moves.values() if stage in m.sources for d in m.by}
    where = _any(_task_filter(h, by) for h in _holders(procedure, duties))
    return Q(kind=kind, stage=stage) & where if where is not None else None


def _holders(procedure: engine.Procedure, duties: Iterable[str]) -> list[Holder]:
    return [h for d in sorted(duties) if d in procedure.duties for h in procedure.duties[d].holders]


def _case_filter(holder: Holder, by: Actor) -> Q | None:
    """Which cases this way of holding a duty covers for the actor; None for none, an empty Q for all."""
    where = _place_filter(holder, by)
    return where & Q(reported_by=by.ref) if holder.reporter and where is not None else where


def _place_filter(holder: Holder, by: Actor) -> Q | None:
    mine = [p for p in by.posts if not holder.posts or p.post in holder.posts]
    if holder.of == "centre":
        return Q() if any(p.organisation == rules.centre() for p in mine) else None
    if holder.over == "case.area":
        areas = [p.area for p in mine if p.area is not None]
        return Q(areas__overlap=areas) if areas else None
    if holder.responsible_for == "case.grid":
        areas = [p.area for p in mine if p.area is not None]
        return Q(home__in=areas) if areas else None
    return None


def _task_filter(holder: Holder, by: Actor) -> Q | None:
    if "assignment.unit" not in (holder.of, holder.member_of):
        return None
    mine = [p for p in by.posts if not holder.posts or p.post in holder.posts]
    units = [p.organisation for p in mine if p.organisation is not None]
    return Q(unit__in=units) if units else None


def _any(filters: Iterable[Q | None]) -> Q | None:
    found: Q | None = None
    for one in filters:
        if one is None:
            continue
        if not one:
            return one
        found = one if found is None else found | one
    return found


def _count(
    rows: QuerySet[Case] | QuerySet[Assignment],
    wanted: dict[str, tuple[engine.Text, Q]],
    late: Q,
    unplaced: Q,
) -> dict[str, tuple[int, int, int]]:
    if not wanted:
        return {}
    asked: dict[str, Count] = {}
    for n, (_title, where) in enumerate(wanted.values()):
        asked |= {
            f"a{n}": Count("pk", filter=where),
            f"l{n}": Count("pk", filter=where & late),
            f"u{n}": Count("pk", filter=where & unplaced),
        }
    answer = rows.aggregate(**asked)
    return {key: (answer[f"a{n}"], answer[f"l{n}"], answer[f"u{n}"]) for n, key in enumerate(wanted)}


def _row(case: Case) -> CaseRow:
    procedure = rules.procedure(case.procedure_id)
    soon = (case.due_at or FAR).isoformat()
    return CaseRow(
        id=case.id,
        number=case.number,
        words=case.words,
        class_name=case.class_name,
        stage=procedure.stages[case.stage].title,
        stage_key=case.stage,
        area_name=case.area_name,
        address=case.address,
        channel=case.channel,
        reported_at=case.reported_at,
        due_at=case.due_at,
        late=case.late,
        placed=case.area_id is not None,
        unit=case.unit.name if case.unit else "",
        rework=int(case.counts.get("rework", 0)),
        lon=case.lon,
        lat=case.lat,
        cursor=f"{soon}|{case.id}",
    )
