"""Reading plans: their areas with households and people, and how they differ from what is in force.

Households and people come from the blocks whose point an area holds; where there are no blocks, from what was given
with the area, else from the old areas by the share of their ground.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext_lazy as _
from shapely.geometry import shape

from gezhi.engines.geometry import overlaps
from gezhi.engines.geometry.measure import compactness, flat
from gezhi.lib.errors import NotThere
from gezhi.modules.territory import blocks, checks, plans, snapshot
from gezhi.modules.territory.checks import ProblemView
from gezhi.modules.territory.drafting import Draft
from gezhi.modules.territory.models import Area, Plan, PlanStep, Purpose, Shape
from gezhi.modules.territory.plan_faults import faults

Fate = Literal["same", "redrawn", "new", "gone"]


@dataclass(frozen=True, slots=True)
class People:
    """How many live in an area; `known` False where it is only an estimate by ground."""

    households: int
    population: int
    known: bool = True


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan, without its areas. `norm`: households a grid, by which it is judged. `steps` are done and can be undone,
    `ahead` can be done again."""

    id: int
    name: str
    layer: str
    scope: int
    scope_name: str
    path: tuple[int, ...]
    levels: tuple[str, ...]
    state: str
    source: str
    norm: int
    revision: int
    steps: int
    ahead: int
    created_by: int
    created_at: datetime
    effective: date | None
    decided_by: str
    decided_at: datetime | None
    held_back: str


@dataclass(frozen=True, slots=True)
class PlanAreaView:
    """An area of a plan as the map and the list show it; `before`: households of the area it continues."""

    key: int
    code: str
    name: str
    name_en: str
    level: str
    parent_code: str
    geometry: Mapping[str, Any] | None
    households: int
    population: int
    known: bool
    before: int | None
    fate: Fate
    kind: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A plan beside what is in force. Moved: whose grid would have another code. Lengths in metres, `inner` of the
    boundaries between areas. `gone`: (code, name) of areas given up."""

    areas: int
    areas_before: int
    households: int
    households_moved: int
    population_moved: int
    widest: int
    narrowest: int
    inner: float
    inner_before: float
    compactness: float
    compactness_before: float
    gone: tuple[tuple[str, str], ...]


def plan(number: int) -> PlanView:
    """One plan. Two queries. Raises NotThere."""
    row = Plan.objects.select_related("layer", "scope").filter(id=number).first()
    if row is None:
        raise NotThere(_("There is no such plan."))
    ahead = PlanStep.objects.filter(plan=row, number__gt=row.step).count()
    return _view(row, ahead)


def listed(*, limit: int = 50, states: Sequence[str] = ()) -> list[PlanView]:
    """Plans, the newest first. One query."""
    rows = Plan.objects.select_related("layer", "scope").order_by("-id")
    if states:
        rows = rows.filter(state__in=states)
    return [_view(row, 0) for row in rows[:limit]]


def areas(number: int, keys: Sequence[int] | None = None) -> list[PlanAreaView]:
    """The areas of a plan, or some of them, in the order of their codes. Raises NotThere."""
    row = _row(number)
    drafts = plans.drafts_of(number)
    wanted = [key for key in drafts if keys is None or key in keys]
    people = people_of(row, [drafts[key] for key in wanted])
    before = {area.id: area for area in Area.objects.filter(id__in=row.basis).select_related("parent").defer("fixes")}
    made = [
        _area_view(key, drafts[key], its, before.get(drafts[key].origin or 0))
        for key, its in zip(wanted, people, strict=True)
    ]
    return sorted(made, key=lambda one: (one.level, one.code, one.key))


def problems(number: int) -> list[ProblemView]:
    """What keeps a plan from being adopted, with keys of its areas. Raises NotThere."""
    row = _row(number)
    drafts = plans.drafts_of(number)
    names = {key: one.name for key, one in drafts.items()}
    return [checks.view(row.layer.key, fault, names) for fault in faults(row, drafts)]


def comparison(number: int) -> Comparison:
    """A plan beside the areas in force that it would replace. Raises NotThere."""
    row = _row(number)
    drafts = [one for one in plans.drafts_of(number).values() if one.geometry]
    old = [area for area in Area.objects.filter(id__in=row.basis).defer("fixes") if area.geometry]
    new_shapes, old_shapes = [one.shape for one in drafts], [shape(area.geometry) for area in old]
    people = people_of(row, drafts)
    kept = _kept(drafts, old)
    moved = _moved(row, new_shapes, old, kept)
    households = [one.households for one in people]
    codes = {one.code for one in drafts}
    return Comparison(
        areas=len(drafts),
        areas_before=len(old),
        households=sum(households),
        households_moved=moved[0],
        population_moved=moved[1],
        widest=max(households, default=0),
        narrowest=min(households, default=0),
        inner=_inner(new_shapes),
        inner_before=_inner(old_shapes),
        compactness=_compactness(new_shapes),
        compactness_before=_compactness(old_shapes),
        gone=tuple((area.code, area.name) for area in old if area.code not in codes),
    )


def redrawn(number: int, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> int:
    """Of n points (cases), how many would lie in an area of another code than now. Raises NotThere."""
    row = _row(number)
    drafts = [one for one in plans.drafts_of(number).values() if one.geometry]
    old = [area for area in Area.objects.filter(id__in=row.basis).defer("fixes") if area.geometry]
    if row.layer.shape != Shape.POLYGON or not len(lon):
        return 0
    after = _held([one.shape for one in drafts], lon, lat)
    before = _held([shape(area.geometry) for area in old], lon, lat)
    new_codes, old_codes = [one.code for one in drafts], [area.code for area in old]
    pairs = zip(after.tolist(), before.tolist(), strict=True)
    return sum(1 for new, was in pairs if (new_codes[new] if new >= 0 else "") != (old_codes[was] if was >= 0 else ""))


def people_of(row: Plan, drafts: Sequence[Draft]) -> list[People]:
    """Households and people of each draft; see the paragraph above."""
    outlines = [one.shape for one in drafts]
    ground = blocks.of(row.scope_id)
    if len(ground) and row.layer.purpose != Purpose.BLOCKS and row.layer.shape == Shape.POLYGON:
        return [People(*pair) for pair in ground.people(outlines)]
    if all(one.households is not None for one in drafts):
        return [People(one.households or 0, one.population or 0) for one in drafts]
    return _by_ground(row, drafts)


def _by_ground(row: Plan, drafts: Sequence[Draft]) -> list[People]:
    old = [area for area in Area.objects.filter(id__in=row.basis).defer("fixes") if area.geometry]
    shapes = [shape(area.geometry) for area in old]
    outlines = [one.shape or shapely.Polygon() for one in drafts]
    table, sizes = overlaps(outlines, shapes), shapely.area(flat(shapes))
    shares = table / np.maximum(sizes, 1e-9) if old else table
    households = shares @ np.array([area.households or 0 for area in old]) if old else np.zeros(len(drafts))
    population = shares @ np.array([area.population or 0 for area in old]) if old else np.zeros(len(drafts))
    return [
        People(one.households, one.population or 0)
        if one.households is not None
        else People(round(float(households[n])), round(float(population[n])), known=False)
        for n, one in enumerate(drafts)
    ]


def _kept(drafts: Sequence[Draft], old: Sequence[Area]) -> list[int]:
    """For each draft the number of the old area of the same code; -1 for a new code."""
    places = {area.code: number for number, area in enumerate(old)}
    return [places.get(one.code, -1) for one in drafts]


def _moved(row: Plan, new: Sequence[Any], old: Sequence[Area], kept: Sequence[int]) -> tuple[int, int]:
    """(households, people) whose area would have another code."""
    ground, was = blocks.of(row.scope_id), [shape(area.geometry) for area in old]
    if len(ground):
        after, before = ground.held(new), ground.held(was)
        goes = np.array([kept[number] if number >= 0 else -1 for number in after.tolist()], np.int64)
        away = (goes != before) & (before >= 0)
        return int(ground.households[away].sum()), int(ground.population[away].sum())
    if not new or not old:
        return 0, 0
    table, sizes = overlaps(new, was), shapely.area(flat(was))
    stays = np.zeros(len(old))
    for number, place in enumerate(kept):
        if place >= 0:
            stays[place] += table[number, place]
    leaves = 1 - np.minimum(stays / np.maximum(sizes, 1e-9), 1)
    told = leaves @ np.array([(area.households or 0, area.population or 0) for area in old])
    return round(float(told[0])), round(float(told[1]))


def _held(shapes: Sequence[Any], lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    found = np.full(len(lon), -1, np.int64)
    for number, one in enumerate(shapes):
        inside = (found < 0) & shapely.intersects_xy(one, lon, lat)
        found[inside] = number
    return found


def _inner(shapes: Sequence[Any]) -> float:
    """Metres of boundary between areas: what all outlines have less what is around them, halved."""
    polygons = [one for one in shapes if one is not None and one.geom_type.endswith("Polygon")]
    if not polygons:
        return 0.0
    made = flat([*polygons, shapely.union_all(polygons)])
    lengths = shapely.length(made)
    return max(0.0, float(lengths[:-1].sum() - lengths[-1]) / 2)


def _compactness(shapes: Sequence[Any]) -> float:
    values = [compactness(one) for one in shapes if one is not None and one.geom_type.endswith("Polygon")]
    return float(np.mean(values)) if values else 0.0


def _area_view(key: int, one: Draft, people: People, was: Area | None) -> PlanAreaView:
    fate: Fate = "new"
    if was is not None:
        drawn, old = one.shape, shape(was.geometry) if was.geometry else None
        alike = drawn is old if drawn is None or old is None else drawn.equals(old)
        fate = "same" if alike and (one.code, one.name) == (was.code, was.name) else "redrawn"
    return PlanAreaView(
        key, one.code, one.name, one.name_en, one.level, one.parent_code, one.geometry, people.households,
        people.population, people.known, was.households if was else None, fate, one.kind,
    )  # fmt: skip


def _row(number: int) -> Plan:
    row = Plan.objects.select_related("layer", "scope").filter(id=number).first()
    if row is None:
        raise NotThere(_("There is no such plan."))
    return row


def _view(row: Plan, ahead: int) -> PlanView:
    known = snapshot.current().areas.get(row.scope_id)
    return PlanView(
        row.id, row.name, row.layer.key, row.scope_id, known.name if known else row.scope.name, tuple(row.scope.path),
        tuple(row.levels), row.state, row.source, row.norm, row.revision, row.step, ahead, row.created_by_id,
        row.created_at, row.effective, row.decided_by, row.decided_at, row.held_back,
    )  # fmt: skip
