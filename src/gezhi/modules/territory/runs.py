"""Districting runs: asked for at a desk, worked by a job, proposals kept until one becomes a plan.

The districting itself is an engine that a job calls (`interfaces/jobs/districting`); here stands what was asked, how
far it is, and what came out. Other requests see the progress because each report of it is a committed update; a run
that is cancelled learns it from the answer to its next report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from shapely.geometry import mapping

from gezhi.engines.geometry import islands, shared_edges
from gezhi.engines.geometry.coverage import united
from gezhi.lib import jobs
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, WrongState
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import blocks, continuing, plans, policies
from gezhi.modules.territory.blocks import Blocks
from gezhi.modules.territory.continuing import Outline
from gezhi.modules.territory.models import Area, Layer, Purpose, Run, RunState, Shape

TASK = "gezhi.draw_grids"
OPEN = (RunState.QUEUED, RunState.RUNNING)
AIMS = ("balanced", "compact", "least_change", "workload")


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked: the norm of a grid (`kinds`: households of one in compounds of a kind), how far from it is
    still even (per cent), how many grids (None: as the norm says), weights from 0 (not asked for) to 3, whether road
    sections are barriers, how many proposals."""

    households: int = 300
    population: int = 1000
    tolerance: int = 15
    count: int | None = None
    compact: int = 1
    least_change: int = 1
    workload: int = 1
    alike: int = 0
    barriers: bool = True
    proposals: int = 3
    kinds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as pages show it. Proposals: {"aim", "labels": one a block, "metrics"}; `blocks` their ids; `notes` what is
    to be said of single communities: {"kind", "area", …}, kinds as `interfaces/jobs/districting` gives them."""

    id: int
    layer: str
    scope: int
    scope_name: str
    path: tuple[int, ...]
    options: Options
    state: str
    progress: float
    message: str
    blocks: tuple[int, ...]
    proposals: tuple[Mapping[str, Any], ...]
    created_by: int
    created_at: datetime
    finished_at: datetime | None
    notes: tuple[Mapping[str, Any], ...] = ()

    @property
    def open(self) -> bool:
        """Does it wait or work?"""
        return self.state in OPEN


@transaction.atomic
def start(*, layer: str, scope: int, options: Options, by: Actor, now: datetime) -> int:
    """Ask for a run over the blocks of an area; a job is queued with it. Returns its id.

    Raises NotThere, NotAllowed, BadInput naming the option.
    """
    area = Area.objects.filter(id=scope, valid_to=None).first()
    kept = Layer.objects.filter(key=layer).first()
    if area is None or kept is None:
        raise NotThere(_("There is no such area or layer."))
    policies.check_may_draw(by, area.path)
    author = plans.author(by)
    if kept.shape != Shape.POLYGON or kept.purpose != Purpose.DUTY:
        raise BadInput(_("Grids are drawn in layers of areas that somebody answers for."), field="layer")
    _check_options(options)
    _check_ground(area, blocks.of(scope), options)
    if Run.objects.filter(scope=area, layer=kept, state__in=OPEN).exists():
        raise WrongState(_("A run for this area is under way; wait for it or cancel it."), code="under_way")
    run = Run.objects.create(
        layer=kept, scope=area, options=asdict(options), created_by_id=author, created_at=now
    )  # fmt: skip
    body = {"run": run.id, "layer": layer, "scope": area.code, "options": asdict(options)}
    ledger.append(subject=f"run:{run.id}", kind="run.asked", by=by, now=now, body=body)
    jobs.enqueue(TASK, run=run.id)
    return run.id


def _check_options(options: Options) -> None:
    limits = {
        "households": (20, 5000), "population": (50, 20_000), "tolerance": (1, 100), "proposals": (2, 4),
        "compact": (0, 3), "least_change": (0, 3), "workload": (0, 3), "alike": (0, 3),
    }  # fmt: skip
    for name, (least, most) in limits.items():
        if not least <= getattr(options, name) <= most:
            raise BadInput(_("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}, field=name)


def _check_ground(area: Area, ground: Blocks, options: Options) -> None:
    """There must be blocks, enough of them, in one piece inside each parent."""
    if not len(ground):
        raise BadInput(
            _("There are no building blocks inside %(area)s. Import them first: grids are made of them.")
            % {"area": area.name},
            field="scope",
        )
    if options.count is not None and not 1 <= options.count <= len(ground):
        raise BadInput(
            _("%(count)d grids cannot be made of %(blocks)d blocks: choose at most as many as there are blocks.")
            % {"count": options.count, "blocks": len(ground)},
            field="count",
        )
    communities = len(set(ground.parents.tolist()))
    if options.count is not None and options.count < communities:
        raise BadInput(
            _("Each of the %(n)d communities needs a grid of its own: choose at least that many.") % {"n": communities},
            field="count",
        )
    one, other, _length = shared_edges(ground.shapes)
    for parent in dict.fromkeys(ground.parents.tolist()):
        inside = np.flatnonzero(ground.parents == parent)
        place = {int(n): k for k, n in enumerate(inside.tolist())}
        pairs = [
            (place[a], place[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True) if a in place and b in place
        ]
        firsts, seconds = np.array([p[0] for p in pairs], np.int64), np.array([p[1] for p in pairs], np.int64)
        apart = np.flatnonzero(islands(len(inside), firsts, seconds) > 0)
        if apart.size:
            names = ", ".join(ground.codes[int(inside[n])] for n in apart[:5].tolist())
            raise BadInput(
                _("These blocks touch none of the others of their community: %(names)s. Mend their outlines first.")
                % {"names": names},
                field="scope",
            )


@transaction.atomic
def cancel(*, run: int, by: Actor, now: datetime) -> None:
    """Stop a run. Raises NotThere, NotAllowed, WrongState where it is over."""
    row = Run.objects.select_for_update(of=("self",)).select_related("scope").filter(id=run).first()
    if row is None:
        raise NotThere(_("There is no such run."))
    policies.check_may_draw(by, row.scope.path)
    if row.state not in OPEN:
        raise WrongState(_("This run is over already."), code="over")
    row.state, row.finished_at = RunState.CANCELLED, now
    row.save(update_fields=["state", "finished_at"])
    ledger.append(subject=f"run:{run}", kind="run.cancelled", by=by, now=now, body={"run": run})


def take_up(*, run: int) -> RunView | None:
    """A job begins with a run (or begins again, after its worker died); None where there is nothing to do."""
    taken = Run.objects.filter(id=run, state__in=OPEN).update(state=RunState.RUNNING, progress=0.0)
    return view(run) if taken else None


def report(*, run: int, progress: float, message: str) -> bool:
    """Say how far a run is; False where it was cancelled meanwhile."""
    share = min(max(progress, 0.0), 1.0)
    return bool(Run.objects.filter(id=run, state=RunState.RUNNING).update(progress=share, message=message[:300]))


@transaction.atomic
def finish(
    *,
    run: int,
    ground: Blocks,
    proposals: Sequence[Mapping[str, Any]],
    notes: Sequence[Mapping[str, Any]] = (),
    now: datetime,
) -> None:
    """Keep what came out. A run that was cancelled stays cancelled."""
    row = Run.objects.select_for_update().get(id=run)
    if row.state != RunState.RUNNING:
        return
    row.state, row.progress, row.message, row.finished_at = RunState.DONE, 1.0, "", now
    row.proposals = [{"blocks": ground.ids.tolist(), **dict(one)} for one in proposals]
    row.notes = [dict(one) for one in notes]
    row.save(update_fields=["state", "progress", "message", "finished_at", "proposals", "notes"])
    told = [{"aim": one["aim"], "grids": one["metrics"]["proposed"]["grids"]} for one in proposals]
    body = {"run": run, "proposals": told}
    ledger.append(subject=f"run:{run}", kind="run.done", by=Actor.system(), now=now, body=body)


@transaction.atomic
def fail(*, run: int, message: str, notes: Sequence[Mapping[str, Any]] = (), now: datetime) -> None:
    """A run came to nothing; `message` is an English sentence that the catalogue knows."""
    changed = Run.objects.filter(id=run, state__in=OPEN).update(
        state=RunState.FAILED, message=message[:300], finished_at=now, notes=[dict(one) for one in notes]
    )
    if changed:
        ledger.append(subject=f"run:{run}", kind="run.failed", by=Actor.system(), now=now, body={"run": run})


def plan_from(*, run: int, proposal: int, name: str, by: Actor, now: datetime) -> int:
    """Begin a plan from a proposal; returns the plan's id. Raises NotThere, NotAllowed, WrongState, BadInput."""
    row = Run.objects.select_related("layer", "scope").filter(id=run).first()
    if row is None or not 0 <= proposal < len(row.proposals):
        raise NotThere(_("There is no such proposal."))
    ground, labels = blocks.of(row.scope_id), row.proposals[proposal]["labels"]
    if ground.ids.tolist() != row.proposals[proposal]["blocks"]:
        raise WrongState(_("The blocks have changed since this run; run it again."), code="stale")
    level = switches.profile().grid_level or ""
    drafts = continuing.drafts(row.layer, level, row.scope_id, outlines(ground, labels))
    return plans.begin(
        name=name, layer=row.layer.key, scope=row.scope_id, areas=drafts, source="run",
        norm=Options(**row.options).households, by=by, now=now,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class GridView:
    """A grid of a proposal: its outline (GeoJSON), its people, its community's code."""

    geometry: Mapping[str, Any]
    households: int
    population: int
    parent_code: str


def grids(run: RunView, proposal: int) -> list[GridView]:
    """The grids of a proposal as they would be. Two queries."""
    ground, labels = blocks.of(run.scope), run.proposals[proposal]["labels"]
    if ground.ids.tolist() != run.proposals[proposal]["blocks"]:
        return []
    made = outlines(ground, labels)
    people = ground.people([one.shape for one in made])
    return [
        GridView(mapping(one.shape), homes, souls, one.parent_code)
        for one, (homes, souls) in zip(made, people, strict=True)
    ]


def outlines(ground: Blocks, labels: Sequence[int]) -> list[Outline]:
    """The grids that labels make of blocks: the union of each, its community, the compound type most live in."""
    codes = dict(Area.objects.filter(id__in=set(ground.parents.tolist())).values_list("id", "code"))
    given, made = np.array(labels), []
    for label in dict.fromkeys(labels):
        inside = np.flatnonzero(given == label)
        kinds: Counter[str] = Counter()
        for n in inside.tolist():
            kinds[ground.kinds[n]] += int(ground.households[n]) + 1
        parent = codes.get(int(ground.parents[int(inside[0])]), "")
        made.append(Outline(united(ground.shapes[inside]), parent, kinds.most_common(1)[0][0]))
    return made


def view(run: int) -> RunView:
    """One run. One query. Raises NotThere."""
    row = Run.objects.select_related("layer", "scope").filter(id=run).first()
    if row is None:
        raise NotThere(_("There is no such run."))
    return _view(row)


def listed(*, limit: int = 20) -> list[RunView]:
    """Runs, the newest first, without their proposals. One query."""
    rows = Run.objects.select_related("layer", "scope").order_by("-id").defer("proposals")
    return [_view(row, whole=False) for row in rows[:limit]]


def _view(row: Run, *, whole: bool = True) -> RunView:
    proposals = tuple(row.proposals) if whole else ()
    known = proposals[0]["blocks"] if proposals else ()
    return RunView(
        row.id, row.layer.key, row.scope_id, row.scope.name, tuple(row.scope.path), Options(**row.options), row.state,
        row.progress, row.message, tuple(known), proposals, row.created_by_id, row.created_at, row.finished_at,
        tuple(row.notes),
    )  # fmt: skip
