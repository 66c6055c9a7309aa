"""The three lists of grid governance, as views of the catalogue in force: nothing in them is kept anywhere else.

The management list (管理清单) says what is managed, when it counts and in what time; the responsibility list (责任清单)
who answers for it and who sees that it is done, with what nobody answers for and what too many do; the grid list
(网格清单) what a grid worker reports or handles on the spot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from gezhi.lib.texts import Text, said
from gezhi.modules.catalogue import wording
from gezhi.modules.catalogue.content import ClassFact
from gezhi.modules.catalogue.queries import CatalogueView
from gezhi.modules.catalogue.tables import limit_cells
from gezhi.modules.documents.xlsx import Sheet, written
from gezhi.modules.people import queries as people
from gezhi.modules.people.queries import OrganisationView
from gezhi.modules.switches import queries as switches

Key = Literal["management", "responsibility", "grid"]
LISTS: tuple[Key, ...] = ("management", "responsibility", "grid")


@dataclass(frozen=True, slots=True)
class Duty:
    """A kind of organisation: the organisations there are of it, what they answer for, what they supervise."""

    kind: str
    title: Text
    units: tuple[OrganisationView, ...]
    answers: tuple[ClassFact, ...]
    supervises: tuple[ClassFact, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the responsibility list shows to be wrong.

    `sort`: no_unit, no_supervisor (classes without one), no_answerer, no_overseer (a kind that no organisation is of),
    same_ground (organisations of one kind on the same ground), same_name (one name, several answer).
    """

    sort: str
    title: str
    classes: tuple[ClassFact, ...]
    units: tuple[OrganisationView, ...] = ()


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who answers for what; `gaps` nobody, `overlaps` too many."""

    duties: tuple[Duty, ...]
    gaps: tuple[Finding, ...]
    overlaps: tuple[Finding, ...]


def handled(view: CatalogueView) -> tuple[ClassFact, ...]:
    """What a grid worker handles on the spot."""
    return tuple(one for one in view.classes if one.grid == "handle")


def reported(view: CatalogueView) -> tuple[ClassFact, ...]:
    """What a grid worker reports."""
    return tuple(one for one in view.classes if one.grid == "report")


def responsibility(view: CatalogueView) -> Responsibility:
    """The responsibility list. One query (organisations)."""
    titles = {kind.key: kind.title for kind in switches.profile().organisation_kinds}
    units = [one for one in people.organisations().values() if one.active]
    duties = []
    for kind, title in titles.items():
        answers = tuple(one for one in view.classes if one.unit_kind == kind)
        supervises = tuple(one for one in view.classes if one.supervisor_kind == kind)
        if answers or supervises:
            duties.append(Duty(kind, title, tuple(u for u in units if u.kind == kind), answers, supervises))
    return Responsibility(tuple(duties), tuple(_gaps(view, duties)), tuple(_overlaps(view, duties)))


def _gaps(view: CatalogueView, duties: list[Duty]) -> Iterator[Finding]:
    for sort, name in (("no_unit", "unit_kind"), ("no_supervisor", "supervisor_kind")):
        without = tuple(one for one in view.classes if not getattr(one, name))
        if without:
            yield Finding(sort, "", without)
    for duty in duties:
        if duty.units:
            continue
        if duty.answers:
            yield Finding("no_answerer", said(duty.title), duty.answers)
        if duty.supervises:
            yield Finding("no_overseer", said(duty.title), duty.supervises)


def _overlaps(view: CatalogueView, duties: list[Duty]) -> Iterator[Finding]:
    ground = {one.code: one.area_code for one in switches.profile().organisations}
    for duty in duties:
        places: dict[str | None, list[OrganisationView]] = {}
        for unit in duty.units:
            places.setdefault(ground.get(unit.code), []).append(unit)
        for units in places.values():
            if len(units) > 1 and duty.answers:
                yield Finding("same_ground", said(duty.title), duty.answers, tuple(units))
    names: dict[tuple[str, str], list[ClassFact]] = {}
    for one in view.classes:
        names.setdefault((one.kind, one.name), []).append(one)
    for (_kind, name), classes in names.items():
        if len({one.unit_kind for one in classes}) > 1:
            yield Finding("same_name", name, tuple(classes))


def about(finding: Finding) -> str:
    """What is wrong, in a sentence."""
    sentences = {
        "no_unit": _("Nobody answers for these classes."),
        "no_supervisor": _("Nobody supervises these classes."),
        "no_answerer": _("%(kind)s answers, but no organisation is of this kind."),
        "no_overseer": _("%(kind)s supervises, but no organisation is of this kind."),
        "same_ground": _("%(kind)s: several organisations answer on the same ground."),
        "same_name": _("“%(kind)s” stands under several units."),
    }
    return sentences[finding.sort] % {"kind": finding.title}


def exported(key: Key, view: CatalogueView, *, at: datetime) -> bytes:
    """One of the lists as an XLSX file."""
    titles = {kind.key: kind.title for kind in switches.profile().organisation_kinds}
    makers = {"management": _management_sheets, "responsibility": _responsibility_sheets, "grid": _grid_sheets}
    return written(list(makers[key](view, titles)), at=at, title=view.standard)


def class_name(one: ClassFact) -> str:
    """A class in the active language."""
    return said({"zh": one.name, "en": one.name_en or one.name})


def _class_cells(one: ClassFact) -> list[str]:
    major = said({"zh": one.major, "en": one.major_en or one.major})
    return [wording.word(wording.KINDS, one.kind), major, one.code, class_name(one)]


def _class_heads() -> list[str]:
    return [said(wording.COLUMNS[name]) for name in ("kind", "major", "code", "name")]


def _management_sheets(view: CatalogueView, titles: Mapping[str, Text]) -> Iterator[Sheet]:
    rows = (
        [
            *_class_cells(one),
            said(condition.filing),
            said(condition.closing),
            " ".join(limit_cells(condition.limit)),
            wording.word(titles, one.unit_kind),
            wording.word(titles, one.supervisor_kind),
            one.basis,
        ]
        for one in view.classes
        for condition in one.conditions
    )
    heads = [_("Filing condition"), _("Closing condition"), _("Limit"), _("Responsible unit"), _("Supervising unit")]
    widths = (8, 18, 10, 26, 44, 34, 14, 14, 14, 40)
    yield Sheet(_("Management list"), [*_class_heads(), *heads, _("Basis")], rows, widths)


def _responsibility_sheets(view: CatalogueView, _titles: Mapping[str, Text]) -> Iterator[Sheet]:
    found = responsibility(view)
    rows = (
        [said(duty.title), "、".join(said(u.name) for u in duty.units), word, *_class_cells(one)]
        for duty in found.duties
        for word, classes in ((_("Answers"), duty.answers), (_("Supervises"), duty.supervises))
        for one in classes
    )
    heads = [_("Kind of organisation"), _("Organisations"), _("Duty")]
    yield Sheet(_("Responsibility list"), [*heads, *_class_heads()], rows, (16, 40, 10, 8, 18, 10, 26))
    wrong = (
        [
            word,
            about(one),
            "、".join(said(u.name) for u in one.units),
            "、".join(f"{c.code} {class_name(c)}" for c in one.classes),
        ]
        for word, listed in ((_("Gap"), found.gaps), (_("Overlap"), found.overlaps))
        for one in listed
    )
    columns = (_("Finding"), _("What is wrong"), _("Organisations"), _("Classes"))
    yield Sheet(_("Gaps and overlaps"), columns, wrong, (10, 50, 40, 80))


def _grid_sheets(view: CatalogueView, titles: Mapping[str, Text]) -> Iterator[Sheet]:
    rows = (
        [
            *_class_cells(one),
            wording.word(wording.GRID, one.grid),
            said(one.conditions[0].filing) if one.conditions else one.filing,
            " ".join(limit_cells(one.limit)),
            wording.word(titles, one.unit_kind),
        ]
        for one in (*handled(view), *reported(view))
    )
    heads = [_("Grid worker"), _("Filing condition"), _("Limit"), _("Responsible unit")]
    yield Sheet(_("Grid list"), [*_class_heads(), *heads], rows, (8, 18, 10, 26, 10, 44, 14, 14))
