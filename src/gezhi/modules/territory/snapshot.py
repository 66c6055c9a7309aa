"""The areas in force, in memory: point → areas without a query.

Each process keeps one snapshot per version of the territory. The version is looked at once a second at most, so a
change made in one process is seen by all within a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
from shapely.geometry import shape

from gezhi.engines.geometry import AreaIndex
from gezhi.modules.territory.models import Area, Layer, Version

RECHECK_SECONDS = 1.0


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


@dataclass
class Snapshot:
    """All areas valid on one day, with one index a layer over its deepest areas that have a shape."""

    version: int
    layers: tuple[str, ...]
    areas: dict[int, AreaFact]
    indexes: dict[str, AreaIndex] = field(default_factory=dict)

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
        for index in self.indexes.values():
            for row, hit in enumerate(index.locate_many(lon, lat)):
                if hit >= 0:
                    found[row] = (*found[row], self.areas[int(hit)])
        return found

    def full_name(self, area_id: int, *, english: bool = False) -> str:
        """The names from below the root down («秦虹街道·中牌楼社区第3网格»); one that the next repeats is left out."""
        area = self.areas[area_id]
        chain = [self.areas[i] for i in area.path if i in self.areas]
        names = [(a.name_en or a.name) if english else a.name for a in chain[1:] or chain]
        told = [name for n, name in enumerate(names) if n + 1 == len(names) or not names[n + 1].startswith(name)]
        return "·".join(told)


_lock = threading.Lock()
_kept: dict[str, Snapshot] = {}
_checked_at = 0.0


def current() -> Snapshot:
    """The snapshot of the areas in force now. At most one cheap query a second, unless the version changed."""
    global _checked_at
    kept = _kept.get("now")
    if kept is not None and time.monotonic() - _checked_at < RECHECK_SECONDS:
        return kept
    with _lock:
        version = Version.objects.values_list("number", flat=True).first() or 0
        kept = _kept.get("now")
        if kept is None or kept.version != version:
            kept = _kept["now"] = build(version=version, on=None)
        _checked_at = time.monotonic()
        return kept


def forget() -> None:
    """Drop what is kept in this process (after a change here, and between tests)."""
    _kept.clear()


def build(*, version: int, on: date | None) -> Snapshot:
    """Read all areas valid `on` that day (None: those without an end) and index their shapes. Two queries."""
    layers = list(Layer.objects.order_by("position", "key"))
    rows = Area.objects.select_related(None).order_by("id")
    rows = rows.filter(valid_to=None) if on is None else rows.filter(valid_from__lte=on).exclude(valid_to__lte=on)
    keys = {layer.id: layer.key for layer in layers}
    everything = list(rows)
    areas = {
        a.id: AreaFact(
            a.id, keys[a.layer_id], a.code, a.name, a.name_en, a.level, a.parent_id, tuple(a.path), a.synthetic
        )
        for a in everything
    }
    snapshot = Snapshot(version=version, layers=tuple(layer.key for layer in layers), areas=areas)
    for layer in layers:
        index = _index([a for a in everything if a.layer_id == layer.id])
        if index is not None:
            snapshot.indexes[layer.key] = index
    return snapshot


def _index(areas: Sequence[Area]) -> AreaIndex | None:
    shaped = [a for a in areas if a.geometry]
    covered = {a.parent_id for a in shaped}
    deepest = [a for a in shaped if a.id not in covered]
    if not deepest:
        return None
    return AreaIndex([a.id for a in deepest], [shape(a.geometry) for a in deepest])
