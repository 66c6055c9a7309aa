"""Units and options in, a plan with its certificate out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from gezhi.engines.districting.division import Division, Task, divide
from gezhi.engines.districting.graph import Ints, cut_weight
from gezhi.engines.districting.plan import (
    Cancelled,
    Certificate,
    Infeasible,
    Metrics,
    Options,
    Plan,
    broken,
    polsby_popper,
)
from gezhi.engines.districting.search import Clock, Outcome, search
from gezhi.engines.districting.units import Units, listed

Progress = Callable[[float], None]
CLOSE = 5.0  # per cent: a gap within which it says more than that all pairs are best


def solve(
    units: Units,
    options: Options,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Plan:
    """Divide the units. `progress` is told a share from 0 to 1, from this thread; `cancelled` is asked often.

    A plan that is not within the limits has metrics.feasible False: none was found in the time, none is ruled out.
    Raises BadUnits (a sentence), Infeasible (proven, with the reason) or Cancelled.
    """
    tell = _rising(progress or (lambda share: None))
    gone = cancelled or (lambda: False)
    division = divide(units, options)
    began, total = time.monotonic(), sum(len(task.members) for task in division.tasks) or 1
    grid, outcomes, done = division.grid.copy(), [], 0
    step = 1.0 if options.objective == "edges" else 0.0
    for task in division.tasks:
        base, share = done / total, len(task.members) / total
        left = began + options.seconds - time.monotonic()
        seconds = max(0.5, left * len(task.members) / max(1, total - done))
        clock = Clock(time.monotonic() + seconds, lambda part, b=base, s=share: tell(b + s * part), gone)  # type: ignore[misc]
        if gone():
            raise Cancelled
        outcome = search(task, options.seed, options.workers, step, clock)
        if outcome.impossible:
            raise _impossible(units, task, outcome)
        outcomes.append(outcome)
        grid[task.members] = task.first + outcome.labels
        done += len(task.members)
    tell(1.0)
    return Plan(
        grid, division.names, _certificate(outcomes), _metrics(units, options, division, grid, outcomes), options.seed
    )


def proposals(
    units: Units,
    options: Options,
    seeds: Sequence[int],
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Plan]:
    """A plan for each seed, in equal parts of the time, the best first. Raises what `solve` raises."""
    tell, plans = progress or (lambda share: None), []
    for number, seed in enumerate(seeds):
        here = replace(options, seed=seed, seconds=options.seconds / len(seeds))
        base = number / len(seeds)
        plans.append(
            solve(units, here, progress=lambda part, b=base: tell(b + part / len(seeds)), cancelled=cancelled)  # type: ignore[misc]
        )
    return sorted(plans, key=lambda plan: (not plan.metrics.feasible, plan.metrics.objective))


def _rising(progress: Progress) -> Progress:
    """Never tells less than it told before."""
    most = [0.0]

    def tell(share: float) -> None:
        most[0] = max(most[0], min(1.0, share))
        progress(most[0])

    return tell


def _impossible(units: Units, task: Task, outcome: Outcome) -> Infeasible:
    inside = f" in zone {task.where}" if task.where else ""
    low, high = f"{task.low[0]:.6g}", f"{task.high[0]:.6g}"
    told = {"n": len(task.members), "grids": task.k, "low": low, "high": high}
    fits = (
        f"The {told['n']} units{inside} cannot be divided into {task.k} connected grids of {low} to {high} households"
    )
    if not outcome.uncovered:
        return Infeasible(f"{fits}: every way to do it has been ruled out.", "ruled_out", **told)
    ids = listed([units.ids[i] for i in task.members[list(outcome.uncovered)]])
    sentence = f"{fits}: among others, no set of such grids has room for unit {ids}."
    return Infeasible(sentence, "no_room", **told, units=ids)


def _certificate(outcomes: Sequence[Outcome]) -> Certificate:
    cost, bound = sum(one.cost for one in outcomes), sum(one.bound for one in outcomes)
    if not all(one.feasible for one in outcomes):
        return Certificate("none", None, "No plan within the limits was found in the time; none is ruled out.")
    if all(one.optimal for one in outcomes):
        return Certificate("optimal", 0.0)
    gap = 100 * (cost - bound) / cost if bound > 0 and cost > 0 else None
    if gap is not None and gap <= CLOSE:
        return Certificate("gap", gap)
    if all(one.optimal or one.pairwise for one in outcomes):
        return Certificate("pairwise", gap)
    return Certificate("none", gap, "Time ran out before anything was proven.")


def _metrics(units: Units, options: Options, division: Division, grid: Ints, outcomes: Sequence[Outcome]) -> Metrics:
    k = len(division.names)
    cut = grid[units.one] != grid[units.other]
    away, moved, moving = 0.0, 0.0, 0.0
    for task, outcome in zip(division.tasks, outcomes, strict=True):
        held = np.bincount(outcome.labels, task.loads[0], task.k)
        mean = float(task.mean[0])
        away = max(away, float(np.abs(held - mean).max()) / mean if mean else 0.0)
        gone = (task.home >= 0) & (task.home != outcome.labels)
        moved += float(units.households[task.members][gone].sum())
        moving += float(task.leave[gone].sum())
    disconnected = broken(division.graph, grid)
    return Metrics(
        feasible=all(one.feasible for one in outcomes),
        k=k,
        max_deviation=away,
        cut_length=float(units.length[cut].sum()),
        cut_edges=int(cut.sum()),
        polsby_popper=polsby_popper(units, grid, k),
        disconnected=disconnected,
        moved=moved,
        objective=(cut_weight(division.graph, grid) + moving) / division.scale,
    )
