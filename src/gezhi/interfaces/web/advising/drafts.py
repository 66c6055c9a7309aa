"""The writing assistant on the case page: asked by a button, watched while it writes, its text marked as a draft."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked
from gezhi.interfaces.web.advising.screens import AssistantBlock, DraftScreen
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Field, Form
from gezhi.modules.advice import assistant
from gezhi.modules.advice.assistant import REPLY, SUMMARY, DraftView


def block(number: str, now: datetime) -> AssistantBlock | None:
    """The buttons, where an owner has set the assistant up and switched it on. No query where there is no endpoint."""
    if not assistant.is_on(now=now):
        return None
    href = reverse("desk_draft_ask", args=[number])
    return AssistantBlock(
        tuple(
            Form(f"draft-{purpose}", href, label, (Field("purpose", "", "hidden", purpose),))
            for purpose, label in ((SUMMARY, _("Summarise the case")), (REPLY, _("Draft a reply")))
        )
    )


@require_POST
def ask(request: Request, number: str) -> HttpResponse:
    """POST `purpose`: have a draft written."""
    purpose = asked.words(request.POST, "purpose", 20)
    draft = assistant.ask(number=number, purpose=purpose, by=request.actor, now=timezone.now())
    return _shown(request, assistant.draft(number=draft, by=request.actor, now=timezone.now()))


def state(request: Request, number: int) -> HttpResponse:
    """GET: how far a draft of one's own is."""
    return _shown(request, assistant.draft(number=number, by=request.actor, now=timezone.now()))


def _shown(request: Request, view: DraftView) -> HttpResponse:
    screen = DraftScreen(
        title=_("Draft of a reply") if view.purpose == REPLY else _("Summary"),
        text=view.text,
        problem=_("The assistant did not answer. Write it yourself, or try again later.") if view.failure else "",
        refresh_url=reverse("desk_draft", args=[view.id]) if view.waits else "",
        model=view.model_name,
    )
    response = render(request, "advising/draft.html", {"screen": screen})
    response["Cache-Control"] = "private, no-store"
    return response
