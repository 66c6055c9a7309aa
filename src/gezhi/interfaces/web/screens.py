"""What each page of the desk is given: the contract between views and templates.

A view builds one of these and renders `{"screen": screen}` with the template named in its docstring; the frame
(top bar, language, bell) comes from the context processor as `frame`. The public pages have their own file,
`gezhi.interfaces.portal.screens`. Samples of every screen stand in tests/interfaces/web/samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy as _

from gezhi.interfaces.web.parts import Badge, Clock, Field, Figure, Form, Link, MapView, Paging, Photo, Tone

if TYPE_CHECKING:
    from gezhi.interfaces.web.advising.screens import AssistantBlock
    from gezhi.interfaces.web.territory.screens import AreaStanding

HEADINGS = {
    400: _("We could not read that"),
    403: _("This is not open to you"),
    404: _("Nothing here"),
    409: _("Not at this moment"),
    413: _("Too much at once"),
    422: _("Please check what you entered"),
    429: _("Too many attempts"),
    503: _("Not available right now"),
}


# --- frame: on every page, from a context processor as `frame` -------------------------------------------------
@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in. `menu`: own page, second factor, … ; signing out is a form posting to `logout_url`."""

    name: str
    post: str
    organisation: str
    logout_url: str
    notices_url: str
    unread: int = 0
    menu: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """A language to switch to; `code` is what Django's set_language wants ("zh-hans", "en")."""

    code: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page. Context processor → `{"frame": Frame}`; base.html bears its absence (500).

    `kind` decides the density: "desk" 14 px with navigation, "portal" 17 px with few links. `here` = path with
    query, to come back to after switching language. `events_url` = /events for signed-in people, else "".
    `unread_url` answers with templates/parts/bell.html, `ways_url` with what the command palette offers. `ribbon` =
    one sentence over everything (demonstration).
    """

    kind: Literal["portal", "desk", "admin"]
    city: str
    home_url: str
    nav: tuple[Link, ...]
    footer: tuple[Link, ...]
    languages: tuple[Language, ...]
    set_language_url: str
    here: str
    complaints_url: str
    login_url: str = ""
    signed: Signed | None = None
    events_url: str = ""
    unread_url: str = ""
    ribbon: str = ""
    ways_url: str = ""


# --- desk ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class QueueNav:
    """templates/desk/parts/queues.html, also fetched alone from `refresh_url` when something happened.

    `groups`: (heading, queues); a queue is a Link with count and tone ("bad" when it holds late cases).
    """

    groups: tuple[tuple[str, tuple[Link, ...]], ...]
    refresh_url: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case in a list, drawn by `{% case_rows %}`. `flags`: short badges (rework 2, supervised, place unknown).

    `at`: "lon,lat" for the map beside; `revision`: as it was when it was shown.
    """

    number: str
    href: str
    words: str
    class_name: str
    stage: Badge
    place: str
    channel: str
    reported_at: datetime
    clock: Clock | None = None
    unit: str = ""
    flags: tuple[Badge, ...] = ()
    at: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class BulkMove:
    """A move that can be made on several cases of a list at once."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class QueueScreen:
    """desk/queue.html (rows alone: desk/parts/rows.html).

    `filters` is a GET form (q, class, area, channel, time, state); `chips` are the filters in force, each a link that
    removes it. `total` is None where counting would be slow. `empty` is the sentence when there are no rows. `bulk`:
    the moves offered for chosen rows, asked for at `bulk_url`; `tools` concern the list as a whole.
    """

    nav: QueueNav
    title: str
    about: str
    rows: tuple[QueueRow, ...]
    filters: Form
    chips: tuple[Link, ...]
    paging: Paging
    empty: str
    total: int | None = None
    map: MapView | None = None
    map_off: bool = False
    queue: str = ""
    bulk: tuple[BulkMove, ...] = ()
    bulk_url: str = ""
    tools: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What came of one case: done (where it stands now) or refused (why)."""

    number: str
    href: str
    title: str
    done: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class BulkScreen:
    """desk/bulk.html: one move on many cases. `rows`: the cases it is to be made on, all chosen; `lines`: what came of
    the last try, where there was one. `form` holds exactly the fields the move needs; None where no case is left."""

    title: str
    about: str
    back: Link
    queue: str
    move: str
    rows: tuple[QueueRow, ...]
    form: Form | None
    lines: tuple[BulkLine, ...] = ()
    done: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """A move this person may make now. The first `primary` one stands open. `assignment` names whose task it is.

    `about` says in one sentence what happens next. `form.action` takes the post; a refusal renders the case page
    again with `form.problem` and `field.problem` filled, status 4xx. `shortcut`: the one key that opens it.
    """

    key: str
    title: str
    form: Form
    about: str = ""
    assignment: str = ""
    primary: bool = False
    tone: Tone = "info"
    shortcut: str = ""


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
class PersonLine:
    """Somebody responsible. `duty` = why they stand here (grid leader, handling unit); vacancies have no name."""

    duty: str
    name: str = ""
    organisation: str = ""
    phone: str = ""
    since: str = ""
    photo: str = ""
    invented: bool = False

    @property
    def vacant(self) -> bool:
        """Is nobody in the post?"""
        return not self.name


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
class CaseScreen:
    """desk/case.html. `facts`: (name, value) pairs of the head block (class, channel, area, address, …).

    `notice` is the sentence when this person can do nothing here now (whose turn it is). `near`: open cases close
    by, possible duplicates; `earlier`: what the same person reported besides. `begins`: what can be begun from here.
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


@dataclass(frozen=True, slots=True)
class CallScreen:
    """desk/call.html: an order by telephone. `caller`: number and name; `earlier`: the caller's own orders before, None
    while no number was looked up; `earlier_url` gives them alone (desk/parts/earlier.html)."""

    form: Form
    caller: tuple[Field, ...]
    earlier_url: str
    earlier: Sequence[QueueRow] | None
    privacy: str
    may_answer: bool
    back: Link
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


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice to this person."""

    at: datetime
    words: str
    href: str
    read: bool
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class NoticesScreen:
    """desk/notices.html. `mark_all` posts and marks everything read; None when nothing is unread."""

    notices: tuple[NoticeLine, ...]
    paging: Paging
    mark_all: Form | None = None


@dataclass(frozen=True, slots=True)
class AreaScreen:
    """desk/area.html: one area with its people. `path`: from the district down; `children`: the areas below; `papers`:
    its public page, poster, cards; `standing`: its six fixes, posts and history (territory/parts/standing.html)."""

    name: str
    code: str
    layer: str
    level: str
    path: tuple[Link, ...]
    people: tuple[PersonLine, ...]
    children: tuple[Link, ...]
    figures: tuple[Figure, ...]
    map: MapView
    synthetic: bool = False
    cases: Link | None = None
    standing: AreaStanding | None = None
    papers: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusalScreen:
    """errors/refusal.html for every status a refusal can have. `sentence` is the refusal's own.

    `reference` = request id to quote on the phone; `ways` = where to go from here.
    """

    status: int
    sentence: str
    problems: tuple[tuple[str, str], ...] = ()
    reference: str = ""
    ways: tuple[Link, ...] = ()

    @property
    def heading(self) -> str:
        """A few words for the status, in the language of the request."""
        return str(HEADINGS.get(self.status, _("That did not work")))
