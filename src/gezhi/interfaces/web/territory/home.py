"""Territory at a glance: every layer with what is wrong and what is vacant, the plans, the runs."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, labels, maps
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.pages import list_page
from gezhi.interfaces.web.parts import Badge, Choice, Field, Figure, Form, Link, Paging
from gezhi.interfaces.web.territory import shapes, words
from gezhi.interfaces.web.territory.screens import LayerLine, ProblemLine, ProblemsScreen, TerritoryScreen
from gezhi.lib.errors import NotThere
from gezhi.lib.texts import said
from gezhi.modules.switches.profiles import Layer
from gezhi.modules.territory import checks, fixes, plan_views, runs
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.checks import ProblemView
from gezhi.modules.territory.fixes import Vacancy

MOST_PROBLEMS, PAGE = 200, 100
LATEST = 8


def home(request: Request) -> HttpResponse:
    """The overview."""
    today = timezone.localdate()
    wrong, vacant = checks.counts(), fixes.vacancy_counts(on=today)
    counts = territory.counts()
    screen = TerritoryScreen(
        title=_("Grids"),
        about=_("Who answers for which ground: the layers over it, what is wrong with them, and how they are redrawn."),
        actions=_actions(request),
        looks=(
            Link(_("Whose was it that day?"), reverse("desk_whose"), icon="search"),
            Link(_("All vacancies"), reverse("desk_vacancies"), count=sum(vacant.values()), icon="users"),
        ),
        layers=tuple(_line(one, counts.get(one.key, Counter()), wrong, vacant) for one in labels.profile().layers),
        plans=_plans(),
        runs=_runs(),
        map=maps.view("areas", _("Map of the areas")),
    )
    return render(request, "territory/home.html", {"screen": screen})


def _actions(request: Request) -> tuple[Link, ...]:
    if not request.actor.may("territory.draw"):
        return ()
    return (
        Link(_("Propose grids"), reverse("desk_run_new"), icon="half"),
        Link(_("Draw a plan"), reverse("desk_plan_new"), icon="map"),
        Link(_("Make layers one"), reverse("desk_oneness"), icon="copy"),
        Link(_("Import"), reverse("desk_territory_import"), icon="plus"),
    )


def _line(one: Layer, count: Counter[str], wrong: dict[str, int], vacant: Counter[str]) -> LayerLine:
    problems = wrong.get(one.key, 0)
    address = f"{reverse('desk_problems')}?{urlencode({'layer': one.key})}"
    missing = vacant.get(one.key, 0)
    asks = any(seat.layer == one.key for seat in labels.profile().matrix)
    return LayerLine(
        name=said(one.title),
        about=words.rule(one),
        counts=tuple(Figure(labels.level(o.key), f"{count[o.key]:,}") for o in labels.profile().levels if count[o.key]),
        problems=Link(_("Problems"), address, count=problems, tone="bad" if problems else "good"),
        vacancies=Link(
            _("Vacancies"),
            f"{reverse('desk_vacancies')}?{urlencode({'layer': one.key})}",
            count=missing,
            tone="warn" if missing else "good",
        )
        if one.purpose == "duty" and asks
        else None,
        files=words.export_links(one.key),
    )


def _plans() -> ListScreen:
    rows = tuple(
        TableRow(
            (
                Cell(one.name, reverse("desk_plan", args=[one.id])),
                Cell(f"{words.layer(one.layer)} · {one.scope_name}"),
                Cell(badge=words.plan_state(one.state, one.held_back)),
                Cell(one.effective.isoformat() if one.effective else ""),
            )
        )
        for one in plan_views.listed(limit=LATEST)
    )
    columns = (_("Plan"), _("Where"), _("State"), _("From"))
    return ListScreen(_("Plans"), "", columns, rows, _("No plan has been drawn yet."))


def _runs() -> ListScreen:
    rows = tuple(
        TableRow(
            (
                Cell(one.scope_name, reverse("desk_run", args=[one.id])),
                Cell(words.layer(one.layer)),
                Cell(badge=words.run_state(one.state)),
                Cell(at=one.created_at),
            )
        )
        for one in runs.listed(limit=LATEST)
    )
    columns = (_("Where"), _("Layer"), _("State"), _("Asked"))
    return ListScreen(_("Districting runs"), "", columns, rows, _("No grids have been proposed by a run yet."))


def problems(request: Request) -> HttpResponse:
    """What is wrong with a layer, with a map that shows one of the problems."""
    key, within = asked.words(request.GET, "layer", 40) or _first(), asked.whole(request.GET, "within")
    listed = checks.problems(key, within=within)
    number = asked.whole(request.GET, "show")
    shown = listed[number] if number is not None and 0 <= number < len(listed) else None
    where = shown.where if shown else None
    query = {"layer": key, **({"within": within} if within else {})}
    marks = f"{reverse('desk_problem_shape', args=[key])}?{urlencode({**query, 'show': number})}" if where else ""
    screen = ProblemsScreen(
        title=_("Problems of a layer"),
        about=_(
            "A layer with problems cannot be adopted. Each line says what is wrong; show it on the map to see where."
        ),
        back=Link(_("Grids"), reverse("desk_territory")),
        tabs=_tabs("desk_problems", key, dict(checks.counts()), all_layers=True),
        problems=tuple(_problem(one, n, query, number) for n, one in enumerate(listed[:MOST_PROBLEMS])),
        empty=_("This layer holds together: no overlap, no gap, every code and name in its place."),
        more=_("And %(n)d more.") % {"n": len(listed) - MOST_PROBLEMS} if len(listed) > MOST_PROBLEMS else "",
        map=shapes.view(
            _("Where the problem is"),
            within=within,
            areas_url=f"{reverse('desk_layer_shapes', args=[key])}?{urlencode(query)}",
            marks_url=marks,
            bounds=shapes.bounds_of(where, within),
        ),
    )
    return render(request, "territory/problems.html", {"screen": screen})


def _problem(one: ProblemView, number: int, query: dict[str, object], shown: int | None) -> ProblemLine:
    known = territory.areas_in_force().areas
    fact = next((known[key] for key, _name in one.areas if key in known), None)
    return ProblemLine(
        badge=words.problem(one.kind),
        sentence=one.sentence,
        show=f"?{urlencode({**query, 'show': number})}" if one.where is not None else "",
        href=reverse("desk_area", args=[fact.id]) if fact else "",
        area=words.area(fact) if fact else "",
        current=number == shown,
    )


def vacancies(request: Request) -> HttpResponse:
    """What the grids lack of the six fixes: posts without holders, texts not written."""
    key, within = asked.words(request.GET, "layer", 40), asked.whole(request.GET, "within")
    if key and key not in {one.key for one in words.layers()}:
        raise NotThere(_("There is no such layer."))
    found = fixes.vacancies(on=timezone.localdate(), layer=key, within=within)
    place = asked.words(request.GET, "after", 200)
    begin = next((n + 1 for n, one in enumerate(found) if _cursor(one) == place), 0) if place else 0
    shown = found[begin : begin + PAGE]
    query = {name: value for name, value in (("layer", key), ("within", within)) if value}
    address = reverse("desk_vacancies")
    onward = f"{address}?{urlencode({**query, 'after': _cursor(shown[-1])})}" if begin + PAGE < len(found) else ""
    screen = ListScreen(
        title=_("Vacancies"),
        about=_(
            "Every grid has its six fixes: scope, people, content, duty, standard, patrol. Here is what is missing."
        ),
        columns=(_("Area"), _("Layer"), _("Of the six"), _("What is missing")),
        rows=tuple(_vacancy(one) for one in shown),
        empty=_("Nothing is vacant here."),
        paging=Paging(onward, f"{address}?{urlencode(query)}" if begin else ""),
        filters=Form(
            "filters",
            address,
            _("Filter"),
            (
                Field("layer", _("Layer"), "choice", key, choices=words.layer_choices()),
                Field("within", _("Area"), "pick", str(within or ""), choices=words.scope_choices()),
            ),
            method="get",
        ),
        tabs=(
            Link(_("All"), address, current=not key, count=len(found) if not key else None),
            *_tabs("desk_vacancies", key, dict(fixes.vacancy_counts(on=timezone.localdate()))),
        ),
    )
    return list_page(request, screen)


def _cursor(one: Vacancy) -> str:
    return f"{one.area.id}-{one.fix}-{one.post}"


def _vacancy(one: Vacancy) -> TableRow:
    missing = said(one.title) if one.title else _("no text")
    told = _("%(post)s, %(n)d missing") % {"post": missing, "n": one.missing} if one.missing > 1 else missing
    return TableRow(
        (
            Cell(labels.area(one.area.id) or words.area(one.area), reverse("desk_area", args=[one.area.id])),
            Cell(words.layer(one.area.layer)),
            Cell(badge=Badge(words.fix(one.fix), "warn")),
            Cell(told),
        )
    )


def _first() -> str:
    return next((one.key for one in labels.profile().layers), "")


def _tabs(name: str, current: str, counts: dict[str, int], *, all_layers: bool = False) -> tuple[Link, ...]:
    choices: tuple[Choice, ...] = words.layer_choices(blocks=all_layers)
    return tuple(
        Link(
            one.label,
            f"{reverse(name)}?{urlencode({'layer': one.value})}",
            current=one.value == current,
            count=counts.get(one.value, 0),
        )
        for one in choices
    )
