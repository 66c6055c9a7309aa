"""Pieces that the pages of the catalogue share: tabs, classes as rows, differences as tables, files to take along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Figure, Link
from gezhi.lib.texts import said
from gezhi.modules.catalogue.differences import CellChange, ClassChange, Differences
from gezhi.modules.catalogue.queries import ClassFact

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def tabs(current: str) -> tuple[Link, ...]:
    """The ways between the pages of the catalogue; `current` names the address one is at, a list by its key."""
    found = [Link(_("Catalogue"), reverse("desk_catalogue"), current == "desk_catalogue")]
    for key, title in list_titles().items():
        found.append(Link(title, reverse("desk_catalogue_list", args=[key]), current == key))
    found.append(Link(_("Old and new codes"), reverse("desk_crosswalk"), current == "desk_crosswalk"))
    found.append(Link(_("Versions"), reverse("desk_catalogue_versions"), current == "desk_catalogue_versions"))
    return tuple(found)


def list_titles() -> dict[str, str]:
    """The three lists."""
    return {
        "management": _("Management list"),
        "responsibility": _("Responsibility list"),
        "grid": _("Grid list"),
    }


def kind(key: str) -> str:
    """Component or event."""
    return {"component": _("Component"), "event": _("Matter")}.get(key, key)


def organisation_kinds() -> dict[str, str]:
    """Kinds of organisation in words."""
    return {one.key: said(one.title) for one in labels.profile().organisation_kinds}


def major(fact: ClassFact) -> str:
    """The major class in words."""
    return said({"zh": fact.major, "en": fact.major_en or fact.major})


def grid_badge(fact: ClassFact) -> Badge | None:
    """What a grid worker does about it."""
    return {"handle": Badge(_("On the spot"), "good"), "report": Badge(_("Report"), "info")}.get(fact.grid)


def class_link(fact: ClassFact) -> Cell:
    """A class's code, leading to its page."""
    return Cell(fact.code, reverse("desk_class", args=[fact.key]), code=True)


def name_cell(fact: ClassFact) -> Cell:
    """A class's name."""
    return Cell(labels.class_name(fact))


def limits(fact: ClassFact) -> str:
    """The limits of a class, of the default condition first, each once."""
    listed = [one.limit for one in fact.conditions] or [fact.limit]
    return " · ".join(dict.fromkeys(labels.limit(one) for one in listed))


def figures(found: Differences) -> tuple[Figure, ...]:
    """How many classes came, went and changed."""
    return (
        Figure(_("Added"), str(len(found.added))),
        Figure(_("Removed"), str(len(found.removed))),
        Figure(_("Changed"), str(len(found.changed))),
    )


def difference_tables(found: Differences, *, links: bool = True) -> tuple[ListScreen, ...]:
    """Differences as tables: changed cells, what came, what went. None where nothing differs."""
    made = []
    if found.changed:
        rows = tuple(row for change in found.changed for row in change_rows(change, links=links))
        columns = (_("Class code"), _("Class"), _("What changed"), _("Before"), _("After"))
        made.append(ListScreen(_("Changed"), "", columns, rows, ""))
    for title, classes in ((_("Added"), found.added), (_("Removed"), found.removed)):
        if classes:
            made.append(_came_or_went(title, classes))
    return tuple(made)


def change_rows(change: ClassChange, *, links: bool = True) -> Iterable[TableRow]:
    """A row for each cell that changed."""
    for cell in change.cells:
        code = class_link(change.after) if links else Cell(change.after.code, code=True)
        before, after = cell_words(cell)
        what = field_words(cell, change)
        yield TableRow((code, name_cell(change.after), Cell(what), Cell(before), Cell(after)))


def _came_or_went(title: str, classes: Sequence[ClassFact]) -> ListScreen:
    kinds = organisation_kinds()
    rows = tuple(
        TableRow(
            (
                Cell(one.code, code=True),
                name_cell(one),
                Cell(kind(one.kind)),
                Cell(major(one)),
                Cell(kinds.get(one.unit_kind, one.unit_kind)),
                Cell(limits(one)),
            )
        )
        for one in classes
    )
    columns = (_("Class code"), _("Class"), _("Kind"), _("Major class"), _("Responsible"), _("Limits"))
    return ListScreen(title, "", columns, rows, "")


def field_words(cell: CellChange, change: ClassChange) -> str:
    """Which cell it is: a field of the class, or of one of its conditions, which its filing words name."""
    words = {
        "name": _("Class name"),
        "name_en": _("Name in English"),
        "major_code": _("Major class"),
        "major": _("Major class"),
        "major_en": _("Major class in English"),
        "unit_kind": _("Responsible unit"),
        "supervisor_kind": _("Supervising unit"),
        "grid": _("Grid list"),
        "basis": _("Basis"),
        "local": _("Local class"),
        "conditions": _("Filing conditions"),
        "filing": _("Filing condition"),
        "filing_zh": _("Filing condition"),
        "filing_en": _("Filing condition in English"),
        "closing": _("Closing condition"),
        "closing_zh": _("Closing condition"),
        "closing_en": _("Closing condition in English"),
        "limit": _("Limit"),
    }
    what = words.get(cell.field, cell.field)
    known = change.after.condition(cell.condition) or change.before.condition(cell.condition)
    return f"{what} · {shortened(said(known.filing))}" if cell.condition and known else what


def cell_words(cell: CellChange) -> tuple[str, str]:
    """What stood there and what stands there now, in words."""
    kinds = organisation_kinds() if cell.field in {"unit_kind", "supervisor_kind"} else {}
    grid = {"report": _("Report"), "handle": _("On the spot")} if cell.field == "grid" else {}

    def word(text: str) -> str:
        if not text:
            return "—"
        if cell.field == "limit":
            return labels.limit(text)
        if cell.field == "conditions":
            return str(text.count(",") + 1)
        return _("Yes") if cell.field == "local" else {**kinds, **grid}.get(text, text)

    return word(cell.before), word(cell.after)


def shortened(text: str, longest: int = 24) -> str:
    """The beginning of a text."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def file_response(content: bytes, name: str) -> HttpResponse:
    """An XLSX file to take along; `name` without its ending."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx") or ""
    response["Cache-Control"] = "private, no-store"
    return response
