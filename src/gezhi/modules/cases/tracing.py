"""The trace of a case: who was responsible for what, when, under which rule.

Told from the ledger (what was done), from the territory's tenures (who held which post on that day, whoever holds it
now) and from the very versions of procedure and catalogue the case was born with. Nothing here is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gezhi.engines import procedure as engine
from gezhi.engines.procedure import Holder
from gezhi.modules.cases import rules
from gezhi.modules.cases.case_views import AssignmentView, CaseView, ClockView, Story
from gezhi.modules.cases.models import Case, ProcedureVersion
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.catalogue.queries import VersionFact
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.ledger.queries import Proof
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import Responsible


@dataclass(frozen=True, slots=True)
class Rule:
    """The procedure version a case moves by."""

    name: str
    title: engine.Text
    version: int
    digest: str
    adopted_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when (None: still) something stood at a stage, and who was to move it on.

    `task`: the task it was, None for the case itself. `duties`: titles of the duties asked for; `holders`: who held
    the posts these are given to at any time of the span. `clocks`: the limits that ran.
    """

    stage: engine.Text
    end: bool
    began: datetime
    ended: datetime | None
    task: AssignmentView | None
    duties: tuple[engine.Text, ...]
    holders: tuple[Responsible, ...]
    clocks: tuple[ClockView, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One entry with what its hand held on that day; `move`: the key of the move in the procedure, "" for none."""

    story: Story
    move: str
    held: tuple[Responsible, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything; `catalogue` is the version its class is from, None where it has no class."""

    view: CaseView
    rule: Rule
    catalogue: VersionFact | None
    spans: tuple[Span, ...]
    steps: tuple[Step, ...]
    proof: Proof


def traced(view: CaseView) -> Trace:
    """The trace of a case, for who may see it. A constant number of queries."""
    version = ProcedureVersion.objects.get(id=view.row.procedure_id)
    centre = rules.centre()
    acting = {n for told in view.story if (n := _number(told.entry.by)) is not None}
    units = {task.unit for task in view.assignments if task.unit is not None}
    organisations = sorted(units | ({centre} if centre is not None else set()))
    tenures = territory.held(accounts=sorted(acting), areas=list(view.row.areas), organisations=organisations)
    posts = _Posts(view, tenures, centre, ZoneInfo(switches.profile().zone))
    entries = [told.entry for told in view.story]
    return Trace(
        view=view,
        rule=Rule(version.name, view.procedure.title, version.version, version.digest, version.adopted_at),
        catalogue=catalogue.version_of(view.row.klass_id) if view.row.klass_id else None,
        spans=tuple(_spans(view, posts)),
        steps=tuple(Step(told, str(told.entry.body.get("move", "")), posts.of(told)) for told in view.story),
        proof=ledger.proof(f"case:{view.row.id}", entries),
    )


def _number(ref: str) -> int | None:
    kind, _colon, number = ref.partition(":")
    return int(number) if kind == "account" and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class _Posts:
    """The tenures around a case, asked by day."""

    view: CaseView
    tenures: Sequence[Responsible]
    centre: int | None
    zone: ZoneInfo

    def of(self, told: Story) -> tuple[Responsible, ...]:
        """What the hand of an entry held on that day."""
        number, day = _number(told.entry.by), self.day(told.entry.at)
        return tuple(one for one in self.tenures if one.account == number and _during(one, day, day))

    def day(self, at: datetime) -> date:
        """The day of the place."""
        return at.astimezone(self.zone).date()

    def holding(
        self, duties: Iterable[engine.Duty], unit: int | None, began: datetime, ended: datetime | None
    ) -> tuple[Responsible, ...]:
        """Who could have moved it on in this time, each tenure once."""
        first, last = self.day(began), self.day(ended) if ended else date.max
        holders = [holder for duty in duties for holder in duty.holders]
        during = (one for one in self.tenures if _during(one, first, last))
        return tuple(one for one in during if any(self._fits(holder, one, unit) for holder in holders))

    def _fits(self, holder: Holder, one: Responsible, unit: int | None) -> bool:
        if holder.reporter or holder.clock or (holder.posts and one.post not in holder.posts):
            return False
        row = self.view.row
        if holder.responsible_for == "case.grid":
            return one.area is not None and one.area in {row.area_id, row.home_id}
        if holder.responsible_for:
            return one.area in row.areas and one.area_level == holder.responsible_for.removeprefix("case.")
        if holder.over:
            return one.area is not None and one.area in row.areas
        named = {holder.of, holder.member_of} - {None}
        wanted = {self.centre if name == "centre" else unit for name in named}
        return bool(named) and one.organisation is not None and wanted == {one.organisation}


def _during(one: Responsible, first: date, last: date) -> bool:
    return one.since <= last and (one.until is None or first < one.until)


def _spans(view: CaseView, posts: _Posts) -> Iterable[Span]:
    """The case's own spans and those of its tasks, in the order they began."""
    moments = [_Moment(told.entry.at, told.entry.body) for told in view.story]
    spans = [*_of_case(view, posts, moments)]
    for task in view.assignments:
        spans += _of_task(view, posts, moments, task)
    return sorted(spans, key=lambda span: span.began)


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime
    body: dict[str, object]


def _of_case(view: CaseView, posts: _Posts, moments: Sequence[_Moment]) -> Iterable[Span]:
    came = [(one.at, str(one.body["to"])) for one in moments if one.body.get("to")]
    stages = _runs([(view.row.reported_at, _first(view.row, moments)), *came])
    for stage, began, ended in stages:
        moves = [m for m in view.procedure.by_hand.get(stage, ()) if not m.aside]
        yield _span(view, posts, view.procedure.stages[stage], moves, None, began, ended)


def _first(row: Case, moments: Sequence[_Moment]) -> str:
    """The stage it began at: where the first move left from, else where it stands."""
    return next((str(one.body["from"]) for one in moments if one.body.get("from")), row.stage)


def _of_task(view: CaseView, posts: _Posts, moments: Sequence[_Moment], task: AssignmentView) -> Iterable[Span]:
    kind = view.procedure.kinds[task.kind]
    came = []
    for one in moments:
        found = next((t for t in one.body.get("tasks", ()) if t[0] == task.key), None)  # type: ignore[attr-defined]
        if found is not None:
            came.append((one.at, str(found[2])))
    for stage, began, ended in _runs(came or [(task.opened_at, task.stage)]):
        moves = [m for m in kind.moves.values() if stage in m.sources and not m.aside]
        yield _span(view, posts, kind.stages[stage], moves, task, began, ended)


def _runs(came: Sequence[tuple[datetime, str]]) -> Iterable[tuple[str, datetime, datetime | None]]:
    """Stages with their beginning and end, those that follow themselves as one."""
    kept: list[tuple[datetime, str]] = []
    for at, stage in came:
        if not kept or kept[-1][1] != stage:
            kept.append((at, stage))
    for n, (at, stage) in enumerate(kept):
        yield stage, at, kept[n + 1][0] if n + 1 < len(kept) else None


def _span(
    view: CaseView,
    posts: _Posts,
    stage: engine.Stage,
    moves: Sequence[engine.Move],
    task: AssignmentView | None,
    began: datetime,
    ended: datetime | None,
) -> Span:
    duties = [
        view.procedure.duties[d] for d in dict.fromkeys(d for m in moves for d in m.by) if d in view.procedure.duties
    ]
    key = task.key if task else ""
    return Span(
        stage=stage.title,
        end=stage.end,
        began=began,
        ended=None if stage.end else ended,
        task=task,
        duties=tuple(duty.title for duty in duties),
        holders=() if stage.end else posts.holding(duties, task.unit if task else None, began, ended),
        clocks=tuple(
            replace(c) for c in view.clocks if c.assignment == key and c.name in stage.clocks and _ran(c, began, ended)
        ),
    )


def _ran(clock: ClockView, began: datetime, ended: datetime | None) -> bool:
    return (ended is None or clock.started_at < ended) and (clock.stopped_at is None or clock.stopped_at > began)
