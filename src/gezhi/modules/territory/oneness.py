"""多网合一: layers over the same ground laid over each other, and a plan for one layer made of them.

`look` shows where they agree and what each old area would become; `begin` makes the merged areas a plan of one of the
layers. The geometry is `engines/geometry/oneness`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry import Oneness, TooFewLayers, make_one
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import continuing, plans, policies, snapshot
from gezhi.modules.territory.continuing import Outline
from gezhi.modules.territory.models import Area, Layer, Purpose, Shape

MOST_AREAS = 3000


@dataclass(frozen=True, slots=True)
class FateView:
    """What becomes of an old area: same, within, split or gone, and its parts (number of the new area, share)."""

    layer: str
    area: int
    name: str
    fate: str
    parts: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class OnenessView:
    """The merged areas as GeoJSON, their number, how far the layers agree (shares of boundary), what became of whom."""

    areas: tuple[Mapping[str, Any], ...]
    agreement: float
    by_pair: Mapping[tuple[str, str], float]
    same: int
    fates: tuple[FateView, ...]


def look(*, layers: Sequence[str], scope: int, votes: int) -> OnenessView:
    """Lay layers over each other inside an area. Boundaries that at least `votes` of them have stand.

    Raises NotThere, BadInput.
    """
    names, made = _made(layers, scope, votes)
    fates = tuple(
        FateView(one.layer, one.area, names[one.area], one.fate, one.parts) for one in made.became
    )  # fmt: skip
    return OnenessView(tuple(mapping(one) for one in made.areas), made.agreement, made.by_pair, made.same, fates)


def begin(*, layers: Sequence[str], scope: int, votes: int, into: str, name: str, by: Actor, now: datetime) -> int:
    """Begin a plan for the layer `into` from the merged areas. Raises NotThere, NotAllowed, BadInput."""
    ground = Area.objects.filter(id=scope, valid_to=None).first()
    kept = Layer.objects.filter(key=into, shape=Shape.POLYGON, purpose=Purpose.DUTY).first()
    if ground is None or kept is None:
        raise NotThere(_("There is no such area or layer."))
    policies.check_may_draw(by, ground.path)
    _names, made = _made(layers, scope, votes)
    level = switches.profile().grid_level or ""
    above = _parents(ground, level)
    outlines = [Outline(one, _parent_of(one, above) or ground.code) for one in made.areas]
    drafts = continuing.drafts(kept, level, scope, outlines)
    return plans.begin(name=name, layer=into, scope=scope, areas=drafts, source="one", by=by, now=now)


def _made(layers: Sequence[str], scope: int, votes: int) -> tuple[dict[int, str], Oneness]:
    ground = Area.objects.filter(id=scope, valid_to=None).first()
    if ground is None:
        raise NotThere(_("There is no such area."))
    chosen = list(dict.fromkeys(layers))
    if len(chosen) < 2:
        raise BadInput(_("Choose at least two layers."), field="layers")
    if not 1 <= votes <= len(chosen):
        raise BadInput(_("Give a number from 1 to the number of layers."), field="votes")
    names: dict[int, str] = {}
    found: dict[str, dict[int, BaseGeometry]] = {}
    for key in chosen:
        ids = snapshot.current().indexed.get(key, ())
        rows = Area.objects.filter(id__in=ids, path__contains=[scope], layer__shape=Shape.POLYGON).order_by("code")
        found[key] = {row.id: shape(row.geometry) for row in rows}
        names |= {row.id: row.name for row in rows}
    if len(names) > MOST_AREAS:
        raise BadInput(_("That is too much at once; choose one street or community."), field="scope")
    parents = _parents(ground, switches.profile().grid_level or "")
    try:
        return names, make_one(found, votes, {row.id: shape(row.geometry) for row in parents})
    except TooFewLayers as few:
        raise BadInput(_("Choose at least two layers that have areas inside this area."), field="layers") from few


def _parents(ground: Area, level: str) -> list[Area]:
    """The areas of the level above, inside the scope: their boundaries stand in any case."""
    keys = [one.key for one in switches.profile().levels]
    above = keys[keys.index(level) - 1] if level in keys and keys.index(level) else ""
    rows = Area.objects.filter(layer__position=0, level=above, valid_to=None, path__contains=[ground.id])
    return list(rows.exclude(geometry=None))


def _parent_of(outline: BaseGeometry, parents: Sequence[Area]) -> str:
    point = outline.representative_point()
    return next((row.code for row in parents if shape(row.geometry).covers(point)), "")
