"""Polygons that meet without a gap or an overlap: lines rounded, noded and turned into faces, faces into parts.

All corners lie on a grid of 1e-7 degrees (about 1 cm), and neighbours share the very same corners (Shapely's
`coverage_is_valid`). Rounding moves the outer boundary by at most that much, and blunts tips sharper than that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

GRID = 1e-7
Area: TypeAlias = Polygon | MultiPolygon
Owners = Callable[[NDArray[np.float64]], NDArray[np.int64]]


def tiled(lines: Sequence[BaseGeometry], owners: Owners, count: int) -> list[Area]:
    """`count` parts made of the faces between the lines. `owners` says for points (n × 2), one inside each face, whose
    the face is; -1: nobody's. Each part is in one piece unless the piece touches no other part. ValueError when a part
    gets nothing."""
    held = _held(lines, owners, count)
    if any(not len(some) for some in held):
        raise ValueError(f"The outline is too small to be divided into {count} parts.")
    return [part for part in _in_one_piece(held, _largest) if part is not None]


def retiled(
    lines: Sequence[BaseGeometry], owners: Owners, count: int, lasting: Callable[[BaseGeometry], bool]
) -> list[Area | None]:
    """As `tiled`, for parts that may come to nothing (None) or to several pieces: only pieces that are not `lasting`
    go to a neighbour."""
    return _in_one_piece(_held(lines, owners, count), lambda pieces: [one for one in pieces if lasting(one)])


def _held(lines: Sequence[BaseGeometry], owners: Owners, count: int) -> list[NDArray[np.object_]]:
    """The faces of each owner."""
    noded = shapely.unary_union(list(lines), grid_size=GRID)
    faces = np.array(shapely.get_parts(shapely.polygonize([*shapely.get_parts(noded)])))
    owner = owners(shapely.get_coordinates(shapely.point_on_surface(faces)))
    return [faces[owner == number] for number in range(count)]


def united(areas: Sequence[BaseGeometry] | NDArray[np.object_]) -> Area:
    """The union of areas that share their edges exactly."""
    whole = shapely.union_all(shapely.coverage_union_all(np.asarray(areas, dtype=object)))
    return whole if isinstance(whole, (Polygon, MultiPolygon)) else MultiPolygon()


def _largest(pieces: list[BaseGeometry]) -> list[BaseGeometry]:
    return [max(pieces, key=lambda piece: piece.area)]


def _in_one_piece(
    held: Sequence[NDArray[np.object_]], kept_of: Callable[[list[BaseGeometry]], list[BaseGeometry]]
) -> list[Area | None]:
    """Each part keeps the pieces that `kept_of` chooses; others go to the part they share the longest edge with."""
    pieces = [list(shapely.get_parts(united(some))) if len(some) else [] for some in held]
    chosen = [kept_of(some) if some else [] for some in pieces]
    kept: list[Area | None] = [united(some) if some else None for some in chosen]
    loose = [
        (owner, piece)
        for owner, some in enumerate(pieces)
        for piece in some
        if not any(piece is c for c in chosen[owner])
    ]
    while loose:
        taken = [(owner, piece, _neighbour(piece, kept)) for owner, piece in loose]
        placed = [(new, piece) for _, piece, new in taken if new is not None]
        loose = [(owner, piece) for owner, piece, new in taken if new is None]
        if not placed:
            placed, loose = loose, []
        for owner, piece in placed:
            have = kept[owner]
            kept[owner] = united([*(shapely.get_parts(have) if have is not None else ()), piece])
    return kept


def _neighbour(piece: BaseGeometry, parts: Sequence[Area | None]) -> int | None:
    beside = np.flatnonzero(shapely.intersects(piece, np.array(parts, dtype=object)))
    edges = [parts[number] for number in beside.tolist()]
    shared = [float(piece.boundary.intersection(part.boundary).length) for part in edges if part is not None]
    return int(beside[int(np.argmax(shared))]) if shared and max(shared) > 0 else None
