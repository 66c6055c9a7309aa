"""Where somebody can go from here: what the command palette offers, and a case by its number."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, doors, list_filters
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.lists import view_address
from gezhi.lib.errors import NotThere
from gezhi.lib.texts import said
from gezhi.modules.cases import queries as cases
from gezhi.modules.people import saved_views


def ways(request: Request) -> HttpResponse:
    """Queues with their counts, saved views, pages, one's own account: as JSON for <gz-palette>."""
    actor = request.actor
    works = any(right.startswith("case.see") for right in actor.capabilities)
    groups = [(_("Queues"), _queues(request)), (_("Saved views"), _views(request))] if works else []
    pages = doors.desk(actor) if works else doors.administrators(actor)
    own = (
        ("own_password", _("Change password")),
        ("own_keys", _("Keys to the API")),
        ("mfa_index", _("Second factor")),
    )
    groups.append((_("Places to go"), [_way(label, reverse(name)) for name, label, _icon in pages]))
    groups.append((_("Own account"), [_way(label, reverse(name)) for name, label in own]))
    told = {
        "groups": [{"title": title, "ways": found} for title, found in groups if found],
        "find": reverse("desk_find") if works else "",
    }
    response = JsonResponse(told)
    response["Cache-Control"] = "private, no-store"
    return response


def find(request: Request) -> HttpResponse:
    """The case of a number, or else all cases with these words."""
    wanted = asked.words(request.GET, "q", 80)
    if wanted.isascii() and wanted.isalnum():
        try:
            return redirect("desk_case", cases.glance(request.actor, wanted).number)
        except NotThere:
            pass
    return redirect(list_filters.address(None, {"q": wanted} if wanted else {}))


def _way(label: str, href: str, note: str = "") -> dict[str, str]:
    return {"label": label, "href": href, "note": note}


def _queues(request: Request) -> list[dict[str, str]]:
    mine = cases.queues(request.actor, now=timezone.now())
    return [_way(said(one.title), reverse("desk_queue", args=[one.key]), str(one.count)) for one in mine]


def _views(request: Request) -> list[dict[str, str]]:
    return [_way(one.name, view_address(one), "" if one.mine else one.owner) for one in saved_views.of(request.actor)]
