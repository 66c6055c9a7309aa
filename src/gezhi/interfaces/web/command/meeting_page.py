"""The page of a dispatch meeting: its agenda with what was said and decided, and the chair's forms beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.command import meeting_forms, wording
from gezhi.interfaces.web.command.screens import DecidedBlock, ItemLine, MeetingScreen, PointBlock
from gezhi.interfaces.web.command.tried import Tried
from gezhi.interfaces.web.parts import Badge, Field, Form, Link, Tone
from gezhi.lib.texts import said
from gezhi.modules.cases.agenda import Decided
from gezhi.modules.command.queries import CALLED_OFF, CLOSED, HELD, PLANNED, MeetingView, Point

ITEM_TONES: dict[str, Tone] = {"todo": "info", "asked": "warn", "claimed": "progress", "done": "good"}
CASE_TONES: dict[str, Tone] = {"working": "progress", "done": "good"}


def screen(view: MeetingView, tried: Tried, now: datetime) -> MeetingScreen:
    """Everything the page shows. No query but the chair's name."""
    return MeetingScreen(
        title=wording.meeting_title(view.title, view.number),
        state=wording.meeting_state(view.state),
        back=Link(_("Dispatch meetings"), reverse("desk_meetings")),
        facts=_facts(view),
        points=points(view, now),
        empty=_("Nothing is on the agenda yet."),
        hidden=hidden(view.hidden),
        dropped=_dropped(view, now),
        present=wording.units(view.present),
        minutes=view.minutes,
        moves=meeting_forms.of(view, tried),
        papers=_papers(view),
        problem=tried.sentence if tried.form and not meeting_forms.shown(view, tried.form) else "",
        notice=view.words,
    )


def points(view: MeetingView, now: datetime) -> tuple[PointBlock, ...]:
    """The agenda in its order."""
    leads = view.may_lead and view.state in {PLANNED, HELD}
    last = len(view.points)
    return tuple(
        block(one, n, now, _buttons(view, one, n, last) if leads else (), _open(view, one))
        for n, one in enumerate(view.points, 1)
    )


def block(
    one: Point, number: int, now: datetime, buttons: tuple[Form, ...] = (), opened: Link | None = None
) -> PointBlock:
    """A point of the agenda."""
    row = one.case
    reasons = tuple(wording.reason(key, overdue=one.overdue, rework=one.rework) for key in one.reasons)
    about = (row.class_name, row.area_name, labels.unit(row.unit)) if row else ()
    return PointBlock(
        number=number,
        anchor=f"p-{one.id}",
        title=(row.words[:120] or row.class_name or row.number) if row else one.topic,
        href=reverse("desk_case", args=[row.number]) if row else "",
        code=row.number if row else "",
        about=tuple(part for part in about if part),
        stage=labels.stage_badge(row.stage_key, row.stage) if row else None,
        reasons=reasons,
        clock=labels.due_clock(row.due_at, row.reported_at, row.late, now) if row else None,
        words=one.words,
        carried=decided(one.carried, now) if one.carried else None,
        decided=tuple(decided(made, now) for made in one.decided),
        buttons=buttons,
        open=opened,
    )


def decided(one: Decided, now: datetime) -> DecidedBlock:
    """A decision with its items."""
    lines = tuple(
        ItemLine(
            what=item.what,
            unit=labels.unit(item.unit),
            due=item.due_at,
            stage=Badge(said(item.stage), ITEM_TONES.get(item.stage_key, "plain")),
            late=item.late(now),
        )
        for item in one.items
    )
    stage = Badge(said(one.stage), CASE_TONES.get(one.stage_key, "plain"))
    return DecidedBlock(Link(one.number, reverse("desk_case", args=[one.number])), stage, lines)


def _facts(view: MeetingView) -> tuple[tuple[str, str], ...]:
    chair = labels.names([f"account:{view.chair}"]).get(f"account:{view.chair}", "") if view.chair else ""
    found = [
        (_("When"), wording.moment(view.planned_at)),
        (_("Meeting place"), view.place),
        (_("Chaired by"), chair),
        (_("Begun"), wording.moment(view.held_at) if view.held_at else ""),
        (_("Agenda drafted"), wording.moment(view.composed_at) if view.composed_at and view.state == PLANNED else ""),
        (_("Units on the agenda"), wording.units(view.concerned) if view.state == PLANNED else ""),
    ]
    return tuple((name, value) for name, value in found if value)


def hidden(count: int) -> str:
    """The sentence about points that are not this person's to see."""
    if not count:
        return ""
    return ngettext(
        "%(n)d more point is about a case outside your responsibility.",
        "%(n)d more points are about cases outside your responsibility.",
        count,
    ) % {"n": count}


def _buttons(view: MeetingView, one: Point, number: int, last: int) -> tuple[Form, ...]:
    made = []
    if number > 1:
        made.append(_button(view.id, one.id, "up", _("Move up")))
    if number < last:
        made.append(_button(view.id, one.id, "down", _("Move down")))
    if not one.decided:
        made.append(_button(view.id, one.id, "drop", _("Take off")))
    return tuple(made)


def _button(meeting: int, item: int, deed: str, label: str) -> Form:
    fields = (Field("item", "", "hidden", str(item)),)
    return Form(f"{deed}-{item}", reverse("desk_meeting_do", args=[meeting, deed]), label, fields, tone="plain")


def _open(view: MeetingView, one: Point) -> Link | None:
    if not (view.may_lead and view.state == HELD):
        return None
    return Link(_("Note and decide"), reverse("desk_meeting_point", args=[view.id, one.id]))


def _dropped(view: MeetingView, now: datetime) -> tuple[PointBlock, ...]:
    if not (view.may_lead and view.state in {PLANNED, HELD}):
        return ()
    shown: Iterable[Point] = view.dropped
    return tuple(block(one, 0, now, (_button(view.id, one.id, "take-up", _("Take up again")),)) for one in shown)


def _papers(view: MeetingView) -> tuple[Link, ...]:
    if view.state == CALLED_OFF:
        return ()
    name = _("Minutes") if view.state in {HELD, CLOSED} else _("Agenda")
    return tuple(
        Link(f"{name} ({form.upper()})", reverse("desk_meeting_paper", args=[view.id, form]), icon="file")
        for form in ("pdf", "docx")
    )
