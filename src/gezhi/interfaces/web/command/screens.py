"""What each page of the command centre is given; same rules as in `gezhi.interfaces.web.screens`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gezhi.interfaces.web.command.charts import Bars
from gezhi.interfaces.web.generic import ListScreen
from gezhi.interfaces.web.parts import Badge, Clock, Figure, Form, Link, Paging
from gezhi.interfaces.web.screens import Move, QueueRow


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A dated item of a decision: what, by whom, until when, where it stands."""

    what: str
    unit: str
    due: datetime | None
    stage: Badge
    late: bool = False


@dataclass(frozen=True, slots=True)
class DecidedBlock:
    """A decision: its number leads to its case."""

    link: Link
    stage: Badge
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class PointBlock:
    """A point of an agenda. `about`: what stands under its title; `carried`: an earlier decision that is still open;
    `buttons`: up, down, off; `open`: where the chair notes and decides, "" for everybody else."""

    number: int
    anchor: str
    title: str
    href: str = ""
    code: str = ""
    about: tuple[str, ...] = ()
    stage: Badge | None = None
    reasons: tuple[Badge, ...] = ()
    clock: Clock | None = None
    words: str = ""
    carried: DecidedBlock | None = None
    decided: tuple[DecidedBlock, ...] = ()
    buttons: tuple[Form, ...] = ()
    open: Link | None = None


@dataclass(frozen=True, slots=True)
class MeetingScreen:
    """command/meeting.html. `hidden`: the sentence about points that are not this person's to see; `dropped` can be
    taken up again; `moves` are the chair's forms; `papers` the files to take."""

    title: str
    state: Badge
    back: Link
    facts: tuple[tuple[str, str], ...]
    points: tuple[PointBlock, ...]
    empty: str
    hidden: str
    dropped: tuple[PointBlock, ...]
    present: str
    minutes: str
    moves: tuple[Move, ...]
    papers: tuple[Link, ...]
    problem: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class PointScreen:
    """command/point.html: one point of a meeting that is being held, what is said and what is decided on it."""

    title: str
    back: Link
    point: PointBlock
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class MeetingsScreen:
    """command/meetings.html. `upcoming`: the next evening of the series; `prepare` makes its meeting, or `ready` leads
    to it."""

    list: ListScreen
    upcoming: str
    prepare: Form | None = None
    ready: Link | None = None


@dataclass(frozen=True, slots=True)
class CampaignScreen:
    """command/campaign.html: the board of a special operation, and the report of a closed one."""

    title: str
    state: Badge
    back: Link
    facts: tuple[tuple[str, str], ...]
    purpose: str
    closing: str
    figures: tuple[Figure, ...]
    chart: Bars
    tables: tuple[ListScreen, ...]
    tabs: tuple[Link, ...]
    rows: tuple[QueueRow, ...]
    empty: str
    paging: Paging
    moves: tuple[Move, ...]
    papers: tuple[Link, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ReportScreen:
    """command/report.html: figures of a time, in tables. `notes` stand below."""

    title: str
    about: str
    tabs: tuple[Link, ...]
    filters: Form
    figures: tuple[Figure, ...]
    tables: tuple[ListScreen, ...]
    papers: tuple[Link, ...]
    notes: tuple[str, ...] = ()
    chart: Bars | None = None
