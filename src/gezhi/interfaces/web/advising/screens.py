"""What each piece of advice on a page is given; same rules as in `gezhi.interfaces.web.screens`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gezhi.interfaces.web.generic import ListScreen
from gezhi.interfaces.web.parts import Badge, Figure, Form, Link, MapView, Tip


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """An earlier report that may be the same. Residents get no number and no way to it."""

    title: str
    about: str
    sure: str
    number: str = ""
    href: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class TypedScreen:
    """advising/typed.html: what can be said while a report is typed. `target`, `place_target`: the ids of
    the fields for the class and for the address."""

    target: str
    classes: tuple[Tip, ...] = ()
    place_target: str = ""
    places: tuple[Tip, ...] = ()
    found: tuple[tuple[str, str], ...] = ()
    same: tuple[AlikeLine, ...] = ()


@dataclass(frozen=True, slots=True)
class HintsScreen:
    """advising/hints.html: what a reply lacks; `done`: long enough to be looked at."""

    hints: tuple[str, ...]
    done: bool


@dataclass(frozen=True, slots=True)
class DraftScreen:
    """advising/draft.html: a draft of the writing assistant, as it comes. `refresh_url` while it is being written."""

    title: str
    text: str = ""
    problem: str = ""
    refresh_url: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class SpotCard:
    """A cluster: where, what, since when, how many instead of how many; `cases` leads to some of them."""

    rank: int
    title: str
    place: str
    period: str
    figures: tuple[Figure, ...]
    badge: Badge | None
    cases: tuple[Link, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class SpotsScreen:
    """advising/spots.html: all that stands out, or one cluster as people were warned of it, with `back` to all."""

    title: str
    about: str
    tabs: tuple[Link, ...]
    spots: tuple[SpotCard, ...]
    seen_at: datetime | None
    span: str
    map: MapView | None
    formula: str
    back: Link | None = None


@dataclass(frozen=True, slots=True)
class CardScreen:
    """advising/models.html: the model in service, how it did; `tables`: how its suggestions were taken, its
    errors by class, earlier ones."""

    title: str
    about: str
    tabs: tuple[Link, ...]
    facts: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    tables: tuple[ListScreen, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssistantBlock:
    """The writing assistant on a case page: one button for each thing it can draft."""

    forms: tuple[Form, ...]
