"""Agenda, minutes, closing report and bulletin on paper: the same values as their pages, as PDF or DOCX.

The documents room lays them out. Words arrive there ready to be read, so they are put together here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.command import meeting_page, wording
from gezhi.interfaces.web.command.screens import DecidedBlock, PointBlock
from gezhi.interfaces.web.generic import Cell, ListScreen
from gezhi.interfaces.web.parts import Figure
from gezhi.lib.errors import NotThere
from gezhi.modules.command.queries import PLANNED, CampaignView, MeetingView
from gezhi.modules.documents import docx, pdf
from gezhi.modules.documents.paper import Block, Figures, Pairs, Paper, Table, Words

FORMS: Mapping[str, tuple[str, Callable[..., bytes]]] = {
    "pdf": ("application/pdf", pdf.of_paper),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.of_paper),
}


def answer(paper: Paper, form: str, now: datetime) -> HttpResponse:
    """The paper as a file: PDF shown in the browser, DOCX taken. Raises NotThere for another form."""
    if form not in FORMS:
        raise NotThere(_("There is no such page."))
    kind, made = FORMS[form]
    response = HttpResponse(made(paper, at=now), content_type=kind)
    name = f"{paper.title}.{form}"
    response["Content-Disposition"] = content_disposition_header(form != "pdf", name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


def of_meeting(view: MeetingView, now: datetime) -> Paper:
    """The agenda of a meeting to come; the minutes of one that has begun."""
    planned = view.state == PLANNED
    name = wording.meeting_title(view.title, view.number)
    blocks = meeting_page.points(view, now)
    chair = labels.names([f"account:{view.chair}"]).get(f"account:{view.chair}", "") if view.chair else ""
    facts = [
        (_("When"), wording.moment(view.held_at or view.planned_at)),
        (_("Meeting place"), view.place),
        (_("Chaired by"), chair),
        (_("Units present"), wording.units(view.present)),
        (_("Units on the agenda"), wording.units(view.concerned) if planned else ""),
    ]
    parts: list[Block] = [Pairs("", tuple((key, value) for key, value in facts if value)), _agenda(blocks)]
    if not planned:
        parts += [*_said(blocks), *_decisions(blocks)]
        parts += [Words(_("Minutes"), tuple(view.minutes.splitlines()))] if view.minutes else []
    title = (_("Agenda of %(meeting)s") if planned else _("Minutes of %(meeting)s")) % {"meeting": name}
    signed = (chair, f"{timezone.localtime(view.closed_at):%Y-%m-%d}") if view.closed_at else ()
    notes = (meeting_page.hidden(view.hidden),) if view.hidden else ()
    return _paper(title, parts, signed=signed, notes=notes)


def _agenda(points: Iterable[PointBlock]) -> Table:
    rows = tuple(
        (
            str(one.number),
            f"{one.title}\n{one.code}" if one.code else one.title,
            wording.listed(badge.label for badge in one.reasons),
            wording.listed(one.about[1:]),
            one.stage.label if one.stage else "",
        )
        for one in points
    )
    columns = (_("No."), _("What it is about"), _("Why"), _("Where, by whom"), _("State"))
    return Table(_("Agenda"), columns, rows, widths=(4, 22, 12, 16, 9))


def _said(points: Iterable[PointBlock]) -> list[Block]:
    told = tuple(f"{one.number}. {one.words}" for one in points if one.words)
    return [Words(_("Said"), told)] if told else []


def _decisions(points: Iterable[PointBlock]) -> list[Block]:
    rows = [
        (str(one.number), block.link.label, *line) for one in points for block in one.decided for line in _items(block)
    ]
    if not rows:
        return []
    columns = (_("Point"), _("Number of the decision"), _("To be done"), _("Unit"), _("Day"), _("State"))
    return [Table(_("Decisions"), columns, tuple(rows), widths=(5, 12, 21, 12, 9, 8))]


def _items(block: DecidedBlock) -> list[tuple[str, str, str, str]]:
    return [
        (item.what, item.unit, f"{timezone.localtime(item.due):%Y-%m-%d}" if item.due else "", item.stage.label)
        for item in block.items
    ]


def of_campaign(
    view: CampaignView, facts: tuple[tuple[str, str], ...], figures: tuple[Figure, ...], tables: tuple[ListScreen, ...]
) -> Paper:
    """The report of a special operation; of one that is not closed, how it stands."""
    title = (_("Closing report: %(name)s") if view.closed_at else _("State of affairs: %(name)s")) % {"name": view.name}
    blocks: list[Block] = [
        Words(_("Purpose"), tuple(view.purpose.splitlines())),
        Pairs("", facts),
        figures_block(figures),
        *(table_block(one) for one in tables),
    ]
    if view.closing:
        blocks.insert(2, Words(_("What was achieved"), tuple(view.closing.splitlines())))
    signed = (wording.units(view.teams[:1]), f"{timezone.localtime(view.closed_at):%Y-%m-%d}") if view.closed_at else ()
    return _paper(title, blocks, signed=signed)


def of_figures(
    title: str, lead: str, figures: tuple[Figure, ...], tables: tuple[ListScreen, ...], notes: tuple[str, ...]
) -> Paper:
    """Figures of a time with their tables."""
    blocks: list[Block] = [figures_block(figures), *(table_block(one) for one in tables)]
    return _paper(title, blocks, lead=lead, notes=notes)


def figures_block(figures: Iterable[Figure]) -> Figures:
    """Figures as a document takes them."""
    return Figures("", tuple((one.label, one.value, one.note) for one in figures))


def table_block(table: ListScreen) -> Table:
    """A table of a page as a document takes it."""
    rows = tuple(tuple(_text(cell) for cell in row.cells) for row in table.rows)
    return Table(table.title, table.columns, rows, note=table.about if rows else table.empty)


def _text(cell: Cell) -> str:
    if cell.badge is not None:
        return cell.badge.label
    return f"{timezone.localtime(cell.at):%Y-%m-%d %H:%M}" if cell.at else cell.text


def _paper(
    title: str,
    blocks: Iterable[Block],
    *,
    lead: str = "",
    signed: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Paper:
    return Paper(
        title=title,
        blocks=tuple(blocks),
        issuer=labels.city(),
        lead=lead,
        signed=tuple(one for one in signed if one),
        notes=tuple(one for one in notes if one),
        page=_("Page {page} of {pages}"),
        language="en" if labels.english() else "zh",
    )
