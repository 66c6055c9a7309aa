"""The chair's forms on the page of a meeting, as its state allows them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import need_fields
from gezhi.interfaces.web.command.tried import Tried
from gezhi.interfaces.web.parts import Field, Form, Tone
from gezhi.interfaces.web.screens import Move
from gezhi.modules.command.queries import HELD, PLANNED, MeetingView

DEEDS = {
    PLANNED: ("compose", "add", "hold", "change", "call-off"),
    HELD: ("minutes", "close", "add", "attend"),
}


def of(view: MeetingView, tried: Tried) -> tuple[Move, ...]:
    """The forms open to this person."""
    if not view.may_lead:
        return ()
    return tuple(_MAKERS[deed](view, tried.of(deed)) for deed in DEEDS.get(view.state, ()))


def shown(view: MeetingView, deed: str) -> bool:
    """Is the form of this deed on the page?"""
    return view.may_lead and deed in DEEDS.get(view.state, ())


def _move(
    view: MeetingView,
    deed: str,
    submit: str,
    fields: tuple[Field, ...],
    tried: Tried,
    *,
    about: str = "",
    tone: Tone = "info",
    primary: bool = False,
) -> Move:
    form = Form(deed, reverse("desk_meeting_do", args=[view.id, deed]), submit, fields, tried.sentence, tone=tone)
    return Move(deed, submit, form, about=about, tone=tone, primary=primary)


def _compose(view: MeetingView, tried: Tried) -> Move:
    about = _(
        "Brings what is overdue, reworked, supervised or hard, and what earlier meetings decided and is not done. "
        "What was taken off stays off."
    )
    return _move(view, "compose", _("Compose the agenda"), (), tried, about=about, primary=not view.points)


def _add(view: MeetingView, tried: Tried) -> Move:
    fields = (
        Field(
            "number",
            _("Number of the case"),
            "text",
            tried.one("number"),
            problem=tried.problem("number"),
            maximum=40,
        ),
        Field("topic", _("or a topic"), "text", tried.one("topic"), problem=tried.problem("topic"), maximum=300),
    )
    return _move(view, "add", _("Put on the agenda"), fields, tried)


def _hold(view: MeetingView, tried: Tried) -> Move:
    about = _("The meeting begins, and you chair it. After that its time cannot be changed.")
    present = _present(view, tried, tuple(str(unit) for unit in view.concerned))
    return _move(view, "hold", _("Begin the meeting"), (present,), tried, about=about, primary=bool(view.points))


def _attend(view: MeetingView, tried: Tried) -> Move:
    present = _present(view, tried, tuple(str(unit) for unit in view.present))
    return _move(view, "attend", _("Who is there"), (present,), tried)


def _present(view: MeetingView, tried: Tried, known: tuple[str, ...]) -> Field:
    concerned = need_fields.every_unit({*view.concerned, *view.present}, _("On the agenda"))
    value = tried.many("present", known)
    return Field(
        "present", _("Units that are there"), "many", value, True, problem=tried.problem("present"), choices=concerned
    )


def _change(view: MeetingView, tried: Tried) -> Move:
    return _move(
        view, "change", _("Change time or place"), when_and_where(tried, view.planned_at, view.title, view.place), tried
    )


def when_and_where(tried: Tried, at: datetime, title: str, place: str) -> tuple[Field, ...]:
    """The fields of planning a meeting."""
    local = timezone.localtime(at)
    problem = tried.problem("planned_at")
    return (
        Field("day", _("Day"), "date", tried.one("day", f"{local:%Y-%m-%d}"), True, problem=problem),
        Field("time", _("Time"), "time", tried.one("time", f"{local:%H:%M}"), True, problem=tried.problem("time")),
        Field(
            "place", _("Meeting place"), "text", tried.one("place", place), problem=tried.problem("place"), maximum=120
        ),
        Field(
            "title",
            _("Title"),
            "text",
            tried.one("title", title),
            hint=_("Without one it is called by its number."),
            problem=tried.problem("title"),
            maximum=120,
        ),
    )


def _call_off(view: MeetingView, tried: Tried) -> Move:
    words = Field("words", _("Why"), "words", tried.one("words"), True, problem=tried.problem("words"), maximum=500)
    return _move(view, "call-off", _("Call off"), (words,), tried, tone="bad")


def _minutes(view: MeetingView, tried: Tried) -> Move:
    field = Field(
        "minutes",
        _("Minutes"),
        "words",
        tried.one("minutes", view.minutes),
        True,
        hint=_("What was said and decided on each point is printed with them."),
        problem=tried.problem("minutes"),
        maximum=20_000,
    )
    return _move(view, "minutes", _("Keep the minutes"), (field,), tried)


def _close(view: MeetingView, tried: Tried) -> Move:
    about = _("From then on agenda and minutes stay as they are; decisions go on as cases.")
    return _move(view, "close", _("Close the minutes"), (), tried, about=about)


_MAKERS = {
    "compose": _compose,
    "add": _add,
    "hold": _hold,
    "attend": _attend,
    "change": _change,
    "call-off": _call_off,
    "minutes": _minutes,
    "close": _close,
}
