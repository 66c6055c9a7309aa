"""A first plan to improve on: the units halved again and again, evened out by a power diagram, then made whole.

With places (x, y) the halves are cut across the longer side; without, along the distance from a far unit, counted in
steps. Nothing here respects the limits; annealing does that.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order
from scipy.spatial import cKDTree

from gezhi.engines.districting.graph import Bools, Floats, Graph, Ints, pieces

ROUNDS = 120


def first_plan(graph: Graph, load: Floats, k: int, places: Floats | None, seed: int) -> Ints:
    """k connected grids, none empty, of roughly the same load; `places` is n × 2 or None. Needs k ≤ n."""
    random = np.random.default_rng(seed)
    labels = np.zeros(graph.n, np.int64)
    if k > 1:
        turned = None if places is None else places @ _turn(random.uniform(0, np.pi))
        _halve(graph, load, k, turned, np.arange(graph.n), labels, 0, random)
        if places is not None and graph.n > 3 * k:
            labels = _evened(places, load, labels, k, random)
    return made_whole(graph, labels, load, k)


def _turn(angle: float) -> Floats:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _halve(
    graph: Graph, load: Floats, k: int, places: Floats | None, members: Ints, labels: Ints, first: int,
    random: np.random.Generator,
) -> None:  # fmt: skip
    """Give `members` the labels first … first + k - 1."""
    if k == 1:
        labels[members] = first
        return
    left = k // 2
    order = _along(graph, members, random) if places is None else _across(places[members])
    held = np.cumsum(load[members[order]])
    at = int(np.searchsorted(held, held[-1] * left / k))
    at = min(max(at, left), len(members) - (k - left))
    _halve(graph, load, left, places, members[order[:at]], labels, first, random)
    _halve(graph, load, k - left, places, members[order[at:]], labels, first + left, random)


def _across(places: Floats) -> NDArray[np.intp]:
    return np.argsort(places[:, int(np.ptp(places[:, 0]) < np.ptp(places[:, 1]))], kind="stable")


def _along(graph: Graph, members: Ints, random: np.random.Generator) -> NDArray[np.intp]:
    """Members in order of their steps from one far away; those that cannot be reached come last."""
    whole = csr_matrix((np.ones(len(graph.to)), graph.to, graph.start), (graph.n, graph.n))
    inner = whole[members][:, members]
    far = int(random.integers(len(members)))
    for _ in range(3):
        order = breadth_first_order(inner, far, directed=False, return_predecessors=False)
        far = int(order[-1])
    rest = np.setdiff1d(np.arange(len(members)), order)
    return np.concatenate([order, rest]).astype(np.intp)


def _evened(places: Floats, load: Floats, labels: Ints, k: int, random: np.random.Generator) -> Ints:
    """The units of a centroidal power diagram: centres move to the middle of their units, and full ones shrink."""
    centres = np.stack([_mean(places[:, axis], load, labels, k) for axis in (0, 1)], axis=1)
    scale = float(np.ptp(places[:, 0]) * np.ptp(places[:, 1])) / k or 1.0
    power, best, least = np.zeros(k), labels, np.inf
    flat = np.c_[places, np.zeros(len(places))]
    for turn in range(ROUNDS):
        lifted = np.c_[centres, np.sqrt(power.max() - power)]
        owner = np.asarray(cKDTree(lifted).query(flat)[1], np.int64)
        over = np.bincount(owner, load, k) * k / load.sum() - 1
        if (spread := float(np.square(over).mean())) < least:
            best, least = owner, spread
        settling = turn < 0.7 * ROUNDS
        if settling:
            held = np.bincount(owner, minlength=k) > 0
            middle = np.stack([_mean(places[:, axis], load, owner, k) for axis in (0, 1)], axis=1)
            centres[held] += 0.5 * (middle[held] - centres[held])
            if not held.all():  # an empty one goes where it is full
                full = np.argsort(-over)[: int((~held).sum())]
                centres[~held] = centres[full] + random.normal(0, 0.05 * np.sqrt(scale), (len(full), 2))
                power[~held] = power[full]
        power -= scale * (0.12 if settling else 0.04) * np.clip(over, -1, 1)
    return best


def _mean(values: Floats, load: Floats, labels: Ints, k: int) -> Floats:
    weight = load + 1e-9 * (load.mean() + 1e-300)
    return np.asarray(np.bincount(labels, weight * values, k) / np.maximum(np.bincount(labels, weight, k), 1e-300))


def made_whole(graph: Graph, labels: Ints, load: Floats, k: int, fixed: NDArray[np.bool_] | None = None) -> Ints:
    """Each of k grids one piece and not empty: loose pieces go to a neighbour, empty grids take a part of a full one.

    Fixed units keep their label; where they lie apart, the grid stays in pieces."""
    still = np.zeros(graph.n, bool) if fixed is None else fixed
    labels = labels.copy()
    for _ in range(4 * graph.n):
        piece = pieces(graph, labels)
        if _attach(graph, labels, piece, load, still, k):
            continue
        empty = np.flatnonzero(np.bincount(labels, minlength=k) == 0)
        if not len(empty):
            break
        _split_fullest(graph, labels, load, k, int(empty[0]), still)
    return labels


def _attach(graph: Graph, labels: Ints, piece: Ints, load: Floats, still: NDArray[np.bool_], k: int) -> bool:
    """Give each loose piece to the neighbour it shares the longest edge with. False if there was none to give."""
    count = int(piece.max()) + 1
    held = np.bincount(piece, load, count) + 1e-9 * np.bincount(piece, minlength=count)
    held += np.where(np.bincount(piece[still], minlength=count) > 0, load.sum() + 1.0, 0.0)
    owner = np.zeros(count, np.int64)
    owner[piece] = labels
    main = np.zeros(count, bool)
    order = np.lexsort((-held, owner))
    main[order[np.r_[True, owner[order][1:] != owner[order][:-1]]]] = True
    pinned = np.zeros(count, bool)
    pinned[piece[still]] = True
    return bool(_hand_over(graph, labels, piece, ~main & ~pinned, k))


@njit(cache=True, nogil=True)
def _hand_over(graph: Graph, labels: Ints, piece: Ints, loose: Bools, k: int) -> int:
    """Loose pieces that touch a piece that is not loose take the label they share most with; how many did."""
    count = loose.size
    order = np.argsort(piece, kind="mergesort")
    shared = np.zeros(k)
    given = 0
    at = 0
    fresh = labels.copy()
    for p in range(count):
        end = at
        while end < piece.size and piece[order[end]] == p:
            end += 1
        if loose[p]:
            shared[:] = -1.0
            for i in range(at, end):
                v = order[i]
                for arc in range(graph.start[v], graph.shut[v]):
                    u = graph.to[arc]
                    if piece[u] != p and not loose[piece[u]]:
                        shared[labels[u]] = max(shared[labels[u]], 0.0) + graph.weight[arc]
            best = np.argmax(shared)
            if shared[best] >= 0.0:
                for i in range(at, end):
                    fresh[order[i]] = best
                given += 1
        at = end
    labels[:] = fresh
    return given


def _split_fullest(graph: Graph, labels: Ints, load: Floats, k: int, empty: int, still: NDArray[np.bool_]) -> None:
    """The empty grid takes about half of the fullest one that can be split."""
    free = np.bincount(labels[~still], minlength=k)
    size = np.bincount(labels, minlength=k)
    held = np.where((size > 1) & (free > 0), np.bincount(labels, load + 1e-9, k), -1.0)
    members = np.flatnonzero(labels == int(np.argmax(held)))
    order = members[_along(graph, members, np.random.default_rng(len(members)))][::-1]
    order = order[~still[order]]
    at = int(np.searchsorted(np.cumsum(load[order]), load[members].sum() / 2))
    labels[order[: min(max(at, 1), len(members) - 1)]] = empty
