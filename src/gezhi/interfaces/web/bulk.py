"""One move on many cases of a queue: chosen on the list, one form for all, what came of each.

What was refused stays chosen, so that it can be tried again with another word or left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gezhi.engines import procedure as engine
from gezhi.interfaces.web import asked, labels, lists, need_values
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.need_fields import NOTHING, About, Given, fields
from gezhi.interfaces.web.parts import Field, Form, Link
from gezhi.interfaces.web.screens import BulkLine, BulkScreen
from gezhi.lib.errors import BadInput, NotThere
from gezhi.lib.texts import said
from gezhi.modules.cases import operations, rules
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.operations import Outcome
from gezhi.modules.cases.queries import CaseRow, CaseView, Filters

FORM = "bulk"


@dataclass(frozen=True, slots=True)
class _Row:
    """Many cases have no place and no facts in common."""

    lon: None = None
    lat: None = None
    address: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Many:
    """What the fields of a form about many cases are told of: the procedure they all go by."""

    procedure: engine.Procedure
    row: _Row = field(default_factory=_Row)
    assignments: tuple[()] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A move of a queue, and the cases it is to be made on."""

    queue: str
    procedure: engine.Procedure
    move: engine.Move
    numbers: tuple[str, ...]


def bulk(request: Request) -> HttpResponse:
    """GET: the chosen cases and the form. POST: make the move on each; what came of it, and what is left."""
    given = request.POST if request.method == "POST" else request.GET
    wanted = _asked(request, given)
    rows = _rows(request, wanted.numbers)
    if request.method != "POST" or not rows:
        return _page(request, wanted, rows)
    entered = need_values.read(request, wanted.move.needs, salt="")
    kind = wanted.queue.split(":")[1] if wanted.queue.count(":") == 2 else ""
    outcomes = operations.act_many(
        numbers=[one.number for one in rows],
        move=wanted.move.key,
        inputs=entered.inputs,
        by=request.actor,
        now=timezone.now(),
        kind=kind,
        revisions=_revisions(request.POST, rows),
    )
    problems = next((one.problems for one in outcomes if one.problems), ())
    shown = entered.refused(BadInput("", problems=problems))
    left = _rows(request, tuple(one.number for one in outcomes if not one.done))
    return _page(request, wanted, left, outcomes=outcomes, before=rows, given=shown)


def _asked(request: Request, given: QueryDict) -> _Asked:
    """Raises NotThere for a queue or a move that is not this person's, BadInput for too many cases."""
    queue, key = asked.words(given, "queue", 80), asked.words(given, "move", 80)
    try:
        move = next((one for one in cases.offered(request.actor, queue) if one.key == key), None)
    except BadInput as wrong:
        raise NotThere(wrong.sentence) from wrong
    if move is None:
        raise NotThere(_("This move cannot be made on many cases of this queue."))
    numbers = tuple(dict.fromkeys(asked.tidy(one, 24).strip() for one in given.getlist("case")))
    if len(numbers) > lists.LARGEST_PAGE:
        raise BadInput(_("At most %(most)d cases at once.") % {"most": lists.LARGEST_PAGE}, field="case")
    return _Asked(queue, rules.whole()[0][queue.partition(":")[0]], move, numbers)


def _rows(request: Request, numbers: tuple[str, ...]) -> list[CaseRow]:
    """The cases of these numbers that the person may see, in the order chosen. One query."""
    if not numbers:
        return []
    found = cases.rows(request.actor, queue=None, filters=Filters(numbers=numbers), size=len(numbers))
    return sorted(found, key=lambda one: numbers.index(one.number))


def _revisions(post: QueryDict, rows: list[CaseRow]) -> dict[str, int]:
    told = {one.number: asked.whole(post, f"revision.{one.number}") for one in rows}
    return {number: revision for number, revision in told.items() if revision is not None}


def _page(
    request: Request,
    wanted: _Asked,
    rows: list[CaseRow],
    *,
    outcomes: list[Outcome] | None = None,
    before: list[CaseRow] | None = None,
    given: Given = NOTHING,
) -> HttpResponse:
    now = timezone.now()
    move, done = wanted.move, sum(one.done for one in outcomes or ())
    shown = tuple(lists.row(one, now) for one in rows)
    title = said(move.title)
    words = ngettext("%(move)s · %(n)d case", "%(move)s · %(n)d cases", len(rows))
    screen = BulkScreen(
        title=words % {"move": title, "n": len(rows)} if rows else title,
        about=_about(rows, outcomes),
        back=Link(_("Back to the queue"), reverse("desk_queue", args=[wanted.queue]), icon="back"),
        queue=wanted.queue,
        move=move.key,
        rows=shown,
        form=_form(wanted, given, again=outcomes is not None) if rows else None,
        lines=_lines(wanted.procedure, outcomes or [], before or []),
        done=done,
        refused=len(outcomes or ()) - done,
    )
    status = 200 if outcomes is None or done else 409
    return render(request, "desk/bulk.html", {"screen": screen}, status=status)


def _about(rows: list[CaseRow], outcomes: list[Outcome] | None) -> str:
    if outcomes is None:
        if not rows:
            return _("No case was chosen. Go back and tick those you mean.")
        return _("The move is made on each case by itself; a refusal stops no other.")
    return _("What was refused is still chosen: change what you entered and try again.") if rows else ""


def _form(wanted: _Asked, given: Given, *, again: bool) -> Form:
    chosen = next((given.one(need.key) for need in wanted.move.needs if need.kind == "catalogue"), "")
    about = About(cast(CaseView, _Many(wanted.procedure)), labels.class_by_key(chosen), frozenset())
    hidden = (Field("queue", "", "hidden", wanted.queue), Field("move", "", "hidden", wanted.move.key))
    submit = _("Try again") if again else said(wanted.move.title)
    needed = fields(about, FORM, wanted.move.needs, given)
    return Form(FORM, reverse("desk_bulk"), submit, (*hidden, *needed))


def _lines(procedure: engine.Procedure, outcomes: list[Outcome], before: list[CaseRow]) -> tuple[BulkLine, ...]:
    known = {one.number: one for one in before}
    now_at = _("Now at “%(stage)s”.")
    return tuple(
        BulkLine(
            number=one.number,
            href=reverse("desk_case", args=[one.number]),
            title=known[one.number].class_name or known[one.number].words[:40],
            done=one.done,
            sentence=now_at % {"stage": said(procedure.stages[one.stage].title)} if one.done else one.sentence,
        )
        for one in outcomes
    )
