"""Clock rows: started, stopped, paused as the procedure says; due moments by the working calendar.

A clock whose limit is "catalogue" takes the limit of the case's class; missing it makes the case late. A natural
clock runs day and night whatever unit its limit has; a clock `running: shifts` keeps its unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from gezhi.engines import procedure as engine
from gezhi.engines import workclock
from gezhi.engines.workclock import Calendar, Limit, parse_limit
from gezhi.modules.cases.models import Case, Clock

CATALOGUE = "catalogue"
DEFAULT_LIMIT = "5 work_days"
DEFAULT_AMBER = 70


def start(
    *, case_id: int, starts: Iterable[engine.ClockStart], class_limit: str | None, calendar: Calendar, now: datetime
) -> list[Clock]:
    """Unsaved rows for the clocks to start."""
    return [_row(case_id, one, class_limit, calendar, now) for one in starts]


def _row(case_id: int, one: engine.ClockStart, class_limit: str | None, calendar: Calendar, now: datetime) -> Clock:
    by_class = one.limit == CATALOGUE
    said = (class_limit or DEFAULT_LIMIT) if by_class else one.limit
    limit = parse_limit(said)
    due, amber = moments(calendar, now, limit, one.amber)
    return Clock(
        case_id=case_id,
        assignment_key=one.assignment or "",
        name=one.name,
        limit=said,
        why=CATALOGUE if by_class else "procedure",
        started_at=now,
        due_at=due,
        amber_at=amber,
    )


def moments(calendar: Calendar, start: datetime, limit: Limit, amber: int | None) -> tuple[datetime, datetime]:
    """(due, amber) of a limit started then."""
    share = (amber or DEFAULT_AMBER) / 100
    return workclock.due(calendar, start, limit), workclock.share_point(calendar, start, limit, share)


def carry_out(
    *, case: Case, outcome: engine.Advance, class_limit: str | None, calendar: Calendar, now: datetime
) -> list[Clock]:
    """Stop, pause, resume, then start what a move says; returns the clocks open afterwards."""
    running = {(c.name, c.assignment_key): c for c in Clock.objects.filter(case=case, stopped_at=None)}
    touched: list[Clock] = []
    for name, assignment in outcome.stops:
        clock = running.pop((name, assignment or ""), None)
        if clock is not None:
            _stop(clock, now, case)
            touched.append(clock)
    for name, assignment in outcome.pauses:
        clock = running.get((name, assignment or ""))
        if clock is not None and clock.paused_at is None:
            clock.paused_at = now
            touched.append(clock)
    for name, assignment in outcome.resumes:
        clock = running.get((name, assignment or ""))
        if clock is not None and clock.paused_at is not None:
            _resume(clock, clock.paused_at, calendar, now)
            touched.append(clock)
    columns = ["stopped_at", "paused_at", "due_at", "amber_at", "missed"]
    for clock in touched:
        clock.save(update_fields=columns)
    started = start(case_id=case.id, starts=outcome.starts, class_limit=class_limit, calendar=calendar, now=now)
    fresh = [c for c in started if (c.name, c.assignment_key) not in running]
    Clock.objects.bulk_create(fresh)
    return [*running.values(), *fresh]


def next_due(clocks: Sequence[Clock]) -> datetime | None:
    """When the next of the open clocks is due; None where none runs."""
    return min((c.due_at for c in clocks if c.paused_at is None), default=None)


def _stop(clock: Clock, now: datetime, case: Case) -> None:
    clock.stopped_at = now
    clock.missed = clock.missed or (clock.paused_at is None and now > clock.due_at)
    if clock.missed and clock.why == CATALOGUE:
        case.late = True


def _resume(clock: Clock, paused_at: datetime, calendar: Calendar, now: datetime) -> None:
    """Push the due moment back by the counted time that lay in the pause; what was left is left."""
    limit = parse_limit(clock.limit)
    left = workclock.elapsed(calendar, paused_at, clock.due_at, limit.unit)
    amber_left = workclock.elapsed(calendar, paused_at, clock.amber_at or clock.due_at, limit.unit)
    clock.due_at = workclock.due(calendar, now, Limit(left, limit.unit)) if left > 0 else clock.due_at
    if amber_left > 0:
        clock.amber_at = workclock.due(calendar, now, Limit(amber_left, limit.unit))
    clock.paused_at = None
