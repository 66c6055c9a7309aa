"""Which outlines touch, along how many metres, and what runs between them.

Shared boundaries are found in the coordinates as given, where neighbours have the same corners, and measured in metres.
Where corners differ by some centimetres (one neighbour has a corner on the other's side) a narrow strip decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gezhi.engines.districting.graph import Floats, Ints
from gezhi.engines.districting.plane import Flatten, Shapes
from gezhi.engines.districting.units import BARRIERS, BadUnits, listed

STRIP = 0.2  # metres: outlines that come so close touch
SHORT = 3.0  # metres: what touches by a strip alone touches along more than this
HAIR = 0.02  # metres: overlaps narrower than this are rounding
BESIDE = 20.0  # metres: a barrier so near a boundary runs along it
BRIDGE = 60.0  # metres: a bridge so near a boundary crosses there


@dataclass(frozen=True)
class Touching:
    """m pairs that touch (`one` < `other`), metres, shared lines on the plane, and each unit's boundary with nobody."""

    one: Ints
    other: Ints
    length: Floats
    shared: Shapes
    outer: Floats


def check_outlines(ids: Sequence[str], shapes: Shapes) -> None:
    """Raises BadUnits naming the first units whose outline is no area."""
    wrong = np.flatnonzero(~shapely.is_valid(shapes) | (shapely.area(shapes) <= 0))
    if not len(wrong):
        return
    first = int(wrong[0])
    reason = str(shapely.is_valid_reason(shapes[first]))
    found = re.search(r"\[(\S+) (\S+)\]", reason)
    where = f" at {float(found[1]):.6f}, {float(found[2]):.6f}" if found else ""
    crosses = "Self-intersection" in reason
    more = "" if len(wrong) == 1 else f" ({len(wrong) - 1} more are not sound)"
    raise BadUnits(f"The outline of unit {ids[first]} {'crosses itself' if crosses else 'is not sound'}{where}{more}.")


def touching(ids: Sequence[str], shapes: Shapes, flatten: Flatten) -> Touching:
    """Raises BadUnits naming units that overlap."""
    flat = shapely.transform(shapes, flatten)
    one, other = shapely.STRtree(flat).query(flat, predicate="dwithin", distance=STRIP)
    one, other = one[one < other].astype(np.int64), other[one < other].astype(np.int64)
    order = np.lexsort((other, one))
    one, other = one[order], other[order]
    _check_overlaps(ids, shapes, flat, one, other)
    bounds, around = shapely.boundary(shapes), shapely.boundary(flat)
    shared = shapely.transform(shapely.intersection(bounds[one], bounds[other]), flatten)
    length = shapely.length(shared)
    short = np.flatnonzero(length < SHORT)
    strips = shapely.intersection(around[one[short]], shapely.buffer(around[other[short]], STRIP, quad_segs=2))
    wide = shapely.length(strips) - 2 * STRIP
    better = wide > np.maximum(SHORT, length[short])
    length[short[better]], shared[short[better]] = wide[better], strips[better]
    real = length > 1e-6
    one, other, length, shared = one[real], other[real], length[real], shared[real]
    outer = shapely.length(around)
    for end in (one, other):
        outer = outer - np.bincount(end, length, len(flat))
    return Touching(one, other, length, shared, np.maximum(outer, 0.0))


def _check_overlaps(ids: Sequence[str], shapes: Shapes, flat: Shapes, one: Ints, other: Ints) -> None:
    inside = np.flatnonzero(
        ~shapely.touches(shapes[one], shapes[other]) & shapely.intersects(shapes[one], shapes[other])
    )
    both = shapely.intersection(flat[one[inside]], flat[other[inside]])
    area, around = shapely.area(both), shapely.length(both)
    wrong = inside[(area > 1e-6) & (2 * area > HAIR * around)]
    if len(wrong):
        pairs = [f"{ids[one[i]]} and {ids[other[i]]}" for i in wrong]
        raise BadUnits(f"Units overlap: {listed(pairs, 4)}.")


def barrier_codes(
    barriers: Mapping[str, Shapes], touch: Touching, shapes: Shapes, flatten: Flatten
) -> NDArray[np.int8]:
    """What runs between each pair, as a code of BARRIERS, the hardest first: along most of their shared boundary, or
    across the way from the one to the other. A bridge on the boundary opens it."""
    flat = shapely.transform(shapes, flatten)
    inner = shapely.get_coordinates(shapely.point_on_surface(flat))
    ways = shapely.linestrings(np.stack([inner[touch.one], inner[touch.other]], axis=1))
    codes = np.zeros(len(touch.one), np.int8)
    for code, name in enumerate(BARRIERS):
        if name in barriers:
            line = shapely.union_all(shapely.transform(barriers[name], flatten))
            strip = shapely.buffer(line, BESIDE)
            shapely.prepare(strip)
            along = shapely.length(shapely.intersection(touch.shared, strip)) > 0.5 * touch.length
            crossings = shapely.get_num_geometries(shapely.intersection(ways, line))
            empty = ~shapely.intersects(ways, line)
            codes[along | (~empty & (crossings % 2 == 1))] = code
    if "bridge" in barriers:
        bridges = shapely.union_all(shapely.transform(barriers["bridge"], flatten))
        codes[shapely.distance(touch.shared, bridges) <= BRIDGE] = 0
    return codes
