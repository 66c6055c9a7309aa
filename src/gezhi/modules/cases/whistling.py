"""Reading whistles: those somebody may see, and the month's bulletin (QH-3): how units answered, how streets blow.

The number of whistles a street blows is a figure of health with two sides, never a ranking: none at all and very many
both ask for a look.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from gezhi.engines import procedure as engine
from gezhi.lib.actor import Actor
from gezhi.modules.cases import places, policies, rules
from gezhi.modules.cases.models import Assignment, Case, Clock, Score
from gezhi.modules.territory import queries as territory

MATTER, SUMMONS = "whistle", "summons"
HERE, LATE = ("present", "proposed"), "absent"
FEW, USUAL, MANY = "few", "usual", "many"


@dataclass(frozen=True, slots=True)
class WhistleRow:
    """One whistle: its level; how many units were summoned, are on site, are late; `solved` when judged."""

    number: str
    words: str
    street: int | None
    area_name: str
    level: str
    stage: engine.Text
    stage_key: str
    ended: bool
    blown_at: datetime
    due_at: datetime | None
    summoned: int
    on_site: int
    late: int
    solved: bool | None


@dataclass
class UnitLine:
    """How one unit answered in the time of a bulletin. Pairs of integers; scores as sums over `scored` whistles."""

    unit: int
    summoned: int = 0
    signed_in_time: int = 0
    in_time: int = 0
    came: int = 0
    scored: int = 0
    speed: int = 0
    cooperation: int = 0
    solved: int = 0

    @property
    def points(self) -> int:
        """The sum of all parts of all scores."""
        return self.speed + self.cooperation + self.solved


@dataclass
class StreetLine:
    """How one street blew: by level, how many are judged, how many of these solved. A street that did not blow has a
    line as well."""

    street: int | None
    blown: int = 0
    levels: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    judged: int = 0
    solved: int = 0


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A month (or any time) of whistles. `healthy`: so many a month by a street are neither few nor many."""

    units: tuple[UnitLine, ...]
    streets: tuple[StreetLine, ...]
    blown: int
    judged: int
    solved: int
    healthy: tuple[int, int]

    def band(self, line: StreetLine) -> str:
        """Where a street's number lies: few, usual, many. Both ends ask for a look; neither is better."""
        least, most = self.healthy
        return FEW if line.blown < least else MANY if line.blown > most else USUAL


def whistles(by: Actor, *, only_open: bool = False, before: int | None = None, size: int = 50) -> list[WhistleRow]:
    """Whistles within the actor's responsibility, newest first, below an id. Three queries."""
    policies.check_may_use_desk(by)
    found = Case.objects.filter(policies.visible(by), matter=MATTER)
    if only_open:
        found = found.filter(ended=False)
    if before is not None:
        found = found.filter(id__lt=before)
    cases = list(found.order_by("-id")[: min(size, 200)])
    stages: dict[int, list[str]] = defaultdict(list)
    tasks = Assignment.objects.filter(case__in=cases, kind=SUMMONS)
    for case, stage in tasks.values_list("case_id", "stage"):
        stages[case].append(stage)
    return [_row(case, stages[case.id]) for case in cases]


@dataclass(frozen=True, slots=True)
class Scored:
    """What a unit got for one whistle, by part; `corrected`: as it was before an objection was upheld."""

    unit: int
    parts: tuple[int, int, int]
    corrected: tuple[int, int, int] | None

    @property
    def points(self) -> int:
        """The sum of the parts."""
        return sum(self.parts)


def scores(case: int) -> list[Scored]:
    """The scores of one whistle, in the order of its summonses; whoever may see the case may see them. One query."""
    rows = Score.objects.filter(case=case).order_by("assignment_id")
    return [Scored(row.unit_id, (row.speed, row.cooperation, row.solved), _before(row.corrected)) for row in rows]


def _before(corrected: dict[str, int] | None) -> tuple[int, int, int] | None:
    return (corrected["speed"], corrected["cooperation"], corrected["solved"]) if corrected else None


def bulletin(by: Actor, *, since: datetime, until: datetime) -> Bulletin:
    """The whistles blown in this time, by unit and by street. Four queries."""
    policies.check_may_use_desk(by)
    cases = list(
        Case.objects.filter(policies.visible(by), matter=MATTER, reported_at__gte=since, reported_at__lt=until)
        .exclude(stage__in=("drafted", "dropped"))
        .order_by("id")
    )
    streets: dict[int | None, StreetLine] = {street: StreetLine(street) for street in _streets(by)}
    for case in cases:
        street = places.by_level(case.areas).get("street")
        line = streets.setdefault(street, StreetLine(street))
        line.blown += 1
        line.levels[str(case.facts.get("level", ""))] += 1
        line.judged += case.ended
        line.solved += bool(case.ended and case.facts.get("solved"))
    units = _units([case.id for case in cases])
    settings = rules.procedure(rules.in_force(MATTER)).settings
    return Bulletin(
        units=tuple(sorted(units.values(), key=lambda u: (-u.summoned, u.unit))),
        streets=tuple(sorted(streets.values(), key=lambda s: (s.street is None, s.street))),
        blown=len(cases),
        judged=sum(line.judged for line in streets.values()),
        solved=sum(line.solved for line in streets.values()),
        healthy=(int(settings.get("healthy_least", 0)), int(settings.get("healthy_most", 0))),
    )


def _streets(by: Actor) -> list[int]:
    """The streets whose whistles the actor sees. No query."""
    snapshot = territory.areas_in_force()
    base = snapshot.layers[0] if snapshot.layers else ""
    every = [area for area in snapshot.areas.values() if area.layer == base and area.level == "street"]
    if by.may(policies.SEE_ALL):
        return [area.id for area in every]
    return [area.id for area in every if by.may(policies.SEE_AREA) and by.areas() & set(area.path)]


def _units(cases: list[int]) -> dict[int, UnitLine]:
    missed = set(Clock.objects.filter(case__in=cases, missed=True).values_list("case_id", "assignment_key", "name"))
    lines: dict[int, UnitLine] = {}
    tasks = Assignment.objects.filter(case__in=cases, kind=SUMMONS).values_list("case_id", "key", "unit_id", "stage")
    for case, key, unit, stage in tasks:
        if unit is None:
            continue
        line = lines.setdefault(unit, UnitLine(unit))
        line.summoned += 1
        line.signed_in_time += (case, key, "sign") not in missed and stage != "called"
        line.came += stage in HERE
        line.in_time += stage in HERE and (case, key, "arrive") not in missed
    for score in Score.objects.filter(case__in=cases):
        line = lines[score.unit_id]
        line.scored += 1
        line.speed += score.speed
        line.cooperation += score.cooperation
        line.solved += score.solved
    return lines


def _row(case: Case, stages: list[str]) -> WhistleRow:
    return WhistleRow(
        number=case.number,
        words=case.words,
        street=places.by_level(case.areas).get("street"),
        area_name=case.area_name,
        level=str(case.facts.get("level", "")),
        stage=rules.procedure(case.procedure_id).stages[case.stage].title,
        stage_key=case.stage,
        ended=case.ended,
        blown_at=case.reported_at,
        due_at=case.due_at,
        summoned=len(stages),
        on_site=sum(stage in HERE for stage in stages),
        late=sum(stage == LATE for stage in stages),
        solved=bool(case.facts["solved"]) if "solved" in case.facts else None,
    )
