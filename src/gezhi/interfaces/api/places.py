"""What is public of the rules: classes, areas, whose ground a point is; and the units, for those who dispatch."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from gezhi.interfaces.api import shapes
from gezhi.interfaces.api.auth import KNOWN
from gezhi.lib.texts import said
from gezhi.modules.cases import queries as cases
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.people import queries as people
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import AreaFact

router = Router()


@router.get(
    "/classes",
    response={200: list[shapes.ClassOut], **shapes.REFUSED},
    auth=None,
    url_name="classes",
    summary="The catalogue in force",
)
def classes(request: HttpRequest) -> list[dict[str, Any]]:
    """Every class, components first."""
    names = shapes.ClassOut.model_fields
    return [{name: getattr(one, name) for name in names} for one in catalogue.in_force().classes]


class WantedAreas(Schema):
    """Which areas, and where to go on."""

    layer: shapes.Short = ""
    level: shapes.Short = ""
    within: shapes.Whole | None = Field(None, description="Id of an area they lie in")
    after: Annotated[int, Field(ge=0, le=shapes.LARGEST)] = 0
    size: Annotated[int, Field(ge=1, le=1000)] = 200


@router.get("/areas", response={200: shapes.AreasOut, **shapes.REFUSED}, auth=None, url_name="areas", summary="Areas")
def areas(request: HttpRequest, wanted: Query[WantedAreas]) -> dict[str, Any]:
    """The areas in force, in order of id."""
    fitting = [
        one
        for one in sorted(territory.areas_in_force().areas.values(), key=lambda area: area.id)
        if one.id > wanted.after
        and wanted.layer in {"", one.layer}
        and wanted.level in {"", one.level}
        and (wanted.within is None or wanted.within in one.path)
    ]
    page = fitting[: wanted.size]
    return {"items": [_area(one) for one in page], "next": page[-1].id if len(fitting) > len(page) else None}


class Point(Schema):
    """A point in degrees."""

    lon: shapes.Degrees
    lat: shapes.Degrees
    crs: Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z0-9:_-]+$")] = "WGS84"


@router.get(
    "/areas/locate",
    response={200: list[shapes.AreaOut], **shapes.REFUSED},
    auth=None,
    url_name="locate",
    summary="Whose ground is this point?",
)
def locate(request: HttpRequest, point: Query[Point]) -> list[dict[str, Any]]:
    """The areas that hold the point, from the root to the grid, layer by layer. 422 outside the area served."""
    located = cases.located(lon=point.lon, lat=point.lat, crs=point.crs)
    known = territory.areas_in_force().areas
    return [_area(known[number]) for number in located.areas if number in known]


@router.get(
    "/units",
    response={200: list[shapes.UnitOut], **shapes.REFUSED},
    auth=KNOWN,
    url_name="units",
    summary="Units that can be given work",
)
def units(request: HttpRequest) -> list[dict[str, Any]]:
    """The organisations in force, in order of code."""
    return [
        {"id": one.id, "code": one.code, "name": said(one.name), "kind": one.kind, "parent": one.parent}
        for one in people.organisations().values()
    ]


def _area(one: AreaFact) -> dict[str, Any]:
    return {name: getattr(one, name) for name in shapes.AreaOut.model_fields} | {"path": list(one.path)}
