"""Making a move from the case page: read the form, store its photos, one call of the cases room, show what came of it.

A refusal shows the page again as the case stands now, with everything that was entered and the refusal's status; so
does a conflict with somebody who was faster.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.engines.procedure import Need
from gezhi.interfaces.web import asked, labels, need_fields, need_values
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.case_moves import Outcome, form_key
from gezhi.interfaces.web.case_page import show
from gezhi.interfaces.web.parts import Field, Form
from gezhi.lib.errors import NotThere, Refusal
from gezhi.lib.texts import said
from gezhi.modules.cases import operations
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import CaseView


@require_POST
def make(request: Request, number: str, move: str) -> HttpResponse:
    """POST: make the move; back to the page when it is made."""
    now = timezone.now()
    view = cases.at_hand(request.actor, number)
    assignment = asked.words(request.POST, "assignment", 40) or None
    seen = asked.whole(request.POST, "revision")
    entered = need_values.read(request, needs_of(view, move, assignment), salt=f"{request.actor.ref}.{view.row.id}")
    try:
        if any(one.move == move and one.assignment == assignment for one in view.moves):
            entered.store_photos(by=request.actor, now=now)
        operations.act(
            case=view.row.id,
            move=move,
            inputs=entered.inputs,
            by=request.actor,
            now=now,
            assignment=assignment,
            revision=seen,
        )
    except Refusal as refusal:
        tried = Outcome(form_key(move, assignment), refusal, entered.refused(refusal), seen=seen)
        return _again(request, number, tried)
    messages.success(request, _("Done: %(move)s.") % {"move": title_of(view, move, assignment)})
    return redirect("desk_case", number)


def _again(request: Request, number: str, outcome: Outcome) -> HttpResponse:
    """The case as it stands now; where it is no longer this person's to see, the refusal alone."""
    try:
        view = cases.case(request.actor, number)
    except NotThere as gone:
        raise (outcome.refusal or gone) from None
    return show(request, view, outcome)


def needs_of(view: CaseView, move: str, assignment: str | None) -> tuple[Need, ...]:
    """What the move needs, whether or not it is open; nothing for a move that does not exist (the room will say so)."""
    if assignment is None:
        known = view.procedure.moves.get(move)
        return known.needs if known else ()
    task = next((a for a in view.assignments if a.key == assignment), None)
    found = view.procedure.kinds[task.kind].moves.get(move) if task else None
    return found.needs if found else ()


def title_of(view: CaseView, move: str, assignment: str | None) -> str:
    """The move's title."""
    found = view.procedure.moves.get(move)
    if assignment is not None:
        found = next((kind.moves[move] for kind in view.procedure.kinds.values() if move in kind.moves), found)
    return said(found.title) if found else move


def condition(request: Request) -> HttpResponse:
    """The field of the filing condition for the class just chosen, alone, for htmx."""
    key = asked.words(request.GET, "form", 80)
    name = asked.words(request.GET, "field", 40) or "condition"
    klass = labels.class_by_key(asked.words(request.GET, asked.words(request.GET, "class_field", 40) or "class", 40))
    base = Field(name, _("Filing condition"), "words", required=True, maximum=500)
    field = need_fields.condition_field(base, klass, "")
    form = Form(key, "", "", (field,))
    context = {"field": field, "form": form, "id": f"{key}-{name}"}
    return render(request, field.template, context)
