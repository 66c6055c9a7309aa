"""Reading special operations: the list, one with its figures and its cases. Figures are of the whole operation, for
everybody who may see it; the cases are those that the actor may see. Closed ones show what was written down.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotThere
from gezhi.modules.cases import scopes
from gezhi.modules.cases.queries import CaseRow
from gezhi.modules.cases.scopes import Counted, Day, Scope, Tally
from gezhi.modules.command import policies
from gezhi.modules.command.models import Campaign, CampaignCase, Team
from gezhi.modules.switches import queries as switches

CHANNEL = "operation"
PLANNED, RUNNING, OVER, CLOSED = "planned", "running", "over", "closed"


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A special operation in a list. `state`: planned, running, over (its last day is past, not closed), closed."""

    id: int
    name: str
    state: str
    starts_on: date
    ends_on: date
    lead: int | None
    teams: int
    areas: tuple[int, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class CampaignView:
    """One special operation. `teams`: ids of units, the one that leads first. `may_lead`: this person may change it."""

    id: int
    name: str
    purpose: str
    state: str
    starts_on: date
    ends_on: date
    areas: tuple[int, ...]
    classes: tuple[str, ...]
    majors: tuple[str, ...]
    teams: tuple[int, ...]
    closing: str
    closed_at: datetime | None
    figures: Tally
    may_lead: bool


def campaigns(by: Actor, *, now: datetime, after: str = "", size: int = 50) -> list[CampaignRow]:
    """Special operations, the latest to begin first, after a row's cursor. Two queries. Raises NotAllowed."""
    policies.check_may_see_campaigns(by)
    found = Campaign.objects.order_by("-starts_on", "-id")
    if after:
        day, _sep, last = after.partition("|")
        begun, number = date.fromisoformat(day), int(last)
        found = found.filter(starts_on__lte=begun).exclude(starts_on=begun, id__gte=number)
    rows = list(found[: min(size, 200)])
    teams: dict[int, list[tuple[int, bool]]] = {row.id: [] for row in rows}
    for campaign, unit, lead in Team.objects.filter(campaign__in=teams).values_list(
        "campaign_id", "organisation_id", "lead"
    ):
        teams[campaign].append((unit, lead))
    today = day_of(now)
    return [
        CampaignRow(
            id=row.id,
            name=row.name,
            state=_state(row, today),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            lead=next((unit for unit, lead in teams[row.id] if lead), None),
            teams=len(teams[row.id]),
            areas=tuple(row.areas),
            cursor=f"{row.starts_on.isoformat()}|{row.id}",
        )
        for row in rows
    ]


def campaign(by: Actor, number: int, *, now: datetime) -> CampaignView:
    """One special operation with its figures; those of a closed one as they were. Eight queries at most.

    Raises NotAllowed, NotThere.
    """
    policies.check_may_see_campaigns(by)
    row = _row(number)
    teams = row.teams.order_by("-lead", "id").values_list("organisation_id", flat=True)
    return CampaignView(
        id=row.id,
        name=row.name,
        purpose=row.purpose,
        state=_state(row, day_of(now)),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        areas=tuple(row.areas),
        classes=tuple(row.classes),
        majors=tuple(row.majors),
        teams=tuple(teams),
        closing=row.closing,
        closed_at=row.closed_at,
        figures=read_back(row.report) if row.report is not None else figures_now(row, now=now),
        may_lead=policies.may_lead_campaigns(by),
    )


def cases_of(by: Actor, number: int, *, ended: bool = False, after: str = "", size: int = 50) -> list[CaseRow]:
    """Its cases that the actor may see; see `cases.scopes.cases_of`. Three queries. Raises NotAllowed, NotThere."""
    policies.check_may_see_campaigns(by)
    return scopes.cases_of(by, scope_of(_row(number)), ended=ended, after=after, size=size)


def figures_now(row: Campaign, *, now: datetime) -> Tally:
    """Its figures as they stand. Six queries."""
    until = min(row.ends_on, max(day_of(now), row.starts_on))
    return scopes.tally(scope_of(row), zone=switches.profile().zone, until=until)


def scope_of(row: Campaign) -> Scope:
    """Which cases belong: reported in its time, on its ground, of its classes or under its channel, or put in by hand.
    One query."""
    zone = ZoneInfo(switches.profile().zone)
    by_hand = list(CampaignCase.objects.filter(campaign=row).values_list("case_id", "belongs"))
    return Scope(
        since=datetime.combine(row.starts_on, time(), tzinfo=zone),
        until=datetime.combine(row.ends_on + timedelta(days=1), time(), tzinfo=zone),
        areas=tuple(row.areas),
        classes=tuple(row.classes),
        majors=tuple((kind, code) for kind, _sep, code in (key.partition(":") for key in row.majors)),
        channel=CHANNEL,
        added=tuple(case for case, belongs in by_hand if belongs),
        left_out=tuple(case for case, belongs in by_hand if not belongs),
    )


def day_of(now: datetime) -> date:
    """The day on the calendars of the place."""
    return now.astimezone(ZoneInfo(switches.profile().zone)).date()


def kept(figures: Tally) -> dict[str, Any]:
    """Figures as a closed operation keeps them."""
    return {
        "total": asdict(figures.total),
        "days": [asdict(day) | {"on": day.on.isoformat()} for day in figures.days],
        "units": [[unit, asdict(counted)] for unit, counted in figures.units],
        "classes": [[name, asdict(counted)] for name, counted in figures.classes],
    }


def read_back(report: dict[str, Any]) -> Tally:
    """What `kept` wrote."""
    return Tally(
        total=Counted(**report["total"]),
        days=tuple(Day(**{**day, "on": date.fromisoformat(day["on"])}) for day in report["days"]),
        units=tuple((unit, Counted(**counted)) for unit, counted in report["units"]),
        classes=tuple((name, Counted(**counted)) for name, counted in report["classes"]),
    )


def _row(number: int) -> Campaign:
    row = Campaign.objects.filter(id=number).first()
    if row is None:
        raise NotThere(_("There is no such special operation."))
    return row


def _state(row: Campaign, today: date) -> str:
    if row.closed_at is not None:
        return CLOSED
    if today < row.starts_on:
        return PLANNED
    return RUNNING if today <= row.ends_on else OVER
