"""What each page about territory is given; same rules as in `gezhi.interfaces.web.screens`."""

from __future__ import annotations

from dataclasses import dataclass

from gezhi.interfaces.web.generic import ListScreen
from gezhi.interfaces.web.parts import Badge, Figure, Form, Link, MapView, RunState
from gezhi.interfaces.web.screens import Move, PersonLine


@dataclass(frozen=True, slots=True)
class LayerLine:
    """One layer: how many areas of which level, what is wrong, what is vacant, its rule in words, files to take."""

    name: str
    about: str
    counts: tuple[Figure, ...]
    problems: Link
    vacancies: Link | None
    files: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TerritoryScreen:
    """territory/home.html. `actions` are for those who draw; `looks` for everybody at the desk."""

    title: str
    about: str
    actions: tuple[Link, ...]
    looks: tuple[Link, ...]
    layers: tuple[LayerLine, ...]
    plans: ListScreen
    runs: ListScreen
    map: MapView


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem; `show` is the page with it on the map, `current` when it is on it; on a page whose map is there
    already, `mark` is the address of its shape. `href` opens the area, "" for none."""

    badge: Badge
    sentence: str
    show: str
    href: str = ""
    area: str = ""
    current: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ProblemsScreen:
    """territory/problems.html. `tabs` are the layers with their counts; `more` says how many are not listed."""

    title: str
    about: str
    back: Link
    tabs: tuple[Link, ...]
    problems: tuple[ProblemLine, ...]
    empty: str
    more: str
    map: MapView


@dataclass(frozen=True, slots=True)
class HeldLine:
    """The area of one layer at a place on a day, and who was responsible for it."""

    layer: str
    area: Link
    place: str
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class WhoseScreen:
    """territory/whose.html: a place, a day, and whose it was. `notice` is the sentence where nothing was found."""

    title: str
    about: str
    back: Link
    form: Form
    heading: str
    lines: tuple[HeldLine, ...]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One grid of a plan in the list: its people, how far from the norm, what becomes of it. `rename`: a form."""

    key: int
    code: str
    name: str
    households: str
    population: str
    bar: int
    norm: Badge
    fate: Badge
    rename: Form | None = None


@dataclass(frozen=True, slots=True)
class PlanSide:
    """territory/parts/plan_side.html, fetched anew after each step: the comparison, problems, grids, undo and redo.

    `edit_url` takes the plain forms of people without scripts; it is "" when the plan is not to be drawn any more.
    """

    revision: int
    edit_url: str
    figures: tuple[Figure, ...]
    problems: tuple[ProblemLine, ...]
    sound: str
    rows: tuple[PlanRow, ...]
    gone: tuple[str, ...]
    undo: bool = False
    redo: bool = False


@dataclass(frozen=True, slots=True)
class PlanMap:
    """What `<gz-plan>` needs. `shape`: polygon, line or point; `blocks_url` is "" where there are no blocks."""

    bounds: tuple[float, float, float, float]
    label: str
    areas_url: str
    edit_url: str
    side_url: str
    blocks_url: str
    shape: str
    covers: bool
    revision: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class PlanScreen:
    """territory/plan.html: a plan with its editor and what can be done with it."""

    title: str
    badge: Badge
    about: str
    back: Link
    facts: tuple[tuple[str, str], ...]
    side: PlanSide
    map: PlanMap
    moves: tuple[Move, ...]
    notice: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal: what it aims at, its figures beside today's, and the form that makes it a plan."""

    title: str
    about: str
    href: str
    current: bool
    figures: tuple[tuple[str, str, str], ...]
    adopt: Form | None = None


@dataclass(frozen=True, slots=True)
class RunScreen:
    """territory/run.html. `figures` of a proposal are (name, proposed, today); `notes` what came of communities."""

    title: str
    about: str
    back: Link
    state: RunState
    asked: tuple[tuple[str, str], ...]
    proposals: tuple[Proposal, ...]
    map: MapView
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OnenessScreen:
    """territory/oneness.html: layers laid over each other. `fates` is the table of what each old area becomes."""

    title: str
    about: str
    back: Link
    form: Form
    figures: tuple[Figure, ...] = ()
    fates: ListScreen | None = None
    begin: Form | None = None
    map: MapView | None = None


@dataclass(frozen=True, slots=True)
class FixLine:
    """One of the six fixes in words; `missing` when it is a vacancy."""

    name: str
    text: str
    note: str
    missing: bool


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A post of the matrix: who holds it, and how many are missing."""

    post: str
    wanted: str
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class AreaStanding:
    """territory/parts/standing.html, on the page of an area: the six fixes, the posts, other days, other outlines.

    `day` is a GET form that shows another day; `told` says which day is shown when it is not today.
    """

    fixes: tuple[FixLine, ...]
    seats: tuple[SeatLine, ...]
    history: tuple[tuple[str, Link], ...]
    day: Form
    told: str = ""
    write: Form | None = None
    acts: tuple[Link, ...] = ()


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
