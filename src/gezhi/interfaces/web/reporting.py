"""What a form that reports a problem asks and how it is taken, by a resident or by staff who write it down.

`once` is made with the form and posted with it: sent twice, a report is taken once and answered with the same receipt.
Photos of a report that was refused are kept for a day under the same token, so nobody has to add them again.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gezhi.interfaces.web import asked, labels, maps, need_fields, need_values
from gezhi.interfaces.web.parts import Choice, Field
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, Refusal
from gezhi.modules.cases import operations
from gezhi.modules.cases.operations import Place, Receipt, Report
from gezhi.modules.files.policies import MOST_PHOTOS
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import AreaFact

DAY = 24 * 3600
_ONCE = re.compile(r"\A[0-9a-f]{32}\Z")
TEXTS = ("words", "class", "lon", "lat", "place_area", "place_address", "name", "phone", "channel")
_PLACE = {"area_code": "place", "area_name": "place", "crs": "place"}


@dataclass(frozen=True, slots=True)
class Tried:
    """What was sent and refused: values and sentences by field, the sentence on the whole, how many photos are kept."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    kept: int = 0

    def value(self, name: str) -> str:
        """What was typed."""
        return self.values.get(name, "")


def new_token() -> str:
    """A token for one report."""
    return uuid.uuid4().hex


def token_of(request: HttpRequest) -> str:
    """The token a form was made with. Raises BadInput for one that nobody made."""
    once = request.POST.get("once", "")
    if not _ONCE.match(once):
        raise BadInput(_("Please send the form once more."))
    return once


def typed(request: HttpRequest) -> dict[str, str]:
    """The form's texts."""
    return {name: asked.words(request.POST, name) for name in TEXTS}


def take(request: HttpRequest, *, channel: str, source: str, by: Actor, must_have_place: bool) -> Receipt:
    """Take the report through the intake door, its photos stored before. Raises what the rooms refuse."""
    once = token_of(request)
    key = f"report:{once}"
    photos: list[int] = cache.get(key, [])
    before = len(photos)
    try:
        receipt = _take(request, once, photos, channel=channel, source=source, by=by, must_have_place=must_have_place)
    except Refusal:
        if len(photos) > before:
            cache.set(key, photos, DAY)
        raise
    if before:
        cache.delete(key)
    return receipt


def _take(
    request: HttpRequest,
    once: str,
    photos: list[int],
    *,
    channel: str,
    source: str,
    by: Actor,
    must_have_place: bool,
) -> Receipt:
    now = timezone.now()
    given = typed(request)
    place = place_of(given)
    photos += need_values.store(request.FILES.getlist("photos"), len(photos), "photos", by=by, now=now)
    if place == Place() and must_have_place:
        raise BadInput(_("Please say where it is: a point on the map, a community, or an address."), field="place")
    wanted = Report(
        channel=channel,
        source=source,
        source_id=once,
        words=given["words"],
        place=place,
        klass=given["class"],
        photos=tuple(dict.fromkeys(photos)),
        reporter=(("name", given["name"]), ("phone", given["phone"])),
    )
    return operations.report(report=wanted, by=by, now=now)


def place_of(given: Mapping[str, str]) -> Place:
    """A pin, else an area, else an address alone. Raises BadInput."""
    address = given["place_address"][:300]
    if given["lon"] or given["lat"]:
        lon, lat = need_values.point(given["lon"], "place"), need_values.point(given["lat"], "place")
        return Place(lon=lon, lat=lat, address=address)
    if given["place_area"]:
        known = _known_area(given["place_area"])
        if known is None:
            raise BadInput(_("There is no such area."), field="place")
        return Place(area_code=known.code, address=address)
    return Place(address=address)


def in_grid(code: str) -> Tried:
    """The form as it opens for somebody who comes from a grid's page: the grid is chosen already."""
    known = territory.areas_in_force().by_code.get(code)
    return Tried({"place_area": str(known.id)} if known else {})


def _ground(chosen: AreaFact | None) -> int | None:
    """What the map opens with: the area chosen; for a grid the area around it, whose outline is on the map."""
    if chosen is None:
        return None
    return chosen.parent if chosen.level == labels.profile().grid_level and chosen.parent else chosen.id


def _known_area(number: str) -> AreaFact | None:
    return territory.areas_in_force().areas.get(int(number) if number.isdecimal() and len(number) < 19 else 0)


def tried(request: HttpRequest, refusal: Refusal) -> Tried:
    """What to show again with a refusal."""
    listed = getattr(refusal, "problems", None) or ([(refusal.field, refusal.sentence)] if refusal.field else [])
    problems = {_PLACE.get(str(name), str(name)): sentence for name, sentence in listed}
    once = request.POST.get("once", "")
    kept = cache.get(f"report:{once}", []) if _ONCE.match(once) else []
    return Tried(typed(request), problems, refusal.sentence, len(kept))


def words_field(shown: Tried) -> Field:
    """What is wrong."""
    return Field(
        "words",
        _("What is wrong?"),
        "words",
        shown.value("words"),
        placeholder=_("For example: the manhole cover in front of the gate is broken"),
        maximum=2000,
        problem=shown.problems.get("words", ""),
    )


def class_field(shown: Tried) -> Field:
    """Which kind of problem, if known."""
    return Field(
        "class",
        _("Kind of problem"),
        "pick",
        shown.value("class"),
        hint=_("If you know it; otherwise leave it to us."),
        choices=need_fields.class_choices(),
        problem=shown.problems.get("class", ""),
    )


def photos_field(shown: Tried) -> Field:
    """Up to nine photos; fewer where some are kept already."""
    hint = _("Up to 9. The place stored inside a photo is removed.")
    if shown.kept:
        kept = ngettext(
            "%(n)d photo is kept from your last try.", "%(n)d photos are kept from your last try.", shown.kept
        )
        hint = kept % {"n": shown.kept}
    most = max(1, MOST_PHOTOS - shown.kept)
    return Field("photos", _("Photos"), "photos", hint=hint, maximum=most, problem=shown.problems.get("photos", ""))


def place_field(shown: Tried, *, required: bool) -> Field:
    """Where it is."""
    extra = {
        "lon": shown.value("lon"),
        "lat": shown.value("lat"),
        "area": shown.value("place_area"),
        "address": shown.value("place_address"),
    }
    choices, chosen = need_fields.area_choices(), _known_area(shown.value("place_area"))
    if chosen is not None and all(choice.value != extra["area"] for choice in choices):
        choices = (*choices, Choice(extra["area"], labels.area(chosen.id), keys=chosen.code))
    return Field(
        "place",
        _("Where is it?"),
        "place",
        required=required,
        problem=shown.problems.get("place", ""),
        choices=choices,
        map=maps.view("pick", _("Tap where it is"), within=_ground(chosen)),
        extra=extra,
    )


def name_field(shown: Tried) -> Field:
    """The reporter's name, kept in the vault."""
    problem = shown.problems.get("name", "")
    return Field("name", _("Name"), "text", shown.value("name"), autocomplete="name", maximum=80, problem=problem)


def phone_field(shown: Tried) -> Field:
    """The reporter's phone number, kept in the vault."""
    problem = shown.problems.get("phone", "")
    return Field("phone", _("Phone"), "text", shown.value("phone"), autocomplete="tel", maximum=40, problem=problem)


def privacy() -> str:
    """What happens to name and phone, in one sentence."""
    return labels.profile_text("portal_privacy") or _(
        "Name and phone are used only to contact you about this matter, are stored encrypted, "
        "and every look is recorded."
    )
