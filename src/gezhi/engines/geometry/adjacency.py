"""Which areas touch along an edge, and how long the edge is."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gezhi.engines.geometry.measure import flat

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


def shared_edges(shapes: NDArray[np.object_]) -> Pairs:
    """(one, other, metres): pairs of positions, one < other, whose outlines have an edge in common."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    bounds = flat(shapely.boundary(shapes))
    length = shapely.length(shapely.intersection(bounds[one], bounds[other]))
    real = length > 0
    return one[real], other[real], length[real]


def islands(count: int, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of the connected group that each of `count` areas belongs to; 0 is the largest group."""
    root = np.arange(count)

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = int(root[number])
        return number

    for first, second in zip(one.tolist(), other.tolist(), strict=True):
        root[find(first)] = find(second)
    roots = np.array([find(number) for number in range(count)], np.int64)
    found, sizes = np.unique(roots, return_counts=True)
    rank = {int(label): number for number, label in enumerate(found[np.argsort(-sizes, kind="stable")].tolist())}
    return np.array([rank[label] for label in roots.tolist()], np.int64)
