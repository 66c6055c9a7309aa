"""Queues: what waits for somebody, by stage. Derived from the procedure, never listed by hand.

A queue is a stage from which the actor's posts can move something on, named by its procedure: a stage of the case
(`event:filed`) or of a kind of assignment (`event:handling:sent`). All counts of a person come from two queries,
whatever the number of cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from gezhi.engines import procedure as engine
from gezhi.engines.procedure import Holder
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.modules.cases import fresh, policies, rules, search
from gezhi.modules.cases.models import Assignment, Case
from gezhi.modules.cases.standings import working_kinds
from gezhi.modules.territory import queries as territory

LINE = (
    "id", "number", "words", "class_name", "procedure_id", "stage", "area_name", "address", "channel", "reported_at",
    "due_at", "soon", "late", "area_id", "unit_id", "counts", "lon", "lat", "revision",
)  # fmt: skip
"""The columns of a case that a line of a list is made of."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue with its counts. `title` in the profile's languages; `unplaced`: cases whose place is unknown."""

    key: str
    matter: str
    title: engine.Text
    count: int
    late: int
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list; everything empty is everything. `klass`: a class's key, in any version of the catalogue;
    `since`: reported at or after; `numbers`: these cases only."""

    words: str = ""
    klass: str = ""
    area: int | None = None
    channel: str = ""
    late_at: datetime | None = None
    unplaced: bool = False
    since: datetime | None = None
    numbers: tuple[str, ...] = ()


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
    unit: int | None
    rework: int
    lon: float | None
    lat: float | None
    revision: int = 1
    cursor: str = field(default="")


@dataclass(frozen=True, slots=True)
class Point:
    """A case on the map (CGCS2000 degrees)."""

    number: str
    lon: float
    lat: float
    title: str
    stage: engine.Text
    stage_key: str
    late: bool
    id: int


def queues(by: Actor, *, now: datetime) -> list[Queue]:
    """The actor's queues with live counts, in the order of the procedures. Two queries, at most once a second."""
    policies.check_may_use_desk(by)
    who = Desk.of(by)
    return fresh.counts.get((by.ref, by.posts, who.edition), lambda: _counted(who, now))


def _counted(who: Desk, now: datetime) -> list[Queue]:
    at_case: dict[str, tuple[engine.Procedure, engine.Text, Q]] = {}
    at_task: dict[str, tuple[engine.Procedure, engine.Text, Q]] = {}
    for procedure in who.procedures.values():
        for stage in procedure.stages.values():
            if (where := who.of_stage(procedure, stage.key)) is not None:
                at_case[f"{procedure.name}:{stage.key}"] = (procedure, stage.title, where)
        for kind in procedure.kinds.values():
            for stage in kind.stages.values():
                if (where := who.of_task(procedure, kind.key, stage.key)) is not None:
                    title = _task_title(procedure, kind, stage)
                    at_task[f"{procedure.name}:{kind.key}:{stage.key}"] = (procedure, title, where)
    counted = _count(Case.objects.filter(ended=False), at_case, Q(due_at__lt=now), Q(area=None))
    counted |= _count(Assignment.objects.filter(ended=False), at_task, Q(case__due_at__lt=now), Q(case__area=None))
    every = {**at_case, **at_task}
    return [Queue(key, procedure.name, title, *counted[key]) for key, (procedure, title, _where) in every.items()]


def _task_title(procedure: engine.Procedure, kind: engine.Kind, stage: engine.Stage) -> engine.Text:
    """A task's stage by itself where it says enough, else with its kind: «延期·待审批»."""
    if kind.key in working_kinds(procedure) and procedure.name == rules.EVENT:
        return stage.title
    return {lang: f"{kind.title.get(lang, kind.title['en'])}·{words}" for lang, words in stage.title.items()}


def rows(by: Actor, *, queue: str | None, filters: Filters, after: str = "", size: int = 50) -> list[CaseRow]:
    """A page of a queue, the soonest due first, or of all cases the actor may see (None), the newest first, after a
    row's cursor.

    Raises BadInput for an unknown queue. One query.
    """
    policies.check_may_use_desk(by)
    found = _filtered(_within(by, queue), filters)
    if after:
        soon, _sep, last = after.partition("|")
        moment, number = datetime.fromisoformat(soon), int(last)
        found = found.filter(id__lt=number) if queue is None else found.filter(beyond(moment, number))
    found = found.order_by("-id") if queue is None else found.order_by("soon", "id")
    return [line(*values) for values in found.values_list(*LINE)[: min(size, 200)]]


def beyond(moment: datetime, number: int) -> Q:
    """After this row in the order of (soon, id); the first part lets the index begin there."""
    return Q(soon__gte=moment) & (Q(soon__gt=moment) | Q(id__gt=number))


def points(by: Actor, *, queue: str | None, filters: Filters, size: int = 2000) -> list[Point]:
    """The cases of a list that have coordinates, for the map beside it, the newest first. One query."""
    policies.check_may_use_desk(by)
    found = _filtered(_within(by, queue), filters).exclude(lon=None).order_by("-id")
    columns = ("id", "number", "lon", "lat", "class_name", Left("words", 40), "procedure_id", "stage", "late")
    return [
        Point(number, lon, lat, name or words, rules.procedure(version).stages[stage].title, stage, late, key)
        for key, number, lon, lat, name, words, version, stage, late in found.values_list(*columns)[:size]
    ]


def _within(by: Actor, queue: str | None) -> QuerySet[Case]:
    if queue is None:
        return Case.objects.filter(policies.visible(by))
    who = Desk.of(by)
    procedure, kind, stage = who.named(queue)
    if not kind:
        condition = who.of_stage(procedure, stage)
        return Case.objects.filter(condition) if condition else Case.objects.none()
    condition = who.of_task(procedure, kind, stage)
    if not condition:
        return Case.objects.none()
    return Case.objects.filter(Exists(Assignment.objects.filter(condition, case=OuterRef("pk"))))


def _filtered(found: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    if filters.words:
        found = found.filter(Q(number=filters.words) if filters.words.isdigit() else search.matching(filters.words))
    if filters.klass:
        found = found.filter(klass__key=filters.klass)
    if filters.area:
        found = found.filter(areas__contains=[filters.area])
    if filters.channel:
        found = found.filter(channel=filters.channel)
    if filters.late_at:
        found = found.filter(Q(due_at__lt=filters.late_at) | Q(late=True))
    if filters.unplaced:
        found = found.filter(area=None)
    if filters.since:
        found = found.filter(reported_at__gte=filters.since)
    if filters.numbers:
        found = found.filter(number__in=filters.numbers)
    return found


@lru_cache(maxsize=1024)
def holders(procedure: engine.Procedure, kind: str, stage: str) -> tuple[Holder, ...]:
    """Who can move something on from a stage of the case (kind "") or of a kind of task; moves aside do not count."""
    stages = procedure.kinds[kind].stages if kind else procedure.stages
    if stages[stage].end:
        return ()
    moves = procedure.kinds[kind].moves.values() if kind else procedure.moves.values()
    duties = {d for m in moves if stage in m.sources and not m.aside for d in m.by if d in procedure.duties}
    return tuple(h for d in sorted(duties) for h in procedure.duties[d].holders)


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at a desk, with what their queues are told from: the procedures in force and the centre."""

    by: Actor
    procedures: dict[str, engine.Procedure]
    centre: int | None

    @classmethod
    def of(cls, by: Actor) -> Desk:
        return cls(by, *rules.whole())

    @property
    def edition(self) -> tuple[tuple[str, int], ...]:
        """Which procedures these are."""
        return tuple((one.name, one.version) for one in self.procedures.values())

    def named(self, queue: str) -> tuple[engine.Procedure, str, str]:
        """The procedure, the kind of task ("" for the case itself) and the stage of a queue. Raises BadInput."""
        matter, *parts = queue.split(":")
        procedure = self.procedures.get(matter)
        if procedure is not None and len(parts) == 1 and parts[0] in procedure.stages:
            return procedure, "", parts[0]
        if procedure is not None and len(parts) == 2 and parts[0] in procedure.kinds:
            kind, stage = parts
            if stage in procedure.kinds[kind].stages:
                return procedure, kind, stage
        raise BadInput(_("There is no such queue."), field="queue")

    def of_stage(self, procedure: engine.Procedure, stage: str) -> Q | None:
        """The cases at this stage that the actor can move on; None where that is nobody's of theirs."""
        where = _any(self._case_filter(h) for h in holders(procedure, "", stage))
        return Q(matter=procedure.name, stage=stage, ended=False) & where if where is not None else None

    def of_task(self, procedure: engine.Procedure, kind: str, stage: str) -> Q | None:
        """The tasks at this stage that the actor can move on."""
        where = _any(self._task_filter(h) for h in holders(procedure, kind, stage))
        if where is None:
            return None
        return Q(case__matter=procedure.name, kind=kind, stage=stage, ended=False) & where

    def could(self, procedure: engine.Procedure, move: engine.Move) -> bool:
        """Could the actor make this move on some case, by one of the posts they hold?"""
        tell = self._task_filter if move.kind else self._case_filter
        named = [procedure.duties[duty] for duty in move.by if duty in procedure.duties]
        return any(tell(holder) is not None for duty in named for holder in duty.holders)

    def _case_filter(self, holder: Holder) -> Q | None:
        """Which cases this way of holding a duty covers; None for none, an empty Q for all."""
        where = self._place_filter(holder)
        return where & Q(reported_by=self.by.ref) if holder.reporter and where is not None else where

    def _place_filter(self, holder: Holder, prefix: str = "") -> Q | None:
        """The cases (or, with the prefix `case__`, tasks) that a post at the centre or over an area covers."""
        mine = [p for p in self.by.posts if not holder.posts or p.post in holder.posts]
        if holder.of == "centre":
            return Q() if any(p.organisation == self.centre for p in mine) else None
        areas = [p.area for p in mine if p.area is not None]
        if holder.over == "case.area":
            return Q(**{f"{prefix}areas__overlap": areas}) if areas else None
        if holder.responsible_for == "case.grid":
            return Q(**{f"{prefix}home__in": areas}) if areas else None
        if holder.responsible_for:
            level = holder.responsible_for.removeprefix("case.")
            known = territory.areas_in_force().areas
            areas = [area for area in areas if area in known and known[area].level == level]
            return Q(**{f"{prefix}areas__overlap": areas}) if areas else None
        return None

    def _task_filter(self, holder: Holder) -> Q | None:
        if "assignment.unit" not in (holder.of, holder.member_of):
            return self._place_filter(holder, "case__")
        mine = [p for p in self.by.posts if not holder.posts or p.post in holder.posts]
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
    wanted: dict[str, tuple[engine.Procedure, engine.Text, Q]],
    late: Q,
    unplaced: Q,
) -> dict[str, tuple[int, int, int]]:
    if not wanted:
        return {}
    asked: dict[str, Count] = {}
    for n, (_procedure, _title, where) in enumerate(wanted.values()):
        asked |= {
            f"a{n}": Count("pk", filter=where),
            f"l{n}": Count("pk", filter=where & late),
            f"u{n}": Count("pk", filter=where & unplaced),
        }
    answer = rows.aggregate(**asked)
    return {key: (answer[f"a{n}"], answer[f"l{n}"], answer[f"u{n}"]) for n, key in enumerate(wanted)}


def row_of(case: Case) -> CaseRow:
    """A case as a line of a list."""
    return line(*(getattr(case, name) for name in LINE))


def line(
    number: int,
    code: str,
    words: str,
    class_name: str,
    version: int,
    stage: str,
    area_name: str,
    address: str,
    channel: str,
    reported_at: datetime,
    due_at: datetime | None,
    soon: datetime,
    late: bool,
    area: int | None,
    unit: int | None,
    counts: dict[str, int],
    lon: float | None,
    lat: float | None,
    revision: int,
) -> CaseRow:
    """A line of a list from the values of its columns."""
    return CaseRow(
        id=number,
        number=code,
        words=words,
        class_name=class_name,
        stage=rules.procedure(version).stages[stage].title,
        stage_key=stage,
        area_name=area_name,
        address=address,
        channel=channel,
        reported_at=reported_at,
        due_at=due_at,
        late=late,
        placed=area is not None,
        unit=unit,
        rework=int(counts.get("rework", 0)),
        lon=lon,
        lat=lat,
        revision=revision,
        cursor=f"{soon.isoformat()}|{number}",
    )
