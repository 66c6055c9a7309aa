"""Reporting a problem without an account: the page, and where its sender goes next."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gezhi.interfaces.portal import throttle
from gezhi.interfaces.portal.screens import ReportScreen
from gezhi.interfaces.web import asked, reporting
from gezhi.interfaces.web.advising import fragments
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Form
from gezhi.interfaces.web.reporting import Tried
from gezhi.lib.actor import Actor
from gezhi.lib.errors import Refusal

SOURCE = "portal"
CHANNEL = "resident"


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request) -> HttpResponse:
    """GET: an empty form, `?grid=CODE` with that grid chosen. POST: take the report, go to its receipt."""
    if request.method != "POST":
        return _page(request, reporting.new_token(), reporting.in_grid(asked.words(request.GET, "grid", 80)))
    try:
        once = reporting.token_of(request)
    except Refusal as refusal:
        return _page(request, reporting.new_token(), reporting.tried(request, refusal), refusal.status)
    try:
        throttle.check_reports(request)
        receipt = reporting.take(request, channel=CHANNEL, source=SOURCE, by=Actor.public(), must_have_place=True)
    except Refusal as refusal:
        return _page(request, once, reporting.tried(request, refusal), refusal.status)
    return redirect(f"{reverse('portal_receipt', args=[receipt.number])}?{urlencode({'code': receipt.query_code})}")


@require_POST
def typed(request: Request) -> HttpResponse:
    """POST: what the report says so far, and whether somebody has said it already. Nothing is kept."""
    throttle.check_typed(request)
    return fragments.answer(request, fragments.read(request, channel=CHANNEL, public=True, form="report"))


def _page(request: Request, once: str, shown: Tried, status: int = 200) -> HttpResponse:
    screen = ReportScreen(
        form=Form("report", reverse("portal_report"), _("Send the report"), problem=shown.problem),
        once=once,
        words=replace(reporting.words_field(shown), hints_url=reverse("portal_typed")),
        classes=reporting.class_field(shown),
        photos=reporting.photos_field(shown),
        place=reporting.place_field(shown, required=True),
        name=reporting.name_field(shown),
        phone=reporting.phone_field(shown),
        privacy=reporting.privacy(),
    )
    return render(request, "portal/report.html", {"screen": screen}, status=status)
