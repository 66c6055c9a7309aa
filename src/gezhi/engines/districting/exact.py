"""The best plan with a proof where it is small: column generation over pieces, then a choice among the few that matter.

Every plan is a choice of k connected pieces within limits that hold each unit once. The linear relaxation of that
choice is solved by column generation; pieces enter by `pricing`, whose last, complete search gives a bound on every
plan (Lagrange). Where the bound does not reach the best plan, all pieces whose reduced cost is below the difference are
listed: no other piece can be in a better plan. HiGHS then chooses among them.

Source: set partitioning by columns, after Garfinkel and Nemhauser (1970) and Mehrotra, Johnson and Nemhauser (1998).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from gezhi.engines.districting.cutting import IN
from gezhi.engines.districting.graph import Bools, Floats, Graph, Ints, cut_weight
from gezhi.engines.districting.pricing import Found, cost_of, pieces_below

SMOOTH = 0.6  # how much of the best prices so far goes into the next ones asked about
SLACK = 1e-4  # pieces that would gain less than this are not asked for


@dataclass
class Problem:
    """Divide a graph into k pieces with `loads` (r × n) within low … high, cutting little. `step`: all costs are
    multiples of it (1 for numbers of edges), 0 if they may be anything."""

    graph: Graph
    loads: Floats
    low: Floats
    high: Floats
    k: int
    step: float = 0.0
    left: Callable[[], float] = lambda: 3600.0  # seconds

    def stopped(self) -> bool:
        """Whether time is up."""
        return self.left() <= 0


@dataclass
class Answer:
    """What is known: the best plan (n) or None, its cost, a bound on all plans, and whether none exists at all."""

    labels: Ints | None
    cost: float = np.inf
    bound: float = 0.0
    impossible: bool = False
    uncovered: tuple[int, ...] = ()

    @property
    def optimal(self) -> bool:
        """Whether the plan is proven best."""
        return self.labels is not None and self.bound >= self.cost - 1e-6 * max(1.0, self.cost)


@dataclass
class _Master:
    """The linear programme over the pieces known so far, with artificial units at a high price."""

    problem: Problem
    price: float
    halves: Graph = field(init=False)
    pieces: list[Bools] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    known: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        graph, n, k = self.problem.graph, self.problem.graph.n, self.problem.k
        self.halves = graph._replace(weight=graph.weight / 2)
        self.solver = _solver()
        for row in range(n + 1):
            bound = 1.0 if row < n else float(k)
            self.solver.addRow(bound, bound, 0, np.array([], np.int32), np.array([], float))
        for row in range(n + 1):
            for sign in (1.0, -1.0):
                self.solver.addCol(self.price, 0, highspy.kHighsInf, 1, np.array([row], np.int32), np.array([sign]))

    def add(self, pieces: Iterable[Bools]) -> int:
        """How many were new."""
        new = 0
        for piece in pieces:
            key = np.packbits(piece).tobytes()
            if key in self.known:
                continue
            self.known.add(key)
            self.pieces.append(piece)
            self.costs.append(cost_of(self.halves, piece))
            rows = np.append(np.flatnonzero(piece), len(piece)).astype(np.int32)
            self.solver.addCol(self.costs[-1], 0, highspy.kHighsInf, len(rows), rows, np.ones(len(rows)))
            new += 1
        return new

    def solve(self) -> tuple[Floats, float]:
        """Prices of units and, last, of a piece; and the value."""
        self.solver.run()
        prices = np.array(self.solver.getSolution().row_dual)
        return prices, float(self.solver.getInfo().objective_function_value)

    def artificial(self) -> Ints:
        """Units that the pieces do not yet hold exactly once; n stands for the number of pieces."""
        used = np.array(self.solver.getSolution().col_value)[: 2 * (self.problem.graph.n + 1)]
        return np.flatnonzero(used.reshape(-1, 2).sum(axis=1) > 1e-7)


def best_plan(problem: Problem, *, pool: Iterable[Bools], labels: Ints | None, nodes: int) -> Answer:
    """Look for the best plan, knowing a pool of pieces and maybe a plan; `nodes` limits each search for pieces."""
    answer = Answer(labels, np.inf if labels is None else cut_weight(problem.graph, labels))
    if problem.k == 2:
        return _two(problem, answer, nodes)
    worth = float(problem.graph.weight.sum()) / 2 if labels is None else answer.cost
    price = worth / 4
    while True:
        master = _Master(problem, price)
        master.add(pool)
        prices, value, bound, complete = _generate(master, answer, nodes)
        answer.bound = max(answer.bound, bound)
        if answer.optimal or not complete:
            return answer
        missing = master.artificial()
        if not len(missing):
            break
        if price > 1000 * worth:
            answer.impossible, answer.uncovered = True, tuple(int(v) for v in missing if v < problem.graph.n)
            return answer
        pool, price = master.pieces, price * 20
    return _choose(master, answer, prices, value, nodes)


def _generate(master: _Master, answer: Answer, nodes: int) -> tuple[Floats, float, float, bool]:
    """Add pieces until none is missing: prices, value, the best bound, and whether it came to that."""
    problem = master.problem
    centre: Floats | None = None
    best = -np.inf
    while not problem.stopped():
        prices, value = master.solve()
        for share in (SMOOTH, 0.0) if centre is not None else (0.0,):
            asked = prices if centre is None else share * centre + (1 - share) * prices
            found = _ask(master, asked, asked[-1] - SLACK, nodes, 100)
            if found.complete:
                least = min(float(found.costs.min()) - asked[-1], -SLACK) if len(found.costs) else -SLACK
                bound = float(asked[:-1].sum() + problem.k * (asked[-1] + least))
                if bound > best:
                    best, centre = bound, asked
                if _reached(answer, best, problem.step):
                    answer.bound = answer.cost
                    return prices, value, best, True
            elif found.nodes > nodes:
                return prices, value, best, False
            if centre is None:
                centre = asked
            if master.add(found.pieces):
                break
        else:
            return prices, value, best, True
    return np.zeros(0), 0.0, best, False


def _ask(master: _Master, prices: Floats, below: float, nodes: int, room: int) -> Found:
    problem = master.problem
    return pieces_below(
        master.halves, prices[:-1], problem.loads, problem.low, problem.high, below, nodes=nodes, room=room
    )


def _reached(answer: Answer, bound: float, step: float) -> bool:
    """Whether the bound shows that no plan is better than the one at hand."""
    return answer.labels is not None and bound > answer.cost - step * (1 - 1e-6) - 1e-9 * max(1.0, answer.cost)


def _choose(master: _Master, answer: Answer, prices: Floats, value: float, nodes: int) -> Answer:
    """List the pieces that may be in a better plan, or one cheaper than a rising sum, and choose among them."""
    problem = master.problem
    rise = max(1.5 * problem.step, 0.01 * value)
    answer.bound = max(answer.bound, value - 2 * problem.k * SLACK)
    while not problem.stopped():
        known = answer.labels is not None
        gap = answer.cost - problem.step * (1 - 1e-6) - value if known else rise
        gap = max(min(gap, max(rise, 0.0)), 0.0) + 2 * problem.k * SLACK
        found = _ask(master, prices, prices[-1] + gap, nodes, 60_000)
        if not found.complete:
            return answer
        plan, cost, closed = _partition(problem, found.pieces, found.costs + prices[:-1] @ found.pieces.T)
        if plan is not None and cost < answer.cost - 1e-9:
            answer.labels, answer.cost = plan, cost
        if not closed:
            return answer
        # Nothing unlisted is cheaper than value + gap; what is listed has been searched through.
        answer.bound = max(answer.bound, min(answer.cost, value + gap - 2 * problem.k * SLACK))
        if answer.labels is not None and _reached(answer, value + gap - 2 * problem.k * SLACK, problem.step):
            answer.bound = answer.cost
            return answer
        rise *= 2
    return answer


def _partition(problem: Problem, pieces: Bools, costs: Floats) -> tuple[Ints | None, float, bool]:
    """The cheapest choice of k pieces that holds each unit once: plan or None, cost, and whether that is proven."""
    if not len(pieces):
        return None, np.inf, True
    solver = _solver()
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 1e-7)
    n = problem.graph.n
    for row in range(n + 1):
        bound = 1.0 if row < n else float(problem.k)
        solver.addRow(bound, bound, 0, np.array([], np.int32), np.array([], float))
    for piece, cost in zip(pieces, costs.tolist(), strict=True):
        rows = np.append(np.flatnonzero(piece), n).astype(np.int32)
        solver.addCol(cost, 0, 1, len(rows), rows, np.ones(len(rows)))
    kind: NDArray[np.object_] = np.array([highspy.HighsVarType.kInteger] * len(pieces))
    solver.changeColsIntegrality(len(pieces), np.arange(len(pieces), dtype=np.int32), kind)
    solver.setOptionValue("time_limit", max(0.1, problem.left()))
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None, np.inf, True
    chosen = np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5)
    if not len(chosen) or (pieces[chosen].sum(axis=0) != 1).any():
        return None, np.inf, False
    labels = np.argmax(pieces[chosen], axis=0).astype(np.int64)
    return labels, cut_weight(problem.graph, labels), status == highspy.HighsModelStatus.kOptimal


def _two(problem: Problem, answer: Answer, nodes: int) -> Answer:
    """Two pieces need no programme: one cheapest piece whose rest is a piece."""
    total = problem.loads.sum(axis=1)
    low, high = np.maximum(problem.low, total - problem.high), np.minimum(problem.high, total - problem.low)
    state = np.zeros(problem.graph.n, np.int8)
    state[int(np.argmax(problem.loads[0]))] = IN
    below = answer.cost - problem.step / 2 - 1e-9 if np.isfinite(answer.cost) else np.inf
    below = min(below, float(problem.graph.weight.sum()) + 1.0)
    found = pieces_below(
        problem.graph, np.zeros(problem.graph.n), problem.loads, low, high, below, state=state, whole=True,
        tighten=True, nodes=nodes,
    )  # fmt: skip
    if len(found.costs):
        answer.labels = (~found.pieces[int(np.argmin(found.costs))]).astype(np.int64)
        answer.cost = cut_weight(problem.graph, answer.labels)
    if found.complete:
        answer.impossible = answer.labels is None
        answer.bound = answer.cost if answer.labels is not None else 0.0
    return answer


def _solver() -> Any:
    solver = (
        highspy._core._Highs()
    )  # not highspy.Highs: that one greets on standard output before it can be told not to
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    return solver
