"""Hot spots: what stood out in the last days, hottest first, on the map and with its cases; or that nothing did."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import maps
from gezhi.interfaces.web.advising.screens import SpotCard, SpotsScreen
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.command import tabs
from gezhi.interfaces.web.parts import Badge, Figure, Link, MapView
from gezhi.modules.advice import spots
from gezhi.modules.advice.spots import Spot
from gezhi.modules.cases import lessons

SHOWN = 8  # cases of a cluster that are linked


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
        formula=_(
            "Heat = n · ln(n ÷ expected) − (n − expected): it grows with the number of cases and with how far they are "
            "beyond what place, matter and season let expect."
        ),
    )
    return render(request, "advising/spots.html", {"screen": screen})


def _map() -> MapView:
    return replace(maps.view("cases", _("Hot spots on the map")), cases_url=reverse("desk_spots_points"))


def points(request: Request) -> HttpResponse:
    """The clusters as points for the map."""
    seen = spots.newest(request.actor)
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
        for one in (seen.spots if seen else ())
        if one.lon is not None
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _card(one: Spot, numbers: dict[int, str]) -> SpotCard:
    linked = [case for case in one.cases[-SHOWN:] if case in numbers][::-1]
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
