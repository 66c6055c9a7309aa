"""Moves: lock the case, let the procedure decide, write everything the decision says, in one transaction.

The case row's lock orders all writers of a case. `revision` is what the writer saw: when somebody was faster, the
move is refused with the sentence, never silently written over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from gezhi.engines import procedure as engine
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, Refusal, WrongState
from gezhi.modules.cases import audience, clocks, policies, rules, words
from gezhi.modules.cases.effects import Effects, gather
from gezhi.modules.cases.intake import facts
from gezhi.modules.cases.models import Assignment, Attachment, Case, Clock, Hand, Remark
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.notices import operations as notices

log = structlog.get_logger()

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


@dataclass
class Standing:
    """A case with what the engine needs to judge a move on it."""

    case: Case
    procedure: engine.Procedure
    state: engine.State
    assignments: dict[str, Assignment]
    centre: int | None
    facts: engine.Facts = field(init=False)

    def __post_init__(self) -> None:
        self.facts = facts(self.case, self.centre)

    @property
    def units(self) -> list[int]:
        """The units that work or worked on it."""
        return [a.unit_id for a in self.assignments.values()]


def standing(case: Case) -> Standing:
    """The state of a case from its rows. Two queries."""
    rows = {a.key: a for a in Assignment.objects.filter(case=case).order_by("id")}
    hands: dict[str, set[str]] = {}
    for duty, ref in Hand.objects.filter(case=case).values_list("duty", "by"):
        hands.setdefault(duty, set()).add(ref)
    state = engine.State(
        stage=case.stage,
        assignments=tuple(
            engine.AssignmentState(a.key, a.kind, a.stage, a.unit_id, a.lead, a.round) for a in rows.values()
        ),
        hands={duty: frozenset(refs) for duty, refs in hands.items()},
        counts=dict(case.counts),
    )
    return Standing(case, rules.procedure(case.procedure_id), state, rows, rules.centre())


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
    {"lon","lat","crs"} or {"area": id, "address"}, a choice, a number, yes or no.
    """
    row = Case.objects.select_for_update().filter(id=case).first()
    if row is None:
        raise NotThere(_("There is no such case within your responsibility."))
    here = standing(row)
    policies.check_may_see(by, row, here.units)
    if revision is not None and revision != row.revision:
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
    effects = gather(here, move=move, assignment=assignment, inputs=screened)
    return _write(here, outcome, effects, by=by, now=now)


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
    """Words cleaned and personal numbers marked; everything else as it is."""
    return {
        name: words.take_out(words.clean(value, field=name))[0] if isinstance(value, str) else value
        for name, value in inputs.items()
    }


def _write(here: Standing, outcome: engine.Advance, effects: Effects, *, by: Actor, now: datetime) -> Moved:
    case, before = here.case, here.state
    effects.apply(case)
    _assignments(here, outcome, now)
    limit = case.limit or (case.klass.limit if case.klass else None)
    open_clocks = clocks.carry_out(case=case, outcome=outcome, class_limit=limit, calendar=rules.calendar(), now=now)
    _case(case, outcome, open_clocks, now)
    _hands(case, before, outcome)
    entry = ledger.append(
        subject=f"case:{case.id}",
        kind="case.moved",
        by=by,
        now=now,
        body=_body(case, before, outcome, effects),
    )
    if effects.texts:
        Remark.objects.bulk_create(
            [Remark(case=case, seq=entry.seq, field=f, words=w) for f, w in effects.texts.items()]
        )
    if effects.photos:
        Attachment.objects.bulk_create(
            [Attachment(case=case, file_id=p, seq=entry.seq, field=f) for f, ps in effects.photos.items() for p in ps]
        )
    _tell(here, outcome, entry.seq, now)
    return Moved(case.id, case.stage, case.revision, entry.seq, case.ended)


def _case(case: Case, outcome: engine.Advance, open_clocks: Sequence[Clock], now: datetime) -> None:
    case.stage, case.ended = outcome.stage, outcome.ended
    case.counts = dict(outcome.counts)
    case.facts = {**case.facts, **outcome.records}
    case.revision += 1
    case.due_at = clocks.next_due(open_clocks)
    if outcome.ended and case.closed_at is None:
        case.closed_at = now
    case.save()


def _assignments(here: Standing, outcome: engine.Advance, now: datetime) -> None:
    for after in outcome.assignments:
        kind = here.procedure.kinds[after.kind]
        ended = kind.stages[after.stage].end
        row = here.assignments.get(after.id)
        if row is None and after.unit is not None:
            Assignment.objects.create(
                case=here.case,
                key=after.id,
                kind=after.kind,
                unit_id=after.unit,
                lead=after.lead,
                stage=after.stage,
                ended=ended,
                round=after.round,
                opened_at=now,
            )
            if after.lead:
                here.case.unit_id = after.unit
        elif row is not None and (row.stage, row.round) != (after.stage, after.round):
            row.stage, row.round, row.ended = after.stage, after.round, ended
            row.ended_at = now if ended else None
            row.save(update_fields=["stage", "round", "ended", "ended_at"])
    if outcome.assignments and all(here.procedure.kinds[a.kind].stages[a.stage].end for a in outcome.assignments):
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


def fire_due(*, now: datetime, limit: int = 200) -> int:
    """Record limits that have passed, each once: mark, write the ledger, tell those concerned, make time's own moves.

    One transaction a clock, the case locked first as every move does; a case somebody is working on is left for the
    next run, and one that cannot be carried out does not keep the others. Returns how many were recorded.
    """
    due = Clock.objects.filter(stopped_at=None, fired_at=None, paused_at=None, due_at__lte=now)
    fired = 0
    for clock, case in due.order_by("due_at").values_list("id", "case_id")[:limit]:
        try:
            with transaction.atomic():
                fired += _fire(clock, case, now)
        except (Refusal, engine.ProcedureFault, DatabaseError):
            log.exception("limit_not_fired", clock=clock, case=case)
    return fired


def _fire(clock_id: int, case_id: int, now: datetime) -> bool:
    case = Case.objects.select_for_update(skip_locked=True, of=("self",)).filter(id=case_id).first()
    clock = Clock.objects.filter(id=clock_id, stopped_at=None, fired_at=None, paused_at=None).first()
    if case is None or clock is None:
        return False
    clock.fired_at, clock.missed = now, True
    clock.save(update_fields=["fired_at", "missed"])
    if clock.why == clocks.CATALOGUE and not case.late:
        case.late = True
        case.save(update_fields=["late"])
    body = {"clock": clock.name, "assignment": clock.assignment_key or None, "due": clock.due_at.isoformat()}
    entry = ledger.append(subject=f"case:{case.id}", kind="case.limit", by=Actor.clock(), now=now, body=body)
    here = standing(case)
    rule = here.procedure.clocks.get(clock.name)
    if rule is not None:
        working = [a.unit_id for a in here.assignments.values() if not a.ended]
        told = audience.of_duties(
            here.procedure,
            case,
            duties=rule.notify,
            kind="case.late",
            centre=here.centre,
            units=working,
            seq=entry.seq,
        )
        notices.put_many(notices=told, now=now)
    _time_moves(here, clock, now)
    return True


def _time_moves(here: Standing, clock: Clock, now: datetime) -> None:
    """Moves that time itself makes when this clock is due; one that is no longer possible is nothing."""
    for move in engine.clock_moves(here.procedure, here.state):
        if clock.name in move.clocks and (move.assignment or "") in {"", clock.assignment_key}:
            try:
                act(
                    case=clock.case_id, move=move.move, inputs={}, by=Actor.clock(), now=now, assignment=move.assignment
                )
            except WrongState:
                continue
