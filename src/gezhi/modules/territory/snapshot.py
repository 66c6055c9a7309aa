"""The areas that somebody answers for, in memory: point → areas without a query.

Each process keeps one snapshot of the areas in force and a few of past days, for one version of the territory. The
version is looked at twice a second at most, so a change made in one process is seen by all within a second. Blocks,
which nobody answers for, are not in it (see `blocks`).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
from django.db.models import BooleanField, ExpressionWrapper, Q
from shapely.geometry import shape

from gezhi.engines.geometry import AreaIndex, NearIndex
from gezhi.lib.briefly import Briefly
from gezhi.modules.territory.models import Area, Layer, Purpose, Shape, Version

RECHECK_SECONDS = 0.5
DAYS_KEPT = 6  # snapshots of past days
Index = AreaIndex | NearIndex


@dataclass(frozen=True, slots=True)
class AreaFact:
    """What everybody needs of an area; `path` is ids from the root, itself included."""

    id: int
    layer: str
    code: str
    name: str
    name_en: str
    level: str
    parent: int | None
    path: tuple[int, ...]
    synthetic: bool
    households: int | None = None
    population: int | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None


@dataclass
class Snapshot:
    """All areas valid on one day, with one index a layer over its deepest areas that have a shape.

    Of lines and points a place belongs to the nearest within the layer's reach.
    """

    version: int
    layers: tuple[str, ...]
    areas: dict[int, AreaFact]
    indexes: dict[str, Index] = field(default_factory=dict)
    indexed: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> dict[str, AreaFact]:
        """code → area; the base layer wins where layers share a code."""
        found: dict[str, AreaFact] = {}
        for area in self.areas.values():
            if area.code not in found or area.layer == self.layers[0]:
                found[area.code] = area
        return found

    @cached_property
    def by_name(self) -> dict[str, list[AreaFact]]:
        """name → the areas of that name, highest level first."""
        found: dict[str, list[AreaFact]] = {}
        for area in sorted(self.areas.values(), key=lambda a: len(a.path)):
            for name in {area.name, area.name_en} - {""}:
                found.setdefault(name, []).append(area)
        return found

    def locate(self, lon: float, lat: float) -> list[AreaFact]:
        """The deepest area of each layer that holds the point (CGCS2000 degrees), base layer first."""
        hits = (index.locate(lon, lat) for index in self.indexes.values())
        return [self.areas[hit] for hit in hits if hit is not None]

    def locate_many(self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> list[tuple[AreaFact, ...]]:
        """As `locate`, for arrays of n points; a list of n tuples."""
        found: list[tuple[AreaFact, ...]] = [() for _ in range(len(lon))]
        for hits in self.ids(lon, lat).values():
            for row in np.flatnonzero(hits >= 0).tolist():
                found[row] = (*found[row], self.areas[int(hits[row])])
        return found

    def ids(self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[np.int64]]:
        """The id of the deepest area of each layer at n points, -1 where there is none: millions a second."""
        return {layer: index.locate_many(lon, lat) for layer, index in self.indexes.items()}

    def full_name(self, area_id: int, *, english: bool = False) -> str:
        """The names from below the root down («秦虹街道·中牌楼社区第3网格»); one that the next repeats is left out."""
        area = self.areas[area_id]
        chain = [self.areas[i] for i in area.path if i in self.areas]
        names = [(a.name_en or a.name) if english else a.name for a in chain[1:] or chain]
        told = [name for n, name in enumerate(names) if n + 1 == len(names) or not names[n + 1].startswith(name)]
        return "·".join(told)


_lock = threading.Lock()
_kept: dict[date | None, Snapshot] = {}
versions: Briefly[None, int] = Briefly(RECHECK_SECONDS)


def current() -> Snapshot:
    """The snapshot of the areas in force now. At most one cheap query a second, unless the version changed."""
    kept = _kept.get(None)
    if kept is not None and kept.version == _version():
        return kept
    with _lock:
        return _fresh(None)


def past(on: date) -> Snapshot:
    """The snapshot of the areas as they were on a day; the days asked for last are kept."""
    with _lock:
        return _fresh(on)


def _version() -> int:
    return versions.get(None, lambda: Version.objects.values_list("number", flat=True).first() or 0)


def _fresh(on: date | None) -> Snapshot:
    known, version = list(_kept.values()), _version()
    for day in [day for day, kept in _kept.items() if kept.version != version]:
        del _kept[day]
    if on not in _kept:
        _kept[on] = build(version=version, on=on, known=known)
        for day in [day for day in _kept if day is not None][:-DAYS_KEPT]:
            del _kept[day]
    return _kept[on]


def forget() -> None:
    """Drop what is kept in this process (after a change here, and between tests)."""
    _kept.clear()
    versions.forget()


def build(*, version: int, on: date | None, known: Sequence[Snapshot] = ()) -> Snapshot:
    """Read all areas valid `on` that day (None: those without an end) and index their shapes; what `known` snapshots
    have indexed already is not done again. Two queries, and one for each index that is new."""
    layers = list(Layer.objects.exclude(purpose=Purpose.BLOCKS).order_by("position", "key"))
    keys = {layer.id: layer.key for layer in layers}
    rows = Area.objects.filter(layer__in=keys).order_by("id").defer("geometry", "fixes")
    rows = rows.filter(valid_to=None) if on is None else rows.filter(valid_from__lte=on).exclude(valid_to__lte=on)
    everything = list(rows.annotate(shaped=ExpressionWrapper(Q(geometry__isnull=False), BooleanField())))
    areas = {a.id: _fact(a, keys[a.layer_id]) for a in everything}
    snapshot = Snapshot(version=version, layers=tuple(layer.key for layer in layers), areas=areas)
    for layer in layers:
        shaped = [a for a in everything if a.layer_id == layer.id and a.shaped]
        covered = {a.parent_id for a in shaped}
        deepest = tuple(a.id for a in shaped if a.id not in covered)
        if deepest:
            same = (one.indexes[layer.key] for one in known if one.indexed.get(layer.key) == deepest)
            snapshot.indexes[layer.key] = next(same, None) or _index(layer, deepest)
            snapshot.indexed[layer.key] = deepest
    return snapshot


def _fact(a: Area, layer: str) -> AreaFact:
    return AreaFact(
        a.id, layer, a.code, a.name, a.name_en, a.level, a.parent_id, tuple(a.path), a.synthetic,
        a.households, a.population, a.kind, a.valid_from, a.valid_to,
    )  # fmt: skip


def _index(layer: Layer, ids: Sequence[int]) -> Index:
    """The index over these areas of a layer. A row's shape never changes, so it holds while they are those."""
    shapes = dict(Area.objects.filter(id__in=ids).values_list("id", "geometry"))
    geometries = [shape(shapes[number]) for number in ids]
    if layer.shape == Shape.POLYGON:
        return AreaIndex(ids, geometries)
    return NearIndex(ids, geometries, layer.reach or 0.0)
