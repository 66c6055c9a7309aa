"""Redrawing areas that share their edges: split, merge, draw, hand over, and move a corner for all who share it.

Areas are given as key → polygon, corners on the grid of 1e-7 degrees. Each function says what changes: key → polygon,
None for what is gone. Neighbours keep the very same corners along a shared edge, so nothing opens and nothing
overlaps; the outline of the whole does not move. What cannot be is an `EditError` with a sentence key and parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry.coverage import GRID, retiled, united
from gezhi.engines.geometry.problems import flaw
from gezhi.engines.geometry.topology import solid

Corner = tuple[float, float]
Areas: TypeAlias = Mapping[int, BaseGeometry]
Changes: TypeAlias = dict[int, BaseGeometry | None]
_TOUCHING = 1.5 * GRID
_NOTHING = 1e-13  # square degrees: a thousandth of a square metre

SENTENCES: Mapping[str, str] = {
    "no_area": "There is no such area in this plan.",
    "line_short": "The line must cross the area from edge to edge: begin and end it outside.",
    "line_flat": "A line needs two different points.",
    "merge_few": "Choose at least two areas to merge.",
    "merge_apart": "These areas do not touch; only neighbours can be merged.",
    "outline_flat": "Draw at least three corners that do not lie on one line.",
    "outline_crossing": "The outline crosses itself. Draw it without crossings.",
    "outline_outside": "What was drawn lies outside the ground of this plan.",
    "no_corner": "There is no corner here.",
    "corner_fixed": "This corner lies on the outer boundary, which this plan does not move.",
    "corner_needed": "Three areas meet here, or the area would be left with fewer than three corners.",
    "corner_crossing": "There the boundary would run across another one. Move it less far.",
    "no_blocks": "Choose the blocks to hand over.",
    "nothing_changes": "This changes nothing.",
}


class EditError(ValueError):
    """What was asked cannot be drawn; `key` is one of SENTENCES."""

    def __init__(self, key: str) -> None:
        super().__init__(SENTENCES[key])
        self.key = key


def rounded(shape: BaseGeometry) -> BaseGeometry:
    """The shape with its corners on the grid, each corner by itself, so that shared corners stay shared."""
    return shapely.transform(shape, lambda points: points.round(7))


def split(areas: Areas, key: int, line: LineString) -> tuple[list[BaseGeometry], Changes]:
    """The pieces of an area cut along a line, largest first, and the neighbours that get new corners."""
    target = _area(areas, key)
    cut = rounded(line)
    if cut.length <= 0:
        raise EditError("line_flat")
    within = shapely.intersection(cut, target)
    noded = shapely.unary_union([target.boundary, within], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize([*shapely.get_parts(noded)]))
    pieces = [face for face in faces if target.covers(face.representative_point()) and solid(face) is not None]
    if len(pieces) < 2:
        raise EditError("line_short")
    others = {k: shape for k, shape in areas.items() if k != key}
    made, changed = _laid([*pieces], others, [within])
    return sorted((piece for piece in made if piece is not None), key=lambda piece: -piece.area), changed


def merge(areas: Areas, keys: Sequence[int]) -> Polygon:
    """One area of several neighbours."""
    if len(set(keys)) < 2:
        raise EditError("merge_few")
    whole = united([_area(areas, key) for key in dict.fromkeys(keys)])
    if whole.geom_type != "Polygon":
        raise EditError("merge_apart")
    return whole


def draw(areas: Areas, ground: BaseGeometry, outline: Polygon) -> tuple[BaseGeometry, Changes]:
    """A new area drawn by hand inside the ground, and what it leaves of the others."""
    new = solid(shapely.intersection(checked(outline), ground, grid_size=GRID))
    if new is None:
        raise EditError("outline_outside")
    made, changed = _laid([new], areas, [])
    if made[0] is None:
        raise EditError("outline_outside")
    return made[0], changed


def hand_over(areas: Areas, blocks: Sequence[BaseGeometry], to: int) -> Changes:
    """The ground of some blocks goes to one area."""
    if not blocks:
        raise EditError("no_blocks")
    target = _area(areas, to)
    grown = shapely.union(target, united(np.array([*blocks], dtype=object)), grid_size=GRID)
    if solid(shapely.difference(grown, target)) is None:
        raise EditError("nothing_changes")
    made, changed = _laid([grown], {key: shape for key, shape in areas.items() if key != to}, [])
    return {**changed, to: made[0]}


def move_corner(areas: Areas, fixed: BaseGeometry | None, at: Corner, to: Corner) -> Changes:
    """A corner goes elsewhere, for every area that has it. `fixed`: the lines that do not move (the outlines of what
    the areas fill together); None where they stand free."""
    start, end = _rounded_pair(at), _rounded_pair(to)
    holders = _holders(areas, start)
    if start == end:
        raise EditError("nothing_changes")
    moved: Changes = {key: _replaced(areas[key], start, end) for key in holders}
    _check(areas, fixed, start, moved)
    return moved


def add_corner(areas: Areas, fixed: BaseGeometry | None, at: Corner, to: Corner) -> Changes:
    """An edge gets a new corner near `at`, which goes to `to`, for the areas on both its sides."""
    point = Point(at)
    shapes = list(areas.items())
    near = shapely.distance(np.array([shape.boundary for _, shape in shapes], dtype=object), point)
    if not shapes or float(near.min()) > 1e-3:
        raise EditError("no_corner")
    edge = shapes[int(near.argmin())][1].boundary
    foot = shapely.get_coordinates(shapely.shortest_line(edge, point))[0].round(7)
    corner = (float(foot[0]), float(foot[1]))
    beside = {key: shape for key, shape in shapes if _on(shape.boundary, corner)}
    known = {key: _with_corners(shape, np.array([corner])) for key, shape in beside.items()}
    changed = move_corner({**areas, **known}, fixed, corner, to)
    return {**known, **changed}


def remove_corner(areas: Areas, fixed: BaseGeometry | None, at: Corner) -> Changes:
    """A corner that at most two areas share is taken out of both."""
    corner = _rounded_pair(at)
    holders = _holders(areas, corner)
    if len(holders) > 2:
        raise EditError("corner_needed")
    left: Changes = {key: _without(areas[key], corner) for key in holders}
    _check(areas, fixed, corner, left)
    return left


def checked(outline: Polygon) -> Polygon:
    """An outline drawn by hand, its corners on the grid. Raises EditError where it cannot be an area."""
    drawn = rounded(outline)
    found = flaw(drawn)
    if found is not None:
        raise EditError("outline_crossing" if found[0] in {"crosses", "touches"} else "outline_flat")
    return drawn


def _area(areas: Areas, key: int) -> BaseGeometry:
    if key not in areas:
        raise EditError("no_area")
    return areas[key]


def _laid(
    new: list[BaseGeometry], others: Areas, lines: list[BaseGeometry]
) -> tuple[list[BaseGeometry | None], Changes]:
    """New areas laid over others: what becomes of the new ones, and the others that change. All edges meet in the
    corners of both sides."""
    keys = list(others)
    old = [others[key] for key in keys]
    over, under = shapely.STRtree(new), shapely.STRtree(old)
    whole = shapely.union_all([*old, *new])
    shapely.prepare(whole)

    def owners(points: NDArray[np.float64]) -> NDArray[np.int64]:
        places = shapely.points(points)
        owner = np.where(shapely.contains_xy(whole, points), len(new), -1)
        if len(old):
            owner = np.where(owner >= 0, len(new) + under.nearest(places), -1)
        held, by = over.query(places, predicate="intersects")
        owner[held] = by
        return owner

    edges = [*lines, *(shape.boundary for shape in (*new, *old))]
    made = retiled(edges, owners, len(new) + len(old), lambda piece: solid(piece) is not None)
    left = zip(keys, old, made[len(new) :], strict=True)
    return [*made[: len(new)]], {key: now for key, before, now in left if not _same(before, now)}


def _same(before: BaseGeometry, now: BaseGeometry | None) -> bool:
    return now is not None and bool(shapely.equals_exact(before, now, normalize=True))


def _with_corners(shape: BaseGeometry, corners: NDArray[np.float64]) -> BaseGeometry:
    """The shape with those of the corners that lie on its edges and are not among its own; itself where none do."""
    if not len(corners):
        return shape
    west, south, east, north = shape.bounds
    x, y = corners[:, 0], corners[:, 1]
    close = (x >= west - GRID) & (x <= east + GRID) & (y >= south - GRID) & (y <= north + GRID)
    candidates = corners[close]
    if not len(candidates):
        return shape
    away = shapely.distance(shapely.points(candidates), shape.boundary)
    own = {tuple(pair) for pair in shapely.get_coordinates(shape).tolist()}
    new = [tuple(pair) for pair in candidates[away <= _TOUCHING].tolist() if tuple(pair) not in own]
    return _rings(shape, lambda ring: _inserted(ring, new)) if new else shape


def _inserted(ring: NDArray[np.float64], corners: Sequence[Corner]) -> NDArray[np.float64]:
    """A closed ring with the corners put into the edges they lie on, in the order of the edge."""
    made: list[NDArray[np.float64]] = []
    points = np.array(corners)
    for start, end in pairwise(ring):
        made.append(start)
        along = end - start
        length = float(along @ along)
        if length <= 0:
            continue
        share = (points - start) @ along / length
        foot = start + share[:, None] * along
        on = (share > 0) & (share < 1) & (np.hypot(*(points - foot).T) <= _TOUCHING)
        made += [points[n] for n in np.flatnonzero(on)[np.argsort(share[on])]]
    made.append(ring[-1])
    return np.array(made)


def _rings(shape: BaseGeometry, change: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> BaseGeometry:
    """The shape made anew from its changed rings."""
    parts = []
    for part in shapely.get_parts(shape):
        rings = [change(shapely.get_coordinates(ring)) for ring in (part.exterior, *part.interiors)]
        parts.append(Polygon(rings[0], rings[1:]))
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _holders(areas: Areas, corner: Corner) -> list[int]:
    found = [key for key, shape in areas.items() if (shapely.get_coordinates(shape) == corner).all(axis=1).any()]
    if not found:
        raise EditError("no_corner")
    return found


def _replaced(shape: BaseGeometry, start: Corner, end: Corner) -> BaseGeometry:
    return _rings(shape, lambda ring: np.where((ring == start).all(axis=1)[:, None], end, ring))


def _without(shape: BaseGeometry, corner: Corner) -> BaseGeometry:
    def left(ring: NDArray[np.float64]) -> NDArray[np.float64]:
        kept = ring[:-1][~(ring[:-1] == corner).all(axis=1)]
        if len(kept) < 3:
            raise EditError("corner_needed")
        return np.vstack([kept, kept[:1]])

    return _rings(shape, left)


def _check(areas: Areas, fixed: BaseGeometry | None, corner: Corner, changed: Changes) -> None:
    """The changed areas must be sound and not overlap. Where they fill a ground, its lines stay, and they hold together
    exactly what they held before."""
    if fixed is not None and _on(fixed, corner):
        raise EditError("corner_fixed")
    shapes = [shape for shape in changed.values() if shape is not None]
    if any(flaw(shape) is not None for shape in shapes):
        raise EditError("corner_crossing")
    after = shapely.union_all(shapes)
    if sum(shape.area for shape in shapes) - after.area > _NOTHING:
        raise EditError("corner_crossing")
    if fixed is not None:
        before = shapely.union_all([areas[key] for key in changed])
        if solid(shapely.symmetric_difference(after, before)) is not None:
            raise EditError("corner_crossing")
    elif any(solid(shapely.intersection(after, shape)) is not None for k, shape in areas.items() if k not in changed):
        raise EditError("corner_crossing")


def _on(line: BaseGeometry, corner: Corner) -> bool:
    return bool(shapely.distance(line, Point(corner)) <= _TOUCHING)


def _rounded_pair(corner: Corner) -> Corner:
    return round(float(corner[0]), 7), round(float(corner[1]), 7)
