"""Reports: the public's door for programs. Nobody must say who they are; whoever has a key is known by its source.

Without a key the source is this door and the id a UUID: another's receipt cannot be had by guessing ids.
"""

from __future__ import annotations

import uuid
from typing import Any, BinaryIO, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from gezhi.interfaces.api import shapes, throttle
from gezhi.interfaces.api.auth import ANYBODY, Caller
from gezhi.interfaces.api.shown import photo_ids, stage
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed
from gezhi.lib.texts import said
from gezhi.modules.cases import operations
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.operations import Place, Receipt, Report
from gezhi.modules.cases.queries import CaseView
from gezhi.modules.files import operations as files
from gezhi.modules.files import policies as file_policies
from gezhi.modules.switches import queries as switches

router = Router()
SOURCE = "public"
KEYED = "key/"  # before a key's own source: no import map and no door of ours can have it
CHANNEL = "resident"


@router.post(
    "/reports",
    response={200: shapes.ReceiptOut, 201: shapes.ReceiptOut, **shapes.REFUSED},
    auth=ANYBODY,
    url_name="report",
    summary="Report a problem",
    by_alias=True,
)
def report(request: HttpRequest, report: shapes.ReportIn) -> Status[Any]:
    """201 with the receipt of a new report, 200 with that of a known one."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    throttle.check(throttle.reports, request, caller.actor)
    source, source_id = _known_by(caller, report)
    receipt = operations.report(
        report=Report(
            channel=report.channel or default_channel(),
            source=source,
            source_id=source_id,
            words=report.words,
            place=_place(report.place),
            klass=report.klass,
            photos=photo_ids(report.photos, "photos"),
            reporter=_reporter(report.reporter),
            reported_at=report.reported_at,
        ),
        by=caller.actor,
        now=timezone.now(),
    )
    return Status(201 if receipt.created else 200, _receipt(request, receipt))


def _known_by(caller: Caller, report: shapes.ReportIn) -> tuple[str, str]:
    """(source, source_id). Raises BadInput, NotAllowed."""
    if caller.source:
        if not caller.actor.may("case.report"):
            raise NotAllowed(_("Only posts that take reports in may use a key for them."), field="channel")
        return f"{KEYED}{caller.source}", report.source_id or str(uuid.uuid4())
    if report.channel or report.reported_at:
        raise NotAllowed(_("Only programs with a key name a channel or a moment."), field="channel")
    if not report.source_id:
        return SOURCE, str(uuid.uuid4())
    try:
        return SOURCE, str(uuid.UUID(report.source_id))
    except ValueError:
        raise BadInput(_("Without a key, the id of a report must be a UUID."), field="source_id") from None


def default_channel() -> str:
    """The channel of reports that name none: residents', or the first the profile has."""
    channels = switches.profile().lists.get("channels", {})
    return CHANNEL if CHANNEL in channels or not channels else next(iter(channels))


def _place(given: shapes.PlaceIn | None) -> Place:
    if given is None:
        return Place()
    if (given.lon is None) != (given.lat is None):
        raise BadInput(_("A point needs longitude and latitude."), field="place")
    return Place(lon=given.lon, lat=given.lat, crs=given.crs, area_code=given.area, address=given.address)


def _reporter(given: shapes.ReporterIn | None) -> tuple[tuple[str, str], ...]:
    return (("name", given.name), ("phone", given.phone)) if given is not None else ()


def _receipt(request: HttpRequest, receipt: Receipt) -> dict[str, Any]:
    follow = request.build_absolute_uri(reverse("api-v1:report_status", args=[receipt.number]))
    return {"number": receipt.number, "code": receipt.query_code, "created": receipt.created, "follow": follow}


@router.post(
    "/photos",
    response={201: shapes.PhotoOut, **shapes.REFUSED},
    auth=ANYBODY,
    url_name="photos",
    summary="Upload a photo",
)
def upload(request: HttpRequest, photo: File[UploadedFile]) -> Status[Any]:
    """JPEG, PNG or WebP of at most 20 MB. It is re-encoded; the place stored inside it is removed."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    throttle.check(throttle.uploads, request, caller.actor)
    file_policies.check_bytes(photo.size or 0, field="photo")
    stored = files.store(stream=cast(BinaryIO, photo.file), by=caller.actor, now=timezone.now(), field="photo")
    return Status(201, {"id": stored.sha256, "width": stored.width, "height": stored.height})


@router.get(
    "/reports/{number}",
    response={200: shapes.StatusOut, **shapes.REFUSED},
    auth=None,
    url_name="report_status",
    summary="Follow a report",
)
def follow(request: HttpRequest, number: shapes.Number, code: Query[shapes.Code]) -> dict[str, Any]:
    """Where the report stands, for whoever has its number and code."""
    return _status(_of_reporter(request, number, code))


@router.post(
    "/reports/{number}/moves",
    response={200: shapes.StatusOut, **shapes.REFUSED},
    auth=None,
    url_name="report_move",
    summary="Withdraw or rate a report",
)
def move(request: HttpRequest, number: shapes.Number, given: shapes.ReportMoveIn) -> dict[str, Any]:
    """The reporter's own moves, for whoever has number and code; what staff reported is theirs, signed in."""
    view = _of_reporter(request, number, given.code)
    by = Actor(view.reporter_ref) if view.reporter_ref.startswith("reporter:") else Actor.public()
    operations.act(case=view.row.id, move=given.move, inputs=given.inputs, by=by, now=timezone.now())
    return _status(cases.by_code(given.code, number))


def _of_reporter(request: HttpRequest, number: str, code: str) -> CaseView:
    """The case; whoever guessed too often is refused before the look-up. Raises NotThere, TooMany."""
    throttle.check(throttle.guesses, request, Actor.public())
    return cases.by_code(code, number)


def _status(view: CaseView) -> dict[str, Any]:
    row = view.row
    return {
        "number": row.number,
        "stage": stage(row.stage, view.stage),
        "ended": row.ended,
        "class_name": row.class_name,
        "area": row.area_name,
        "reported_at": row.reported_at,
        "closed_at": row.closed_at,
        "rating": row.rating,
        "steps": [{"at": one.entry.at, "title": said(one.title)} for one in cases.public_story(view)],
        "moves": [one.move for one in view.moves],
    }
