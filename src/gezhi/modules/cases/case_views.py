"""A case with everything its page shows: what `queries` hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gezhi.engines import procedure as engine
from gezhi.modules.cases.models import Case
from gezhi.modules.ledger.queries import EntryView


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A picture of the case: file id, the entry it came with, and the field it was given in."""

    file: int
    sha256: str
    seq: int
    field: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ClockView:
    """A limit of the case; times in UTC. `title` from the procedure. `pauses`: (from, to or None) as ISO moments;
    `extras`: limits added to it."""

    name: str
    title: engine.Text
    limit: str
    why: str
    assignment: str
    started_at: datetime
    amber_at: datetime | None
    due_at: datetime
    paused: bool
    stopped_at: datetime | None
    missed: bool
    pauses: tuple[tuple[str, str | None], ...] = ()
    extras: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """One unit's task, or one that waits for a duty. `what` and `named_at`: of an item of a plan."""

    key: str
    kind: str
    kind_title: engine.Text
    unit: int | None
    unit_name: str
    unit_name_en: str
    lead: bool
    stage: str
    stage_title: engine.Text
    ended: bool
    round: int
    opened_at: datetime
    what: str = ""
    named_at: datetime | None = None
    helpers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """One entry of the case's story: what the ledger says, with the words and pictures that came with it.

    `title`: of the move, or of what happened; `duty`: title of the duty it was done in; `move`: the one it records.
    """

    entry: EntryView
    move: engine.Move | None
    title: engine.Text
    duty: engine.Text | None
    words: tuple[tuple[str, str], ...]
    photos: tuple[PhotoView, ...]
    said: tuple[tuple[engine.Text, Any], ...]
    automatic: tuple[engine.Text, ...]


@dataclass(frozen=True, slots=True)
class Barred:
    """A move of a task of one's own unit that only somebody of a higher rank may make, and the sentence saying so."""

    move: engine.OpenMove
    sentence: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with everything its page shows. `row` is the table row (for reading only)."""

    row: Case
    stage: engine.Text
    story: tuple[Story, ...]
    assignments: tuple[AssignmentView, ...]
    clocks: tuple[ClockView, ...]
    photos: tuple[PhotoView, ...]
    moves: tuple[engine.OpenMove, ...]
    procedure: engine.Procedure
    reporter_ref: str
    barred: tuple[Barred, ...] = ()
