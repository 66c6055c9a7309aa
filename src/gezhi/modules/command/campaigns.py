"""Special operations: planned with a scope and teams, cases put in or left out by hand, closed with a report.

A campaign runs by its dates; nothing has to be started. Closing writes down the figures as they stand, so that the
report stays what it was when it was signed, whatever becomes of the cases. The ledger's subject is `campaign:<id>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, WrongState
from gezhi.modules.cases import agenda
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.command import boards, events, policies
from gezhi.modules.command.meetings import digest, written
from gezhi.modules.command.models import Campaign, CampaignCase, Team
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import queries as people
from gezhi.modules.territory import queries as territory

LONGEST_NAME, LONGEST_PURPOSE, LONGEST_CLOSING = 80, 2000, 10_000
MOST_DAYS = 366
MOST_AREAS = MOST_CLASSES = MOST_TEAMS = 60


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """What a special operation is: ids of areas, keys of classes and of major classes (`kind:code`), the first and the
    last day, ids of units with the one that leads first."""

    name: str
    purpose: str
    areas: tuple[int, ...]
    starts_on: date | None
    ends_on: date | None
    teams: tuple[int, ...]
    classes: tuple[str, ...] = ()
    majors: tuple[str, ...] = ()


@transaction.atomic
def plan_campaign(*, plan: CampaignPlan, by: Actor, now: datetime) -> int:
    """Plan a special operation; returns its id. Raises NotAllowed, BadInput with every field that is wrong."""
    policies.check_may_lead_campaigns(by)
    fields, teams = _checked(plan)
    row = _saved(Campaign(created_at=now, **fields))
    _field(row, teams)
    _note(row, events.CAMPAIGN_PLANNED, _told(row, teams), by=by, now=now)
    return row.id


@transaction.atomic
def change_campaign(*, campaign: int, plan: CampaignPlan, by: Actor, now: datetime) -> None:
    """Another plan for one not yet closed; its figures follow. Raises NotAllowed, NotThere, BadInput, WrongState."""
    row = _open(campaign, by)
    fields, teams = _checked(plan)
    for name, value in fields.items():
        setattr(row, name, value)
    _saved(row)
    row.teams.all().delete()
    _field(row, teams)
    _note(row, events.CAMPAIGN_CHANGED, _told(row, teams), by=by, now=now)


@transaction.atomic
def set_case(*, campaign: int, number: str, belongs: bool, by: Actor, now: datetime) -> None:
    """Put a case into a special operation by hand, or leave it out. The other way about undoes it.

    Raises NotAllowed, NotThere (campaign), BadInput (no such case), WrongState (closed).
    """
    row = _open(campaign, by)
    try:
        case = agenda.numbered(by, number)
    except NotThere as gone:
        raise BadInput(gone.sentence, field="number") from gone
    CampaignCase.objects.update_or_create(
        campaign=row, case_id=case.id, defaults={"belongs": belongs, "by": by.ref, "at": now}
    )
    _note(row, events.CAMPAIGN_CASE, {"case": case.id, "belongs": belongs}, by=by, now=now)


@transaction.atomic
def close_campaign(*, campaign: int, words: str, by: Actor, now: datetime) -> None:
    """Close it, before its last day if need be: what was achieved, in words, and the figures as they stand now.

    Raises NotAllowed, NotThere, BadInput (no words), WrongState (closed already).
    """
    row = _open(campaign, by)
    row.closing = written(words, "words", LONGEST_CLOSING, needed=True)
    today = boards.day_of(now)
    if row.starts_on <= today < row.ends_on:
        row.ends_on = today
    row.closed_at = now
    row.report = boards.kept(boards.figures_now(row, now=now))
    row.save()
    total = row.report["total"]
    body = {"closing": digest(row.closing), "ends_on": row.ends_on.isoformat(), "figures": total}
    _note(row, events.CAMPAIGN_CLOSED, body, by=by, now=now)


def _open(campaign: int, by: Actor) -> Campaign:
    policies.check_may_lead_campaigns(by)
    row = Campaign.objects.select_for_update().filter(id=campaign).first()
    if row is None:
        raise NotThere(_("There is no such special operation."))
    if row.closed_at is not None:
        raise WrongState(_("This special operation is closed; its report stays as it is."))
    return row


def _checked(plan: CampaignPlan) -> tuple[dict[str, Any], list[int]]:
    """The columns of a plan and its teams. Raises BadInput with every field that is wrong."""
    wrong: list[tuple[str, object]] = []
    said: dict[str, str] = {}
    for field, longest in (("name", LONGEST_NAME), ("purpose", LONGEST_PURPOSE)):
        try:
            said[field] = written(getattr(plan, field), field, longest, needed=True)
        except BadInput as one:
            wrong.append((field, one.sentence))
    wrong += [*_wrong_period(plan), *_wrong_scope(plan), *_wrong_teams(plan)]
    if wrong:
        raise BadInput(wrong[0][1], field=wrong[0][0], problems=wrong)
    fields = asdict(plan) | said
    teams = fields.pop("teams")
    columns = {key: list(value) if isinstance(value, tuple) else value for key, value in fields.items()}
    return columns, list(dict.fromkeys(teams))


def _wrong_period(plan: CampaignPlan) -> list[tuple[str, object]]:
    if plan.starts_on is None or plan.ends_on is None:
        empty = [("starts_on", plan.starts_on), ("ends_on", plan.ends_on)]
        return [(field, _("Give the first and the last day.")) for field, day in empty if day is None]
    if plan.ends_on < plan.starts_on:
        return [("ends_on", _("It ends before it begins."))]
    if (plan.ends_on - plan.starts_on).days >= MOST_DAYS:
        return [("ends_on", _("A special operation lasts a year at most."))]
    return []


def _wrong_scope(plan: CampaignPlan) -> list[tuple[str, object]]:
    wrong: list[tuple[str, object]] = []
    known = territory.areas_in_force().areas
    if not plan.areas:
        wrong.append(("areas", _("Say where: one area at least.")))
    elif len(plan.areas) > MOST_AREAS or any(area not in known for area in plan.areas):
        wrong.append(("areas", _("One of these areas is not in force.")))
    in_force = catalogue.in_force()
    majors = {f"{one.kind}:{one.major_code}" for one in in_force.classes}
    if any(key not in in_force.by_key for key in plan.classes) or len(plan.classes) > MOST_CLASSES:
        wrong.append(("classes", _("The catalogue has not all of these classes.")))
    if any(key not in majors for key in plan.majors):
        wrong.append(("majors", _("The catalogue has not all of these classes.")))
    return wrong


def _wrong_teams(plan: CampaignPlan) -> list[tuple[str, object]]:
    if not plan.teams:
        return [("teams", _("Say which units take part; the first one leads."))]
    if len(plan.teams) > MOST_TEAMS or any(unit not in people.organisations() for unit in plan.teams):
        return [("teams", _("One of these units is not there, or is no longer active."))]
    return []


def _saved(row: Campaign) -> Campaign:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as clash:
        if "campaign_name_at_a_time" not in str(clash):
            raise
        raise BadInput(
            _("There is a special operation of this name in that time already; give it another name."), field="name"
        ) from clash
    return row


def _field(row: Campaign, teams: Sequence[int]) -> None:
    Team.objects.bulk_create([Team(campaign=row, organisation_id=unit, lead=n == 0) for n, unit in enumerate(teams)])


def _told(row: Campaign, teams: Sequence[int]) -> dict[str, Any]:
    """A plan as the ledger keeps it: the name is no personal value, the purpose is words."""
    return {
        "name": row.name,
        "purpose": digest(row.purpose),
        "areas": list(row.areas),
        "classes": list(row.classes),
        "majors": list(row.majors),
        "from": row.starts_on.isoformat(),
        "to": row.ends_on.isoformat(),
        "teams": list(teams),
    }


def _note(row: Campaign, kind: str, body: dict[str, Any], *, by: Actor, now: datetime) -> None:
    ledger.append(subject=f"campaign:{row.id}", kind=kind, by=by, now=now, body=body)
