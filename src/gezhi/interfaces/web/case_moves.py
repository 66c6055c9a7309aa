"""The moves open to whoever looks at a case: each a form with exactly the fields it needs, each with its own key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from gezhi.engines import procedure as engine
from gezhi.interfaces.web import labels, text_messages
from gezhi.interfaces.web.need_fields import NO_ADVICE, NOTHING, About, Given, fields
from gezhi.interfaces.web.parts import Field, Form
from gezhi.interfaces.web.screens import ClosedMove, Move
from gezhi.lib.errors import Refusal
from gezhi.lib.texts import said
from gezhi.modules.advice import queries as advice
from gezhi.modules.cases.queries import CaseView
from gezhi.modules.territory import queries as territory

KEYS = "123456789"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of something tried on the case page: the form it was tried with, its refusal, what was entered.

    `seen`: the revision the form was drawn at; `revealed`: personal values just shown to this person, by field.
    """

    form: str = ""
    refusal: Refusal | None = None
    given: Given = NOTHING
    revealed: Mapping[str, str] = field(default_factory=dict)
    seen: int | None = None

    @property
    def conflict(self) -> bool:
        """Was somebody else faster?"""
        return self.refusal is not None and self.refusal.code == "conflict"


NONE = Outcome()


def form_key(move: str, assignment: str | None) -> str:
    """The id of a move's form on the page."""
    return f"m-{move}-{assignment}" if assignment else f"m-{move}"


def open_to(view: CaseView, outcome: Outcome) -> tuple[Move, ...]:
    """Every move open here, in the order of the procedure; the one that was tried with what was entered."""
    if not view.moves:
        return ()
    about = about_case(view, view.moves)
    first = next((one for one in view.moves if not _aside(view.procedure, one)), None)
    return tuple(_move(about, view, one, outcome, first=one is first) for one in view.moves)


def closed_to(view: CaseView) -> tuple[ClosedMove, ...]:
    """Moves of one's own unit's tasks that ask for a higher rank, each with the sentence."""
    tasks = {task.key: task for task in view.assignments}
    own = [(one, tasks[one.move.assignment]) for one in view.barred if one.move.assignment in tasks]
    return tuple(
        ClosedMove(said(one.move.title), one.sentence, _whose(task.unit_name, task.unit_name_en, task.what))
        for one, task in own
    )


def _aside(procedure: engine.Procedure, one: engine.OpenMove) -> bool:
    """Is it possible, but waited for by nobody?"""
    found = _of_procedure(procedure, one)
    return found is not None and found.aside


def _of_procedure(procedure: engine.Procedure, one: engine.OpenMove) -> engine.Move | None:
    known = (move for kind in procedure.kinds.values() for move in kind.moves.values() if move.key == one.move)
    return procedure.moves.get(one.move) if one.assignment is None else next(known, None)


def numbered(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Each with the key that opens it: 1 to 9, in order."""
    return tuple(replace(one, shortcut=KEYS[n] if n < len(KEYS) else "") for n, one in enumerate(moves))


def about_case(view: CaseView, moves: Iterable[engine.OpenMove]) -> About:
    """What the forms of these moves are prefilled by. One query where one of them asks for units."""
    klass = labels.class_by_key(view.row.klass.key) if view.row.klass else None
    remits: frozenset[int] = frozenset()
    if any(need.kind == "units" for one in moves for need in one.needs):
        remits = frozenset(territory.remit_organisations(view.row.areas))
    kinds = {need.kind for one in moves for need in one.needs}
    advised = advice.for_case(view.row.id) if kinds & {"units", "catalogue"} and not view.row.ended else NO_ADVICE
    return About(view, klass, remits, advised)


def _move(about: About, view: CaseView, one: engine.OpenMove, outcome: Outcome, *, first: bool) -> Move:
    key = form_key(one.move, one.assignment)
    tried = outcome.form == key
    given = outcome.given if tried else NOTHING
    hidden = (
        Field("revision", "", "hidden", str(view.row.revision)),
        Field("assignment", "", "hidden", one.assignment or ""),
    )
    title = said(one.title)
    ends_badly = _ends_badly(view.procedure, one)
    form = Form(
        key,
        reverse("desk_move", args=[view.row.number, one.move]),
        title,
        (*hidden, *_with_hints(fields(about, key, one.needs, given), view.row.number, one.needs)),
        problem=outcome.refusal.sentence if tried and outcome.refusal and not outcome.conflict else "",
        tone="bad" if ends_badly else "info",
    )
    task = next((a for a in view.assignments if a.key == one.assignment), None)
    known = _of_procedure(view.procedure, one)
    return Move(
        one.move,
        title,
        form,
        about=_next(view.procedure, one),
        assignment=_whose(task.unit_name, task.unit_name_en, task.what) if task else "",
        primary=first and not ends_badly and not outcome.form,
        tone="bad" if ends_badly else "info",
        message=text_messages.text(view, known.message) if known and known.message else "",
    )


def _with_hints(made: tuple[Field, ...], number: str, needs: Iterable[engine.Need]) -> tuple[Field, ...]:
    """Words that go out as a reply are looked over while one writes."""
    replies = {need.key for need in needs if need.reply}
    url = reverse("desk_reply_hints", args=[number])
    return tuple(replace(one, hints_url=f"{url}?field={one.name}") if one.name in replies else one for one in made)


def _whose(unit: str, unit_en: str, what: str) -> str:
    name = said({"zh": unit, "en": unit_en or unit})
    return " · ".join(part for part in (name, what[:30]) if part)


def _ends_badly(procedure: engine.Procedure, one: engine.OpenMove) -> bool:
    """Does it lead to an end that is not the good one (the first in the document)?"""
    if one.assignment is not None or one.target is None:
        return False
    ends = [s.key for s in procedure.stages.values() if s.end]
    return one.target in ends[1:]


def _next(procedure: engine.Procedure, one: engine.OpenMove) -> str:
    """What stands there afterwards, in one sentence."""
    if one.target is None:
        return ""
    if one.assignment is None:
        return _("The case then stands at “%(stage)s”.") % {"stage": said(procedure.stages[one.target].title)}
    for kind in procedure.kinds.values():
        if one.move in kind.moves and one.target in kind.stages:
            return _("The task then stands at “%(stage)s”.") % {"stage": said(kind.stages[one.target].title)}
    return ""
