"""Moves: lock the case, let the procedure decide, write everything the decision says, in one transaction.

The case row's lock orders all writers of a case. `revision` is what the writer saw: when somebody was faster, the
move is refused with the sentence, never silently written over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from gezhi.engines import procedure as engine
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, Refusal, WrongState
from gezhi.modules.cases import audience, clocks, deeds, fresh, policies, rules, words
from gezhi.modules.cases.effects import Effects, gather
from gezhi.modules.cases.models import FAR, Assignment, Attachment, Case, Clock, Hand, Remark
from gezhi.modules.cases.standings import Standing, one_row, standing, working_kinds
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.ledger import queries as ledger_queries
from gezhi.modules.notices import operations as notices

STATUS: Mapping[str, type[Refusal]] = {
    "wrong_state": WrongState,
    "condition": WrongState,
    "not_yours": NotAllowed,
    "apart": NotAllowed,
    "missing": BadInput,
    "bad": BadInput,
}


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of a move: the case's stage and revision now, and the entry that records it."""

    case: int
    stage: str
    revision: int
    seq: int
    ended: bool
    number: str = ""


@transaction.atomic
def act(
    *,
    case: int,
    move: str,
    inputs: Mapping[str, Any],
    by: Actor,
    now: datetime,
    assignment: str | None = None,
    revision: int | None = None,
) -> Moved:
    """Make a move. Raises NotThere (foreign case), WrongState (409), NotAllowed (403), BadInput (422).

    `inputs`: field → value as the move's needs say: words, ids of stored photos, ids of units, a class key, a place
    {"lon","lat","crs"} or {"area": id, "address"}, a choice, a number, yes or no, the number of a case, a point
    {"lon","lat"}, items of a plan [{"what","unit","due","assist"}].
    """
    row = one_row("WHERE id = %s FOR UPDATE", [case])
    if row is None:
        raise NotThere(_("There is no such case within your responsibility."))
    here = standing(row, now)
    policies.check_may_see(by, row, here.units)
    if revision is not None and revision != row.revision and _touched(row, revision, assignment):
        raise WrongState(
            _("Somebody else has moved this case since you opened it. Look at its new state, then decide again."),
            code="conflict",
        )
    if now < row.reported_at:
        raise BadInput(_("A move cannot come before the report."), field="now")
    screened = _screen(inputs)
    outcome = engine.advance(here.procedure, here.state, move, by, screened, here.facts, now, assignment=assignment)
    if isinstance(outcome, engine.Refusal):
        raise refused(outcome)
    effects = gather(here, move=move, assignment=assignment, inputs=screened, by=by, now=now)
    return _write(here, outcome, effects, by=by, now=now)


def _touched(case: Case, revision: int, assignment: str | None) -> bool:
    """Has anything been done since that revision that this move may rest on? Another task's progress is none of a
    task's business: eleven units sign beside each other."""
    if assignment is None:
        return True
    later = [e.body for e in ledger_queries.entries(f"case:{case.id}") if int(e.body.get("revision", 0)) > revision]
    return any(body.get("assignment") in {None, assignment} for body in later)


def refused(refusal: engine.Refusal) -> Refusal:
    """The engine's refusal as ours, its sentence in the language active now."""
    language = (get_language() or "zh").split("-")[0]
    sentence = refusal.said(language, gettext)
    kind = STATUS[refusal.kind]
    if kind is BadInput:
        every = [(r.field or "", r.said(language, gettext)) for r in (refusal, *refusal.others)]
        return BadInput(sentence, field=refusal.field, problems=every)
    return kind(sentence, field=refusal.field, code=refusal.kind)


def _screen(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Words cleaned and personal numbers marked, those of a plan's items too; everything else as it is."""
    return {name: _screened(name, value) for name, value in inputs.items()}


def _screened(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return words.take_out(words.clean(value, field=name))[0]
    if isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
        return [{k: _screened(name, v) for k, v in one.items()} if isinstance(one, Mapping) else one for one in value]
    return value


def _write(here: Standing, outcome: engine.Advance, effects: Effects, *, by: Actor, now: datetime) -> Moved:
    case, before = here.case, here.state
    fresh.written()
    was_late = case.late
    effects.apply(case)
    named = _assignments(here, outcome, effects, now)
    limit = case.limit or (case.klass.limit if case.klass else None)
    open_clocks = clocks.carry_out(
        case=case,
        outcome=outcome,
        class_limit=limit,
        calendar=rules.calendar(),
        now=now,
        procedure=here.procedure,
        named={a.key: a.named_at for a in here.assignments.values() if a.named_at is not None},
    )
    _move_named(here, outcome, open_clocks)
    _case(case, outcome, open_clocks, now)
    _hands(case, before, outcome)
    entry = ledger.append(
        subject=f"case:{case.id}",
        kind="case.moved",
        by=by,
        now=now,
        body=_body(case, before, outcome, effects) | ({"late": case.late} if case.late != was_late else {}),
        since=case.reported_at,
    )
    written = effects.texts | {f"item.{key}": what for key, what in zip(named, effects.item_words, strict=False)}
    if written:
        Remark.objects.bulk_create([Remark(case=case, seq=entry.seq, field=f, words=w) for f, w in written.items()])
    if effects.photos:
        Attachment.objects.bulk_create(
            [Attachment(case=case, file_id=p, seq=entry.seq, field=f) for f, ps in effects.photos.items() for p in ps]
        )
    _tell(here, outcome, entry.seq, now)
    deeds.carry_out(here, outcome, effects, by=by, now=now, seq=entry.seq)
    return Moved(case.id, case.stage, case.revision, entry.seq, case.ended, case.number)


def _case(case: Case, outcome: engine.Advance, open_clocks: Sequence[Clock], now: datetime) -> None:
    case.stage, case.ended = outcome.stage, outcome.ended
    case.counts = dict(outcome.counts)
    case.facts = {**case.facts, **outcome.records}
    case.revision += 1
    case.due_at = clocks.next_due(open_clocks)
    case.soon = case.due_at or FAR
    if outcome.ended and case.closed_at is None:
        case.closed_at = now
    elif not outcome.ended and case.closed_at is not None:  # opened again: it will be closed and rated anew
        case.closed_at = case.rating = None
    case.solved_at = str(outcome.records.get("solved_at", case.solved_at))
    case.exempt = bool(outcome.records.get("exempt", case.exempt))
    case.save()


def _assignments(
    here: Standing, outcome: engine.Advance, effects: Effects, now: datetime
) -> dict[str, datetime | None]:
    """Write the tasks; returns those opened for items of a plan, in order, with the moment named for each."""
    opened = [a.id for a in outcome.opened if a.kind in _kinds_of_items(here.procedure, outcome)]
    items = dict(zip(opened, effects.items, strict=False))
    for after in outcome.assignments:
        kind = here.procedure.kinds[after.kind]
        ended = kind.stages[after.stage].end
        row = here.assignments.get(after.id)
        if row is None:
            item = items.get(after.id)
            here.assignments[after.id] = Assignment.objects.create(
                case=here.case,
                key=after.id,
                kind=after.kind,
                unit_id=after.unit,
                lead=after.lead,
                stage=after.stage,
                ended=ended,
                round=after.round,
                opened_at=now,
                helpers=list(item.helpers) if item else [],
                named_at=item.due if item else None,
            )
            if after.lead:
                here.case.unit_id = after.unit
        elif (row.stage, row.round) != (after.stage, after.round):
            row.stage, row.round, row.ended = after.stage, after.round, ended
            row.ended_at = now if ended else None
            row.save(update_fields=["stage", "round", "ended", "ended_at"])
    _handled(here, outcome, now)
    return {key: item.due for key, item in items.items()}


def _move_named(here: Standing, outcome: engine.Advance, open_clocks: Sequence[Clock]) -> None:
    """A day that was named and is put off is put off on the task as well: what is done again later keeps that day."""
    for (name, key), _extra in outcome.extends:
        clock = next((c for c in open_clocks if (c.name, c.assignment_key) == (name, key or "")), None)
        if clock is not None and clock.why == clocks.NAMED and key in here.assignments:
            here.assignments[key].named_at = clock.due_at
            here.assignments[key].save(update_fields=["named_at"])


def _kinds_of_items(procedure: engine.Procedure, outcome: engine.Advance) -> Collection[str]:
    """The kinds of task that this move opens one of for each item."""
    move = procedure.moves.get(outcome.moved) if outcome.assignment is None else None
    return {o.kind for o in move.opens if o.whom == "items"} if move else ()


def _handled(here: Standing, outcome: engine.Advance, now: datetime) -> None:
    """The work is done when every task in which it is done has ended; begun anew, it is not done any more."""
    kinds = working_kinds(here.procedure)
    at_work = [a for a in outcome.assignments if a.kind in kinds]
    done = bool(at_work) and all(here.procedure.kinds[a.kind].stages[a.stage].end for a in at_work)
    if not done:
        here.case.handled_at = None
    elif here.case.handled_at is None:
        here.case.handled_at = now


def _hands(case: Case, before: engine.State, outcome: engine.Advance) -> None:
    new = [
        Hand(case=case, duty=duty, by=ref)
        for duty, refs in outcome.hands.items()
        for ref in refs - before.hands.get(duty, frozenset())
    ]
    if new:
        Hand.objects.bulk_create(new, ignore_conflicts=True)


def _body(case: Case, before: engine.State, outcome: engine.Advance, effects: Effects) -> dict[str, Any]:
    body: dict[str, Any] = {
        "move": outcome.moved,
        "assignment": outcome.assignment,
        "duty": outcome.duty,
        "from": before.stage,
        "to": outcome.stage,
        "revision": case.revision,
        "automatic": list(outcome.automatic),
        "tasks": [[a.id, a.unit, a.stage, a.round] for a in outcome.assignments],
        "said": effects.plain,
        "words": {f: hashlib.sha256(w.encode()).hexdigest() for f, w in effects.texts.items()},
        "photos": {f: list(p) for f, p in effects.photos.items()},
    }
    return {key: value for key, value in body.items() if value not in (None, [], {})}


def _tell(here: Standing, outcome: engine.Advance, seq: int, now: datetime) -> None:
    told: list[notices.NewNotice] = []
    if outcome.stage != here.state.stage:
        told += audience.of_stage(here.procedure, here.case, stage=outcome.stage, centre=here.centre, seq=seq)
    changed = [a for a in outcome.assignments if here.state.assignment(a.id) != a]
    told += audience.of_assignments(here.procedure, here.case, tasks=changed, centre=here.centre, seq=seq)
    notices.put_many(notices=told, now=now)
