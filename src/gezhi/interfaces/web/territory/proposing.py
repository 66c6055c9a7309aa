"""A districting run: asked for, watched while it works, its proposals beside today's grids, one made a plan."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import FormScreen
from gezhi.interfaces.web.pages import done, form_page
from gezhi.interfaces.web.pages import problems as told
from gezhi.interfaces.web.parts import Choice, Field, Form, Link, RunState
from gezhi.interfaces.web.territory import fields, shapes, words
from gezhi.interfaces.web.territory.screens import Proposal, RunScreen
from gezhi.lib.errors import BadInput, Refusal
from gezhi.lib.texts import worded
from gezhi.modules.territory import policies, runs
from gezhi.modules.territory.runs import Options, RunView

POLL = 1  # seconds between two looks at a run that works


def new(request: Request) -> HttpResponse:
    """Ask for a run."""
    if request.method != "POST":
        return form_page(request, _new_screen(request.GET, None))
    try:
        number = runs.start(
            layer=asked.words(request.POST, "layer", 40),
            scope=asked.whole(request.POST, "scope") or 0,
            options=_options(request.POST),
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return form_page(request, _new_screen(request.POST, refusal), refusal.status)
    return done(request, _("The run is under way; this page shows how far it is."), "desk_run", number)


def _usual() -> Options:
    """What a run is asked where nobody says otherwise: the profile's norm."""
    norm = labels.profile().norm
    return Options(households=norm.households, population=norm.population, kinds=norm.kinds)


def _kinds(options: Options) -> str:
    """The norms of single kinds of compound, in words."""
    return ", ".join(f"{words.compound(kind)} {most}" for kind, most in options.kinds.items())


def _options(given: Any) -> Options:
    usual = _usual()
    numbers = {
        name: asked.whole(given, name)
        for name in (
            "households",
            "population",
            "tolerance",
            "compact",
            "least_change",
            "workload",
            "alike",
            "proposals",
        )
    }
    known = {name: value if value is not None else getattr(usual, name) for name, value in numbers.items()}
    return Options(
        **known, kinds=usual.kinds, count=asked.whole(given, "count"), barriers=given.get("barriers") == "yes"
    )


def _new_screen(given: Any, refusal: Refusal | None) -> FormScreen:
    wrong, usual = told(refusal), _usual()
    levels = tuple(
        Choice(str(n), label) for n, label in enumerate((_("not"), _("a little"), _("much"), _("very much")))
    )

    def number(key: str, label: str, span: tuple[int, int], hint: str = "") -> Field:
        return fields.number(given, wrong, key, label, span, hint, getattr(usual, key) or "")

    def weight(key: str, label: str, hint: str) -> Field:
        shown = given.get(key, "") or str(getattr(usual, key))
        return Field(key, label, "choice", shown, hint=hint, problem=wrong.get(key, ""), choices=levels, inline=True)

    kinds = _kinds(usual)
    own = " " + _("In compounds of these kinds another one: %(kinds)s.") % {"kinds": kinds} if kinds else ""
    barred, yes_or_no = given.get("barriers", "yes"), (Choice("yes", _("Yes")), Choice("no", _("No")))
    made = (
        fields.scope(
            given, wrong, _("A community, a street or the district. Grids never cross a community's boundary.")
        ),
        fields.layer(given, wrong, words.layer_choices(drawn=True)),
        number("households", _("Households a grid"), (20, 5000), _("The norm. A warning, not a wall.") + own),
        number("population", _("People a grid"), (50, 20_000)),
        number("tolerance", _("Even within (per cent)"), (1, 100)),
        number("count", _("Number of grids"), (1, 5000), _("Leave it empty: as many as the norm asks for.")),
        weight("compact", _("Short boundaries"), _("Compact grids that are quick to walk.")),
        weight("least_change", _("Keep what is there"), _("Few households get another grid.")),
        weight("workload", _("Even workload"), _("By the cases reported there in the last twelve months.")),
        weight("alike", _("Like compounds together"), _("Old compounds with old ones, new with new.")),
        Field(
            "barriers",
            _("Road sections are barriers"),
            "choice",
            barred,
            choices=yes_or_no,
            inline=True,
            hint=_("Grids follow roads; they cross rivers and railways only at bridges."),
        ),
        number("proposals", _("Proposals"), (2, 4)),
    )
    form = Form("run", reverse("desk_run_new"), _("Propose grids"), made, refusal.sentence if refusal else "")
    about = _("Grids are put together from building blocks so that each has about as many households as the norm.")
    return FormScreen(_("Propose grids"), about, form, Link(_("Grids"), reverse("desk_territory")))


def run(request: Request, number: int) -> HttpResponse:
    """The run's page: `?p=N` shows a proposal on the map."""
    return shown(request, number)


def shown(request: Request, number: int, refusal: Refusal | None = None) -> HttpResponse:
    """The page of a run."""
    view = runs.view(number)
    wanted = asked.whole(request.GET, "p") or 0
    current = wanted if 0 <= wanted < len(view.proposals) else 0
    draws = policies.may(request.actor, policies.DRAW, view.path)
    today = f"{reverse('desk_layer_shapes', args=[view.layer])}?within={view.scope}"
    screen = RunScreen(
        title=_("Grids for %(area)s") % {"area": labels.area(view.scope) or view.scope_name},
        about=words.layer(view.layer),
        back=Link(_("Grids"), reverse("desk_territory")),
        state=_state(request, view),
        asked=_asked(view.options),
        proposals=tuple(_proposal(view, n, n == current, draws, refusal) for n in range(len(view.proposals))),
        map=shapes.view(
            _("Proposed grids; dashed lines are today's"),
            within=view.scope,
            areas_url=f"{reverse('desk_run_shapes', args=[number])}?p={current}" if view.proposals else today,
            lines_url=today if view.proposals else "",
        ),
        notes=tuple(words.run_note(one) for one in view.notes),
    )
    return render(request, "territory/run.html", {"screen": screen}, status=refusal.status if refusal else 200)


def _asked(options: Options) -> tuple[tuple[str, str], ...]:
    weights = (_("not"), _("a little"), _("much"), _("very much"))
    return (
        (_("Norm"), _("%(h)d households, %(p)d people") % {"h": options.households, "p": options.population}),
        *(((_("Norm by kind of compound"), _kinds(options)),) if options.kinds else ()),
        (_("Even within (per cent)"), str(options.tolerance)),
        (_("Number of grids"), str(options.count) if options.count else _("as the norm says")),
        (_("Short boundaries"), weights[options.compact]),
        (_("Keep what is there"), weights[options.least_change]),
        (_("Even workload"), weights[options.workload]),
        (_("Like compounds together"), weights[options.alike]),
        (_("Road sections are barriers"), _("Yes") if options.barriers else _("No")),
    )


def state(request: Request, number: int) -> HttpResponse:
    """How far a run is, alone, for htmx. When it is over, the whole page is fetched anew."""
    view = runs.view(number)
    response = render(request, "parts/run_state.html", {"state": _state(request, view)})
    if not view.open:
        response["HX-Refresh"] = "true"
    response["Cache-Control"] = "private, no-store"
    return response


def _state(request: Request, view: RunView) -> RunState:
    cancel = None
    if view.open and policies.may(request.actor, policies.DRAW, view.path):
        cancel = Form("cancel", reverse("desk_run_cancel", args=[view.id]), _("Cancel"), tone="bad")
    message = worded(view.message) if view.state == "failed" else view.message
    refresh = reverse("desk_run_state", args=[view.id]) if view.open else ""
    return RunState(words.run_state(view.state), round(100 * view.progress), message, refresh, cancel)


def _proposal(view: RunView, number: int, current: bool, draws: bool, refusal: Refusal | None) -> Proposal:
    one = view.proposals[number]
    title, about = aim(str(one["aim"]))
    usual = _("%(area)s: %(aim)s") % {"area": view.scope_name, "aim": title}
    asked_for = (
        Field("proposal", "", "hidden", str(number)),
        fields.name({}, {}, usual),
    )
    form = Form(
        f"adopt-{number}", reverse("desk_run_plan", args=[view.id]), _("Take over as a draft plan"), asked_for,
        refusal.sentence if refusal and current else "",
    )  # fmt: skip
    return Proposal(title, about, f"?p={number}", current, _figures(one["metrics"]), form if draws else None)


def aim(key: str) -> tuple[str, str]:
    """What a proposal aims at, and in a sentence."""
    known = {
        "balanced": (_("Even households"), _("Every grid as near to the norm as its blocks allow.")),
        "compact": (_("Short boundaries"), _("Compact grids, still within the tolerance where possible.")),
        "least_change": (_("Few changes"), _("As little as possible differs from today's grids.")),
        "workload": (_("Even workload"), _("Every grid with about as many cases as the others.")),
    }
    return known.get(key, (key, ""))


def _figures(metrics: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    now, then = metrics["proposed"], metrics["today"]

    def pair(label: str, name: str, shape: str) -> tuple[str, str, str]:
        proposed, before = ("–" if one.get(name) is None else shape.format(one[name]) for one in (now, then))
        return label, proposed, before

    return (
        pair(_("Grids"), "grids", "{:d}"),
        pair(_("Largest deviation from the norm"), "deviation", "{:.0f} %"),
        pair(_("Grids within the tolerance"), "even", "{:d}"),
        pair(_("Inner boundaries"), "boundary", "{:.1f} km"),
        pair(_("Compactness"), "compactness", "{:.2f}"),
        (_("Households moved"), f"{now['moved']:,}", ""),
        pair(_("Largest workload beside the average"), "workload", "× {:.1f}"),
        *_cases(metrics),
        (_("Certificate"), _certificate(metrics), ""),
    )


def _cases(metrics: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """What the workload was counted from."""
    if "since" not in metrics:
        return ()
    return ((_("Cases reported since %(day)s") % {"day": metrics["since"]}, f"{metrics['cases']:,}", ""),)


def _certificate(metrics: dict[str, Any]) -> str:
    """How good the plan is known to be, and among which plans: those as even as it was asked to be in the end."""
    kind, gap, within = metrics.get("certificate", "none"), metrics.get("gap"), metrics.get("within")
    told = {"n": f"{100 * within:.3g}" if within is not None else "", "p": f"{gap:.1f}" if gap is not None else ""}
    if kind == "optimal":
        return _("proven best at ±%(n)s %%") % told if told["n"] else _("proven best")
    if kind == "gap" and told["p"]:
        known = _("none is better by more than %(p)s %%") % told
    elif kind == "pairwise":
        known = _("no two neighbours can be divided better")
    else:
        return _("nothing proven")
    return _("%(known)s, at ±%(n)s %%") % {"known": known, **told} if told["n"] else known


@require_POST
def cancel(request: Request, number: int) -> HttpResponse:
    """Stop the run."""
    runs.cancel(run=number, by=request.actor, now=timezone.now())
    return done(request, _("The run is cancelled."), "desk_run", number)


@require_POST
def make_plan(request: Request, number: int) -> HttpResponse:
    """Take a proposal over as a draft plan."""
    try:
        proposal = asked.whole(request.POST, "proposal")
        if proposal is None:
            raise BadInput(_("Choose a proposal."), field="proposal")
        plan = runs.plan_from(
            run=number,
            proposal=proposal,
            name=asked.words(request.POST, "name", 120),
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return shown(request, number, refusal)
    return done(
        request, _("The proposal is a draft plan now. Look at it, change it, have it adopted."), "desk_plan", plan
    )
