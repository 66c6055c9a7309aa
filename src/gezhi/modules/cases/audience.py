"""Who should hear that a case has come to a stage: those who can move it on from there.

Derived from the procedure's duties, so a profile that moves a duty to another post moves the notices with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gezhi.engines import procedure as engine
from gezhi.engines.procedure import Holder
from gezhi.modules.cases.models import Case
from gezhi.modules.notices.operations import NewNotice


def of_stage(
    procedure: engine.Procedure, case: Case, *, stage: str, centre: int | None, seq: int, now: datetime
) -> list[NewNotice]:
    """Notices to those who may act on the case at this stage."""
    duties = {duty for move in procedure.moves.values() if stage in move.sources for duty in move.by}
    return _notices(procedure, case, duties, kind=f"case.{stage}", centre=centre, unit=None, seq=seq, now=now)


def of_assignments(
    procedure: engine.Procedure,
    case: Case,
    *,
    tasks: Iterable[engine.AssignmentState],
    centre: int | None,
    seq: int,
    now: datetime,
) -> list[NewNotice]:
    """Notices to those who may act on these assignments at the stages they stand in."""
    found: list[NewNotice] = []
    for task in tasks:
        kind = procedure.kinds[task.kind]
        duties = {duty for move in kind.moves.values() if task.stage in move.sources for duty in move.by}
        found += _notices(
            procedure, case, duties, kind=f"task.{task.stage}", centre=centre, unit=task.unit, seq=seq, now=now
        )
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
    now: datetime,
) -> list[NewNotice]:
    """Notices of one kind to the holders of these duties (a limit that was missed)."""
    found: list[NewNotice] = []
    for unit in list(units) or [None]:
        found += _notices(procedure, case, set(duties), kind=kind, centre=centre, unit=unit, seq=seq, now=now)
    return list({n.dedupe: n for n in found}.values())


def _notices(
    procedure: engine.Procedure,
    case: Case,
    duties: Iterable[str],
    *,
    kind: str,
    centre: int | None,
    unit: int | None,
    seq: int,
    now: datetime,
) -> list[NewNotice]:
    to: dict[tuple[str, int | None, int | None], None] = {}
    for duty in sorted(duties):
        known = procedure.duties.get(duty)
        for holder in known.holders if known else ():
            for recipient in _recipients(holder, case, centre, unit):
                to[recipient] = None
    return [
        NewNotice(
            post=post,
            organisation=organisation,
            area=area,
            subject=f"case:{case.id}",
            kind=kind,
            params={"number": case.number, "class": case.class_name},
            dedupe=f"case:{case.id}:{seq}:{kind}:{post}:{organisation or ''}:{area or ''}",
            at=now,
        )
        for post, organisation, area in to
    ]


def _recipients(
    holder: Holder, case: Case, centre: int | None, unit: int | None
) -> Iterable[tuple[str, int | None, int | None]]:
    if holder.of == "centre" and centre is not None:
        yield from ((post, centre, None) for post in holder.posts)
    elif holder.of == "assignment.unit" and unit is not None:
        yield from ((post, unit, None) for post in holder.posts)
    elif holder.member_of == "assignment.unit" and unit is not None:
        yield ("", unit, None)
    elif holder.responsible_for == "case.grid" and case.area_id is not None:
        yield from ((post, None, case.area_id) for post in holder.posts)
    elif holder.over == "case.area":
        yield from ((post, None, area) for post in holder.posts for area in case.areas)
