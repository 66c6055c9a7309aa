"""What each page of the desk is given: the contract between views and templates.

A view builds one of these and renders `{"screen": screen}` with the template named in its docstring; the frame
(top bar, language, bell) comes from the context processor as `frame`. The public pages have their own file,
`gezhi.interfaces.portal.screens`. Samples of every screen stand in tests/interfaces/web/samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _

from gezhi.interfaces.web.parts import Badge, Clock, Form, Link, MapView, Paging, Tone

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
    `message`: the text to copy and send before the move says that it was sent.
    """

    key: str
    title: str
    form: Form
    about: str = ""
    assignment: str = ""
    primary: bool = False
    tone: Tone = "info"
    shortcut: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class ClosedMove:
    """A move that only somebody of a higher rank in the same unit may make; `why` is the sentence."""

    title: str
    why: str
    assignment: str = ""


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
