"""Scenario switches and retention: asked for by one administrator, decided by another, each with its legal basis."""

from __future__ import annotations

from datetime import datetime, time

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.admin import parts
from gezhi.interfaces.admin.rights import day
from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, FormScreen, ListScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Field, Form
from gezhi.lib.errors import BadInput, NotThere, Refusal
from gezhi.lib.texts import said
from gezhi.modules.switches import queries, retention, scenarios
from gezhi.modules.switches.queries import SwitchView


def switches(request: Request) -> HttpResponse:
    """Every switch with its state, and what this administrator may do about it. Two queries."""
    known = queries.switches(timezone.now())
    asked_by = {f"account:{one.waiting.asked_by}" for one in known if one.waiting}
    names = labels.names(asked_by)
    screen = ListScreen(
        title=_("Scenario switches"),
        about=_(
            "What national rules bar by default. Off until one administrator asks with a legal basis "
            "and another approves."
        ),
        columns=(
            _("Switch"),
            _("What it means"),
            _("State"),
            _("Until"),
            _("Legal basis"),
            _("Purpose"),
            _("Asked by"),
        ),
        rows=tuple(_row(request, one, names) for one in known),
        empty=_("There is no switch."),
    )
    return parts.list_page(request, screen)


def _row(request: Request, one: SwitchView, names: dict[str, str]) -> TableRow:
    shown = one.waiting or one.granted
    cells = (
        Cell(said(one.title)),
        Cell(said(one.meaning)),
        Cell(badge=_state(one)),
        Cell(at=shown.expires_at if shown else None),
        Cell(shown.legal_basis if shown else ""),
        Cell(shown.purpose if shown else ""),
        Cell(names.get(f"account:{one.waiting.asked_by}", "") if one.waiting else ""),
    )
    return TableRow(cells, _buttons(request, one))


def _state(one: SwitchView) -> Badge:
    if one.on:
        return Badge(_("On"), "warn")
    return Badge(_("Waits for a decision"), "info") if one.waiting else Badge(_("Off"), "plain")


def _buttons(request: Request, one: SwitchView) -> tuple[Form, ...]:
    made = []
    if one.on:
        made.append(
            parts.button(f"off-{one.key}", reverse("admin_switch_off", args=[one.key]), _("Turn off"), tone="bad")
        )
    if request.actor.may("administer.system") and one.waiting is None:
        ask = reverse("admin_switch_ask", args=[one.key])
        made.append(Form(f"ask-{one.key}", ask, _("Ask for it"), method="get"))
    if request.actor.may("administer.security") and one.waiting is not None:
        where = reverse("admin_switch_decide", args=[one.waiting.id])
        made.append(parts.button(f"yes-{one.key}", where, _("Approve"), verdict="approve"))
        made.append(parts.button(f"no-{one.key}", where, _("Refuse"), tone="bad", verdict="refuse"))
    return tuple(made)


def ask(request: Request, key: str) -> HttpResponse:
    """Ask for a switch: legal basis, purpose, until when."""
    known = next((one for one in queries.switches(timezone.now()) if one.key == key), None)
    if known is None:
        raise NotThere(_("There is no such switch."))
    if request.method != "POST":
        return _ask_form(request, known, None)
    try:
        scenarios.ask(
            key=key,
            legal_basis=asked.words(request.POST, "legal_basis", 600),
            purpose=asked.words(request.POST, "purpose", 600),
            expires_at=_end_of(asked.words(request.POST, "expires_at", 20)),
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _ask_form(request, known, refusal)
    return parts.done(request, _("Asked for. Another administrator decides."), "admin_switches")


def _end_of(text: str) -> datetime:
    return timezone.make_aware(datetime.combine(day(text, "expires_at"), time(23, 59)))


def _ask_form(request: Request, known: SwitchView, refusal: Refusal | None) -> HttpResponse:
    told = parts.problems(refusal)
    typed = {name: asked.words(request.POST, name, 600) for name in ("legal_basis", "purpose", "expires_at")}
    fields = (
        Field(
            "legal_basis",
            _("Legal basis"),
            "words",
            typed["legal_basis"],
            True,
            hint=_("Which law, regulation or agreement allows it; article and date."),
            maximum=500,
            problem=told.get("legal_basis", ""),
        ),
        Field("purpose", _("Purpose"), "words", typed["purpose"], True, maximum=500, problem=told.get("purpose", "")),
        Field("expires_at", _("Until"), "date", typed["expires_at"], True, problem=told.get("expires_at", "")),
    )
    action = reverse("admin_switch_ask", args=[known.key])
    form = Form("ask", action, _("Ask for it"), fields, refusal.sentence if refusal else "")
    screen = FormScreen(
        _("Ask for “%(switch)s”") % {"switch": said(known.title)},
        said(known.meaning),
        form,
        parts.back("admin_switches", _("Back to the switches")),
        warning=_("It ends by itself on the day given, at most a year from now."),
    )
    return parts.form_page(request, screen, refusal.status if refusal else 200)


@require_POST
def decide(request: Request, number: int) -> HttpResponse:
    """Approve or refuse a request; never one's own."""
    verdict = asked.words(request.POST, "verdict", 10)
    if verdict not in {"approve", "refuse"}:
        raise BadInput(_("Say whether you approve or refuse."), field="verdict")
    scenarios.decide(request=number, approve=verdict == "approve", by=request.actor, now=timezone.now())
    sentence = _("Approved: the switch is on.") if verdict == "approve" else _("Refused: the switch stays off.")
    return parts.done(request, sentence, "admin_switches")


@require_POST
def off(request: Request, key: str) -> HttpResponse:
    """Turn a switch off at once; off is always safe."""
    scenarios.turn_off(key=key, by=request.actor, now=timezone.now())
    return parts.done(request, _("The switch is off."), "admin_switches")


def keep(request: Request) -> HttpResponse:
    """How long things are kept; GET shows, POST sets one kind. One query."""
    refusal = None
    if request.method == "POST":
        try:
            kind, days = asked.words(request.POST, "kind", 60), asked.whole(request.POST, "days")
            if kind not in {one.kind for one in retention.listed()}:
                raise NotThere(_("There is no such kind."))
            retention.set_days(kind=kind, days=days or 0, by=request.actor, now=timezone.now())
        except BadInput as wrong:
            refusal = wrong
        else:
            return parts.done(request, _("Kept for so long from now on."), "admin_retention")
    return _keep_page(request, refusal)


def _keep_page(request: Request, refusal: Refusal | None) -> HttpResponse:
    from gezhi.interfaces.web.generic import SheetScreen

    kept = retention.listed()
    pairs = tuple((str(one.title), Cell(_("%(n)d days") % {"n": one.days})) for one in kept)
    forms = []
    for one in kept:
        tried = refusal is not None and request.POST.get("kind") == one.kind
        value = asked.words(request.POST, "days", 10) if tried else str(one.days)
        problem = refusal.sentence if tried and refusal else ""
        fields = (
            Field("kind", "", "hidden", one.kind),
            Field("days", _("Days"), "number", value, True, minimum=1, maximum=36525, problem=problem),
        )
        form = Form(f"keep-{one.kind}", reverse("admin_retention"), _("Set"), fields)
        forms.append(parts.act(form, str(one.title)))
    screen = SheetScreen(
        title=_("Retention"),
        about=_("How long things are kept. Personal values kept already may only go sooner, never later."),
        back=parts.back("admin_administrators", _("Administrators")),
        sections=((_("In force"), pairs),),
        moves=tuple(forms),
    )
    return parts.sheet_page(request, screen, refusal.status if refusal else 200)
