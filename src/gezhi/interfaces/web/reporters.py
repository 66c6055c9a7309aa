"""The reporter on the case page: masked values, and showing one in full for a reason that stays on record."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.case_moves import Outcome
from gezhi.interfaces.web.case_screens import MaskedValue, ReporterBlock
from gezhi.interfaces.web.need_fields import Given
from gezhi.interfaces.web.parts import Choice, Field, Form
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, Refusal
from gezhi.lib.texts import said
from gezhi.modules.cases import operations
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import CaseView
from gezhi.modules.switches import personal, vault

FORM = "reveal"


def block(by: Actor, view: CaseView, outcome: Outcome, now: datetime) -> ReporterBlock:
    """What is known of the reporter, as far as this person may see it. One query."""
    channel = labels.channel(view.row.channel)
    if view.row.reporter is None:
        return ReporterBlock(channel)
    try:
        masked = vault.masked(view.row.reporter, by=by, now=now)
    except NotAllowed:
        return ReporterBlock(channel)
    values = tuple(
        MaskedValue(str(personal.FIELDS[name].title), shown, outcome.revealed.get(name, ""))
        for name, shown in masked.items()
    )
    form = _form(view, tuple(masked), outcome) if masked and by.may("person.reveal") else None
    note = _("Kept encrypted; every look in full is recorded with its reason.") if masked else _("No longer kept.")
    return ReporterBlock(channel, values, form, note)


def _form(view: CaseView, names: tuple[str, ...], outcome: Outcome) -> Form:
    tried = outcome.form == FORM
    given = outcome.given
    fields = tuple(Choice(name, str(personal.FIELDS[name].title)) for name in names)
    reasons = tuple(Choice(key, said(text)) for key, text in labels.choices("reveal_reasons").items())
    asked_for = given.one("field", fields[0].value) if tried else fields[0].value
    why = Field(
        "why", _("Reason"), "choice", given.one("why"), True, choices=reasons, problem=given.problems.get("why", "")
    )
    more = Field(
        "words",
        _("In your own words"),
        "text",
        given.one("words"),
        required=not reasons,
        problem=given.problems.get("reason", ""),
        maximum=150,
    )
    return Form(
        FORM,
        reverse("desk_reveal", args=[view.row.number]),
        _("Show, on record"),
        (
            Field("field", _("What to show"), "choice", asked_for, True, choices=fields),
            *((why,) if reasons else ()),
            more,
        ),
        problem=outcome.refusal.sentence if tried and outcome.refusal else "",
    )


@require_POST
def reveal(request: Request, number: str) -> HttpResponse:
    """POST: one value in full, once, for a reason. Nothing is redirected: the value is in this answer only."""
    from gezhi.interfaces.web.case_page import show

    view = cases.case(request.actor, number)
    try:
        name, value = _revealed(request, view)
    except Refusal as refusal:
        values = {key: tuple(request.POST.getlist(key)) for key in ("field", "why", "words")}
        problems = dict(getattr(refusal, "problems", ())) or (
            {refusal.field: refusal.sentence} if refusal.field else {}
        )
        return show(request, view, Outcome(FORM, refusal, Given(values, problems)))
    return show(request, view, Outcome(revealed={name: value}))


def _revealed(request: Request, view: CaseView) -> tuple[str, str]:
    name = asked.words(request.POST, "field", 40)
    reasons = labels.choices("reveal_reasons")
    why = asked.words(request.POST, "why", 60)
    if reasons and why not in reasons:
        raise BadInput(_("Choose the reason."), field="why")
    stated = " ".join(part for part in (said(reasons.get(why)), asked.words(request.POST, "words", 150)) if part)
    if name not in personal.FIELDS:
        raise NotThere(_("This is not kept, or no longer kept."))
    value = operations.reveal(case=view.row.id, field=name, by=request.actor, reason=stated, now=timezone.now())
    return name, value
