"""Simulated annealing of a plan: units change their grid, or two change places, and no grid ever falls apart.

A move is drawn at the border of two grids, priced from the arcs of the moved units alone, and accepted by Metropolis'
rule; only then the grid that loses a unit is tested for being in one piece: first around the unit, and only if that
does not tell, through the grid. Grids outside their limits pay a price that grows as the temperature falls. The
walk is cut into slices by the caller, who may look at the clock in between; the same seed gives the same walk.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gezhi.engines.districting.graph import Floats, Graph, Ints, cut_weight


class Walk(NamedTuple):
    """What a walk needs and changes. n units, k grids, r resources.

    `labels` (n); `loads` (r × n); `low`, `high` (r): limits of a grid; `fixed` (n): may not move; `home` (n): grid
    in the current plan or -1, `leave` (n): what it costs to be elsewhere; `held` (k × r) and `size` (k): loads and
    units of a grid; `member` (k × room), `slot` (n): lists of a grid's units; `foreign` (n): arcs to other grids;
    `border`, `border_slot` (n): list of units that have some; `sums` (6): cost, violation, border units, best cost,
    best violation, moves; `best` (n); `random` (1): state of the generator; `mark`, `queue` (n) and `tick` (1): for
    searches."""

    labels: Ints
    loads: Floats
    low: Floats
    high: Floats
    fixed: NDArray[np.bool_]
    home: Ints
    leave: Floats
    held: Floats
    size: Ints
    member: Ints
    slot: Ints
    foreign: Ints
    border: Ints
    border_slot: Ints
    sums: Floats
    best: Ints
    random: NDArray[np.uint64]
    mark: Ints
    queue: Ints
    tick: Ints


class Schedule(NamedTuple):
    """From hot to cold in `steps`: temperature in units of weight, `stiff` the price per 1 % outside the limits."""

    steps: int
    hot: float
    cold: float
    soft: float
    stiff: float
    swaps: float


def begin(
    graph: Graph,
    labels: Ints,
    k: int,
    loads: Floats,
    low: Floats,
    high: Floats,
    fixed: NDArray[np.bool_],
    home: Ints,
    leave: Floats,
    seed: int,
) -> Walk:
    """A walk that stands at a connected plan of k grids."""
    n = len(labels)
    room = int(min(n, max(3 * np.bincount(labels, minlength=k).max(), 12 * n // k + 64)))
    walk = Walk(
        labels.astype(np.int64).copy(), loads, low, high, fixed, home, leave,
        np.zeros((k, len(low))), np.zeros(k, np.int64), np.zeros((k, room), np.int64), np.zeros(n, np.int64),
        np.zeros(n, np.int64), np.zeros(n, np.int64), np.full(n, -1, np.int64),
        np.array([0.0, 0.0, 0.0, np.inf, np.inf, 0.0]), labels.astype(np.int64).copy(),
        np.array([seed * 2 + 1], np.uint64), np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(1, np.int64),
    )  # fmt: skip
    _settle(graph, walk)
    return walk


@njit(cache=True, nogil=True)
def _chance(random: NDArray[np.uint64]) -> float:
    """The next number in [0, 1): splitmix64."""
    random[0] += np.uint64(0x9E3779B97F4A7C15)
    z = random[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return np.float64(z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True)
def _outside(amount: float, low: float, high: float) -> float:
    """By which share of the middle an amount lies outside its limits."""
    if amount > high:
        return 2.0 * (amount - high) / (low + high)
    if amount < low:
        return 2.0 * (low - amount) / (low + high)
    return 0.0


@njit(cache=True, nogil=True)
def _settle(graph: Graph, walk: Walk) -> None:
    """Everything that follows from the labels, counted anew."""
    n, k = walk.labels.size, walk.size.size
    walk.held[:] = 0.0
    walk.size[:] = 0
    walk.foreign[:] = 0
    walk.border_slot[:] = -1
    cost = cut_weight(graph, walk.labels)
    borders = 0
    for v in range(n):
        g = walk.labels[v]
        walk.member[g, walk.size[g]] = v
        walk.slot[v] = walk.size[g]
        walk.size[g] += 1
        for r in range(walk.low.size):
            walk.held[g, r] += walk.loads[r, v]
        if walk.home[v] >= 0 and walk.home[v] != g:
            cost += walk.leave[v]
        for arc in range(graph.start[v], graph.shut[v]):
            if walk.labels[graph.to[arc]] != g:
                walk.foreign[v] += 1
        if walk.foreign[v] > 0:
            walk.border[borders] = v
            walk.border_slot[v] = borders
            borders += 1
    violation = 0.0
    for g in range(k):
        for r in range(walk.low.size):
            violation += _outside(walk.held[g, r], walk.low[r], walk.high[r])
    walk.sums[0] = cost
    walk.sums[1] = violation
    walk.sums[2] = borders


@njit(cache=True, nogil=True)
def stays_whole(graph: Graph, labels: Ints, v: int, mark: Ints, queue: Ints, tick: Ints) -> bool:
    """Whether v's grid is still there and in one piece without v."""
    g = labels[v]
    tick[0] += 2
    near, far = tick[0] - 1, tick[0]
    wanted = 0
    first = -1
    for arc in range(graph.start[v], graph.shut[v]):
        u = graph.to[arc]
        if labels[u] == g:
            mark[u] = near
            first = u
            wanted += 1
    if wanted <= 1:
        return wanted == 1
    mark[first] = far
    queue[0] = first
    head, tail = 0, 1
    wanted -= 1
    while head < tail:  # among the neighbours alone
        x = queue[head]
        head += 1
        for arc in range(graph.start[x], graph.shut[x]):
            u = graph.to[arc]
            if mark[u] == near:
                mark[u] = far
                queue[tail] = u
                tail += 1
                wanted -= 1
                if wanted == 0:
                    return True
    mark[v] = far
    head = 0
    while head < tail:  # on through the grid
        x = queue[head]
        head += 1
        for arc in range(graph.start[x], graph.shut[x]):
            u = graph.to[arc]
            if mark[u] != far and labels[u] == g:
                if mark[u] == near:
                    wanted -= 1
                    if wanted == 0:
                        return True
                mark[u] = far
                queue[tail] = u
                tail += 1
    return False


@njit(cache=True, nogil=True)
def _move(graph: Graph, walk: Walk, v: int, to: int) -> None:
    """v changes its grid; all lists follow."""
    g = walk.labels[v]
    last = walk.member[g, walk.size[g] - 1]
    walk.member[g, walk.slot[v]] = last
    walk.slot[last] = walk.slot[v]
    walk.size[g] -= 1
    walk.member[to, walk.size[to]] = v
    walk.slot[v] = walk.size[to]
    walk.size[to] += 1
    for r in range(walk.low.size):
        walk.held[g, r] -= walk.loads[r, v]
        walk.held[to, r] += walk.loads[r, v]
    walk.labels[v] = to
    for arc in range(graph.start[v], graph.shut[v]):
        u = graph.to[arc]
        if walk.labels[u] == g:
            walk.foreign[v] += 1
            walk.foreign[u] += 1
            _at_border(walk, u)
        elif walk.labels[u] == to:
            walk.foreign[v] -= 1
            walk.foreign[u] -= 1
            _at_border(walk, u)
    _at_border(walk, v)


@njit(cache=True, nogil=True)
def _at_border(walk: Walk, u: int) -> None:
    """The border list knows u if, and only if, it has an arc to another grid."""
    count = np.int64(walk.sums[2])
    if walk.foreign[u] > 0 and walk.border_slot[u] < 0:
        walk.border[count] = u
        walk.border_slot[u] = count
        walk.sums[2] += 1
    elif walk.foreign[u] == 0 and walk.border_slot[u] >= 0:
        last = walk.border[count - 1]
        walk.border[walk.border_slot[u]] = last
        walk.border_slot[last] = walk.border_slot[u]
        walk.border_slot[u] = -1
        walk.sums[2] -= 1


@njit(cache=True, nogil=True)
def _partner(graph: Graph, walk: Walk, v: int, a: int, b: int) -> int:
    """A unit of b that could take v's place in a, drawn at random; -1 if some draws found none."""
    for _ in range(8):
        x = walk.member[b, np.int64(_chance(walk.random) * walk.size[b])]
        if walk.fixed[x] or walk.foreign[x] == 0:
            continue
        for arc in range(graph.start[x], graph.shut[x]):
            u = graph.to[arc]
            if u != v and walk.labels[u] == a:
                return int(x)
    return -1


@njit(cache=True, nogil=True)
def _price(graph: Graph, walk: Walk, v: int, a: int, b: int) -> float:
    """What it costs that v goes from a to b, limits aside."""
    cost = 0.0
    for arc in range(graph.start[v], graph.start[v + 1]):
        g = walk.labels[graph.to[arc]]
        if g == a:
            cost += graph.weight[arc]
        elif g == b:
            cost -= graph.weight[arc]
    if walk.home[v] == a:
        cost += walk.leave[v]
    elif walk.home[v] == b:
        cost -= walk.leave[v]
    return cost


@njit(cache=True, nogil=True)
def _excess(walk: Walk, v: int, x: int, a: int, b: int) -> tuple[float, float]:
    """By how much the violation grows, and the price of it per unit of stiffness: v to b, x (if any) to a."""
    more = 0.0
    price = 0.0
    for r in range(walk.low.size):
        shift = walk.loads[r, v]
        if x >= 0:
            shift -= walk.loads[r, x]
        for g, amount in ((a, -shift), (b, shift)):
            was = _outside(walk.held[g, r], walk.low[r], walk.high[r])
            now = _outside(walk.held[g, r] + amount, walk.low[r], walk.high[r])
            more += now - was
            price += 100.0 * (now - was) + 2000.0 * (now * now - was * was)
            if (now > 0.0) != (was > 0.0):  # a hair outside is outside
                hair = 4.0 * (walk.high[r] - walk.low[r]) / (walk.high[r] + walk.low[r])
                price += hair if now > 0.0 else -hair
    return more, price


@njit(cache=True, nogil=True)
def _target(graph: Graph, walk: Walk, v: int) -> int:
    """A grid beside v, by a random arc; -1 if the arc stays inside."""
    span = graph.shut[v] - graph.start[v]
    offset = np.int64(_chance(walk.random) * span)
    for j in range(span):
        g = walk.labels[graph.to[graph.start[v] + (offset + j) % span]]
        if g != walk.labels[v]:
            return int(g)
    return -1


@njit(cache=True, nogil=True)
def _allowed(graph: Graph, walk: Walk, v: int, x: int, b: int) -> bool:
    """Whether both grids stay in one piece: v to b, then x (if any) from b to v's grid."""
    if not stays_whole(graph, walk.labels, v, walk.mark, walk.queue, walk.tick):
        return False
    if x < 0:
        return True
    a = walk.labels[v]
    walk.labels[v] = b
    whole = stays_whole(graph, walk.labels, x, walk.mark, walk.queue, walk.tick)
    walk.labels[v] = a
    return whole


@njit(cache=True, nogil=True)
def anneal(graph: Graph, walk: Walk, schedule: Schedule, first: int, last: int) -> None:  # noqa: PLR0912 (one compiled loop)
    """Steps `first` to `last` of the schedule. The best plan so far is in walk.best, its figures in
    walk.sums[3:5]."""
    room = walk.member.shape[1]
    since = 0
    often = max(20, walk.labels.size // 8)
    temperature, stiff = schedule.hot, schedule.soft
    for step in range(first, last):
        if (step & 255) == 0 or step == first:
            share = step / schedule.steps
            temperature = schedule.hot * (schedule.cold / schedule.hot) ** share
            stiff = schedule.soft * (schedule.stiff / schedule.soft) ** share
        count = np.int64(walk.sums[2])
        if count == 0:
            return
        v = walk.border[np.int64(_chance(walk.random) * count)]
        if walk.fixed[v]:
            continue
        a = walk.labels[v]
        b = _target(graph, walk, v)
        if b < 0 or walk.size[b] >= room - 1:
            continue
        x = -1
        if _chance(walk.random) < schedule.swaps:
            x = _partner(graph, walk, v, a, b)
            if x < 0:
                continue
        elif walk.size[a] <= 1:
            continue
        cost = _price(graph, walk, v, a, b)
        if x >= 0:
            cost += _price(graph, walk, x, b, a)
            for arc in range(graph.start[v], graph.start[v + 1]):
                if graph.to[arc] == x:
                    cost += 2.0 * graph.weight[arc]
        more, price = _excess(walk, v, x, a, b)
        worse = cost + stiff * price
        if worse > 0.0 and _chance(walk.random) >= np.exp(-worse / temperature):
            continue
        if not _allowed(graph, walk, v, x, b):
            continue
        _move(graph, walk, v, b)
        if x >= 0:
            _move(graph, walk, x, a)
        walk.sums[0] += cost
        walk.sums[1] += more
        walk.sums[5] += 1
        since += 1
        if since >= often or walk.labels.size <= 4000:
            since = 0
            _remember(walk)
    _settle(graph, walk)
    _remember(walk)


@njit(cache=True, nogil=True)
def _remember(walk: Walk) -> None:
    """Keep the plan if it violates less than the best, or as little at lower cost."""
    cost, violation, best_cost, best_violation = walk.sums[0], walk.sums[1], walk.sums[3], walk.sums[4]
    if violation < best_violation - 1e-12 or (violation <= best_violation + 1e-12 and cost < best_cost - 1e-9):
        walk.best[:] = walk.labels
        walk.sums[3] = cost
        walk.sums[4] = max(violation, 0.0)
