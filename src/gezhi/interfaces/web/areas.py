"""One area with its people: who answers for this ground today or did on a day, what lies below it."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, labels, maps, publicity
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.case_page import person
from gezhi.interfaces.web.parts import Figure, Link
from gezhi.interfaces.web.territory import standing
from gezhi.interfaces.web.territory.screens import AreaScreen
from gezhi.interfaces.web.territory.whose import day
from gezhi.lib.errors import NotThere
from gezhi.lib.texts import said
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import AreaFact

MOST_CHILDREN = 400


def area(request: Request, number: int) -> HttpResponse:
    """The area's page, `?on=DAY` as it was. Areas and the people responsible are public inside the house."""
    today = timezone.localdate()
    on = day(asked.words(request.GET, "on", 20), "on") or today
    snapshot = territory.areas_in_force() if on == today else territory.areas_on(on)
    fact = snapshot.areas.get(number)
    if fact is None:
        return _on_its_day(number, on)
    children = [one for one in snapshot.areas.values() if one.parent == number][:MOST_CHILDREN]
    people = territory.responsible([number], on=on)
    level = children[0].level if children else ""
    screen = AreaScreen(
        name=_name(fact),
        code=fact.code,
        layer=_layer(fact.layer),
        level=labels.level(fact.level),
        path=tuple(_link(snapshot.areas[i]) for i in fact.path[:-1] if i in snapshot.areas),
        people=tuple(person(one) for one in people),
        children=tuple(_link(one) for one in sorted(children, key=lambda a: a.code)),
        figures=_figures(fact, len(children), level, len(people)),
        map=maps.view("areas", _("Map of %(area)s") % {"area": _name(fact)}, within=number, level=level or fact.level),
        synthetic=fact.synthetic,
        standing=standing.of(request, fact, on),
        papers=_papers(fact),
        cases=Link(_("Cases here"), f"{reverse('desk_cases')}?{urlencode({'area': number})}", icon="list"),
    )
    return render(request, "desk/area.html", {"screen": screen})


def _papers(fact: AreaFact) -> tuple[Link, ...]:
    """What the public sees of a grid, and prints; for areas above, the cards of all their grids."""
    cards = Link(_("Contact cards (PDF)"), reverse("desk_area_cards", args=[fact.id]), icon="user")
    if not publicity.is_grid(fact):
        return (cards,)
    return (
        Link(_("Public page"), reverse("portal_grid", args=[fact.code]), icon="globe"),
        Link(_("Poster (A4, PDF)"), reverse("portal_grid_poster", args=[fact.code]), icon="print"),
        cards,
    )


def _name(fact: AreaFact) -> str:
    return (fact.name_en or fact.name) if labels.english() else fact.name


def _layer(key: str) -> str:
    return next((said(layer.title) for layer in labels.profile().layers if layer.key == key), key)


def _link(fact: AreaFact) -> Link:
    return Link(_name(fact), reverse("desk_area", args=[fact.id]))


def _on_its_day(number: int, on: date) -> HttpResponse:
    """An area that was not in force that day: the row of its code that was, or its own last day."""
    rows = territory.history(number)
    there = next((one for one in rows if one.since <= on and (one.until is None or on < one.until)), None)
    own = next((one for one in rows if one.id == number), None)
    if there is not None and there.id != number:
        query = f"?{urlencode({'on': on.isoformat()})}" if there.until is not None else ""
        return redirect(f"{reverse('desk_area', args=[there.id])}{query}")
    if own is None or own.until is None:
        raise NotThere(_("There is no such area."))
    return redirect(f"{reverse('desk_area', args=[number])}?{urlencode({'on': own.since.isoformat()})}")


def _figures(fact: AreaFact, children: int, level: str, people: int) -> tuple[Figure, ...]:
    found = [Figure(labels.level(level), str(children))] if children else []
    if fact.households is not None:
        found.append(Figure(_("Households"), f"{fact.households:,}"))
    if fact.population is not None:
        found.append(Figure(_("People"), f"{fact.population:,}"))
    return (*found, Figure(_("Responsible people"), str(people)))
