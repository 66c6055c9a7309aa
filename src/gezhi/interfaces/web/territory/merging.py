"""多网合一 at the desk: lay layers over each other, see where they agree, and make one of them a plan."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.pages import done
from gezhi.interfaces.web.pages import problems as told
from gezhi.interfaces.web.parts import Field, Figure, Form, Link
from gezhi.interfaces.web.territory import fields, shapes, words
from gezhi.interfaces.web.territory.screens import OnenessScreen
from gezhi.lib.errors import Refusal
from gezhi.modules.territory import oneness
from gezhi.modules.territory.oneness import FateView, OnenessView

MOST_FATES = 300


def look(request: Request) -> HttpResponse:
    """`?layers=KEY&layers=KEY&scope=ID&votes=N` shows what would become of them; a POST begins the plan."""
    if request.method == "POST":
        return _begin(request)
    return _shown(request, request.GET, None)


def _begin(request: Request) -> HttpResponse:
    given = request.POST
    try:
        plan = oneness.begin(
            layers=_layers(given),
            scope=asked.whole(given, "scope") or 0,
            votes=asked.whole(given, "votes") or 0,
            into=asked.words(given, "into", 40),
            name=asked.words(given, "name", 120),
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _shown(request, given, refusal)
    return done(request, _("The merged areas are a draft plan now."), "desk_plan", plan)


def _layers(given: Any) -> list[str]:
    return [one for one in given.getlist("layers") if len(one) <= 40]


def _shown(request: Request, given: Any, refusal: Refusal | None) -> HttpResponse:
    chosen, scope = _layers(given), asked.whole(given, "scope")
    votes = asked.whole(given, "votes") or -(-len(chosen) // 2)
    seen, wrong = None, refusal
    if chosen or scope is not None:
        try:
            seen = oneness.look(layers=chosen, scope=scope or 0, votes=votes)
        except Refusal as why:
            wrong = wrong or why
    query = urlencode({"layers": chosen, "scope": scope or "", "votes": votes}, doseq=True)
    screen = OnenessScreen(
        title=_("Make layers one"),
        about=_(
            "Lay layers over the same ground: where they agree, what one merged layer would be, what becomes of each."
        ),
        back=Link(_("Grids"), reverse("desk_territory")),
        form=_form(chosen, scope, votes, wrong if seen is None else None),
        figures=_figures(seen, chosen) if seen else (),
        fates=_fates(seen) if seen else None,
        begin=_begin_form(chosen, scope, votes, refusal) if seen and request.actor.may("territory.draw") else None,
        map=shapes.view(_("The merged areas"), within=scope, areas_url=f"{reverse('desk_oneness_shapes')}?{query}")
        if seen
        else None,
    )
    return render(request, "territory/oneness.html", {"screen": screen}, status=wrong.status if wrong else 200)


def _form(chosen: list[str], scope: int | None, votes: int, refusal: Refusal | None) -> Form:
    wrong, given = told(refusal), {"scope": str(scope or ""), "votes": str(votes or "")}
    choices, label = words.layer_choices(drawn=True), _("A boundary stands where at least so many layers have one")
    made = (
        Field("layers", _("Layers"), "checks", tuple(chosen), problem=wrong.get("layers", ""), choices=choices),
        fields.scope(given, wrong),
        fields.number(given, wrong, "votes", label, (1, 9), _("Leave it empty: half of them.")),
    )
    return Form("one", reverse("desk_oneness"), _("Look"), made, refusal.sentence if refusal else "", method="get")


def _begin_form(chosen: list[str], scope: int | None, votes: int, refusal: Refusal | None) -> Form:
    told_again = (("scope", str(scope or "")), ("votes", str(votes)))
    choices = words.layer_choices(drawn=True)
    made = (
        *(Field("layers", "", "hidden", one) for one in chosen),
        *(Field(key, "", "hidden", value) for key, value in told_again),
        Field("into", _("As a plan for the layer"), "choice", chosen[0], True, choices=choices),
        fields.name({}, {}, _("One layer of %(n)d") % {"n": len(chosen)}),
    )
    problem = refusal.sentence if refusal else ""
    return Form("begin", reverse("desk_oneness"), _("Take over as a draft plan"), made, problem)


def _figures(seen: OnenessView, chosen: list[str]) -> tuple[Figure, ...]:
    pairs = tuple(
        Figure(f"{words.layer(one)} · {words.layer(other)}", f"{100 * share:.0f} %", _("of their boundaries coincide"))
        for (one, other), share in seen.by_pair.items()
    )
    return (
        Figure(_("Merged areas"), str(len(seen.areas))),
        Figure(_("The same in all layers"), str(seen.same)),
        Figure(_("All agree"), f"{100 * seen.agreement:.0f} %", _("of the boundaries")),
        *pairs,
    )


def _fates(seen: OnenessView) -> ListScreen:
    order = {"gone": 0, "split": 1, "within": 2, "same": 3}
    listed = sorted(seen.fates, key=lambda one: (order[one.fate], one.layer, one.area))
    return ListScreen(
        _("What becomes of each old area"),
        "",
        (_("Area"), _("Layer"), _("Becomes"), _("Parts")),
        tuple(_fate(one) for one in listed[:MOST_FATES]),
        _("There are no areas here."),
    )


def _fate(one: FateView) -> TableRow:
    parts = "、" if not labels.english() else ", "
    told_parts = parts.join(f"{number + 1} ({100 * share:.0f} %)" for number, share in one.parts[:6])
    return TableRow(
        (
            Cell(one.name, reverse("desk_area", args=[one.area])),
            Cell(words.layer(one.layer)),
            Cell(badge=words.fate(one.fate)),
            Cell(told_parts),
        )
    )


def merged(request: Request) -> HttpResponse:
    """The merged areas as GeoJSON, numbered as the table numbers them."""
    seen = oneness.look(
        layers=_layers(request.GET),
        scope=asked.whole(request.GET, "scope") or 0,
        votes=asked.whole(request.GET, "votes") or 0,
    )
    return shapes.answer(
        {"type": "Feature", "id": n, "geometry": one, "properties": {"name": str(n), "level": "grid"}}
        for n, one in enumerate(seen.areas, 1)
    )
