"""Neighbouring grids divided anew between themselves, as well as it can be done: a polish and a certificate.

Two grids are one graph to be cut in two pieces within the limits; the cheapest cut is found by `pricing`. When that is
done for every pair of neighbours and none gets better, the plan is pairwise optimal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gezhi.engines.districting.cutting import IN
from gezhi.engines.districting.division import Task
from gezhi.engines.districting.graph import Graph, Ints, part
from gezhi.engines.districting.pricing import pieces_below

NODES = 20_000  # a pair is given up after so many


@dataclass
class Polished:
    """The plan (n), how many pairs there were at the end, and for how many it is proven that nothing is better."""

    labels: Ints
    pairs: int
    proven: int

    @property
    def certain(self) -> bool:
        """Whether every pair is proven."""
        return self.proven == self.pairs


def polish(task: Task, labels: Ints, stopped: Callable[[], bool], told: Callable[[float], None]) -> Polished:
    """Divide each pair of neighbours anew until none gets better; expects a plan within the limits."""
    labels = labels.copy()
    waiting = dict.fromkeys(neighbours(task.graph, labels))
    proven: set[tuple[int, int]] = set()
    members = [np.flatnonzero(labels == grid) for grid in range(task.k)]
    total, done = max(1, len(waiting)), 0
    while waiting and not stopped():
        pair = next(iter(waiting))
        del waiting[pair]
        better, certain = divide_pair(task, labels, members, pair)
        if certain:
            proven.add(pair)
        if better is not None:
            both = np.concatenate([members[pair[0]], members[pair[1]]])
            labels[both] = np.where(better, pair[0], pair[1])
            members[pair[0]], members[pair[1]] = both[better], both[~better]
            touched = {other for other in neighbours(task.graph, labels) if set(other) & set(pair) and other != pair}
            proven -= touched
            waiting |= dict.fromkeys(sorted(touched))
        done += 1
        told(min(1.0, done / total))
    now = neighbours(task.graph, labels)
    return Polished(labels, len(now), len(proven & set(now)))


def neighbours(graph: Graph, labels: Ints) -> list[tuple[int, int]]:
    """Pairs of grids with an open arc between them, each once, in order."""
    owner = np.repeat(np.arange(graph.n), np.diff(graph.start))
    open_ = np.arange(len(graph.to)) < graph.shut[owner]
    a, b = labels[owner], labels[graph.to]
    here = open_ & (a < b)
    found = np.unique(np.stack([a[here], b[here]], axis=1), axis=0)
    return [(int(one), int(other)) for one, other in found]


def divide_pair(
    task: Task, labels: Ints, members: list[Ints], pair: tuple[int, int]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]] | None, bool]:
    """A better first half of the two grids' units (in order of members), or None; whether nothing is better than what
    there is then."""
    one, other = members[pair[0]], members[pair[1]]
    both = np.concatenate([one, other])
    graph, _ = part(task.graph, both)
    loads = np.ascontiguousarray(task.loads[:, both])
    total = loads.sum(axis=1)
    low, high = np.maximum(task.low, total - task.high), np.minimum(task.high, total - task.low)
    home, leave = task.home[both], task.leave[both]
    profit = leave * (home == pair[0]) - leave * (home == pair[1])
    state = np.zeros(len(both), np.int8)
    if not profit.any():  # the halves are alike: one unit may be said to be in the first
        state[int(np.argmax(loads[0]))] = IN
    cut = np.repeat(np.arange(graph.n) < len(one), np.diff(graph.start))
    now = float(graph.weight[cut & (graph.to >= len(one))].sum()) - float(profit[: len(one)].sum())
    if not profit.any() and now <= 1e-9:
        return None, True
    found = pieces_below(
        graph, profit, loads, low, high, now - 1e-6, state=state, whole=True, tighten=True, nodes=NODES
    )
    if not len(found.costs):
        return None, found.complete
    return found.pieces[int(np.argmin(found.costs))], found.complete
