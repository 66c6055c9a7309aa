"""A hotline order taken by telephone: the caller's own earlier orders at hand, then written down or answered at once.

The number is looked up by the vault's blind index, exactly, and only for who takes calls and may see who reported; the
look is on record. The same intake door as every other report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gezhi.interfaces.web import asked, lists, reporting
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.case_screens import CallScreen
from gezhi.interfaces.web.parts import Field, Form, Link
from gezhi.interfaces.web.reporting import Tried
from gezhi.interfaces.web.screens import QueueRow
from gezhi.lib.errors import BadInput, Refusal
from gezhi.modules.cases import operations
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.operations import Receipt, Report

CHANNEL, SOURCE = "hotline", "desk"
LOOK, ANSWER = "look", "answer"


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The caller's earlier orders: None while no number was looked up."""

    rows: Sequence[QueueRow] | None = None
    problem: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: Request) -> HttpResponse:
    """GET: an empty form. POST: take the order, or take and answer it; with `look`, the caller's earlier orders."""
    if request.method != "POST":
        return _page(request, reporting.new_token(), Tried(), _Earlier())
    do = request.POST.get("do", "")
    try:
        once = reporting.token_of(request)
        if do == LOOK:
            return _page(request, once, Tried(reporting.typed(request)), _looked_up(request))
        receipt = _take(request, once, answer=do == ANSWER)
    except Refusal as refusal:
        shown = _tried(request, refusal)
        return _page(request, request.POST.get("once", "") or reporting.new_token(), shown, _Earlier(), refusal.status)
    told = (
        _("Answered and closed as %(number)s. The query code for the caller is %(code)s.")
        if do == ANSWER
        else _("Taken in as %(number)s. The query code for the caller is %(code)s.")
    )
    messages.success(request, told % {"number": receipt.number, "code": receipt.query_code})
    return redirect("desk_case", receipt.number)


@require_POST
def earlier(request: Request) -> HttpResponse:
    """POST: the caller's earlier orders alone, for htmx."""
    found = _looked_up(request)
    response = render(request, "desk/parts/earlier.html", {"rows": found.rows, "problem": found.problem})
    response["Cache-Control"] = "private, no-store"
    return response


def _looked_up(request: Request) -> _Earlier:
    phone = asked.words(request.POST, "phone", 40)
    if sum(c.isdigit() for c in phone) < 5:
        return _Earlier(problem=_("Enter the whole number the caller gives."))
    now = timezone.now()
    found = operations.look_up_caller(phone=phone, by=request.actor, now=now)
    return _Earlier(tuple(lists.row(one, now) for one in found))


def _take(request: Request, once: str, *, answer: bool) -> Receipt:
    given = reporting.typed(request)
    words = given["words"]
    if not words:
        raise BadInput(_("Write down what the caller says."), field="words")
    wanted = Report(
        channel=CHANNEL,
        source=SOURCE,
        source_id=once,
        words=words,
        place=reporting.place_of(given),
        klass=given["class"],
        reporter=(("name", given["name"]), ("phone", given["phone"])),
    )
    now = timezone.now()
    if not answer:
        return operations.report(report=wanted, by=request.actor, now=now)
    text = asked.words(request.POST, "answer", 1000)
    if not text:
        raise BadInput(_("Write down the answer you gave."), field="answer")
    return operations.answered(report=wanted, answer=text, by=request.actor, now=now)


def _tried(request: Request, refusal: Refusal) -> Tried:
    shown = reporting.tried(request, refusal)
    return replace(shown, values={**shown.values, "answer": asked.words(request.POST, "answer", 1000)})


def _page(request: Request, once: str, shown: Tried, found: _Earlier, status: int = 200) -> HttpResponse:
    may_answer = cases.may_answer(request.actor)
    answer = Field(
        "answer",
        _("Answer given"),
        "words",
        shown.value("answer"),
        hint=_("Only where the call is settled by the answer; the order is then closed with it."),
        maximum=1000,
        problem=shown.problems.get("answer", ""),
    )
    fields = (
        Field("once", "", "hidden", once),
        replace(
            reporting.words_field(shown),
            label=_("What the caller says"),
            required=True,
            placeholder="",
            hints_url=reverse("desk_typed"),
        ),
        reporting.class_field(shown),
        reporting.place_field(shown, required=False),
        *((answer,) if may_answer else ()),
    )
    caller = (
        replace(reporting.phone_field(shown), autocomplete="off"),
        replace(reporting.name_field(shown), autocomplete="off"),
    )
    screen = CallScreen(
        form=Form("call", reverse("desk_call"), _("Register the order"), fields, shown.problem),
        caller=caller,
        earlier_url=reverse("desk_call_earlier"),
        earlier=found.rows,
        problem=found.problem,
        privacy=reporting.privacy(),
        may_answer=may_answer,
        back=Link(_("Back to the list"), reverse("desk_cases"), icon="back"),
        files=Link(_("Bring in a file of the hotline"), reverse("desk_imports"), icon="file"),
    )
    return render(request, "desk/call.html", {"screen": screen}, status=status)
