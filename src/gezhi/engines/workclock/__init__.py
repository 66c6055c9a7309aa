"""Limits in working time: when is something due, and how much of its time has run.

A pure engine: a `Calendar` (shifts, weekends, public holidays, make-up days, a time zone), a `Limit` ("2 work_hours"),
and arithmetic between them. It never asks what time it is and knows no case, no procedure and no database.
"""

from gezhi.engines.workclock.bulk import due_many, elapsed_many
from gezhi.engines.workclock.calendar import Calendar, CalendarError, Shift
from gezhi.engines.workclock.clock import due, elapsed, elapsed_time, share_point
from gezhi.engines.workclock.limits import Limit, LimitError, Unit, parse_limit
from gezhi.engines.workclock.run import ClockError, ClockRun, Pause, due_with_pauses
from gezhi.engines.workclock.seed import seed_years

__all__ = [
    "Calendar",
    "CalendarError",
    "ClockError",
    "ClockRun",
    "Limit",
    "LimitError",
    "Pause",
    "Shift",
    "Unit",
    "due",
    "due_many",
    "due_with_pauses",
    "elapsed",
    "elapsed_many",
    "elapsed_time",
    "parse_limit",
    "seed_years",
    "share_point",
]
