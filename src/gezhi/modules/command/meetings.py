"""Preparing a meeting: planned, its agenda composed from cases, added to, dropped from, put in order, called off.

Every write locks the meeting's row and looks at its state; the ledger's subject is `meeting:<id>`. What is dropped from
an agenda stays in its rows and can be taken up again.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, WrongState
from gezhi.lib.texts import said
from gezhi.modules.cases import agenda, rules
from gezhi.modules.cases import words as wording
from gezhi.modules.command import events, policies, series
from gezhi.modules.command.models import CALLED_OFF, CLOSED, HELD, PLANNED, AgendaItem, Meeting
from gezhi.modules.ledger import operations as ledger

BY_HAND = "hand"
LONGEST_TITLE, LONGEST_TOPIC = 120, 300
MOST_ITEMS = 200
AHEAD = timedelta(days=366)


@transaction.atomic
def plan(
    *,
    planned_at: datetime,
    by: Actor,
    now: datetime,
    title: str = "",
    place: str = "",
    series_on: date | None = None,
) -> int:
    """Plan a meeting; returns its id. One that stands for an evening of the series is planned once: known, its id.

    Raises NotAllowed, BadInput (a time that is over, or more than a year ahead).
    """
    policies.check_may_plan_meetings(by)
    _check_time(planned_at, now)
    with connection.cursor() as cursor:  # one at a time: two planned at once would get the same number
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('meeting_number'))")
    if series_on is not None:
        known = Meeting.objects.filter(series_on=series_on).exclude(state=CALLED_OFF).first()
        if known is not None:
            return known.id
    row = Meeting.objects.create(
        number=int(Meeting.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        title=written(title, "title", LONGEST_TITLE),
        place=written(place, "place", LONGEST_TITLE),
        planned_at=planned_at,
        series_on=series_on,
    )
    body = {"number": row.number, "planned_at": planned_at.isoformat(), "series_on": str(series_on or "") or None}
    note(row, events.MEETING_PLANNED, body, by=by, now=now)
    return row.id


@transaction.atomic
def prepare(*, evening: datetime, by: Actor, now: datetime) -> int:
    """The meeting of an evening of the series with its agenda drafted; returns its id. One that is there already is
    composed only where nobody has. Raises NotAllowed, BadInput, Unavailable (there is no series)."""
    rule = series.in_force()
    day = evening.astimezone(rule.zone).date()
    meeting = plan(planned_at=evening, place=said(rule.place), series_on=day, by=by, now=now)
    if Meeting.objects.filter(id=meeting, composed_at=None, state=PLANNED).exists():
        compose(meeting=meeting, by=by, now=now)
    return meeting


def draft_due(*, by: Actor, now: datetime) -> int | None:
    """The agenda that is to be drafted by itself now, if there is one; the meeting's id. Safe to repeat."""
    if agenda.DECISION not in rules.matters():
        return None
    evening = series.in_force().drafts_now(now)
    return prepare(evening=evening, by=by, now=now) if evening is not None else None


@transaction.atomic
def change(*, meeting: int, planned_at: datetime, title: str, place: str, by: Actor, now: datetime) -> None:
    """Another time, place or title of a meeting to come. Raises NotAllowed, NotThere, BadInput, WrongState."""
    row = locked(meeting, by, PLANNED)
    _check_time(planned_at, now)
    row.planned_at = planned_at
    row.title = written(title, "title", LONGEST_TITLE)
    row.place = written(place, "place", LONGEST_TITLE)
    row.save(update_fields=["planned_at", "title", "place"])
    note(row, events.MEETING_CHANGED, {"planned_at": planned_at.isoformat()}, by=by, now=now)


@transaction.atomic
def call_off(*, meeting: int, words: str, by: Actor, now: datetime) -> None:
    """The meeting will not be held; why is needed. Raises NotAllowed, NotThere, BadInput, WrongState."""
    row = locked(meeting, by, PLANNED)
    row.words = written(words, "words", 500, needed=True)
    row.state = CALLED_OFF
    row.save(update_fields=["state", "words"])
    note(row, events.MEETING_CALLED_OFF, {"words": digest(row.words)}, by=by, now=now)


@transaction.atomic
def compose(*, meeting: int, by: Actor, now: datetime) -> int:
    """Bring onto the agenda what belongs before the meeting now and is not on it; what was dropped stays dropped.

    Returns how many points are new. Raises NotAllowed, NotThere, WrongState.
    """
    policies.check_may_plan_meetings(by)
    row = _row(meeting, PLANNED)
    rule = series.in_force()
    on_it = set(row.items.exclude(case=None).values_list("case_id", flat=True))
    found = agenda.for_agenda(
        by, now=now, overdue=rule.overdue, rework=rule.rework, most=rule.most, without=[c for c in on_it if c]
    )
    room = max(0, MOST_ITEMS - row.items.count())
    position = _next_position(row)
    AgendaItem.objects.bulk_create(
        [
            AgendaItem(
                meeting=row,
                position=position + n,
                case_id=one.case,
                reasons=list(one.reasons),
                overdue=one.overdue,
                rework=one.rework,
            )
            for n, one in enumerate(found[:room])
        ]
    )
    row.composed_at = now
    row.save(update_fields=["composed_at"])
    told = {"cases": [[one.case, list(one.reasons)] for one in found[:room]]}
    note(row, events.MEETING_COMPOSED, told, by=by, now=now)
    return min(len(found), room)


@transaction.atomic
def add_item(*, meeting: int, by: Actor, now: datetime, number: str = "", topic: str = "") -> int:
    """Put a case (by its number) or a topic onto the agenda; a case that was dropped comes back. Returns the item's id.

    Raises NotAllowed, NotThere (foreign case), BadInput (neither or both; there already; too many), WrongState.
    """
    row = locked(meeting, by, PLANNED, HELD)
    topic = written(topic, "topic", LONGEST_TOPIC)
    if bool(number.strip()) == bool(topic):
        raise BadInput(_("Give the number of a case or a topic, one of them."), field="number")
    if row.items.count() >= MOST_ITEMS:
        raise BadInput(_("The agenda is full: %(most)d points at most.") % {"most": MOST_ITEMS}, field="number")
    if topic:
        item = AgendaItem(meeting=row, topic=topic, reasons=[BY_HAND])
    else:
        item = _of_case(row, number, by)
    item.position, item.dropped = _next_position(row), False
    item.save()
    _tell_agenda(row, item, "added", by=by, now=now)
    return item.id


def _of_case(row: Meeting, number: str, by: Actor) -> AgendaItem:
    try:
        case = agenda.numbered(by, number)
    except NotThere as gone:
        raise BadInput(gone.sentence, field="number") from gone
    known = row.items.filter(case=case.id).first()
    if known is not None and not known.dropped:
        raise BadInput(_("This case is on the agenda already."), field="number")
    return known or AgendaItem(meeting=row, case_id=case.id, reasons=[BY_HAND], rework=case.rework)


@transaction.atomic
def drop_item(*, item: int, by: Actor, now: datetime) -> None:
    """Take a point off the agenda; `take_up` brings it back. Raises NotAllowed, NotThere, WrongState (decided on)."""
    found = item_of(item, by, PLANNED, HELD)
    if found.decisions.exists():
        raise WrongState(_("The meeting has decided on this point; it stays on the agenda."))
    found.dropped = True
    found.save(update_fields=["dropped"])
    _tell_agenda(found.meeting, found, "dropped", by=by, now=now)


@transaction.atomic
def take_up(*, item: int, by: Actor, now: datetime) -> None:
    """Bring back a point that was dropped, at the end. Raises NotAllowed, NotThere, WrongState."""
    found = item_of(item, by, PLANNED, HELD)
    if found.dropped:
        found.dropped, found.position = False, _next_position(found.meeting)
        found.save(update_fields=["dropped", "position"])
        _tell_agenda(found.meeting, found, "taken_up", by=by, now=now)


@transaction.atomic
def move_item(*, item: int, up: bool, by: Actor, now: datetime) -> None:
    """One place up or down; at the end of the list nothing happens. Raises NotAllowed, NotThere, WrongState."""
    found = item_of(item, by, PLANNED, HELD)
    others = found.meeting.items.filter(dropped=False)
    if up:
        other = others.filter(position__lt=found.position).order_by("-position").first()
    else:
        other = others.filter(position__gt=found.position).order_by("position").first()
    if other is not None:
        found.position, other.position = other.position, found.position
        AgendaItem.objects.bulk_update([found, other], ["position"])
        _tell_agenda(found.meeting, found, "up" if up else "down", by=by, now=now)


def locked(meeting: int, by: Actor, *states: str) -> Meeting:
    """The meeting, locked, where the actor leads and it is in one of these states."""
    policies.check_may_lead_meetings(by)
    return _row(meeting, *states)


def item_of(item: int, by: Actor, *states: str) -> AgendaItem:
    """A point of a meeting, the meeting locked; see `locked`."""
    policies.check_may_lead_meetings(by)
    found = AgendaItem.objects.filter(id=item).values_list("meeting_id", flat=True).first()
    if found is None:
        raise NotThere(_("There is no such point on an agenda."))
    row = _row(found, *states)
    point = AgendaItem.objects.get(id=item)
    point.meeting = row
    return point


def _row(meeting: int, *states: str) -> Meeting:
    row = Meeting.objects.select_for_update().filter(id=meeting).first()
    if row is None:
        raise NotThere(_("There is no such meeting."))
    if row.state not in states:
        raise WrongState(
            {
                PLANNED: _("This meeting has not begun yet."),
                HELD: _("This meeting has begun; that was to be done before."),
                CLOSED: _("The minutes of this meeting are closed."),
                CALLED_OFF: _("This meeting was called off."),
            }[row.state]
        )
    return row


def _check_time(planned_at: datetime, now: datetime) -> None:
    if planned_at <= now:
        raise BadInput(_("A meeting is planned for a time that is still to come."), field="planned_at")
    if planned_at > now + AHEAD:
        raise BadInput(_("A meeting is planned for the coming year at the latest."), field="planned_at")


def _next_position(row: Meeting) -> int:
    return int(row.items.aggregate(last=Max("position"))["last"] or 0) + 1


def _tell_agenda(row: Meeting, item: AgendaItem, what: str, *, by: Actor, now: datetime) -> None:
    about = {"case": item.case_id} if item.case_id is not None else {"topic": digest(item.topic)}
    note(row, events.MEETING_AGENDA, {"did": what, "item": item.id, **about}, by=by, now=now)


def written(text: str, field: str, longest: int, *, needed: bool = False) -> str:
    """Words fit to be kept: trimmed, bounded, numbers of telephones and identities marked. Raises BadInput."""
    kept = wording.take_out(wording.clean(text, field=field, longest=longest))[0]
    if needed and not kept:
        raise BadInput(_("This is needed."), field=field)
    return kept


def digest(words: str) -> str:
    """What the ledger keeps of words."""
    return hashlib.sha256(words.encode()).hexdigest()


def note(row: Meeting, kind: str, body: dict[str, Any], *, by: Actor, now: datetime) -> None:
    """An entry of the meeting's own chain."""
    told = {key: value for key, value in body.items() if value is not None}
    ledger.append(subject=f"meeting:{row.id}", kind=kind, by=by, now=now, body=told)
