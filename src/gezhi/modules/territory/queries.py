"""Reading territory: whose is this point, who is responsible there, which posts does somebody hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from gezhi.lib.actor import Actor, HeldPost
from gezhi.lib.briefly import Briefly
from gezhi.lib.rows import fetched
from gezhi.modules.people import queries as people
from gezhi.modules.territory import snapshot
from gezhi.modules.territory.models import Area, Layer, Remit, Shape, Tenure
from gezhi.modules.territory.snapshot import AreaFact, Snapshot

__all__ = [
    "AreaFact",
    "AreaRow",
    "Responsible",
    "Snapshot",
    "actor_for",
    "actors_for",
    "areas_in_force",
    "areas_on",
    "locate",
    "responsible",
]


@dataclass(frozen=True, slots=True)
class Responsible:
    """Somebody responsible for an area on a day; the display name is the public duty name."""

    tenure: int
    account: int
    display_name: str
    invented: bool
    post: str
    post_name: str
    post_name_en: str
    organisation: int | None
    organisation_name: str
    area: int | None
    area_name: str
    area_level: str
    since: date
    until: date | None
    rank: str = ""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area as it was from one day to another (None: still)."""

    id: int
    name: str
    name_en: str
    since: date
    until: date | None
    households: int | None


def areas_in_force() -> Snapshot:
    """All areas in force now, in memory."""
    return snapshot.current()


def areas_on(on: date | None) -> Snapshot:
    """All areas as they were on a day, in memory; those in force where no day is given."""
    return snapshot.current() if on is None else snapshot.past(on)


def locate(*, lon: float, lat: float, on: date | None = None) -> list[AreaFact]:
    """The deepest area of each layer at a point (CGCS2000 degrees), today or on a past day."""
    return areas_on(on).locate(lon, lat)


actors: Briefly[tuple[int, date], Actor] = Briefly()


def actor_for(account_id: int, *, on: date) -> Actor:
    """The account with the posts and capabilities it holds on that day, not older than a second. Two queries."""
    return actors.get((account_id, on), lambda: actors_for([account_id], on=on).get(account_id, Actor.public()))


def actors_for(account_ids: Sequence[int], *, on: date) -> dict[int, Actor]:
    """As `actor_for`, for many accounts at once. Two queries."""
    held: dict[int, list[HeldPost]] = {}
    capabilities: dict[int, set[str]] = {}
    for tenure in Tenure.objects.filter(account_id__in=account_ids, during__contains=on).select_related("post"):
        post = HeldPost(tenure.post.key, tenure.organisation_id, tenure.area_id, tenure.rank or None)
        held.setdefault(tenure.account_id, []).append(post)
        capabilities.setdefault(tenure.account_id, set()).update(tenure.post.capabilities)
    return {
        one.id: Actor(
            one.ref,
            one.id,
            () if one.administration else tuple(held.get(one.id, ())),
            people.capabilities(administration=one.administration, posts=())
            if one.administration
            else frozenset(capabilities.get(one.id, ())),
        )
        for one in people.accounts(account_ids).values()
        if one.active
    }


def responsible(areas: Iterable[int], *, on: date) -> list[Responsible]:
    """Everybody with a post over one of these areas on that day, deepest area first. One query."""
    wanted = list(areas)
    found = _tenures("t.area_id = ANY(%s) AND t.during @> %s", [wanted, on])
    order = {area: -n for n, area in enumerate(wanted)}
    return sorted(found, key=lambda r: (order.get(r.area or 0, 0), r.post, r.display_name))


def tenures_of(account: int) -> list[Responsible]:
    """All tenures of an account, past ones included. One query."""
    return _tenures("t.account_id = %s", [account])


def held(
    *,
    accounts: Sequence[int] = (),
    areas: Sequence[int] = (),
    organisations: Sequence[int] = (),
    on: date | None = None,
) -> list[Responsible]:
    """Every tenure of these accounts, over these areas and at these organisations, on a day or (None) ever. One query.

    It tells who answered for what, whoever does today.
    """
    where = "(t.account_id = ANY(%s) OR t.area_id = ANY(%s) OR t.organisation_id = ANY(%s))"
    values: list[Any] = [list(accounts), list(areas), list(organisations)]
    return _tenures(f"{where} AND t.during @> %s", [*values, on]) if on else _tenures(where, values)


def remit_organisations(areas: Sequence[int]) -> list[int]:
    """Ids of the organisations that answer for one of these areas."""
    return list(Remit.objects.filter(area_id__in=list(areas)).values_list("organisation_id", flat=True).distinct())


def features(*, level: str, layer: str | None = None, within: int | None = None) -> dict[str, Any]:
    """GeoJSON FeatureCollection (CGCS2000 degrees) of the areas in force of one level. One query."""
    rows = Area.objects.filter(valid_to=None, level=level).exclude(geometry=None)
    if layer:
        rows = rows.filter(layer__key=layer)
    if within:
        rows = rows.filter(path__contains=[within])
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": a.id,
                "geometry": a.geometry,
                "properties": {"id": a.id, "code": a.code, "name": a.name, "synthetic": a.synthetic},
            }
            for a in rows.order_by("id")
        ],
    }


def outlines(*, layer: str, level: str = "", within: int | None = None) -> list[dict[str, Any]]:
    """GeoJSON features (CGCS2000 degrees) of the areas in force of a layer, blocks too: those of a level, else the
    deepest that have an outline. One query."""
    rows = Area.objects.filter(valid_to=None, layer__key=layer).exclude(geometry=None)
    if level:
        rows = rows.filter(level=level)
    if within:
        rows = rows.filter(path__contains=[within])
    found = list(rows.order_by("code").defer("fixes"))
    above = set() if level else {row.parent_id for row in found}
    return [
        {
            "type": "Feature",
            "id": row.id,
            "geometry": row.geometry,
            "properties": {
                "id": row.id, "code": row.code, "name": row.name, "name_en": row.name_en, "level": row.level,
                "households": row.households, "population": row.population, "kind": row.kind,
                "synthetic": row.synthetic,
            },
        }
        for row in found
        if row.id not in above
    ]  # fmt: skip


def codes(layer: str) -> dict[int, str]:
    """Id → code of the areas in force of a layer. One query."""
    return dict(Area.objects.filter(valid_to=None, layer__key=layer).values_list("id", "code"))


def lines() -> list[dict[str, Any]]:
    """GeoJSON features of all road sections in force. One query."""
    return [{"type": "Feature", "id": row.id, "geometry": row.geometry} for row in _free(Shape.LINE)]


def barriers() -> list[tuple[str, Any]]:
    """(kind, GeoJSON geometry) of the lines in force that can lie between grids: river, railway, else arterial; and of
    points that are a bridge. Two queries."""
    lines = [(row.kind if row.kind in {"river", "railway"} else "arterial", row.geometry) for row in _free(Shape.LINE)]
    return lines + [("bridge", row.geometry) for row in _free(Shape.POINT).filter(kind="bridge")]


def _free(form: Shape) -> Any:
    """Lines or points in force."""
    rows = Area.objects.filter(valid_to=None, layer__shape=form).exclude(geometry=None)
    return rows.order_by("code").defer("fixes")


def counts() -> dict[str, Counter[str]]:
    """layer → level → how many areas are in force. One query."""
    rows = Area.objects.filter(valid_to=None).values_list("layer__key", "level").annotate(n=Count("id"))
    found: dict[str, Counter[str]] = {}
    for layer, level, n in rows.order_by("layer__position"):
        found.setdefault(layer, Counter())[level] += n
    return found


def history(number: int) -> list[AreaRow]:
    """All rows that an area's code ever had in its layer, the newest first. Two queries."""
    row = Area.objects.filter(id=number).values_list("layer_id", "code").first()
    if row is None:
        return []
    rows = Area.objects.filter(layer_id=row[0], code=row[1]).order_by("-valid_from")
    return [AreaRow(*one) for one in rows.values_list("id", "name", "name_en", "valid_from", "valid_to", "households")]


def area_ids() -> dict[str, int]:
    """Code → id of the areas in force. One query."""
    return dict(Area.objects.filter(valid_to=None).values_list("code", "id"))


def layers() -> list[Layer]:
    """The layers, in the profile's order."""
    return list(Layer.objects.order_by("position", "key"))


_TENURES = """
    SELECT t.id, t.account_id, a.display_name, a.invented, p.key, p.name, p.name_en,
        t.organisation_id, coalesce(o.name, ''), t.area_id, coalesce(r.name, ''), coalesce(r.level, ''),
        lower(t.during), upper(t.during), t.rank
    FROM territory_tenure t JOIN people_account a ON a.id = t.account_id JOIN people_postkind p ON p.id = t.post_id
    LEFT JOIN people_organisation o ON o.id = t.organisation_id LEFT JOIN territory_area r ON r.id = t.area_id
    WHERE {where} ORDER BY p.key, a.display_name, t.id
"""


def _tenures(where: str, values: list[Any]) -> list[Responsible]:
    return [Responsible(*row) for row in fetched(_TENURES.format(where=where), values)]
