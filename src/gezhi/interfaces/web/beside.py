"""Who else has this case open: asked for every few seconds by `gz-beside`, answered with a few words, kept for seconds.

Only colleagues who may see the case are told, by name and post; nothing is recorded.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.case_screens import BesideScreen
from gezhi.interfaces.web.screens import PersonLine
from gezhi.lib.texts import said
from gezhi.modules.cases import operations
from gezhi.modules.territory import queries as territory


@require_POST
def beside(request: Request, number: str) -> HttpResponse:
    """POST: I am still here; who else is, and has the case moved since the page was drawn? With `leave`: I am gone."""
    if request.POST.get("leave"):
        operations.leave(number=number, by=request.actor)
        return HttpResponse(status=204)
    drawn = asked.whole(request.POST, "revision")
    found = operations.stay(number=number, by=request.actor, now=timezone.now())
    moved = drawn is not None and drawn != found.glance.revision
    screen = BesideScreen(
        people=_people(found.accounts),
        moved=said(found.glance.stage) if moved else "",
        href=request.path.removesuffix("/beside"),
    )
    response = render(request, "desk/parts/beside.html", {"screen": screen})
    response["Cache-Control"] = "private, no-store"
    return response


def _people(accounts: tuple[int, ...]) -> tuple[PersonLine, ...]:
    """Names and posts, each person once. One query where there is anybody."""
    if not accounts:
        return ()
    found: dict[int, PersonLine] = {}
    for one in territory.held(accounts=accounts, on=timezone.localdate()):
        if one.account not in found:
            duty = said({"zh": one.post_name, "en": one.post_name_en or one.post_name})
            found[one.account] = PersonLine(duty, one.display_name, one.organisation_name or labels.area(one.area))
    return tuple(found.values())
