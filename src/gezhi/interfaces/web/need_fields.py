"""From what a move needs to the fields of its form: exactly those, prefilled with what the case knows already.

One function a kind of need (gezhi.engines.procedure.model.Need); what comes back is read by `need_values`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gezhi.engines.procedure import Need, Procedure
from gezhi.interfaces.web import labels, maps
from gezhi.interfaces.web.advising import tips
from gezhi.interfaces.web.parts import Choice, Field, FieldKind, Tip
from gezhi.lib.texts import said
from gezhi.modules.advice.queries import Advice
from gezhi.modules.cases.queries import AssignmentView
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.catalogue.queries import ClassFact
from gezhi.modules.territory import queries as territory

SHORT = 120  # characters; longer texts get several lines
ITEM_ROWS = 20  # so many items of a plan are offered in one form


@dataclass(frozen=True, slots=True)
class Given:
    """What was entered and refused: values by field name, sentences by field name, photos stored meanwhile."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def one(self, name: str, otherwise: str = "") -> str:
        """The value entered, or what the case knows."""
        found = self.values.get(name)
        return (found[0] if found else "") if found is not None else otherwise

    def many(self, name: str) -> tuple[str, ...]:
        """All values entered under this name."""
        return tuple(v for v in self.values.get(name, ()) if v)

    def typed(self) -> list[str]:
        """Everything that was entered, without what the form brings along itself."""
        own = {"revision", "assignment", "csrfmiddlewaretoken"}
        listed = (vs for name, vs in self.values.items() if name not in own and not name.endswith("_kept"))
        return [value for values in listed for value in values if value]


NOTHING = Given()
NO_ADVICE = Advice()


class Subject(Protocol):
    """What a form is about: a case that is there, or one that is only about to begin."""

    @property
    def row(self) -> Any:
        """What is known of the place and the facts: `lon`, `lat`, `address`, `facts`."""

    @property
    def procedure(self) -> Procedure:
        """By which it moves."""

    @property
    def assignments(self) -> tuple[AssignmentView, ...]:
        """Who is at work on it."""


@dataclass(frozen=True, slots=True)
class About:
    """What the fields of a case's forms are prefilled and ordered by."""

    view: Subject
    klass: ClassFact | None
    remits: frozenset[int]
    advice: Advice = NO_ADVICE


def fields(about: About, form: str, needs: Iterable[Need], given: Given) -> tuple[Field, ...]:
    """The fields of a move's form, in the order of its needs."""
    made: list[Field] = []
    for need in needs:
        made += MAKERS[need.kind](about, form, need, given)
    return tuple(made)


def _field(need: Need, kind: FieldKind, given: Given, value: str | tuple[str, ...] = "") -> Field:
    return Field(
        need.key,
        said(need.title),
        kind,
        value,
        required=not need.optional,
        problem=given.problems.get(need.key, ""),
        minimum=int(need.least) if need.least is not None else None,
        maximum=int(need.most) if need.most is not None else None,
    )


def _with(base: Field, **more: object) -> Field:
    from dataclasses import replace

    return replace(base, **more)  # type: ignore[arg-type]


def _text(about: About, form: str, need: Need, given: Given) -> list[Field]:
    kind: FieldKind = "text" if need.most is not None and need.most <= SHORT else "words"
    return [_field(need, kind, given, given.one(need.key))]


def _photo(about: About, form: str, need: Need, given: Given) -> list[Field]:
    base = _field(need, "photos", given)
    token, count = given.kept.get(need.key, ("", 0))
    if not token:
        return [base]
    hint = ngettext("%(n)d photo is kept from your last try.", "%(n)d photos are kept from your last try.", count)
    most = max(1, int(need.most or 9) - count)
    kept = _with(base, required=False, hint=hint % {"n": count}, maximum=most)
    return [kept, Field(f"{need.key}_kept", "", "hidden", token)]


def _choice(about: About, form: str, need: Need, given: Given) -> list[Field]:
    offered = need.choices or (labels.choices(need.list_name) if need.list_name else {})
    listed = tuple(Choice(key, said(title)) for key, title in offered.items())
    return [_with(_field(need, "choice", given, given.one(need.key)), choices=listed)]


def _units(about: About, form: str, need: Need, given: Given) -> list[Field]:
    choices = unit_choices(about)
    entered = given.many(need.key) if need.key in given.values else ()
    fitting = tuple(c.value for c in choices if c.group == _("Suggested"))
    value = entered or (fitting[:1] if need.lead_first else ())
    return [_with(_field(need, "units", given, value), choices=choices, tips=_tips_for_units(about, choices))]


def _tips_for_units(about: About, choices: tuple[Choice, ...]) -> tuple[Tip, ...]:
    offered = {one.value for one in choices}
    return tuple(tip for tip in tips.of_units(about.advice.units) if tip.value in offered)


def unit_choices(about: About) -> tuple[Choice, ...]:
    """Every unit that can be given work; first those whose kind and ground fit the case.

    A unit fits when it is of the kind that answers for the class, and answers for this ground or for all of it.
    """
    profile = labels.profile()
    ground = {o.code: o.area_code for o in profile.organisations}
    kinds = {k.key: said(k.title) for k in profile.organisation_kinds}
    busy = {a.unit for a in about.view.assignments if not a.ended}
    wanted = about.klass.unit_kind if about.klass else ""
    suggested, others = [], []
    for number, unit in labels.units().items():
        if not unit.active or number in busy:
            continue
        name, keys = said(unit.name), f"{unit.code} {unit.name.get('en', '')}"
        local = number in about.remits
        fits = bool(wanted) and unit.kind == wanted and (local or ground.get(unit.code) is None)
        if fits:
            suggested.append((not local, Choice(str(number), name, _("Suggested"), keys)))
        else:
            others.append((not local, Choice(str(number), name, kinds.get(unit.kind, unit.kind), keys)))
    first = [choice for _far, choice in sorted(suggested, key=lambda s: (s[0], s[1].label))]
    rest = [choice for _far, choice in sorted(others, key=lambda s: (s[0], s[1].group, s[1].label))]
    return (*first, *rest)


def _catalogue(about: About, form: str, need: Need, given: Given) -> list[Field]:
    value = given.one(need.key, about.klass.key if about.klass else "")
    base = _with(_field(need, "pick", given, value), choices=class_choices(), placeholder=_("Type a name or a code"))
    base = _with(base, tips=tips.of_classes(tuple(one for one in about.advice.classes if one.key != value)))
    refreshed = next((n.key for n in _siblings(about, need) if n.kind == "filing_condition"), "")
    if refreshed:
        url = f"{reverse('desk_condition')}?form={form}&field={refreshed}&class_field={need.key}"
        base = _with(base, refresh_url=url, refreshes=refreshed)
    return [base]


def _siblings(about: About, need: Need) -> tuple[Need, ...]:
    """All needs of the move that this need belongs to."""
    return next((m.needs for m in about.view.procedure.every_move() if any(n is need for n in m.needs)), ())


def class_choices() -> tuple[Choice, ...]:
    """Every class in force, by major class, components and matters apart."""
    english = labels.english()
    kinds = {"component": _("Component"), "event": _("Matter")}
    return tuple(
        Choice(
            one.key,
            (one.name_en or one.name) if english else one.name,
            f"{kinds.get(one.kind, one.kind)} · {(one.major_en or one.major) if english else one.major}",
            f"{one.code} {one.key} {one.name_en} {one.name}",
        )
        for one in catalogue.in_force().reportable
    )


def _condition(about: About, form: str, need: Need, given: Given) -> list[Field]:
    return [condition_field(_field(need, "words", given), about.klass, given.one(need.key))]


def condition_field(base: Field, klass: ClassFact | None, value: str) -> Field:
    """The filing condition: one of those of the class, each with its limit; free words where there is no class."""
    listed = tuple(
        Choice(one.key, said(one.filing), hint=labels.limit(one.limit)) for one in (klass.conditions if klass else ())
    )
    if not listed:
        return _with(base, kind="words", value=value, hint=_("When does this count as a case?"))
    chosen = value if value in {c.value for c in listed} else listed[0].value
    return _with(base, kind="choice", value=chosen, choices=listed)


def _place(about: About, form: str, need: Need, given: Given) -> list[Field]:
    row = about.view.row
    lon = given.one("lon", f"{row.lon}" if row.lon is not None else "")
    lat = given.one("lat", f"{row.lat}" if row.lat is not None else "")
    extra = {
        "lon": lon,
        "lat": lat,
        "area": given.one(f"{need.key}_area"),
        "address": given.one(f"{need.key}_address", row.address),
    }
    view = maps.view("pick", said(need.title), lon=row.lon, lat=row.lat)
    return [_with(_field(need, "place", given), map=view, choices=area_choices(), extra=extra)]


def area_choices() -> tuple[Choice, ...]:
    """Areas people know by name: everything of the first layer between the top and the single grids."""
    profile, snapshot = labels.profile(), territory.areas_in_force()
    first = snapshot.layers[0] if snapshot.layers else ""
    english = labels.english()
    known = [a for a in snapshot.areas.values() if a.layer == first and a.parent is not None]
    named = [a for a in known if a.level != profile.grid_level] or known
    listed = []
    for area in sorted(named, key=lambda a: a.code):
        parent = snapshot.areas.get(area.parent or 0)
        group = ((parent.name_en or parent.name) if english else parent.name) if parent else ""
        label = (area.name_en or area.name) if english else area.name
        listed.append(Choice(str(area.id), label, group, f"{area.code} {area.name_en}"))
    return tuple(listed)


def _number(about: About, form: str, need: Need, given: Given) -> list[Field]:
    if need.least == 1 and need.most == 5:
        titles = labels.choices("ratings")
        faces = tuple(Choice(str(n), said(titles.get(str(n))) or str(n)) for n in range(5, 0, -1))
        return [_with(_field(need, "grades", given, given.one(need.key)), choices=faces)]
    return [_field(need, "number", given, given.one(need.key))]


def _bool(about: About, form: str, need: Need, given: Given) -> list[Field]:
    yes_or_no = (Choice("yes", _("Yes")), Choice("no", _("No")))
    return [_with(_field(need, "choice", given, given.one(need.key)), choices=yes_or_no)]


def _limit(about: About, form: str, need: Need, given: Given) -> list[Field]:
    """An amount of time: one of those offered; what was asked for is chosen already."""
    asked_for = str(about.view.row.facts.get("asked_longer", ""))
    listed = tuple(Choice(limit, labels.limit(limit)) for limit in need.choices)
    if not listed:
        return [_with(_field(need, "text", given, given.one(need.key)), placeholder="2 work_days")]
    return [_with(_field(need, "choice", given, given.one(need.key, asked_for)), choices=listed)]


def _case(about: About, form: str, need: Need, given: Given) -> list[Field]:
    return [_with(_field(need, "text", given, given.one(need.key)), placeholder=_("Number of the case"))]


def _here(about: About, form: str, need: Need, given: Given) -> list[Field]:
    extra = {"lon": given.one(f"{need.key}_lon"), "lat": given.one(f"{need.key}_lat")}
    return [_with(_field(need, "here", given), extra=extra)]


def _items(about: About, form: str, need: Need, given: Given) -> list[Field]:
    """The dated items of a plan: what, by which unit, until when. Empty rows are left out when it is read."""
    most = int(need.most or ITEM_ROWS)
    rows = tuple(
        (
            given.one(f"{need.key}.{n}.what"),
            given.one(f"{need.key}.{n}.unit"),
            given.one(f"{need.key}.{n}.due"),
        )
        for n in range(min(most, ITEM_ROWS))
    )
    return [_with(_field(need, "items", given), choices=all_units(about), rows=rows)]


def all_units(about: About) -> tuple[Choice, ...]:
    """Every active unit by kind; those at work on the case first, for they are the ones to be given its items."""
    return every_unit({a.unit for a in about.view.assignments if a.unit is not None}, _("At work on this"))


def every_unit(here: Collection[int], group: str) -> tuple[Choice, ...]:
    """Every active unit by kind; those named first, in a group of their own."""
    kinds = {k.key: said(k.title) for k in labels.profile().organisation_kinds}
    listed = [
        Choice(
            str(number),
            said(unit.name),
            group if number in here else kinds.get(unit.kind, unit.kind),
            f"{unit.code} {unit.name.get('en', '')}",
        )
        for number, unit in labels.units().items()
        if unit.active
    ]
    return tuple(sorted(listed, key=lambda c: (int(c.value) not in here, c.group, c.label)))


def _date(about: About, form: str, need: Need, given: Given) -> list[Field]:
    return [_field(need, "date", given, given.one(need.key))]


def _scores(about: About, form: str, need: Need, given: Given) -> list[Field]:
    """One number for each part of each task's score: a line for each task, a column for each part."""
    lines = []
    for task in _scored(about.view.assignments, need):
        unit = said({"zh": task.unit_name, "en": task.unit_name_en or task.unit_name})
        lines.append(
            (unit, tuple(_part(need, part, f"{need.key}.{task.key}.{part.key}", given) for part in need.parts))
        )
    return [_with(_field(need, "scores", given), cells=tuple(lines))] if lines else []


def _part(need: Need, part: Need, name: str, given: Given) -> Field:
    return Field(
        name,
        said(part.title),
        "number",
        given.one(name),
        required=not need.optional,
        problem=given.problems.get(name, ""),
        minimum=int(part.least) if part.least is not None else None,
        maximum=int(part.most) if part.most is not None else None,
    )


def _scored(assignments: Iterable[AssignmentView], need: Need) -> list[AssignmentView]:
    return [a for a in assignments if a.kind == need.per]


MAKERS: Mapping[str, Callable[[About, str, Need, Given], list[Field]]] = {
    "text": _text,
    "photo": _photo,
    "choice": _choice,
    "units": _units,
    "catalogue": _catalogue,
    "place": _place,
    "filing_condition": _condition,
    "number": _number,
    "bool": _bool,
    "date": _date,
    "scores": _scores,
    "limit": _limit,
    "case": _case,
    "here": _here,
    "items": _items,
}
