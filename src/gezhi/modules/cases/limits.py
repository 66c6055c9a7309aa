"""Time: limits that have passed are recorded, each mark once; clocks move when the calendar does.

One transaction a clock, the case locked first as every move does; a case somebody is working on is left for the next
run, and one that cannot be carried out does not keep the others.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import DatabaseError, transaction

from gezhi.engines import procedure as engine
from gezhi.lib.actor import Actor
from gezhi.lib.errors import Refusal, WrongState
from gezhi.modules.cases import audience, clocks, fresh, rules
from gezhi.modules.cases.models import FAR, Case, Clock
from gezhi.modules.cases.moves import act
from gezhi.modules.cases.standings import Standing, standing
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.notices import operations as notices

log = structlog.get_logger()


def fire_due(*, now: datetime, limit: int = 200) -> int:
    """Act on marks of limits that have passed: write the ledger, tell those concerned, make time's own moves.

    Returns how many were recorded. A clock whose later marks have passed as well is found again by the next call.
    """
    due = Clock.objects.filter(stopped_at=None, next_at__lte=now)
    fired = 0
    for clock, case in due.order_by("next_at").values_list("id", "case_id")[:limit]:
        try:
            with transaction.atomic():
                fired += _fire(clock, case, now)
        except (Refusal, engine.ProcedureFault, DatabaseError):
            log.exception("limit_not_fired", clock=clock, case=case)
    return fired


def recount(*, now: datetime, after: int = 0, size: int = 500) -> int:
    """Put open clocks of the next `size` cases after a case's id where the calendar in force says; returns the last
    case's id, 0 when there is none left. The ledger tells each case whose limit moved."""
    ids = list(
        Clock.objects.filter(stopped_at=None, case_id__gt=after)
        .order_by("case_id")
        .values_list("case_id", flat=True)
        .distinct()[:size]
    )
    for case in ids:
        _recount(case, now)
    return ids[-1] if len(ids) == size else 0


@transaction.atomic
def _recount(case_id: int, now: datetime) -> None:
    case = Case.objects.select_for_update(of=("self",)).get(id=case_id)
    open_clocks = list(Clock.objects.filter(case=case, stopped_at=None))
    moved = clocks.recount(open_clocks, rules.calendar(), rules.procedure(case.procedure_id))
    if not moved:
        return
    Clock.objects.bulk_update(moved, ["due_at", "amber_at", "next_at"])
    case.due_at = clocks.next_due(open_clocks)
    case.soon = case.due_at or FAR
    case.save(update_fields=["due_at", "soon"])
    body = {"clocks": [[c.name, c.assignment_key, c.due_at.isoformat()] for c in moved]}
    ledger.append(subject=f"case:{case.id}", kind="case.recounted", by=Actor.system(), now=now, body=body)


def _fire(clock_id: int, case_id: int, now: datetime) -> bool:
    case = Case.objects.select_for_update(skip_locked=True, of=("self",)).filter(id=case_id).first()
    clock = Clock.objects.filter(id=clock_id, stopped_at=None, next_at__lte=now).first()
    if case is None or clock is None:
        return False
    fresh.written()
    here = standing(case, now)
    mark = next(m for m in clocks.marks(here.procedure, clock.name) if m > clock.fired)
    clock.fired = mark
    clock.missed = clock.missed or mark >= clocks.DUE
    clocks.place(clock, rules.calendar(), here.procedure)
    clock.save(update_fields=["fired", "missed", "next_at"])
    late = mark == clocks.DUE and clock.why == clocks.CATALOGUE and not case.late
    if late:
        case.late = True
        case.save(update_fields=["late"])
    body = {
        "clock": clock.name,
        "assignment": clock.assignment_key or None,
        "due": clock.due_at.isoformat(),
        **({"mark": mark} if mark != clocks.DUE else {}),
        **({"late": True} if late else {}),
    }
    entry = ledger.append(subject=f"case:{case.id}", kind="case.limit", by=Actor.clock(), now=now, body=body)
    _tell(here, clock, mark, entry.seq, now)
    _time_moves(here, clock, mark, now)
    return True


def _tell(here: Standing, clock: Clock, mark: int, seq: int, now: datetime) -> None:
    rule = here.procedure.clocks.get(clock.name)
    duties = [duty for alarm in (rule.alarms if rule else ()) if alarm.at == mark for duty in alarm.notify]
    own = here.assignments.get(clock.assignment_key)
    working = [own] if own else [a for a in here.assignments.values() if not a.ended]
    told = audience.of_duties(
        here.procedure,
        here.case,
        duties=duties,
        kind="case.late",
        centre=here.centre,
        units=[a.unit_id for a in working if a.unit_id is not None],
        seq=seq,
    )
    notices.put_many(notices=told, now=now)


def _time_moves(here: Standing, clock: Clock, mark: int, now: datetime) -> None:
    """Moves that time itself makes at this mark; one that is no longer possible is nothing."""
    for move in engine.clock_moves(here.procedure, here.state):
        mine = (move.assignment or "") in {"", clock.assignment_key}
        if move.at == mark and clock.name in move.clocks and mine:
            try:
                act(
                    case=clock.case_id, move=move.move, inputs={}, by=Actor.clock(), now=now, assignment=move.assignment
                )
            except WrongState:
                continue
