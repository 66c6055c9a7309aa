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
    noded = shapely.unary_union(list(lines), grid_size=GRID)
    faces = np.array(shapely.get_parts(shapely.polygonize([*shapely.get_parts(noded)])))
    owner = owners(shapely.get_coordinates(shapely.point_on_surface(faces)))
    held = [faces[owner == number] for number in range(count)]
    if any(not len(some) for some in held):
        raise ValueError(f"The outline is too small to be divided into {count} parts.")
    return _in_one_piece([united(some) for some in held])


def united(areas: Sequence[BaseGeometry] | NDArray[np.object_]) -> Area:
    """The union of areas that share their edges exactly."""
    whole = shapely.union_all(shapely.coverage_union_all(np.asarray(areas, dtype=object)))
    return whole if isinstance(whole, (Polygon, MultiPolygon)) else MultiPolygon()


def _in_one_piece(parts: list[Area]) -> list[Area]:
    """Each part keeps its largest piece; the others go to the part they share the longest edge with."""
    pieces = [sorted(shapely.get_parts(part), key=lambda piece: -piece.area) for part in parts]
    kept: list[Area] = [some[0] for some in pieces]
    loose = [(owner, piece) for owner, some in enumerate(pieces) for piece in some[1:]]
    while loose:
        taken = [(owner, piece, _neighbour(piece, kept)) for owner, piece in loose]
        placed = [(new, piece) for _, piece, new in taken if new is not None]
        loose = [(owner, piece) for owner, piece, new in taken if new is None]
        if not placed:
            placed, loose = loose, []
        for owner, piece in placed:
            kept[owner] = united([*shapely.get_parts(kept[owner]), piece])
    return kept


def _neighbour(piece: BaseGeometry, parts: list[Area]) -> int | None:
    beside = np.flatnonzero(shapely.intersects(piece, np.array(parts, dtype=object)))
    shared = [float(piece.boundary.intersection(parts[number].boundary).length) for number in beside]
    return int(beside[int(np.argmax(shared))]) if shared and max(shared) > 0 else None
