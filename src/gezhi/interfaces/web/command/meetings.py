"""Dispatch meetings: the list with the next evening, planning one, its page, and everything the chair does on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.command import meeting_forms, meeting_page, papers, tabs, wording
from gezhi.interfaces.web.command.screens import MeetingsScreen
from gezhi.interfaces.web.command.tried import NOTHING, Tried, refused
from gezhi.interfaces.web.generic import Cell, FormScreen, ListScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Form, Link, Paging
from gezhi.lib.errors import BadInput, NotThere, Refusal, Unavailable
from gezhi.lib.texts import said
from gezhi.modules.command import operations, policies, queries
from gezhi.modules.command.queries import MeetingRow, Upcoming

PAGE = 50


def listed(request: Request) -> HttpResponse:
    """The meetings, the latest first, and what the next evening of the series is."""
    after = asked.after(request.GET)
    found = queries.meetings(request.actor, after=after, size=PAGE + 1)
    shown, here = found[:PAGE], reverse("desk_meetings")
    leads = policies.may_lead_meetings(request.actor)
    screen = ListScreen(
        title=_("Dispatch meetings"),
        about=_("What is late, comes back or is hard is decided here; decisions become tasks with a unit and a day."),
        columns=(_("Meeting"), _("When"), _("Meeting place"), _("State"), _("Points"), _("Decisions"), _("Not done")),
        rows=tuple(_line(one) for one in shown),
        empty=_("There has been no meeting yet."),
        paging=Paging(
            f"{here}?after={shown[-1].cursor.replace('+', '%2B')}" if len(found) > PAGE else "", here if after else ""
        ),
        actions=(Link(_("Plan a meeting"), reverse("desk_meeting_new"), icon="plus"),) if leads else (),
        tabs=tabs.of(request.actor, "desk_meetings"),
    )
    return render(request, "command/meetings.html", {"screen": _with_next(screen, leads)})


def _with_next(screen: ListScreen, leads: bool) -> MeetingsScreen:
    next_one = _upcoming()
    if next_one is None:
        return MeetingsScreen(screen, "")
    where = said(next_one.place)
    words = _("Next: %(when)s, %(where)s") % {"when": wording.moment(next_one.at), "where": where}
    if next_one.meeting is not None:
        link = Link(_("Open the agenda"), reverse("desk_meeting", args=[next_one.meeting]))
        return MeetingsScreen(screen, words, ready=link)
    prepare = Form("prepare", reverse("desk_meeting_prepare"), _("Prepare it now")) if leads else None
    return MeetingsScreen(screen, words, prepare=prepare)


def _upcoming() -> Upcoming | None:
    try:
        return queries.upcoming(timezone.now())
    except Unavailable:  # a city without a weekly meeting
        return None


def _line(one: MeetingRow) -> TableRow:
    late = Badge(str(one.open), "warn") if one.open else None
    return TableRow(
        (
            Cell(wording.meeting_title(one.title, one.number), reverse("desk_meeting", args=[one.id])),
            Cell(wording.moment(one.planned_at)),
            Cell(one.place),
            Cell(badge=wording.meeting_state(one.state)),
            Cell(str(one.points)),
            Cell(str(one.decisions)),
            Cell(badge=late) if late else Cell("0" if one.decisions else ""),
        )
    )


@require_POST
def prepare(request: Request) -> HttpResponse:
    """The next evening's meeting with a composed agenda, as the job would make it the day before."""
    now = timezone.now()
    number = operations.prepare(evening=queries.upcoming(now).at, by=request.actor, now=now)
    messages.success(request, _("The agenda has been drafted."))
    return redirect("desk_meeting", number)


def new(request: Request) -> HttpResponse:
    """Plan a meeting besides the series."""
    tried = NOTHING
    if request.method == "POST":
        try:
            number = operations.plan(
                planned_at=_when(request),
                title=asked.words(request.POST, "title", 200),
                place=asked.words(request.POST, "place", 200),
                by=request.actor,
                now=timezone.now(),
            )
        except Refusal as refusal:
            tried = refused(request, "plan", refusal)
        else:
            return redirect("desk_meeting", number)
    following = _upcoming()
    at = following.at if following else timezone.now()
    fields = meeting_forms.when_and_where(tried, at, "", said(following.place) if following else "")
    form = Form("plan", reverse("desk_meeting_new"), _("Plan it"), fields, tried.sentence)
    about = _("A meeting besides the weekly one. Its agenda is composed on its page.")
    screen = FormScreen(_("Plan a meeting"), about, form, Link(_("Dispatch meetings"), reverse("desk_meetings")))
    return render(request, "generic/form.html", {"screen": screen}, status=tried.status)


def meeting(request: Request, number: int) -> HttpResponse:
    """The page of one meeting."""
    return _page(request, number, NOTHING)


def _page(request: Request, number: int, tried: Tried) -> HttpResponse:
    view = queries.meeting(request.actor, number)
    screen = meeting_page.screen(view, tried, timezone.now())
    return render(request, "command/meeting.html", {"screen": screen}, status=tried.status)


@require_POST
def do(request: Request, number: int, deed: str) -> HttpResponse:
    """POST: one thing the chair does; a refusal shows the page again with what was entered."""
    act = _DEEDS.get(deed)
    if act is None:
        raise NotThere(_("There is no such page."))
    try:
        told = act(request, number)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _page(request, number, refused(request, deed, refusal))
    if told:
        messages.success(request, told)
    item = asked.whole(request.POST, "item")
    where = reverse("desk_meeting", args=[number])
    return redirect(f"{where}#p-{item}" if item and deed != "drop" else where)


def paper(request: Request, number: int, form: str) -> HttpResponse:
    """The agenda before the meeting, the minutes from then on, as PDF or DOCX."""
    view = queries.meeting(request.actor, number)
    return papers.answer(papers.of_meeting(view, timezone.now()), form, timezone.now())


def _when(request: Request) -> datetime:
    day, clock = asked.words(request.POST, "day", 20), asked.words(request.POST, "time", 20)
    try:
        return timezone.make_aware(datetime.combine(datetime.fromisoformat(day).date(), time.fromisoformat(clock)))
    except ValueError as wrong:
        raise BadInput(_("Give a day and a time."), field="planned_at") from wrong


def _compose(request: Request, number: int) -> str:
    count = operations.compose(meeting=number, by=request.actor, now=timezone.now())
    return ngettext("%(n)d point is new on the agenda.", "%(n)d points are new on the agenda.", count) % {"n": count}


def _add(request: Request, number: int) -> str:
    operations.add_item(
        meeting=number,
        number=asked.words(request.POST, "number", 40),
        topic=asked.words(request.POST, "topic", 400),
        by=request.actor,
        now=timezone.now(),
    )
    return _("It is on the agenda.")


def _move_by(*, up: bool) -> Callable[[Request, int], str]:
    def move(request: Request, number: int) -> str:
        operations.move_item(item=_item(request), up=up, by=request.actor, now=timezone.now())
        return ""

    return move


def _drop(request: Request, number: int) -> str:
    operations.drop_item(item=_item(request), by=request.actor, now=timezone.now())
    return _("Taken off the agenda. It can be taken up again below.")


def _take_up(request: Request, number: int) -> str:
    operations.take_up(item=_item(request), by=request.actor, now=timezone.now())
    return _("It is on the agenda.")


def _item(request: Request) -> int:
    return asked.whole(request.POST, "item") or 0


def _change(request: Request, number: int) -> str:
    operations.change(
        meeting=number,
        planned_at=_when(request),
        title=asked.words(request.POST, "title", 200),
        place=asked.words(request.POST, "place", 200),
        by=request.actor,
        now=timezone.now(),
    )
    return _("Changed.")


def _call_off(request: Request, number: int) -> str:
    words = asked.words(request.POST, "words", 600)
    operations.call_off(meeting=number, words=words, by=request.actor, now=timezone.now())
    return _("The meeting is called off.")


def _hold(request: Request, number: int) -> str:
    operations.hold(meeting=number, present=_units(request), by=request.actor, now=timezone.now())
    return _("The meeting has begun. Open a point to note what is said and decide.")


def _attend(request: Request, number: int) -> str:
    operations.attend(meeting=number, present=_units(request), by=request.actor, now=timezone.now())
    return _("Noted.")


def _units(request: Request) -> list[int]:
    given = [value for value in request.POST.getlist("present") if value]
    if not all(value.isascii() and value.isdigit() and len(value) < 19 for value in given):
        raise BadInput(_("Say which units are there."), field="present")
    return [int(value) for value in given]


def _minutes(request: Request, number: int) -> str:
    words = asked.words(request.POST, "minutes", 20_100)
    operations.write_minutes(meeting=number, words=words, by=request.actor, now=timezone.now())
    return _("The minutes are kept.")


def _close(request: Request, number: int) -> str:
    operations.close(meeting=number, by=request.actor, now=timezone.now())
    return _("The minutes are closed.")


_DEEDS: Mapping[str, Callable[[Request, int], str]] = {
    "compose": _compose,
    "add": _add,
    "up": _move_by(up=True),
    "down": _move_by(up=False),
    "drop": _drop,
    "take-up": _take_up,
    "change": _change,
    "call-off": _call_off,
    "hold": _hold,
    "attend": _attend,
    "minutes": _minutes,
    "close": _close,
}
