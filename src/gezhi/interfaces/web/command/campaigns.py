"""Special operations: the list, planning and changing one, its board, its report."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked, labels, lists, need_fields
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.command import campaign_page, papers, tabs, wording
from gezhi.interfaces.web.command.screens import CampaignScreen
from gezhi.interfaces.web.command.tried import NOTHING, Tried, refused
from gezhi.interfaces.web.generic import Cell, FormScreen, ListScreen, TableRow
from gezhi.interfaces.web.parts import Choice, Field, Form, Link, Paging
from gezhi.lib.errors import BadInput, NotThere, WrongState
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.command import operations, policies, queries
from gezhi.modules.command.operations import CampaignPlan
from gezhi.modules.command.queries import CampaignRow, CampaignView
from gezhi.modules.territory import queries as territory

PAGE, CASES = 50, 30


def listed(request: Request) -> HttpResponse:
    """Special operations, the latest to begin first."""
    after = _after_day(request)
    found = queries.campaigns(request.actor, now=timezone.now(), after=after, size=PAGE + 1)
    shown, here = found[:PAGE], reverse("desk_campaigns")
    leads = policies.may_lead_campaigns(request.actor)
    screen = ListScreen(
        title=_("Special operations"),
        about=_("A time, some ground, some classes, several units: what is reported there counts by itself."),
        columns=(_("Operation"), _("State"), _("Period"), _("Ground"), _("Led by"), _("Units")),
        rows=tuple(_line(one) for one in shown),
        empty=_("There has been no special operation yet."),
        paging=Paging(f"{here}?after={shown[-1].cursor}" if len(found) > PAGE else "", here if after else ""),
        actions=(Link(_("Plan an operation"), reverse("desk_campaign_new"), icon="plus"),) if leads else (),
        tabs=tabs.of(request.actor, "desk_campaigns"),
    )
    return render(request, "generic/list.html", {"screen": screen})


def _after_day(request: Request) -> str:
    cursor = asked.words(request.GET, "after", 40)
    day, _bar, last = cursor.partition("|")
    if cursor:
        try:
            date.fromisoformat(day)
            sound = 0 < int(last) < asked.LARGEST
        except ValueError:
            sound = False
        if not sound:
            raise BadInput(_("This page of the list does not exist."), field="after")
    return cursor


def _line(one: CampaignRow) -> TableRow:
    places = [labels.area(area) or str(area) for area in one.areas]
    more = _(" and %(n)d more") % {"n": len(places) - 3} if len(places) > 3 else ""
    return TableRow(
        (
            Cell(one.name, reverse("desk_campaign", args=[one.id])),
            Cell(badge=wording.campaign_state(one.state)),
            Cell(wording.dates(one.starts_on, one.ends_on)),
            Cell(wording.listed(places[:3]) + more),
            Cell(labels.unit(one.lead)),
            Cell(str(one.teams)),
        )
    )


def campaign(request: Request, number: int) -> HttpResponse:
    """The board."""
    return _page(request, number, NOTHING)


def _page(request: Request, number: int, tried: Tried) -> HttpResponse:
    now = timezone.now()
    view = queries.campaign(request.actor, number, now=now)
    ended = asked.words(request.GET, "cases", 10) == "ended"
    after = asked.after(request.GET)
    found = queries.cases_of(request.actor, number, ended=ended, after=after, size=CASES + 1)
    here = reverse("desk_campaign", args=[number])
    own = f"{here}?cases=ended" if ended else here
    sign = "&" if ended else "?"
    moves = campaign_page.moves(view, tried)
    screen = CampaignScreen(
        title=view.name,
        state=wording.campaign_state(view.state),
        back=Link(_("Special operations"), reverse("desk_campaigns")),
        facts=campaign_page.facts(view),
        purpose=view.purpose,
        closing=view.closing,
        figures=campaign_page.figures(view),
        chart=campaign_page.chart(view.figures.days),
        tables=campaign_page.tables(view),
        tabs=(Link(_("Still open"), here, current=not ended), Link(_("Ended"), f"{here}?cases=ended", current=ended)),
        rows=tuple(lists.row(one, now) for one in found[:CASES]),
        empty=_("There is none that you may see."),
        paging=Paging(
            f"{own}{sign}after={found[CASES - 1].cursor.replace('+', '%2B')}" if len(found) > CASES else "",
            own if after else "",
        ),
        moves=moves,
        papers=campaign_page.papers(view),
        problem=tried.sentence if not any(move.key == tried.form for move in moves) else "",
    )
    return render(request, "command/campaign.html", {"screen": screen}, status=tried.status)


@require_POST
def do(request: Request, number: int, deed: str) -> HttpResponse:
    """POST: a case put in or left out, or the operation closed; a refusal shows the page with what was entered."""
    now = timezone.now()
    if deed not in {"put-in", "leave-out", "close"}:
        raise NotThere(_("There is no such page."))
    try:
        if deed == "close":
            words = asked.words(request.POST, "words", 10_100)
            operations.close_campaign(campaign=number, words=words, by=request.actor, now=now)
            told = _("The operation is closed; its report stands.")
        else:
            case, belongs = asked.words(request.POST, "number", 40), deed == "put-in"
            operations.set_case(campaign=number, number=case, belongs=belongs, by=request.actor, now=now)
            told = _("The case counts now.") if belongs else _("The case does not count any more.")
    except (BadInput, WrongState) as refusal:
        return _page(request, number, refused(request, deed, refusal))
    messages.success(request, told)
    return redirect("desk_campaign", number)


def paper(request: Request, number: int, form: str) -> HttpResponse:
    """The closing report, or how things stand, as PDF or DOCX."""
    now = timezone.now()
    view = queries.campaign(request.actor, number, now=now)
    made = papers.of_campaign(view, campaign_page.facts(view), campaign_page.figures(view), campaign_page.tables(view))
    return papers.answer(made, form, now)


def new(request: Request) -> HttpResponse:
    """Plan a special operation."""
    tried = NOTHING
    if request.method == "POST":
        try:
            number = operations.plan_campaign(plan=_plan(request), by=request.actor, now=timezone.now())
        except (BadInput, WrongState) as refusal:
            tried = refused(request, "plan", refusal)
        else:
            messages.success(request, _("Planned. It runs by its dates."))
            return redirect("desk_campaign", number)
    title = _("Plan an operation")
    back = Link(_("Special operations"), reverse("desk_campaigns"))
    return _form(request, title, reverse("desk_campaign_new"), None, tried, back)


def change(request: Request, number: int) -> HttpResponse:
    """Change one that is not closed."""
    view = queries.campaign(request.actor, number, now=timezone.now())
    tried = NOTHING
    if request.method == "POST":
        try:
            operations.change_campaign(campaign=number, plan=_plan(request), by=request.actor, now=timezone.now())
        except (BadInput, WrongState) as refusal:
            tried = refused(request, "plan", refusal)
        else:
            messages.success(request, _("Changed."))
            return redirect("desk_campaign", number)
    elif view.closed_at is not None:
        raise WrongState(_("This special operation is closed; its report stays as it is."))
    back = Link(view.name, reverse("desk_campaign", args=[number]))
    return _form(request, _("Change the plan"), reverse("desk_campaign_change", args=[number]), view, tried, back)


def _plan(request: Request) -> CampaignPlan:
    given = request.POST
    return CampaignPlan(
        name=asked.words(given, "name", 200),
        purpose=asked.words(given, "purpose", 2100),
        areas=_ids(request, "areas"),
        starts_on=_day(request, "starts_on"),
        ends_on=_day(request, "ends_on"),
        teams=_ids(request, "teams"),
        classes=tuple(dict.fromkeys(asked.tidy(v, 80) for v in given.getlist("classes") if v)),
        majors=tuple(dict.fromkeys(asked.tidy(v, 90) for v in given.getlist("majors") if v)),
    )


def _ids(request: Request, name: str) -> tuple[int, ...]:
    given = [value for value in request.POST.getlist(name) if value]
    if not all(value.isascii() and value.isdigit() and len(value) < 19 for value in given):
        raise BadInput(_("“%(text)s” is not a number.") % {"text": "、".join(given)[:30]}, field=name)
    return tuple(dict.fromkeys(int(value) for value in given))


def _day(request: Request, name: str) -> date | None:
    text = asked.words(request.POST, name, 20)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise BadInput(_("“%(text)s” is not a day.") % {"text": text[:20]}, field=name) from wrong


def _form(
    request: Request, title: str, action: str, view: CampaignView | None, tried: Tried, back: Link
) -> HttpResponse:
    about = _(
        "What is reported in this time, on this ground, of these classes counts by itself; "
        "others can be put in by hand."
    )
    form = Form("plan", action, _("Change it") if view else _("Plan it"), _fields(view, tried), tried.sentence)
    return render(request, "generic/form.html", {"screen": FormScreen(title, about, form, back)}, status=tried.status)


def _fields(view: CampaignView | None, tried: Tried) -> tuple[Field, ...]:
    today = timezone.localdate().isoformat()
    known = {
        "name": view.name if view else "",
        "purpose": view.purpose if view else "",
        "starts_on": view.starts_on.isoformat() if view else today,
        "ends_on": view.ends_on.isoformat() if view else "",
    }
    many = {
        "areas": tuple(map(str, view.areas)) if view else (),
        "majors": view.majors if view else (),
        "classes": view.classes if view else (),
        "teams": tuple(map(str, view.teams)) if view else (),
    }

    def field(name: str, label: str, kind: str, **more: object) -> Field:
        value = tried.many(name, many[name]) if name in many else tried.one(name, known[name])
        return Field(name, label, kind, value, problem=tried.problem(name), **more)  # type: ignore[arg-type]

    hint = _("Nothing chosen in both lists means every class.")
    return (
        field("name", _("Name of the operation"), "text", required=True, maximum=80),
        field("purpose", _("Purpose"), "words", required=True, maximum=2000),
        field("starts_on", _("First day"), "date", required=True),
        field("ends_on", _("Last day"), "date", required=True),
        field("areas", _("Ground"), "many", required=True, choices=_areas()),
        field("majors", _("Major classes"), "many", choices=_majors(), hint=hint),
        field("classes", _("Single classes"), "many", choices=need_fields.class_choices()),
        field("teams", _("Units"), "units", required=True, choices=need_fields.every_unit((), ""), maximum=60),
    )


def _areas() -> tuple[Choice, ...]:
    """The whole, then the areas people know by name."""
    snapshot, english = territory.areas_in_force(), labels.english()
    base = snapshot.layers[0] if snapshot.layers else ""
    roots = [area for area in snapshot.areas.values() if area.layer == base and area.parent is None]
    whole = tuple(Choice(str(a.id), (a.name_en or a.name) if english else a.name, keys=a.code) for a in roots)
    return (*whole, *need_fields.area_choices())


def _majors() -> tuple[Choice, ...]:
    english = labels.english()
    kinds = {"component": _("Component"), "event": _("Matter")}
    found = {
        f"{one.kind}:{one.major_code}": Choice(
            f"{one.kind}:{one.major_code}",
            (one.major_en or one.major) if english else one.major,
            kinds.get(one.kind, one.kind),
        )
        for one in catalogue.in_force().classes
    }
    return tuple(found.values())
