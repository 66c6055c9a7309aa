"""From the rooms' values to what the API shows, and from photo ids outside to those inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gezhi.engines.procedure import Need, OpenMove
from gezhi.interfaces.web import labels
from gezhi.lib.errors import BadInput
from gezhi.lib.texts import Text, said
from gezhi.modules.cases.queries import AssignmentView, CaseRow, CaseView, ClockView, Story
from gezhi.modules.files import queries as files


def photo_ids(hashes: Sequence[str], field: str) -> tuple[int, ...]:
    """Ids of stored photos by what POST /photos called them; one query. Raises BadInput."""
    if not hashes:
        return ()
    known = files.ids_of(hashes)
    if any(one not in known for one in hashes):
        raise BadInput(_("One of the photos is not there any more; please add it again."), field=field)
    return tuple(dict.fromkeys(known[one] for one in hashes))


def with_photos(view: CaseView, move: str, assignment: str | None, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a move with photos as the rooms know them; all else is left for the procedure to judge."""
    found = dict(inputs)
    for need in _needs(view, move, assignment):
        value = found.get(need.key)
        if need.kind == "photo" and isinstance(value, list) and value:
            if not all(isinstance(one, str) and len(one) == 64 and one.isascii() for one in value):
                raise BadInput(_("A photo is named by the id that its upload gave."), field=need.key)
            found[need.key] = list(photo_ids(value, need.key))
    return found


def _needs(view: CaseView, move: str, assignment: str | None) -> tuple[Need, ...]:
    if assignment is None:
        known = view.procedure.moves.get(move)
        return known.needs if known else ()
    task = next((one for one in view.assignments if one.key == assignment), None)
    found = view.procedure.kinds[task.kind].moves.get(move) if task else None
    return found.needs if found else ()


def stage(key: str, title: Text) -> dict[str, str]:
    """A stage."""
    return {"key": key, "title": said(title)}


def row(one: CaseRow) -> dict[str, Any]:
    """A line of a list."""
    return {
        "number": one.number,
        "words": one.words,
        "class_name": one.class_name,
        "stage": stage(one.stage_key, one.stage),
        "area": one.area_name,
        "address": one.address,
        "channel": one.channel,
        "reported_at": one.reported_at,
        "due_at": one.due_at,
        "late": one.late,
        "placed": one.placed,
        "unit": labels.unit(one.unit),
        "rework": one.rework,
        "lon": one.lon,
        "lat": one.lat,
    }


def case(view: CaseView) -> dict[str, Any]:
    """A whole case."""
    it = view.row
    return {
        "number": it.number,
        "revision": it.revision,
        "stage": stage(it.stage, view.stage),
        "ended": it.ended,
        "words": it.words,
        "class_key": it.klass.key if it.klass else None,
        "class_name": it.class_name,
        "channel": it.channel,
        "area": it.area_name,
        "areas": it.areas,
        "address": it.address,
        "lon": it.lon,
        "lat": it.lat,
        "unit": it.unit_id,
        "reported_at": it.reported_at,
        "handled_at": it.handled_at,
        "closed_at": it.closed_at,
        "due_at": it.due_at,
        "late": it.late,
        "rating": it.rating,
        "photos": [photo.sha256 for photo in view.photos],
        "tasks": [_task(one) for one in view.assignments],
        "clocks": [_clock(one) for one in view.clocks],
        "story": [_story(one) for one in view.story],
        "moves": [_move(one) for one in view.moves],
    }


def _task(one: AssignmentView) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind,
        "kind_title": said(one.kind_title),
        "unit": one.unit,
        "unit_name": said({"zh": one.unit_name, "en": one.unit_name_en or one.unit_name}),
        "lead": one.lead,
        "stage": stage(one.stage, one.stage_title),
        "ended": one.ended,
        "round": one.round,
        "what": one.what,
        "named_at": one.named_at,
        "helpers": list(one.helpers),
    }


def _clock(one: ClockView) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": said(one.title),
        "limit": one.limit,
        "assignment": one.assignment,
        "started_at": one.started_at,
        "due_at": one.due_at,
        "stopped_at": one.stopped_at,
        "paused": one.paused,
        "missed": one.missed,
    }


def _story(one: Story) -> dict[str, Any]:
    return {
        "seq": one.entry.seq,
        "at": one.entry.at,
        "kind": one.entry.kind,
        "title": said(one.title),
        "by": one.entry.by,
        "duty": said(one.duty) if one.duty else "",
        "words": dict(one.words),
        "photos": [photo.sha256 for photo in one.photos],
        "hash": one.entry.hash.hex(),
    }


def _move(one: OpenMove) -> dict[str, Any]:
    return {
        "move": one.move,
        "assignment": one.assignment,
        "title": said(one.title),
        "needs": [
            {
                "key": need.key,
                "title": said(need.title),
                "kind": need.kind,
                "optional": need.optional,
                "least": need.least,
                "most": need.most,
                "choices": {key: said(title) for key, title in need.choices.items()},
            }
            for need in one.needs
        ],
    }
