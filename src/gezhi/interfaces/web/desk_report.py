"""Staff who report: what a grid worker finds on patrol, what an acceptor writes down from a telephone.

The same form and the same intake door as for residents; the channel says how it came in, the ledger who wrote it.
"""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gezhi.interfaces.web import labels, reporting
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import FormScreen
from gezhi.interfaces.web.parts import Choice, Field, Form, Link
from gezhi.interfaces.web.reporting import Tried
from gezhi.lib.errors import BadInput, Refusal
from gezhi.lib.texts import said

SOURCE = "desk"


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request) -> HttpResponse:
    """GET: an empty form. POST: take the report, go to its case."""
    if request.method != "POST":
        return _page(request, reporting.new_token(), Tried())
    try:
        once = reporting.token_of(request)
    except Refusal as refusal:
        return _page(request, reporting.new_token(), reporting.tried(request, refusal), refusal.status)
    channel = request.POST.get("channel", "")
    try:
        if channel not in labels.choices("channels"):
            raise BadInput(_("Say how this came in."), field="channel")
        receipt = reporting.take(request, channel=channel, source=SOURCE, by=request.actor, must_have_place=False)
    except Refusal as refusal:
        return _page(request, once, reporting.tried(request, refusal), refusal.status)
    messages.success(
        request,
        _("Taken in as %(number)s. The query code for the reporter is %(code)s.")
        % {"number": receipt.number, "code": receipt.query_code},
    )
    return redirect("desk_case", receipt.number)


def _page(request: Request, once: str, shown: Tried, status: int = 200) -> HttpResponse:
    channels = tuple(Choice(key, said(title)) for key, title in labels.choices("channels").items())
    fields = (
        Field("once", "", "hidden", once),
        Field(
            "channel",
            _("How it came in"),
            "choice",
            shown.value("channel"),
            True,
            choices=channels,
            problem=shown.problems.get("channel", ""),
        ),
        replace(reporting.words_field(shown), hints_url=reverse("desk_typed")),
        reporting.photos_field(shown),
        reporting.class_field(shown),
        reporting.place_field(shown, required=False),
        reporting.name_field(shown),
        replace(reporting.phone_field(shown), hint=reporting.privacy()),
    )
    form = Form("report", reverse("desk_report"), _("Take it in"), fields, shown.problem)
    about = _("Where the place is not known yet, leave it empty: the case waits as “place unknown”.")
    screen = FormScreen(_("New case"), about, form, Link(_("Back to the list"), reverse("desk_cases"), icon="back"))
    return render(request, "generic/form.html", {"screen": screen}, status=status)
