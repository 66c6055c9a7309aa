"""Which ledger entry wakes which job. The only list of it."""

from __future__ import annotations

from procrastinate import App

from gezhi.lib.events import listen

SEND_NOTICES = "gezhi.send_notices"
REHOME_CASES = "gezhi.rehome_cases"
RECOUNT_CLOCKS = "gezhi.recount_clocks"


def ready(app: App) -> None:
    """Called once in every process when the queue is ready: connect listeners to the kinds they hear of."""
    for kind in ("case.reported", "case.moved", "case.limit", "case.rehomed", "spot.warned", "plan.held_back"):
        listen(kind, SEND_NOTICES)
    listen("territory.adopted", REHOME_CASES)
    listen("calendar.changed", RECOUNT_CLOCKS)
    listen("profile.adopted", RECOUNT_CLOCKS)
