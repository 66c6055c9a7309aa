"""Dividing an outline into parts: a simple first plan, to be replaced by a drawn or a computed one.

Parts come from a power diagram with balanced centres (see `sites`), cut along the outline. They tile the outline
without gaps or overlaps, share their edges exactly, have corners rounded to 1e-7 degrees, and are in one piece unless
the outline is not. Their areas approach their weights (within some per cent); they know nothing of streets or of
households. The same arguments give the same plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LinearRing

from gezhi.engines.geometry.coverage import Area, tiled, united
from gezhi.engines.geometry.powercells import power_cells
from gezhi.engines.geometry.problems import problems
from gezhi.engines.geometry.sites import centres, nearest

Counts = int | Sequence["Counts"]
_AT_ONCE = 48


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a nested plan; its children tile it exactly. A leaf has none."""

    geometry: Area
    children: tuple[Part, ...] = ()

    def leaves(self) -> list[Part]:
        """The smallest parts, in order."""
        return [leaf for child in self.children for leaf in child.leaves()] if self.children else [self]


def partition(outline: Area, n: int, seed: int, weights: Sequence[float] | None = None) -> list[Area]:
    """`n` parts of the outline, in the order of their weights (default: equal). ValueError with a sentence when the
    outline is unusable or too small, or the weights do not fit."""
    shares = np.ones(n) if weights is None else np.asarray(weights, np.float64)
    if n < 1 or shares.shape != (n,) or not (shares > 0).all():
        raise ValueError("A partition needs at least one part, and one weight above 0 for each.")
    _check(outline)
    return _settled(outline, _divided(outline, shares, seed))


def partition_tree(outline: Area, children: Counts, seed: int) -> Part:
    """A nested plan. `children` is a number of leaves, or a list with one such entry per child: `[[3, 4], [5]]` is two
    streets, one of two communities with 3 and 4 grids, one of one community with 5. Areas follow the leaves below."""
    _check(outline)
    if _leaf_count(children) < 1:
        raise ValueError("A nested partition needs at least one leaf in every branch.")
    leaves = _settled(outline, _descend(outline, children, seed))
    return _raised(children, leaves[::-1])


def _check(outline: Area) -> None:
    found = problems(outline)
    if found:
        raise ValueError(found[0])


def _leaf_count(children: Counts) -> int:
    if isinstance(children, int):
        return children
    below = [_leaf_count(child) for child in children]
    return sum(below) if below and min(below) > 0 else 0


def _descend(region: Area, children: Counts, seed: int) -> list[Area]:
    """The leaves, level by level; neighbours' corners do not match yet."""
    if isinstance(children, int):
        return _divided(region, np.ones(children), seed)
    shares = np.array([_leaf_count(child) for child in children], np.float64)
    regions = _divided(region, shares, seed)
    return [
        leaf
        for number, (child, part) in enumerate(zip(children, regions, strict=True))
        for leaf in _descend(part, child, seed * 1009 + number + 1)
    ]


def _raised(children: Counts, leaves: list[Area]) -> Part:
    """The tree over the leaves, taken from the end of the list."""
    if isinstance(children, int):
        below = tuple(Part(leaves.pop()) for _ in range(children))
    else:
        below = tuple(_raised(child, leaves) for child in children)
    return Part(united([shape for part in below for shape in shapely.get_parts(part.geometry)]), below)


def _divided(region: Area, shares: NDArray[np.float64], seed: int) -> list[Area]:
    """Parts of one region; many of them in two steps, because the cost grows with the square of their number."""
    if len(shares) > _AT_ONCE:
        groups = np.array_split(np.arange(len(shares)), min(-(-len(shares) // _AT_ONCE), _AT_ONCE))
        regions = _divided(region, np.array([shares[group].sum() for group in groups]), seed)
        return [
            part
            for number, (group, inner) in enumerate(zip(groups, regions, strict=True))
            for part in _divided(inner, shares[group], seed * 1009 + number + 1)
        ]
    if len(shares) == 1:
        return [region]
    west, south, east, north = region.bounds
    shrink = cos(radians((south + north) / 2))
    flat = shapely.transform(region, lambda points: points * [shrink, 1.0])
    sites, powers = centres(flat, shares, seed)
    margin = (east - west) + (north - south)
    box = (west * shrink - margin, south - margin, east * shrink + margin, north + margin)
    rings = [LinearRing([(x / shrink, y) for x, y in cell]) for cell in power_cells(sites, powers, box)]
    shapely.prepare(region)

    def owners(points: NDArray[np.float64]) -> NDArray[np.int64]:
        inside = shapely.contains_xy(region, points)
        return np.where(inside, nearest(points * [shrink, 1.0], sites, powers), -1)

    return tiled([region.boundary, *rings], owners, len(shares))


def _settled(outline: Area, leaves: list[Area]) -> list[Area]:
    """The same leaves with every corner known to all who touch it."""
    tree = shapely.STRtree(leaves)
    shapely.prepare(outline)

    def owners(points: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.where(shapely.contains_xy(outline, points), tree.nearest(shapely.points(points)), -1)

    return tiled([outline.boundary, *(leaf.boundary for leaf in leaves)], owners, len(leaves))
