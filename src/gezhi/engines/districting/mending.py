"""Grids left outside their limits: some grids around each walk alone, or are divided anew by the exact way.

Walks move one unit at a time; where a grid has a handful of units, that may never come within the limits although a
plan does. A few grids around the worst one are few units, for which the exact way finds a division if there is any.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gezhi.engines.districting.annealing import Schedule, anneal, begin
from gezhi.engines.districting.division import Task
from gezhi.engines.districting.exact import Problem, best_plan
from gezhi.engines.districting.graph import Bools, Floats, Ints, part
from gezhi.engines.districting.pairs import neighbours

NODES = 60_000  # a search for pieces is given up after so many
MOST = 120  # units that are divided anew at once
SIZES = (2, 3, 4, 5, 6, 8)  # grids that are
WIDE = (3, 5, 8, 12, 16, 24)  # grids that walk alone
STEPS = 1_500  # a unit of such a walk


def mended(task: Task, labels: Ints, over: Callable[[], bool]) -> Ints:
    """The plan with as many grids brought within the limits as could be; `over()`: whether time is up."""
    labels = labels.copy()
    hopeless: set[int] = set()
    while not over():
        away = outside(task, labels)
        away[list(hopeless)] = 0.0
        worst = int(np.argmax(away))
        if away[worst] <= 0:
            break
        if not _mend(task, labels, worst, over):
            hopeless.add(worst)
    return labels


def outside(task: Task, labels: Ints) -> Floats:
    """By which share of the middle each grid is outside its limits."""
    held = np.stack([np.bincount(labels, load, task.k) for load in task.loads], axis=1)
    beyond = np.maximum(held - task.high, 0) + np.maximum(task.low - held, 0)
    away: Floats = (beyond / np.maximum(task.low + task.high, 1e-300)).sum(axis=1)
    return away


def _mend(task: Task, labels: Ints, worst: int, over: Callable[[], bool]) -> bool:
    """Divide ever more grids around the worst anew, until that comes out within the limits; changes `labels`."""
    beside: dict[int, list[int]] = {}
    for one, other in neighbours(task.graph, labels):
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    for size in WIDE:
        chosen = _around(beside, [worst], min(size, task.k))
        members = np.flatnonzero(np.isin(labels, chosen))
        if not over() and _walked(task, labels, members, np.array(sorted(chosen)), size):
            return True
    for start in beside.get(worst, []):
        chosen = [worst, start]
        for size in SIZES:
            chosen = _around(beside, chosen, min(size, task.k))
            members = np.flatnonzero(np.isin(labels, chosen))
            if len(members) > MOST or over():
                break
            if _again(task, labels, members, np.array(sorted(chosen)), over):
                return True
    return False


def _around(beside: dict[int, list[int]], chosen: list[int], size: int) -> list[int]:
    """More grids, each the one that has most neighbours among those chosen."""
    chosen = list(chosen)
    while len(chosen) < size:
        around = [grid for own in chosen for grid in beside.get(own, []) if grid not in chosen]
        if not around:
            break
        found, often = np.unique(around, return_counts=True)
        chosen.append(int(found[np.argmax(often)]))
    return chosen


def _walked(task: Task, labels: Ints, members: Ints, grids: Ints, seed: int) -> bool:
    """Try a short walk of some grids alone; changes `labels` if it came within the limits."""
    graph, _ = part(task.graph, members)
    loads, n = np.ascontiguousarray(task.loads[:, members]), len(members)
    now = np.searchsorted(grids, labels[members])
    still, home = np.zeros(n, np.bool_), np.full(n, -1, np.int64)
    walk = begin(graph, now, len(grids), loads, task.low, task.high, still, home, np.zeros(n), seed)
    anneal(graph, walk, Schedule(STEPS * n, 0.6, 0.05, 2.0, 50.0, 0.4), 0, STEPS * n)
    if walk.sums[4] > 1e-12:
        return False
    labels[members] = grids[walk.best]
    return True


def _again(task: Task, labels: Ints, members: Ints, grids: Ints, over: Callable[[], bool]) -> bool:
    graph, _ = part(task.graph, members)
    loads = np.ascontiguousarray(task.loads[:, members])
    k, total = len(grids), loads.sum(axis=1)
    if (total < k * task.low).any() or (total > k * task.high).any():
        return False
    now = np.searchsorted(grids, labels[members])
    pool = [now == grid for grid in range(k)]
    held = np.stack([np.bincount(now, load, k) for load in loads], axis=1)
    fits: Bools = np.asarray(((held >= task.low) & (held <= task.high)).all(axis=1))
    problem = Problem(graph, loads, task.low, task.high, k, 0.0, lambda: 0.0 if over() else 5.0)
    answer = best_plan(problem, pool=[p for p, good in zip(pool, fits, strict=True) if good], labels=None, nodes=NODES)
    if answer.labels is None:
        return False
    from scipy.optimize import linear_sum_assignment

    common = np.zeros((k, k))
    np.add.at(common, (answer.labels, now), loads[0])
    _, name = linear_sum_assignment(-common)  # each piece is called as most of it was
    labels[members] = grids[name[answer.labels]]
    return True
