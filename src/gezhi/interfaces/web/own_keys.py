"""One's own keys to the API: made here for a program, shown once, withdrawn at any time.

A key acts as the account that made it, with no more rights than it holds; its reports are known by the key's source.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, ListScreen, SheetScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Field, Form, Link
from gezhi.interfaces.web.screens import Move
from gezhi.lib.errors import Refusal
from gezhi.modules.people import tokens
from gezhi.modules.people.tokens import TokenView

USUAL_DAYS = 90


def keys(request: Request) -> HttpResponse:
    """GET: the keys. POST: make one, and show it in this answer only."""
    if request.method != "POST":
        return _page(request)
    number = request.actor.account_id or 0
    try:
        made, secret = tokens.create(
            account_id=number,
            label=asked.words(request.POST, "label", 200),
            source=asked.words(request.POST, "source", 200),
            days=asked.whole(request.POST, "days") or 0,
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, refusal)
    return _page(request, made=made, secret=secret)


@require_POST
def withdraw(request: Request, number: int) -> HttpResponse:
    """The key is refused from now on."""
    tokens.revoke(token_id=number, by=request.actor, now=timezone.now())
    messages.success(request, _("The key is withdrawn."))
    return redirect("own_keys")


def _page(
    request: Request, refusal: Refusal | None = None, *, made: TokenView | None = None, secret: str = ""
) -> HttpResponse:
    now = timezone.now()
    rows = tuple(_row(one, now) for one in tokens.of_account(request.actor.account_id or 0))
    shown = ((_("The key, shown once"), ((made.label, Cell(secret, code=True)),)),) if made else ()
    screen = SheetScreen(
        title=_("My keys to the API"),
        about=_("A program that uses a key acts as you. Copy a new key at once; it is not shown again."),
        back=Link(_("Back"), reverse("desk"), icon="back"),
        sections=shown,
        moves=(Move("new", _("Make a key"), _form(request, refusal), primary=True),),
        table=ListScreen(
            title=_("Keys"),
            about="",
            columns=(_("For"), _("Source"), _("Since"), _("Until"), _("State")),
            rows=rows,
            empty=_("You have no key."),
        ),
    )
    response = render(request, "generic/sheet.html", {"screen": screen}, status=refusal.status if refusal else 200)
    if made:
        response["Cache-Control"] = "private, no-store"
    return response


def _row(one: TokenView, now: datetime) -> TableRow:
    over = one.revoked_at is not None or one.expires_at <= now
    state = Badge(_("Withdrawn"), "plain") if one.revoked_at else Badge(_("Ran out"), "plain")
    withdraw = Form(f"withdraw-{one.id}", reverse("own_key_withdraw", args=[one.id]), _("Withdraw"), tone="bad")
    cells = (
        Cell(one.label),
        Cell(one.source, code=True),
        Cell(at=one.created_at),
        Cell(at=one.expires_at),
        Cell(badge=state if over else Badge(_("In force"), "good")),
    )
    return TableRow(cells, () if over else (withdraw,))


def _form(request: Request, refusal: Refusal | None) -> Form:
    told = dict(getattr(refusal, "problems", ())) if refusal else {}
    typed = {name: asked.words(request.POST, name, 200) if refusal else "" for name in ("label", "source", "days")}
    fields = (
        Field(
            "label",
            _("What it is for"),
            "text",
            typed["label"],
            True,
            maximum=80,
            problem=told.get("label", ""),
        ),
        Field(
            "source",
            _("Source of its reports"),
            "text",
            typed["source"],
            True,
            hint=_("What its reports are known by: lower-case letters, digits, dots or dashes."),
            maximum=60,
            problem=told.get("source", ""),
        ),
        Field(
            "days",
            _("Days it holds"),
            "number",
            typed["days"] or str(USUAL_DAYS),
            True,
            minimum=1,
            maximum=400,
            problem=told.get("days", ""),
        ),
    )
    return Form("new", reverse("own_keys"), _("Make a key"), fields, refusal.sentence if refusal else "")
