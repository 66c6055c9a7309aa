"""One community's blocks put to the districting engine, once for each aim of a proposal.

An aim is a choice of the engine's options: how even, what besides households must be even, how dear it is to move a
household. Blocks are coarse (half a dozen make a grid), so what is too even for them is asked for less even, step by
step; the certificate that comes with the plan is of the step that was reached, and says no more than that. A block
with more households than a grid may hold is a grid of its own, because the norm warns and does not forbid.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gezhi.engines import districting as engine
from gezhi.engines.districting import BadUnits, Certificate, Infeasible, Units
from gezhi.engines.geometry import islands
from gezhi.modules.territory.runs import Options

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
EVENER = (1.0, 1.5, 2.0, 3.0, 5.0)  # steps of the tolerance
LEAST_EVEN = 0.99
BALANCED, EVEN_WORK = 0.34, 1.5  # what the tolerance is multiplied by: for households alone; for the workload
UNLIKE = 0.25  # how much cheaper a boundary between unlike compounds is, for each step of the weight
KEPT = 0.02  # metres of boundary, by the mean of its pieces, that a household is worth for each step of the weight
FEWEST_CASES = 3  # cases a grid, below which spreading them would follow chance
ALONG = {"arterial": 0.4, "railway": 0.2, "river": 0.2}  # what share of its length a boundary along one counts
CLOSED = ("river", "railway")  # no grid lies on both sides but where a bridge is
ORDER = ("optimal", "gap", "pairwise", "none")


@dataclass(frozen=True)
class Ground:
    """What the engine is told of one community: blocks by number, who touches whom over how many metres, and what runs
    between (a code of `engine.BARRIERS`). `norms`: households that make a grid in compounds of a block's kind.
    `around`: metres of a block's boundary that no block shares."""

    inside: Labels
    codes: tuple[str, ...]
    households: Floats
    population: Floats
    norms: Floats
    workload: Floats
    kinds: tuple[str, ...]
    areas: Floats
    around: Floats
    edges: tuple[Labels, Labels, Floats]
    barriers: npt.NDArray[np.int8]
    today: Labels
    grids: int


@dataclass(frozen=True)
class Divided:
    """What came of a community: the grid of each block, numbered from 0, what is known of the plan, how even it was
    asked to be in the end (a share; None where there was nothing to choose), the codes of blocks that are a grid of
    their own because of their size, whether the workload had to be left out, whether there were too few cases to ask
    for it at all, and whether grids cross what they should not."""

    labels: Labels
    certificate: Certificate
    within: float | None = None
    alone: tuple[str, ...] = ()
    work_left_out: bool = False
    few_cases: bool = False
    crossed: bool = False


def loads(households: Floats, norms: Floats, options: Options) -> Floats:
    """Households as they fill a grid: those of a kind with a smaller norm fill more of it."""
    return households * options.households / norms


def divided(ground: Ground, options: Options, aim: str, *, seconds: float, goes_on: Callable[[float], bool]) -> Divided:
    """Divide a community. `goes_on` is told the share that is done and answers whether to go on.

    Raises Infeasible or BadUnits where even the loosest demand cannot be met, engine.Cancelled where nobody wants it
    any more.
    """
    if ground.grids == 1 or len(ground.households) == 1:
        return Divided(np.zeros(len(ground.households), np.int64), Certificate("optimal"))
    wanted, few = _options(ground, options, aim), aim == "workload" and too_few(ground)
    steps, last, best = _steps(wanted, bool((ground.barriers > 1).any())), None, None
    for n, step in enumerate(steps):
        here = replace(step, seconds=max(0.5, seconds / (1 if n == 0 else 2)))
        try:
            best, sure = _once(ground, options, here, _watch(goes_on, n / len(steps)))
        except (Infeasible, BadUnits) as impossible:
            last = impossible
            continue
        best = replace(best, work_left_out=bool(wanted.tolerances) and not step.tolerances, few_cases=few)
        best = replace(best, crossed=_crosses(ground, best.labels))
        if sure:
            break
    if best is None:
        raise last or Infeasible("These blocks cannot be divided.")
    return best


def _steps(wanted: engine.Options, barred: bool) -> list[engine.Options]:
    """What is asked for, less and less even; then the same without the workload, where it was asked for;
    where rivers or railways run (`barred`), in the end across them."""
    evens = dict.fromkeys(min(LEAST_EVEN, wanted.tolerance * step) for step in EVENER)
    found = []
    for even in evens if wanted.tolerances else ():
        work = {name: min(LEAST_EVEN, share * even / wanted.tolerance) for name, share in wanted.tolerances.items()}
        found.append(replace(wanted, tolerance=even, tolerances=work))
    plain = [replace(wanted, tolerance=even, tolerances={}) for even in dict.fromkeys([*evens, LEAST_EVEN])]
    return [*found, *plain, *(replace(one, closed=()) for one in plain if barred)]


def _crosses(ground: Ground, labels: Labels) -> bool:
    """Does a grid lie on both sides of what is closed, with no other way between?"""
    one, other, _metres = ground.edges
    shut = np.isin(ground.barriers, [engine.BARRIERS.index(name) for name in CLOSED])
    inside = (labels[one] == labels[other]) & ~shut
    return len(set(islands(len(labels), one[inside], other[inside]).tolist())) > len(set(labels.tolist()))


def _once(
    ground: Ground, options: Options, asked: engine.Options, cancelled: Callable[[], bool]
) -> tuple[Divided, bool]:
    """A division at one step, and whether it is within what was asked. Raises as `divided`."""
    large = alone(ground, options, asked.tolerance)
    codes = tuple(code for code, own in zip(ground.codes, large.tolist(), strict=True) if own)
    left = _left(ground, options, large, asked.closed)
    if left == 1:
        labels = np.where(large, np.cumsum(large), 0).astype(np.int64)
        return Divided(labels, Certificate("optimal"), None, codes), True
    asked = replace(asked, k=len(codes) + left, fixed="alone" if codes else "")
    plan = engine.solve(_units(ground, options, large), asked, cancelled=cancelled)
    made = Divided(plan.grid.astype(np.int64), plan.certificate, asked.tolerance, codes)
    return made, plan.metrics.feasible


def alone(ground: Ground, options: Options, tolerance: float) -> Flags:
    """Which blocks have more households than a grid may hold; the rest shares the other grids, so what one of those may
    hold is reckoned anew after each such block."""
    found, held = np.zeros(len(ground.households), bool), loads(ground.households, ground.norms, options)
    while True:
        most = held[~found].sum() / _others(ground, options, found) * (1 + tolerance)
        over = ~found & (held > most * (1 + 1e-9))
        if not over.any():
            return found
        found |= over


def _others(ground: Ground, options: Options, large: Flags) -> int:
    """How many grids the other blocks make: what is left of the number asked for, or as the norm says."""
    count = ground.grids - int(large.sum())
    if large.any() and options.count is None:
        held = loads(ground.households, ground.norms, options)
        count = round(by_norm(held[~large].sum(), ground.population[~large].sum(), options))
    return max(1, min(count, int((~large).sum())))


def _left(ground: Ground, options: Options, large: Flags, closed: tuple[str, ...]) -> int:
    """As `_others`, but a grid at least for each group of blocks that touches no other but across what is closed."""
    rest = np.flatnonzero(~large)
    place = np.full(len(large), -1, np.int64)
    place[rest] = np.arange(len(rest))
    one, other, _metres = ground.edges
    shut = np.isin(ground.barriers, [engine.BARRIERS.index(name) for name in closed])
    kept = (place[one] >= 0) & (place[other] >= 0) & ~shut
    groups = len(set(islands(len(rest), place[one[kept]], place[other[kept]]).tolist()))
    return max(groups, _others(ground, options, large))


def by_norm(households: float, population: float, options: Options) -> float:
    """How many grids the norm asks for so many households and people."""
    return max(float(households) / options.households, float(population) / options.population)


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


def _units(ground: Ground, options: Options, large: Flags) -> Units:
    one, other, metres = ground.edges
    kinds = np.array(ground.kinds, object)
    unlike = kinds[one] != kinds[other]
    weighed = np.where(unlike, metres * (1 - UNLIKE * options.alike), metres)
    return Units(
        ids=ground.codes,
        households=ground.households,
        one=one,
        other=other,
        length=weighed,
        barrier=ground.barriers,
        area=ground.areas,
        outer=ground.around,
        norm=ground.norms,
        resources={"workload": ground.workload},
        fields={
            "today": [None if grid < 0 else int(grid) for grid in ground.today],
            "alone": [f"alone {code}" if own else None for code, own in zip(ground.codes, large.tolist(), strict=True)],
        },
    )


def too_few(ground: Ground) -> bool:
    """Are there too few cases to spread them?"""
    return float(ground.workload.sum()) < FEWEST_CASES * ground.grids


def _options(ground: Ground, options: Options, aim: str) -> engine.Options:
    even = options.tolerance / 100
    mean = float(ground.edges[2].mean()) if len(ground.edges[2]) else 1.0
    asked = KEPT * mean * options.least_change
    kept = {"least_change": max(10 * asked, KEPT * mean * 10), "balanced": asked}.get(aim, asked / 2)
    known = bool((ground.today >= 0).any())
    worked = aim == "workload" and not too_few(ground)
    return engine.Options(
        k=ground.grids,
        tolerance=even * BALANCED if aim == "balanced" else even,
        tolerances={"workload": min(LEAST_EVEN, even * EVEN_WORK)} if worked else {},
        current="today" if known and kept else "",
        change_weight=kept if known else 0.0,
        closed=CLOSED,
        cheaper=ALONG,
        workers=1,
    )


def weaker(one: Certificate, other: Certificate) -> Certificate:
    """What two communities' certificates say of both: the weaker one, with the larger gap."""
    gaps = [c.gap for c in (one, other) if c.gap is not None]
    kind = max(one.kind, other.kind, key=lambda known: ORDER.index(known) if known in ORDER else len(ORDER))
    return Certificate(kind, max(gaps) if gaps else None)
