"""The procedures, people and small verbs the procedure tests share."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

import gezhi
from gezhi.engines.procedure import Advance, Facts, Procedure, Refusal, State, advance, begin, load
from gezhi.lib.actor import Actor, HeldPost

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
EVENT_FILE = Path(gezhi.__file__).parent / "profiles" / "base" / "procedures" / "event.yaml"
WHISTLE_FILE = Path(__file__).with_name("whistle.yaml")
BASE = EVENT_FILE.parent
LISTS = {
    name: list(choices)
    for name, choices in yaml.safe_load((BASE.parent / "lists.yaml").read_text("utf-8"))["lists"].items()
}

CENTRE, ROADS, WATER, STREET, GRID, ELSEWHERE = 1, 20, 21, 300, 301, 399


def document(path: Path) -> dict[str, Any]:
    """The YAML as it stands in the file."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


SHIPPED: dict[str, Procedure] = {f.stem: load(document(f), lists=LISTS) for f in sorted(BASE.glob("*.yaml"))}
EVENT: Procedure = SHIPPED["event"]
WHISTLE: Procedure = load(document(WHISTLE_FILE))


def person(number: int, *posts: HeldPost) -> Actor:
    """Somebody with an account and posts."""
    return Actor(f"account:{number}", number, posts)


ACCEPTOR = person(1, HeldPost("acceptor", CENTRE))
DISPATCHER = person(2, HeldPost("dispatcher", CENTRE))
WORKER = person(3, HeldPost("unit_handler", ROADS))
ROADS_LEADER = person(4, HeldPost("unit_leader", ROADS))
PLUMBER = person(5, HeldPost("unit_handler", WATER))
WATER_LEADER = person(6, HeldPost("unit_leader", WATER))
GRID_WORKER = person(7, HeldPost("grid_worker", None, GRID))
CHECKER = person(8, HeldPost("checker", None, STREET))
STRANGER = person(9, HeldPost("grid_worker", None, ELSEWHERE), HeldPost("acceptor", 77))
RESIDENT = Actor.reporter("5d0c")
EVERYBODY = {
    "acceptor": ACCEPTOR, "dispatcher": DISPATCHER, "worker": WORKER, "roads_leader": ROADS_LEADER,
    "plumber": PLUMBER, "water_leader": WATER_LEADER, "grid_worker": GRID_WORKER, "checker": CHECKER,
    "stranger": STRANGER, "resident": RESIDENT, "clock": Actor.clock(), "public": Actor.public(),
}  # fmt: skip

PHOTO = {"photos": [11]}
INPUTS: dict[str, dict[str, Any]] = {
    "verify": {"verdict": "real", "photos": [5]},
    "place": {"place": {"lon": 118.78, "lat": 32.02}},
    "file": {"class": "010102", "condition": "cover broken or missing"},
    "reject": {"reason": "unclear", "words": "nothing to go by"},
    "solve_on_spot": {"before": [1], "after": [2]},
    "dispatch": {"units": [ROADS, WATER]},
    "add_units": {"units": [22]},
    "finish": {"after": [3], "words": "new cover"},
    "redo": {"words": "still loose"},
    "return": {"reason": "not_ours", "words": "a water pipe"},
    "pass_check": PHOTO,
    "fail_check": {"reason": "still open", **PHOTO},
    "recheck": {"words": "photo unclear"},
    "rate": {"grade": 4},
}


def facts(**case: Any) -> Facts:
    """A resident's report in the grid, verified, unless told otherwise."""
    known = {
        "channel": "resident", "placed": True, "verdict": "real", "closed_at": NOW, "rated": False, "classed": True,
        "contact": False, "late": False, "street": STREET, "lon": 118.78, "lat": 32.02, **case,
    }  # fmt: skip
    placed = bool(known["placed"])
    return Facts(
        {"case": known, "switches": {}},
        CENTRE,
        GRID if placed else None,
        (STREET, GRID) if placed else (),
        RESIDENT.ref,
    )


class Play:
    """One case being played: `do` makes moves that must succeed, `no` moves that must be refused."""

    def __init__(self, procedure: Procedure = EVENT, given: Facts | None = None) -> None:
        self.procedure, self.facts, self.now = procedure, given or facts(), NOW
        self.last: Advance = begin(procedure, self.facts, self.now)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.last.state

    def tasks(self) -> list[str]:
        """Where the assignments stand."""
        return [a.stage for a in self.state.assignments]

    def ask(
        self, move: str, who: Actor, task: str | None = None, inputs: Mapping[str, Any] | None = None
    ) -> Advance | Refusal:
        """Ask for a move without taking it."""
        given = INPUTS.get(move, {}) if inputs is None else inputs
        return advance(self.procedure, self.state, move, who, given, self.facts, self.now, assignment=task)

    def do(self, move: str, who: Actor, task: str | None = None, inputs: Mapping[str, Any] | None = None) -> Play:
        """Make a move; it must be possible."""
        self.now += timedelta(minutes=5)
        outcome = self.ask(move, who, task, inputs)
        assert isinstance(outcome, Advance), outcome.sentence
        self.last = outcome
        return self

    def no(self, move: str, who: Actor, task: str | None = None, inputs: Mapping[str, Any] | None = None) -> Refusal:
        """Ask for a move that must be refused."""
        outcome = self.ask(move, who, task, inputs)
        assert isinstance(outcome, Refusal), f"{move} was possible"
        return outcome


def changed(path: tuple[str | int, ...], value: Any, source: Path = EVENT_FILE) -> dict[str, Any]:
    """The document with one thing set otherwise; None takes it away."""
    found = copy.deepcopy(document(source))
    inside: Any = found
    for step in path[:-1]:
        inside = inside[step]
    if value is None:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    return found
