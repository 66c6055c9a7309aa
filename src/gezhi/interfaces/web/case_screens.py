"""What the pages of one case are given: itself, its trace, an order by telephone, who else is there.

Same rules as in `gezhi.interfaces.web.screens`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gezhi.interfaces.web.advising.screens import AssistantBlock
from gezhi.interfaces.web.parts import Badge, Clock, Field, Form, Link, MapView, Photo, Tone
from gezhi.interfaces.web.screens import ClosedMove, Move, PersonLine, QueueRow


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One hand on the case, oldest first. `who` = person as far as the viewer may see; `post` = in which duty."""

    at: datetime
    title: str
    who: str
    post: str = ""
    words: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    photos: tuple[Photo, ...] = ()
    tone: Tone = "plain"
    automatic: bool = False
    seq: int = 0
    proof: str = ""


@dataclass(frozen=True, slots=True)
class TaskStep:
    """A step a task has taken: when, by whom; `rank`: their rank that day, where the procedure asks for one."""

    title: str
    at: datetime
    who: str
    rank: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """One unit's task. `what`: an item of a plan in words; `helpers`: who assists; `score`: what it got.

    `steps` stand in the order of the group's columns, None where the task has not come there; `acts`: what this person
    may do with it by a button alone.
    """

    unit: str
    stage: Badge
    lead: bool = False
    round: int = 1
    clock: Clock | None = None
    what: str = ""
    helpers: str = ""
    steps: tuple[TaskStep | None, ...] = ()
    score: str = ""
    score_note: str = ""
    acts: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """The tasks of one kind. `wide`: many, or items of a plan: a table with the steps as columns."""

    key: str
    title: str
    lines: tuple[AssignmentLine, ...]
    columns: tuple[str, ...] = ()
    wide: bool = False

    @property
    def scored(self) -> bool:
        """Has any of them a score?"""
        return any(line.score for line in self.lines)

    @property
    def acting(self) -> bool:
        """May this person do anything in one of its rows?"""
        return any(line.acts for line in self.lines)

    @property
    def planned(self) -> bool:
        """Are they items of a plan?"""
        return any(line.what for line in self.lines)


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One limit with all that moved it: `spells`: while it stood still (None: it still does); `extras`: in words."""

    clock: Clock
    of: str
    began: datetime
    ended: datetime | None
    spells: tuple[tuple[datetime, datetime | None], ...] = ()
    extras: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinedLine:
    """A case that belongs with this one; `relation`: how, in words."""

    relation: str
    number: str
    href: str
    title: str
    stage: Badge


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody was faster: what has happened `since`, beside what was about to be sent, `mine`.

    `move`: the form itself, to be sent again, where the move is still open; None where the case has moved past it.
    """

    sentence: str
    since: tuple[TimelineEntry, ...]
    mine: tuple[tuple[str, str], ...]
    title: str
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class MaskedValue:
    """A personal value: masked, unless it was just revealed to this person for a recorded reason."""

    label: str
    masked: str
    revealed: str = ""


@dataclass(frozen=True, slots=True)
class ReporterBlock:
    """The reporter. `reveal` is None for people without the right; `note` says until when the values are kept."""

    channel: str
    values: tuple[MaskedValue, ...] = ()
    reveal: Form | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LedgerProof:
    """The chain of this case: how many entries, the head's hash (hex, shown shortened), whether it verified."""

    entries: int
    head: str
    intact: bool
    signed_until: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class PhotoSide:
    """One half of what it looked like before and after the work."""

    title: str
    at: datetime
    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class CaseScreen:
    """desk/case.html. `facts`: (name, value) pairs of the head block (class, channel, area, address, …).

    `notice` is the sentence when this person can do nothing here now (whose turn it is). `near`: open cases close
    by, possible duplicates; `earlier`: what the same person reported besides. `begins`: what can be begun from here.
    `compared`: before and after, once both are there.
    `closed_moves` are shown, with their reason, but cannot be made by this person.
    `beside_url` is asked again and again who else has the page open, at which `revision` it was drawn. Lists may be
    empty; blocks without content do not show.
    """

    number: str
    title: str
    stage: Badge
    flags: tuple[Badge, ...]
    clocks: tuple[Clock, ...]
    words: str
    photos: tuple[Photo, ...]
    facts: tuple[tuple[str, str], ...]
    moves: tuple[Move, ...]
    notice: str
    timeline: tuple[TimelineEntry, ...]
    tasks: tuple[TaskGroup, ...]
    people: tuple[PersonLine, ...]
    reporter: ReporterBlock
    ledger: LedgerProof
    back: Link
    place: MapView | None = None
    place_text: str = ""
    limits: tuple[LimitLine, ...] = ()
    limits_over: tuple[LimitLine, ...] = ()
    joined: tuple[JoinedLine, ...] = ()
    near: tuple[QueueRow, ...] = ()
    earlier: tuple[QueueRow, ...] = ()
    begins: tuple[Link, ...] = ()
    conflict: Conflict | None = None
    problem: str = ""
    beside_url: str = ""
    trace_url: str = ""
    likely_url: str = ""
    assistant: AssistantBlock | None = None
    revision: int = 0
    compared: tuple[PhotoSide, ...] = ()
    closed_moves: tuple[ClosedMove, ...] = ()


@dataclass(frozen=True, slots=True)
class CallScreen:
    """desk/call.html: an order by telephone. `caller`: number and name; `earlier`: the caller's own orders before, None
    while no number was looked up; `earlier_url` gives them alone (desk/parts/earlier.html). `files`: orders by file."""

    form: Form
    caller: tuple[Field, ...]
    earlier_url: str
    earlier: Sequence[QueueRow] | None
    privacy: str
    may_answer: bool
    back: Link
    files: Link
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TraceSpan:
    """From when until when (None: still) something stood somewhere. `people`: (name, as what, on which days)."""

    what: str
    of: str
    began: datetime
    ended: datetime | None
    end: bool
    duties: str
    people: tuple[tuple[str, str, str], ...]
    limits: tuple[tuple[str, Clock], ...] = ()


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One entry: what was done, by whom in which duty, holding which posts that day, by which move of the procedure."""

    seq: int
    at: datetime
    title: str
    who: str
    duty: str
    held: tuple[str, ...]
    rule: str
    hash: str


@dataclass(frozen=True, slots=True)
class TraceScreen:
    """desk/trace.html: who was responsible for what, when, under which rule; one page to print."""

    number: str
    title: str
    stage: Badge
    back: Link
    rules: tuple[tuple[str, str], ...]
    spans: tuple[TraceSpan, ...]
    steps: tuple[TraceStep, ...]
    ledger: LedgerProof
    drawn_at: datetime
    data_href: str = ""


@dataclass(frozen=True, slots=True)
class BesideScreen:
    """desk/parts/beside.html: who else has the case open; `moved`: the stage it stands at now, where it has moved."""

    people: tuple[PersonLine, ...]
    moved: str = ""
    href: str = ""
