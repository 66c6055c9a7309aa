"""GeoJSON for the maps of these pages, never kept by anybody: areas of a layer, a problem, a plan, a proposal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from shapely.geometry import shape

from gezhi.interfaces.web import asked, labels, maps
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.maps import Bounds
from gezhi.interfaces.web.parts import MapView
from gezhi.lib.errors import NotThere
from gezhi.modules.territory import checks, plan_views, runs
from gezhi.modules.territory import queries as territory


def answer(features: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """A FeatureCollection."""
    body = json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False)
    response = HttpResponse(body, content_type="application/geo+json")
    response["Cache-Control"] = "private, no-store"
    return response


def layer(request: Request, key: str) -> HttpResponse:
    """The areas in force of a layer: `?within=ID`, `?level=KEY` (the grids, where nothing is said)."""
    within, level = asked.whole(request.GET, "within"), asked.words(request.GET, "level", 40)
    snapshot = territory.areas_in_force()
    if key not in {one.key for one in labels.profile().layers} or (within and within not in snapshot.areas):
        raise NotThere(_("There is no such level or area."))
    response = HttpResponse(
        _layer_json(snapshot.version, key, level, within, labels.english()), content_type="application/geo+json"
    )
    response["Cache-Control"] = "private, max-age=60"
    return response


@lru_cache(maxsize=32)
def _layer_json(version: int, key: str, level: str, within: int | None, english: bool) -> str:
    snapshot = territory.areas_in_force()
    features = []
    for feature in territory.outlines(layer=key, level=level, within=within):
        fact = snapshot.areas.get(feature["id"])
        name = feature["properties"]["name_en"] if english else feature["properties"]["name"]
        href = reverse("desk_area", args=[feature["id"]]) if fact else ""
        feature["properties"] |= {"name": name or feature["properties"]["name"], "href": href}
        features.append(feature)
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def problem(request: Request, key: str) -> HttpResponse:
    """Where a problem of a layer is: `?show=N`, by its place in the list."""
    within, number = asked.whole(request.GET, "within"), asked.whole(request.GET, "show")
    listed = checks.problems(key, within=within)
    if number is None or not 0 <= number < len(listed) or listed[number].where is None:
        raise NotThere(_("There is no such problem any more."))
    return answer([mark(listed[number].where, listed[number].sentence)])


def plan_problem(request: Request, number: int) -> HttpResponse:
    """Where a problem of a plan is: `?show=N`, by its place in the list of `?revision=R`."""
    place, revision = asked.whole(request.GET, "show"), asked.whole(request.GET, "revision")
    listed = plan_views.problems(number) if plan_views.plan(number).revision == revision else []
    if place is None or not 0 <= place < len(listed) or listed[place].where is None:
        raise NotThere(_("There is no such problem any more."))
    return answer([mark(listed[place].where, listed[place].sentence)])


def proposal(request: Request, number: int) -> HttpResponse:
    """The grids of a run's proposal, with their households: `?p=N`."""
    run, wanted = runs.view(number), asked.whole(request.GET, "p") or 0
    if not 0 <= wanted < len(run.proposals):
        raise NotThere(_("There is no such proposal."))
    grids = runs.grids(run, wanted)
    norm = run.options.households
    return answer(
        {
            "type": "Feature",
            "id": place,
            "geometry": one.geometry,
            "properties": {"name": str(one.households), "level": "grid", "tone": evenness(one.households, norm)},
        }
        for place, one in enumerate(grids)
    )


def mark(geometry: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    """A shape that stands out on a map."""
    return {"type": "Feature", "geometry": geometry, "properties": {"name": name}}


def evenness(households: int, norm: int) -> str:
    """How many live in a grid beside the norm: few, less, even, more, many."""
    share = households / norm if norm else 1.0
    steps = ((0.6, "few"), (0.85, "less"), (1.15, "even"), (1.4, "more"))
    return next((name for most, name in steps if share < most), "many")


def view(
    label: str,
    *,
    areas_url: str,
    within: int | None = None,
    lines_url: str = "",
    marks_url: str = "",
    bounds: Bounds | None = None,
) -> MapView:
    """A map of areas; `lines_url`: dashed outlines over them, `marks_url`: what stands out."""
    return MapView(
        mode="areas",
        bounds=bounds or maps.bounds(within),
        label=label,
        areas_url=areas_url,
        synthetic=maps.synthetic(),
        lines_url=lines_url,
        marks_url=marks_url,
    )


def bounds_of(geometry: Mapping[str, Any] | None, within: int | None) -> Bounds:
    """The bounds a map opens with: a shape with room around it, else the area."""
    if geometry is None:
        return maps.bounds(within)
    west, south, east, north = shape(geometry).bounds
    room = max(east - west, north - south, 0.002) * 0.6
    return west - room, south - room, east + room, north + room


def forget() -> None:
    """Drop what is kept in this process (between tests)."""
    _layer_json.cache_clear()
