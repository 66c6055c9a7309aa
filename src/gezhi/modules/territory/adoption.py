"""Putting a plan in force on a day: replaced areas end, new ones begin, people and places below go on.

All in one transaction, or nothing. The areas of the plan are checked first; a broken plan is refused with the first
problem and where it is. What the plan leaves as it is stays the same row. An area below a redrawn one (a stairwell, an
exclusive grid under a redrawn community) gets a new row under the new parent, so that a past day shows the tree of that
day. Tenures on a grid that goes on are carried to its new row; on one that is given up they end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import structlog
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from shapely.geometry import shape

from gezhi.engines.geometry import overlaps
from gezhi.lib.actor import Actor
from gezhi.lib.errors import Refusal, WrongState
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.notices import operations as notices
from gezhi.modules.notices.operations import NewNotice
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import checks, plans, policies
from gezhi.modules.territory.drafting import Draft
from gezhi.modules.territory.models import Area, Plan, PlanState, Remit, Tenure
from gezhi.modules.territory.operations import changed, new_ids
from gezhi.modules.territory.plan_faults import faults
from gezhi.modules.territory.plan_views import people_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was done: `scheduled` says that the day has not come yet."""

    scheduled: bool
    replaced: int
    begun: int
    carried: int
    ended: int


@dataclass
class _Change:
    """One adoption while it is made: old id → new id for everything that gets a new row."""

    plan: Plan
    on: date
    old: dict[int, Area]
    new: dict[int, Area] = field(default_factory=dict)
    went: dict[int, int] = field(default_factory=dict)


@transaction.atomic
def adopt(*, plan: int, on: date, today: date, reported_since: int, by: Actor, now: datetime) -> Adopted:
    """Put a plan in force on a day; a later day schedules it. `reported_since`: how many cases were reported inside its
    ground from that day on (asked by the door), because a past cannot be redrawn under cases.

    Raises NotThere, NotAllowed, WrongState (decided, broken, redrawn meanwhile, cases in between).
    """
    row = plans.for_update(plan)
    policies.check_may_adopt(by, row.scope.path)
    if row.state not in {PlanState.DRAFT, PlanState.SCHEDULED}:
        raise WrongState(_("This plan has been adopted or withdrawn already."), code="decided")
    if on < today and reported_since:
        raise WrongState(_in_between(reported_since, on), code="cases_between")
    drafts = plans.drafts_of(plan)
    _check(row, drafts, on)
    row.effective, row.decided_by, row.decided_at, row.held_back = on, by.ref, now, ""
    if on > today:
        row.state = PlanState.SCHEDULED
        row.save(update_fields=["state", "effective", "decided_by", "decided_at", "held_back"])
        body = {"plan": plan, "on": on.isoformat()}
        ledger.append(subject=f"plan:{plan}", kind="plan.scheduled", by=by, now=now, body=body)
        return Adopted(True, 0, 0, 0, 0)
    return _applied(row, drafts, on, by, now)


def apply_due(*, today: date, now: datetime) -> list[int]:
    """Put scheduled plans in force whose day has come; returns their ids. Each in its own transaction.

    One that can no longer be adopted becomes a draft again and says why (`held_back`).
    """
    due = Plan.objects.filter(state=PlanState.SCHEDULED, effective__lte=today).order_by("effective", "id")
    return [number for number in due.values_list("id", flat=True) if _applied_alone(number, today, now)]


def _applied_alone(number: int, today: date, now: datetime) -> bool:
    row = Plan.objects.get(id=number)
    try:
        with transaction.atomic():
            row = plans.for_update(number)
            if row.state != PlanState.SCHEDULED:
                return False
            drafts = plans.drafts_of(number)
            _check(row, drafts, today)
            _applied(row, drafts, today, Actor(row.decided_by), now)
    except Refusal as refused:
        _hold_back(row, refused.code, now)
        return False
    return True


@transaction.atomic
def _hold_back(row: Plan, why: str, now: datetime) -> None:
    """The plan is a draft again and says why; whoever drew it and whoever adopted it are told."""
    Plan.objects.filter(id=row.id).update(state=PlanState.DRAFT, held_back=why)
    subject, body = f"plan:{row.id}", {"plan": row.id, "why": why}
    entry = ledger.append(subject=subject, kind="plan.held_back", by=Actor.clock(), now=now, body=body)
    told = {row.created_by_id}
    if row.decided_by.startswith("account:"):
        told.add(int(row.decided_by.removeprefix("account:")))
    notices.put_many(
        notices=[
            NewNotice(subject, "plan.held_back", f"{subject}:{entry.seq}:{one}", account=one, params={"name": row.name})
            for one in sorted(told)
        ],
        now=now,
    )
    log.warning("plan_held_back", plan=row.id, why=why)


def _in_between(count: int, on: date) -> str:
    told = ngettext(
        "%(n)d case was reported here since %(day)s; it belongs to the grids of its day. Choose today or a later day.",
        "%(n)d cases were reported here since %(day)s; they belong to the grids of their day. "
        "Choose today or a later day.",
        count,
    )
    return told % {"n": count, "day": on.isoformat()}


def _check(row: Plan, drafts: Mapping[int, Draft], on: date) -> None:
    there = list(plans.current(row))
    if {area.id for area in there} != set(row.basis):
        raise WrongState(
            _("Areas here were redrawn since this plan was begun. Begin a new plan from what is in force."),
            code="stale",
        )
    if not drafts:
        raise WrongState(_("This plan has no areas."), code="empty")
    broken = faults(row, drafts)
    if broken:
        more = len(broken) - 1
        told = ngettext("%(first)s And %(more)d more problem.", "%(first)s And %(more)d more problems.", more)
        first = checks.sentence(broken[0])
        raise WrongState(told % {"first": first, "more": more} if more else first, code="broken")
    late = [area for area in there if area.valid_from >= on]
    if late:
        raise WrongState(
            _("%(area)s came into force on %(day)s; choose a later day.")
            % {"area": late[0].name, "day": late[0].valid_from.isoformat()},
            code="too_early",
        )


def _applied(row: Plan, drafts: Mapping[int, Draft], on: date, by: Actor, now: datetime) -> Adopted:
    there = {area.id: area for area in plans.current(row).select_for_update(of=("self",))}
    kept = {one.origin for one in drafts.values() if one.origin is not None and _same(there[one.origin], one)}
    change = _Change(row, on, {number: area for number, area in there.items() if number not in kept})
    Area.objects.filter(id__in=change.old).update(valid_to=on)
    _begin(change, {key: one for key, one in drafts.items() if one.origin not in kept or one.origin is None}, drafts)
    _carry_below(change)
    carried, ended = _tenures(change)
    Remit.objects.bulk_create(
        [
            Remit(organisation_id=remit.organisation_id, area_id=change.went[remit.area_id])
            for remit in Remit.objects.filter(area_id__in=change.went)
        ],
        ignore_conflicts=True,
    )
    Plan.objects.filter(id=row.id).update(
        state=PlanState.ADOPTED, effective=on, decided_by=row.decided_by, decided_at=row.decided_at, held_back=""
    )
    body = {
        "plan": row.id, "layer": row.layer.key, "scope": row.scope.code, "on": on.isoformat(),
        "replaced": len(change.old), "begun": len(change.new), "kept": len(kept),
        "tenures_carried": carried, "tenures_ended": ended,
    }  # fmt: skip
    changed(by=by, now=now, kind="territory.adopted", body=body)
    return Adopted(False, len(change.old), len(change.new), carried, ended)


def _same(area: Area, one: Draft) -> bool:
    """Does the plan leave the area as it is?"""
    said = (one.code, one.name, one.name_en, one.level, one.kind, _texts(area, one))
    if said != (area.code, area.name, area.name_en, area.level, area.kind, dict(area.fixes)):
        return False
    if one.parent_code != (area.parent.code if area.parent else ""):
        return False
    drawn, was = one.shape, shape(area.geometry) if area.geometry else None
    if drawn is None or was is None:
        return drawn is was
    return bool(drawn.equals(was))


def _texts(area: Area | None, one: Draft) -> dict[str, str]:
    """The texts of an area that goes on: those it has now, whoever wrote them since the plan was begun, and over them
    those that the plan sets."""
    return {key: text for key, text in {**(area.fixes if area else {}), **one.fixes}.items() if text}


def _begin(change: _Change, begun: Mapping[int, Draft], drafts: Mapping[int, Draft]) -> None:
    """New rows, from the top down, under parents of the plan or those in force."""
    ranks = {one.key: one.rank for one in switches.profile().levels}
    order = sorted(begun.items(), key=lambda item: (ranks.get(item[1].level, 99), item[1].code))
    above = {one.parent_code for one in drafts.values()}
    parents = {area.code: area for area in Area.objects.filter(valid_to=None, code__in=above)}
    people = dict(zip(begun, people_of(change.plan, list(begun.values())), strict=True))
    for number, (key, one) in zip(new_ids(len(order)), order, strict=True):
        parent = parents.get(one.parent_code)
        area = Area(
            id=number, layer=change.plan.layer, code=one.code, name=one.name, name_en=one.name_en, level=one.level,
            parent=parent, path=[*(parent.path if parent else []), number], geometry=one.geometry,
            synthetic=one.synthetic, households=people[key].households, population=people[key].population,
            kind=one.kind, fixes=_texts(change.old.get(one.origin or 0), one), valid_from=change.on,
        )  # fmt: skip
        change.new[number] = parents[one.code] = area
        if one.origin is not None:
            change.went[one.origin] = number
    Area.objects.bulk_create(change.new.values(), batch_size=500)


def _carry_below(change: _Change) -> None:
    """Areas below those that ended get a new row under whatever holds their ground now, level by level."""
    ended = set(change.old)
    while ended:
        below = list(Area.objects.filter(parent_id__in=ended, valid_to=None).order_by("id").select_for_update())
        heirs = _heirs(change, below)
        Area.objects.filter(id__in=heirs).update(valid_to=change.on)
        made = []
        for number, area in zip(new_ids(len(below)), below, strict=True):
            parent = heirs[area.id]
            going_on = copy(area)
            going_on.id, going_on.parent, going_on.path = number, parent, [*parent.path, number]
            going_on.valid_from = change.on
            change.old[area.id], change.new[number], change.went[area.id] = area, going_on, number
            made.append(going_on)
        Area.objects.bulk_create(made, batch_size=500)
        ended = set(heirs)


def _heirs(change: _Change, below: Sequence[Area]) -> dict[int, Area]:
    """The new parent of each area below: what its old parent goes on as, else what has most of its ground."""
    found = {}
    for area in below:
        parent = area.parent_id or 0
        went = change.went.get(parent)
        if went is None:
            old = change.old[parent]
            rivals = [one for one in change.new.values() if one.level == old.level]
            ground = area.geometry or old.geometry
            drawn = [one for one in rivals if one.geometry]
            shares = overlaps([shape(one.geometry) for one in drawn], [shape(ground)]) if ground else np.zeros((0, 1))
            if not shares.any():
                raise WrongState(
                    _("%(area)s lies below %(parent)s, which is given up; give it a new place first.")
                    % {"area": area.name, "parent": old.name},
                    code="orphan",
                )
            went = drawn[int(shares.argmax())].id
        found[area.id] = change.new[went]
    return found


def _tenures(change: _Change) -> tuple[int, int]:
    """Posts over the ended areas: carried to the row that goes on, or ended. Returns how many of each."""
    on = change.on
    rows = Tenure.objects.select_for_update().filter(area_id__in=change.old)
    carried, ended, begun = 0, 0, []
    for row in rows.filter(Q(during__endswith=None) | Q(during__endswith__gt=on)):
        lower, upper = row.during.lower, row.during.upper
        heir = change.went.get(row.area_id or 0)
        if heir is None and lower >= on:
            raise WrongState(
                _("Somebody takes up a post over %(area)s on %(day)s, and the area is given up. End that post first.")
                % {"area": change.old[row.area_id or 0].name, "day": lower.isoformat()},
                code="post_ahead",
            )
        if heir is not None and lower >= on:
            row.area_id = heir
            row.save(update_fields=["area"])
            carried += 1
            continue
        row.during = DateRange(lower, on)
        row.save(update_fields=["during"])
        if heir is None:
            ended += 1
            continue
        begun.append(
            Tenure(
                account_id=row.account_id, post_id=row.post_id, organisation_id=row.organisation_id, area_id=heir,
                rank=row.rank, single=row.single, during=DateRange(on, upper),
            )
        )  # fmt: skip
    Tenure.objects.bulk_create(begun, batch_size=500)
    return carried + len(begun), ended
