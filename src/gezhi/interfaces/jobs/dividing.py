"""One community's blocks put to the districting engine, once for each aim of a proposal.

An aim is a choice of the engine's options: how even, what besides households must be even, how dear it is to move a
household. Blocks are coarse (half a dozen make a grid), so what is too even for them is asked for less even, step by
step; the certificate that comes with the plan is of the step that was reached.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gezhi.engines import districting as engine
from gezhi.engines.districting import Certificate, Infeasible, Plan, Units
from gezhi.modules.territory.runs import Options

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
EVENER = (1.0, 1.5, 2.0, 3.0, 5.0)  # steps of the tolerance
LEAST_EVEN = 0.99
BALANCED, EVEN_WORK = 0.34, 1.5  # what the tolerance is multiplied by: for households alone; for the workload
UNLIKE = 0.25  # how much cheaper a boundary between unlike compounds is, for each step of the weight
KEPT = 0.02  # metres of boundary, by the mean of its pieces, that a household is worth for each step of the weight
ALONG = 0.4  # what share of its length a boundary along a road counts
ORDER = ("optimal", "gap", "pairwise", "none")


@dataclass(frozen=True)
class Ground:
    """What the engine is told of one community: blocks by number, who touches whom over how many metres, and where a
    road runs between. `around`: metres of a block's boundary that no block shares."""

    inside: Labels
    households: Floats
    workload: Floats
    kinds: tuple[str, ...]
    areas: Floats
    around: Floats
    edges: tuple[Labels, Labels, Floats]
    roads: npt.NDArray[np.bool_]
    today: Labels
    grids: int


def divided(
    ground: Ground, options: Options, aim: str, *, seconds: float, goes_on: Callable[[float], bool]
) -> tuple[Labels, Certificate]:
    """The grid of each block of a community, numbered from 0, and what is known of the plan.

    `goes_on` is told the share that is done and answers whether to go on. Raises Infeasible where even the loosest
    demand cannot be met, engine.Cancelled where nobody wants it any more.
    """
    if ground.grids == 1 or len(ground.households) == 1:
        return np.zeros(len(ground.households), np.int64), Certificate("optimal")
    units, wanted = _units(ground, options), _options(ground, options, aim)
    steps = [min(LEAST_EVEN, wanted.tolerance * step) for step in EVENER] + [LEAST_EVEN]
    last: Infeasible | None = None
    best: Plan | None = None
    for n, tolerance in enumerate(dict.fromkeys(steps)):
        work = {
            name: min(LEAST_EVEN, share * tolerance / wanted.tolerance) for name, share in wanted.tolerances.items()
        }
        here = _with(wanted, tolerance, work, seconds / (1 if n == 0 else 2))
        try:
            best = engine.solve(units, here, cancelled=_watch(goes_on, n / len(steps)))
        except Infeasible as impossible:
            last = impossible
            continue
        if best.metrics.feasible:
            break
    if best is None:
        raise last or Infeasible("These blocks cannot be divided.")
    return best.grid.astype(np.int64), best.certificate


def _with(wanted: engine.Options, tolerance: float, work: Mapping[str, float], seconds: float) -> engine.Options:
    return replace(wanted, tolerance=tolerance, tolerances=work, seconds=max(0.5, seconds))


def _watch(goes_on: Callable[[float], bool], share: float) -> Callable[[], bool]:
    """Asks at most twice a second whether the run is still wanted."""
    asked = 0.0
    gone = False

    def cancelled() -> bool:
        nonlocal asked, gone
        if time.monotonic() - asked >= 0.5:
            asked = time.monotonic()
            gone = not goes_on(share)
        return gone

    return cancelled


def _units(ground: Ground, options: Options) -> Units:
    one, other, metres = ground.edges
    kinds = np.array(ground.kinds, object)
    unlike = kinds[one] != kinds[other]
    weighed = np.where(unlike, metres * (1 - UNLIKE * options.alike), metres)
    return Units(
        ids=[str(n) for n in range(len(ground.households))],
        households=ground.households,
        one=one,
        other=other,
        length=weighed,
        barrier=ground.roads.astype(np.int8),
        area=ground.areas,
        outer=ground.around,
        resources={"workload": ground.workload},
        fields={"today": [None if grid < 0 else int(grid) for grid in ground.today]},
    )


def _options(ground: Ground, options: Options, aim: str) -> engine.Options:
    even = options.tolerance / 100
    mean = float(ground.edges[2].mean()) if len(ground.edges[2]) else 1.0
    asked = KEPT * mean * options.least_change
    kept = {"least_change": max(10 * asked, KEPT * mean * 10), "balanced": asked}.get(aim, asked / 2)
    known = bool((ground.today >= 0).any())
    worked = aim == "workload" and float(ground.workload.sum()) >= 3 * ground.grids
    return engine.Options(
        k=ground.grids,
        tolerance=even * BALANCED if aim == "balanced" else even,
        tolerances={"workload": min(LEAST_EVEN, even * EVEN_WORK)} if worked else {},
        current="today" if known and kept else "",
        change_weight=kept if known else 0.0,
        closed=(),
        cheaper={"arterial": ALONG},
        workers=1,
    )


def weaker(one: Certificate, other: Certificate) -> Certificate:
    """What two communities' certificates say of both: the weaker one, with the larger gap."""
    gaps = [c.gap for c in (one, other) if c.gap is not None]
    kind = max(one.kind, other.kind, key=lambda known: ORDER.index(known) if known in ORDER else len(ORDER))
    return Certificate(kind, max(gaps) if gaps else None)
