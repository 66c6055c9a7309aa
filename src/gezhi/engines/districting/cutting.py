"""Minimum cuts of a graph with units that are in, out or free, by maximum flow (Dinic's level graphs).

The smallest and the largest set of least cost follow from what the flow leaves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gezhi.engines.districting.graph import Bools, Floats, Graph, Ints

HAIR = 1e-9
FREE, IN, OUT = 0, 1, 2


class Node(NamedTuple):
    """One node of the search tree. `excess` is what a unit still costs (> 0) or brings (< 0) after the flow;
    `held`: load of the units that are in; `sums`: cost so far, multiplier."""

    residual: Floats
    excess: Floats
    state: NDArray[np.int8]
    held: Floats
    sums: Floats


class Desk(NamedTuple):
    """Room to work in: levels, next arcs, queue, path, marks, smallest and largest cheapest sets, their difference."""

    level: Ints
    at: Ints
    queue: Ints
    path: Ints
    mark: Ints
    least: Bools
    most: Bools
    between: Bools


@njit(cache=True, nogil=True)
def _levels(graph: Graph, node: Node, desk: Desk) -> tuple[int, int]:
    """Distances from the sources by arcs with room; the distance of the nearest sink or -1, and how many were seen."""
    level, queue = desk.level, desk.queue
    head, tail = 0, 0
    for v in range(level.size):
        level[v] = -1
        if node.state[v] == IN or (node.state[v] == FREE and node.excess[v] < -HAIR):
            level[v] = 0
            queue[tail] = v
            tail += 1
    nearest = -1
    while head < tail:
        x = queue[head]
        head += 1
        if nearest >= 0 and level[x] >= nearest:
            break
        for arc in range(graph.start[x], graph.start[x + 1]):
            y = graph.to[arc]
            if node.residual[arc] > HAIR and level[y] < 0:
                level[y] = level[x] + 1
                queue[tail] = y
                tail += 1
                if nearest < 0 and (node.state[y] == OUT or (node.state[y] == FREE and node.excess[y] > HAIR)):
                    nearest = level[y]
    return nearest, tail


@njit(cache=True, nogil=True)
def _walk(graph: Graph, node: Node, desk: Desk, source: int, nearest: int) -> tuple[int, int]:
    """A path from source to a sink along the levels: its length in arcs, or -1, and the sink."""
    x, depth = source, 0
    while True:
        if x != source and (node.state[x] == OUT or (node.state[x] == FREE and node.excess[x] > HAIR)):
            return depth, x
        moved = False
        while desk.at[x] < graph.start[x + 1]:
            arc = desk.at[x]
            y = graph.to[arc]
            if node.residual[arc] > HAIR and desk.level[y] == desk.level[x] + 1 and desk.level[y] <= nearest:
                desk.path[depth] = arc
                depth += 1
                x = y
                moved = True
                break
            desk.at[x] += 1
        if moved:
            continue
        if depth == 0:
            return -1, x
        depth -= 1
        x = graph.to[graph.back[desk.path[depth]]]
        desk.at[x] += 1


@njit(cache=True, nogil=True)
def flow(graph: Graph, node: Node, desk: Desk, enough: float) -> float:
    """Push until no path is left or `enough` is through; how much. desk.level ≥ 0 marks the smallest cheapest set."""
    gain = 0.0
    while True:
        nearest, seen = _levels(graph, node, desk)
        if nearest < 0:
            return gain
        desk.at[:] = graph.start[:-1]
        for i in range(seen):
            source = desk.queue[i]
            if desk.level[source] != 0:
                break
            while node.state[source] == IN or node.excess[source] < -HAIR:
                depth, sink = _walk(graph, node, desk, source, nearest)
                if depth < 0:
                    break
                amount = 1e300 if node.state[source] == IN else -node.excess[source]
                if node.state[sink] == FREE:
                    amount = min(amount, node.excess[sink])
                for j in range(depth):
                    amount = min(amount, node.residual[desk.path[j]])
                for j in range(depth):
                    node.residual[desk.path[j]] -= amount
                    node.residual[graph.back[desk.path[j]]] += amount
                if node.state[source] == FREE:
                    node.excess[source] += amount
                if node.state[sink] == FREE:
                    node.excess[sink] -= amount
                gain += amount
                if gain > enough:
                    return gain


@njit(cache=True, nogil=True)
def cheapest_sets(graph: Graph, node: Node, desk: Desk, loads: Floats) -> tuple[float, float]:
    """Mark the smallest and the largest set of least cost; their first loads."""
    n = node.state.size
    small, large = 0.0, 0.0
    head, tail = 0, 0
    for v in range(n):
        desk.least[v] = desk.level[v] >= 0
        if desk.least[v]:
            small += loads[0, v]
        desk.mark[v] = 0
        if node.state[v] == OUT or (node.state[v] == FREE and node.excess[v] > HAIR):
            desk.mark[v] = 1
            desk.queue[tail] = v
            tail += 1
    while head < tail:
        x = desk.queue[head]
        head += 1
        for arc in range(graph.start[x], graph.start[x + 1]):
            y = graph.to[arc]
            if desk.mark[y] == 0 and node.residual[graph.back[arc]] > HAIR:
                desk.mark[y] = 1
                desk.queue[tail] = y
                tail += 1
    for v in range(n):
        desk.most[v] = desk.mark[v] == 0
        if desk.most[v]:
            large += loads[0, v]
            desk.between[v] = desk.between[v] or not desk.least[v]
    return small, large
