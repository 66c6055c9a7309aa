"""What is asked for and what comes out: options, and a plan with its certificate and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import pi
from typing import Any, Literal

import numpy as np

from gezhi.engines.districting.graph import Floats, Graph, Ints, pieces
from gezhi.engines.districting.units import MOST, BadUnits, Reasoned, Units

LONGEST = 1e7  # seconds: nobody waits for months

Kind = Literal["optimal", "gap", "pairwise", "none", "infeasible"]


@dataclass(frozen=True)
class Certificate:
    """How good a plan is known to be, the strongest first.

    optimal: no plan within the limits is better. gap: none is better by more than `gap` per cent. pairwise: no two
    neighbouring grids can be divided better between themselves. none: nothing is proven. infeasible: no plan exists;
    `reason` says why. `gap` may be known beside the weaker ones, too.
    """

    kind: Kind
    gap: float | None = None
    reason: str = ""


class Infeasible(Reasoned):
    """No plan can satisfy what is asked, and that is certain. The message names the units or the zone."""

    def __init__(self, reason: str, key: str = "", **params: object) -> None:
        super().__init__(reason, key, **params)
        self.certificate = Certificate("infeasible", None, reason)


class Cancelled(Exception):
    """Whoever asked does not want it any more."""


@dataclass(frozen=True)
class Options:
    """What is wanted. One of `k` (grids), `target` (households a grid), or the units' own k.

    `tolerance`: share by which households of a grid may leave the mean; `tolerances`: the same for other resources
    by name, only those named count. `objective`: cut little boundary (metres) or few edges. `nest`: field with the
    zone of each unit; no grid crosses zones, each zone has its own number of grids and its own mean. `fixed`:
    field; the units with the same value are a grid that stays as it is. `current`: field with today's grid,
    `change_weight`: metres of boundary (or edges) it is worth that a household keeps its grid. `closed`: barriers
    that hold no grid together; `cheaper`: what share of its length a boundary along a barrier counts. `seed`: same
    seed, same plan, unless time ran out. `seconds`: about how long it may take; `workers`: threads."""

    k: int | None = None
    target: float | None = None
    tolerance: float = 0.05
    tolerances: Mapping[str, float] = field(default_factory=dict)
    objective: Literal["boundary", "edges"] = "boundary"
    nest: str = ""
    fixed: str = ""
    current: str = ""
    change_weight: float = 0.0
    closed: tuple[str, ...] = ("river", "railway")
    cheaper: Mapping[str, float] = field(default_factory=lambda: {"river": 0.25, "railway": 0.25, "arterial": 0.5})
    seed: int = 0
    seconds: float = 60.0
    workers: int = 2

    def check(self) -> None:
        """Raises BadUnits with what cannot be asked."""
        if self.k is not None and self.k < 1:
            raise BadUnits(f"There must be at least one grid; {self.k} were asked for.")
        if self.target is not None and not 0 < self.target <= MOST:
            raise BadUnits(
                f"The households a grid should have must be a number above 0, at most {MOST:g}; {self.target:g} is not."
            )
        for name, share in (("households", self.tolerance), *self.tolerances.items()):
            if not 0 <= share < 1:
                raise BadUnits(f"The tolerance of {name} is a share from 0 to below 1; {share} is not.")
        if not 0 <= self.change_weight <= MOST:
            raise BadUnits(f"The weight of changes must be a number from 0 to {MOST:g}; {self.change_weight:g} is not.")
        if not 0 < self.seconds <= LONGEST:
            raise BadUnits(f"The seconds it may take must be a number above 0, at most {LONGEST:g}.")


@dataclass(frozen=True)
class Metrics:
    """Figures of a plan. `max_deviation`: largest share by which a grid leaves the mean (of its zone; grids that
    were fixed do not count); `cut_length`: metres of boundary between grids; `polsby_popper`: mean over grids, None
    without outlines; `disconnected`: grids in several pieces; `moved`: households that change their grid;
    `objective`: what was made small."""

    feasible: bool
    k: int
    max_deviation: float
    cut_length: float
    cut_edges: int
    polsby_popper: float | None
    disconnected: int
    moved: float
    objective: float


@dataclass(frozen=True)
class Plan:
    """`grid` (n): number of the grid of each unit; `names` (k): what each is called."""

    grid: Ints
    names: tuple[str, ...]
    certificate: Certificate
    metrics: Metrics
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """The figures as one flat object."""
        m, c = self.metrics, self.certificate
        return {
            "feasible": m.feasible,
            "k": m.k,
            "max_deviation": round(m.max_deviation, 6),
            "cut_length": round(m.cut_length, 3),
            "cut_edges": m.cut_edges,
            "polsby_popper": None if m.polsby_popper is None else round(m.polsby_popper, 4),
            "disconnected": m.disconnected,
            "certificate": c.kind,
            "gap": None if c.gap is None else round(c.gap, 3),
        }


def broken(graph: Graph, grid: Ints) -> int:
    """How many grids lie in several pieces."""
    piece = pieces(graph, grid)
    first = np.unique(np.stack([grid, piece]), axis=1)[0]
    return int((np.bincount(first) > 1).sum())


def polsby_popper(units: Units, grid: Ints, k: int) -> float | None:
    """Mean of 4π·area / perimeter² over the grids; None where outlines are not known."""
    if units.area is None or units.outer is None:
        return None
    around: Floats = np.bincount(grid, units.outer, k).astype(np.float64)
    cut = grid[units.one] != grid[units.other]
    for end in (units.one, units.other):
        around += np.bincount(grid[end[cut]], units.length[cut], k)
    areas = np.bincount(grid, units.area, k)
    return float(np.mean(4 * pi * areas / np.maximum(around, 1e-12) ** 2))
