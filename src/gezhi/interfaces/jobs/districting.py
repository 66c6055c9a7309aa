"""From a run that was asked for to proposals: blocks and cases in, the districting engine, figures out.

Each community is divided by itself, because grids never cross its boundary; the progress of a run is the communities
done. What the engine is asked for each aim is in `dividing`. A run that is cancelled stops at its next report.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext_noop
from shapely.geometry import shape

from gezhi.engines.districting import BadUnits, Cancelled, Certificate, Infeasible
from gezhi.engines.geometry import shared_edges
from gezhi.engines.geometry.measure import flat
from gezhi.interfaces.jobs.dividing import Ground, divided, weaker
from gezhi.modules.cases import queries as cases
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import blocks, figures, runs
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.blocks import Blocks
from gezhi.modules.territory.runs import AIMS, Options, RunView

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
TOGETHER, SHORTEST, LONGEST = 300.0, 1.0, 8.0  # seconds: all communities; one at the least; one at the most
NONE = gettext_noop("No division of these blocks meets what was asked: some of them touch no others.")
BROKEN = gettext_noop("The run broke off. Ask for it again; if it breaks off again, tell the technical administrator.")


def draw(run: int, now: datetime) -> None:
    """Work a run to its end; one that is over or cancelled is left alone."""
    view = runs.take_up(run=run)
    if view is None:
        return
    try:
        ground, proposals = _proposed(view)
    except Cancelled:
        return
    except (Infeasible, BadUnits):
        runs.fail(run=run, message=NONE, now=now)
        return
    except Exception:
        runs.fail(run=run, message=BROKEN, now=now)
        raise
    runs.finish(run=run, ground=ground, proposals=proposals, now=now)


def _proposed(view: RunView) -> tuple[Blocks, list[dict[str, Any]]]:
    ground, options = blocks.of(view.scope), view.options
    level = switches.profile().grid_level or ""
    then = figures.today(view.layer, level, view.scope, ground)
    workload = _workload(view.scope, ground)
    communities = _communities(view, ground, then, workload)
    aims = _aims(options)
    seconds = min(LONGEST, max(SHORTEST, TOGETHER / max(1, len(communities)) / len(aims)))
    names = {number: fact.name for number, fact in territory.areas_in_force().areas.items()}
    found = []
    for turn, aim in enumerate(aims):
        labels, used, known = np.full(len(ground), -1, np.int64), 0, Certificate("optimal")
        for place, (parent, community) in enumerate(communities.items()):
            share, part = (turn + place / len(communities)) / len(aims), 1 / len(communities) / len(aims)
            tell = partial(_report, view.id, names.get(parent, ""), share, part)
            if not tell(0.0):
                raise Cancelled
            made, certificate = divided(community, options, aim, seconds=seconds, goes_on=tell)
            known = weaker(known, certificate)
            labels[community.inside] = made + used
            used += int(made.max()) + 1
        told = figures.compared(ground, labels.tolist(), then, workload, options.households, options.tolerance)
        shown: dict[str, Any] = {**told, "certificate": known.kind, "gap": known.gap}
        found.append({"aim": aim, "labels": labels.tolist(), "metrics": shown})
    return ground, found


def _report(run: int, message: str, share: float, part: float, done: float) -> bool:
    return runs.report(run=run, progress=share + part * done, message=message)


def _aims(options: Options) -> tuple[str, ...]:
    """As many aims as proposals are wanted; those nobody gave weight to come last."""
    weights = {
        "balanced": 9,
        "compact": options.compact,
        "least_change": options.least_change,
        "workload": options.workload,
    }
    return tuple(sorted(AIMS, key=lambda aim: -weights[aim])[: options.proposals])


def _workload(scope: int, ground: Blocks) -> Floats:
    """Cases by block: those that are open and have a point."""
    places = cases.open_places([scope])
    found = np.zeros(len(ground))
    if not places:
        return found
    points = shapely.points([(one.lon, one.lat) for one in places])
    nearest = shapely.STRtree(ground.shapes).nearest(points)
    np.add.at(found, nearest, 1.0)
    return found


def _communities(view: RunView, ground: Blocks, then: Labels, workload: Floats) -> Mapping[int, Ground]:
    one, other, metres = shared_edges(ground.shapes)
    roads = _barred(ground, one, other) if view.options.barriers else np.zeros(len(one), bool)
    made = flat(ground.shapes)
    areas, around = shapely.area(made), shapely.length(made)
    np.subtract.at(around, one, metres)
    np.subtract.at(around, other, metres)
    counts = _counts(view.options, ground)
    found = {}
    for parent, grids in counts.items():
        inside = np.flatnonzero(ground.parents == parent)
        place = np.full(len(ground), -1, np.int64)
        place[inside] = np.arange(len(inside))
        kept = (place[one] >= 0) & (place[other] >= 0)
        found[parent] = Ground(
            inside, ground.households[inside].astype(float), workload[inside],
            tuple(ground.kinds[n] for n in inside.tolist()), areas[inside],
            np.maximum(around[inside], 0.0), (place[one[kept]], place[other[kept]], metres[kept]), roads[kept],
            then[inside], grids,
        )  # fmt: skip
    return found


def _barred(ground: Blocks, one: Labels, other: Labels) -> npt.NDArray[np.bool_]:
    """Pairs of blocks with a road section between them: the line between their points crosses it."""
    lines = [shape(feature["geometry"]) for feature in territory.lines()]
    if not lines:
        return np.zeros(len(one), bool)
    between = shapely.linestrings(np.stack([ground.points[one], ground.points[other]], axis=1))
    return np.asarray(shapely.intersects(between, shapely.union_all(lines)), bool)


def _counts(options: Options, ground: Blocks) -> dict[int, int]:
    """How many grids each community gets: as the norm says, or its share of the number that was asked for."""
    parents = list(dict.fromkeys(ground.parents.tolist()))
    wanted = []
    for parent in parents:
        inside = ground.parents == parent
        homes = ground.households[inside].sum() / options.households
        souls = ground.population[inside].sum() / options.population
        wanted.append((float(max(homes, souls)), int(inside.sum())))
    if options.count is None:
        return {parent: min(max(1, round(w)), most) for parent, (w, most) in zip(parents, wanted, strict=True)}
    total = sum(w for w, _most in wanted) or 1.0
    shares = [max(1.0, options.count * w / total) for w, _most in wanted]
    counts = [min(int(share), most) for share, (_w, most) in zip(shares, wanted, strict=True)]
    while sum(counts) < options.count and any(c < most for c, (_w, most) in zip(counts, wanted, strict=True)):
        rest = [share - c if c < most else -1e9 for share, c, (_w, most) in zip(shares, counts, wanted, strict=True)]
        counts[rest.index(max(rest))] += 1
    return dict(zip(parents, counts, strict=True))
