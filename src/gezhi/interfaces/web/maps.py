"""What maps show: outlines of areas and points of cases as GeoJSON, and the bounds a map opens with.

Outlines change only with the territory's version, so each process keeps what it has worked out for the version in
force, and browsers keep it by its ETag.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, labels, publicity
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Badge, MapView
from gezhi.lib.errors import NotThere
from gezhi.lib.texts import said
from gezhi.modules.cases.queries import Point
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import AreaFact

Bounds = tuple[float, float, float, float]
WORLD: Bounds = (73.0, 18.0, 135.0, 54.0)
MOST_SHAPES = 2000
AROUND = 0.4  # of a grid's size shows on each side of it on its public map


def areas(request: HttpRequest, level: str) -> HttpResponse:
    """GeoJSON of one level's areas, `?within=ID` for those below one area, `?layer=KEY` for those of one layer. Public:
    outlines and names only."""
    within, layer = asked.whole(request.GET, "within"), asked.words(request.GET, "layer", 40)
    snapshot = territory.areas_in_force()
    if level not in {one.key for one in labels.profile().levels} or (within and within not in snapshot.areas):
        raise NotThere(_("There is no such level or area."))
    if layer and layer not in snapshot.layers:
        raise NotThere(_("There is no such level or area."))
    etag = quote_etag(f"{snapshot.version}-{level}-{within or 0}-{layer}-{int(labels.english())}")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    else:
        body = _areas_json(snapshot.version, level, within, layer, labels.english())
        response = HttpResponse(body, content_type="application/geo+json")
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=300"
    response["Vary"] = "Accept-Language, Cookie"
    return response


@lru_cache(maxsize=64)
def _areas_json(version: int, level: str, within: int | None, layer: str, english: bool) -> str:
    snapshot = territory.areas_in_force()
    collection = territory.features(level=level, within=within, layer=layer or None)
    for feature in collection["features"][:MOST_SHAPES]:
        fact = snapshot.areas.get(feature["id"])
        name = (fact.name_en or fact.name) if fact and english else feature["properties"]["name"]
        feature["properties"] |= {
            "name": name,
            "label": publicity.label(fact) if fact else name,
            "level": level,
            "href": reverse("desk_area", args=[feature["id"]]),
            "page": reverse("portal_grid", args=[feature["properties"]["code"]]),
        }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))


def points(rows: Iterable[Point]) -> HttpResponse:
    """Cases as GeoJSON points; late ones stand out."""
    before, _zero, after = reverse("desk_case", args=["0"]).rpartition("0")
    badges: dict[tuple[str, str], Badge] = {}
    features = []
    for row in rows:
        key = (row.stage_key, said(row.stage))
        badge = badges.get(key)
        if badge is None:
            badge = badges[key] = labels.stage_badge(row.stage_key, row.stage)
        told = {
            "number": row.number,
            "href": f"{before}{row.number}{after}",
            "tone": "bad" if row.late else badge.tone,
            "stage": badge.label,
            "title": row.title,
        }
        place = {"type": "Point", "coordinates": (row.lon, row.lat)}
        features.append({"type": "Feature", "id": row.id, "geometry": place, "properties": told})
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, content_type="application/geo+json")


def bounds(within: int | None = None) -> Bounds:
    """(west, south, east, north) of one area, or of everything in force; China where nothing has a shape."""
    return _bounds(territory.areas_in_force().version, within)


@lru_cache(maxsize=512)
def _bounds(version: int, within: int | None) -> Bounds:
    snapshot = territory.areas_in_force()
    wanted = snapshot.areas.get(within) if within else None
    levels = [one.key for one in labels.profile().levels]
    for level in levels[levels.index(wanted.level) :] if wanted and wanted.level in levels else levels:
        found = territory.features(level=level, within=within)["features"]
        pairs = [p for feature in found for p in _pairs(feature["geometry"]["coordinates"])]
        if pairs:
            xs, ys = [p[0] for p in pairs], [p[1] for p in pairs]
            return (min(xs), min(ys), max(xs), max(ys))
    return WORLD


def _pairs(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from _pairs(part)


def outline_level() -> str:
    """The level whose outlines help to find one's way: the one below the top."""
    levels = labels.profile().levels
    return levels[min(1, len(levels) - 1)].key


def named_level() -> str:
    """The smallest level that people know by name, as the choice of areas offers it: the one above the grids."""
    profile = labels.profile()
    keys = [one.key for one in profile.levels]
    above = keys.index(profile.grid_level) - 1 if profile.grid_level in keys else len(keys) - 1
    return keys[max(above, 0)]


def synthetic() -> bool:
    """Were some of the shapes laid by a program?"""
    return _synthetic(territory.areas_in_force().version)


@lru_cache(maxsize=4)
def _synthetic(version: int) -> bool:
    return any(area.synthetic for area in territory.areas_in_force().areas.values())


def view(
    mode: Literal["pick", "place", "cases", "areas"],
    label: str,
    *,
    lon: float | None = None,
    lat: float | None = None,
    within: int | None = None,
    level: str = "",
    cases_url: str = "",
) -> MapView:
    """A map of the whole territory or of one area, with the outlines of one level: where a place is shown or chosen,
    those of the areas that are offered by name, so that pin and choice follow each other."""
    usual = named_level() if mode in {"pick", "place"} else outline_level()
    outlines = reverse("map_areas", args=[level or usual])
    return MapView(
        mode=mode,
        bounds=bounds(within),
        label=label,
        lon=lon,
        lat=lat,
        areas_url=f"{outlines}?within={within}" if within and level else outlines,
        cases_url=cases_url,
        synthetic=synthetic(),
    )


def of_grid(area: AreaFact, label: str) -> MapView | None:
    """A public map of one grid among its neighbours; None where it has no shape."""
    west, south, east, north = bounds(area.id)
    if (west, south, east, north) == WORLD:
        return None
    wide, high = (east - west) * AROUND, (north - south) * AROUND
    within = area.path[max(0, len(area.path) - 3)]
    first = territory.areas_in_force().layers[0]
    asked_for = {"within": within, **({"layer": first} if area.layer == first else {})}
    return MapView(
        mode="areas",
        bounds=(west - wide, south - high, east + wide, north + high),
        label=label,
        areas_url=f"{reverse('map_areas', args=[area.level])}?{urlencode(asked_for)}",
        synthetic=area.synthetic,
        here=area.id,
        public=True,
    )


def of_cases(request: Request, rows: Iterable[Point]) -> HttpResponse:
    """The answer of the desk's map: never kept by anybody."""
    response = points(rows)
    response["Cache-Control"] = "private, no-store"
    return response


def forget() -> None:
    """Drop what is kept in this process (between tests)."""
    for kept in (_areas_json, _bounds, _synthetic):
        kept.cache_clear()
