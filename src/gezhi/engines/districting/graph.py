"""Units as a weighted graph in compressed rows: what the searches walk on.

Each edge is stored as two arcs. The arcs of a vertex that may be crossed come first; those that are closed (a river
without a bridge) follow: they cost when a boundary runs there, but hold no grid together.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Graph(NamedTuple):
    """`n` vertices; the arcs of v are start[v]:start[v + 1], open ones start[v]:shut[v].

    `to` (2m) is the other end, `back` (2m) the position of the opposite arc, `weight` (2m) what it costs to cut it.
    """

    start: Ints
    shut: Ints
    to: Ints
    back: Ints
    weight: Floats

    @property
    def n(self) -> int:
        """How many vertices."""
        return len(self.start) - 1


def build(n: int, one: NDArray[Any], other: NDArray[Any], weight: Floats, closed: Bools | None = None) -> Graph:
    """The graph of m edges (one[i], other[i]), each named once."""
    m = len(one)
    closed = np.zeros(m, bool) if closed is None else closed
    source, target = np.r_[one, other].astype(np.int64), np.r_[other, one].astype(np.int64)
    shut = np.r_[closed, closed]
    order = np.lexsort((target, shut, source))
    place = np.empty(2 * m, np.int64)
    place[order] = np.arange(2 * m)
    start = np.searchsorted(source[order], np.arange(n + 1))
    opened = np.bincount(source[~shut], minlength=n)
    back = place[(order + m) % (2 * m)] if m else place
    weights = np.r_[weight, weight].astype(np.float64)[order]
    return Graph(start, start[:-1] + opened, target[order], back, weights)


def part(graph: Graph, members: Ints) -> tuple[Graph, Floats]:
    """The graph of some vertices alone, numbered as listed; and for each the weight of its arcs that lead elsewhere."""
    number = np.full(graph.n, -1, np.int64)
    number[members] = np.arange(len(members))
    arcs, owner = _arcs_of(graph, members)
    inside = number[graph.to[arcs]] >= 0
    outward = np.bincount(owner[~inside], graph.weight[arcs[~inside]], len(members)).astype(np.float64)
    arcs, owner = arcs[inside], owner[inside]
    once = owner < number[graph.to[arcs]]
    kept, first = arcs[once], owner[once]
    closed = kept >= graph.shut[members[first]]
    return build(len(members), first, number[graph.to[kept]], graph.weight[kept], closed), outward


def _arcs_of(graph: Graph, members: Ints) -> tuple[Ints, Ints]:
    counts = graph.start[members + 1] - graph.start[members]
    owner = np.repeat(np.arange(len(members)), counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return graph.start[members][owner] + offset, owner


@njit(cache=True, nogil=True)
def pieces(graph: Graph, labels: Ints) -> Ints:
    """A number for each vertex: the connected piece of its label it lies in, 0, 1, … in order of the first vertex."""
    n = labels.size
    piece = np.full(n, -1, np.int64)
    queue = np.empty(n, np.int64)
    count = 0
    for root in range(n):
        if piece[root] >= 0:
            continue
        piece[root] = count
        queue[0] = root
        head, tail = 0, 1
        while head < tail:
            v = queue[head]
            head += 1
            for arc in range(graph.start[v], graph.shut[v]):
                u = graph.to[arc]
                if piece[u] < 0 and labels[u] == labels[v]:
                    piece[u] = count
                    queue[tail] = u
                    tail += 1
        count += 1
    return piece


@njit(cache=True, nogil=True)
def cut_weight(graph: Graph, labels: Ints) -> float:
    """The weight of all edges between different labels."""
    total = 0.0
    for v in range(labels.size):
        for arc in range(graph.start[v], graph.start[v + 1]):
            if graph.to[arc] > v and labels[graph.to[arc]] != labels[v]:
                total += graph.weight[arc]
    return total
