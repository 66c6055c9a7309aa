"""Does a layer hold together? The check of `engines/geometry` on the areas in force, and on the areas of a plan.

What is found for the areas in force is kept for as long as the territory's version stands. Sentences are put together
when they are shown, in the language of whoever reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shapely.geometry import mapping, shape

from gezhi.engines.geometry import FAULTS, FLAWS, Demands, Fault, Piece, check, fit
from gezhi.lib.errors import NotThere
from gezhi.lib.texts import worded
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import snapshot
from gezhi.modules.territory.models import Area, Layer

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem: its kind, the sentence, the areas (id or key, name) and where it is (GeoJSON geometry or None)."""

    layer: str
    kind: str
    sentence: str
    areas: tuple[tuple[int, str], ...]
    where: Mapping[str, Any] | None


def problems(layer: str, *, within: int | None = None) -> list[ProblemView]:
    """What is wrong with a layer in force, everywhere or inside one area. Three queries where it was not checked yet.

    Raises NotThere.
    """
    from django.utils.translation import gettext as _

    if not Layer.objects.filter(key=layer).exists():
        raise NotThere(_("There is no such layer."))
    faults, names, paths = _faults(snapshot.current().version, layer)
    return [
        view(layer, fault, names)
        for fault in faults
        if within is None or any(within in paths.get(key, ()) for key in fault.areas) or _lies(fault, within)
    ]


def counts() -> dict[str, int]:
    """How many problems each layer has."""
    version = snapshot.current().version
    return {key: len(_faults(version, key)[0]) for key in Layer.objects.values_list("key", flat=True)}


def view(layer: str, fault: Fault, names: Mapping[int, str]) -> ProblemView:
    """A fault in the words of the language active now."""
    areas = tuple((key, names.get(key, "")) for key in fault.areas)
    where = mapping(fault.where) if fault.where is not None else None
    return ProblemView(layer, fault.kind, sentence(fault), areas, where)


def sentence(fault: Fault) -> str:
    """What is wrong, in the language active now."""
    params = dict(fault.params)
    if "key" in params:
        params["flaw"] = worded(FLAWS[params["key"]], params)
    return worded(FAULTS[fault.kind], params)


def judge(
    layer: Layer, pieces: Mapping[str, Sequence[Piece]], parents: Mapping[int, Piece], others: Sequence[Piece]
) -> list[Fault]:
    """Everything wrong with areas of a layer, given by level; `others` are those of the layer its rule names."""
    levels = {one.key: one for one in switches.profile().levels}
    asked = Demands(
        shape=layer.shape,  # type: ignore[arg-type]
        covers=layer.covers,
        digits={key: one.digits for key, one in levels.items() if one.digits},
        bodiless=frozenset(key for key, one in levels.items() if not one.outlined),
    )
    found: list[Fault] = []
    for level in sorted(pieces, key=lambda key: levels[key].rank if key in levels else 99):
        found += check(pieces[level], parents=parents, demands=asked)
    if layer.rule:
        shaped = [one for level in pieces.values() for one in level if one.geometry is not None]
        above = {one.parent for one in shaped}
        found += fit([one for one in shaped if one.key not in above], others, layer.rule, _title(layer.rule_layer))  # type: ignore[arg-type]
    return found


def rule_pieces(layer: Layer) -> list[Piece]:
    """The deepest areas in force of the layer that this layer's rule names. One query."""
    if not layer.rule:
        return []
    deepest = snapshot.current().indexed.get(layer.rule_layer, ())
    return [piece(row) for row in Area.objects.filter(id__in=deepest)]


def piece(row: Area) -> Piece:
    """An area in force as the check sees it."""
    return Piece(row.id, row.code, row.name, shape(row.geometry) if row.geometry else None, row.parent_id, row.level)


def _title(key: str) -> Mapping[str, str]:
    return next((one.title for one in switches.profile().layers if one.key == key), {"en": key})


@lru_cache(maxsize=32)
def _faults(version: int, key: str) -> tuple[list[Fault], dict[int, str], dict[int, tuple[int, ...]]]:
    """The faults of a layer, with the names and the paths of its areas."""
    layer = Layer.objects.get(key=key)
    rows = list(Area.objects.filter(layer=layer, valid_to=None).order_by("id").defer("fixes"))
    above = Area.objects.filter(id__in={row.parent_id for row in rows if row.parent_id is not None}).defer("fixes")
    parents = {row.id: piece(row) for row in above}
    by_level: dict[str, list[Piece]] = {}
    for row in rows:
        by_level.setdefault(row.level, []).append(piece(row))
    faults = judge(layer, by_level, parents, rule_pieces(layer))
    return faults, {row.id: row.name for row in rows}, {row.id: tuple(row.path) for row in rows}


def _lies(fault: Fault, within: int) -> bool:
    """A gap names no area: it lies where the point of it is."""
    if fault.areas or fault.where is None:
        return False
    at = fault.where.representative_point()
    return any(within in area.path for area in snapshot.current().locate(at.x, at.y)) or _inside(within, fault)


@lru_cache(maxsize=64)
def _ground(version: int, within: int) -> Any:
    found = Area.objects.filter(id=within).values_list("geometry", flat=True).first()
    return shape(found) if found else None


def _inside(within: int, fault: Fault) -> bool:
    ground = _ground(snapshot.current().version, within)
    return (
        ground is not None and fault.where is not None and bool(ground.intersects(fault.where.representative_point()))
    )


def names_of(pieces: Iterable[Piece]) -> dict[int, str]:
    """Key → name, for `view`."""
    return {one.key: one.name for one in pieces}


def forget() -> None:
    """Drop what is kept in this process."""
    _faults.cache_clear()
    _ground.cache_clear()
