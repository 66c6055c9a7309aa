"""What the editor says to the server: the areas of a plan as GeoJSON, and one POST a gesture.

The answer to a gesture is JSON for the editor (what changed, what is gone, the side anew), or the page again for a
plain form. A refusal is its sentence with the plan's newest revision, so that the editor can go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import shapely
from django.http import HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.territory import plans as pages
from gezhi.interfaces.web.territory import shapes
from gezhi.lib.errors import BadInput, Refusal
from gezhi.modules.territory import blocks, plan_views, plans
from gezhi.modules.territory.drafting import (
    Act,
    Bend,
    Corner,
    Draw,
    HandOver,
    Merge,
    Move,
    Remove,
    Rename,
    Split,
    Straighten,
)  # fmt: skip
from gezhi.modules.territory.plan_views import PlanAreaView
from gezhi.modules.territory.plans import Edited

MOST_CORNERS = 2000


def areas(request: Request, number: int) -> HttpResponse:
    """The areas of a plan."""
    view = plan_views.plan(number)
    return shapes.answer(_feature(one, pages.norm_of(view, one)) for one in plan_views.areas(number) if one.geometry)


@require_POST
def edit(request: Request, number: int) -> HttpResponse:
    """Make one step: `act`, the `revision` it was drawn on, and what the act needs."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        edited = _done(request, number)
    except Refusal as refusal:
        if not wants_json:
            return pages.shown(request, number, refusal, "edit")
        revision = plan_views.plan(number).revision if refusal.status != 404 else 0
        told = {"sentence": refusal.sentence, "code": refusal.code, "revision": revision}
        return JsonResponse(told, status=refusal.status, json_dumps_params={"ensure_ascii": False})
    if not wants_json:
        return pages.back_to(request, number)
    return _answer(request, number, edited)


def _answer(request: Request, number: int, edited: Edited) -> HttpResponse:
    view = plan_views.plan(number)
    side = pages.side(request, view, draws=True)
    told = {
        "revision": edited.revision,
        "changed": [
            _feature(one, pages.norm_of(view, one)) for one in plan_views.areas(number, edited.changed) if one.geometry
        ],
        "removed": list(edited.removed),
        "side": render_to_string("territory/parts/plan_side.html", {"side": side}, request),
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def _feature(one: PlanAreaView, norm: int) -> dict[str, Any]:
    name = (one.name_en or one.name) if labels.english() else one.name
    return {
        "type": "Feature",
        "id": one.key,
        "geometry": one.geometry,
        "properties": {
            "key": one.key,
            "code": one.code,
            "name": name,
            "households": one.households,
            "tone": shapes.evenness(one.households, norm),
            "fate": one.fate,
        },
    }


def _done(request: Request, number: int) -> Edited:
    given, kind = request.POST, asked.words(request.POST, "act", 20)
    revision = asked.whole(given, "revision")
    if revision is None:
        raise BadInput(_("The form did not arrive whole. Please send it again."), field="revision")
    if kind in {"undo", "redo"}:
        step = plans.undo if kind == "undo" else plans.redo
        return step(plan=number, revision=revision, by=request.actor, now=timezone.now())
    if kind not in READING:
        raise BadInput(_("There is no such step."), field="act")
    act = READING[kind](given, number)
    return plans.edit(plan=number, revision=revision, act=act, by=request.actor, now=timezone.now())


def _corners(text: str, field: str) -> tuple[Corner, ...]:
    """ "118.8,32.0 118.81,32.0" as corners. Raises BadInput."""
    pairs = text.split()
    if len(pairs) > MOST_CORNERS:
        raise BadInput(_("That is more corners than can be taken at once."), field=field)
    try:
        found = tuple((float(x), float(y)) for x, y in (pair.split(",") for pair in pairs))
    except ValueError as wrong:
        raise BadInput(_("Longitude and latitude are numbers in degrees."), field=field) from wrong
    if not all(abs(x) <= 180 and abs(y) <= 90 for x, y in found):
        raise BadInput(_("This is not a place on earth: longitude and latitude are in degrees."), field=field)
    return found


def _corner(given: QueryDict, name: str) -> Corner:
    found = _corners(asked.words(given, name, 80), name)
    if len(found) != 1:
        raise BadInput(_("There is no corner here."), field=name)
    return found[0]


def _line(given: QueryDict) -> tuple[Corner, ...]:
    return _corners(asked.words(given, "line", 100_000), "line")


def _key(given: QueryDict, name: str = "key") -> int:
    return asked.whole(given, name) or 0


def _keys(values: Iterable[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in values if one.isdecimal() and len(one) < 10)


def _hand_over(given: QueryDict, number: int) -> HandOver:
    ground = blocks.of(plan_views.plan(number).scope)
    wanted = set(_keys(given.getlist("blocks")))
    chosen = [ground.shapes[n] for n, block in enumerate(ground.ids.tolist()) if block in wanted]
    return HandOver(
        tuple(shapely.get_geometry(one, 0) if one.geom_type == "MultiPolygon" else one for one in chosen),
        _key(given, "to"),
    )


READING: dict[str, Callable[[QueryDict, int], Act]] = {
    "split": lambda given, _number: Split(_key(given), _line(given)),
    "merge": lambda given, _number: Merge(_keys(given.getlist("keys"))),
    "move": lambda given, _number: Move(_corner(given, "at"), _corner(given, "to")),
    "bend": lambda given, _number: Bend(_corner(given, "at"), _corner(given, "to")),
    "straighten": lambda given, _number: Straighten(_corner(given, "at")),
    "draw": lambda given, _number: Draw(_line(given)),
    "handover": _hand_over,
    "rename": lambda given, _number: Rename(
        _key(given), asked.words(given, "code", 40), asked.words(given, "name", 120), asked.words(given, "name_en", 160)
    ),
    "remove": lambda given, _number: Remove(_key(given)),
}
