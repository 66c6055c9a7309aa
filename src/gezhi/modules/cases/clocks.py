"""Clock rows: started, stopped, paused, extended as the procedure says; moments by the working calendar.

A row keeps what happened to it (start, pauses, extensions); when it turns amber, is due or reaches a later mark follows
from that by the calendar, so an edited calendar moves every open clock to where it belongs (`recount`). A clock whose
limit is "catalogue" takes the limit of the case's class, and missing it makes the case late; "named" is the moment
named for the task.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from gezhi.engines import procedure as engine
from gezhi.engines import workclock
from gezhi.engines.workclock import Calendar, ClockRun, Pause, parse_limit
from gezhi.lib.rows import read_rows
from gezhi.modules.cases.models import Case, Clock

CATALOGUE, NAMED = "catalogue", "named"
DEFAULT_LIMIT = "5 work_days"
DEFAULT_AMBER = 70
DUE = 100
NAMED_FOR = "named day"  # what a clock's limit says where the moment itself was named


@lru_cache(maxsize=512)
def marks(procedure: engine.Procedure, name: str) -> tuple[int, ...]:
    """The percentages of a clock's limit at which something happens, lowest first; 100 is always one of them."""
    found = {DUE}
    rule = procedure.clocks.get(name)
    found |= {alarm.at for alarm in rule.alarms} if rule else set()
    for move in procedure.every_move():
        if engine.CLOCK in move.by and (name in move.due or not move.due):
            found.add(move.at)
    return tuple(sorted(found))


def start(
    *,
    case_id: int,
    starts: Iterable[engine.ClockStart],
    class_limit: str | None,
    calendar: Calendar,
    now: datetime,
    procedure: engine.Procedure,
    named: Mapping[str, datetime] | None = None,
) -> list[Clock]:
    """Unsaved rows for the clocks to start; `named`: assignment → the moment named for it."""
    rows = []
    for one in starts:
        why = one.limit if one.limit in (CATALOGUE, NAMED) else "procedure"
        said = {CATALOGUE: class_limit or DEFAULT_LIMIT, NAMED: NAMED_FOR}.get(one.limit, one.limit)
        clock = Clock(
            case_id=case_id,
            assignment_key=one.assignment or "",
            name=one.name,
            limit=said,
            why=why,
            started_at=now,
            due_at=max((named or {}).get(one.assignment or "", now), now),
        )
        rows.append(place(clock, calendar, procedure))
    return rows


def place(clock: Clock, calendar: Calendar, procedure: engine.Procedure) -> Clock:
    """Set what follows from the row by this calendar: amber, due, next mark. Not saved."""
    rule = procedure.clocks.get(clock.name)
    clock.amber_at = mark_at(clock, calendar, rule.amber if rule and rule.amber else DEFAULT_AMBER)
    due = mark_at(clock, calendar, 100)
    clock.due_at = due or clock.due_at
    left = [mark for mark in marks(procedure, clock.name) if mark > clock.fired]
    if not left or clock.paused_at is not None:
        clock.next_at = None
    else:
        clock.next_at = due if left[0] == 100 else mark_at(clock, calendar, left[0])
    return clock


def mark_at(clock: Clock, calendar: Calendar, mark: int) -> datetime | None:
    """When so many percent of the limit have passed; None while it stands still."""
    if clock.why == NAMED:
        return clock.started_at + (clock.due_at - clock.started_at) * (mark / 100)
    return _moment(clock, calendar, mark / 100)


def _moment(clock: Clock, calendar: Calendar, share: float) -> datetime | None:
    """When this share of the limit has run, pauses left out; extensions come on top."""
    at = run(clock).point(calendar, share)
    for extra in clock.extras if at is not None and share >= 1 else ():
        at = workclock.due(calendar, at, parse_limit(extra))  # type: ignore[arg-type]  # a moment, from the line above
    return at


def run(clock: Clock) -> ClockRun:
    """The row as the workclock engine reads it."""
    pauses = tuple(
        Pause(datetime.fromisoformat(begun), datetime.fromisoformat(ended) if ended else None)
        for begun, ended in clock.pauses
    )
    return ClockRun(clock.started_at, parse_limit(clock.limit), pauses)


def carry_out(
    *,
    case: Case,
    outcome: engine.Advance,
    class_limit: str | None,
    calendar: Calendar,
    now: datetime,
    procedure: engine.Procedure,
    named: Mapping[str, datetime] | None = None,
) -> list[Clock]:
    """Stop, pause, resume, extend, then start what a move says; returns the clocks open afterwards.

    A case is late no longer where the time granted puts the limit it missed ahead again, unless it missed another one.
    """
    open_now = read_rows(Clock, "WHERE case_id = %s AND stopped_at IS NULL", [case.id])
    running = {(c.name, c.assignment_key): c for c in open_now}
    touched: dict[int, Clock] = {}
    for name, assignment in outcome.stops:
        clock = running.pop((name, assignment or ""), None)
        if clock is not None:
            _stop(clock, now, case)
            touched[clock.id] = clock
    for changes, change in ((outcome.pauses, _pause), (outcome.resumes, _resume)):
        for name, assignment in changes:
            clock = running.get((name, assignment or ""))
            if clock is not None and change(clock, now):
                touched[clock.id] = place(clock, calendar, procedure)
    extended = [
        (running[name, key or ""], extra) for (name, key), extra in outcome.extends if (name, key or "") in running
    ]
    in_time = [_extend(clock, extra, calendar, procedure, now) for clock, extra in extended]
    touched |= {clock.id: clock for clock, _extra in extended}
    columns = ["stopped_at", "paused_at", "due_at", "amber_at", "missed", "pauses", "extras", "fired", "next_at"]
    for clock in touched.values():
        clock.save(update_fields=columns)
    if any(in_time):
        case.late = Clock.objects.filter(case=case, why=CATALOGUE, missed=True).exists()
    fresh = [
        c
        for c in start(
            case_id=case.id, starts=outcome.starts, class_limit=class_limit, calendar=calendar, now=now,
            procedure=procedure, named=named,
        )
        if (c.name, c.assignment_key) not in running
    ]  # fmt: skip
    if fresh:
        Clock.objects.bulk_create(fresh)
    return [*running.values(), *fresh]


def recount(clocks: Iterable[Clock], calendar: Calendar, procedure: engine.Procedure) -> list[Clock]:
    """Open clocks by another calendar; those whose moments moved, not saved. What was missed stays missed."""
    moved = []
    for clock in clocks:
        before = (clock.due_at, clock.amber_at, clock.next_at)
        place(clock, calendar, procedure)
        if before != (clock.due_at, clock.amber_at, clock.next_at):
            moved.append(clock)
    return moved


def next_due(clocks: Sequence[Clock]) -> datetime | None:
    """When the next of the open clocks is due; None where none runs."""
    return min((c.due_at for c in clocks if c.paused_at is None), default=None)


def _stop(clock: Clock, now: datetime, case: Case) -> None:
    if clock.paused_at is not None:
        _resume(clock, now)
    clock.stopped_at, clock.next_at = now, None
    clock.missed = clock.missed or now > clock.due_at
    if clock.missed and clock.why == CATALOGUE:
        case.late = True


def _pause(clock: Clock, now: datetime) -> bool:
    if clock.paused_at is not None:
        return False
    clock.paused_at = now
    clock.pauses = [*clock.pauses, [now.isoformat(), None]]
    return True


def _resume(clock: Clock, now: datetime) -> bool:
    if clock.paused_at is None:
        return False
    clock.paused_at = None
    clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], now.isoformat()]]
    return True


def _extend(clock: Clock, extra: str, calendar: Calendar, procedure: engine.Procedure, now: datetime) -> bool:
    """More time. What was due before and no longer is has not been missed: it comes round again. A day that was named
    is moved itself, for it does not follow from a limit. True where the class's limit was missed and now is not."""
    missed = clock.missed
    clock.extras = [*clock.extras, extra]
    clock.fired = 0
    if clock.why == NAMED:
        clock.due_at = workclock.due(calendar, clock.due_at, parse_limit(extra))
    place(clock, calendar, procedure)
    if clock.due_at > now:
        clock.missed = False
    return missed and not clock.missed and clock.why == CATALOGUE
