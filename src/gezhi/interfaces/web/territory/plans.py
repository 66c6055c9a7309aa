"""A plan: begun, shown with its editor beside the comparison, adopted on a day or withdrawn."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked, labels, maps
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import FormScreen
from gezhi.interfaces.web.pages import act, done, form_page
from gezhi.interfaces.web.pages import problems as told
from gezhi.interfaces.web.parts import Field, Figure, Form, Link
from gezhi.interfaces.web.screens import Move
from gezhi.interfaces.web.territory import fields, words
from gezhi.interfaces.web.territory.screens import PlanMap, PlanRow, PlanScreen, PlanSide, ProblemLine
from gezhi.interfaces.web.territory.whose import day
from gezhi.lib.errors import Refusal
from gezhi.modules.cases import queries as cases
from gezhi.modules.territory import adoption, plan_views, plans, policies
from gezhi.modules.territory import blocks as building_blocks
from gezhi.modules.territory.checks import ProblemView
from gezhi.modules.territory.plan_views import Comparison, PlanAreaView, PlanView

MOST_PROBLEMS = 30


def new(request: Request) -> HttpResponse:
    """Begin a plan: layer, area, level, name."""
    if request.method != "POST":
        return form_page(request, _new_screen(request.GET, None))
    try:
        number = plans.begin(
            name=asked.words(request.POST, "name", 120),
            layer=asked.words(request.POST, "layer", 40),
            scope=asked.whole(request.POST, "scope") or 0,
            level=asked.words(request.POST, "level", 40) or labels.profile().grid_level or "",
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return form_page(request, _new_screen(request.POST, refusal), refusal.status)
    return done(request, _("The plan is begun: it shows what is in force, ready to be redrawn."), "desk_plan", number)


def _new_screen(given: Any, refusal: Refusal | None) -> FormScreen:
    wrong = told(refusal)
    made = (
        fields.name(given, wrong),
        fields.scope(given, wrong, _("The area whose inside is redrawn; its own boundary stays.")),
        fields.layer(given, wrong, words.layer_choices()),
        fields.level(given, wrong, _("What is drawn"), outlined=True),
    )
    form = Form("plan", reverse("desk_plan_new"), _("Begin"), made, refusal.sentence if refusal else "")
    about = _("A plan is a draft beside what is in force. Nothing changes for anybody until it is adopted on a day.")
    return FormScreen(_("Draw a plan"), about, form, Link(_("Grids"), reverse("desk_territory")))


def plan(request: Request, number: int) -> HttpResponse:
    """The plan's page."""
    return shown(request, number)


def shown(request: Request, number: int, refusal: Refusal | None = None, tried: str = "") -> HttpResponse:
    """The page of a plan, with a refusal where something was tried."""
    view = plan_views.plan(number)
    layer = next((one for one in labels.profile().layers if one.key == view.layer), None)
    draws = view.state == "draft" and policies.may(request.actor, policies.DRAW, view.path)
    screen = PlanScreen(
        title=view.name,
        badge=words.plan_state(view.state, view.held_back),
        about=_about(view),
        back=Link(_("Grids"), reverse("desk_territory")),
        facts=_facts(view),
        side=side(request, view, draws=draws),
        map=PlanMap(
            bounds=maps.bounds(view.scope),
            label=_("Map of the plan"),
            areas_url=reverse("desk_plan_areas", args=[number]),
            edit_url=reverse("desk_plan_edit", args=[number]) if draws else "",
            side_url=reverse("desk_plan_side", args=[number]),
            blocks_url=_blocks_url(view) if draws else "",
            shape=layer.shape if layer else "polygon",
            covers=bool(layer and layer.covers),
            revision=view.revision,
            synthetic=maps.synthetic(),
        ),
        moves=_moves(request, view, refusal, tried),
        notice=words.held_back(view.held_back) if view.held_back and view.state == "draft" else "",
        problem=refusal.sentence if refusal and tried == "edit" else "",
    )
    return render(request, "territory/plan.html", {"screen": screen}, status=refusal.status if refusal else 200)


def _about(view: PlanView) -> str:
    place = labels.area(view.scope) or view.scope_name
    return f"{words.layer(view.layer)} · {place} · {words.source(view.source)}"


def _facts(view: PlanView) -> tuple[tuple[str, str], ...]:
    names = labels.names([f"account:{view.created_by}", *([view.decided_by] if view.decided_by else [])])
    facts = [(_("Drawn by"), names[f"account:{view.created_by}"])]
    if view.effective:
        facts.append((_("In force from"), view.effective.isoformat()))
    if view.decided_by:
        facts.append((_("Decided by"), names[view.decided_by]))
    return tuple(facts)


def _blocks_url(view: PlanView) -> str:
    layer = next((one.key for one in labels.profile().layers if one.purpose == "blocks"), "")
    if not layer or not len(building_blocks.of(view.scope)):
        return ""
    return f"{reverse('desk_layer_shapes', args=[layer])}?within={view.scope}"


def side(request: Request, view: PlanView, *, draws: bool) -> PlanSide:
    """The comparison, the problems and the grids of a plan, as they are now."""
    areas, seen = plan_views.areas(view.id), plan_views.comparison(view.id)
    found = plan_views.problems(view.id) if view.state in {"draft", "scheduled"} else []
    return PlanSide(
        revision=view.revision,
        edit_url=reverse("desk_plan_edit", args=[view.id]) if draws else "",
        figures=_figures(view, seen),
        problems=tuple(_problem(view, n, one) for n, one in enumerate(found[:MOST_PROBLEMS])),
        sound=_("No overlap, no gap, every code and name in its place: this plan can be adopted."),
        rows=tuple(_row(view, one, draws=draws) for one in areas),
        gone=tuple(f"{name} ({code})" for code, name in seen.gone),
        undo=draws and view.steps > 0,
        redo=draws and view.ahead > 0,
    )


def _figures(view: PlanView, seen: Comparison) -> tuple[Figure, ...]:
    today = _("today %(n)s")
    open_places = cases.open_places([view.scope])
    lon, lat = (np.array([getattr(one, axis) for one in open_places], float) for axis in ("lon", "lat"))
    moved = plan_views.redrawn(view.id, lon, lat)
    grids = Figure(_("Areas"), str(seen.areas), today % {"n": seen.areas_before})
    cases_moved = Figure(_("Open cases that change hands"), str(moved))
    if not seen.households:
        return (grids, cases_moved)
    share = {"n": round(100 * seen.households_moved / seen.households), "all": f"{seen.households:,}"}
    inner, before = f"{seen.inner / 1000:.1f} km", f"{seen.inner_before / 1000:.1f} km"
    return (
        grids,
        Figure(_("Households moved"), f"{seen.households_moved:,}", _("%(n)d %% of %(all)s") % share),
        Figure(_("People affected"), f"{seen.population_moved:,}"),
        cases_moved,
        Figure(_("Households a grid"), f"{seen.narrowest:,}–{seen.widest:,}", _("norm %(n)d") % {"n": view.norm}),
        Figure(_("Inner boundaries"), inner, today % {"n": before}),
        Figure(_("Compactness"), f"{seen.compactness:.2f}", today % {"n": f"{seen.compactness_before:.2f}"}),
    )  # fmt: skip


def _problem(view: PlanView, number: int, one: ProblemView) -> ProblemLine:
    """A problem with the address of its shape, of this revision: another one may have other problems."""
    query = urlencode({"show": number, "revision": view.revision})
    mark = f"{reverse('desk_plan_problem', args=[view.id])}?{query}" if one.where is not None else ""
    key, name = one.areas[0] if one.areas else (0, "")
    return ProblemLine(
        words.problem(one.kind), one.sentence, "", f"#area-{key}" if key > 0 else "", name, mark=mark
    )  # fmt: skip


def norm_of(view: PlanView, one: PlanAreaView) -> int:
    """By how many households a grid is judged: those of its kind of compound, else those of the plan."""
    return labels.profile().norm.kinds.get(one.kind, view.norm)


def _row(view: PlanView, one: PlanAreaView, *, draws: bool) -> PlanRow:
    name = (one.name_en or one.name) if labels.english() else one.name
    asked_for = (
        Field("act", "", "hidden", "rename"),
        Field("revision", "", "hidden", str(view.revision)),
        Field("key", "", "hidden", str(one.key)),
        Field("code", _("Code"), "text", one.code, True, maximum=40),
        Field("name", _("Name (Chinese)"), "text", one.name, True, maximum=120),
        Field("name_en", _("Name (English)"), "text", one.name_en, maximum=160),
    )
    action = reverse("desk_plan_edit", args=[view.id])
    return PlanRow(
        key=one.key,
        code=one.code,
        name=name,
        households=f"{one.households:,}" if one.known else f"≈ {one.households:,}",
        population=f"{one.population:,}",
        bar=min(100, round(50 * one.households / norm_of(view, one))),
        norm=words.deviation(one.households, norm_of(view, one)),
        fate=words.fate(one.fate),
        rename=Form(f"rename-{one.key}", action, _("Rename"), asked_for) if draws else None,
    )


def _moves(request: Request, view: PlanView, refusal: Refusal | None, tried: str) -> tuple[Move, ...]:
    adopts = policies.may(request.actor, policies.ADOPT, view.path)
    if view.state not in {"draft", "scheduled"}:
        return ()
    found = []
    if adopts:
        wrong = told(refusal) if tried == "adopt" else {}
        given = request.POST.get("on", "") if tried == "adopt" else timezone.localdate().isoformat()
        field = Field(
            "on", _("In force from"), "date", given, True, problem=wrong.get("on", ""),
            hint=_("Today, or a day to come: then it comes into force by itself that morning."),
        )  # fmt: skip
        form = Form(
            "adopt", reverse("desk_plan_adopt", args=[view.id]), _("Adopt"), (field,),
            refusal.sentence if refusal and tried == "adopt" else "",
        )  # fmt: skip
        about = _("Replaced grids end that day; people on grids that go on stay in their posts; open cases follow.")
        found.append(act(form, _("Adopt this plan"), about=about, primary=True))
    if adopts or policies.may(request.actor, policies.DRAW, view.path):
        form = Form(
            "withdraw", reverse("desk_plan_withdraw", args=[view.id]), _("Withdraw"), tone="bad",
            problem=refusal.sentence if refusal and tried == "withdraw" else "",
        )  # fmt: skip
        found.append(
            act(form, _("Withdraw this plan"), about=_("It stays on record and can no longer be drawn."), tone="bad")
        )
    return tuple(found)


@require_POST
def adopt(request: Request, number: int) -> HttpResponse:
    """Adopt the plan on a day."""
    today = timezone.localdate()
    try:
        on = day(asked.words(request.POST, "on", 20), "on") or today
        view = plan_views.plan(number)
        result = adoption.adopt(
            plan=number,
            on=on,
            today=today,
            reported_since=cases.reported_since([view.scope], _morning(on)) if on < today else 0,
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return shown(request, number, refusal, "adopt")
    if result.scheduled:
        return done(request, _("The plan comes into force on %(day)s.") % {"day": on.isoformat()}, "desk_plan", number)
    sentence = _("The plan is in force: %(begun)d areas begin, %(carried)d posts go on, %(ended)d end.")
    given = {"begun": result.begun, "carried": result.carried, "ended": result.ended}
    return done(request, sentence % given, "desk_plan", number)


def _morning(on: date) -> datetime:
    return datetime.combine(on, time(), timezone.get_current_timezone())


@require_POST
def withdraw(request: Request, number: int) -> HttpResponse:
    """Give the plan up."""
    try:
        plans.withdraw(plan=number, by=request.actor, now=timezone.now())
    except Refusal as refusal:
        return shown(request, number, refusal, "withdraw")
    return done(request, _("The plan is withdrawn."), "desk_plan", number)


def side_of(request: Request, number: int) -> HttpResponse:
    """The side of the plan's page alone, for the editor."""
    view = plan_views.plan(number)
    draws = view.state == "draft" and policies.may(request.actor, policies.DRAW, view.path)
    response = render(request, "territory/parts/plan_side.html", {"side": side(request, view, draws=draws)})
    response["Cache-Control"] = "private, no-store"
    return response


def back_to(request: HttpRequest, number: int) -> HttpResponse:
    """After a plain form: the plan as it is now."""
    return redirect("desk_plan", number)
