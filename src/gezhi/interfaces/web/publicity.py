"""What the public is shown of a grid, in words, for page, poster and card alike (clause YZ-12).

Who is shown is decided by `territory.publicity`; here keys become words and addresses in the language of the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels, pictures
from gezhi.lib.errors import NotThere
from gezhi.lib.texts import said
from gezhi.modules.territory import publicity
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.publicity import Keeper
from gezhi.modules.territory.queries import AreaFact


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody who answers for a grid, in words. `over` names their area where it is not the grid itself; `photo` is a
    stored file's SHA-256."""

    name: str
    title: str
    over: str
    duties: tuple[str, ...]
    phone: str = ""
    note: str = ""
    photo: str = ""
    invented: bool = False

    @property
    def dial(self) -> str:
        """The number as a telephone takes it."""
        return "".join(c for c in self.phone if c.isdigit() or c == "+")

    @property
    def portrait(self) -> str:
        """The address of the portrait; "" without one."""
        return pictures.portrait(self.photo) if self.photo else ""


@dataclass(frozen=True, slots=True)
class Published:
    """A grid as the public sees it. `place`: the names above it, from the top down."""

    area: AreaFact
    name: str
    place: tuple[str, ...]
    people: tuple[Shown, ...]
    publisher: str
    address: str

    @property
    def vacancy(self) -> str:
        """The sentence where nobody stands for the grid itself; "" where somebody does."""
        if not self.people:
            return _("The post is vacant at the moment; please call the hotline.")
        if all(one.over for one in self.people):
            return _("The post is vacant at the moment; please call the people below or the hotline.")
        return ""


def grid_of(code: str) -> AreaFact:
    """The area in force with this code. Raises NotThere."""
    found = territory.areas_in_force().by_code.get(code)
    if found is None:
        raise NotThere(_("There is no such area."))
    return found


def is_grid(area: AreaFact) -> bool:
    """Does the area have a public page? Those of the level at which somebody answers for every square metre."""
    return area.level == labels.profile().grid_level


def name_of(area: AreaFact) -> str:
    """Its name in the language of the request."""
    return (area.name_en or area.name) if labels.english() else area.name


def short_name(area: AreaFact) -> str:
    """Its name without its parent's, where it begins with that: «第3网格»."""
    parent = territory.areas_in_force().areas.get(area.parent or 0)
    name = name_of(area)
    rest = name.removeprefix(name_of(parent)).lstrip(" ,，·") if parent else name
    return rest or name


def label(area: AreaFact) -> str:
    """Its name as a map has room for it: where it begins with its parent's, each on a line of its own."""
    short, name = short_name(area), name_of(area)
    return name if short == name else f"{name.removesuffix(short).rstrip(' ,，·')}\n{short}"


def published(areas: Iterable[AreaFact], *, on: date) -> list[Published]:
    """What is shown of some grids. Two queries, however many."""
    snapshot = territory.areas_in_force()
    grounds = {area.id: publicity.grounds_of(area.id) for area in areas}
    every = {one for listed in grounds.values() for one in listed}
    keepers = publicity.keepers(every, on=on)
    publishers = publicity.publishers(every)
    found = []
    for number, listed in grounds.items():
        area = snapshot.areas[number]
        above = [snapshot.areas[i] for i in area.path[:-1] if i in snapshot.areas]
        unit = next((publishers[i] for i in listed if i in publishers), None)
        found.append(
            Published(
                area=area,
                name=name_of(area),
                place=tuple(name_of(one) for one in above),
                people=_people(number, (one for i in listed for one in keepers.get(i, ()))),
                publisher=labels.unit(unit),
                address=settings.PUBLIC_URL.rstrip("/") + reverse("portal_grid", args=[area.code]),
            )
        )
    return found


def one(area: AreaFact, *, on: date) -> Published:
    """What is shown of one grid. Two queries."""
    return published([area], on=on)[0]


def _people(grid: int, keepers: Iterable[Keeper]) -> tuple[Shown, ...]:
    """Each person once, with all their public posts here, those for the grid itself first."""
    by_account: dict[int, list[Keeper]] = {}
    for keeper in keepers:
        by_account.setdefault(keeper.account, []).append(keeper)
    return tuple(_shown(grid, held) for held in by_account.values())


def _shown(grid: int, held: list[Keeper]) -> Shown:
    first = held[0]
    over = territory.areas_in_force().areas.get(first.area)
    separator = " · " if labels.english() else "、"
    return Shown(
        name=first.name,
        title=separator.join(dict.fromkeys(said(keeper.title) for keeper in held)),
        over=name_of(over) if over and first.area != grid else "",
        duties=tuple(dict.fromkeys(said(text) for keeper in held for text in keeper.duties)),
        phone=first.phone,
        note=first.note,
        photo=first.photo,
        invented=first.invented,
    )
