"""Reading one case: for those who work on it, and for the resident who reported it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from gezhi.engines import procedure as engine
from gezhi.engines.procedure import OpenMove
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere
from gezhi.lib.rows import fetched, read_rows
from gezhi.modules.cases import places, policies
from gezhi.modules.cases.around import Around, around
from gezhi.modules.cases.bulk import offered
from gezhi.modules.cases.calls import may_answer
from gezhi.modules.cases.case_views import AssignmentView, Barred, CaseView, ClockView, PhotoView, Story
from gezhi.modules.cases.glances import Glance, glance
from gezhi.modules.cases.linking import Joined, merged_into
from gezhi.modules.cases.models import Attachment, Case, Clock
from gezhi.modules.cases.places import Located, Place
from gezhi.modules.cases.publicly import is_the_reporters, public_story
from gezhi.modules.cases.queues import CaseRow, Filters, Point, Queue, points, queues, rows
from gezhi.modules.cases.rehoming import OpenPlace, open_places, places_since, reported_since
from gezhi.modules.cases.replay import Difference, differences
from gezhi.modules.cases.sentences import sentence
from gezhi.modules.cases.showcase import PublicCase, PublicFigures, lately_solved, public_figures
from gezhi.modules.cases.standings import Standing, one_row, standing, working_kinds
from gezhi.modules.cases.starting import beginnings
from gezhi.modules.cases.tracing import Span, Step, Trace, traced
from gezhi.modules.cases.whistling import Scored, scores
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.ledger.queries import EntryView
from gezhi.modules.people import queries as people

__all__ = [
    "Around",
    "AssignmentView",
    "AtWork",
    "Barred",
    "CaseRow",
    "CaseView",
    "ClockView",
    "Difference",
    "Filters",
    "Glance",
    "Joined",
    "OpenMove",
    "OpenPlace",
    "PhotoView",
    "Point",
    "PublicCase",
    "PublicFigures",
    "Queue",
    "Scored",
    "Span",
    "Step",
    "Story",
    "Trace",
    "around",
    "at_hand",
    "at_work",
    "beginnings",
    "by_code",
    "case",
    "differences",
    "glance",
    "has_photo",
    "is_the_reporters",
    "lately_solved",
    "may_answer",
    "merged_into",
    "offered",
    "open_places",
    "places_since",
    "points",
    "public_figures",
    "public_story",
    "queues",
    "reported_since",
    "rows",
    "scores",
    "trace",
    "working_kinds",
]


def case(by: Actor, number: str, *, now: datetime | None = None) -> CaseView:
    """The case of this number, if it lies within the actor's responsibility; else NotThere. Nine queries at most.

    With `now`, moves whose time is over are not offered.
    """
    return _view(_standing(by, number), by, now)


def at_hand(by: Actor, number: str) -> CaseView:
    """As `case`, without its story, clocks and photos: for somebody about to move it on. Four queries at most."""
    here = _standing(by, number)
    return CaseView(
        row=here.case,
        stage=here.procedure.stages[here.case.stage].title,
        story=(),
        assignments=_assignments(here, ()),
        clocks=(),
        photos=(),
        moves=tuple(engine.moves_open(here.procedure, here.state, by, here.facts, None)),
        procedure=here.procedure,
        reporter_ref=here.case.reported_by,
    )


def _standing(by: Actor, number: str) -> Standing:
    row = one_row("WHERE number = %s", [number])
    if row is None:
        raise NotThere(_("There is no such case within your responsibility."))
    here = standing(row)
    policies.check_may_see(by, row, here.units)
    return here


def trace(by: Actor, number: str) -> Trace:
    """Who was responsible for what, when, under which rule. Raises NotThere as `case` does."""
    return traced(case(by, number))


def by_code(code: str, number: str = "", *, now: datetime | None = None) -> CaseView:
    """The case of a resident's query code (and number, if given), as its reporter sees it. NotThere for a wrong one."""
    row = one_row("WHERE query_code = %s", [code.strip().upper()])
    if row is None or (number and row.number != number.strip()):
        raise NotThere(_("No report was found for this code. Please check number and code."))
    return _view(standing(row), Actor(row.reported_by), now)


def has_photo(by: Actor, number: str, sha256: str) -> bool:
    """Does this case hold the photo, and may the actor see the case? One query."""
    found = Case.objects.filter(policies.visible(by), number=number)
    return found.filter(Exists(Attachment.objects.filter(case=OuterRef("pk"), file__sha256=sha256))).exists()


@dataclass(frozen=True, slots=True)
class AtWork:
    """A case as somebody who plays all its people needs it (simulation): what is open to whom."""

    case: int
    reporter_ref: str
    areas: tuple[int, ...]
    units: tuple[int, ...]
    here: Standing

    def open_to(self, actor: Actor, now: datetime) -> list[engine.OpenMove]:
        """The moves this actor may make."""
        return engine.moves_open(self.here.procedure, self.here.state, actor, self.here.facts, now)


def at_work(case_id: int) -> AtWork:
    """A case with its open tasks. Three queries."""
    row = Case.objects.get(id=case_id)
    here = standing(row)
    open_units = tuple(a.unit_id for a in here.assignments.values() if not a.ended and a.unit_id is not None)
    return AtWork(case_id, row.reported_by, tuple(row.areas), open_units, here)


def located(*, lon: float, lat: float, crs: str) -> Located:
    """Whose ground a point is (degrees in a datum that `Place` knows). No query. Raises BadInput outside our areas."""
    found = places.locate([Place(lon=lon, lat=lat, crs=crs)])[0]
    if isinstance(found, BadInput):
        raise found
    return found


def _view(here: Standing, by: Actor, now: datetime | None) -> CaseView:
    row = here.case
    given = _given(row)
    story = _story(here, given)
    offered = engine.moves_open(here.procedure, here.state, by, here.facts, now, with_reasons=True)
    return CaseView(
        row=row,
        stage=here.procedure.stages[row.stage].title,
        story=story,
        assignments=_assignments(here, story),
        clocks=_clocks(here),
        photos=tuple(p for p in given.photos if p.seq == 1),
        moves=tuple(one for one in offered if one.refusal is None),
        procedure=here.procedure,
        reporter_ref=row.reported_by,
        barred=tuple(Barred(one, sentence(one.refusal)) for one in offered if one.refusal and one.refusal.is_rank),
    )


_GIVEN = """
    SELECT seq, id, field, words, NULL::bigint, NULL, 0, 0 FROM cases_remark WHERE case_id = %s
    UNION ALL SELECT a.seq, a.id, a.field, NULL, a.file_id, f.sha256, f.width, f.height FROM cases_attachment a
    JOIN files_file f ON f.id = a.file_id WHERE a.case_id = %s ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class _Given:
    """What was given with the moves of a case: words by entry (field, words) and photos, in order."""

    words: dict[int, list[tuple[str, str]]]
    photos: tuple[PhotoView, ...]


def _given(case: Case) -> _Given:
    words: dict[int, list[tuple[str, str]]] = {}
    photos = []
    for seq, _id, field, said, file, sha256, width, height in fetched(_GIVEN, [case.id, case.id]):
        if file is None:
            words.setdefault(seq, []).append((field, said))
        else:
            photos.append(PhotoView(file, sha256, seq, field, width, height))
    return _Given(words, tuple(photos))


def _story(here: Standing, given: _Given) -> tuple[Story, ...]:
    return tuple(
        _told(here, entry, given.words.get(entry.seq, []), tuple(p for p in given.photos if p.seq == entry.seq))
        for entry in ledger.entries(f"case:{here.case.id}", since=here.case.reported_at)
    )


def _told(here: Standing, entry: EntryView, words: list[tuple[str, str]], photos: tuple[PhotoView, ...]) -> Story:
    move = _move(here.procedure, entry)
    needs = {need.key: need for need in move.needs} if move else {}
    duty = here.procedure.duties.get(str(entry.body.get("duty")))
    return Story(
        entry=entry,
        move=move,
        title=move.title if move else HAPPENINGS.get(entry.kind, {"en": entry.kind, "zh": entry.kind}),
        duty=duty.title if duty else None,
        words=tuple(words),
        photos=photos,
        said=tuple(
            (needs[k].title, _plain(needs[k], v))
            for k, v in entry.body.get("said", {}).items()
            if k in needs and needs[k].kind != "filing_condition"  # its words stand beside it
        ),
        automatic=tuple(
            here.procedure.moves[name].title for name in entry.body.get("automatic", ()) if name in here.procedure.moves
        ),
    )


HAPPENINGS: dict[str, engine.Text] = {
    "case.reported": {"zh": "上报", "en": "Reported"},
    "case.history": {"zh": "历史办结记录", "en": "Closed elsewhere (imported history)"},
    "case.limit": {"zh": "时限已到", "en": "Limit passed"},
    "case.rehomed": {"zh": "网格调整，转由新网格负责", "en": "Grids were redrawn; another grid answers for it"},
    "case.linked": {"zh": "与其他案件关联", "en": "Linked with another case"},
    "case.recounted": {"zh": "工作日历调整，时限重新计算", "en": "Limits counted anew by the calendar"},
    "person.revealed": {"zh": "查看上报人信息", "en": "Reporter's details seen"},
}


def _move(procedure: engine.Procedure, entry: EntryView) -> engine.Move | None:
    name = str(entry.body.get("move", ""))
    if entry.body.get("assignment"):
        return next((kind.moves[name] for kind in procedure.kinds.values() if name in kind.moves), None)
    return procedure.moves.get(name)


def _plain(need: Any, value: Any) -> Any:
    """A choice by its title; everything else as it was recorded."""
    return need.choices.get(value, value) if need.kind == "choice" and isinstance(value, str) else value


def _assignments(here: Standing, story: tuple[Story, ...]) -> tuple[AssignmentView, ...]:
    """The tasks in the order they were opened; the units' names and the items' words are at hand already."""
    names = people.organisations_now() if here.assignments else {}
    items = {field: words for told in story for field, words in told.words if field.startswith("item.")}
    found = []
    for row in here.assignments.values():
        kind = here.procedure.kinds[row.kind]
        unit = names.get(row.unit_id) if row.unit_id is not None else None
        found.append(
            AssignmentView(
                key=row.key,
                kind=row.kind,
                kind_title=kind.title,
                unit=row.unit_id,
                unit_name=unit.name.get("zh", "") if unit else "",
                unit_name_en=unit.name.get("en", "") if unit else "",
                lead=row.lead,
                stage=row.stage,
                stage_title=kind.stages[row.stage].title,
                ended=row.ended,
                round=row.round,
                opened_at=row.opened_at,
                what=items.get(f"item.{row.key}", ""),
                named_at=row.named_at,
                helpers=tuple(row.helpers),
            )
        )
    return tuple(found)


def _clocks(here: Standing) -> tuple[ClockView, ...]:
    known = here.procedure.clocks
    return tuple(
        ClockView(
            c.name,
            known[c.name].title if c.name in known else {"en": c.name, "zh": c.name},
            c.limit,
            c.why,
            c.assignment_key,
            c.started_at,
            c.amber_at,
            c.due_at,
            c.paused_at is not None,
            c.stopped_at,
            c.missed,
            tuple((begun, ended) for begun, ended in c.pauses),
            tuple(c.extras),
        )
        for c in read_rows(Clock, "WHERE case_id = %s ORDER BY id", [here.case.id])
    )
