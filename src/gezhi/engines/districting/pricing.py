"""All connected pieces of a graph within limits that cost less than a given price: branch and bound by maximum flow.

The cost of a piece S is the weight of the arcs that leave it minus the profits of its units. Without the limits the
cheapest S is a minimum cut; the first limit enters by a multiplier on loads, which is searched at each node, and what
flows at a node flows on in its children. Units that cannot be reached, or without which the load does not suffice, are
settled without branching. Every piece below the price is found, or the search says that it was not complete.

Source of the bound: Lagrangian relaxation of the knapsack in minimum cuts; of the flow: Dinic's level graphs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gezhi.engines.districting.graph import Bools, Floats, Graph, Ints

HAIR = 1e-9
FREE, IN, OUT = 0, 1, 2


class Found(NamedTuple):
    """Pieces (c × n) with their costs (c), nodes visited, and whether these are all there are."""

    pieces: Bools
    costs: Floats
    nodes: int
    complete: bool


class _Node(NamedTuple):
    """One node of the search tree. `excess` is what a unit still costs (> 0) or brings (< 0) after the flow;
    `held`: load of the units that are in; `sums`: cost so far, multiplier."""

    residual: Floats
    excess: Floats
    state: NDArray[np.int8]
    held: Floats
    sums: Floats


class _Desk(NamedTuple):
    """Room to work in: levels, next arcs, queue, path, marks, smallest and largest cheapest sets, their difference."""

    level: Ints
    at: Ints
    queue: Ints
    path: Ints
    mark: Ints
    least: Bools
    most: Bools
    between: Bools


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
def _levels(graph, node, desk):  # type: ignore[no-untyped-def]
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
def _walk(graph, node, desk, source, nearest):  # type: ignore[no-untyped-def]
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
def _flow(graph, node, desk, enough):  # type: ignore[no-untyped-def]
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
def _spread(graph, desk, root, state, shut):  # type: ignore[no-untyped-def]
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
def _put(node, loads, v, state):  # type: ignore[no-untyped-def]
    """Settle a free unit."""
    node.state[v] = state
    if state == IN:
        for r in range(node.held.size):
            node.held[r] += loads[r, v]
        node.sums[0] += node.excess[v]
        node.excess[v] = 0.0


@njit(cache=True, nogil=True)
def _settle(graph, node, desk, loads, low, high, whole):  # type: ignore[no-untyped-def]  # noqa: PLR0912
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
            _spread(graph, desk, other, node.state, IN)
            for v in range(n):
                if desk.mark[v] == 0 and node.state[v] == OUT:
                    return False
                if desk.mark[v] == 0 and node.state[v] == FREE:
                    _put(node, loads, v, IN)
                    root = v
        if root >= 0:
            _spread(graph, desk, root, node.state, OUT)
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
                    _put(node, loads, v, IN)
                    changed = True
            if node.held[r] > high[r] or reach < low[r]:
                return False
    return True


@njit(cache=True, nogil=True)
def _free_gain(node):  # type: ignore[no-untyped-def]
    total = 0.0
    for v in range(node.state.size):
        if node.state[v] == FREE and node.excess[v] < 0.0:
            total += node.excess[v]
    return total


@njit(cache=True, nogil=True)
def _rest(multiplier, low, high):  # type: ignore[no-untyped-def]
    return multiplier * high if multiplier > 0.0 else multiplier * low


@njit(cache=True, nogil=True)
def _fits(graph, desk, chosen, loads, low, high, whole, state):  # type: ignore[no-untyped-def]
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
    if _spread(graph, desk, root, state, OUT) != count:
        return False
    return not whole or (other >= 0 and _spread(graph, desk, other, state, IN) == chosen.size - count)


@njit(cache=True, nogil=True)
def _cheapest_sets(graph, node, desk, loads):  # type: ignore[no-untyped-def]
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


@njit(cache=True, nogil=True)
def _next_multiplier(now, step, lower, upper, up):  # type: ignore[no-untyped-def]
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
    return following


@njit(cache=True, nogil=True)
def _search(graph, profit, loads, low, high, below, begin, whole, tighten, room, limit):  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    n, arcs, resources = profit.size, graph.to.size, low.size
    deep = n + 2
    residual, excess = np.empty((deep, arcs)), np.empty((deep, n))
    state, held, sums = np.empty((deep, n), np.int8), np.empty((deep, resources)), np.empty((deep, 2))
    branch, turn = np.full(deep, -1, np.int64), np.zeros(deep, np.int8)
    desk = _Desk(
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
    first = _Node(residual[0], excess[0], state[0], held[0], sums[0])
    for v in range(n):
        if begin[v] != FREE:
            _put(first, loads, v, begin[v])
    mean = loads[0].sum() / n
    depth, nodes, fresh = 0, 0, True
    while depth >= 0:
        if fresh:
            fresh = False
            nodes += 1
            if nodes > limit:
                return found[:count], costs[:count], nodes, False
            node = _Node(residual[depth], excess[depth], state[depth], held[depth], sums[depth])
            alive = _settle(graph, node, desk, loads, low, high, whole)
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
                rest = _rest(multiplier, low[0], high[0])
                bound = node.sums[0] + _free_gain(node) - rest
                if bound >= below - HAIR:
                    alive = False
                    break
                bound += _flow(graph, node, desk, below - bound + 1e-6)
                node.sums[0] = bound + rest - _free_gain(node)
                best = max(best, bound)
                if bound >= below - HAIR:
                    alive = False
                    break
                small, large = _cheapest_sets(graph, node, desk, loads)
                for chosen, load in ((desk.least, small), (desk.most, large)):
                    if free == 0 or load < low[0] or load > high[0]:
                        continue
                    cost = bound + rest - multiplier * load
                    if cost >= below - HAIR or not _fits(graph, desk, chosen, loads, low, high, whole, spare):
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
                    hope = lower[3] + following * lower[2] - _rest(following, low[0], high[0])
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
                if cost < below - HAIR and _fits(graph, desk, desk.least, loads, low, high, whole, spare):
                    found[count] = desk.least
                    costs[count] = cost
                    count += 1
                    if tighten:
                        below = cost
                    if count >= room:
                        return found[:count], costs[:count], nodes, False
            elif alive:
                _fix_by_cost(node, loads, low, high, below)
                branch[depth] = _branch_on(graph, node, desk, loads)
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
        child = _Node(residual[depth + 1], excess[depth + 1], state[depth + 1], held[depth + 1], sums[depth + 1])
        _put(child, loads, branch[depth], IN if turn[depth] == 0 else OUT)
        turn[depth] += 1
        depth += 1
        fresh = True
    return found[:count], costs[:count], nodes, True


@njit(cache=True, nogil=True)
def _fix_by_cost(node, loads, low, high, below):  # type: ignore[no-untyped-def]
    """Settle units whose other choice would cost too much."""
    bound = node.sums[0] + _free_gain(node) - _rest(node.sums[1], low[0], high[0])
    for v in range(node.state.size):
        if node.state[v] != FREE:
            continue
        if node.excess[v] > 0.0 and bound + node.excess[v] >= below - HAIR:
            node.state[v] = OUT
        elif node.excess[v] < 0.0 and bound - node.excess[v] >= below - HAIR:
            _put(node, loads, v, IN)


@njit(cache=True, nogil=True)
def _branch_on(graph, node, desk, loads):  # type: ignore[no-untyped-def]
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


def cost_of(graph: Graph, piece: Bools, profit: Floats | None = None) -> float:
    """The weight of arcs that leave a piece, minus its profits."""
    owner = np.repeat(np.arange(graph.n), np.diff(graph.start))
    leaving: Any = graph.weight[piece[owner] & ~piece[graph.to]].sum()
    return float(leaving) - (0.0 if profit is None else float(profit[piece].sum()))
