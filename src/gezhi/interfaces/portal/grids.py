"""My grid: finding it, and its public page with the people who answer for it (clause YZ-12).

Found by a tap on the map, by one's own position (asked with consent, sent once, kept nowhere), by a name, or by going
down the list. Nobody needs an account, and nothing about whoever looks is written down.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gezhi.interfaces.portal.screens import GridFindScreen, GridScreen
from gezhi.interfaces.web import asked, labels, maps, need_values, papers, publicity
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Field, Form, Link
from gezhi.interfaces.web.publicity import Published
from gezhi.lib.errors import BadInput, NotThere, Refusal
from gezhi.modules.documents import qr
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import AreaFact

MOST_FOUND = 30


@require_safe
def find(request: Request) -> HttpResponse:
    """`?lon=&lat=` a place, `?q=` a name, `?in=CODE` an area of the list; without any, the list's beginning."""
    try:
        places = _at(request)
    except Refusal as refusal:
        return _find_page(request, (), refusal.sentence, refusal.status)
    grids = [one for one in places if one.level == labels.profile().grid_level] or places
    if len(grids) == 1:  # its page tells who answers in the other layers, too
        return redirect(_link(grids[0]).href)
    return _find_page(request, tuple(places), "")


def _at(request: Request) -> list[AreaFact]:
    """The areas at the place that was sent, of each layer. Raises BadInput (no place on earth, outside)."""
    lon, lat = asked.words(request.GET, "lon", 40), asked.words(request.GET, "lat", 40)
    if not (lon or lat):
        return []
    found = territory.locate(lon=need_values.point(lon, "place"), lat=need_values.point(lat, "place"))
    if not found:
        raise BadInput(_("This place lies outside the area we serve."), field="place")
    return found


def _find_page(request: Request, places: tuple[AreaFact, ...], problem: str, status: int = 200) -> HttpResponse:
    words = asked.words(request.GET, "q", 60)
    named = _named(words) if words and not places else []
    head = territory.areas_in_force().by_code.get(asked.words(request.GET, "in", 40))
    screen = GridFindScreen(
        search=Form(
            "find",
            reverse("portal_grids"),
            _("Search"),
            (Field("q", _("Name of a street, community or grid"), "text", words, maximum=60),),
            method="get",
        ),
        map=maps.view("pick", _("Tap where you live")),
        place_url=reverse("portal_grids"),
        problem=problem,
        found=tuple(_link(one, full=True) for one in (*places, *named)),
        nothing=_("No street, community or grid has this name.") if words and not named and not places else "",
        path=tuple(_link(one) for one in _above(head)) if head else (),
        here=publicity.name_of(head) if head else "",
        groups=_groups(head),
    )
    return render(request, "portal/grids.html", {"screen": screen}, status=status)


def _named(words: str) -> list[AreaFact]:
    """Areas with all these words in their full name, or with this code; whole names and high levels first."""
    wanted = words.casefold().split()
    snapshot = territory.areas_in_force()

    def said(area: AreaFact) -> str:
        both = (snapshot.full_name(area.id), snapshot.full_name(area.id, english=True), area.code)
        return "\n".join(both).casefold()

    found = [area for area in snapshot.areas.values() if all(word in said(area) for word in wanted)]
    return sorted(found, key=lambda a: (a.name != words, len(a.path), a.code))[:MOST_FOUND]


def _above(area: AreaFact) -> list[AreaFact]:
    areas = territory.areas_in_force().areas
    return [areas[i] for i in area.path[:-1] if i in areas]


def _groups(head: AreaFact | None) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """The list below an area: its grids, or the areas below with theirs; from the top down to where there are many."""
    below = _children()
    if head is None:
        tops = below.get(None, [])
        head = tops[0] if len(tops) == 1 else None
        listed = below.get(head.id if head else None, [])
        return (("", tuple(_link(one) for one in listed)),)
    listed = below.get(head.id, [])
    groups = [("", tuple(_link(one, short=True) for one in listed if publicity.is_grid(one)))]
    for one in listed:
        if not publicity.is_grid(one):
            inner = tuple(_link(grid, short=True) for grid in below.get(one.id, []))
            groups.append((publicity.name_of(one), inner))
    return tuple((name, links) for name, links in groups if links)


def _children() -> dict[int | None, list[AreaFact]]:
    snapshot = territory.areas_in_force()
    below: dict[int | None, list[AreaFact]] = {}
    for area in sorted(snapshot.areas.values(), key=lambda a: a.code):
        below.setdefault(area.parent if area.parent in snapshot.areas else None, []).append(area)
    return below


def _link(area: AreaFact, *, full: bool = False, short: bool = False) -> Link:
    """To a grid's page, or to an area's place in the list."""
    label = publicity.short_name(area) if short else labels.area(area.id) if full else publicity.name_of(area)
    if publicity.is_grid(area):
        return Link(label, reverse("portal_grid", args=[area.code]), icon="map")
    return Link(label, f"{reverse('portal_grids')}?{urlencode({'in': area.code})}", icon="list")


@require_safe
def grid(request: Request, code: str) -> HttpResponse:
    """The public page of a grid; an area above the grids leads to its place in the list."""
    area = publicity.grid_of(code)
    if not publicity.is_grid(area):
        return redirect(_link(area).href)
    shown = publicity.one(area, on=timezone.localdate())
    return render(request, "portal/grid.html", {"screen": _screen(shown)})


def _screen(shown: Published) -> GridScreen:
    area = shown.area
    hotline = labels.profile_text("hotline")
    return GridScreen(
        code=area.code,
        name=shown.name,
        path=tuple(_link(one) for one in _above(area)),
        people=shown.people,
        vacancy=shown.vacancy,
        map=maps.of_grid(area, _("Map of %(area)s") % {"area": shown.name}),
        qr_svg=qr.svg(shown.address),
        address=shown.address,
        report_url=f"{reverse('portal_report')}?{urlencode({'grid': area.code})}",
        poster=Link(_("Poster (A4, PDF)"), reverse("portal_grid_poster", args=[area.code]), icon="print"),
        card=Link(_("Contact cards (PDF)"), reverse("portal_grid_card", args=[area.code]), icon="user"),
        hotline=hotline,
        publisher=shown.publisher,
        find_url=reverse("portal_grids"),
        synthetic=labels.profile_text("synthetic_notice") if area.synthetic else "",
    )


def _grid(code: str) -> AreaFact:
    """The grid with this code. Raises NotThere."""
    area = publicity.grid_of(code)
    if not publicity.is_grid(area):
        raise NotThere(_("There is no grid with this code."))
    return area


@require_safe
def poster(request: Request, code: str) -> HttpResponse:
    """The grid's A4 poster."""
    area = _grid(code)
    paper = papers.poster(area, on=timezone.localdate())
    return papers.answer(request, paper, _("Poster of %(area)s") % {"area": publicity.name_of(area)}, public=True)


@require_safe
def card(request: Request, code: str) -> HttpResponse:
    """A sheet of the grid's contact cards."""
    area = _grid(code)
    title = _("Contact cards of %(area)s") % {"area": publicity.name_of(area)}
    paper = papers.cards([area], title=title, sheets=1, on=timezone.localdate())
    return papers.answer(request, paper, title, public=True)
