"""From units and options to tasks: zones, fixed grids, groups that do not touch, each with its number of grids.

Whatever makes a plan impossible and can be told without searching is told here.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gezhi.engines.districting.graph import Bools, Floats, Graph, Ints, build, part, pieces
from gezhi.engines.districting.plan import Infeasible, Options
from gezhi.engines.districting.units import BARRIERS, BadUnits, Units, listed


@dataclass(frozen=True)
class Task:
    """Divide `members` (positions of t units) into k grids numbered from `first`. `loads` (r × t) within `low`, `high`
    (r); `mean` (r); `home` (t): the grid of today (0 … k - 1) or -1; `leave` (t): what leaving it costs."""

    where: str
    members: Ints
    graph: Graph
    loads: Floats
    low: Floats
    high: Floats
    mean: Floats
    k: int
    first: int
    home: Ints
    leave: Floats
    places: Floats | None


@dataclass(frozen=True)
class Division:
    """The tasks, the plan as far as it is fixed (n; -1 elsewhere), the names of all grids, and the graph of weights in
    which `scale` is one metre or edge."""

    tasks: tuple[Task, ...]
    grid: Ints
    names: tuple[str, ...]
    graph: Graph
    scale: float


def divide(units: Units, options: Options) -> Division:
    """Raises BadUnits or Infeasible."""
    units.check()
    options.check()
    graph, scale = _weighted(units, options)
    loads = _loads(units, options)
    grid = np.full(len(units), -1, np.int64)
    names: list[str] = []
    if options.fixed:
        _numbered(units.column(options.fixed), grid, names)
        _check_whole(units, graph, grid, names)
    free = np.flatnonzero(grid < 0)
    zones: dict[str, Ints] = {"": free} if len(free) else {}
    if options.nest:
        zones = _zones(units, options.nest, free)
    counts = _counts(units, options, zones, loads[0], len(names))
    today = units.column(options.current) if options.current else None
    tasks: list[Task] = []
    for zone, members in zones.items():
        groups = _groups(units, options, graph, loads, zone, members, counts[zone])
        for group, k, mean, low, high in groups:
            home, own = _home(today, group, k, loads[0], names)
            leave = units.households[group] * options.change_weight * scale * (home >= 0)
            places = None if units.places is None else units.places[group]
            inner = part(graph, group)[0]
            tasks.append(
                Task(
                    zone,
                    group,
                    inner,
                    np.ascontiguousarray(loads[:, group]),
                    low,
                    high,
                    mean,
                    k,
                    len(names),
                    home,
                    leave,
                    places,
                )
            )
            names += own
    return Division(tuple(tasks), grid, tuple(names), graph, scale)


def _weighted(units: Units, options: Options) -> tuple[Graph, float]:
    """The graph of what it costs to cut; a middling edge costs 1, or every edge where edges are counted."""
    weight = np.ones(len(units.one)) if options.objective == "edges" else units.length.astype(np.float64)
    closed: Bools = np.zeros(len(weight), bool)
    if units.barrier is not None:
        for code, name in enumerate(BARRIERS):
            here = units.barrier == code
            if name in options.closed:
                closed |= here
            if name in options.cheaper and options.objective == "boundary":
                weight = np.where(here, weight * options.cheaper[name], weight)
    scale = 1.0
    if options.objective == "boundary" and len(weight) and weight.mean() > 0:
        scale = 1.0 / float(weight.mean())
    return build(len(units), units.one, units.other, weight * scale, closed), scale


def _loads(units: Units, options: Options) -> Floats:
    """(r × n): households, weighted by the norms of compounds where there are some, then the resources with limits."""
    rows = [units.households.astype(np.float64)]
    if units.norm is not None and (units.norm > 0).any():
        usual = options.target or float(np.mean(units.norm[units.norm > 0]))
        rows[0] = rows[0] * usual / np.where(units.norm > 0, units.norm, usual)
    for name in options.tolerances:
        if name not in units.resources:
            have = ", ".join(sorted(units.resources)) or "none"
            raise BadUnits(f"The units have no resource “{name}”; they have: {have}.")
        rows.append(units.resources[name].astype(np.float64))
    return np.stack(rows)


def _numbered(values: Any, grid: Ints, names: list[str]) -> None:
    """Each value becomes a grid of its own."""
    for position, value in enumerate(values):
        if _given(value):
            if str(value) not in names:
                names.append(str(value))
            grid[position] = names.index(str(value))


def _check_whole(units: Units, graph: Graph, grid: Ints, names: list[str]) -> None:
    """Raises Infeasible naming the pieces of a fixed grid that does not hang together: it takes no other unit in."""
    piece = pieces(graph, grid)
    for number, name in enumerate(names):
        members = np.flatnonzero(grid == number)
        found = np.unique(piece[members])
        if len(found) > 1:
            parts = [listed([units.ids[i] for i in members[piece[members] == one]], 4) for one in found[:3]]
            barred = "" if graph.shut.tolist() == graph.start[1:].tolist() else " or are cut by a river or railway"
            raise Infeasible(
                f"The fixed grid “{name}” lies in {len(found)} pieces that do not touch{barred} "
                f"({' / '.join(parts)}); a fixed grid stays as it is and must hang together by itself."
            )


def _given(value: Any) -> bool:
    return value is not None and value != "" and not (isinstance(value, float) and isnan(value))


def _zones(units: Units, name: str, free: Ints) -> dict[str, Ints]:
    values = units.column(name)
    lost = [units.ids[i] for i in free if not _given(values[i])]
    if lost:
        raise BadUnits(f"Each unit needs a value in “{name}”; there is none in unit {listed(lost)}.")
    zones: dict[str, list[int]] = {}
    for i in free.tolist():
        zones.setdefault(str(values[i]), []).append(i)
    return {zone: np.array(members, np.int64) for zone, members in sorted(zones.items())}


def _counts(units: Units, options: Options, zones: dict[str, Ints], load: Floats, fixed: int) -> dict[str, int]:
    """How many grids each zone gets: in proportion to its load, at least one."""
    held = np.array([load[members].sum() for members in zones.values()])
    sizes = np.array([len(members) for members in zones.values()], np.int64)
    if options.k is None and (options.target or units.k is None):
        if not options.target:
            raise BadUnits("Say how many grids there should be, or how many households a grid should have.")
        with np.errstate(over="ignore"):
            counts = np.clip(np.round(held / options.target), 1, sizes).astype(np.int64)
        return dict(zip(zones, counts.tolist(), strict=True))
    wanted = options.k if options.k is not None else units.k or 1
    if wanted > len(units):
        raise BadUnits(f"{wanted} grids cannot be made of {len(units)} units.")
    rest = wanted - fixed
    if rest < len(zones):
        beside = f" beside {fixed} fixed grids" if fixed else ""
        many = f"{len(zones)} zones of “{options.nest}”" if options.nest else "the other units"
        raise BadUnits(f"{wanted} grids are too few{beside}: {many} need at least one each.")
    if rest > sizes.sum():
        raise BadUnits(f"{rest} more grids cannot be made of the {int(sizes.sum())} units that are not fixed.")
    counts = np.ones(len(zones), np.int64)
    for _ in range(rest - len(zones)):  # to the zone whose grids would be fullest (Webster)
        counts[int(np.argmax(np.where(counts < sizes, held / (counts + 0.5), -1.0)))] += 1
    return dict(zip(zones, counts.tolist(), strict=True))


Group = tuple[Ints, int, Floats, Floats, Floats]


def _groups(
    units: Units, options: Options, graph: Graph, loads: Floats, zone: str, members: Ints, k: int
) -> list[Group]:
    """The connected groups of a zone with their numbers of grids, means and limits."""
    mean = loads[:, members].sum(axis=1) / k
    shares = np.array([options.tolerance, *options.tolerances.values()])
    low, high = mean * (1 - shares), mean * (1 + shares)
    if units.low is not None:
        low[0] = units.low
    if units.high is not None:
        high[0] = units.high
    hair = 1e-9 * np.maximum(high, 1e-9)
    low, high = np.maximum(low - hair, 0.0), high + hair
    inside = f" in zone {zone}" if zone else ""
    held = loads[0, members]
    if (held > high[0]).any():
        large = listed([f"{units.ids[members[i]]} ({held[i]:g})" for i in np.flatnonzero(held > high[0])])
        most = f"{high[0]:.6g}"
        sentence = f"A grid{inside} may hold at most {most} households; more are in unit {large}."
        raise Infeasible(sentence, "too_large", most=most, units=large)
    total = float(held.sum())
    if not k * low[0] <= total <= k * high[0]:
        limits = {"low": f"{low[0]:.6g}", "high": f"{high[0]:.6g}"}
        sentence = f"{total:g} households{inside} cannot make {k} grids of {limits['low']} to {limits['high']}."
        raise Infeasible(sentence, "total", all=f"{total:g}", grids=k, **limits)
    labels = np.full(graph.n, -1, np.int64)
    labels[members] = 0
    piece = pieces(graph, labels)[members]
    groups = [members[piece == one] for one in np.unique(piece)]
    if len(groups) == 1:
        return [(members, k, mean, low, high)]
    numbers = _shared_out(units, loads[0], groups, low[0], high[0], k, inside)
    return [(group, number, mean, low, high) for group, number in zip(groups, numbers, strict=True)]


def _shared_out(
    units: Units, load: Floats, groups: list[Ints], low: float, high: float, k: int, inside: str
) -> list[int]:
    """How many grids each group gets that touches no other. Raises BadUnits naming the units cut off."""
    held = np.array([float(load[group].sum()) for group in groups])
    sizes = np.array([len(group) for group in groups])
    least = np.maximum(1, np.ceil(held / high - 1e-9)).astype(np.int64)
    most = np.floor(held / low + 1e-9).astype(np.int64) if low > 0 else np.full(len(groups), k, np.int64)
    most = np.minimum(most, sizes)
    for number in np.argsort(held, kind="stable").tolist():
        if least[number] > most[number]:
            ids = listed([units.ids[i] for i in groups[number]])
            raise BadUnits(
                f"Unit {ids} cannot be reached from the others{inside}: {held[number]:g} households there do not "
                f"make whole grids of {low:.6g} to {high:.6g}.",
                "cut_off", units=ids, homes=f"{held[number]:g}",
            )  # fmt: skip
    if not least.sum() <= k <= most.sum():
        raise BadUnits(
            f"The units{inside} lie in {len(groups)} groups that do not touch; together they make {least.sum()} to "
            f"{most.sum()} grids of {low:.6g} to {high:.6g}, not {k}.",
            "apart", groups=len(groups), grids=k,
        )  # fmt: skip
    counts = least.copy()
    for _ in range(k - int(least.sum())):
        counts[int(np.argmax(np.where(counts < most, held / (counts + 0.5), -1.0)))] += 1
    return [int(count) for count in counts]


def _home(today: Any, members: Ints, k: int, load: Floats, names: list[str]) -> tuple[Ints, list[str]]:
    """Which of the k grids each unit is in today, -1 where in none that is kept, and what the k grids are called."""
    home: NDArray[np.int64] = np.full(len(members), -1, np.int64)
    held: dict[str, float] = {}
    for i in members.tolist():
        if today is not None and _given(today[i]):
            held[str(today[i])] = held.get(str(today[i]), 0.0) + float(load[i])
    kept = [name for name in sorted(held, key=lambda name: -held[name]) if name not in names][:k]
    for position, i in enumerate(members.tolist()):
        if today is not None and _given(today[i]) and str(today[i]) in kept:
            home[position] = kept.index(str(today[i]))
    taken, number = {*names, *kept, *held}, len(names)
    while len(kept) < k:
        number += 1
        if str(number) not in taken:
            kept.append(str(number))
            taken.add(str(number))
    return home, kept
