"""Papers for the public: the poster of a grid, and contact cards to be cut out (clause YZ-12).

Here is the data that the templates of the documents room lay out, and the answer: a PDF shown in the browser, kept by
it until something in it changes. The public's own addresses are the portal's; staff print a whole area's cards here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header, parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gezhi.engines import geometry
from gezhi.interfaces.web import asked, labels, publicity
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.publicity import Published, Shown
from gezhi.lib.errors import BadInput, NotThere, TooLarge
from gezhi.modules.documents import pdf, qr
from gezhi.modules.files import queries as files
from gezhi.modules.territory import publicity as ground
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import AreaFact

MAP_WIDTH, MAP_HEIGHTS = 186.0, (122.0, 92.0)  # millimetres on the poster: with up to two people below it, with more
AROUND = 0.55  # of the grid's size shows on each side of it
NICE = (20, 50, 100, 200, 500, 1000, 2000, 5000)  # metres a scale bar may show
CARD = (90, 54)  # millimetres: a business card's, so that holders and wallets take it
ON_A_SHEET = 10
MOST_CARDS = 10_000


@dataclass(frozen=True, slots=True)
class Print:
    """A paper ready to be printed: its template, data, and the portraits in it (SHA-256 by file name). `sheets`: its
    pages are cards, to be laid on so many sheets each."""

    template: str
    data: Mapping[str, Any]
    at: datetime
    portraits: Mapping[str, str] = field(default_factory=dict)
    sheets: int = 0

    @property
    def mark(self) -> str:
        """The same for the same paper: what browsers keep it by."""
        whole = [self.template, self.data, self.at.isoformat(), self.sheets]
        told = json.dumps(whole, sort_keys=True, ensure_ascii=False)
        return sha256(told.encode()).hexdigest()[:32]

    def made(self) -> bytes:
        """The PDF. Raises what the documents room refuses."""
        pictures = self._pictures()
        told = json.dumps(self.data, ensure_ascii=False)
        for lost in self.portraits.keys() - pictures.keys():
            told = told.replace(f'"{lost}"', '""')
        made = pdf.printed(self.template, json.loads(told), at=self.at, pictures=pictures, tagged=not self.sheets)
        if not self.sheets:
            return made
        return pdf.cut_sheets(
            made,
            len(self.data["cards"]),
            copies=self.sheets,
            size=CARD,
            title=self.data["title"],
            language=self.data["language"],
            at=self.at,
        )

    def _pictures(self) -> dict[str, bytes]:
        """The portraits by file name, as small pictures; those that the disk no longer has are left out."""
        known = files.ids_of(self.portraits.values())
        stored = files.files(known.values())
        pictures = {}
        for name, digest in self.portraits.items():
            with suppress(NotThere, KeyError), files.open_content(stored[known[digest]], thumbnail=True) as content:
                pictures[name] = content.read()
        return pictures


def poster(area: AreaFact, *, on: date) -> Print:
    """The A4 poster of a grid. Three queries; the portraits are read when it is printed."""
    shown = publicity.one(area, on=on)
    portraits: dict[str, str] = {}
    data = {
        **_common(shown, portraits),
        "heading": _("Who answers for this grid"),
        "code": area.code,
        "map": _map(area, MAP_HEIGHTS[len(shown.people) > 2]),
        "scan": {
            "title": _("Scan to report a problem or find your grid"),
            "about": _("No account is needed; follow it until it is solved."),
        },
        "published": _published_line(shown.publisher, on),
        "notes": _notes(shown),
    }
    return Print("poster", data, _morning(on), portraits)


def cards(areas: Iterable[AreaFact], *, title: str, sheets: int, on: date) -> Print:
    """Contact cards, ten on an A4 sheet with marks to cut along, `sheets` of them for each grid. Two queries."""
    portraits: dict[str, str] = {}
    every = publicity.published(areas, on=on)
    data = {
        "title": title,
        "issuer": "",
        "language": "en" if labels.english() else "zh",
        "cards": [
            {
                **_common(shown, portraits),
                "heading": _("Grid contact card"),
                "scan": _("Scan: my grid"),
            }
            for shown in every
        ],
    }
    return Print("cards", data, _morning(on), portraits, sheets)


def _common(shown: Published, portraits: dict[str, str]) -> dict[str, Any]:
    hotline = labels.profile_text("hotline")
    return {
        "title": shown.name,
        "issuer": shown.publisher,
        "language": "en" if labels.english() else "zh",
        "place": " · ".join(shown.place),
        "people": [_person(one, portraits) for one in shown.people],
        "vacant": shown.vacancy,
        "hotline": {"label": _("Hotline"), "number": hotline} if hotline else None,
        "qr": qr.rows(shown.address),
        "address": shown.address,
    }


def _person(one: Shown, portraits: dict[str, str]) -> dict[str, Any]:
    file = f"{one.photo[:24]}.jpg" if one.photo else ""
    if file:
        portraits[file] = one.photo
    return {
        "name": one.name,
        "title": one.title,
        "over": one.over,
        "duties": one.duties,
        "phone": one.phone,
        "note": one.note,
        "photo": file,
        "initial": one.name[:1],
        "invented": _("(invented)") if one.invented else "",
    }


def _notes(shown: Published) -> list[str]:
    notes = []
    if shown.area.synthetic:
        notes.append(labels.profile_text("synthetic_notice") or _("Illustrative grids"))
    if any(one.invented for one in shown.people):
        notes.append(_("People marked as invented are not real, nor are their numbers; their portraits are drawn."))
    return notes


def _published_line(publisher: str, on: date) -> str:
    day = on.isoformat()
    return _("Published by %(unit)s, %(day)s") % {"unit": publisher, "day": day} if publisher else day


def _morning(on: date) -> datetime:
    """The moment a day's papers are dated: the same all day, so that the same paper is the same file."""
    return datetime.combine(on, time(), timezone.get_current_timezone())


def _map(area: AreaFact, height: float) -> dict[str, Any] | None:
    found = ground.surroundings(area.id, width=MAP_WIDTH, height=height, margin=AROUND)
    if found is None:
        return None
    return {
        "width": MAP_WIDTH,
        "height": height,
        "areas": [
            {
                "rings": drawn.rings,
                "edges": drawn.edges,
                "label": drawn.label,
                "room": drawn.room,
                "name": publicity.short_name(found.areas[number]),
                "over": "" if found.areas[number].parent == area.parent else _parent_name(found.areas[number]),
                "kind": _kind(found.areas[number], area),
            }
            for number, drawn in found.drawn.areas.items()
        ],
        "outlines": [
            {"edges": drawn.edges, "nearest": number == area.parent}
            for number, drawn in found.outlines.areas.items()
            if drawn.edges
        ],
        "scale": _scale(found.drawn),
        "north": _("N"),
        "legend": _legend(area, found),
    }


def _legend(area: AreaFact, found: ground.Surroundings) -> list[dict[str, str]]:
    """What the map's colours and lines mean; only lines that are on it."""
    lines = [{"kind": "own", "label": _("This grid")}, {"kind": "near", "label": _("Neighbouring grids")}]
    crossing = [number for number, drawn in found.outlines.areas.items() if drawn.edges]
    for number in sorted(crossing, key=lambda one: one != area.parent):
        label = _("%(level)s boundary") % {"level": labels.level(found.areas[number].level)}
        lines.append({"kind": "nearest" if number == area.parent else "above", "label": label})
    return lines[:4]


def _kind(other: AreaFact, own: AreaFact) -> str:
    return "own" if other.id == own.id else "sibling" if other.parent == own.parent else "near"


def _parent_name(area: AreaFact) -> str:
    parent = territory.areas_in_force().areas.get(area.parent or 0)
    return publicity.name_of(parent) if parent else ""


def _scale(drawing: geometry.Drawing) -> dict[str, Any]:
    """The longest round distance that fits in 40 millimetres."""
    metres = max((n for n in NICE if n / drawing.metres <= 40), default=NICE[0])
    return {"length": round(metres / drawing.metres, 2), "label": _("%(n)d m") % {"n": metres}}


# --- answers -------------------------------------------------------------------------------------------------------
def answer(request: HttpRequest, paper: Print, name: str, *, public: bool) -> HttpResponse:
    """The PDF, or 304 for a browser that has this very one. Public papers may be kept by anybody for an hour."""
    etag = quote_etag(paper.mark)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(paper.made(), content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=f"{name}.pdf") or ""
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=3600" if public else "private, max-age=0"
    response["Vary"] = "Accept-Language, Cookie"
    return response


@require_safe
def area_cards(request: Request, number: int) -> HttpResponse:
    """The contact cards of all grids in an area, `?cards=N` for each of them (one sheet where nothing is asked)."""
    snapshot = territory.areas_in_force()
    area = snapshot.areas.get(number)
    if area is None:
        raise NotThere(_("There is no such area."))
    grids = [one for one in snapshot.areas.values() if number in one.path and publicity.is_grid(one)]
    if not grids:
        raise NotThere(_("There is no grid in this area."))
    wanted = asked.whole(request.GET, "cards")
    if wanted is not None and wanted < 1:
        raise BadInput(_("Say how many cards each grid needs, at least one."), field="cards")
    sheets = -(-(wanted or ON_A_SHEET) // ON_A_SHEET)
    if len(grids) * sheets * ON_A_SHEET > MOST_CARDS:
        raise TooLarge(
            _("One file holds at most %(most)s cards; choose a smaller area or fewer cards for each grid.")
            % {"most": f"{MOST_CARDS:,}"},
            field="cards",
        )
    grids.sort(key=lambda one: one.code)
    title = _("Contact cards of %(area)s") % {"area": publicity.name_of(area)}
    paper = cards(grids, title=title, sheets=sheets, on=timezone.localdate())
    return answer(request, paper, title, public=False)
