"""The monthly bulletin of whistles (QH-3): how units answered, how streets blow, as page, PDF and DOCX.

How often a street blows is a figure of health with two sides: few, usual, many. Streets stand in the order of their
codes, never in an order of numbers.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.command import months, papers, tabs
from gezhi.interfaces.web.command.campaign_page import percent
from gezhi.interfaces.web.command.months import Month
from gezhi.interfaces.web.command.screens import ReportScreen
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Figure, Form, Link
from gezhi.lib.texts import said
from gezhi.modules.cases import rules, whistling
from gezhi.modules.cases.whistling import FEW, MANY, Bulletin, StreetLine, UnitLine
from gezhi.modules.territory import queries as territory


def bulletin(request: Request) -> HttpResponse:
    """The bulletin of a month."""
    now = timezone.now()
    month = months.asked_for(request, now)
    found = whistling.bulletin(request.actor, since=month.since, until=month.until)
    here = reverse("desk_bulletin")
    screen = ReportScreen(
        title=_("Whistle bulletin"),
        about=lead(month),
        tabs=tabs.of(request.actor, "desk_bulletin"),
        filters=Form("month", here, _("Show"), (months.picker(month, now),), method="get"),
        figures=_figures(found),
        tables=_tables(found),
        papers=tuple(
            Link(
                f"{_('Bulletin')} ({form.upper()})",
                f"{reverse('desk_bulletin_paper', args=[form])}?month={month.key}",
                icon="file",
            )
            for form in papers.FORMS
        ),
        notes=_notes(found, month),
    )
    return render(request, "command/report.html", {"screen": screen})


def paper(request: Request, form: str) -> HttpResponse:
    """The same as PDF or DOCX."""
    now = timezone.now()
    month = months.asked_for(request, now)
    found = whistling.bulletin(request.actor, since=month.since, until=month.until)
    title = _("Whistle bulletin %(month)s") % {"month": month.words}
    made = papers.of_figures(title, lead(month), _figures(found), _tables(found), _notes(found, month))
    return papers.answer(made, form, now)


def lead(month: Month) -> str:
    """What the bulletin is about."""
    words = _("Whistles blown in %(month)s: how units answered, how streets blew.") % {"month": month.words}
    return words if month.over else words + _(" The month is not over.")


def _figures(found: Bulletin) -> tuple[Figure, ...]:
    scored = sum(line.scored for line in found.units)
    return (
        Figure(_("Whistles"), str(found.blown)),
        Figure(
            _("Units summoned"), str(len(found.units)), _("%(n)d times") % {"n": sum(u.summoned for u in found.units)}
        ),
        Figure(
            _("Resolved"),
            percent(found.solved, found.judged),
            _("%(part)d of %(whole)d judged") % {"part": found.solved, "whole": found.judged},
        ),
        Figure(
            _("Average score"),
            average(sum(line.points for line in found.units), scored),
            _("of 100, %(n)d scores") % {"n": scored},
        ),
    )


def average(points: int, count: int) -> str:
    """A mean with one decimal, half to even; a dash where there is nothing."""
    if not count:
        return "–"
    return str((Decimal(points) / count).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN))


def _tables(found: Bulletin) -> tuple[ListScreen, ...]:
    units = ListScreen(
        _("How units answered"),
        _("Scores are means of those given: speed of reporting in (30), cooperation (30), solved or not (40)."),
        (
            _("Unit"),
            _("Summoned"),
            _("Signed in time"),
            _("On site in time"),
            _("On site"),
            _("Speed"),
            _("Cooperation"),
            _("Solving"),
            _("Score"),
        ),
        tuple(_unit(line) for line in found.units),
        _("No unit was summoned."),
    )
    levels = _levels()
    streets = ListScreen(
        _("How streets blew"),
        _("%(least)d to %(most)d a month is usual. None at all and very many both ask for a look; it is no ranking.")
        % {"least": found.healthy[0], "most": found.healthy[1]},
        (_("Street"), _("Blown"), _("How often"), *levels.values(), _("Judged"), _("Resolved")),
        tuple(_street(found, line, levels) for line in sorted(found.streets, key=_order)),
        _("There is no street here."),
    )
    return units, streets


def _unit(line: UnitLine) -> TableRow:
    return _row(
        labels.unit(line.unit),
        str(line.summoned),
        _of(line.signed_in_time, line.summoned),
        _of(line.in_time, line.summoned),
        _of(line.came, line.summoned),
        average(line.speed, line.scored),
        average(line.cooperation, line.scored),
        average(line.solved, line.scored),
        average(line.points, line.scored),
    )


def _street(found: Bulletin, line: StreetLine, levels: dict[str, str]) -> TableRow:
    name = labels.area(line.street) if line.street is not None else _("No street")
    cells = _row(
        name, str(line.blown), "", *(str(line.levels.get(key, 0)) for key in levels), str(line.judged), str(line.solved)
    )
    band = Cell(badge=_band(found.band(line))) if line.street is not None else Cell()
    return TableRow((*cells.cells[:2], band, *cells.cells[3:]))


def _band(band: str) -> Badge:
    if band == FEW:
        return Badge(_("Few"), "warn")
    return Badge(_("Many"), "warn") if band == MANY else Badge(_("Usual"), "good")


def _order(line: StreetLine) -> str:
    area = territory.areas_in_force().areas.get(line.street or 0)
    return area.code if area else "~"


def _levels() -> dict[str, str]:
    """The levels a whistle may have, as the procedure in force names them."""
    moves = rules.procedure(rules.in_force(whistling.MATTER)).moves.values()
    found = next((need for move in moves for need in move.needs if need.key == "level"), None)
    return {key: said(title) for key, title in found.choices.items()} if found else {}


def _of(part: int, whole: int) -> str:
    return f"{part} / {whole}"


def _row(*texts: str) -> TableRow:
    return TableRow(tuple(Cell(text) for text in texts))


def _notes(found: Bulletin, month: Month) -> tuple[str, ...]:
    if month.over or not found.streets:
        return ()
    return (_("“Few” of a month that is not over may still become usual."),)
