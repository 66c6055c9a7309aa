"""Pieces that come to a page after it: what a text says while it is typed, likely duplicates, what a reply lacks.

Each is asked for by htmx and answered with a fragment that may be empty. None is needed for anything.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked
from gezhi.interfaces.web.advising import tips, wording
from gezhi.interfaces.web.advising.screens import AlikeLine, HintsScreen, TypedScreen
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Tip
from gezhi.lib.errors import Refusal
from gezhi.modules.advice import queries as advice
from gezhi.modules.advice.beside import ASKED, SURE, TOP
from gezhi.modules.advice.queries import Likely
from gezhi.modules.cases import lessons
from gezhi.modules.cases import queries as cases

LONGEST = 2_000
SAID, ALIKE = 8, 0.25  # characters, and likeness of words, below which residents are told of no other report
LOOKED_AT = 12


@require_POST
def typed(request: Request) -> HttpResponse:
    """Staff who write a report down: classes, particulars, and what may be the same, with its number."""
    channel = asked.words(request.POST, "channel", 40)
    form = "report" if "channel" in request.POST else "call"
    return answer(request, read(request, channel=channel or "hotline", public=False, form=form))


def answer(request: Request, screen: TypedScreen) -> HttpResponse:
    """The fragment."""
    response = render(request, "advising/typed.html", {"screen": screen})
    response["Cache-Control"] = "private, no-store"
    return response


def read(request: Request, *, channel: str, public: bool, form: str) -> TypedScreen:
    """What can be said of a report that is being typed. Residents are told of others without number or link."""
    words = asked.words(request.POST, "words", LONGEST)
    now = timezone.now()
    place = _place(request)
    key = asked.words(request.POST, "class", 80)
    classes = () if key or len(words) < 4 else advice.classes(words, at=now, channel=channel)
    same = []
    if not public or len(words) >= SAID:
        same = advice.likely(
            lon=place[0], lat=place[1], at=now, klass=key, words=words, least=ASKED if public else SURE, top=LOOKED_AT
        )
    if public:  # who only guesses learns nothing: the words must be much alike
        same = [one for one in same if one.words is not None and one.words >= ALIKE][:1]
    else:
        seen = lessons.seen(request.actor, [one.case for one in same])
        same = [one for one in same if one.case in seen][:TOP]
    found = advice.found_in(words)
    return TypedScreen(
        target=f"{form}-class",
        classes=tips.of_classes(classes),
        place_target=f"{form}-place-address",
        places=tuple(Tip(one.text, one.text) for one in found if one.kind == "address")[:2],
        found=tuple((wording.particular(one.kind), one.text) for one in found if one.kind != "address"),
        same=tuple(line(one, now, public=public) for one in same),
    )


def _place(request: Request) -> tuple[float | None, float | None]:
    """The pin in CGCS2000, where there is one that can be."""
    try:
        lon, lat = float(request.POST.get("lon", "")), float(request.POST.get("lat", ""))
        found = cases.located(lon=lon, lat=lat, crs="CGCS2000")
    except (ValueError, Refusal):
        return None, None
    return found.lon, found.lat


def line(one: Likely, now: datetime, *, public: bool) -> AlikeLine:
    """An earlier report that may be the same, in words. Residents are told its class and age, nothing that somebody
    wrote and nothing that leads to a door."""
    days = (now - one.at).days
    age = _("today") if days < 1 else _("%(n)d days ago") % {"n": days}
    if public:
        title = one.class_name or _("A similar report")
        return AlikeLine(title, _("close by, %(age)s") % {"age": age}, "", ended=one.ended)
    told = [
        age,
        one.area_name,
        _("about %(m)d m away") % {"m": max(1, round(one.metres))} if one.metres is not None else "",
    ]
    if one.kind == "repeat":
        told.append(_("the same person's: answer it, do not merge"))
    return AlikeLine(
        title=one.title,
        about=" · ".join(part for part in told if part),
        sure=tips.how_sure(one.score),
        number=one.number,
        href=reverse("desk_case", args=[one.number]),
        ended=one.ended,
    )


def likely(request: Request, number: str) -> HttpResponse:
    """GET: what the case may be the same as; asked for by its page once it stands. Six queries at most."""
    seen = cases.glance(request.actor, number)
    now = timezone.now()
    found = lessons.around(seen.case)
    same = (
        advice.likely(
            lon=found.lon,
            lat=found.lat,
            at=found.at,
            klass=found.klass,
            words=found.words,
            same_person=lessons.same_person(request.actor, seen.case),
            case=seen.case,
            top=LOOKED_AT,
        )
        if found
        else []
    )
    mine = lessons.seen(request.actor, [one.case for one in same])
    lines = tuple(line(one, now, public=False) for one in same if one.case in mine)[:TOP]
    response = render(request, "advising/likely.html", {"same": lines})
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def reply(request: Request, number: str) -> HttpResponse:
    """POST a text, of the field that `?field=` names: what it lacks as a reply. For its writer; nothing is kept."""
    view = cases.case(request.actor, number)
    words = asked.words(request.POST, asked.words(request.GET, "field", 60) or "words", LONGEST)
    found = advice.reply_hints(question=view.row.words, reply=words) if len(words) >= 8 else ()
    screen = HintsScreen(tuple(wording.reply_hint(one.code, one.about) for one in found), done=len(words) >= 8)
    response = render(request, "advising/hints.html", {"screen": screen})
    response["Cache-Control"] = "private, no-store"
    return response
