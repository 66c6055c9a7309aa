"""What a procedure is, once read: stages, moves, duties, clocks and kinds of assignment, all frozen.

This module only holds shapes. Documents are turned into them by `load`, judged by `lint`, drawn by `diagram` and
played by `advance`. Nothing here knows a case, an account or a database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Text = Mapping[str, str]
"""A sentence or title in several languages: {"zh": ..., "en": ...}; "en" is always there."""

Path = tuple[str | int, ...]
"""Where in the document something stands: ("moves", "file", "when", 0)."""

Where = Callable[[Path], tuple[str, int, int] | None]
"""Given by whoever read the file: path → (file, line, column), 1-based; None where unknown."""

CLOCK = "clock"
"""The reference of the actor that is time itself, and the duty name for it in `by:`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a procedure: where (`path`, and `at` if a Where was given) and a sentence."""

    path: Path
    sentence: str
    at: tuple[str, int, int] | None = None

    def __str__(self) -> str:
        place = ":".join(map(str, self.at)) if self.at else ".".join(map(str, self.path)) or "procedure"
        return f"{place}: {self.sentence}"


class ProcedureError(ValueError):
    """A document that cannot be read as a procedure; `problems` has every reason found, in document order."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class ProcedureFault(RuntimeError):
    """A procedure that `lint` refuses was played all the same, and ran in a circle."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A word that may depend on a fact: a limit per level, a rank per level.

    `fact` is ("case", "level") or None for a fixed word; `otherwise` is the word where the table has no entry.
    """

    otherwise: str
    fact: tuple[str, str] | None = None
    table: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, values: Mapping[str, Any]) -> str:
        """The word that holds for these facts."""
        if self.fact is None:
            return self.otherwise
        space, name = self.fact
        return self.table.get(str(values.get(space, {}).get(name)), self.otherwise)

    def words(self) -> tuple[str, ...]:
        """Every word it may resolve to."""
        return (*self.table.values(), self.otherwise)


@dataclass(frozen=True, slots=True)
class Holder:
    """One way to hold a duty; every part that is set must be true, and of one and the same post.

    `of` / `member_of` name an organisation ("centre", "assignment.unit", "case.NAME"), `responsible_for` the very
    area of the post ("case.grid"), `over` an area that contains the case ("case.area").
    """

    posts: tuple[str, ...] = ()
    member_of: str | None = None
    of: str | None = None
    responsible_for: str | None = None
    over: str | None = None
    rank_at_least: Graded | None = None
    reporter: bool = False
    clock: bool = False

    def references(self) -> tuple[str, ...]:
        """The references it makes to the case or the assignment."""
        return tuple(r for r in (self.member_of, self.of, self.responsible_for, self.over) if r)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty and the ways to hold it (any of them is enough).

    `power` is the power it belongs to (management, enforcement, assessment, supervision; "" for none): nobody holds
    duties of two powers on the same matter.
    """

    key: str
    title: Text
    holders: tuple[Holder, ...]
    power: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Who is told when so many percent of a limit have passed (100: when it is due)."""

    at: int
    notify: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit. `limit` resolves to "AMOUNT UNIT" as the workclock engine reads it, to "catalogue" (the limit of the
    case's class) or to "named" (the day named for the task).

    `running` is "natural" (round the clock) or "shifts"; `amber` the percentage at which it turns amber;
    `alarms` who is told when, in order.
    """

    key: str
    title: Text
    limit: Graded
    running: str = "natural"
    amber: int | None = None
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a case or an assignment may stand; `clocks` run while it stands there."""

    key: str
    title: Text
    clocks: tuple[str, ...] = ()
    assignments: tuple[str, ...] = ()
    end: bool = False
    clause: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """One field a move needs.

    `kind`: text, photo, choice, units, catalogue, place, filing_condition, number, bool, date, scores, limit ("2
    work_days"), case (another case's number), here (a point), items (dated items of a plan, each with a unit).
    `least`/`most`: characters for text, count for photo, units and items, value for number. `choices` are the allowed
    keys with titles (empty for a named list that was not given to `load`; then `list_name` is to be checked by the
    caller). `reply`: these words go to whoever reported or asked. `per` is the assignment kind that scores are given
    for, `parts` the fields of each score.
    """

    key: str
    title: Text
    kind: str
    optional: bool = False
    least: float | None = None
    most: float | None = None
    list_name: str | None = None
    choices: Mapping[str, Text] = field(default_factory=dict)
    lead_first: bool = False
    reply: bool = False
    per: str | None = None
    parts: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A CEL expression compiled once, the facts it reads, and the sentence said when it is not fulfilled."""

    expression: str
    program: Any
    reads: tuple[tuple[str, tuple[str, ...] | None], ...]
    otherwise: Text | None

    def needs(self, *spaces: str) -> bool:
        """Does it look at any of these namespaces (so that it cannot be judged without)?"""
        return any(space in spaces for space, _ in self.reads)


@dataclass(frozen=True, slots=True)
class Standing:
    """Which assignments of a kind stand where: `handling.all_done`, `handling.lead_returned`, `handling.done`.

    `which` is all, any, none, lead or each (the last one for `reopens`: each that stands there).
    """

    kind: str
    which: str
    stages: frozenset[str]
    words: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Tasks that a move opens. `whom`: "units" (one for each unit named), "items" (one for each item of a plan), "own"
    (the unit of the very task), "lead" (the unit that leads, else the centre), "nobody" (a task of no unit).

    With a condition it opens only where that holds.
    """

    kind: str
    whom: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A way from stage to stage (`target`), or within one (`target` None), of the case or of one assignment (`kind`).

    A move without `by` is automatic: it follows as soon as all of `after` and `when` are true. `ends` puts open tasks
    of these kinds to where they go when the case leaves them; `extends` gives a clock the time named in a field; `at`
    is the percentage of the limit at which the clock makes the move (100: when it is due). A move `aside` is possible,
    but nobody waits for it: it makes no queue and sends no notice. `message` names the profile's text that somebody
    sends with it.
    """

    key: str
    title: Text
    sources: tuple[str, ...]
    target: str | None
    by: tuple[str, ...] = ()
    after: tuple[Standing, ...] = ()
    when: tuple[Condition, ...] = ()
    needs: tuple[Need, ...] = ()
    opens: tuple[Opening, ...] = ()
    reopens: Standing | None = None
    ends: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    records: tuple[tuple[str, Any], ...] = ()
    does: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    extends: tuple[tuple[str, str], ...] = ()
    due: tuple[str, ...] = ()
    at: int = 100
    at_most: int | None = None
    aside: bool = False
    message: str = ""
    kind: str | None = None
    clause: tuple[str, ...] = ()

    @property
    def automatic(self) -> bool:
        """Does it follow by itself?"""
        return not self.by

    @property
    def path(self) -> Path:
        """Where it stands in the document."""
        return ("assignments", self.kind, "moves", self.key) if self.kind else ("moves", self.key)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of assignment with its own small procedure; its first stage is where it opens.

    `when_left` is the end stage that assignments still open are put to when the case leaves them behind.
    """

    key: str
    title: Text
    stages: Mapping[str, Stage]
    moves: Mapping[str, Move]
    when_left: str

    @property
    def first(self) -> str:
        """The stage a new assignment stands in."""
        return next(iter(self.stages))


@dataclass(frozen=True, slots=True, eq=False)
class Procedure:
    """A whole procedure, ready to be played. All mappings keep the order of the document.

    From `separated` on, fields are indexes that `load` makes. Clocks are keyed by kind of assignment, "" for the case:
    `free_clocks` are those a move starts (and no stage), `own_clocks` all that run there. `ranks`: lowest first.
    """

    name: str
    version: int
    title: Text
    basis: str
    clause: tuple[str, ...]
    settings: Mapping[str, Any]
    ranks: Mapping[str, Text]
    duties: Mapping[str, Duty]
    apart: tuple[tuple[str, str], ...]
    clocks: Mapping[str, Clock]
    stages: Mapping[str, Stage]
    moves: Mapping[str, Move]
    kinds: Mapping[str, Kind]
    where: Where | None = None
    separated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    automatic: Mapping[str, tuple[Move, ...]] = field(default_factory=dict)
    by_hand: Mapping[str, tuple[Move, ...]] = field(default_factory=dict)
    free_clocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_clocks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    counted: tuple[str, ...] = ()
    recorded: frozenset[str] = frozenset()

    @property
    def first(self) -> str:
        """The stage a new case stands in."""
        return next(iter(self.stages))

    def every_move(self) -> tuple[Move, ...]:
        """The moves of the case, then those of every kind of assignment."""
        return (*self.moves.values(), *(m for kind in self.kinds.values() for m in kind.moves.values()))
