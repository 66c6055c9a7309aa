"""The three lists, the two standards side by side, and the versions of the catalogue: all of them for looking."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web import catalogue_parts as parts
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.catalogue import status_badge
from gezhi.interfaces.web.generic import Cell, ListScreen, SheetScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Choice, Field, Figure, Form, Link
from gezhi.lib.errors import BadInput, NotThere
from gezhi.lib.texts import said
from gezhi.modules.catalogue import lists, queries, standards
from gezhi.modules.catalogue.lists import Duty, Finding, Responsibility
from gezhi.modules.catalogue.queries import Adoption, ClassFact
from gezhi.modules.catalogue.standards import SideBySide, Step


def one_list(request: Request, key: str) -> HttpResponse:
    """One of the three lists. At most one query besides the catalogue."""
    if key not in lists.LISTS:
        raise NotThere(_("There is no such list."))
    makers = {"management": _management, "responsibility": _responsibility, "grid": _grid}
    return render(request, "generic/sheet.html", {"screen": makers[key]()})


def list_file(request: Request, key: str) -> HttpResponse:
    """One of the three lists as an XLSX file."""
    named = next((one for one in lists.LISTS if one == key), None)
    if named is None:
        raise NotThere(_("There is no such list."))
    content = lists.exported(named, queries.in_force(), at=timezone.now())
    return parts.file_response(content, parts.list_titles()[key])


def _sheet(key: str, about: str, figures: tuple[Figure, ...], tables: tuple[ListScreen, ...]) -> SheetScreen:
    return SheetScreen(
        title=parts.list_titles()[key],
        about=about,
        back=Link(_("Back to the catalogue"), reverse("desk_catalogue"), icon="back"),
        sections=(),
        tabs=parts.tabs(key),
        actions=(Link(_("Excel file"), reverse("desk_catalogue_list_file", args=[key]), icon="download"),),
        figures=figures,
        tables=tables,
    )


def _management() -> SheetScreen:
    view = queries.in_force()
    majors: dict[tuple[str, str], list[ClassFact]] = {}
    for one in view.classes:
        majors.setdefault((one.kind, one.major_code), []).append(one)
    figures = tuple(
        Figure(parts.kind(kind), str(sum(len(c) for (of, _m), c in majors.items() if of == kind)))
        for kind in ("component", "event")
    )
    figures = (*figures, Figure(_("Local classes"), str(sum(1 for one in view.classes if one.local))))
    tables = tuple(_managed(kind, classes) for (kind, _code), classes in majors.items())
    about = _("What is managed, when it is filed and closed, and in what time.")
    return _sheet("management", about, figures, tables)


def _managed(kind: str, classes: list[ClassFact]) -> ListScreen:
    rows = []
    for one in classes:
        for n, condition in enumerate(one.conditions):
            rows.append(
                TableRow(
                    (
                        Cell() if n else parts.class_link(one),
                        Cell() if n else parts.name_cell(one),
                        Cell(said(condition.filing)),
                        Cell(said(condition.closing)),
                        Cell(labels.limit(condition.limit)),
                    )
                )
            )
    title = f"{parts.kind(kind)} · {classes[0].major_code} {parts.major(classes[0])}"
    columns = (_("Class code"), _("Class"), _("Filed when"), _("Closed when"), _("Limit"))
    return ListScreen(title, "", columns, tuple(rows), _("No condition is written down."))


def _responsibility() -> SheetScreen:
    found = lists.responsibility(queries.in_force())
    figures = (
        Figure(_("Kinds of organisation"), str(len(found.duties))),
        Figure(_("Gaps"), str(len(found.gaps))),
        Figure(_("Overlaps"), str(len(found.overlaps))),
    )
    about = _("Which units answer for what, who sees that it is done, and where nobody or more than one does.")
    return _sheet("responsibility", about, figures, (_wrong(found), _duties(found.duties)))


def _wrong(found: Responsibility) -> ListScreen:
    rows = [_finding(one, Badge(_("Gap"), "bad")) for one in found.gaps]
    rows += [_finding(one, Badge(_("Overlap"), "warn")) for one in found.overlaps]
    columns = (_("Finding"), _("What is wrong"), _("Organisations"), _("Classes"))
    return ListScreen(_("Gaps and overlaps"), "", columns, tuple(rows), _("No gap and no overlap."))


def _finding(one: Finding, badge: Badge) -> TableRow:
    units = "、".join(said(unit.name) for unit in one.units)
    return TableRow((Cell(badge=badge), Cell(lists.about(one)), Cell(units), Cell(_some(one.classes))))


def _duties(duties: tuple[Duty, ...]) -> ListScreen:
    here = reverse("desk_catalogue")
    rows = tuple(
        TableRow(
            (
                Cell(said(one.title), f"{here}?{urlencode({'unit': one.kind})}"),
                Cell(_units(one)),
                Cell(str(len(one.answers))),
                Cell(_some(one.answers)),
                Cell(str(len(one.supervises))),
            )
        )
        for one in duties
    )
    columns = (_("Kind of organisation"), _("Organisations"), _("Answers for"), _("Among them"), _("Supervises"))
    return ListScreen(_("Who answers for what"), "", columns, rows, _("Nobody answers for anything yet."))


def _units(one: Duty, most: int = 4) -> str:
    names = [said(unit.name) for unit in one.units]
    more = _(" and %(n)d more") % {"n": len(names) - most} if len(names) > most else ""
    return "、".join(names[:most]) + more if names else _("None")


def _some(classes: tuple[ClassFact, ...], most: int = 4) -> str:
    named = "、".join(labels.class_name(one) for one in classes[:most])
    return f"{named}…" if len(classes) > most else named


def _grid() -> SheetScreen:
    view = queries.in_force()
    handled, reported = lists.handled(view), lists.reported(view)
    figures = (Figure(_("Handled on the spot"), str(len(handled))), Figure(_("Reported"), str(len(reported))))
    tables = (
        _gridded(_("Handled on the spot"), handled, _("A grid worker settles it and writes down that it is done.")),
        _gridded(_("Reported"), reported, _("A grid worker reports it; the unit handles it.")),
    )
    about = _("What a grid worker looks for. What needs tools, a licence or another key is not on it.")
    return _sheet("grid", about, figures, tables)


def _gridded(title: str, classes: tuple[ClassFact, ...], about: str) -> ListScreen:
    kinds = parts.organisation_kinds()
    rows = tuple(
        TableRow(
            (
                parts.class_link(one),
                parts.name_cell(one),
                Cell(parts.kind(one.kind)),
                Cell(said(one.conditions[0].filing) if one.conditions else one.filing),
                Cell(parts.limits(one)),
                Cell(kinds.get(one.unit_kind, one.unit_kind)),
            )
        )
        for one in classes
    )
    columns = (_("Class code"), _("Class"), _("Kind"), _("Filed when"), _("Limits"), _("Responsible"))
    return ListScreen(title, about, columns, rows, _("Nothing is on this list."))


def crosswalk(request: Request) -> HttpResponse:
    """The two standards side by side; `q`, `kind` and `status` narrow."""
    both = standards.side_by_side()
    given = {name: value for name in ("q", "kind", "status") if (value := asked.words(request.GET, name, 80))}
    steps = [one for one in both.steps if _matches(one, given)] if both else []
    here = reverse("desk_crosswalk")
    columns = (_("Old code"), _("Old name"), _("What became of it"), _("New code"), _("New name"), _("Certainty"))
    screen = ListScreen(
        title=_("Old and new codes"),
        about=_("%(older)s and %(newer)s. An old code or name in a report or an import means the new class.")
        % {"older": both.older.standard, "newer": both.newer.standard}
        if both
        else _("The profile in force knows one standard only."),
        columns=columns,
        rows=tuple(_step(one) for one in steps),
        empty=_("Nothing matches.") if given else _("There is nothing to compare."),
        filters=_crosswalk_filters(here, given),
        tabs=parts.tabs("desk_crosswalk"),
        figures=_crosswalk_figures(both) if both else (),
    )
    return render(request, "generic/list.html", {"screen": screen})


def _matches(step: Step, given: dict[str, str]) -> bool:
    facts = [fact for fact in (step.older, step.newer) if fact is not None]
    words = " ".join(f"{fact.key} {fact.name} {fact.name_en}" for fact in facts).casefold()
    return (
        given.get("q", "").casefold() in words
        and given.get("kind", facts[0].kind) == facts[0].kind
        and given.get("status", step.status) == step.status
    )


def _step(step: Step) -> TableRow:
    certainty = {
        "corroborated": _("Corroborated by a city's list"),
        "inherited": _("By the numbering that follows it"),
        "inferred": _("Inferred"),
        "unknown": _("To be confirmed"),
    }
    old, new = step.older, step.newer
    known = queries.in_force().by_key
    return TableRow(
        (
            _code(old, known),
            Cell(labels.class_name(old) if old else ""),
            Cell(badge=status_badge(step.status)),
            _code(new, known),
            Cell(labels.class_name(new) if new else ""),
            Cell(certainty.get(step.certainty, "")),
        )
    )


def _code(fact: ClassFact | None, known: dict[str, ClassFact]) -> Cell:
    """A code, leading to its class where this is the class in force."""
    if fact is None:
        return Cell("—")
    same = fact.key in known and known[fact.key].name == fact.name
    return parts.class_link(fact) if same else Cell(fact.code, code=True)


def _crosswalk_filters(here: str, given: dict[str, str]) -> Form:
    statuses = tuple(Choice(one, status_badge(one).label) for one in standards.STATUSES)
    kinds = (Choice("component", parts.kind("component")), Choice("event", parts.kind("event")))
    fields = (
        Field("q", _("Search"), "text", given.get("q", ""), placeholder=_("Code or name, old or new")),
        Field("kind", _("Kind"), "choice", given.get("kind", ""), choices=kinds),
        Field("status", _("What became of it"), "choice", given.get("status", ""), choices=statuses),
    )
    return Form("filters", here, _("Search"), fields, method="get")


def _crosswalk_figures(both: SideBySide) -> tuple[Figure, ...]:
    return (
        Figure(both.older.standard, str(len(both.older.classes)), _("classes")),
        Figure(both.newer.standard, str(len(both.newer.classes)), _("classes")),
        *(Figure(status_badge(status).label, str(count)) for status, count in both.counts.items()),
    )


def versions(request: Request) -> HttpResponse:
    """Every time a catalogue was put in force, and a form that compares any two versions."""
    adoptions, known = queries.adoptions(), queries.versions()
    names = labels.names(one.by for one in adoptions)
    choices = tuple(Choice(str(v.id), f"{_('Version %(n)d') % {'n': v.id}} · {v.standard}") for v in known)
    compare = None
    if len(known) > 1:
        fields = (
            Field("from", _("From"), "choice", str(known[1].id), choices=choices),
            Field("to", _("To"), "choice", str(known[0].id), choices=choices),
        )
        compare = Form("filters", reverse("desk_catalogue_changes"), _("Compare"), fields, method="get")
    screen = ListScreen(
        title=_("Versions of the catalogue"),
        about=_("Who put what in force and when. A case keeps the code and name of its day."),
        columns=(_("When"), _("Version"), _("Standard"), _("From where"), _("Changes"), _("Who")),
        rows=tuple(_adoption(one, names) for one in adoptions),
        empty=_("No catalogue is in force yet."),
        filters=compare,
        tabs=parts.tabs("desk_catalogue_versions"),
    )
    return render(request, "generic/list.html", {"screen": screen})


def _adoption(one: Adoption, names: dict[str, str]) -> TableRow:
    counts = one.counts or {}
    changes = _("%(added)d added, %(removed)d removed, %(changed)d changed")
    return TableRow(
        (
            Cell(at=one.at),
            Cell(_("Version %(n)d") % {"n": one.version} if one.version else "—"),
            Cell(one.standard),
            Cell(origin_words(one.origin, one.note)),
            Cell(changes % counts if counts else "—"),
            Cell(names.get(one.by, one.by)),
        )
    )


def origin_words(origin: str, note: str) -> str:
    """From where a catalogue comes, in words."""
    words = {
        "profile": _("The profile"),
        "kept": _("The profile; changes made here were kept"),
        "table": _("A table"),
        "standard": _("A standard of the profile"),
        "version": _("An earlier version"),
        "form": _("A local class"),
    }
    return f"{words.get(origin, origin)} · {note}" if note else words.get(origin, origin)


def changes(request: Request) -> HttpResponse:
    """What differs between two versions."""
    first, last = asked.whole(request.GET, "from"), asked.whole(request.GET, "to")
    if first is None or last is None:
        raise BadInput(_("Say which two versions to compare."), field="from" if first is None else "to")
    found = queries.between(first, last)
    screen = SheetScreen(
        title=_("From version %(first)d to version %(last)d") % {"first": first, "last": last},
        about=_("Nothing differs.") if found.none else "",
        back=Link(_("Back to the versions"), reverse("desk_catalogue_versions"), icon="back"),
        sections=(),
        tabs=parts.tabs("desk_catalogue_versions"),
        figures=parts.figures(found),
        tables=parts.difference_tables(found),
    )
    return render(request, "generic/sheet.html", {"screen": screen})
