"""Beginning a matter that is no report: blowing a whistle, making a project. Afresh, or from a case that is there.

The form asks exactly what the procedure's first move needs, besides what it is about and where; begun from a case, both
are the case's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gezhi.engines import procedure as engine
from gezhi.interfaces.web import asked, labels, need_values, reporting
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, FormScreen, ListScreen, TableRow
from gezhi.interfaces.web.need_fields import NOTHING, About, Given, fields
from gezhi.interfaces.web.need_values import Entered
from gezhi.interfaces.web.parts import Field, Form, Link
from gezhi.interfaces.web.reporting import Tried
from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotThere, Refusal
from gezhi.lib.texts import said
from gezhi.modules.cases import operations
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.operations import Beginning, Place
from gezhi.modules.cases.queries import AssignmentView, CaseView
from gezhi.modules.territory import queries as territory

FORM = "begin"
WORDS, SAID = "about", "words"  # what the matter is about; the needs of a first move often call theirs `words`


@dataclass(frozen=True, slots=True)
class Fresh:
    """A matter about to begin, as its form's fields are told: the ground is the origin's, or not known yet."""

    procedure: engine.Procedure
    row: Any
    assignments: tuple[AssignmentView, ...] = ()


@dataclass(frozen=True, slots=True)
class _Start:
    """What is about to begin: the procedure and its first move, from a case or afresh."""

    procedure: engine.Procedure
    move: engine.Move
    origin: CaseView | None
    given: Given = NOTHING
    tried: Tried = field(default_factory=Tried)
    refusal: Refusal | None = None


def links(actor: Actor, number: str = "", *, but: str = "") -> Iterator[Link]:
    """A link to each matter this person may begin, from a case or afresh, `but` one: no project of a project. No
    query."""
    for procedure, move in cases.beginnings(actor):
        if procedure.name == but:
            continue
        address = reverse("desk_begin", args=[procedure.name, move.key])
        query = f"?{urlencode({'from': number})}" if number else ""
        yield Link(_title(procedure, move), f"{address}{query}", icon="megaphone")


def begins(request: Request) -> HttpResponse:
    """What somebody may begin afresh: the one thing there is, or a list to choose from."""
    found = tuple(links(request.actor))
    if len(found) == 1:
        return redirect(found[0].href)
    screen = ListScreen(
        title=_("Begin something"),
        about=_("What is no report: it begins with you. From a case, begin it on the case's page."),
        columns=(_("What"),),
        rows=tuple(TableRow((Cell(link.label, link.href),)) for link in found),
        empty=_("Your posts begin nothing of this kind."),
    )
    return render(request, "generic/list.html", {"screen": screen})


def _title(procedure: engine.Procedure, move: engine.Move) -> str:
    return f"{said(procedure.title)} · {said(move.title)}"


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request, matter: str, move: str) -> HttpResponse:
    """GET: the form. POST: begin, and go to the new case. NotThere for what this person's posts do not begin."""
    known = {(p.name, m.key): (p, m) for p, m in cases.beginnings(request.actor)}
    if (matter, move) not in known:
        raise NotThere(_("There is nothing here that you may begin."))
    number = asked.words(request.POST if request.method == "POST" else request.GET, "from", 24)
    origin = cases.case(request.actor, number) if number else None
    start = _Start(*known[matter, move], origin)
    if request.method != "POST":
        return _page(request, start, reporting.new_token())
    try:
        once = reporting.token_of(request)
    except Refusal as refusal:
        return _page(request, replace(start, refusal=refusal), reporting.new_token())
    return _begun(request, start, once)


def _begun(request: Request, start: _Start, once: str) -> HttpResponse:
    now = timezone.now()
    entered = need_values.read(request, start.move.needs, salt=f"{request.actor.ref}.{once}")
    try:
        entered.store_photos(by=request.actor, now=now)
        moved = operations.start(beginning=_beginning(request, start, once, entered), by=request.actor, now=now)
    except Refusal as refusal:
        shown = replace(start, refusal=refusal, given=entered.refused(refusal), tried=reporting.tried(request, refusal))
        return _page(request, shown, once)
    messages.success(request, _("Begun as %(number)s.") % {"number": moved.number})
    return redirect("desk_case", moved.number)


def _beginning(request: Request, start: _Start, once: str, entered: Entered) -> Beginning:
    origin = start.origin.row.number if start.origin else ""
    return Beginning(
        matter=start.procedure.name,
        move=start.move.key,
        inputs=entered.inputs,
        words=asked.words(request.POST, WORDS, 2000),
        place=Place() if origin else reporting.place_of(reporting.typed(request)),
        origin=origin,
        source_id=once,
    )


def _page(request: Request, start: _Start, once: str) -> HttpResponse:
    origin = start.origin
    klass = labels.class_by_key(origin.row.klass.key) if origin and origin.row.klass else None
    remits = frozenset(territory.remit_organisations(origin.row.areas)) if origin else frozenset()
    row = origin.row if origin else SimpleNamespace(lon=None, lat=None, address="", facts={})
    about = About(Fresh(start.procedure, row), klass, remits)
    form = Form(
        FORM,
        reverse("desk_begin", args=[start.procedure.name, start.move.key]),
        said(start.move.title),
        (
            Field("once", "", "hidden", once),
            Field("from", "", "hidden", origin.row.number if origin else ""),
            *_matter(request, start),
            *fields(about, FORM, start.move.needs, start.given),
        ),
        problem=start.refusal.sentence if start.refusal else "",
    )
    number = origin.row.number if origin else ""
    back = (
        Link(_("Back to the case"), reverse("desk_case", args=[number]), icon="back")
        if number
        else Link(_("Back to the list"), reverse("desk_cases"), icon="back")
    )
    told = _("For case %(number)s: its words and its place are taken over.") % {"number": number} if number else ""
    screen = FormScreen(_title(start.procedure, start.move), told, form, back)
    return render(
        request, "generic/form.html", {"screen": screen}, status=start.refusal.status if start.refusal else 200
    )


def _matter(request: Request, start: _Start) -> tuple[Field, ...]:
    """What it is about and where: asked only where no case says so."""
    if start.origin is not None:
        return ()
    words = Field(
        WORDS,
        _("What is the matter?"),
        "words",
        asked.words(request.POST, WORDS),
        required=True,
        maximum=2000,
        problem=start.tried.problems.get(WORDS, ""),
    )
    return (words, reporting.place_field(start.tried, required=False))
