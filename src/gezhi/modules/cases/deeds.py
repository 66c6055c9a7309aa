"""What a move does beyond its own case, as procedures name it in `does`: join, split off, score, note a follow-up.

Carried out in the move's transaction, after its ledger entry. The names are known to `gezhi profile check`
(`switches.profiles.procedures.EFFECTS`); a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from gezhi.engines import procedure as engine
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.modules.cases import audience, intake
from gezhi.modules.cases.effects import Effects
from gezhi.modules.cases.intake import Receipt, Report
from gezhi.modules.cases.models import Case, FollowUp, Link, Score
from gezhi.modules.cases.places import Place
from gezhi.modules.cases.standings import Standing
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.notices import operations as notices

MERGED, SPLIT, PROJECT, WHISTLE, DECIDED = "merged_into", "split_from", "project_of", "whistle_for", "decided_for"
PROJECT_MATTER = "project"
DISSATISFIED = (1, 2)
LINKS: Mapping[str, str] = {"whistle": WHISTLE, PROJECT_MATTER: PROJECT}
"""How a matter begun for a case belongs to it, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One effect being carried out."""

    here: Standing
    outcome: engine.Advance
    effects: Effects
    by: Actor
    now: datetime
    seq: int


def carry_out(here: Standing, outcome: engine.Advance, effects: Effects, *, by: Actor, now: datetime, seq: int) -> None:
    """Everything the move does beyond its case, in the order of the procedure."""
    for name in outcome.does:
        DEEDS[name](Deed(here, outcome, effects, by, now, seq))


def _merge(deed: Deed) -> None:
    """The case goes into another one; both say so, and its reporter follows the other from now on."""
    case, other = deed.here.case, deed.effects.other
    if other is None:
        raise BadInput(_("A merge names the other case."), field="into")
    join(case, other, MERGED, by=deed.by, now=deed.now)


def _split(deed: Deed) -> None:
    """A second matter in the same report gets a case of its own, at the same place, with the same reporter."""
    case = deed.here.case
    number = Link.objects.filter(other=case, kind=SPLIT).count() + 1
    klass = deed.effects.split_class
    report = Report(
        channel=case.channel,
        source="split",
        source_id=f"{case.number}-{number}",
        words=deed.effects.texts["words"],
        place=place_of(case),
        klass=klass.key if klass else "",
        person=case.reporter,
    )
    new = _opened(report, deed.by, deed.now)
    join(Case.objects.get(id=new.case), case.id, SPLIT, by=deed.by, now=deed.now)


def _start_project(deed: Deed) -> None:
    """A hard case becomes a project of its own procedure; the case itself goes on."""
    case = deed.here.case
    number = Link.objects.filter(other=case, kind=PROJECT).count() + 1
    report = Report(
        channel=case.channel,
        source="project",
        source_id=f"{case.number}-{number}",
        words=case.words,
        place=place_of(case),
        klass=class_of(case),
        matter=PROJECT_MATTER,
    )
    new = _opened(report, deed.by, deed.now)
    join(Case.objects.get(id=new.case), case.id, PROJECT, by=deed.by, now=deed.now)


def _follow_up(deed: Deed) -> None:
    """What the reporter said, as it counts for the three rates; whoever called it done hears of a low grade."""
    said = deed.effects.plain
    grade = said.get("grade")
    FollowUp.objects.create(
        case=deed.here.case,
        at=deed.now,
        by=deed.by.ref,
        valid=grade is not None,
        responded=said.get("responded"),
        resolved=said.get("solved"),
        grade=int(grade) if grade is not None else None,
        reason=str(said.get("reason") or ""),
    )
    if grade is not None and int(grade) in DISSATISFIED:
        here = deed.here
        told = audience.of_closing(
            here.procedure, here.case, here.state, kind="case.rated_low", centre=here.centre, seq=deed.seq
        )
        notices.put_many(notices=told, now=deed.now)


def _scores(deed: Deed) -> None:
    """One whistle, one score for each unit that was summoned."""
    tasks = deed.here.assignments
    given = next(v for v in deed.effects.plain.values() if isinstance(v, dict) and set(v) <= set(tasks))
    Score.objects.bulk_create(
        [
            Score(
                case=deed.here.case,
                assignment=tasks[key],
                unit_id=unit,
                speed=parts["speed"],
                cooperation=parts["cooperation"],
                solved=parts["solved"],
                by=deed.by.ref,
                at=deed.now,
            )
            for key, parts in given.items()
            if (unit := tasks[key].unit_id) is not None
        ]
    )


def _rescore(deed: Deed) -> None:
    """After an objection was upheld: the unit's score is corrected, the first one stays beside it."""
    task = deed.here.assignments[deed.outcome.assignment or ""]
    score = Score.objects.select_for_update().filter(case=deed.here.case, unit_id=task.unit_id).first()
    if score is None:
        return
    said = deed.effects.plain
    first = {"speed": score.speed, "cooperation": score.cooperation, "solved": score.solved, "by": score.by}
    score.corrected = score.corrected or first
    score.speed, score.cooperation, score.solved = (int(said[p]) for p in ("speed", "cooperation", "solved"))
    score.by, score.at = deed.by.ref, deed.now
    score.save()


DEEDS: Mapping[str, Callable[[Deed], None]] = {
    "merge": _merge,
    "split": _split,
    "start_project": _start_project,
    "follow_up": _follow_up,
    "scores": _scores,
    "rescore": _rescore,
}


def join(case: Case, other: int, kind: str, *, by: Actor, now: datetime) -> None:
    """Say on both cases that they belong together."""
    Link.objects.create(case=case, other_id=other, kind=kind, at=now)
    body = {"kind": kind, "case": case.id, "other": other}
    ledger.append(subject=f"case:{case.id}", kind="case.linked", by=by, now=now, body=body)
    ledger.append(subject=f"case:{other}", kind="case.linked", by=by, now=now, body=body)


def class_of(case: Case) -> str:
    """The key of a case's class, "" where the catalogue in force has it no longer."""
    key = case.klass.key if case.klass else ""
    return key if key in catalogue.in_force().by_key else ""


def place_of(case: Case) -> Place:
    """Where a case is, as a report says it."""
    if case.lon is not None and case.lat is not None:
        return Place(lon=case.lon, lat=case.lat, address=case.address)
    return Place(area_code=case.home.code if case.home else "", address=case.address)


def _opened(report: Report, by: Actor, now: datetime) -> Receipt:
    prepared = intake.prepare([report], now=now)[0]
    if isinstance(prepared, BadInput):
        raise prepared
    return intake.store([prepared], by=by, now=now)[0]
