"""All connected pieces of a graph within limits that cost less than a given price: branch and bound by maximum flow.

The cost of a piece S is the weight of the arcs that leave it minus the profits of its units. Without the limits the
cheapest S is a minimum cut; the first limit enters by a multiplier on loads, which is searched at each node, and what
flows at a node flows on in its children. Units that cannot be reached, or without which the load does not suffice, are
settled without branching. Every piece below the price is found, or the search says that it was not complete.

Source of the bound: Lagrangian relaxation of the knapsack in minimum cuts (`cutting`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gezhi.engines.districting.cutting import FREE, HAIR, IN, OUT, Desk, Node, cheapest_sets, flow
from gezhi.engines.districting.graph import Bools, Floats, Graph
from gezhi.engines.districting.settling import branch_on, fits, fix_by_cost, free_gain, put, rest_of, settle


class Found(NamedTuple):
    """Pieces (c × n) with their costs (c), nodes visited, and whether these are all there are."""

    pieces: Bools
    costs: Floats
    nodes: int
    complete: bool


def pieces_below(
    graph: Graph, profit: Floats, loads: Floats, low: Floats, high: Floats, below: float, *,
    state: NDArray[np.int8] | None = None, whole: bool = False, tighten: bool = False, room: int = 1000,
    nodes: int = 1_000_000,
) -> Found:  # fmt: skip
    """Connected sets of units with r loads within low … high that cost less than `below`.

    `loads` (r × n); `state` (n): units that must be IN or OUT; `whole`: the rest must be in one piece too; `tighten`:
    only ever better ones; `room`: stop at so many; `nodes`: give up after so many.
    """
    begin = np.zeros(graph.n, np.int8) if state is None else state
    found = _search(
        graph, np.ascontiguousarray(profit), np.ascontiguousarray(loads), low, high, float(below), begin, whole,
        tighten, room, nodes,
    )  # fmt: skip
    pieces, costs, visited, complete = found
    return Found(pieces, costs, int(visited), bool(complete))


@njit(cache=True, nogil=True)
def _next_multiplier(now: float, step: float, lower: Floats, upper: Floats, up: bool) -> float:
    """Where to look next between two multipliers known to be too small and too large; `lower`, `upper`: (is there,
    value, load, energy). NaN when there is nothing left to look for."""
    if lower[0] == 0.0 or upper[0] == 0.0:
        following = now + step if up else now - step
        return 0.0 if now * following < 0.0 else following
    if lower[1] < 0.0 < upper[1]:
        return 0.0
    following = (upper[3] - lower[3]) / (lower[2] - upper[2])
    if following <= lower[1] + 1e-12 * abs(lower[1]) or following >= upper[1] - 1e-12 * abs(upper[1]):
        return np.nan
    return float(following)


@njit(cache=True, nogil=True)
def _search(  # noqa: PLR0912, PLR0915 (one compiled loop over a stack of nodes: recursion costs numba its types)
    graph: Graph, profit: Floats, loads: Floats, low: Floats, high: Floats, below: float, begin: NDArray[np.int8],
    whole: bool, tighten: bool, room: int, limit: int,
) -> tuple[Bools, Floats, int, bool]:  # fmt: skip
    n, arcs, resources = profit.size, graph.to.size, low.size
    deep = n + 2
    residual, excess = np.empty((deep, arcs)), np.empty((deep, n))
    state, held, sums = np.empty((deep, n), np.int8), np.empty((deep, resources)), np.empty((deep, 2))
    branch, turn = np.full(deep, -1, np.int64), np.zeros(deep, np.int8)
    desk = Desk(
        np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n + 1, np.int64),
        np.empty(n, np.int64), np.empty(n, np.bool_), np.empty(n, np.bool_), np.empty(n, np.bool_),
    )  # fmt: skip
    spare = np.empty(n, np.int8)
    found, costs, count = np.zeros((room, n), np.bool_), np.empty(room), 0
    lower, upper = np.zeros(4), np.zeros(4)
    residual[0] = graph.weight
    excess[0] = -profit
    state[0] = FREE
    held[0] = 0.0
    sums[0] = 0.0
    first = Node(residual[0], excess[0], state[0], held[0], sums[0])
    for v in range(n):
        if begin[v] != FREE:
            put(first, loads, v, begin[v])
    mean = loads[0].sum() / n
    depth, nodes, fresh = 0, 0, True
    while depth >= 0:
        if fresh:
            fresh = False
            nodes += 1
            if nodes > limit:
                return found[:count], costs[:count], nodes, False
            node = Node(residual[depth], excess[depth], state[depth], held[depth], sums[depth])
            alive = settle(graph, node, desk, loads, low, high, whole)
            desk.between[:] = False
            lower[:] = 0.0
            upper[:] = 0.0
            step, best = 0.0, -1e300
            free = 0
            for v in range(n):
                if node.state[v] == FREE:
                    free += 1
            for turns in range(25 if depth == 0 else 6):
                if not alive:
                    break
                multiplier = node.sums[1]
                rest = rest_of(multiplier, low[0], high[0])
                bound = node.sums[0] + free_gain(node) - rest
                if bound >= below - HAIR:
                    alive = False
                    break
                bound += flow(graph, node, desk, below - bound + 1e-6)
                node.sums[0] = bound + rest - free_gain(node)
                best = max(best, bound)
                if bound >= below - HAIR:
                    alive = False
                    break
                small, large = cheapest_sets(graph, node, desk, loads)
                for chosen, load in ((desk.least, small), (desk.most, large)):
                    if free == 0 or load < low[0] or load > high[0]:
                        continue
                    cost = bound + rest - multiplier * load
                    if cost >= below - HAIR or not fits(graph, desk, chosen, loads, low, high, whole, spare):
                        continue
                    known = False
                    for i in range(max(0, count - 20), count):
                        known = known or np.array_equal(found[i], chosen)
                    if not known:
                        found[count] = chosen
                        costs[count] = cost
                        count += 1
                        if tighten:
                            below = cost
                        if count >= room:
                            return found[:count], costs[:count], nodes, False
                if free == 0:
                    break
                if multiplier > 0.0:
                    up, down = small > high[0], large < high[0]
                elif multiplier < 0.0:
                    up, down = small > low[0], large < low[0]
                else:
                    up, down = small > high[0], large < low[0]
                if not up and not down:
                    break
                energy = bound + rest
                if up:
                    lower[0], lower[1], lower[2], lower[3] = 1.0, multiplier, small, energy - multiplier * small
                else:
                    upper[0], upper[1], upper[2], upper[3] = 1.0, multiplier, large, energy - multiplier * large
                step = 2.0 * step if step > 0.0 else max(abs(multiplier) * 0.3, 1e-3 / max(mean, 1e-12))
                following = _next_multiplier(multiplier, step, lower, upper, up)
                if np.isnan(following):
                    break
                if depth > 0 and turns >= 1 and lower[0] > 0.0 and upper[0] > 0.0:
                    hope = lower[3] + following * lower[2] - rest_of(following, low[0], high[0])
                    if hope - best < 0.02 * abs(below - best):
                        break
                for v in range(n):
                    if node.state[v] == FREE:
                        node.excess[v] += (following - multiplier) * loads[0, v]
                node.sums[0] += (following - multiplier) * node.held[0]
                node.sums[1] = following
            branch[depth] = -1
            turn[depth] = 2
            if alive and free == 0:  # a leaf: every unit is settled
                for v in range(n):
                    desk.least[v] = node.state[v] == IN
                cost = node.sums[0] - node.sums[1] * node.held[0]
                if cost < below - HAIR and fits(graph, desk, desk.least, loads, low, high, whole, spare):
                    found[count] = desk.least
                    costs[count] = cost
                    count += 1
                    if tighten:
                        below = cost
                    if count >= room:
                        return found[:count], costs[:count], nodes, False
            elif alive:
                fix_by_cost(node, loads, low, high, below)
                branch[depth] = branch_on(graph, node, desk, loads)
                turn[depth] = 0
                if branch[depth] < 0:
                    fresh = True
                    continue
        if turn[depth] >= 2:
            depth -= 1
            continue
        residual[depth + 1] = residual[depth]
        excess[depth + 1] = excess[depth]
        state[depth + 1] = state[depth]
        held[depth + 1] = held[depth]
        sums[depth + 1] = sums[depth]
        child = Node(residual[depth + 1], excess[depth + 1], state[depth + 1], held[depth + 1], sums[depth + 1])
        put(child, loads, branch[depth], IN if turn[depth] == 0 else OUT)
        turn[depth] += 1
        depth += 1
        fresh = True
    return found[:count], costs[:count], nodes, True


def cost_of(graph: Graph, piece: Bools, profit: Floats | None = None) -> float:
    """The weight of arcs that leave a piece, minus its profits."""
    owner = np.repeat(np.arange(graph.n), np.diff(graph.start))
    leaving: Any = graph.weight[piece[owner] & ~piece[graph.to]].sum()
    return float(leaving) - (0.0 if profit is None else float(profit[piece].sum()))
