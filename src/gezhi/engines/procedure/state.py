"""What goes into the engine and what comes out: a case's state, its facts, and the outcome of a move.

All of these are plain frozen values. Those that a caller stores turn into JSON by `as_json` and back by
`State.from_json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, Protocol

from gezhi.engines.procedure.model import Need, Text


class Post(Protocol):
    """A post somebody holds: its key, and the organisation, area and rank it is held in."""

    @property
    def post(self) -> str:
        """The key of the post."""

    @property
    def organisation(self) -> int | None:
        """The organisation's id."""

    @property
    def area(self) -> int | None:
        """The area's id."""

    @property
    def rank(self) -> str | None:
        """The rank's key."""


class Actor(Protocol):
    """Whoever acts: a reference that is written down, and the posts held now."""

    @property
    def ref(self) -> str:
        """`account:12`, `reporter:<uuid>`, `clock`…"""

    @property
    def posts(self) -> Sequence[Post]:
        """The posts held at this moment."""


@dataclass(frozen=True, slots=True)
class AssignmentState:
    """One assignment: `unit` is an organisation id, `round` counts from 1 and grows with each rework."""

    id: str
    kind: str
    stage: str
    unit: int | None
    lead: bool
    round: int


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands. `hands`: duty → references of those who acted with it; `counts`: name → times."""

    stage: str
    assignments: tuple[AssignmentState, ...] = ()
    hands: Mapping[str, frozenset[str]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    def assignment(self, identity: str) -> AssignmentState | None:
        """The assignment with this id."""
        return next((a for a in self.assignments if a.id == identity), None)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> State:
        """The inverse of `as_json(state)`; keys it does not know are left aside."""
        return cls(
            stage=stored["stage"],
            assignments=tuple(AssignmentState(**a) for a in stored.get("assignments", ())),
            hands={duty: frozenset(refs) for duty, refs in stored.get("hands", {}).items()},
            counts=dict(stored.get("counts", {})),
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the case when it moves.

    `values` are the namespaces that conditions read: {"case": {"channel": "resident", "placed": True}}, JSON-like
    values and datetimes. `centre` is the organisation that runs the desk, `grid` the case's grid, `areas` all areas
    that contain the case (every layer, the grid included), `reporter` the reporter's actor reference.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    centre: int | None = None
    grid: int | None = None
    areas: tuple[int, ...] = ()
    reporter: str | None = None


@dataclass(frozen=True, slots=True)
class ClockStart:
    """A clock to start: `limit` is "catalogue", "named" or "AMOUNT UNIT", to be read by the workclock engine."""

    name: str
    assignment: str | None
    limit: str
    running: str
    amber: int | None = None


ClockAt = tuple[str, str | None]
"""A clock by name and the assignment it belongs to (None: the case's own)."""


@dataclass(frozen=True, slots=True)
class Advance:
    """The outcome of a move that was made: the state after it, and what the caller has to carry out.

    Carry out `stops` before `starts`; stopping a clock that does not run is nothing. `extends` gives running clocks so
    much more time. `moved` is the move asked for ("" for a new case), `automatic` the moves that followed by
    themselves, in order.
    """

    stage: str
    assignments: tuple[AssignmentState, ...]
    opened: tuple[AssignmentState, ...]
    moved: str
    assignment: str | None
    duty: str | None
    hands: Mapping[str, frozenset[str]]
    counts: Mapping[str, int]
    starts: tuple[ClockStart, ...]
    stops: tuple[ClockAt, ...]
    pauses: tuple[ClockAt, ...]
    resumes: tuple[ClockAt, ...]
    extends: tuple[tuple[ClockAt, str], ...]
    records: Mapping[str, Any]
    does: tuple[str, ...]
    automatic: tuple[str, ...]
    ended: bool

    @property
    def state(self) -> State:
        """The state to store and to hand in next time."""
        return State(self.stage, self.assignments, self.hands, self.counts)


@dataclass(frozen=True, slots=True)
class OpenMove:
    """A move that somebody may make now, with what it needs.

    `target` is the stage it leads to (None: it stays). `refusal` is set only for moves that were asked for with
    their reasons (`moves_open(..., with_reasons=True)`) and are not possible yet.
    """

    move: str
    assignment: str | None
    title: Text
    duty: str
    needs: tuple[Need, ...]
    target: str | None
    refusal: Any = None


@dataclass(frozen=True, slots=True)
class ClockMove:
    """A move that time makes when so many percent (`at`; 100: due) of one of `clocks` have passed."""

    move: str
    assignment: str | None
    clocks: tuple[str, ...]
    at: int = 100


def as_json(value: Any) -> Any:
    """Any value of this module as JSON-ready dicts, lists and scalars; sets sorted, so equal values print equal."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(as_json(item) for item in value)
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
