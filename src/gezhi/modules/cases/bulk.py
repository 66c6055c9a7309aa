"""The same move on many cases: each in a transaction of its own, with its own outcome; one refusal stops no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from gezhi.engines import procedure as engine
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, Refusal
from gezhi.modules.cases import policies
from gezhi.modules.cases.models import Assignment, Case
from gezhi.modules.cases.moves import act
from gezhi.modules.cases.queues import Desk

MOST = 200


# What one form can say for many cases alike; photos and places belong to one case each.
_ALIKE = frozenset(
    {"text", "choice", "units", "catalogue", "filing_condition", "number", "bool", "date", "limit", "case"}
)


def offered(by: Actor, queue: str) -> tuple[engine.Move, ...]:
    """The moves from this queue's stage that the actor's posts may make and that one form can say for many cases.

    Optional needs of other kinds are left out of them. Raises BadInput for an unknown queue. No query.
    """
    who = Desk.of(by)
    procedure, kind, stage = who.named(queue)
    moves = procedure.kinds[kind].moves.values() if kind else procedure.by_hand.get(stage, ())
    return tuple(
        _for_many(move)
        for move in moves
        if stage in move.sources
        and not move.automatic
        and all(need.optional or need.kind in _ALIKE for need in move.needs)
        and who.could(procedure, move)
    )


def _for_many(move: engine.Move) -> engine.Move:
    return replace(move, needs=tuple(need for need in move.needs if need.kind in _ALIKE))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the move on one case: the stage it stands at now, or why not, with the fields concerned."""

    number: str
    done: bool
    sentence: str = ""
    stage: str = ""
    problems: tuple[tuple[str, str], ...] = ()


def act_many(
    *,
    numbers: Sequence[str],
    move: str,
    inputs: Mapping[str, Any],
    by: Actor,
    now: datetime,
    kind: str = "",
    revisions: Mapping[str, int] | None = None,
) -> list[Outcome]:
    """Make a move on each of these cases (with `kind`: on the open task of that kind that is the actor's unit's).

    Raises BadInput for more than 200 cases; everything else is an outcome of its own.
    """
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > MOST:
        raise BadInput(_("At most %(most)d cases at once.") % {"most": MOST}, field="cases")
    return [_one(number, move, inputs, kind, (revisions or {}).get(number), by, now) for number in wanted]


def _one(
    number: str, move: str, inputs: Mapping[str, Any], kind: str, revision: int | None, by: Actor, now: datetime
) -> Outcome:
    try:
        case = Case.objects.filter(policies.visible(by), number=number).values_list("id", flat=True).first()
        if case is None:
            raise NotThere(_("There is no such case within your responsibility."))
        task = _task(case, kind, by) if kind else None
        moved = act(case=case, move=move, inputs=inputs, by=by, now=now, assignment=task, revision=revision)
    except Refusal as refusal:
        named = tuple(getattr(refusal, "problems", ()))
        return Outcome(number, done=False, sentence=refusal.sentence, problems=named)
    return Outcome(number, done=True, stage=moved.stage)


def _task(case: int, kind: str, by: Actor) -> str | None:
    """The open task of this kind: that of one of the actor's units, else the only one there is."""
    tasks = list(Assignment.objects.filter(case=case, kind=kind, ended=False).order_by("id"))
    mine = [one for one in tasks if one.unit_id in by.organisations()]
    return (mine or tasks)[-1].key if tasks else None
