"""What the inputs of a move change on the case itself: class, place, words, photos; checked against what exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from gezhi.lib.errors import BadInput
from gezhi.modules.cases import places, words
from gezhi.modules.cases.models import Case
from gezhi.modules.cases.places import Located, Place
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.catalogue.queries import ClassFact
from gezhi.modules.files import queries as files
from gezhi.modules.people import queries as people
from gezhi.modules.territory import queries as territory

if TYPE_CHECKING:
    from gezhi.modules.cases.moves import Standing


@dataclass
class Effects:
    """Texts and photos by field, plain values for the ledger, and changes to the case's own columns."""

    texts: dict[str, str] = field(default_factory=dict)
    photos: dict[str, tuple[int, ...]] = field(default_factory=dict)
    plain: dict[str, Any] = field(default_factory=dict)
    klass: ClassFact | None = None
    located: Located | None = None
    rating: int | None = None
    limit: str = ""

    def apply(self, case: Case) -> None:
        """Set the case's columns (not saved)."""
        if self.klass is not None:
            case.klass_id, case.class_name = self.klass.id, self.klass.name
        if self.limit:
            case.limit = self.limit
        if self.located is not None:
            place = self.located
            case.lon, case.lat, case.cell = place.lon, place.lat, place.cell
            case.address = place.address or case.address
            case.area_id, case.areas, case.area_name = place.area, list(place.areas), place.area_name
            case.home_id = place.area
        if self.rating is not None:
            case.rating = self.rating


def gather(here: Standing, *, move: str, assignment: str | None, inputs: Mapping[str, Any]) -> Effects:
    """Sort the inputs by kind and check them against what exists. Raises BadInput naming the field."""
    needs = {need.key: need for need in _needs(here, move, assignment)}
    found = Effects()
    condition: tuple[str, str] | None = None
    for name, value in inputs.items():
        kind = needs[name].kind
        if value in (None, "", (), []):
            continue
        if kind == "text":
            found.texts[name] = str(value)
        elif kind == "filing_condition":
            condition = (name, str(value))
        elif kind == "photo":
            found.photos[name] = _photos(name, value)
        elif kind == "catalogue":
            found.klass = _class(name, str(value))
            found.plain[name] = found.klass.key
        elif kind == "place":
            found.located = _place(name, value)
            found.plain[name] = {"point": found.located.written, "area": found.located.area}
        elif kind == "units":
            found.plain[name] = _units(name, [int(v) for v in value])
        else:
            found.plain[name] = str(value) if isinstance(value, float) else value
            if name == "grade":
                found.rating = _grade(name, value)
    if condition:
        _condition(found, here.case, *condition)
    return found


def _condition(found: Effects, case: Case, name: str, value: str) -> None:
    """A condition of the class by its key decides the limit; words of one's own leave the class's usual limit."""
    by_key = catalogue.in_force().by_key
    klass = found.klass or (by_key.get(case.klass.key) if case.klass else None)
    known = klass.condition(value) if klass else None
    found.texts[name] = known.filing.get("zh") or next(iter(known.filing.values())) if known else value
    found.limit = known.limit if known else (klass.limit if klass else "")
    if known:
        found.plain[name] = known.key


def _grade(name: str, value: float) -> int:
    if value != int(value):
        raise BadInput(_("A grade is a whole number."), field=name)
    return int(value)


def _needs(here: Standing, move: str, assignment: str | None) -> Any:
    if assignment is None:
        return here.procedure.moves[move].needs
    return here.procedure.kinds[here.assignments[assignment].kind].moves[move].needs


def _photos(name: str, value: Any) -> tuple[int, ...]:
    wanted = tuple(dict.fromkeys(int(v) for v in value))
    if len(files.files(wanted)) != len(wanted):
        raise BadInput(_("One of the photos is not there any more; please add it again."), field=name)
    return wanted


def _class(name: str, key: str) -> ClassFact:
    found = catalogue.in_force().by_key.get(key)
    if found is None:
        raise BadInput(_("The catalogue has no class “%(class)s”.") % {"class": key[:60]}, field=name)
    return found


def _units(name: str, wanted: list[int]) -> list[int]:
    have = people.organisations()
    if missing := [u for u in wanted if u not in have]:
        raise BadInput(_("There is no unit %(unit)s, or it is no longer active.") % {"unit": missing[0]}, field=name)
    return wanted


def _place(name: str, value: Mapping[str, Any]) -> Located:
    area_code = ""
    if value.get("area") is not None:
        area = territory.areas_in_force().areas.get(int(value["area"]))
        if area is None:
            raise BadInput(_("There is no such area."), field=name)
        area_code = area.code
    place = Place(
        lon=value.get("lon"),
        lat=value.get("lat"),
        crs=str(value.get("crs") or "CGCS2000"),
        area_code=area_code,
        address=words.take_out(str(value.get("address") or ""))[0],
    )
    located = places.locate([place])[0]
    if isinstance(located, BadInput):
        raise BadInput(located.sentence, field=name)
    return located
