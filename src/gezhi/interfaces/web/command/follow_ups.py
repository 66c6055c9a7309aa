"""What reporters said when they were asked again: the three rates on valid follow-ups, and which level solved what
(QH-12), by month and street. Every rate shows what was divided by what. Taken away as XLSX or CSV.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.command import months, tabs
from gezhi.interfaces.web.command.campaign_page import percent
from gezhi.interfaces.web.command.months import Month
from gezhi.interfaces.web.command.screens import ReportScreen
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Choice, Field, Figure, Form, Link
from gezhi.lib.errors import BadInput, NotThere
from gezhi.lib.texts import said
from gezhi.modules.cases import figures
from gezhi.modules.cases.figures import Share, ThreeRates
from gezhi.modules.documents import xlsx
from gezhi.modules.documents.xlsx import Sheet
from gezhi.modules.territory import queries as territory

FORMS = ("xlsx", "csv")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is about: a month and, where it is given, a street."""

    month: Month
    street: int | None


def follow_up(request: Request) -> HttpResponse:
    """The page."""
    now = timezone.now()
    about = _asked(request, now)
    rates, levels = _figures(request, about)
    query = urlencode({"month": about.month.key, **({"street": about.street} if about.street else {})})
    fields = (months.picker(about.month, now), _streets(about.street))
    screen = ReportScreen(
        title=_("Follow-up figures"),
        about=_("What reporters said when asked after closing. Only follow-ups that reached somebody are counted."),
        tabs=tabs.of(request.actor, "desk_follow_up"),
        filters=Form("follow-up", reverse("desk_follow_up"), _("Show"), fields, method="get"),
        figures=_shown(rates, levels),
        tables=(_rates(rates), _levels(levels)),
        papers=tuple(
            Link(form.upper(), f"{reverse('desk_follow_up_file', args=[form])}?{query}", icon="file") for form in FORMS
        ),
    )
    return render(request, "command/report.html", {"screen": screen})


def file(request: Request, form: str) -> HttpResponse:
    """The figures as a table: numerators and denominators, so that whoever takes them can add them up."""
    now = timezone.now()
    if form not in FORMS:
        raise NotThere(_("There is no such page."))
    about = _asked(request, now)
    rates, levels = _figures(request, about)
    columns = (_("Figure"), _("Numerator"), _("Denominator"), _("Share"))
    rows = [*_numbers(rates), *((name, part, whole, _exact(part, whole)) for name, part, whole in _by_level(levels))]
    where = labels.area(about.street) if about.street else labels.city()
    title = _("Follow-up figures %(where)s %(month)s") % {"where": where, "month": about.month.key}
    if form == "xlsx":
        content = xlsx.written([Sheet(about.month.key, columns, rows, (36, 12, 12, 12))], at=now, title=title)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        content, kind = _csv(columns, rows), "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, f"{title}.{form}") or ""
    response["Cache-Control"] = "private, no-store"
    return response


def _asked(request: Request, now: datetime) -> Asked:
    street = asked.whole(request.GET, "street")
    if street is not None and street not in territory.areas_in_force().areas:
        raise BadInput(_("There is no such area."), field="street")
    return Asked(months.asked_for(request, now), street)


def _figures(request: Request, about: Asked) -> tuple[ThreeRates, dict[str, int]]:
    areas = [about.street] if about.street else []
    since, until = about.month.since, about.month.until
    rates = figures.three_rates(request.actor, since=since, until=until, areas=areas)
    return rates, figures.solved_by_level(request.actor, since=since, until=until, areas=areas)


def _streets(chosen: int | None) -> Field:
    snapshot, english = territory.areas_in_force(), labels.english()
    base = snapshot.layers[0] if snapshot.layers else ""
    known = sorted(
        (a for a in snapshot.areas.values() if a.layer == base and a.level == "street"), key=lambda a: a.code
    )
    choices = tuple(Choice(str(a.id), (a.name_en or a.name) if english else a.name) for a in known)
    return Field("street", _("Street"), "choice", str(chosen or ""), choices=choices)


def _shown(rates: ThreeRates, levels: dict[str, int]) -> tuple[Figure, ...]:
    solved = sum(levels.values())
    grid = levels.get("grid", 0)
    return (
        Figure(_("Response rate"), _rate(rates.response), _parts(rates.response)),
        Figure(_("Resolution rate"), _rate(rates.resolution), _parts(rates.resolution)),
        Figure(_("Satisfaction rate"), _rate(rates.satisfaction), _satisfied(rates)),
        Figure(_("Solved in the grid"), percent(grid, solved), _parts(Share(grid, solved))),
    )


def _rate(share: Share) -> str:
    return percent(share.part, share.whole)


def _parts(share: Share) -> str:
    return f"{share.part} / {share.whole}"


def _satisfied(rates: ThreeRates) -> str:
    return _("(%(satisfied)d + 0.9 × %(fairly)d) / %(valid)d") % {
        "satisfied": rates.satisfied,
        "fairly": rates.fairly,
        "valid": rates.valid,
    }


def _numbers(rates: ThreeRates) -> list[tuple[str, int, int, float | None]]:
    return [
        (_("Follow-ups that reached somebody"), rates.valid, rates.asked, _exact(rates.valid, rates.asked)),
        (_("Response rate"), rates.response.part, rates.response.whole, rates.response.rate),
        (_("Resolution rate"), rates.resolution.part, rates.resolution.whole, rates.resolution.rate),
        (_("Satisfied"), rates.satisfied, rates.valid, _exact(rates.satisfied, rates.valid)),
        (_("Fairly satisfied"), rates.fairly, rates.valid, _exact(rates.fairly, rates.valid)),
        (
            _("Satisfaction rate (in tenths)"),
            rates.satisfaction.part,
            rates.satisfaction.whole,
            rates.satisfaction.rate,
        ),
    ]


def _exact(part: int, whole: int) -> float | None:
    return Share(part, whole).rate


def _rates(rates: ThreeRates) -> ListScreen:
    return ListScreen(
        _("The three rates"),
        _("Satisfaction counts those fairly satisfied as nine tenths."),
        (_("Figure"), _("Numerator"), _("Denominator"), _("Share")),
        tuple(
            TableRow((Cell(name), Cell(str(part)), Cell(str(whole)), Cell(percent(part, whole))))
            for name, part, whole, _share in _numbers(rates)
        )
        if rates.asked
        else (),
        _("Nobody was asked in this time."),
    )


def _by_level(levels: dict[str, int]) -> list[tuple[str, int, int]]:
    """Each level with its cases and all of them, from the grid upwards; those without a level last."""
    whole = sum(levels.values())
    named = [(said(title), levels.get(key, 0), whole) for key, title in labels.choices("solved_levels").items()]
    rest = sum(count for key, count in levels.items() if key not in labels.choices("solved_levels"))
    return [*named, (_("Not said"), rest, whole)] if rest else named


def _levels(levels: dict[str, int]) -> ListScreen:
    return ListScreen(
        _("Who solved it"),
        _("Cases closed in this time by the level that solved them: small matters do not leave the grid."),
        (_("Level"), _("Cases"), _("Of all"), _("Share")),
        tuple(
            TableRow((Cell(name), Cell(str(part)), Cell(str(whole)), Cell(percent(part, whole))))
            for name, part, whole in _by_level(levels)
        )
        if levels
        else (),
        _("Nothing was closed in this time."),
    )


def _csv(columns: tuple[str, ...], rows: list[tuple[str, int, int, float | None]]) -> bytes:
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(columns)
    for name, part, whole, share in rows:
        plain = f"'{name}" if name.startswith(FORMULA) else name
        writer.writerow((plain, part, whole, "" if share is None else f"{share:.4f}"))
    return held.getvalue().encode("utf-8-sig")
