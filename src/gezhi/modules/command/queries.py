"""Reading meetings: the list, one with its agenda and what came of it, the next evening. Special operations are read in
`boards`. Of cases on an agenda everybody sees those that are theirs to see; how many others there are is said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotThere
from gezhi.lib.texts import Text
from gezhi.modules.cases import agenda
from gezhi.modules.cases.agenda import Decided
from gezhi.modules.cases.queries import CaseRow
from gezhi.modules.command import policies, series
from gezhi.modules.command.boards import CampaignRow, CampaignView, campaign, campaigns, cases_of
from gezhi.modules.command.models import (
    CALLED_OFF,
    CLOSED,
    HELD,
    PLANNED,
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
)

__all__ = [
    "CALLED_OFF",
    "CLOSED",
    "HELD",
    "PLANNED",
    "CampaignRow",
    "CampaignView",
    "MeetingRow",
    "MeetingView",
    "Point",
    "Upcoming",
    "campaign",
    "campaigns",
    "cases_of",
    "meeting",
    "meetings",
    "of_evening",
    "upcoming",
]


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list; `points` on its agenda, `decisions` made, of which `open` are not done."""

    id: int
    number: int
    title: str
    planned_at: datetime
    place: str
    state: str
    points: int
    decisions: int
    open: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an agenda. `case` None: a topic in words. `carried`: the case is a decision of an earlier meeting,
    with its items; `decided`: what this meeting decided on the point."""

    id: int
    case: CaseRow | None
    topic: str
    reasons: tuple[str, ...]
    overdue: int | None
    rework: int
    words: str
    carried: Decided | None
    decided: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One meeting. `dropped`: points taken off; `hidden`: points about cases that are not this person's to see;
    `concerned`: units at work on the cases of the agenda, the most concerned first; `chair`: id of an account."""

    id: int
    number: int
    title: str
    planned_at: datetime
    place: str
    state: str
    chair: int | None
    held_at: datetime | None
    closed_at: datetime | None
    composed_at: datetime | None
    minutes: str
    words: str
    points: tuple[Point, ...]
    dropped: tuple[Point, ...]
    hidden: int
    present: tuple[int, ...]
    concerned: tuple[int, ...]
    may_lead: bool


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next evening of the weekly series, and the meeting planned for it (None: not yet)."""

    at: datetime
    place: Text
    meeting: int | None


def meetings(by: Actor, *, after: str = "", size: int = 50) -> list[MeetingRow]:
    """Meetings, the latest first, after a row's cursor. Three queries. Raises NotAllowed."""
    policies.check_may_see_meetings(by)
    found = Meeting.objects.order_by("-planned_at", "-id")
    if after:
        moment, _sep, last = after.partition("|")
        at, number = datetime.fromisoformat(moment), int(last)
        found = found.filter(planned_at__lte=at).exclude(planned_at=at, id__gte=number)
    rows = list(found[: min(size, 200)])
    points = Counter(AgendaItem.objects.filter(meeting__in=rows, dropped=False).values_list("meeting_id", flat=True))
    decided: dict[int, list[bool]] = defaultdict(list)
    for one, ended in Decision.objects.filter(meeting__in=rows).values_list("meeting_id", "case__ended"):
        decided[one].append(ended)
    return [
        MeetingRow(
            id=row.id,
            number=row.number,
            title=row.title,
            planned_at=row.planned_at,
            place=row.place,
            state=row.state,
            points=points[row.id],
            decisions=len(decided[row.id]),
            open=decided[row.id].count(False),
            cursor=f"{row.planned_at.isoformat()}|{row.id}",
        )
        for row in rows
    ]


def meeting(by: Actor, number: int) -> MeetingView:
    """One meeting with its agenda. Nine queries at most. Raises NotAllowed, NotThere."""
    policies.check_may_see_meetings(by)
    row = Meeting.objects.filter(id=number).first()
    if row is None:
        raise NotThere(_("There is no such meeting."))
    items = list(row.items.order_by("position", "id"))
    made = defaultdict(list)
    for item, case in row.decisions.order_by("id").values_list("item_id", "case_id"):
        made[item].append(case)
    about = [item.case_id for item in items if item.case_id is not None]
    rows = agenda.rows_of(by, about)
    known = agenda.decided(by, {*about, *(case for cases in made.values() for case in cases)})
    seen = [item for item in items if item.case_id is None or item.case_id in rows]
    points = [(item.dropped, _point(item, rows, known, made[item.id])) for item in seen]
    return MeetingView(
        id=row.id,
        number=row.number,
        title=row.title,
        planned_at=row.planned_at,
        place=row.place,
        state=row.state,
        chair=row.chair_id,
        held_at=row.held_at,
        closed_at=row.closed_at,
        composed_at=row.composed_at,
        minutes=row.minutes,
        words=row.words,
        points=tuple(point for dropped, point in points if not dropped),
        dropped=tuple(point for dropped, point in points if dropped),
        hidden=sum(not item.dropped for item in items) - sum(not dropped for dropped, _one in points),
        present=tuple(Attendance.objects.filter(meeting=row).order_by("id").values_list("organisation_id", flat=True)),
        concerned=_concerned(item for item in seen if not item.dropped),
        may_lead=policies.may_lead_meetings(by),
    )


def upcoming(now: datetime) -> Upcoming:
    """The next evening of the weekly series. One query. Raises Unavailable where there is none."""
    rule = series.in_force()
    at = rule.next_evening(now)
    return Upcoming(at, rule.place, of_evening(at.date()))


def of_evening(day: date) -> int | None:
    """The meeting of an evening of the series. One query."""
    return Meeting.objects.filter(series_on=day).exclude(state=CALLED_OFF).values_list("id", flat=True).first()


def _point(item: AgendaItem, rows: dict[int, CaseRow], known: dict[int, Decided], made: list[int]) -> Point:
    return Point(
        id=item.id,
        case=rows.get(item.case_id) if item.case_id is not None else None,
        topic=item.topic,
        reasons=tuple(item.reasons),
        overdue=item.overdue,
        rework=item.rework,
        words=item.words,
        carried=known.get(item.case_id) if item.case_id is not None else None,
        decided=tuple(known[case] for case in made if case in known),
    )


def _concerned(items: Iterable[AgendaItem]) -> tuple[int, ...]:
    working = agenda.units_at_work(item.case_id for item in items if item.case_id is not None)
    counted = Counter(unit for units in working.values() for unit in units)
    return tuple(unit for unit, _count in sorted(counted.items(), key=lambda one: (-one[1], one[0])))
