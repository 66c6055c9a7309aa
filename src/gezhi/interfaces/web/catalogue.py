"""The catalogue for whoever works with it: search, one class with all that is said of it, the whole as a file."""

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
from gezhi.interfaces.web.generic import Cell, ListScreen, SheetScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Choice, Field, Form, Link, Paging
from gezhi.lib.errors import BadInput, NotThere
from gezhi.lib.texts import said
from gezhi.modules.catalogue import queries, standards, tables
from gezhi.modules.catalogue.queries import CatalogueView, Chapter, ClassFact

PAGE = 60
NAMES = ("q", "kind", "major", "unit", "grid", "local")


def catalogue(request: Request) -> HttpResponse:
    """All classes in force by kind and code; `q` finds by code, name, or what the other standard called it."""
    view = queries.in_force()
    given = {name: value for name in NAMES if (value := asked.words(request.GET, name, 80))}
    after = asked.words(request.GET, "after", 80)
    found = _found(view, given)
    start = next((n for n, one in enumerate(found, 1) if one.key == after), 0)
    if after and not start:
        raise BadInput(_("This page of the list does not exist."), field="after")
    shown = found[start : start + PAGE]
    here = reverse("desk_catalogue")
    onward = urlencode({**given, "after": shown[-1].key}) if start + PAGE < len(found) else ""
    screen = ListScreen(
        title=_("Catalogue"),
        about=_("%(standard)s: what is managed, when it is filed and closed, in what time, and who answers for it.")
        % {"standard": view.standard or "—"},
        columns=_columns(),
        rows=tuple(_row(one) for one in shown),
        empty=_("No class matches.") if given else _("No catalogue is in force yet."),
        paging=Paging(f"{here}?{onward}" if onward else "", f"{here}?{urlencode(given)}" if start else ""),
        filters=_filters(view, given),
        chips=_chips(view, given),
        tabs=parts.tabs("desk_catalogue"),
        actions=(Link(_("Excel file"), reverse("desk_catalogue_file"), icon="download"),),
    )
    return render(request, "generic/list.html", {"screen": screen})


def _columns() -> tuple[str, ...]:
    return (
        _("Class code"),
        _("Class"),
        _("Kind"),
        _("Major class"),
        _("Responsible"),
        _("Supervising"),
        _("Limit"),
        _("Conditions"),
        _("Grid worker"),
        _("Origin"),
    )


def _row(one: ClassFact) -> TableRow:
    kinds = parts.organisation_kinds()
    return TableRow(
        (
            parts.class_link(one),
            parts.name_cell(one),
            Cell(parts.kind(one.kind)),
            Cell(parts.major(one)),
            Cell(kinds.get(one.unit_kind, one.unit_kind)),
            Cell(kinds.get(one.supervisor_kind, one.supervisor_kind)),
            Cell(labels.limit(one.limit)),
            Cell(str(len(one.conditions))),
            Cell(badge=parts.grid_badge(one)),
            Cell(badge=Badge(_("Local"), "warn")) if one.local else Cell(_("Standard")),
        )
    )


def _found(view: CatalogueView, given: dict[str, str]) -> list[ClassFact]:
    wanted = given.get("q", "").casefold()
    elsewhere: set[str] = set()
    if wanted:
        other = standards.other_words(view.standard)
        elsewhere = {key for word, keys in other.items() if wanted in word.casefold() for key in keys}
    return [
        one
        for one in view.classes
        if (not wanted or one.key in elsewhere or wanted in f"{one.key} {one.name} {one.name_en}".casefold())
        and given.get("kind", one.kind) == one.kind
        and given.get("major", "") in ("", _major_key(one))
        and given.get("unit", "") in ("", one.unit_kind, one.supervisor_kind)
        and given.get("grid", one.grid) == one.grid
        and ("local" not in given or one.local)
    ]


def _major_key(one: ClassFact) -> str:
    return f"{one.kind}-{one.major_code}"


def _filters(view: CatalogueView, given: dict[str, str]) -> Form:
    majors = {_major_key(one): Choice(_major_key(one), parts.major(one), parts.kind(one.kind)) for one in view.classes}
    named = {one.unit_kind for one in view.classes} | {one.supervisor_kind for one in view.classes}
    units = tuple(Choice(key, title) for key, title in parts.organisation_kinds().items() if key in named)
    kinds = (Choice("component", parts.kind("component")), Choice("event", parts.kind("event")))
    grid = (Choice("handle", _("On the spot")), Choice("report", _("Report")))
    fields = (
        Field("q", _("Search"), "text", given.get("q", ""), placeholder=_("Code or name, also an old one")),
        Field("kind", _("Kind"), "choice", given.get("kind", ""), choices=kinds),
        Field("major", _("Major class"), "choice", given.get("major", ""), choices=tuple(majors.values())),
        Field("unit", _("Unit"), "choice", given.get("unit", ""), choices=units),
        Field("grid", _("Grid worker"), "choice", given.get("grid", ""), choices=grid),
        Field("local", _("Origin"), "choice", given.get("local", ""), choices=(Choice("1", _("Local")),)),
    )
    return Form("filters", reverse("desk_catalogue"), _("Search"), fields, method="get")


def _chips(view: CatalogueView, given: dict[str, str]) -> tuple[Link, ...]:
    here = reverse("desk_catalogue")
    shown = {
        "q": f"“{given.get('q', '')}”",
        "kind": parts.kind(given.get("kind", "")),
        "major": next((parts.major(c) for c in view.classes if _major_key(c) == given.get("major")), ""),
        "unit": parts.organisation_kinds().get(given.get("unit", ""), given.get("unit", "")),
        "grid": {"handle": _("On the spot"), "report": _("Report")}.get(given.get("grid", ""), ""),
        "local": _("Local"),
    }
    chips = []
    for name, value in given.items():
        rest = urlencode({k: v for k, v in given.items() if k != name})
        chips.append(Link(shown[name] or value, f"{here}?{rest}" if rest else here))
    return tuple(chips)


def file(request: Request) -> HttpResponse:
    """The catalogue in force as an XLSX file, in the language of the page."""
    view = queries.in_force()
    kinds = {one.key: one.title for one in labels.profile().organisation_kinds}
    content = tables.exported(view.standard, view.classes, kinds, at=timezone.now())
    return parts.file_response(content, f"{_('Catalogue')} {view.standard}".replace("/", "-"))


def class_page(request: Request, key: str) -> HttpResponse:
    """One class: conditions, units, the other standard, and how it changed. `version`: as it was then."""
    number = asked.whole(request.GET, "version")
    view = queries.version(number) if number is not None else queries.in_force()
    told = queries.history(key)
    fact = view.by_key.get(key)
    if fact is None and not told:
        raise NotThere(_("There is no such class."))
    if fact is None and number is not None:
        raise NotThere(_("This version of the catalogue has no such class."))
    gone = fact is None
    shown = fact or next(one.fact for one in told if one.fact is not None)
    screen = SheetScreen(
        title=f"{shown.code} {labels.class_name(shown)}",
        about=f"{view.standard} · {parts.kind(shown.kind)} · {parts.major(shown)}",
        back=Link(_("Back to the catalogue"), reverse("desk_catalogue"), icon="back"),
        badge=_state(shown, gone=gone, number=number),
        sections=((_("Who and what"), _pairs(shown)), *_steps(view, shown)),
        tables=(_conditions(shown), _history(told, key)),
    )
    return render(request, "generic/sheet.html", {"screen": screen})


def _state(fact: ClassFact, *, gone: bool, number: int | None) -> Badge | None:
    if gone:
        return Badge(_("No longer in the catalogue"), "bad")
    if number is not None:
        return Badge(_("As of version %(n)d") % {"n": number}, "warn")
    return Badge(_("Local"), "warn") if fact.local else None


def _pairs(fact: ClassFact) -> tuple[tuple[str, Cell], ...]:
    kinds = parts.organisation_kinds()
    nobody = _("Nobody is named")
    pairs = [
        (_("Class code"), Cell(fact.key, code=True)),
        (_("Class name"), Cell(labels.class_name(fact))),
        (_("Responsible unit"), Cell(kinds.get(fact.unit_kind, fact.unit_kind) or nobody)),
        (_("Supervising unit"), Cell(kinds.get(fact.supervisor_kind, fact.supervisor_kind) or nobody)),
        (_("Grid worker"), Cell(badge=parts.grid_badge(fact)) if fact.grid else Cell(_("Not on the grid list"))),
        (_("Origin"), Cell(_("Added by the city") if fact.local else _("National standard"))),
        (_("Basis"), Cell(fact.basis or "—")),
    ]
    return tuple(pairs)


def _steps(view: CatalogueView, fact: ClassFact) -> tuple[tuple[str, tuple[tuple[str, Cell], ...]], ...]:
    both = standards.side_by_side()
    steps = standards.steps_of(view.standard, fact.key)
    if both is None or not steps:
        return ()
    other = "older" if view.standard == both.newer.standard else "newer"
    name = getattr(both, other).standard
    pairs = []
    for step in steps:
        there: ClassFact | None = getattr(step, other)
        pairs.append(
            (status_badge(step.status).label, Cell(f"{there.code} {labels.class_name(there)}" if there else "—"))
        )
    return ((_("In %(standard)s") % {"standard": name}, tuple(pairs)),)


def status_badge(status: str) -> Badge:
    """What happened to a class from one standard to the other."""
    return {
        "same": Badge(_("Same"), "plain"),
        "renamed": Badge(_("Renamed"), "info"),
        "split": Badge(_("Split"), "progress"),
        "merged": Badge(_("Merged"), "progress"),
        "gone": Badge(_("Gone"), "bad"),
        "new": Badge(_("New"), "good"),
    }[status]


def _conditions(fact: ClassFact) -> ListScreen:
    rows = tuple(
        TableRow((Cell(str(n)), Cell(said(one.filing)), Cell(said(one.closing)), Cell(labels.limit(one.limit))))
        for n, one in enumerate(fact.conditions, 1)
    )
    return ListScreen(
        title=_("Conditions and limits"),
        about=_("The first one holds where no other is chosen at filing."),
        columns=(_("No."), _("Filed when"), _("Closed when"), _("Limit")),
        rows=rows,
        empty=_("No condition is written down for this class."),
    )


def _history(told: list[Chapter], key: str) -> ListScreen:
    here = reverse("desk_class", args=[key])
    rows = tuple(
        TableRow(
            (
                Cell(
                    _("Version %(n)d") % {"n": one.version.id}, f"{here}?version={one.version.id}" if one.fact else ""
                ),
                Cell(at=one.version.adopted_at),
                Cell(one.version.standard),
                Cell(_told(one)),
            )
        )
        for one in told
    )
    columns = (_("Version"), _("In force since"), _("Standard"), _("What changed"))
    return ListScreen(_("Versions"), "", columns, rows, _("This class is in no version."))


def _told(one: Chapter) -> str:
    if one.fact is None:
        return _("Taken out")
    if one.change is None:
        return _("Taken in")
    told = []
    for cell in one.change.cells:
        before, after = parts.cell_words(cell)
        words = {
            "what": parts.field_words(cell, one.change),
            "before": parts.shortened(before),
            "after": parts.shortened(after),
        }
        told.append(_("%(what)s: %(before)s → %(after)s") % words)
    return _("; ").join(told)
