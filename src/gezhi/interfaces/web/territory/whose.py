"""Whose is this place, and whose was it on a day: one answer a layer, with the people who were responsible then."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, labels, maps, need_fields
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.case_page import person
from gezhi.interfaces.web.parts import Field, Form, Link
from gezhi.interfaces.web.territory import words
from gezhi.interfaces.web.territory.screens import HeldLine, WhoseScreen
from gezhi.lib.errors import BadInput
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import AreaFact, Responsible


def whose(request: Request) -> HttpResponse:
    """A place (`lon`, `lat`) and a day (`on`)."""
    on = day(asked.words(request.GET, "on", 20), "on") or timezone.localdate()
    point = _point(request)
    found = territory.areas_on(on).locate(*point) if point else []
    screen = WhoseScreen(
        title=_("Whose was it that day?"),
        about=_("Choose a place and a day: the areas that held it then, layer by layer, and who was responsible."),
        back=Link(_("Grids"), reverse("desk_territory")),
        form=_form(point, on),
        heading=_("On %(day)s") % {"day": on.isoformat()},
        lines=_lines(found, on),
        notice=_("No area held this place on that day.") if point and not found else "",
    )
    return render(request, "territory/whose.html", {"screen": screen})


def day(text: str, name: str) -> date | None:
    """A day as forms send it; None where nothing is given. Raises BadInput naming the field."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise BadInput(_("Give the day as year-month-day."), field=name) from wrong


def _point(request: Request) -> tuple[float, float] | None:
    lon, lat = asked.words(request.GET, "lon", 30), asked.words(request.GET, "lat", 30)
    if not (lon and lat):
        return None
    try:
        place = float(lon), float(lat)
    except ValueError as wrong:
        raise BadInput(_("Longitude and latitude are numbers in degrees."), field="place") from wrong
    if not (abs(place[0]) <= 180 and abs(place[1]) <= 90):
        raise BadInput(_("This is not a place on earth: longitude and latitude are in degrees."), field="place")
    return place


def _form(point: tuple[float, float] | None, on: date) -> Form:
    lon, lat = (f"{point[0]:.6f}", f"{point[1]:.6f}") if point else ("", "")
    view = maps.view("pick", _("Tap the place"), lon=point[0] if point else None, lat=point[1] if point else None)
    fields = (
        Field("on", _("Day"), "date", on.isoformat(), True),
        Field(
            "place",
            _("Place"),
            "place",
            map=view,
            choices=need_fields.area_choices(),
            extra={"lon": lon, "lat": lat, "area": "", "address": ""},
        ),
    )
    return Form("whose", reverse("desk_whose"), _("Show"), fields, method="get")


def _lines(found: list[AreaFact], on: date) -> tuple[HeldLine, ...]:
    snapshot = territory.areas_on(on)
    paths = {fact.id: [number for number in reversed(fact.path) if number in snapshot.areas] for fact in found}
    responsible = territory.responsible({number for path in paths.values() for number in path}, on=on)
    by_area: dict[int, list[Responsible]] = {}
    for one in responsible:
        by_area.setdefault(one.area or 0, []).append(one)
    return tuple(
        HeldLine(
            layer=words.layer(fact.layer),
            area=words.area_link(fact),
            place=snapshot.full_name(fact.id, english=labels.english()),
            people=tuple(person(one) for number in paths[fact.id] for one in by_area.get(number, [])),
        )
        for fact in found
    )
