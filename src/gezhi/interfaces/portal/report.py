"""Reporting a problem without an account: the form, and what it sends.

`once` is made with the form and posted with it: sent twice, a report is taken once and answered with the same receipt.
Photos of a report that was refused are kept for a day under the same token, so nobody has to add them again.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from gezhi.interfaces.portal import throttle
from gezhi.interfaces.portal.screens import ReportScreen
from gezhi.interfaces.web import asked, labels, maps, need_fields, need_values
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Field, Form
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, Refusal
from gezhi.modules.cases import operations
from gezhi.modules.cases.operations import Place, Receipt, Report
from gezhi.modules.files.policies import MOST_PHOTOS
from gezhi.modules.territory import queries as territory

SOURCE = "portal"
CHANNEL = "resident"
DAY = 24 * 3600
_ONCE = re.compile(r"^[0-9a-f]{32}$")
TEXTS = ("words", "class", "lon", "lat", "place_area", "place_address", "name", "phone")


@dataclass(frozen=True, slots=True)
class Tried:
    """What was sent and refused."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    kept: int = 0


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request) -> HttpResponse:
    """GET: an empty form. POST: take the report, go to its receipt."""
    if request.method != "POST":
        return _page(request, uuid.uuid4().hex, Tried())
    once = request.POST.get("once", "")
    if not _ONCE.match(once):
        again = Tried(_typed(request), problem=_("Please send the form once more."))
        return _page(request, uuid.uuid4().hex, again, 422)
    photos: list[int] = cache.get(_kept_key(once), [])
    before = len(photos)
    try:
        throttle.check_reports(request)
        receipt = _take(request, once, photos)
    except Refusal as refusal:
        if len(photos) > before:
            cache.set(_kept_key(once), photos, DAY)
        return _page(request, once, _tried(request, refusal, len(photos)), refusal.status)
    if before:
        cache.delete(_kept_key(once))
    return redirect(f"{reverse('portal_receipt', args=[receipt.number])}?{urlencode({'code': receipt.query_code})}")


def _take(request: Request, once: str, photos: list[int]) -> Receipt:
    """The report through the intake door; photos are stored before and added to `photos`. Raises what rooms refuse."""
    now = timezone.now()
    public = Actor.public()
    typed = _typed(request)
    place = _place(typed)
    photos += need_values.store(request.FILES.getlist("photos"), len(photos), "photos", by=public, now=now)
    if place == Place():
        raise BadInput(_("Please say where it is: a point on the map, a community, or an address."), field="place")
    return operations.report(
        report=Report(
            channel=CHANNEL,
            source=SOURCE,
            source_id=once,
            words=typed["words"],
            place=place,
            klass=typed["class"],
            photos=tuple(dict.fromkeys(photos)),
            reporter=(("name", typed["name"]), ("phone", typed["phone"])),
        ),
        by=public,
        now=now,
    )


def _typed(request: Request) -> dict[str, str]:
    return {name: asked.words(request.POST, name) for name in TEXTS}


def _place(typed: Mapping[str, str]) -> Place:
    address = typed["place_address"][:300]
    if typed["lon"] or typed["lat"]:
        lon, lat = need_values.point(typed["lon"], "place"), need_values.point(typed["lat"], "place")
        return Place(lon=lon, lat=lat, address=address)
    if typed["place_area"]:
        number = int(typed["place_area"]) if typed["place_area"].isdecimal() else 0
        known = territory.areas_in_force().areas.get(number)
        if known is None:
            raise BadInput(_("There is no such area."), field="place")
        return Place(area_code=known.code, address=address)
    return Place(address=address)


def _kept_key(once: str) -> str:
    return f"report:{once}"


def _tried(request: Request, refusal: Refusal, kept: int) -> Tried:
    listed = getattr(refusal, "problems", None) or ([(refusal.field, refusal.sentence)] if refusal.field else [])
    renamed = {"area_code": "place", "area_name": "place", "crs": "place"}
    problems = {renamed.get(str(name), str(name)): sentence for name, sentence in listed}
    return Tried(_typed(request), problems, refusal.sentence, kept)


def _page(request: Request, once: str, tried: Tried, status: int = 200) -> HttpResponse:
    given, problems = tried.values, tried.problems
    screen = ReportScreen(
        form=Form("report", reverse("portal_report"), _("Send the report"), problem=tried.problem),
        once=once,
        words=Field(
            "words",
            _("What is wrong?"),
            "words",
            given.get("words", ""),
            placeholder=_("For example: the manhole cover in front of the gate is broken"),
            maximum=2000,
            problem=problems.get("words", ""),
        ),
        classes=Field(
            "class",
            _("Kind of problem"),
            "pick",
            given.get("class", ""),
            hint=_("If you know it; otherwise leave it to us."),
            choices=need_fields.class_choices(),
            problem=problems.get("class", ""),
        ),
        photos=_photos(tried),
        place=_place_field(given, problems),
        name=Field(
            "name",
            _("Name"),
            "text",
            given.get("name", ""),
            autocomplete="name",
            maximum=80,
            problem=problems.get("name", ""),
        ),
        phone=Field(
            "phone",
            _("Phone"),
            "text",
            given.get("phone", ""),
            autocomplete="tel",
            maximum=40,
            problem=problems.get("phone", ""),
        ),
        privacy=labels.profile_text("portal_privacy") or _privacy(),
    )
    return render(request, "portal/report.html", {"screen": screen}, status=status)


def _privacy() -> str:
    return _(
        "Name and phone are used only to contact you about this matter, are stored encrypted, "
        "and every look is recorded."
    )


def _photos(tried: Tried) -> Field:
    hint = _("Up to 9. The place stored inside a photo is removed.")
    if tried.kept:
        kept = ngettext(
            "%(n)d photo is kept from your last try.", "%(n)d photos are kept from your last try.", tried.kept
        )
        hint = kept % {"n": tried.kept}
    most = max(1, MOST_PHOTOS - tried.kept)
    return Field("photos", _("Photos"), "photos", hint=hint, maximum=most, problem=tried.problems.get("photos", ""))


def _place_field(given: Mapping[str, str], problems: Mapping[str, str]) -> Field:
    extra = {
        "lon": given.get("lon", ""),
        "lat": given.get("lat", ""),
        "area": given.get("place_area", ""),
        "address": given.get("place_address", ""),
    }
    return Field(
        "place",
        _("Where is it?"),
        "place",
        required=True,
        problem=problems.get("place", ""),
        choices=need_fields.area_choices(),
        map=maps.view("pick", _("Tap where it is")),
        extra=extra,
    )
