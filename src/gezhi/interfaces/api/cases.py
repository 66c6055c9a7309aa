"""Cases for those who work on them: queues, lists, one case, its moves. The same rights as on the pages."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from gezhi.interfaces.api import shapes, shown
from gezhi.interfaces.api.auth import KNOWN
from gezhi.interfaces.web import asked
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.lib.texts import said
from gezhi.modules.cases import operations
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import Filters
from gezhi.modules.catalogue import queries as catalogue

router = Router(auth=KNOWN)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth.actor  # type: ignore[attr-defined]
    return actor


@router.get("/queues", response={200: list[shapes.QueueOut], **shapes.REFUSED}, url_name="queues", summary="My queues")
def queues(request: HttpRequest) -> list[dict[str, Any]]:
    """What waits for the caller, by stage, with live counts."""
    return [
        {"key": q.key, "title": said(q.title), "count": q.count, "late": q.late, "unplaced": q.unplaced}
        for q in cases.queues(_actor(request), now=timezone.now())
    ]


class Wanted(Schema):
    """What narrows a list, and where to go on."""

    queue: shapes.Key = ""
    words: shapes.Short = ""
    klass: shapes.Short = Field("", alias="class", description="Key, code or name of a class")
    area: shapes.Whole | None = None
    channel: shapes.Short = ""
    late: bool = False
    unplaced: bool = False
    after: Annotated[str, Field(max_length=80)] = Field("", description="`next` of the page before")
    size: Annotated[int, Field(ge=1, le=200)] = 50


@router.get(
    "/cases", response={200: shapes.CasesOut, **shapes.REFUSED}, url_name="cases", summary="Cases, page by page"
)
def listed(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """The cases of a queue, or all the caller may see; the soonest due first."""
    now = timezone.now()
    filters = Filters(
        words=wanted.words.strip(),
        klass=_class(wanted.klass),
        area=wanted.area,
        channel=wanted.channel,
        late_at=now if wanted.late else None,
        unplaced=wanted.unplaced,
    )
    after = asked.after(request.GET)
    rows = cases.rows(_actor(request), queue=wanted.queue or None, filters=filters, after=after, size=wanted.size)
    return {"items": [shown.row(one) for one in rows], "next": rows[-1].cursor if len(rows) == wanted.size else None}


def _class(word: str) -> str:
    """The key of the class meant; "" for none."""
    if not word:
        return ""
    found = catalogue.in_force().by_word.get(word)
    if found is None:
        raise BadInput(_("The catalogue has no class “%(class)s”.") % {"class": word[:60]}, field="class")
    return found.key


@router.get("/cases/{number}", response={200: shapes.CaseOut, **shapes.REFUSED}, url_name="case", summary="One case")
def one(request: HttpRequest, number: shapes.Number) -> dict[str, Any]:
    """The case with its story, tasks, clocks, and the moves the caller may make now."""
    return shown.case(cases.case(_actor(request), number))


@router.post(
    "/cases/{number}/moves",
    response={200: shapes.MovedOut, **shapes.REFUSED},
    url_name="case_move",
    summary="Make a move",
)
def move(request: HttpRequest, number: shapes.Number, given: shapes.MoveIn) -> dict[str, Any]:
    """The move, by the same rules as on the pages."""
    actor = _actor(request)
    view = cases.case(actor, number)
    moved = operations.act(
        case=view.row.id,
        move=given.move,
        inputs=shown.with_photos(view, given.move, given.assignment, given.inputs),
        by=actor,
        now=timezone.now(),
        assignment=given.assignment,
        revision=given.revision,
    )
    seq = {"seq": moved.seq, "ended": moved.ended}
    return {"number": number, "stage": moved.stage, "revision": moved.revision, **seq}
