"""The system administrator's view of the house: organisations, the profile in force, how the product is doing."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.admin import parts
from gezhi.interfaces.web import asked, labels, metrics
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, ListScreen, SheetScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Field, Form, Link
from gezhi.lib.texts import said
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.people.queries import OrganisationView
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import queries as territory

MOST = 500


def organisations(request: Request) -> HttpResponse:
    """All organisations by code; `q` narrows by words. They come from the profile and are not changed here."""
    wanted = asked.words(request.GET, "q", 60).lower()
    kinds = {k.key: said(k.title) for k in labels.profile().organisation_kinds}
    units = labels.units()
    shown = [
        u for u in units.values() if not wanted or wanted in f"{u.code} {u.name.get('zh')} {u.name.get('en')}".lower()
    ]
    screen = ListScreen(
        title=_("Organisations"),
        about=_("From the profile in force; a change is made there and adopted."),
        columns=(_("Unit code"), _("Organisation"), _("Kind"), _("Under"), _("Own systems"), _("State")),
        rows=tuple(_row(one, kinds, units.get(one.parent or 0)) for one in shown[:MOST]),
        empty=_("There is no such organisation."),
        filters=Form(
            "filters",
            reverse("admin_organisations"),
            _("Search"),
            (Field("q", _("Search"), "text", wanted),),
            method="get",
        ),
        tabs=(Link(_("Organisations"), reverse("admin_organisations"), current=True, count=len(shown)),),
    )
    return parts.list_page(request, screen)


def _row(one: OrganisationView, kinds: dict[str, str], above: OrganisationView | None) -> TableRow:
    return TableRow(
        (
            Cell(one.code, code=True),
            Cell(said(one.name)),
            Cell(kinds.get(one.kind, one.kind)),
            Cell(said(above.name) if above else ""),
            Cell("、".join(said(title) for title in one.source_systems)),
            Cell(badge=parts.yes(one.active, _("Active"), _("Inactive"))),
        )
    )


def profile(request: Request) -> HttpResponse:
    """The profile in force and the product's health. Five queries."""
    now = timezone.now()
    screen = SheetScreen(
        title=_("Profile and health"),
        about=_("Rules change by adopting a profile (gezhi profile check, then gezhi profile adopt), on record."),
        back=parts.back("admin_accounts", _("Accounts")),
        sections=((_("Profile in force"), _profile_pairs()), (_("Health"), _health_pairs(now))),
    )
    return parts.sheet_page(request, screen)


def _profile_pairs() -> tuple[tuple[str, Cell], ...]:
    adopted = switches.in_force()
    read, in_force = labels.profile(), catalogue.in_force()
    procedures = "、".join(f"{said(p.procedure.title)} v{p.version}" for p in read.procedures.values())
    return (
        (_("Title"), Cell(said(read.title))),
        (_("Made of"), Cell(" → ".join(read.chain), code=True)),
        (_("Digest"), Cell(read.fingerprint[:16], code=True)),
        (_("In force since"), Cell(at=adopted.adopted_at if adopted else None)),
        (_("Adopted by"), Cell(labels.names([adopted.by])[adopted.by] if adopted else "")),
        (_("Catalogue"), Cell(f"{in_force.standard} · {len(in_force.classes)}")),
        (_("Procedures"), Cell(procedures)),
        (_("Areas"), Cell(str(len(territory.areas_in_force().areas)))),
        (_("Organisations"), Cell(str(sum(1 for one in labels.units().values() if one.active)))),
        (_("Time zone"), Cell(read.zone)),
    )


def _health_pairs(now: datetime) -> tuple[tuple[str, Cell], ...]:
    queue = metrics.jobs(now)
    late = queue.lag > metrics.LATE_JOBS
    failed = Badge(str(queue.failed), "bad" if queue.failed else "good")
    return (
        (_("Database"), Cell(f"PostgreSQL {_version()}")),
        (_("Jobs waiting"), Cell(str(queue.waiting))),
        (_("Oldest waiting job"), Cell(badge=Badge(_("%(n)d s") % {"n": round(queue.lag)}, "bad" if late else "good"))),
        (_("Jobs that failed"), Cell(badge=failed)),
        (_("Figures for Prometheus"), Cell("/metrics", code=True)),
    )


def _version() -> str:
    number = int(connection.pg_version)  # type: ignore[attr-defined]  # PostgreSQL only, by design
    return f"{number // 10000}.{number % 10000}"
