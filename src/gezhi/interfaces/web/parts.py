"""Pieces that every page is made of: links, badges, clocks, maps, form fields.

Views fill these frozen dataclasses; templates only lay them out. All texts arrive in the language of the request
(profile texts through `gezhi.lib.texts.said`); all times are aware datetimes; all addresses are ready to use in
`href` / `action`, so no template knows a URL name. Nothing here reads the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

# One vocabulary of state colours for the whole product. Each tone has its own colour, icon and words beside it, so
# colour is never the only carrier: plain 灰 · info 靛青 · progress 湖蓝 · good 松绿 · warn 赭石 · bad 朱砂.
Tone = Literal["plain", "info", "progress", "good", "warn", "bad"]

FieldKind = Literal[
    "text",  # one line
    "words",  # several lines
    "number",  # minimum … maximum
    "date",  # YYYY-MM-DD
    "time",  # HH:MM
    "password",
    "code",  # one-time or query code: digits, large and spaced
    "bool",  # one checkbox
    "choice",  # radio buttons up to 6 choices, else a select
    "pick",  # a long list (classes, areas, one unit): select with optgroups, turned into a type-ahead
    "units",  # lead unit (select) + supporting units (checkboxes); posts `name` repeatedly, the lead first
    "grades",  # 1 … 5, the resident's rating
    "file",  # one file; `placeholder` is what it may be, as the attribute `accept` says it
    "photos",  # up to `maximum` image files, posts `name` repeatedly
    "place",  # map pin; posts `lon`, `lat`, and `name`_area and `name`_address where asked
    "checks",  # several checkboxes, posts `name` repeatedly
    "many",  # the same for a long list, by groups, with a search field over it
    "items",  # dated items of a plan; posts `name`.N.what, .unit, .due for each of `rows`
    "here",  # where somebody stands; posts `name`_lon and `name`_lat, filled by the browser when asked
    "scores",  # a number for each part of each task's score; `cells`
    "hidden",
]


@dataclass(frozen=True, slots=True)
class Link:
    """A way to go. `icon` is a name known to `{% icon %}`; `count` shows as a small number beside the label."""

    label: str
    href: str
    current: bool = False
    count: int | None = None
    icon: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in words, with its tone (colour and icon follow from it)."""

    label: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit. `left` = seconds until due by the wall clock (negative: late); None when it does not run.

    `amber_left`: it turns amber when `left` falls to this many seconds. `limit` says which limit applied
    ("4 work hours"), `why` where it comes from ("class 0102, condition A").
    """

    label: str
    state: Literal["running", "paused", "met", "missed"]
    due: datetime | None = None
    left: int | None = None
    amber_left: int = 0
    limit: str = ""
    why: str = ""

    @property
    def tone(self) -> Tone:
        """Colour of the clock now."""
        if self.state == "met":
            return "good"
        if self.state == "missed" or (self.left is not None and self.left < 0):
            return "bad"
        if self.state == "paused" or self.left is None:
            return "plain"
        return "warn" if self.left <= self.amber_left else "good"


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored picture; `alt` says what it shows or at which step it was taken."""

    href: str
    thumb: str
    alt: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One option. `group` becomes an optgroup; `keys` are further words to find it by (code, pinyin)."""

    value: str
    label: str
    group: str = ""
    keys: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Tip:
    """A suggestion for a field: the value it would take, in words, and why."""

    value: str
    label: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class MapView:
    """What a `<gz-map>` shows. Coordinates are CGCS2000 degrees; bounds = (west, south, east, north).

    `areas_url` → GeoJSON polygons with `id` = area id and properties {name, label?, level, href?, page?, path? ("street
    community")}; for picking, `id` is also the value of the area's option, so that pin and choice follow each other;
    `cases_url` → GeoJSON points with {number, href, tone, stage, title}; `tiles` → a MapLibre style JSON or "".
    `here`: the id of the area the map is about, marked in it; `public`: a tap on an area opens its public page.
    """

    mode: Literal["pick", "place", "cases", "areas"]
    bounds: tuple[float, float, float, float]
    label: str
    lon: float | None = None
    lat: float | None = None
    areas_url: str = ""
    cases_url: str = ""
    tiles: str = ""
    synthetic: bool = False
    lines_url: str = ""  # GeoJSON outlines laid over the areas, dashed: what is in force beside what is proposed
    marks_url: str = ""  # GeoJSON shapes that stand out
    here: int | None = None
    public: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks for. `problem` is the sentence when the last value was refused.

    `value`: text, or a tuple for kinds that post repeatedly; for "place" use `map`, `choices` (areas) and
    `extra` {"lon", "lat", "area", "address"}. `refresh_url`: when the value changes, htmx fetches it with the
    form's values and puts the answer into the field called `refreshes` (class → filing conditions).
    """

    name: str
    label: str
    kind: FieldKind = "text"
    value: str | tuple[str, ...] = ""
    required: bool = False
    hint: str = ""
    problem: str = ""
    placeholder: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    map: MapView | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[tuple[str, str, str], ...] = ()
    cells: tuple[tuple[str, tuple[Field, ...]], ...] = ()
    autocomplete: str = ""
    refresh_url: str = ""
    refreshes: str = ""
    inline: bool = False  # a choice of few short words in one row
    tips: tuple[Tip, ...] = ()  # suggestions, as chips below
    hints_url: str = ""  # asked while one types, with the form's values; its answer stands below

    @property
    def template(self) -> str:
        """The template part that draws this kind."""
        part: str = "line" if self.kind in {"text", "number", "date", "time", "password", "code"} else self.kind
        if self.kind == "choice" and not self.as_radios:
            part = "select"
        return f"parts/fields/{part}.html"

    @property
    def input_type(self) -> str:
        """The `type` of a one-line input."""
        return self.kind if self.kind in {"number", "date", "time", "password"} else "text"

    @property
    def values(self) -> tuple[str, ...]:
        """The value as a tuple, whatever the kind."""
        if isinstance(self.value, tuple):
            return self.value
        return (self.value,) if self.value else ()

    @property
    def as_radios(self) -> bool:
        """A short choice is shown whole; a long one as a select."""
        return self.kind == "choice" and len(self.choices) <= 6

    @property
    def grouped(self) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
        """Choices by group, in the order given."""
        groups: dict[str, list[Choice]] = {}
        for choice in self.choices:
            groups.setdefault(choice.group, []).append(choice)
        return tuple((name, tuple(members)) for name, members in groups.items())


@dataclass(frozen=True, slots=True)
class Form:
    """A form posting to `action`. `key` is unique on the page (ids are `key`-`field.name`).

    `problem` is the sentence above the fields when the whole was refused; `tone` "bad" makes the button a warning.
    """

    key: str
    action: str
    submit: str
    fields: tuple[Field, ...] = ()
    problem: str = ""
    hint: str = ""
    tone: Tone = "info"
    method: Literal["post", "get"] = "post"
    cancel: Link | None = None

    @property
    def has_files(self) -> bool:
        """Must it be sent as multipart?"""
        return any(f.kind in {"photos", "file"} for f in self.fields)


@dataclass(frozen=True, slots=True)
class Paging:
    """Keyset paging: only where there is more. `first` goes back to the newest page."""

    next: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name: value ready to print ("96.4 %"), `note` what it is counted over."""

    label: str
    value: str
    note: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class RunState:
    """parts/run_state.html: how far a job is, fetched anew while it works. `share` per cent; `refresh_url` "" when it
    is over."""

    badge: Badge
    share: int
    message: str
    refresh_url: str
    cancel: Form | None = None
