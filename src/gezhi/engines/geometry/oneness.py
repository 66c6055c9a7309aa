"""多网合一: several layers over the same ground laid over each other, where they agree, and one layer made of them.

The boundaries of all layers cut the ground into atoms; each edge between two atoms counts how many layers have a
boundary there. One layer is made by keeping the edges that at least `votes` layers have, then giving areas much smaller
than the others to the neighbour behind their weakest edge. Boundaries of `fixed` areas (communities) always stand.
Every old area is told what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry.adjacency import islands, shared_edges
from gezhi.engines.geometry.coverage import GRID, united
from gezhi.engines.geometry.measure import flat
from gezhi.engines.geometry.succession import overlaps

_SAME, _WITHIN, _PART = 0.98, 0.98, 0.01  # shares of ground
SMALL = 0.15  # of the median size of the old areas: smaller ones go to a neighbour
Fate = Literal["same", "within", "split", "gone"]


class TooFewLayers(ValueError):
    """One layer is made of at least two that have areas on this ground."""


@dataclass(frozen=True, slots=True)
class Became:
    """What became of an old area: `parts` are (number of the new area, share of the old ground), largest first."""

    layer: str
    area: int
    fate: Fate
    parts: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Oneness:
    """The merged layer. `agreement` is the share of inner boundary length that all layers have in common; `by_pair`
    the same for two layers; `same` how many areas are the same in all layers."""

    areas: tuple[BaseGeometry, ...]
    became: tuple[Became, ...]
    agreement: float
    by_pair: Mapping[tuple[str, str], float]
    same: int


@dataclass(frozen=True, slots=True)
class _Edges:
    """Neighbouring atoms, the length of the edge between them (metres), and which layers have a boundary there."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    length: NDArray[np.float64]
    divided: NDArray[np.bool_]  # edges × layers
    fixed: NDArray[np.bool_]

    @property
    def votes(self) -> NDArray[np.int64]:
        return np.asarray(self.divided.sum(axis=1), np.int64)


def make_one(
    layers: Mapping[str, Mapping[int, BaseGeometry]], votes: int, fixed: Mapping[int, BaseGeometry] | None = None
) -> Oneness:
    """One layer of several (name → area id → polygon). Raises TooFewLayers."""
    if len(layers) < 2 or any(not areas for areas in layers.values()):
        raise TooFewLayers
    atoms, owner = _atoms([*layers.values(), fixed or {}])
    edges = _edges(atoms, owner)
    owner = owner[:, :-1]
    joined = (edges.votes < votes) & ~edges.fixed
    group = islands(len(atoms), edges.one[joined], edges.other[joined])
    old = flat([shape for areas in layers.values() for shape in areas.values()])
    group = _without_small(atoms, edges, group, SMALL * float(np.median(shapely.area(old))))
    numbers = {label: number for number, label in enumerate(dict.fromkeys(group.tolist()))}
    areas = tuple(united(atoms[group == label]) for label in numbers)
    names = list(layers)
    pairs = {(names[i], names[j]): _shared(edges, [i, j]) for i in range(len(names)) for j in range(i + 1, len(names))}
    became = tuple(one for name in names for one in _became(name, layers[name], areas))
    whole = _shared(edges, list(range(len(names))))
    return Oneness(areas, became, whole, pairs, _same_everywhere(owner))


def _atoms(layers: Sequence[Mapping[int, BaseGeometry]]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """The pieces that all boundaries cut the ground into, and the owner of each in each layer (-1: nobody)."""
    lines = [shape.boundary for areas in layers for shape in areas.values()]
    noded = shapely.unary_union(lines, grid_size=GRID)
    faces = np.array(shapely.get_parts(shapely.polygonize([*shapely.get_parts(noded)])))
    points = shapely.point_on_surface(faces)
    owner = np.full((len(faces), len(layers)), -1, np.int64)
    for column, areas in enumerate(layers):
        ids = np.array(list(areas), np.int64)
        held, by = shapely.STRtree(list(areas.values())).query(points, predicate="intersects")
        owner[held, column] = ids[by]
    inside = (owner[:, :-1] >= 0).any(axis=1)
    return faces[inside], owner[inside]


def _edges(atoms: NDArray[np.object_], owner: NDArray[np.int64]) -> _Edges:
    one, other, length = shared_edges(atoms)
    divided = owner[one] != owner[other]
    return _Edges(one, other, length, divided[:, :-1], divided[:, -1])


def _without_small(
    atoms: NDArray[np.object_], edges: _Edges, group: NDArray[np.int64], least: float
) -> NDArray[np.int64]:
    """Areas of less than `least` square metres given, the smallest first, to the neighbour behind the weakest edge."""
    sizes = shapely.area(flat(atoms))
    apart = set()
    while True:
        total = np.bincount(group, sizes, minlength=len(atoms))
        small = [g for g in np.flatnonzero((total > 0) & (total < least)).tolist() if g not in apart]
        if not small:
            return group
        this = min(small, key=lambda g: (total[g], g))
        inner, outer = group[edges.one], group[edges.other]
        rim = np.flatnonzero(((inner == this) ^ (outer == this)) & ~edges.fixed)
        if not rim.size:
            apart.add(this)
            continue
        beside = np.where(inner[rim] == this, outer[rim], inner[rim])
        strength = {g: _strength(edges, rim[beside == g]) for g in set(beside.tolist())}
        group = np.where(group == this, min(strength, key=lambda g: strength[g]), group)


def _strength(edges: _Edges, rim: NDArray[np.int64]) -> tuple[float, float]:
    """How many layers have this boundary, on average over its length; of equal ones the longest is the weakest."""
    length = float(edges.length[rim].sum())
    return float((edges.votes[rim] * edges.length[rim]).sum()) / length, -length


def _shared(edges: _Edges, columns: Sequence[int]) -> float:
    """Of the boundaries that any of these layers has, the share of the length that all of them have."""
    divided = edges.divided[:, list(columns)]
    any_, all_ = divided.any(axis=1), divided.all(axis=1)
    whole = float(edges.length[any_].sum())
    return float(edges.length[all_].sum()) / whole if whole else 1.0


def _same_everywhere(owner: NDArray[np.int64]) -> int:
    """How many areas of the first layer consist of the same atoms as one area in every other layer."""
    sets: list[set[frozenset[int]]] = []
    for column in owner.T:
        sets.append({frozenset(np.flatnonzero(column == label).tolist()) for label in set(column.tolist()) - {-1}})
    return len(set.intersection(*sets))


def _became(layer: str, old: Mapping[int, BaseGeometry], new: Sequence[BaseGeometry]) -> list[Became]:
    ids, shapes = list(old), list(old.values())
    table = overlaps(new, shapes)
    sizes = shapely.area(flat([*shapes, *new]))
    old_sizes, new_sizes = sizes[: len(ids)], sizes[len(ids) :]
    found = []
    for column, area in enumerate(ids):
        shares = table[:, column] / max(float(old_sizes[column]), 1e-9)
        order = [int(n) for n in np.argsort(-shares) if shares[n] > _PART]
        parts = tuple((n, float(shares[n])) for n in order)
        fate: Fate = "split" if len(parts) > 1 else "gone"
        if parts and parts[0][1] >= _WITHIN:
            back = table[order[0], column] / max(float(new_sizes[order[0]]), 1e-9)
            fate = "same" if back >= _SAME else "within"
        found.append(Became(layer, area, fate, parts))
    return found
