"""The working calendar, a year at a time: days that the city decides on otherwise than its profile, each on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from gezhi.interfaces.admin import parts
from gezhi.interfaces.admin.rights import day as date_of
from gezhi.interfaces.web import asked, labels, year
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Choice, Field, Form, Link
from gezhi.interfaces.web.screens import Move
from gezhi.interfaces.web.year import Day, DayState, YearScreen
from gezhi.lib.errors import BadInput, Refusal
from gezhi.modules.switches import calendar as changing
from gezhi.modules.switches import queries
from gezhi.modules.switches.queries import ChangedDay, DayView

NAMES = ("day", "until", "kind", "shifts", "why")


def calendar(request: Request) -> HttpResponse:
    """A year; `day` is the one whose form stands at the side. Three queries."""
    chosen = asked.words(request.GET, "day", 20)
    picked = date_of(chosen, "day") if chosen else None
    number = asked.whole(request.GET, "year")
    wanted = number if number is not None else (picked or timezone.localdate()).year
    return _page(request, wanted, picked, {}, None)


def _page(
    request: Request, wanted: int, picked: date | None, given: dict[str, str], refusal: Refusal | None
) -> HttpResponse:
    first, last = changing.FIRST.year, changing.LAST.year
    if not first <= wanted <= last:
        raise BadInput(
            _("The calendar shows the years %(first)d to %(last)d.") % {"first": first, "last": last}, field="year"
        )
    views = queries.year(wanted)
    days = [(one.day, _day(one, picked)) for one in views]
    screen = YearScreen(
        title=_("Working calendar"),
        about=_("Limits in work hours and work days count by it. Choose a day to decide otherwise than the profile."),
        year=wanted,
        before=_year_link(wanted - 1) if wanted > first else None,
        after=_year_link(wanted + 1) if wanted < last else None,
        weekdays=year.weekdays(),
        months=year.months(days, _worked),
        legend=_legend(),
        changed_words=_("Decided here, not by the profile"),
        picked=picked is not None or refusal is not None,
        moves=_moves(next((one for one in views if one.day == picked), None), given, refusal),
        table=_changed(),
    )
    return render(request, "generic/year.html", {"screen": screen}, status=refusal.status if refusal else 200)


def _year_link(number: int) -> Link:
    return Link(str(number), f"{reverse('admin_calendar')}?{urlencode({'year': number})}")


def _worked(days: Sequence[Day]) -> str:
    count = sum(1 for day in days if day.state in {"working", "makeup"})
    return ngettext("%(n)d working day", "%(n)d working days", count) % {"n": count}


def _state(one: DayView) -> DayState:
    if one.works:
        return "makeup" if one.day.isoweekday() >= 6 or one.profile_says == "makeup" else "working"
    return "weekend" if one.profile_says == "weekend" and one.changed is None else "off"


def _signs() -> dict[DayState, str]:
    return {"off": pgettext("calendar sign", "H"), "makeup": pgettext("calendar sign", "W")}


def _legend() -> tuple[tuple[DayState, str, str], ...]:
    signs = _signs()
    return (
        ("working", "", _("Worked")),
        ("weekend", "", _("Weekend")),
        ("off", signs["off"], _("Day off")),
        ("makeup", signs["makeup"], _("Worked although a day off by the week")),
    )


def _day(one: DayView, picked: date | None) -> Day:
    state = _state(one)
    return Day(
        number=one.day.day,
        iso=one.day.isoformat(),
        href=f"{reverse('admin_calendar')}?{urlencode({'day': one.day.isoformat()})}#day",
        state=state,
        sign=_signs().get(state, ""),
        words=_words(one),
        changed=one.changed is not None,
        current=one.day == picked,
    )


def _words(one: DayView) -> str:
    """A day in full: what it is, its shifts, and who decided."""
    said = {
        "day": one.day.isoformat(),
        "weekday": year.weekdays()[one.day.isoweekday() - 1],
        "is": _("worked, %(shifts)s") % {"shifts": one.shifts} if one.works else _("off"),
        "why": one.changed.why if one.changed else "",
    }
    if one.changed is None:
        return _("%(day)s %(weekday)s: %(is)s") % said
    if not one.changed.why:
        return _("%(day)s %(weekday)s: %(is)s (changed)") % said
    return _("%(day)s %(weekday)s: %(is)s (changed: %(why)s)") % said


def _profile_says(one: DayView) -> str:
    says = {
        "working": _("The profile: a working day."),
        "weekend": _("The profile: a weekend."),
        "holiday": _("The profile: a public holiday."),
        "makeup": _("The profile: a make-up working day."),
    }
    return says[one.profile_says]


def _moves(picked: DayView | None, given: dict[str, str], refusal: Refusal | None) -> tuple[Move, ...]:
    told = parts.problems(refusal)
    changed = picked.changed if picked else None
    hint = _("Empty for the usual ones: %(shifts)s") % {"shifts": queries.usual_shifts()}
    start = {
        "day": picked.day.isoformat() if picked else "",
        "kind": changed.kind if changed else ("off" if picked and picked.works else "working" if picked else ""),
        "shifts": changed.shifts if changed else "",
        "why": changed.why if changed else "",
    }
    value = {name: given.get(name, start.get(name, "")) for name in NAMES}
    kinds = (Choice("off", _("Day off")), Choice("working", _("Working day")))
    fields = (
        Field("day", _("Day"), "date", value["day"], True, problem=told.get("day", "")),
        Field(
            "until",
            _("Until"),
            "date",
            value["until"],
            hint=_("For several days in a row."),
            problem=told.get("until", ""),
        ),
        Field("kind", _("It is a"), "choice", value["kind"], True, choices=kinds, problem=told.get("kind", "")),
        Field(
            "shifts",
            _("Shifts"),
            "text",
            value["shifts"],
            hint=hint,
            placeholder="08:00-12:00, 14:00-18:00",
            maximum=200,
            problem=told.get("shifts", ""),
        ),
        Field("why", _("Why"), "text", value["why"], maximum=200, problem=told.get("why", "")),
    )
    decide = Form(
        "decide", reverse("admin_calendar_set"), _("Decide"), fields, problem=refusal.sentence if refusal else ""
    )
    about = _profile_says(picked) if picked else _("Choose a day, or write its date.")
    made = [parts.act(decide, picked.day.isoformat() if picked else _("Decide on a day"), about=about, primary=True)]
    if changed is not None:
        clear = parts.button("clear", reverse("admin_calendar_clear"), _("Take it back"), day=start["day"])
        made.append(parts.act(clear, _("Let the profile decide again"), tone="warn", primary=True))
    return tuple(made)


def _changed() -> ListScreen:
    changed = queries.changed_days()[::-1]
    names = labels.names(one.by for one in changed)
    return ListScreen(
        title=_("Days decided here"),
        about="",
        columns=(_("Day"), _("It is a"), _("Shifts"), _("Why"), _("Who"), _("When")),
        rows=tuple(_changed_row(one, names) for one in changed[:400]),
        empty=_("No day was changed; the profile decides on all of them."),
    )


def _changed_row(one: ChangedDay, names: dict[str, str]) -> TableRow:
    day = one.day.isoformat()
    cells = (
        Cell(day, f"{reverse('admin_calendar')}?{urlencode({'day': day})}#day"),
        Cell(_("Day off") if one.kind == "off" else _("Working day")),
        Cell(one.shifts or ("" if one.kind == "off" else _("the usual ones"))),
        Cell(one.why),
        Cell(names.get(one.by, one.by)),
        Cell(at=one.at),
    )
    return TableRow(cells, (parts.button(f"clear-{day}", reverse("admin_calendar_clear"), _("Take it back"), day=day),))


@require_POST
def set_day(request: Request) -> HttpResponse:
    """Decide on a day, or on several in a row."""
    given = {name: asked.words(request.POST, name, 300) for name in NAMES}
    first = None
    try:
        first = date_of(given["day"], "day")
        done = changing.set_day(
            day=first,
            until=date_of(given["until"], "until") if given["until"] else None,
            kind=given["kind"],
            shifts=given["shifts"],
            why=given["why"],
            by=request.actor,
            now=timezone.now(),
        )
    except BadInput as refusal:
        shown = first.year if first else timezone.localdate().year
        return _page(request, min(max(shown, changing.FIRST.year), changing.LAST.year), first, given, refusal)
    told = ngettext("%(n)d day changed.", "%(n)d days changed.", len(done)) % {"n": len(done)}
    return _back(request, told if done else _("Nothing changed: it was so already."), first)


@require_POST
def clear_day(request: Request) -> HttpResponse:
    """Let the profile decide on a day again."""
    day = date_of(asked.words(request.POST, "day", 20), "day")
    changing.clear_day(day=day, by=request.actor, now=timezone.now())
    return _back(request, _("The profile decides on this day again."), day)


def _back(request: Request, sentence: str, day: date) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(f"{reverse('admin_calendar')}?{urlencode({'day': day.isoformat()})}")
