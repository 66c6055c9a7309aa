"""The hotline's file brought in at the desk: sent, tried by a job, looked at, and only then taken.

Beside the telephone, for the same people: a file of callers is theirs to see. What is read how, and every refusal of
it, is the importer's business (`jobs/bringing`).
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gezhi.interfaces.jobs import bringing
from gezhi.interfaces.jobs.importing_columns import field_words, sources_of
from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, ListScreen, SheetScreen, TableRow
from gezhi.interfaces.web.pages import act, done, problems, sheet_page
from gezhi.interfaces.web.parts import Badge, Choice, Field, Figure, Form, Link, RunState
from gezhi.interfaces.web.screens import Move
from gezhi.lib.errors import BadInput, Refusal
from gezhi.lib.texts import said
from gezhi.modules.cases import imports
from gezhi.modules.cases.imports import ImportView
from gezhi.modules.switches.profiles import ImportMap

ACCEPT = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 20  # rejects on the page; the file has all


def files(request: Request) -> HttpResponse:
    """GET: what was brought in lately, and the form. POST: take a file in, to be tried."""
    if request.method != "POST":
        return _home(request, None)
    try:
        sent = request.FILES.get("file")
        if not isinstance(sent, TemporaryUploadedFile):
            raise BadInput(_("Choose the file."), field="file")
        number = bringing.receive(
            path=Path(sent.temporary_file_path()),
            plan=asked.words(request.POST, "plan", 60),
            name=asked.tidy(sent.name or "", 100),
            language=get_language() or "zh-hans",
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _home(request, refusal)
    return done(request, _("The file is here and is being checked; nothing is taken yet."), "desk_import", number)


def _home(request: Request, refusal: Refusal | None) -> HttpResponse:
    plans = labels.profile().imports
    about = _("Orders that the hotline hands over as CSV or Excel. You see what would happen before anything does.")
    screen = SheetScreen(
        title=_("Bring in a file of the hotline"),
        about=about,
        back=Link(_("Order by telephone"), reverse("desk_call"), icon="back"),
        sections=(),
        tables=(_listed(request), *(_headings(plan) for plan in plans.values())),
        form=_upload(request, refusal),
    )
    return sheet_page(request, screen, refusal.status if refusal else 200)


def _upload(request: Request, refusal: Refusal | None) -> Form:
    told, plans = problems(refusal), labels.profile().imports
    choices = tuple(Choice(key, said(plan.title) or key) for key, plan in plans.items())
    chosen = request.POST.get("plan", "") or (choices[0].value if choices else "")
    hint = _("CSV (UTF-8 or GB18030) or .xlsx, up to %(most)d MB and %(rows)s rows; the first row holds the headings.")
    hint = hint % {"most": bringing.MOST_BYTES // 1_000_000, "rows": f"{bringing.MOST_ROWS:,}"}
    if len(choices) > 1:
        plan = Field("plan", _("Kind of file"), "choice", chosen, True, problem=told.get("plan", ""), choices=choices)
    else:
        plan = Field("plan", "", "hidden", chosen)
    file = Field("file", _("File"), "file", "", True, hint, told.get("file", ""), ACCEPT)
    whole = refusal.sentence if refusal and not {"file", "plan"} & told.keys() else ""
    return Form("upload", reverse("desk_imports"), _("Check the file"), (plan, file), whole)


def _listed(request: Request) -> ListScreen:
    found = imports.listed(by=request.actor)
    names = labels.names(f"account:{one.created_by}" for one in found)
    rows = tuple(
        TableRow(
            (
                Cell(one.name, reverse("desk_import", args=[one.id])),
                Cell(badge=state_badge(one)),
                Cell(f"{one.counts.created:,}" if one.confirmed else "–"),
                Cell(f"{one.rows:,}"),
                Cell(at=one.created_at),
                Cell(names.get(f"account:{one.created_by}", "")),
            )
        )
        for one in found
    )
    columns = (_("File"), _("State"), _("Brought in"), _("Rows"), _("When"), _("Who"))
    return ListScreen(_("Brought in lately"), "", columns, rows, _("No file was brought in yet."))


def _headings(plan: ImportMap) -> ListScreen:
    """Which headings are understood."""
    rows = []
    for name, source in sources_of(plan).items():
        known = source.among or source.columns
        if known:
            needed = Badge(_("Optional")) if source.optional else Badge(_("Needed"), "info")
            rows.append(TableRow((Cell(field_words(name)), Cell(badge=needed), Cell(" · ".join(known)))))
    title = _("Headings that are understood: %(plan)s") % {"plan": said(plan.title)}
    return ListScreen(title, "", (_("Content"), _("State"), _("Headings")), tuple(rows), "")


@require_safe
def file(request: Request, number: int) -> HttpResponse:
    """One file: how far it is, what it would bring or brought, what was not taken and why."""
    return _page(request, imports.view(number=number, by=request.actor))


def _page(request: Request, view: ImportView, refusal: Refusal | None = None) -> HttpResponse:
    plan = labels.profile().imports.get(view.plan)
    who = labels.names([f"account:{view.created_by}"])
    pairs = (
        (_("What it holds"), Cell(said(plan.title) if plan else view.plan)),
        (_("Rows"), Cell(f"{view.rows:,}")),
        (_("Sent by"), Cell(who[f"account:{view.created_by}"])),
        (_("Sent at"), Cell(at=view.created_at)),
    )
    screen = SheetScreen(
        title=view.name or _("File"),
        about=_about(view),
        back=Link(_("Files of the hotline"), reverse("desk_imports"), icon="back"),
        sections=((_("The file"), pairs),),
        badge=None if view.works else state_badge(view),
        figures=() if view.works else _figures(view),
        tables=(*_not_taken(request, view), _columns(view)),
        moves=_moves(view, refusal),
        actions=_actions(view),
        warning=view.message,
        state=_state(view) if view.works else None,
    )
    return sheet_page(request, screen, refusal.status if refusal else 200)


def _about(view: ImportView) -> str:
    return {
        "checking": _("Every row is tried and given back: nothing is taken yet."),
        "checked": _("Nothing is taken yet. Look at what would happen, then decide."),
        "bringing": _("The orders come in. You may leave this page; it goes on."),
        "done": _("The orders are in and wait at the acceptor. Sent again, the same file adds nothing."),
        "failed": _("It came to no end. What is in stays, and comes in once."),
        "cancelled": _("It was let go. What was in by then stays; the file itself is deleted."),
    }.get(view.state, "")


def state_badge(view: ImportView) -> Badge:
    """Where a file stands, in words."""
    return {
        "checking": Badge(_("Being checked"), "progress"),
        "checked": Badge(_("Waits for your word"), "warn"),
        "bringing": Badge(_("Coming in"), "progress"),
        "done": Badge(_("Brought in"), "good"),
        "failed": Badge(_("Broken off"), "bad"),
        "cancelled": Badge(_("Let go"), "plain"),
    }.get(view.state, Badge(view.state))


def _figures(view: ImportView) -> tuple[Figure, ...]:
    counts = view.counts
    taken = _("Brought in") if view.confirmed else _("Would come in")
    return (
        Figure(taken, f"{counts.created:,}", tone="good" if counts.created else "plain"),
        Figure(_("Known already"), f"{counts.unchanged:,}"),
        Figure(_("Not taken"), f"{counts.rejected:,}", tone="warn" if counts.rejected else "plain"),
    )


def _not_taken(request: Request, view: ImportView) -> tuple[ListScreen, ...]:
    if view.works or not view.counts.rejected:
        return ()
    rows = tuple(
        TableRow((Cell(str(line), code=True), Cell(field_words(field)), Cell(problem)))
        for line, field, problem in imports.first_rejects(number=view.id, by=request.actor, limit=SHOWN)
    )
    told = {"shown": len(rows), "all": f"{view.counts.rejected:,}"}
    about = _("The first %(shown)d of %(all)s; the file has all of them.") % told if len(rows) == SHOWN else ""
    columns = (_("Line"), _("Field"), _("Why"))
    return (ListScreen(_("Rows that cannot be taken"), about, columns, rows, _("No longer kept.")),)


def _columns(view: ImportView) -> ListScreen:
    rows = tuple(
        TableRow((Cell(heading), Cell(field_words(field)) if field else Cell(badge=Badge(_("Not used")))))
        for heading, field in view.columns
    )
    return ListScreen(_("Columns"), "", (_("Heading in the file"), _("Understood as")), rows, "")


def _moves(view: ImportView, refusal: Refusal | None) -> tuple[Move, ...]:
    if view.works or not view.open:
        return ()
    problem = refusal.sentence if refusal else ""
    found = []
    if view.counts.created:
        submit = _("Take in %(n)s orders") % {"n": f"{view.counts.created:,}"}
        take = Form("take", reverse("desk_import_take", args=[view.id]), submit, problem=problem)
        about = _("They wait at the acceptor like every other order. Rows that cannot be taken stay out.")
        found.append(act(take, about=about, primary=True))
    if view.counts.rejected:
        file = Form("rejects", _rejects_url(view), _("Rows that cannot be taken (CSV)"), method="get", tone="plain")
        found.append(act(file, about=_("To be put right in the hotline's system, or here and sent again.")))
    let_go = Form("let-go", reverse("desk_import_cancel", args=[view.id]), _("Let it go"), tone="bad")
    about = _("Nothing is taken, and the file is deleted.")
    return (*found, act(let_go, about=about, tone="bad", primary=not view.counts.created))


def _actions(view: ImportView) -> tuple[Link, ...]:
    if view.open or not view.counts.rejected:
        return ()
    return (Link(_("Rows that cannot be taken (CSV)"), _rejects_url(view), icon="download"),)


def _rejects_url(view: ImportView) -> str:
    return reverse("desk_import_rejects", args=[view.id])


@require_safe
def state(request: Request, number: int) -> HttpResponse:
    """How far a file is, alone, for htmx. When a job is through, the whole page is fetched anew."""
    view = imports.view(number=number, by=request.actor)
    response = render(request, "parts/run_state.html", {"state": _state(view)})
    if not view.works:
        response["HX-Refresh"] = "true"
    response["Cache-Control"] = "private, no-store"
    return response


def _state(view: ImportView) -> RunState:
    told = {"read": f"{view.counts.read:,}", "rows": f"{view.rows:,}"}
    refresh = cancel = None
    if view.works:
        refresh = reverse("desk_import_state", args=[view.id])
        cancel = Form("cancel", reverse("desk_import_cancel", args=[view.id]), _("Cancel"), tone="bad")
    share = 100 * view.counts.read // max(1, view.rows)
    return RunState(state_badge(view), share, _("%(read)s of %(rows)s rows") % told, refresh or "", cancel)


@require_POST
def take(request: Request, number: int) -> HttpResponse:
    """Take in what was tried."""
    try:
        imports.confirm(number=number, by=request.actor, now=timezone.now())
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return _page(request, imports.view(number=number, by=request.actor), refusal)
    return done(request, _("The orders come in; this page shows how far it is."), "desk_import", number)


@require_POST
def cancel(request: Request, number: int) -> HttpResponse:
    """Let a file go, or stop taking it."""
    imports.cancel(number=number, by=request.actor, now=timezone.now())
    return done(request, _("Let go; the file is deleted."), "desk_import", number)


@require_safe
def rejects(request: Request, number: int) -> HttpResponse:
    """The rows that cannot be taken, as CSV: line, field, why."""
    view = imports.view(number=number, by=request.actor)
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow((_("Line"), _("Field"), _("Why")))
    writer.writerows(
        (line, field_words(name), problem) for line, name, problem in imports.rejects(number=view.id, by=request.actor)
    )
    response = HttpResponse(held.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    name = _("not-taken-%(n)d.csv") % {"n": view.id}
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
