"""Holding a meeting: who was there, what was said and decided, the minutes. A decision becomes a case in the same
transaction, so that it has units, days, clocks and a story from its first minute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, WrongState
from gezhi.modules.cases import agenda
from gezhi.modules.cases import operations as cases
from gezhi.modules.cases.operations import Beginning, Moved
from gezhi.modules.command import events
from gezhi.modules.command.meetings import digest, item_of, locked, note, written
from gezhi.modules.command.models import CLOSED, HELD, PLANNED, Attendance, Decision, Meeting
from gezhi.modules.people import queries as people

LONGEST_MINUTES = 20_000
CHANNEL, LINK = "meeting", "decided_for"


@transaction.atomic
def hold(*, meeting: int, present: Sequence[int], by: Actor, now: datetime) -> None:
    """The meeting begins, chaired by the actor; `present`: the units that are there.

    Raises NotAllowed, NotThere, BadInput (nobody there, an unknown unit), WrongState.
    """
    row = locked(meeting, by, PLANNED)
    _attend(row, present)
    row.state, row.held_at, row.chair_id = HELD, now, by.account_id
    row.save(update_fields=["state", "held_at", "chair"])
    note(row, events.MEETING_HELD, {"present": sorted(set(present))}, by=by, now=now)


@transaction.atomic
def attend(*, meeting: int, present: Sequence[int], by: Actor, now: datetime) -> None:
    """Who was there, put right before the minutes are closed. Raises as `hold`."""
    row = locked(meeting, by, HELD)
    _attend(row, present)
    note(row, events.MEETING_HELD, {"present": sorted(set(present))}, by=by, now=now)


def _attend(row: Meeting, present: Sequence[int]) -> None:
    wanted = set(present)
    if not wanted:
        raise BadInput(_("Say which units are there."), field="present")
    if missing := sorted(wanted - people.organisations().keys()):
        sentence = _("There is no unit %(unit)s, or it is no longer active.")
        raise BadInput(sentence % {"unit": missing[0]}, field="present")
    row.attendance.all().delete()
    Attendance.objects.bulk_create([Attendance(meeting=row, organisation_id=unit) for unit in sorted(wanted)])


@transaction.atomic
def say(*, item: int, words: str, by: Actor, now: datetime) -> None:
    """What was said on a point of the agenda. Raises NotAllowed, NotThere, BadInput, WrongState."""
    found = item_of(item, by, HELD)
    found.words = written(words, "words", 5000)
    found.save(update_fields=["words"])
    note(found.meeting, events.MEETING_NOTED, {"item": found.id, "words": digest(found.words)}, by=by, now=now)


@transaction.atomic
def decide(
    *, item: int, plan: Sequence[Mapping[str, Any]], words: str, key: str, by: Actor, now: datetime
) -> Moved | None:
    """Decide on a point: a case of the procedure `decision` with these items ({"what", "unit", "due", "assist"?}) and
    their days, linked with the point's case. `key`: of the form; a second sending of it changes nothing (None).

    Raises NotAllowed, NotThere, BadInput (as the procedure's move says it), WrongState (not being held, dropped point).
    """
    found = item_of(item, by, HELD)
    row = found.meeting
    if found.dropped:
        raise WrongState(_("This point was dropped from the agenda; take it up again first."))
    if not 8 <= len(key) <= 64:
        raise BadInput(_("This form is not complete; load the page again."), field="key")
    if row.decisions.filter(key=key).exists():
        return None
    about = agenda.rows_of(by, [found.case_id] if found.case_id is not None else [])
    origin = about[found.case_id].number if found.case_id is not None else ""
    beginning = Beginning(
        matter=agenda.DECISION,
        move="assign",
        inputs={"plan": [dict(one) for one in plan], "words": words},
        words=words,
        origin=origin,
        link=LINK if origin else "",
        channel=CHANNEL,
        source_id=f"{row.id}-{key}",
    )
    moved = cases.start(beginning=beginning, by=by, now=now)
    Decision.objects.create(meeting=row, item=found, case_id=moved.case, key=key, at=now)
    note(row, events.MEETING_DECIDED, {"item": found.id, "case": moved.case}, by=by, now=now)
    return moved


@transaction.atomic
def write_minutes(*, meeting: int, words: str, by: Actor, now: datetime) -> None:
    """The minutes, kept until they are closed. Raises NotAllowed, NotThere, BadInput, WrongState."""
    row = locked(meeting, by, HELD)
    row.minutes = written(words, "minutes", LONGEST_MINUTES)
    row.save(update_fields=["minutes"])
    note(row, events.MEETING_NOTED, {"minutes": digest(row.minutes)}, by=by, now=now)


@transaction.atomic
def close(*, meeting: int, by: Actor, now: datetime) -> None:
    """Close the minutes: from now on they stand as they are. Raises NotAllowed, NotThere, BadInput (no minutes yet),
    WrongState."""
    row = locked(meeting, by, HELD)
    if not row.minutes:
        raise BadInput(_("Write the minutes before they are closed."), field="minutes")
    row.state, row.closed_at = CLOSED, now
    row.save(update_fields=["state", "closed_at"])
    note(row, events.MEETING_CLOSED, {"minutes": digest(row.minutes)}, by=by, now=now)
