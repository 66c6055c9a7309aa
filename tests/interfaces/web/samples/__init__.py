"""Samples of every screen, in Chinese, as dense as a real day: what the template tests render and what the gallery
shows. All names are invented; the phone numbers are from no exchange.
"""

from __future__ import annotations

from dataclasses import replace

from gezhi.interfaces.web import screens
from tests.interfaces.web.samples import advising, calendar, case, command, grounds, office, public, queues
from tests.interfaces.web.samples.ground import ADMIN, DESK, PORTAL
from tests.interfaces.web.samples.queues import NAV

# name → (template, frame, screen)
PAGES: dict[str, tuple[str, screens.Frame, object]] = {
    "home": ("portal/home.html", PORTAL, public.HOME),
    "report": ("portal/report.html", PORTAL, public.REPORT),
    "report-refused": ("portal/report.html", PORTAL, public.REPORT_REFUSED),
    "receipt": ("portal/receipt.html", PORTAL, public.RECEIPT),
    "follow-ask": ("portal/follow_ask.html", PORTAL, public.FOLLOW_ASK),
    "follow": ("portal/follow.html", PORTAL, public.FOLLOW),
    "complaint": ("portal/complaint.html", PORTAL, public.COMPLAINT),
    "about": ("portal/about.html", PORTAL, public.ABOUT),
    "grid": ("portal/grid.html", PORTAL, public.GRID),
    "grid-vacant": ("portal/grid.html", PORTAL, public.GRID_VACANT),
    "grids": ("portal/grids.html", PORTAL, public.FIND),
    "grids-nothing": ("portal/grids.html", PORTAL, public.FIND_NOTHING),
    "grids-below": ("portal/grids.html", PORTAL, public.FIND_BELOW),
    "queue": ("desk/queue.html", DESK, queues.QUEUE),
    "bulk": ("desk/bulk.html", DESK, queues.BULK),
    "bulk-done": ("desk/bulk.html", DESK, queues.BULK_DONE),
    "bulk-all": ("desk/bulk.html", DESK, queues.BULK_ALL),
    "queue-empty": ("desk/queue.html", DESK, queues.QUEUE_EMPTY),
    "case": ("desk/case.html", DESK, case.CASE),
    "case-refused": ("desk/case.html", DESK, case.CASE_REFUSED),
    "case-waiting": ("desk/case.html", DESK, case.CASE_WAITING),
    "case-conflict": ("desk/case.html", DESK, case.CASE_CONFLICT),
    "case-conflict-gone": ("desk/case.html", DESK, case.CASE_CONFLICT_GONE),
    "case-whistle": ("desk/case.html", DESK, case.WHISTLE),
    "trace": ("desk/trace.html", DESK, case.TRACE),
    "call": ("desk/call.html", DESK, case.CALL),
    "call-empty": ("desk/call.html", DESK, replace(case.CALL, earlier=None, may_answer=False)),
    "case-handle": ("desk/case.html", DESK, case.HANDLE),
    "notices": ("desk/notices.html", DESK, queues.NOTICES),
    "area": ("desk/area.html", DESK, replace(queues.AREA, standing=grounds.STANDING)),
    "area-bare": ("desk/area.html", DESK, queues.AREA),
    "territory": ("territory/home.html", DESK, grounds.HOME),
    "problems": ("territory/problems.html", DESK, grounds.PROBLEMS),
    "problems-none": ("territory/problems.html", DESK, replace(grounds.PROBLEMS, problems=(), more="")),
    "whose": ("territory/whose.html", DESK, grounds.WHOSE),
    "whose-ask": ("territory/whose.html", DESK, replace(grounds.WHOSE, lines=())),
    "plan": ("territory/plan.html", DESK, grounds.PLAN),
    "plan-closed": (
        "territory/plan.html",
        DESK,
        replace(
            grounds.PLAN, moves=(), notice="", problem="", side=replace(grounds.SIDE, edit_url="", problems=(), rows=())
        ),
    ),
    "run": ("territory/run.html", DESK, grounds.RUN),
    "oneness": ("territory/oneness.html", DESK, grounds.ONENESS),
    "oneness-ask": (
        "territory/oneness.html",
        DESK,
        replace(grounds.ONENESS, map=None, fates=None, begin=None, figures=()),
    ),
    "import": ("generic/form.html", DESK, replace(office.FORM, form=grounds.IMPORT)),
    "spots": ("advising/spots.html", DESK, advising.SPOTS),
    "spot-warning": ("advising/spots.html", DESK, advising.WARNING),
    "spots-none": ("advising/spots.html", DESK, replace(advising.SPOTS, spots=(), map=None)),
    "spots-never": ("advising/spots.html", DESK, replace(advising.SPOTS, spots=(), map=None, seen_at=None)),
    "model-card": ("advising/models.html", DESK, advising.CARD),
    "meetings": ("command/meetings.html", DESK, command.MEETINGS),
    "meeting": ("command/meeting.html", DESK, command.MEETING),
    "minutes": ("command/meeting.html", DESK, command.MINUTES),
    "point": ("command/point.html", DESK, command.POINT),
    "campaign": ("command/campaign.html", DESK, command.CAMPAIGN),
    "report-of-figures": ("command/report.html", DESK, command.REPORT),
    "list": ("generic/list.html", ADMIN, office.LIST),
    "form": ("generic/form.html", ADMIN, office.FORM),
    "sheet": ("generic/sheet.html", ADMIN, office.SHEET),
    "hotline-files": ("generic/sheet.html", DESK, office.FILES),
    "hotline-file-at-work": ("generic/sheet.html", DESK, office.FILE_AT_WORK),
    "year": ("generic/year.html", ADMIN, calendar.YEAR),
    "sheet-tables": ("generic/sheet.html", ADMIN, calendar.DRAFT),
    "refusal": ("errors/refusal.html", DESK, office.REFUSAL),
}
__all__ = ["DESK", "NAV", "PAGES", "PORTAL"]
