"""Hot spots: what stood out in the last days, hottest first, on the map and with its cases; or that nothing did.
What people were warned of has a page of its own, as it was then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, maps
from gezhi.interfaces.web.advising.screens import SpotCard, SpotsScreen
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.command import tabs
from gezhi.interfaces.web.parts import Badge, Figure, Link, MapView
from gezhi.modules.advice import spots
from gezhi.modules.advice.spots import Spot
from gezhi.modules.cases import lessons

SHOWN = 8  # cases of a cluster that are linked
MOST_LINKED = 40  # of the one cluster that a warning is about


def page(request: Request) -> HttpResponse:
    """The page. Four queries."""
    seen = spots.newest(request.actor)
    found = seen.spots if seen else ()
    numbers = lessons.numbers(request.actor, [case for one in found for case in one.cases[-SHOWN:]])
    screen = SpotsScreen(
        title=_("Hot spots"),
        about=_("What is reported unusually often: where, what, since when. Looked for every quarter of an hour."),
        tabs=tabs.of(request.actor, "desk_spots"),
        spots=tuple(_card(one, numbers) for one in found),
        seen_at=seen.at if seen else None,
        span=_("%(n)d cases of four weeks were looked at.") % {"n": seen.cases} if seen else "",
        map=_map() if any(one.lon is not None for one in found) else None,
        formula=_formula(),
    )
    return render(request, "advising/spots.html", {"screen": screen})


def warning(request: Request, number: int) -> HttpResponse:
    """One cluster as it was when people were warned of it: where a notice leads. Five queries."""
    told = spots.warned(request.actor, number)
    numbers = lessons.numbers(request.actor, told.spot.cases[-MOST_LINKED:])
    first = _("Told for the first time.")
    screen = SpotsScreen(
        title=_("Early warning"),
        about=_("A hot spot as it was when you were warned: it grew faster than its season."),
        tabs=tabs.of(request.actor, "desk_spots"),
        spots=(replace(_card(told.spot, numbers, MOST_LINKED), badge=Badge(_("Warned of"), "bad")),),
        seen_at=told.at,
        span=_("%(n)d cases when last told.") % {"n": told.before} if told.before else first,
        map=_map(number) if told.spot.lon is not None else None,
        formula=_formula(),
        back=Link(_("Hot spots now"), reverse("desk_spots"), icon="back"),
    )
    return render(request, "advising/spots.html", {"screen": screen})


def _formula() -> str:
    return _(
        "Heat = n · ln(n ÷ expected) − (n − expected): it grows with the number of cases and with how far they are "
        "beyond what place, matter and season let expect."
    )


def _map(warning: int | None = None) -> MapView:
    query = f"?{urlencode({'warning': warning})}" if warning else ""
    return replace(maps.view("cases", _("Hot spots on the map")), cases_url=f"{reverse('desk_spots_points')}{query}")


def points(request: Request) -> HttpResponse:
    """The clusters as points for the map; `?warning=ID`: the one people were warned of."""
    number = asked.whole(request.GET, "warning")
    if number:
        found: tuple[Spot, ...] = (spots.warned(request.actor, number).spot,)
    else:
        seen = spots.newest(request.actor)
        found = seen.spots if seen else ()
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
            "properties": {
                "number": f"{one.rank}",
                "href": f"#spot-{one.rank}",
                "tone": "bad" if one.warning else "warn",
                "stage": _("%(n)d cases") % {"n": one.count},
                "title": one.object,
            },
        }
        for one in found
        if one.lon is not None
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _card(one: Spot, numbers: dict[int, str], most: int = SHOWN) -> SpotCard:
    linked = [case for case in one.cases[-most:] if case in numbers][::-1]
    return SpotCard(
        rank=one.rank,
        title=one.object or _("Several matters"),
        place=one.place or _("All over the city"),
        period=_period(one.since, one.until),
        figures=(
            Figure(_("Cases"), str(one.count), _("expected %(n).1f") % {"n": one.expected}),
            Figure(_("Heat"), f"{one.heat:.1f}"),
            *((Figure(_("Within"), _("%(m)d m") % {"m": max(10, round(one.metres, -1))}),) if one.metres else ()),
        ),
        badge=Badge(_("Still growing"), "bad") if one.warning else None,
        cases=tuple(Link(numbers[case], reverse("desk_case", args=[numbers[case]])) for case in linked),
        more=one.count - len(linked),
    )


def _period(since: datetime | None, until: datetime | None) -> str:
    if since is None or until is None:
        return ""
    return f"{timezone.localtime(since):%m-%d %H:%M} – {timezone.localtime(until):%m-%d %H:%M}"
