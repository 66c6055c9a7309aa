"""One point of a meeting that is being held: what is said on it, and what is decided. A decision's fields are those of
the procedure's own move, so a city that asks for more of a decision is asked for it here.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.engines.procedure import Need
from gezhi.interfaces.web import asked, need_fields, need_values
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.command import meeting_page, wording
from gezhi.interfaces.web.command.screens import PointScreen
from gezhi.interfaces.web.need_fields import NOTHING, Given
from gezhi.interfaces.web.parts import Field, Form, Link
from gezhi.interfaces.web.screens import Move
from gezhi.lib.errors import NotThere, Refusal
from gezhi.lib.texts import said
from gezhi.modules.cases import agenda, rules
from gezhi.modules.command import operations, queries
from gezhi.modules.command.queries import HELD, MeetingView, Point

ROWS = 8  # so many items of one decision are offered


def point(request: Request, number: int, item: int) -> HttpResponse:
    """The page of a point; POST notes (`deed` say) or decides (`deed` decide)."""
    view = queries.meeting(request.actor, number)
    found = next((n for n, one in enumerate(view.points) if one.id == item), None)
    if found is None or not (view.may_lead and view.state == HELD):
        raise NotThere(_("There is no such point on an agenda."))
    if request.method != "POST":
        return _page(request, view, found)
    deed = asked.words(request.POST, "deed", 10)
    if deed == "say":
        return _say(request, view, found)
    return _decide(request, view, found)


def _say(request: Request, view: MeetingView, at: int) -> HttpResponse:
    words = asked.words(request.POST, "words", 5100)
    try:
        operations.say(item=view.points[at].id, words=words, by=request.actor, now=timezone.now())
    except Refusal as refusal:
        given = Given({"words": (words,)}, {"words": refusal.sentence})
        return _page(request, view, at, said_again=given, refusal=refusal)
    messages.success(request, _("Noted."))
    return _back(view, at)


def _decide(request: Request, view: MeetingView, at: int) -> HttpResponse:
    entered = need_values.read(request, needs(), salt=f"{request.actor.ref}.{view.id}")
    try:
        operations.decide(
            item=view.points[at].id,
            plan=entered.inputs.get("plan", []),
            words=entered.inputs.get("words", ""),
            key=asked.words(request.POST, "key", 64),
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, view, at, decided_again=entered.refused(refusal), refusal=refusal)
    messages.success(request, _("Decided. The units have it in their queues."))
    return _back(view, at)


def _back(view: MeetingView, at: int) -> HttpResponse:
    return redirect(f"{reverse('desk_meeting', args=[view.id])}#p-{view.points[at].id}")


def needs() -> tuple[Need, ...]:
    """What the first move of a decision needs."""
    return rules.procedure(rules.in_force(agenda.DECISION)).moves["assign"].needs


def _page(
    request: Request,
    view: MeetingView,
    at: int,
    *,
    said_again: Given = NOTHING,
    decided_again: Given = NOTHING,
    refusal: Refusal | None = None,
) -> HttpResponse:
    one = view.points[at]
    action = reverse("desk_meeting_point", args=[view.id, one.id])
    problem = refusal.sentence if refusal else ""
    say = Form("say", action, _("Note it"), _said(one, said_again), problem if said_again is not NOTHING else "")
    decide = Form(
        "decide", action, _("Decide"), _decided(view, one, decided_again), problem if say.problem == "" else ""
    )
    screen = PointScreen(
        title=_("Point %(n)d: %(title)s") % {"n": at + 1, "title": _short(one)},
        back=Link(wording.meeting_title(view.title, view.number), reverse("desk_meeting", args=[view.id])),
        point=meeting_page.block(one, at + 1, timezone.now()),
        moves=(
            Move(
                "decide",
                _("Decide"),
                decide,
                about=_("It becomes a task of each unit named, by its day."),
                primary=True,
            ),
            Move("say", _("What was said"), say, primary=True),
        ),
    )
    return render(request, "command/point.html", {"screen": screen}, status=refusal.status if refusal else 200)


def _short(one: Point) -> str:
    return one.topic or (one.case.class_name or one.case.number if one.case else "")


def _said(one: Point, given: Given) -> tuple[Field, ...]:
    return (
        Field("deed", "", "hidden", "say"),
        Field(
            "words",
            _("What was said"),
            "words",
            given.one("words", one.words),
            problem=given.problems.get("words", ""),
            maximum=5000,
        ),
    )


def _decided(view: MeetingView, one: Point, given: Given) -> tuple[Field, ...]:
    made = [Field("deed", "", "hidden", "decide"), Field("key", "", "hidden", given.one("key", uuid4().hex))]
    working = {one.case.unit} if one.case and one.case.unit is not None else set()
    for need in needs():
        problem = given.problems.get(need.key, "")
        if need.kind == "items":
            rows = tuple(
                (given.one(f"{need.key}.{n}.what"), given.one(f"{need.key}.{n}.unit"), given.one(f"{need.key}.{n}.due"))
                for n in range(ROWS)
            )
            units = need_fields.every_unit({*working, *view.present}, _("At the meeting"))
            made.append(
                Field(need.key, said(need.title), "items", required=True, problem=problem, choices=units, rows=rows)
            )
        elif need.kind == "text":
            most = int(need.most or 2000)
            value = given.one(need.key)
            made.append(
                Field(need.key, said(need.title), "words", value, not need.optional, problem=problem, maximum=most)
            )
    return tuple(made)
