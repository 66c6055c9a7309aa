"""What the inputs of a move change on the case itself: class, place, words, photos; checked against what exists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from gezhi.engines.procedure import Need
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.modules.cases import places, policies, words
from gezhi.modules.cases.models import Case
from gezhi.modules.cases.places import Located, Place
from gezhi.modules.cases.standings import Standing
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.catalogue.queries import ClassFact
from gezhi.modules.files import queries as files
from gezhi.modules.people import queries as people
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import queries as territory


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a plan: the unit that leads, those that help, and until when (the end of the day named)."""

    unit: int
    helpers: tuple[int, ...]
    due: datetime


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
    items: list[Item] = field(default_factory=list)
    item_words: list[str] = field(default_factory=list)
    other: int | None = None  # another case that was named
    split_class: ClassFact | None = None  # of the matter that is split off, not of this case

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


@dataclass(frozen=True, slots=True)
class _Given:
    """What the inputs are judged by: the case, who acts, when, and whether a class is of a matter split off."""

    case: Case
    by: Actor
    now: datetime
    splits: bool


def gather(
    here: Standing, *, move: str, assignment: str | None, inputs: Mapping[str, Any], by: Actor, now: datetime
) -> Effects:
    """Sort the inputs by kind and check them against what exists. Raises BadInput naming the field."""
    needs = {need.key: need for need in _needs(here, move, assignment)}
    given = _Given(here.case, by, now, assignment is None and "split" in here.procedure.moves[move].does)
    found = Effects()
    condition: tuple[str, str] | None = None
    for name, value in inputs.items():
        if value in (None, "", (), []):
            continue
        kind = needs[name].kind
        if kind == "filing_condition":  # judged by the class, which may come after it
            condition = (name, str(value))
        else:
            _SORTED.get(kind, _take_plain)(found, given, name, value)
    if condition:
        _condition(found, here.case, *condition)
    return found


def _take_plain(found: Effects, _given: _Given, name: str, value: Any) -> None:
    found.plain[name] = _exact(value)
    if name == "grade":
        found.rating = _grade(name, value)


def _take_text(found: Effects, _given: _Given, name: str, value: Any) -> None:
    found.texts[name] = str(value)


def _take_photos(found: Effects, _given: _Given, name: str, value: Any) -> None:
    found.photos[name] = _photos(name, value)


def _take_class(found: Effects, given: _Given, name: str, value: Any) -> None:
    klass = _class(name, str(value))
    if given.splits:
        found.split_class = klass
    else:
        found.klass = klass
    found.plain[name] = klass.key


def _take_place(found: Effects, _given: _Given, name: str, value: Any) -> None:
    found.located = _place(name, value)
    found.plain[name] = {"point": found.located.written, "area": found.located.area}


def _take_units(found: Effects, _given: _Given, name: str, value: Any) -> None:
    found.plain[name] = _units(name, [int(v) for v in value])


def _take_items(found: Effects, given: _Given, name: str, value: Any) -> None:
    _items(found, name, value, given.now)


def _take_case(found: Effects, given: _Given, name: str, value: Any) -> None:
    found.other = _other(given.case, name, str(value), given.by)
    found.plain[name] = str(value).strip()


def _take_here(found: Effects, _given: _Given, name: str, _value: Any) -> None:
    found.plain[name] = True  # where somebody stands is not kept, only that it was near enough


def _take_scores(found: Effects, _given: _Given, name: str, value: Any) -> None:
    found.plain[name] = {task: {part: _exact(v) for part, v in parts.items()} for task, parts in value.items()}


def _exact(value: Any) -> Any:
    """As the ledger takes it: whole numbers as such, other fractions and days as text."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else str(value)
    return value.isoformat() if isinstance(value, date) else value


_SORTED: Mapping[str, Callable[[Effects, _Given, str, Any], None]] = {
    "text": _take_text,
    "photo": _take_photos,
    "catalogue": _take_class,
    "place": _take_place,
    "units": _take_units,
    "items": _take_items,
    "case": _take_case,
    "here": _take_here,
    "scores": _take_scores,
}


def _items(found: Effects, name: str, value: Sequence[Mapping[str, Any]], now: datetime) -> None:
    zone = ZoneInfo(switches.profile().zone)
    for one in value:
        day = one["due"] if isinstance(one["due"], date) else date.fromisoformat(str(one["due"]))
        due = datetime.combine(day, time(23, 59, 59), tzinfo=zone)
        if due < now:
            raise BadInput(_("The day of an item lies in the past."), field=name)
        units = _units(name, [one["unit"], *(one.get("assist") or ())])
        found.items.append(Item(units[0], tuple(units[1:]), due))
        found.item_words.append(str(one["what"]).strip())
    found.plain[name] = [{"unit": i.unit, "helpers": list(i.helpers), "due": i.due.isoformat()} for i in found.items]


def _other(case: Case, name: str, number: str, by: Actor) -> int:
    """Another open case by its number, within the actor's responsibility."""
    other = Case.objects.filter(policies.visible(by), number=number.strip()).first()
    if other is None:
        raise BadInput(_("There is no case with this number within your responsibility."), field=name)
    if other.id == case.id:
        raise BadInput(_("A case cannot be joined with itself."), field=name)
    if other.ended or other.matter != case.matter:
        raise BadInput(_("Only an open case of the same kind can take another one in."), field=name)
    return other.id


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


def _needs(here: Standing, move: str, assignment: str | None) -> tuple[Need, ...]:
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
