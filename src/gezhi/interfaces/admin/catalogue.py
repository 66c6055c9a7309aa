"""The system administrator changes the catalogue: by a table, a local class, a standard or an earlier version.

Whatever it is, a draft is looked at first: what comes, what goes, what changes. Only then is it put in force.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.admin import parts
from gezhi.interfaces.web import asked, catalogue_parts, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.catalogue_lists import origin_words
from gezhi.interfaces.web.generic import Cell, ListScreen, SheetScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Field, Figure, Form, Link
from gezhi.interfaces.web.screens import Move
from gezhi.lib.errors import BadInput, Refusal
from gezhi.modules.catalogue import differences, drafts, queries, reading, standards
from gezhi.modules.catalogue.queries import DraftView, VersionView
from gezhi.modules.catalogue.reading import TableTrouble

ACCEPT = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def catalogue(request: Request) -> HttpResponse:
    """What is in force, what waits, the standards and versions one could go back to, and the ways to change it."""
    return _home(request, None)


def _home(request: Request, refusal: Refusal | None) -> HttpResponse:
    view, known = queries.in_force(), queries.versions()
    screen = SheetScreen(
        title=_("Change the catalogue"),
        about=_("Nothing changes before you have seen the differences. Cases keep the code and name of their day."),
        back=Link(_("Look at the catalogue"), reverse("desk_catalogue"), icon="back"),
        sections=(),
        badge=Badge(view.standard, "good") if view.standard else Badge(_("No catalogue is in force yet."), "warn"),
        figures=(
            Figure(_("Version"), str(view.id or "—")),
            Figure(catalogue_parts.kind("component"), str(sum(1 for c in view.classes if c.kind == "component"))),
            Figure(catalogue_parts.kind("event"), str(sum(1 for c in view.classes if c.kind == "event"))),
            Figure(_("Local classes"), str(sum(1 for c in view.classes if c.local))),
        ),
        tables=(_waiting(queries.drafts()), _standards(view.standard), _versions(known)),
        moves=_moves(request, refusal),
    )
    return parts.sheet_page(request, screen, refusal.status if refusal else 200)


def _moves(request: Request, refusal: Refusal | None) -> tuple[Move, ...]:
    told = parts.problems(refusal)
    hint = _("The file that “Excel file” gives, changed. You see the differences before anything happens.")
    upload = Form(
        "upload",
        reverse("admin_catalogue_upload"),
        _("Read and compare"),
        (
            Field(
                "file", _("Table"), "file", required=True, hint=hint, placeholder=ACCEPT, problem=told.get("file", "")
            ),
        ),
        problem=refusal.sentence if refusal and "file" not in told else "",
    )
    local = Form("local", reverse("admin_class_new"), _("Add a local class"), method="get")
    export = Form("export", reverse("desk_catalogue_file"), _("Excel file"), method="get", tone="plain")
    return (
        parts.act(upload, _("Bring in a table"), primary=True),
        parts.act(local, _("Add a local class"), about=_("A sub-class of your own; its code runs downward from 99.")),
        parts.act(export, _("Take the catalogue along"), tone="plain"),
    )


def _waiting(waiting: list[DraftView]) -> ListScreen:
    names = labels.names(one.by for one in waiting)
    rows = tuple(
        TableRow(
            (
                Cell(_("Draft %(n)d") % {"n": one.id}, reverse("admin_catalogue_draft", args=[one.id])),
                Cell(one.standard),
                Cell(origin_words(one.origin, one.note)),
                Cell(str(len(one.classes))),
                Cell(at=one.at),
                Cell(names.get(one.by, one.by)),
            )
        )
        for one in waiting
    )
    columns = (_("Draft"), _("Standard"), _("From where"), _("Classes"), _("When"), _("Who"))
    return ListScreen(_("Drafts that wait"), "", columns, rows, _("No draft waits."))


def _standards(in_force: str) -> ListScreen:
    rows = []
    for one in standards.known():
        where = reverse("admin_catalogue_standard", args=[one.key])
        button = parts.button(f"standard-{one.key}", where, _("Compare"))
        state = parts.yes(one.standard == in_force, _("In force"), _("Known"))
        counts = [sum(1 for c in one.classes.values() if c.kind == kind) for kind in ("component", "event")]
        cells = (Cell(one.standard), Cell(badge=state), Cell(str(counts[0])), Cell(str(counts[1])))
        rows.append(TableRow(cells, (button,)))
    columns = (_("Standard"), _("State"), _("Components"), _("Matters"))
    about = _("A deployment that still runs on an older standard puts that one in force.")
    return ListScreen(_("Standards of the profile"), about, columns, tuple(rows), _("The profile knows no standard."))


def _versions(known: list[VersionView]) -> ListScreen:
    rows = []
    for one in known:
        where = reverse("admin_catalogue_version", args=[one.id])
        actions = () if one.in_force else (parts.button(f"version-{one.id}", where, _("Compare")),)
        cells = (
            Cell(_("Version %(n)d") % {"n": one.id}),
            Cell(one.standard),
            Cell(str(one.classes)),
            Cell(str(one.local)),
            Cell(at=one.adopted_at),
            Cell(badge=parts.yes(one.in_force, _("In force"), _("Earlier"))),
        )
        rows.append(TableRow(cells, actions))
    columns = (_("Version"), _("Standard"), _("Classes"), _("Local"), _("In force since"), _("State"))
    return ListScreen(_("Versions"), "", columns, tuple(rows), _("No catalogue is in force yet."))


@require_POST
def upload(request: Request) -> HttpResponse:
    """Read a table: a draft to look at, or what is wrong with it, cell by cell; then nothing is stored."""
    given = request.FILES.get("file")
    try:
        if given is None:
            raise BadInput(_("Choose a file."), field="file")
        read = reading.read_table(
            given.read(reading.LARGEST + 1),
            kinds={one.key: one.title for one in labels.profile().organisation_kinds},
            standard=queries.in_force().standard,
            rules=queries.rules,
        )
        if read.troubles:
            return _troubles(request, read.troubles, asked.tidy(given.name or "", 100))
        number = drafts.propose(
            standard=read.standard,
            classes=read.classes,
            origin="table",
            note=asked.tidy(given.name or "", 100),
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _home(request, refusal)
    return parts.done(request, _("Read. Look at the differences, then decide."), "admin_catalogue_draft", number)


def _troubles(request: Request, troubles: tuple[TableTrouble, ...], name: str) -> HttpResponse:
    rows = tuple(
        TableRow((Cell(one.sheet), Cell(f"{one.column}{one.row}", code=True), Cell(one.sentence)))
        for one in troubles[:500]
    )
    screen = SheetScreen(
        title=_("This table cannot be used"),
        about=_("%(n)d things are wrong in “%(name)s”. Nothing was stored.") % {"n": len(troubles), "name": name},
        back=parts.back("admin_catalogue", _("Back")),
        sections=(),
        badge=Badge(_("Refused"), "bad"),
        tables=(ListScreen(_("What is wrong"), "", (_("Sheet"), _("Cell"), _("Sentence")), rows, ""),),
        moves=(_moves(request, None)[0],),
    )
    return parts.sheet_page(request, screen, 422)


@require_POST
def standard(request: Request, key: str) -> HttpResponse:
    """A draft of one of the standards that the profile knows."""
    number = drafts.propose_standard(key=key, by=request.actor, now=timezone.now())
    return parts.done(request, _("Read. Look at the differences, then decide."), "admin_catalogue_draft", number)


@require_POST
def version(request: Request, number: int) -> HttpResponse:
    """A draft of an earlier version."""
    made = drafts.propose_version(version=number, by=request.actor, now=timezone.now())
    return parts.done(request, _("Read. Look at the differences, then decide."), "admin_catalogue_draft", made)


def draft(request: Request, number: int) -> HttpResponse:
    """What a draft would change, with the ways to adopt it and to throw it away."""
    one, view = queries.draft(number), queries.in_force()
    found = differences.between(view.classes, one.classes)
    warning = ""
    if one.standard != view.standard:
        told = {"before": view.standard or "—", "after": one.standard}
        warning = _("The standard itself changes: from %(before)s to %(after)s.") % told
    adopt = Form(
        "adopt",
        reverse("admin_catalogue_adopt", args=[number]),
        _("Put in force"),
        (Field("seen", "", "hidden", view.digest),),
    )
    discard = Form("discard", reverse("admin_catalogue_discard", args=[number]), _("Throw away"), tone="bad")
    screen = SheetScreen(
        title=_("Draft %(n)d: what would change") % {"n": number},
        about=f"{one.standard} · {origin_words(one.origin, one.note)}",
        back=parts.back("admin_catalogue", _("Back")),
        sections=(),
        badge=Badge(_("Not in force"), "warn"),
        figures=catalogue_parts.figures(found),
        tables=catalogue_parts.difference_tables(found, links=False),
        warning=warning,
        moves=(
            parts.act(
                adopt,
                about=_("A new version from now on. Cases that are under way keep the class they have."),
                primary=True,
            ),
            parts.act(discard, tone="bad"),
        ),
    )
    return parts.sheet_page(request, screen)


@require_POST
def adopt(request: Request, number: int) -> HttpResponse:
    """Put a draft in force, if what is in force is still what it was compared with."""
    seen = asked.words(request.POST, "seen", 64)
    made = drafts.adopt(draft=number, seen=seen, by=request.actor, now=timezone.now())
    return parts.done(request, _("In force: version %(n)d.") % {"n": made}, "admin_catalogue")


@require_POST
def discard(request: Request, number: int) -> HttpResponse:
    """Throw a draft away."""
    drafts.discard(draft=number, by=request.actor, now=timezone.now())
    return parts.done(request, _("Thrown away; nothing has changed."), "admin_catalogue")
