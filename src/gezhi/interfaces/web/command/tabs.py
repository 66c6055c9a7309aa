"""The ways through the command centre: one entry of the main navigation, tabs over its pages, for those who may."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Link
from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed
from gezhi.modules.advice import policies

SEE_FIGURES = "figures.see"


def of(actor: Actor, here: str) -> tuple[Link, ...]:
    """The pages this person may open, by the name of their address."""
    pages = [
        ("desk_meetings", _("Dispatch meetings"), actor.may("meeting.see")),
        ("desk_campaigns", _("Special operations"), actor.may("campaign.see")),
        ("desk_bulletin", _("Whistle bulletin"), actor.may(SEE_FIGURES)),
        ("desk_follow_up", _("Follow-up figures"), actor.may(SEE_FIGURES)),
        ("desk_spots", _("Hot spots"), policies.may_see_spots(actor)),
        ("desk_models", _("Model card"), actor.may(SEE_FIGURES)),
    ]
    return tuple(Link(label, reverse(name), current=name == here) for name, label, open_to in pages if open_to)


def first(request: Request) -> HttpResponse:
    """The command centre's first page for this person."""
    pages = of(request.actor, "")
    if not pages:
        raise NotAllowed(_("Your posts have nothing to do in the command centre."), code="no_right")
    return redirect(pages[0].href)
