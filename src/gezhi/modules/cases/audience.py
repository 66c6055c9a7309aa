"""Who should hear that a case has come to a stage: those who can move it on from there.

Derived from the procedure's duties, so a profile that moves a duty to another post moves the notices with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gezhi.engines import procedure as engine
from gezhi.engines.procedure import Holder
from gezhi.modules.cases import places
from gezhi.modules.cases.models import Case
from gezhi.modules.notices.operations import NewNotice


@dataclass(frozen=True, slots=True)
class Recipient:
    """The holders of a post in an organisation (any post: "") or over an area."""

    post: str = ""
    organisation: int | None = None
    area: int | None = None


def of_stage(procedure: engine.Procedure, case: Case, *, stage: str, centre: int | None, seq: int) -> list[NewNotice]:
    """Notices to those who may act on the case at this stage."""
    duties = {duty for move in procedure.moves.values() if stage in move.sources and not move.aside for duty in move.by}
    return _notices(procedure, case, duties, kind=f"case.{stage}", centre=centre, unit=None, seq=seq)


def of_assignments(
    procedure: engine.Procedure,
    case: Case,
    *,
    tasks: Iterable[engine.AssignmentState],
    centre: int | None,
    seq: int,
) -> list[NewNotice]:
    """Notices to those who may act on these assignments at the stages they stand in."""
    found: list[NewNotice] = []
    for task in tasks:
        kind = procedure.kinds[task.kind]
        moves = [move for move in kind.moves.values() if task.stage in move.sources and not move.aside]
        duties = {duty for move in moves for duty in move.by}
        found += _notices(procedure, case, duties, kind=f"task.{task.stage}", centre=centre, unit=task.unit, seq=seq)
    return found


def of_duties(
    procedure: engine.Procedure,
    case: Case,
    *,
    duties: Iterable[str],
    kind: str,
    centre: int | None,
    units: Iterable[int],
    seq: int,
) -> list[NewNotice]:
    """Notices of one kind to the holders of these duties (a limit that was missed)."""
    found: list[NewNotice] = []
    concerned: list[int | None] = [*units]
    for unit in concerned or [None]:
        found += _notices(procedure, case, set(duties), kind=kind, centre=centre, unit=unit, seq=seq)
    return list({n.dedupe: n for n in found}.values())


def of_closing(
    procedure: engine.Procedure, case: Case, state: engine.State, *, kind: str, centre: int | None, seq: int
) -> list[NewNotice]:
    """Notices to those who called an ended case done: the duties that acted on it and end it or a unit's work as it
    should be ended (the first end of each)."""
    working = [procedure.kinds[k] for k in dict.fromkeys(a.kind for a in state.assignments if a.unit is not None)]
    good = {(None, state.stage), *((k.key, next(s.key for s in k.stages.values() if s.end)) for k in working)}
    done = {d for m in procedure.every_move() if (m.kind, m.target) in good for d in m.by if d in state.hands}
    units = dict.fromkeys(a.unit for a in state.assignments if a.unit is not None)
    return of_duties(procedure, case, duties=done, kind=kind, centre=centre, units=units, seq=seq)


def _notices(
    procedure: engine.Procedure,
    case: Case,
    duties: Iterable[str],
    *,
    kind: str,
    centre: int | None,
    unit: int | None,
    seq: int,
) -> list[NewNotice]:
    to: dict[Recipient, None] = {}
    for duty in sorted(duties):
        known = procedure.duties.get(duty)
        for holder in known.holders if known else ():
            to |= dict.fromkeys(_recipients(holder, case, centre, unit))
    return [
        NewNotice(
            post=one.post,
            organisation=one.organisation,
            area=one.area,
            subject=f"case:{case.id}",
            kind=kind,
            params={"number": case.number, "class": case.class_name},
            dedupe=f"case:{case.id}:{seq}:{kind}:{one.post}:{one.organisation or ''}:{one.area or ''}",
        )
        for one in to
    ]


def _recipients(holder: Holder, case: Case, centre: int | None, unit: int | None) -> Iterable[Recipient]:
    if holder.reporter:
        return  # whoever reported it knows
    if holder.of == "centre" and centre is not None:
        yield from (Recipient(organisation=centre, post=post) for post in holder.posts)
    elif holder.of == "assignment.unit" and unit is not None:
        yield from (Recipient(organisation=unit, post=post) for post in holder.posts)
    elif holder.member_of == "assignment.unit" and unit is not None:
        yield Recipient(organisation=unit)
    elif holder.responsible_for:
        level = holder.responsible_for.removeprefix("case.")
        area = case.home_id if level == "grid" else places.by_level(case.areas).get(level)
        if area is not None:
            yield from (Recipient(area=area, post=post) for post in holder.posts)
    elif holder.over == "case.area":
        yield from (Recipient(area=area, post=post) for post in holder.posts for area in case.areas)
