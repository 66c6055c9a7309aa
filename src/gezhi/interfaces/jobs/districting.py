"""From a run that was asked for to proposals: blocks and cases in, the districting engine, figures out.

Each community is divided by itself, because grids never cross its boundary; the progress of a run is the communities
done. What the engine is asked for each aim is in `dividing`. A community that cannot be divided stays as it is and the
run says why; the others are divided all the same. A run that is cancelled stops at its next report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext_noop
from shapely.geometry import shape

from gezhi.engines.districting import BARRIERS, BadUnits, Cancelled, Certificate, Infeasible
from gezhi.engines.geometry import shared_edges
from gezhi.engines.geometry.measure import flat
from gezhi.interfaces.jobs.dividing import Divided, Ground, by_norm, divided, loads, weaker
from gezhi.interfaces.jobs.reasons import reason
from gezhi.modules.cases import queries as cases
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import blocks, figures, runs
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.blocks import Blocks
from gezhi.modules.territory.runs import AIMS, Options, RunView

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
TOGETHER, SHORTEST, LONGEST = 300.0, 1.0, 8.0  # seconds: all communities; one at the least; one at the most
NONE = gettext_noop("No division of these blocks meets what was asked, not even roughly.")
PERIOD = timedelta(days=365)  # cases reported in it are the workload
AT_BRIDGE = 30.0  # metres from a bridge to a boundary that it leads across
BROKEN = gettext_noop("The run broke off. Ask for it again; if it breaks off again, tell the technical administrator.")


@dataclass
class _Drawn:
    """A run while it is worked: its proposals so far, what is to be said of communities, whether any was divided."""

    ground: Blocks
    proposals: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    divided: bool = False

    def note(self, kind: str, area: int, **said: Any) -> None:
        """Something to be said of a community, once."""
        if not any((one["kind"], one["area"]) == (kind, area) for one in self.notes):
            fact = territory.areas_in_force().areas.get(area)
            self.notes.append({"kind": kind, "area": area, "name": fact.name if fact else "", **said})


def draw(run: int, now: datetime) -> None:
    """Work a run to its end; one that is over or cancelled is left alone."""
    view = runs.take_up(run=run)
    if view is None:
        return
    try:
        drawn = _drawn(view, now - PERIOD)
    except Cancelled:
        return
    except Exception:
        runs.fail(run=run, message=BROKEN, now=now)
        raise
    if drawn.divided:
        runs.finish(run=run, ground=drawn.ground, proposals=drawn.proposals, notes=drawn.notes, now=now)
    else:
        runs.fail(run=run, message=NONE, notes=drawn.notes, now=now)


def _drawn(view: RunView, since: datetime) -> _Drawn:
    ground, options = blocks.of(view.scope), view.options
    level = switches.profile().grid_level or ""
    then = figures.today(view.layer, level, view.scope, ground)
    workload = _workload(view.scope, ground, since)
    communities = _communities(view, ground, then, workload)
    aims = _aims(options)
    drawn = _Drawn(ground)
    for turn, aim in enumerate(aims):
        labels, known, within = _proposed(view, drawn, communities, aim, turn / len(aims), 1 / len(aims))
        told = figures.compared(
            ground, labels.tolist(), then, _held(options, ground), workload, options.households, options.tolerance
        )
        shown: dict[str, Any] = {
            **told, "certificate": known.kind, "gap": known.gap, "within": within,
            "cases": int(workload.sum()), "since": since.date().isoformat(),
        }  # fmt: skip
        drawn.proposals.append({"aim": aim, "labels": labels.tolist(), "metrics": shown})
    return drawn


def _proposed(
    view: RunView, drawn: _Drawn, communities: Mapping[int, Ground], aim: str, begun: float, part: float
) -> tuple[Labels, Certificate, float | None]:
    """The grid of every block for one aim, what is known of the whole, and how even the least even community was asked
    to be (a share)."""
    seconds = min(LONGEST, max(SHORTEST, TOGETHER * part / max(1, len(communities))))
    facts = territory.areas_in_force().areas
    labels, used, known = np.full(len(drawn.ground), -1, np.int64), 0, Certificate("optimal")
    within: float | None = None
    for place, (parent, community) in enumerate(communities.items()):
        share = part / len(communities)
        name = facts[parent].name if parent in facts else ""
        tell = partial(_report, view.id, name, begun + place * share, share)
        if not tell(0.0):
            raise Cancelled
        try:
            made = divided(community, view.options, aim, seconds=seconds, goes_on=tell)
            drawn.divided = True
        except (Infeasible, BadUnits) as impossible:
            drawn.note("left", parent, reason=reason(impossible))
            made = Divided(_as_today(community), Certificate("none"))
        if made.alone:
            drawn.note("alone", parent, blocks=list(made.alone))
        if made.few_cases:
            drawn.note("few", parent, cases=int(community.workload.sum()))
        if made.crossed:
            drawn.note("crossed", parent)
        if made.work_left_out:
            drawn.note("work", parent)
        known = weaker(known, made.certificate)
        within = max((one for one in (within, made.within) if one is not None), default=None)
        labels[community.inside] = made.labels + used
        used += int(made.labels.max()) + 1
    return labels, known, within


def _as_today(community: Ground) -> Labels:
    """The grids that a community has; one where some block is in none."""
    if (community.today < 0).any():
        return np.zeros(len(community.today), np.int64)
    return np.unique(community.today, return_inverse=True)[1].astype(np.int64)


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


def _workload(scope: int, ground: Blocks, since: datetime) -> Floats:
    """Cases by block: those reported since then, open or ended, that have a point."""
    places = cases.places_since([scope], since)
    found = np.zeros(len(ground))
    if not places:
        return found
    points = shapely.points(places)
    nearest = shapely.STRtree(ground.shapes).nearest(points)
    np.add.at(found, nearest, 1.0)
    return found


def _communities(view: RunView, ground: Blocks, then: Labels, workload: Floats) -> Mapping[int, Ground]:
    one, other, metres = shared_edges(ground.shapes)
    barriers = _barriers(ground, one, other) if view.options.barriers else np.zeros(len(one), np.int8)
    made = flat(ground.shapes)
    areas, around = shapely.area(made), shapely.length(made)
    np.subtract.at(around, one, metres)
    np.subtract.at(around, other, metres)
    norms = _norms(view.options, ground)
    counts = _counts(view.options, ground, _held(view.options, ground))
    found = {}
    for parent, grids in counts.items():
        inside = np.flatnonzero(ground.parents == parent)
        place = np.full(len(ground), -1, np.int64)
        place[inside] = np.arange(len(inside))
        kept = (place[one] >= 0) & (place[other] >= 0)
        found[parent] = Ground(
            inside, tuple(ground.codes[n] for n in inside.tolist()), ground.households[inside].astype(float),
            ground.population[inside].astype(float), norms[inside], workload[inside],
            tuple(ground.kinds[n] for n in inside.tolist()), areas[inside],
            np.maximum(around[inside], 0.0), (place[one[kept]], place[other[kept]], metres[kept]), barriers[kept],
            then[inside], grids,
        )  # fmt: skip
    return found


def _barriers(ground: Blocks, one: Labels, other: Labels) -> npt.NDArray[np.int8]:
    """What runs between pairs of blocks, as a code of the engine: the line between their points crosses it; nothing
    where a bridge lies at their common boundary."""
    codes, found = np.zeros(len(one), np.int8), territory.barriers()
    if not found or not len(one):
        return codes
    between = shapely.linestrings(np.stack([ground.points[one], ground.points[other]], axis=1))
    for code, name in enumerate(BARRIERS):
        lines = [shape(geometry) for kind, geometry in found if kind == name]
        if lines:
            codes[shapely.intersects(between, shapely.union_all(lines))] = code
    bridges = [shape(geometry) for kind, geometry in found if kind == "bridge"]
    barred = np.flatnonzero(codes > BARRIERS.index("arterial"))
    if bridges and len(barred):
        shared = shapely.intersection(ground.shapes[one[barred]], ground.shapes[other[barred]])
        metric = flat(np.array([*shared, *bridges], object))
        away = shapely.distance(metric[: len(barred)], shapely.union_all(metric[len(barred) :]))
        codes[barred[away <= AT_BRIDGE]] = 0
    return codes


def _norms(options: Options, ground: Blocks) -> Floats:
    """Households that make a grid in compounds of each block's kind."""
    return np.array([options.kinds.get(kind, options.households) for kind in ground.kinds], float)


def _held(options: Options, ground: Blocks) -> Floats:
    """Households of each block as they fill a grid of the norm."""
    return loads(ground.households.astype(float), _norms(options, ground), options)


def _counts(options: Options, ground: Blocks, held: Floats) -> dict[int, int]:
    """How many grids each community gets: as the norm says, or its share of the number that was asked for."""
    parents = list(dict.fromkeys(ground.parents.tolist()))
    wanted = []
    for parent in parents:
        inside = ground.parents == parent
        asked_for = by_norm(held[inside].sum(), ground.population[inside].sum(), options)
        wanted.append((asked_for, int(inside.sum())))
    if options.count is None:
        return {parent: min(max(1, round(w)), most) for parent, (w, most) in zip(parents, wanted, strict=True)}
    total = sum(w for w, _most in wanted) or 1.0
    shares = [max(1.0, options.count * w / total) for w, _most in wanted]
    counts = [min(int(share), most) for share, (_w, most) in zip(shares, wanted, strict=True)]
    while sum(counts) < options.count and any(c < most for c, (_w, most) in zip(counts, wanted, strict=True)):
        rest = [share - c if c < most else -1e9 for share, c, (_w, most) in zip(shares, counts, wanted, strict=True)]
        counts[rest.index(max(rest))] += 1
    return dict(zip(parents, counts, strict=True))
