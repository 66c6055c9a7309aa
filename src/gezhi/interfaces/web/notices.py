"""Notices to whoever is signed in: the list, marking it read, the bell."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Field, Form, Paging, Tone
from gezhi.interfaces.web.screens import NoticeLine, NoticesScreen
from gezhi.modules.notices import operations, queries, texts
from gezhi.modules.notices.queries import NoticeView

PAGE = 30


def listed(request: Request) -> HttpResponse:
    """The newest notices first."""
    before = asked.whole(request.GET, "before")
    found = queries.for_actor(request.actor, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    onward = f"?{urlencode({'before': shown[-1].id})}" if len(found) > PAGE else ""
    screen = NoticesScreen(
        notices=tuple(_line(one) for one in shown),
        paging=Paging(next=onward, first=reverse("desk_notices") if before else ""),
        mark_all=_mark_all(shown) if any(not one.read for one in shown) else None,
    )
    return render(request, "desk/notices.html", {"screen": screen})


@require_POST
def read(request: Request) -> HttpResponse:
    """POST: everything up to the newest notice shown is read."""
    until = asked.whole(request.POST, "until") or 0
    operations.mark_all_read(until=until, by=request.actor, now=timezone.now())
    return redirect("desk_notices")


def unread(request: Request) -> HttpResponse:
    """The bell with its count, for htmx; the frame has counted already."""
    response = render(request, "parts/bell.html")
    response["Cache-Control"] = "private, no-store"
    return response


def _mark_all(shown: list[NoticeView]) -> Form:
    # Later notices may have arrived since the page was made; they stay unread.
    newest = Field("until", "", "hidden", str(shown[0].id))
    return Form("read", f"{reverse('desk_notices_read')}", _("Mark all as read"), (newest,))


def _line(one: NoticeView) -> NoticeLine:
    tone: Tone = "bad" if one.kind in {"case.late", "case.rated_low", "plan.held_back"} else "info"
    tone = "warn" if one.subject.startswith("spot:") else tone
    return NoticeLine(one.created_at, texts.line(one.kind, one.params), _where(one), one.read, tone)


def _where(one: NoticeView) -> str:
    number = str(one.params.get("number") or "")
    if one.subject.startswith("case:") and number:
        return reverse("desk_case", args=[number])
    if one.subject.startswith("spot:"):
        return reverse("desk_spot_warning", args=[one.subject.removeprefix("spot:")])
    if one.subject.startswith("plan:"):
        return reverse("desk_plan", args=[int(one.subject.removeprefix("plan:"))])
    if one.subject.startswith("switch:"):
        return reverse("admin_switches")
    return reverse("desk_notices")
