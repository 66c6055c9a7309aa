"""One task from start to certificate: several walks, mending, the exact way where it is small, else pair by pair."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from gezhi.engines.districting.annealing import Schedule, Walk, anneal, begin
from gezhi.engines.districting.division import Task
from gezhi.engines.districting.exact import Answer, Problem, best_plan
from gezhi.engines.districting.graph import Bools, Ints, cut_weight
from gezhi.engines.districting.mending import mended, outside
from gezhi.engines.districting.pairs import polish
from gezhi.engines.districting.plan import Cancelled
from gezhi.engines.districting.starting import first_plan, made_whole

SMALL = 200  # up to so many units the exact way is tried
ROOMY = 40  # units a grid, above which boundaries are few and walks start hot
HARVEST = 500  # steps between two looks for pieces that the exact way may want
SPEED = 600_000  # steps a second that a slow machine makes
PIECE_NODES = 400_000  # a search for pieces is given up after so many


@dataclass
class Clock:
    """How much time a task has, whether anybody still wants it, and whom to tell how far it is."""

    end: float
    told: Callable[[float], None]
    cancelled: Callable[[], bool]
    stop: bool = False

    def left(self) -> float:
        """Seconds."""
        return 0.0 if self.stop else self.end - time.monotonic()

    def over(self) -> bool:
        """Whether time is up. Raises Cancelled."""
        if self.cancelled():
            self.stop = True
            raise Cancelled
        return self.left() <= 0


@dataclass
class Outcome:
    """The best plan found (t), whether it is within the limits, and what is proven: its bound in the graph's weights,
    that every pair is best, that there is no plan (the units that fit nowhere are in `uncovered`)."""

    labels: Ints
    feasible: bool
    cost: float
    bound: float = 0.0
    optimal: bool = False
    pairwise: bool = False
    impossible: bool = False
    uncovered: tuple[int, ...] = ()


@dataclass
class _Best:
    """The best of several walks, and the pieces they came by."""

    labels: Ints
    violation: float = np.inf
    cost: float = np.inf
    pool: dict[bytes, Bools] = field(default_factory=dict)

    def take(self, walk: Walk) -> None:
        cost, violation = float(walk.sums[3]), float(walk.sums[4])
        violation = 0.0 if violation < 1e-12 else violation
        if (violation, cost) < (self.violation, self.cost - 1e-9):
            self.labels, self.violation, self.cost = walk.best.copy(), violation, cost


def search(task: Task, seed: int, workers: int, step: float, clock: Clock) -> Outcome:
    """`step`: all costs are multiples of it, or 0. Raises Cancelled."""
    n = task.graph.n
    if task.k in (1, n):
        labels = np.arange(n) if task.k == n else np.zeros(n, np.int64)
        held = np.stack([np.bincount(labels, load, task.k) for load in task.loads], axis=1)
        fits = bool(((held >= task.low) & (held <= task.high)).all())
        alike = task.k == n and bool((task.home >= 0).any())
        cost = 0.0 if task.k == 1 else float(task.graph.weight.sum()) / 2
        wrong = np.flatnonzero(((held < task.low) | (held > task.high)).any(axis=1))
        return Outcome(labels, fits, cost, cost, fits and not alike, fits, not fits, tuple(wrong.tolist()))
    best = _walks(task, seed, workers, clock)
    outcome = Outcome(best.labels, best.violation == 0.0, best.cost)
    moving = bool((task.leave > 0).any())
    if not outcome.feasible and (n > SMALL or moving):
        outcome.labels = mended(task, best.labels, clock.over)
        outcome.feasible = not outside(task, outcome.labels).any()
    if n <= SMALL and not moving:
        _exactly(task, best, outcome, step, clock)
    if outcome.feasible and not outcome.optimal and not clock.over():
        done = polish(task, outcome.labels, clock.over, lambda share: clock.told(0.7 + 0.3 * share))
        outcome.labels, outcome.pairwise = done.labels, done.certain
        away = (task.home >= 0) & (task.home != done.labels)
        outcome.cost = cut_weight(task.graph, done.labels) + float(task.leave[away].sum())
    clock.told(1.0)
    return outcome


def _exactly(task: Task, best: _Best, outcome: Outcome, step: float, clock: Clock) -> None:
    clock.told(0.6)
    problem = Problem(task.graph, task.loads, task.low, task.high, task.k, step, clock.left)
    known = outcome.labels if outcome.feasible else None
    answer: Answer = best_plan(problem, pool=best.pool.values(), labels=known, nodes=PIECE_NODES)
    clock.over()
    outcome.bound, outcome.impossible, outcome.uncovered = answer.bound, answer.impossible, answer.uncovered
    if answer.labels is not None:
        outcome.labels, outcome.feasible, outcome.cost = answer.labels, True, answer.cost
        outcome.optimal = answer.optimal


def _effort(n: int, k: int, workers: int, seconds: float) -> tuple[int, int]:
    """How many walks, of how many steps: what is worth while, and what the time allows."""
    if n <= 600 and n > ROOMY * k:
        runs, each = 16, 1200 * n
    else:
        runs, each = (6, 3500 * n) if n <= 600 else (2, 4000 * n) if n <= 6000 else (2, 3000 * n)
    turns = -(-runs // max(1, workers))
    affordable = int(0.6 * seconds * SPEED / turns)
    return runs, max(2000, min(max(each, 20_000), affordable))


def _schedule(task: Task, steps: int, today: bool) -> Schedule:
    """Tuned on invented quarters and published graphs, not those the bench reports."""
    n, k = task.graph.n, task.k
    if n > ROOMY * k:
        return Schedule(steps, 0.5 if today else 3.0, 0.15, 0.2, 6.0, 0.2)
    if n <= SMALL:  # warmer: the exact way wants many pieces
        return Schedule(steps, 0.5 if today else 1.5, 0.15, 0.02, 6.0, 0.3)
    return Schedule(steps, 0.25 if today else 0.5, 0.05, 0.033, 10.0, 0.3)


def _walks(task: Task, seed: int, workers: int, clock: Clock) -> _Best:
    """Several annealed plans from different starts, side by side."""
    seconds = max(0.1, clock.left())
    runs, steps = _effort(task.graph.n, task.k, workers, seconds)
    late = time.monotonic() + 0.7 * seconds
    made = [0.0] * runs
    best = _Best(np.zeros(task.graph.n, np.int64))
    with ThreadPoolExecutor(max(1, workers)) as crew:
        todo: list[Future[_Best]] = [
            crew.submit(_walk, task, seed * 1009 + run, steps, late, clock, made, run) for run in range(runs)
        ]
        try:
            while wait(todo, timeout=0.1).not_done:
                clock.over()
                clock.told(0.6 * sum(made) / runs)
        except BaseException:
            clock.stop = True
            crew.shutdown(cancel_futures=True)
            raise
    for one in todo:
        walked = one.result()
        best.pool |= walked.pool
        if (walked.violation, walked.cost) < (best.violation, best.cost - 1e-9):
            best.labels, best.violation, best.cost = walked.labels, walked.violation, walked.cost
    return best


def _walk(task: Task, seed: int, steps: int, late: float, clock: Clock, made: list[float], run: int) -> _Best:
    best = _Best(np.zeros(task.graph.n, np.int64))
    today = run % 2 == 0 and bool((task.home >= 0).all())
    start = task.home.copy() if today else first_plan(task.graph, task.loads[0], task.k, task.places, seed)
    start = made_whole(task.graph, start, task.loads[0], task.k) if today else start
    for mending in range(4):
        walk = begin(
            task.graph, start, task.k, task.loads, task.low, task.high, np.zeros(task.graph.n, np.bool_), task.home,
            task.leave, seed + mending,
        )  # fmt: skip
        if mending == 0:
            schedule = _schedule(task, steps, today)
        else:  # what is left outside the limits comes in at any price
            schedule = Schedule(max(steps // 8, 20_000), 0.25, 0.04, 20.0, 100.0, 0.4)
        for done in _slices(task, walk, schedule, late, clock, best):
            made[run] = max(made[run], done)
        best.take(walk)
        if best.violation == 0.0 or clock.left() <= 0:
            break
        start = best.labels
    made[run] = 1.0
    return best


def _slices(task: Task, walk: Walk, schedule: Schedule, late: float, clock: Clock, best: _Best) -> Iterator[float]:
    """Walk the schedule in slices; after each, how much of it is done. Late walks jump to the cold end."""
    small = task.graph.n <= SMALL
    slice_ = HARVEST if small else 100_000
    first = 0
    for turn in count():
        last = min(first + slice_, schedule.steps)
        anneal(task.graph, walk, schedule, first, last)
        if small:
            _harvest(task, walk, best)
        if last == schedule.steps or clock.stop:
            return
        first = last
        if turn % 32 == 0 or not small:
            yield last / schedule.steps
            if time.monotonic() > late and first < 0.9 * schedule.steps:
                first = int(0.9 * schedule.steps)


def _harvest(task: Task, walk: Walk, best: _Best) -> None:
    fits = ((walk.held >= task.low) & (walk.held <= task.high)).all(axis=1)
    for grid in np.flatnonzero(fits).tolist():
        piece = walk.labels == grid
        key = np.packbits(piece).tobytes()
        if key not in best.pool:
            best.pool[key] = piece
