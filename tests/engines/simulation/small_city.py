"""A small city with a real procedure and no database: the world the simulation tests play in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from gezhi.engines.procedure import Advance, Facts, Procedure, State, advance, begin, load, moves_open
from gezhi.engines.simulation import Action, Behaviour, CaseView, City, Place, Report, offers, read_habits
from gezhi.engines.workclock import Calendar

BASE = files("gezhi.profiles.base")
ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar.from_spec({"zone": "Asia/Shanghai", "shifts": [["08:30", "12:00"], ["14:00", "17:30"]]})
SPEC: dict[str, Any] = yaml.safe_load((BASE / "simulation/life.yaml").read_text("utf-8"))
LISTS = {name: list(texts) for name, texts in yaml.safe_load((BASE / "lists.yaml").read_text("utf-8"))["lists"].items()}
CITY = City(
    zone=ZONE,
    per_day=60,
    places=(Place(118.78, 32.02, 300, 1), Place(118.80, 32.03, 80, 3)),
    classes={"01001": (3, "井盖破损"), "02011": (1, "乱堆物料")},
    channels=SPEC["reports"]["channels"],
    words=tuple(SPEC["reports"]["words"]),
)
CENTRE, UNITS, GRID = 1, (11, 12), 7


@dataclass(frozen=True)
class Held:
    """A post."""

    post: str
    organisation: int | None = None
    area: int | None = None
    rank: str | None = None


@dataclass(frozen=True)
class Person:
    """Somebody with posts."""

    ref: str
    posts: tuple[Held, ...] = ()


STAFF = [
    Person("account:1", (Held("acceptor", CENTRE),)),
    Person("account:2", (Held("acceptor", CENTRE),)),
    Person("account:3", (Held("dispatcher", CENTRE),)),
    Person("account:4", (Held("grid_worker", None, GRID),)),
    Person("account:5", (Held("grid_leader", None, GRID),)),
    Person("account:6", (Held("street_clerk", None, GRID),)),
    Person("account:7", (Held("visitor", CENTRE),)),
    Person("account:8", (Held("centre_leader", CENTRE),)),
    Person("account:9", (Held("checker", None, GRID),)),
    *(
        Person(f"account:{unit}{n}", (Held(post, unit),))
        for unit in UNITS
        for n, post in enumerate(["unit_handler", "unit_leader"])
    ),
]


@cache
def procedure() -> Procedure:
    """The national loop as the base profile has it."""
    return load(yaml.safe_load((BASE / "procedures/event.yaml").read_text("utf-8")), lists=_lists())


def _lists() -> Any:
    return yaml.safe_load((BASE / "lists.yaml").read_text("utf-8"))["lists"]


def behaviour(seed: int) -> Behaviour:
    """People with the base profile's habits."""
    return Behaviour(seed, CALENDAR, read_habits(SPEC["moves"]), LISTS)


@dataclass
class Case:
    """A case as this world keeps it."""

    state: State
    facts: Facts
    view: CaseView
    ended: bool = False


@dataclass
class SmallWorld:
    """Plays by the engine alone; `refused` collects what should not happen."""

    cases: dict[str, Case] = field(default_factory=dict)
    refused: list[object] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)

    def report(self, report: Report) -> CaseView | None:
        ref = f"case:{len(self.cases) + 1}"
        who = "account:4" if report.channel == "patrol" else f"reporter:{ref}"
        known = {"channel": report.channel, "placed": True, "class": report.class_code, "classed": True}
        values = {"case": {**known, "rated": False, "late": False, "contact": True}, "switches": {}}
        facts = Facts(values, centre=CENTRE, grid=GRID, areas=(GRID,), reporter=who)
        view = CaseView(
            ref,
            report.at,
            (),
            class_code=report.class_code,
            condition="有缺失",
            place=(report.lon, report.lat),
            units=UNITS,
        )
        self.cases[ref] = Case(State(""), facts, view)
        return self._settle(self.cases[ref], begin(procedure(), facts, report.at), report.at, "")

    def act(self, action: Action) -> CaseView | None:
        case = self.cases[action.case]
        inputs = {**action.inputs, **{name: list(range(1, many + 1)) for name, many in action.photos.items()}}
        person = next((p for p in STAFF if p.ref == action.who), Person(action.who))
        outcome = advance(
            procedure(), case.state, action.move, person, inputs, case.facts, action.at, assignment=action.assignment
        )
        if not isinstance(outcome, Advance):
            self.refused.append((action, outcome))
            return None
        return self._settle(case, outcome, action.at, action.move)

    def until(self, now: datetime) -> None:
        self.times.append(now)

    def _settle(self, case: Case, outcome: Advance, now: datetime, move: str) -> CaseView | None:
        known = {**case.facts.values["case"], **outcome.records}
        if outcome.ended and not case.ended:
            known["closed_at"] = now
        known["rated"] = outcome.ended and (known["rated"] or move == "rate")
        case.facts = replace(case.facts, values={**case.facts.values, "case": known})
        made = {**case.view.made, move: case.view.made.get(move, 0) + 1}
        since = now if outcome.stage != case.state.stage else case.view.since
        before = {task.id: task.stage for task in case.state.assignments}
        tasks = {
            task.id: case.view.tasks.get(task.id, now) if before.get(task.id) == task.stage else now
            for task in outcome.assignments
        }
        case.state, case.ended = outcome.state, outcome.ended
        everybody = [Person(str(case.facts.reporter)), *STAFF]
        open_to = {who.ref: moves_open(procedure(), case.state, who, case.facts, now) for who in everybody}
        case.view = replace(case.view, since=since, tasks=tasks, made=made, offers=offers(open_to))
        return case.view
