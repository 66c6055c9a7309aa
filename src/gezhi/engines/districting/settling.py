"""What follows for a node of the search without branching: from connection, from loads, from cost."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gezhi.engines.districting.cutting import FREE, HAIR, IN, OUT, Desk, Node
from gezhi.engines.districting.graph import Bools, Floats, Graph


@njit(cache=True, nogil=True)
def spread(graph: Graph, desk: Desk, root: int, state: NDArray[np.int8], shut: int) -> int:
    """How many units are reached from root by open arcs without entering state `shut`; desk.mark tells which."""
    desk.mark[:] = 0
    desk.mark[root] = 1
    desk.queue[0] = root
    head, tail = 0, 1
    while head < tail:
        x = desk.queue[head]
        head += 1
        for arc in range(graph.start[x], graph.shut[x]):
            y = graph.to[arc]
            if desk.mark[y] == 0 and state[y] != shut:
                desk.mark[y] = 1
                desk.queue[tail] = y
                tail += 1
    return tail


@njit(cache=True, nogil=True)
def put(node: Node, loads: Floats, v: int, state: int) -> None:
    """Settle a free unit."""
    node.state[v] = state
    if state == IN:
        for r in range(node.held.size):
            node.held[r] += loads[r, v]
        node.sums[0] += node.excess[v]
        node.excess[v] = 0.0


@njit(cache=True, nogil=True)
def settle(graph: Graph, node: Node, desk: Desk, loads: Floats, low: Floats, high: Floats, whole: bool) -> bool:  # noqa: PLR0912 (one compiled loop)
    """Settle what follows from connection and loads. False when nothing can come of the node."""
    n = node.state.size
    changed = True
    while changed:
        changed = False
        root, other = -1, -1
        for v in range(n):
            if node.state[v] == IN and root < 0:
                root = v
            if node.state[v] == OUT and other < 0:
                other = v
        if whole and other >= 0:  # the rest: what it cannot reach is in
            spread(graph, desk, other, node.state, IN)
            for v in range(n):
                if desk.mark[v] == 0 and node.state[v] == OUT:
                    return False
                if desk.mark[v] == 0 and node.state[v] == FREE:
                    put(node, loads, v, IN)
                    root = v
        if root >= 0:
            spread(graph, desk, root, node.state, OUT)
            for v in range(n):
                if desk.mark[v] == 0 and node.state[v] == IN:
                    return False
                if desk.mark[v] == 0 and node.state[v] == FREE:
                    node.state[v] = OUT
                    changed = changed or whole
        for r in range(low.size):
            reach = node.held[r]
            for v in range(n):
                if node.state[v] == FREE:
                    reach += loads[r, v]
            for v in range(n):
                if node.state[v] != FREE:
                    continue
                if node.held[r] + loads[r, v] > high[r]:
                    node.state[v] = OUT
                    reach -= loads[r, v]
                    changed = True
                elif root >= 0 and reach - loads[r, v] < low[r]:
                    put(node, loads, v, IN)
                    changed = True
            if node.held[r] > high[r] or reach < low[r]:
                return False
    return True


@njit(cache=True, nogil=True)
def free_gain(node: Node) -> float:
    total = 0.0
    for v in range(node.state.size):
        if node.state[v] == FREE and node.excess[v] < 0.0:
            total += node.excess[v]
    return total


@njit(cache=True, nogil=True)
def rest_of(multiplier: float, low: float, high: float) -> float:
    return multiplier * high if multiplier > 0.0 else multiplier * low


@njit(cache=True, nogil=True)
def fits(
    graph: Graph, desk: Desk, chosen: Bools, loads: Floats, low: Floats, high: Floats, whole: bool,
    state: NDArray[np.int8],
) -> bool:  # fmt: skip
    """Whether a set is a piece as asked for; `state` is room."""
    root, other, count = -1, -1, 0
    for v in range(chosen.size):
        state[v] = IN if chosen[v] else OUT
        if chosen[v]:
            root = v
            count += 1
        else:
            other = v
    if root < 0:
        return False
    for r in range(low.size):
        held = 0.0
        for v in range(chosen.size):
            if chosen[v]:
                held += loads[r, v]
        if held < low[r] or held > high[r]:
            return False
    if spread(graph, desk, root, state, OUT) != count:
        return False
    return not whole or (other >= 0 and spread(graph, desk, other, state, IN) == chosen.size - count)


@njit(cache=True, nogil=True)
def fix_by_cost(node: Node, loads: Floats, low: Floats, high: Floats, below: float) -> None:
    """Settle units whose other choice would cost too much."""
    bound = node.sums[0] + free_gain(node) - rest_of(node.sums[1], low[0], high[0])
    for v in range(node.state.size):
        if node.state[v] != FREE:
            continue
        if node.excess[v] > 0.0 and bound + node.excess[v] >= below - HAIR:
            node.state[v] = OUT
        elif node.excess[v] < 0.0 and bound - node.excess[v] >= below - HAIR:
            put(node, loads, v, IN)


@njit(cache=True, nogil=True)
def branch_on(graph: Graph, node: Node, desk: Desk, loads: Floats) -> int:
    """The free unit to decide next, -1 if there is none: heavy, beside what is in, undecided by the cheapest sets."""
    some = False
    for v in range(node.state.size):
        some = some or node.state[v] == IN
    best, chosen = -1.0, -1
    for v in range(node.state.size):
        if node.state[v] != FREE:
            continue
        score = loads[0, v]
        if some:
            for arc in range(graph.start[v], graph.shut[v]):
                if node.state[graph.to[arc]] == IN:
                    score *= 4.0
                    break
            if desk.between[v]:
                score *= 16.0
        if score > best:
            best, chosen = score, v
    return chosen
