"""Plans: begun, redrawn step by step with undo and redo, renamed, withdrawn. Adopting one is in `adoption`.

Every change locks the plan, compares its revision, and writes one step with what it touched before and after, so that
two planners never overwrite each other and nothing is lost by going back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from shapely.geometry import shape

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, WrongState
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import drafting, policies
from gezhi.modules.territory.drafting import Act, Changes, Draft, Ground
from gezhi.modules.territory.models import Area, Layer, Plan, PlanArea, PlanState, PlanStep
from gezhi.modules.territory.naming import Parent

MOST_AREAS = 4000
LONGEST_NAME = 120
_FIELDS = tuple(one.name for one in fields(Draft) if one.name != "origin")


@dataclass(frozen=True, slots=True)
class Edited:
    """What a step changed: keys of areas that are there now, keys of those that are gone, and the plan's revision."""

    changed: tuple[int, ...]
    removed: tuple[int, ...]
    revision: int


@transaction.atomic
def begin(
    *,
    name: str,
    layer: str,
    scope: int,
    level: str = "",
    areas: Sequence[Draft] | None = None,
    source: str = "drawn",
    norm: int | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """Begin a plan for one level of a layer inside an area: as a copy of what is in force there, or from `areas` (a
    file, a run), whose levels it then draws. `norm`: households a grid, by which it is judged; the profile's where none
    is given. Returns its id.

    Raises NotThere, NotAllowed, BadInput.
    """
    kept, ground = _layer(layer), _in_force(scope)
    policies.check_may_draw(by, ground.path)
    title = name.strip()
    if not title or len(title) > LONGEST_NAME:
        raise BadInput(_("Give the plan a name of at most %(most)d characters.") % {"most": LONGEST_NAME}, field="name")
    levels = list(dict.fromkeys(one.level for one in areas)) if areas else [level]
    _check_levels(levels, ground)
    there = list(_current(kept, levels, ground.id))
    drafts = list(areas) if areas is not None else [_draft(row, row.parent.code if row.parent else "") for row in there]
    if len(drafts) > MOST_AREAS:
        raise BadInput(
            _("A plan has at most %(most)d areas; choose a smaller area.") % {"most": MOST_AREAS}, field="scope"
        )
    plan = Plan.objects.create(
        name=title,
        layer=kept,
        scope=ground,
        levels=levels,
        basis=[row.id for row in there],
        source=source,
        norm=norm or switches.profile().norm.households,
        created_by_id=author(by),
        created_at=now,
    )
    PlanArea.objects.bulk_create([_row(plan.id, key, one) for key, one in enumerate(drafts, 1)], batch_size=500)
    body = {"plan": plan.id, "layer": layer, "scope": ground.code, "levels": levels, "source": source}
    ledger.append(subject=_subject(plan.id), kind="plan.begun", by=by, now=now, body={**body, "areas": len(drafts)})
    return plan.id


@transaction.atomic
def edit(*, plan: int, revision: int, act: Act, by: Actor, now: datetime) -> Edited:
    """Make one act of `drafting`. Raises NotThere, NotAllowed, WrongState (adopted, changed meanwhile), BadInput."""
    row = locked(plan, by, revision)
    drafts = drafts_of(row.id)
    made = drafting.changes(act, drafts, ground_of(row, drafts))
    PlanStep.objects.filter(plan=row, number__gt=row.step).delete()
    PlanStep.objects.create(
        plan=row,
        number=row.step + 1,
        act=type(act).__name__.lower(),
        before={key: _json(drafts.get(key)) for key in made},
        after={key: _json(one) for key, one in made.items()},
        by=by.ref,
        at=now,
    )
    return _written(row, made, step=row.step + 1)


@transaction.atomic
def undo(*, plan: int, revision: int, by: Actor, now: datetime) -> Edited:
    """Take the last step back. Raises as `edit`; WrongState where there is none."""
    row = locked(plan, by, revision)
    step = PlanStep.objects.filter(plan=row, number=row.step).first()
    if step is None:
        raise WrongState(_("There is nothing to undo."), code="no_step")
    return _written(row, {int(key): _read(one) for key, one in step.before.items()}, step=row.step - 1)


@transaction.atomic
def redo(*, plan: int, revision: int, by: Actor, now: datetime) -> Edited:
    """Make the step again that was taken back last. Raises as `edit`; WrongState where there is none."""
    row = locked(plan, by, revision)
    step = PlanStep.objects.filter(plan=row, number=row.step + 1).first()
    if step is None:
        raise WrongState(_("There is nothing to do again."), code="no_step")
    return _written(row, {int(key): _read(one) for key, one in step.after.items()}, step=row.step + 1)


@transaction.atomic
def withdraw(*, plan: int, by: Actor, now: datetime) -> None:
    """Give a plan up, or take a scheduled one back before its day. Raises NotThere, NotAllowed, WrongState."""
    row = for_update(plan)
    if not policies.may(by, policies.ADOPT, row.scope.path):
        policies.check_may_draw(by, row.scope.path)
    if row.state not in {PlanState.DRAFT, PlanState.SCHEDULED}:
        raise WrongState(_("This plan has been adopted or withdrawn already."), code="decided")
    row.state, row.decided_by, row.decided_at = PlanState.WITHDRAWN, by.ref, now
    row.save(update_fields=["state", "decided_by", "decided_at"])
    ledger.append(subject=_subject(plan), kind="plan.withdrawn", by=by, now=now, body={"plan": plan})


def author(by: Actor) -> int:
    """The account that draws. Raises NotAllowed for what is no person."""
    if by.account_id is None:
        raise NotAllowed(_("Grids are drawn by grid planners only."), code="not_planner")
    return by.account_id


def locked(plan: int, by: Actor, revision: int) -> Plan:
    """The plan, locked for a change by somebody who may draw it and saw its newest state."""
    row = for_update(plan)
    policies.check_may_draw(by, row.scope.path)
    if row.state != PlanState.DRAFT:
        raise WrongState(_("This plan is decided; begin a new one to draw on."), code="decided")
    if row.revision != revision:
        raise WrongState(
            _("Somebody else changed this plan meanwhile. It is shown as it is now; please look, and draw again."),
            code="changed",
        )
    return row


def drafts_of(plan: int) -> dict[int, Draft]:
    """The areas of a plan by key. One query."""
    rows = PlanArea.objects.filter(plan_id=plan).order_by("key")
    return {row.key: Draft(**{name: getattr(row, name) for name in _FIELDS}, origin=row.origin_id) for row in rows}


def ground_of(plan: Plan, drafts: Mapping[int, Draft]) -> Ground:
    """What the plan is drawn on: the parents of its areas, from the plan itself or from what is in force."""
    level = _deepest(plan.levels)
    own = {one.code: one for one in drafts.values() if one.level != level}
    wanted = {one.parent_code for one in drafts.values() if one.level == level} - own.keys()
    found = {code: (Parent(code, one.name, one.name_en), one.shape) for code, one in own.items()}
    rows = Area.objects.filter(valid_to=None, code__in=wanted) if wanted else _parents(plan.scope, level)
    for row in rows.defer("fixes"):
        found[row.code] = (Parent(row.code, row.name, row.name_en), shape(row.geometry) if row.geometry else None)
    return Ground(plan.layer, level, found, frozenset())


def _parents(scope: Area, level: str) -> Any:
    """Where nothing is drawn yet: the areas of the level above inside the scope, else the scope itself."""
    ranks = {one.key: one.rank for one in switches.profile().levels}
    above = [key for key, rank in ranks.items() if rank < ranks.get(level, 0)]
    first = Area.objects.filter(layer__position=0, valid_to=None, path__contains=[scope.id])
    found = first.filter(level=above[-1]) if above else first.none()
    return found if found.exists() else Area.objects.filter(id=scope.id)


def _deepest(levels: Sequence[str]) -> str:
    ranks = {one.key: one.rank for one in switches.profile().levels if one.outlined}
    return max(levels, key=lambda key: ranks.get(key, -1))


def _written(row: Plan, made: Changes, *, step: int) -> Edited:
    gone = tuple(key for key, one in made.items() if one is None)
    there = {key: one for key, one in made.items() if one is not None}
    PlanArea.objects.filter(plan=row, key__in=list(made)).delete()
    PlanArea.objects.bulk_create([_row(row.id, key, one) for key, one in there.items()])
    Plan.objects.filter(id=row.id).update(step=step, revision=F("revision") + 1, held_back="")
    return Edited(tuple(there), gone, row.revision + 1)


def _row(plan: int, key: int, one: Draft) -> PlanArea:
    said = {name: getattr(one, name) for name in _FIELDS}
    return PlanArea(plan_id=plan, key=key, origin_id=one.origin, **said)


def _json(one: Draft | None) -> dict[str, Any] | None:
    return None if one is None else {name: getattr(one, name) for name in (*_FIELDS, "origin")}


def _read(said: Mapping[str, Any] | None) -> Draft | None:
    return None if said is None else Draft(**said)


def _draft(row: Area, parent_code: str) -> Draft:
    """An area in force as the beginning of a plan; its people are counted anew as it is drawn, and its texts are those
    it has when the plan is adopted."""
    return Draft(
        row.level, parent_code, row.code, row.name, row.name_en, row.geometry, row.households, row.population,
        row.kind, {}, row.synthetic, row.id,
    )  # fmt: skip


def _current(layer: Layer, levels: Sequence[str], scope: int) -> Any:
    rows = Area.objects.filter(layer=layer, level__in=levels, valid_to=None, path__contains=[scope]).exclude(id=scope)
    return rows.select_related("parent").order_by("code", "id")


def current(plan: Plan) -> Any:
    """The areas in force that the plan would replace."""
    return _current(plan.layer, plan.levels, plan.scope_id)


def _check_levels(levels: Sequence[str], scope: Area) -> None:
    ranks = {one.key: one.rank for one in switches.profile().levels}
    for level in levels:
        if level not in ranks:
            raise BadInput(_("There is no level “%(level)s”.") % {"level": level}, field="level")
        if ranks[level] <= ranks.get(scope.level, -1):
            raise BadInput(_("A plan draws levels below the area it is made for."), field="level")


def _layer(key: str) -> Layer:
    found = Layer.objects.filter(key=key).first()
    if found is None:
        raise NotThere(_("There is no such layer."))
    return found


def _in_force(scope: int) -> Area:
    found = Area.objects.filter(id=scope, valid_to=None).first()
    if found is None:
        raise NotThere(_("There is no such area."))
    return found


def for_update(plan: int) -> Plan:
    """The plan with its layer and scope, locked. Raises NotThere."""
    row = Plan.objects.select_for_update(of=("self",)).select_related("layer", "scope").filter(id=plan).first()
    if row is None:
        raise NotThere(_("There is no such plan."))
    return row


def _subject(plan: int) -> str:
    return f"plan:{plan}"
