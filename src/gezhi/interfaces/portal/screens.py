"""What each public page is given. The pieces come from the desk's kit, the templates extend its base.html.

Nothing on these screens may carry a personal value of anybody: not of the reporter, not of the staff beyond their
post and organisation; of those who hold a public post, also what the duty publishes (name, duty phone, portrait).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gezhi.interfaces.web.parts import Badge, Clock, Field, Figure, Form, Link, MapView, Photo
from gezhi.interfaces.web.publicity import Shown


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A case as everybody may see it: class and place in words, state, time."""

    title: str
    place: str
    stage: Badge
    at: datetime


@dataclass(frozen=True, slots=True)
class HomeScreen:
    """portal/home.html. `figures`: three or four honest numbers; `recent`: some cases closed lately."""

    city: str
    report_url: str
    follow_form: Form  # one field `code`, GET or POST to the follow page
    about_url: str
    complaints_url: str
    grids_url: str = ""
    figures: tuple[Figure, ...] = ()
    recent: tuple[PublicRow, ...] = ()
    map: MapView | None = None


@dataclass(frozen=True, slots=True)
class ReportScreen:
    """portal/report.html: three calm steps on one page.

    `form.fields` is empty: the page lays the fields out itself. `once` is the idempotency key posted as `once`.
    `classes`: optional suggestions. `privacy`: what happens to name and phone, in one sentence.
    """

    form: Form
    once: str
    words: Field  # kind "words", name "words"
    classes: Field  # kind "pick", name "class"
    photos: Field  # kind "photos", name "photos"
    place: Field  # kind "place", name "place": posts lon, lat, place_area, place_address
    name: Field  # kind "text", name "name", autocomplete "name"
    phone: Field  # kind "text", name "phone", autocomplete "tel"
    privacy: str


@dataclass(frozen=True, slots=True)
class ReceiptScreen:
    """portal/receipt.html. `qr_svg` = the whole <svg> element (no style attribute), of `follow_url`.

    `steps`: what happens next, each with how long it may take. `limit` = the sentence on the whole.
    """

    number: str
    code: str
    follow_url: str
    qr_svg: str
    reported_at: datetime
    words: str
    place: str
    photos: int
    steps: tuple[tuple[str, str], ...]
    limit: str
    home_url: str


@dataclass(frozen=True, slots=True)
class FollowAskScreen:
    """portal/follow_ask.html: enter number and code. `form` has fields `number` (optional) and `code`."""

    form: Form


@dataclass(frozen=True, slots=True)
class PublicStep:
    """One step of the public timeline; `done` False = still to come. `by` is an organisation, never a person."""

    title: str
    at: datetime | None = None
    by: str = ""
    words: str = ""
    photos: tuple[Photo, ...] = ()
    done: bool = True
    now: bool = False


@dataclass(frozen=True, slots=True)
class FollowScreen:
    """portal/follow.html. `rate` only when the case is closed and not yet rated; `rated` = the sentence after.

    `more`: what else the reporter may do (take it back, have it opened again). `notice`: where it went, if merged.
    `problem`: why something tried was refused, where no form is there to say it.
    """

    number: str
    title: str
    stage: Badge
    reported_at: datetime
    words: str
    place: str
    photos: tuple[Photo, ...]
    steps: tuple[PublicStep, ...]
    result: str = ""
    result_photos: tuple[Photo, ...] = ()
    clock: Clock | None = None
    rate: Form | None = None  # fields: `grade` (kind grades), `solved` (choice yes/no), `words`
    rated: str = ""
    more: tuple[Form, ...] = ()
    notice: str = ""
    problem: str = ""
    map: MapView | None = None
    complaints_url: str = ""


@dataclass(frozen=True, slots=True)
class GridFindScreen:
    """portal/grids.html: by a tap on the map, by name, or down the list.

    `found`: areas by place or name, each a link; `nothing` says that a name was not found. `path` and `here`: where in
    the list one stands; `groups`: (heading, links) below it. `problem`: the sentence on the place that was sent.
    """

    search: Form  # one field `q`, GET
    map: MapView  # picks; the form around it sends `lon` and `lat` to `place_url`
    place_url: str
    problem: str
    found: tuple[Link, ...]
    nothing: str
    path: tuple[Link, ...]
    here: str
    groups: tuple[tuple[str, tuple[Link, ...]], ...]


@dataclass(frozen=True, slots=True)
class GridScreen:
    """portal/grid.html: a grid, its people, its papers. `qr_svg` = the whole <svg> element, of `address`."""

    code: str
    name: str
    path: tuple[Link, ...]
    people: tuple[Shown, ...]
    vacancy: str
    qr_svg: str
    address: str
    report_url: str
    poster: Link
    card: Link
    hotline: str
    publisher: str
    find_url: str
    synthetic: str = ""
    map: MapView | None = None


@dataclass(frozen=True, slots=True)
class ComplaintScreen:
    """portal/complaint.html: complaints about the service itself. `lines`: other doors (phone, office hours)."""

    lines: tuple[tuple[str, str], ...]
    form: Form | None = None
    sent: str = ""


@dataclass(frozen=True, slots=True)
class AboutScreen:
    """portal/about.html: what this is, who runs it, which data it keeps and why. Paragraphs by heading."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]
    facts: tuple[tuple[str, str], ...]
    links: tuple[Link, ...] = ()
