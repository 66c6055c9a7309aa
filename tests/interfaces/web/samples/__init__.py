"""Samples of every screen, in Chinese, as dense as a real day: what the template tests render and what the gallery
shows. All names are invented; the phone numbers are from no exchange.
"""

from __future__ import annotations

from gezhi.interfaces.web import screens
from tests.interfaces.web.samples import case, command, office, public, queues
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
    "queue-empty": ("desk/queue.html", DESK, queues.QUEUE_EMPTY),
    "case": ("desk/case.html", DESK, case.CASE),
    "case-refused": ("desk/case.html", DESK, case.CASE_REFUSED),
    "case-waiting": ("desk/case.html", DESK, case.CASE_WAITING),
    "case-handle": ("desk/case.html", DESK, case.HANDLE),
    "notices": ("desk/notices.html", DESK, queues.NOTICES),
    "area": ("desk/area.html", DESK, queues.AREA),
    "meetings": ("command/meetings.html", DESK, command.MEETINGS),
    "meeting": ("command/meeting.html", DESK, command.MEETING),
    "minutes": ("command/meeting.html", DESK, command.MINUTES),
    "point": ("command/point.html", DESK, command.POINT),
    "campaign": ("command/campaign.html", DESK, command.CAMPAIGN),
    "report-of-figures": ("command/report.html", DESK, command.REPORT),
    "list": ("generic/list.html", ADMIN, office.LIST),
    "form": ("generic/form.html", ADMIN, office.FORM),
    "sheet": ("generic/sheet.html", ADMIN, office.SHEET),
    "refusal": ("errors/refusal.html", DESK, office.REFUSAL),
}
__all__ = ["DESK", "NAV", "PAGES", "PORTAL"]
