"""A year as twelve small months: what the page is given, and how days become months. Same rules as in `screens`.

Colour never stands alone: a day off or made up for carries a sign, a changed one a mark, and each says itself in words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from django.utils.dates import MONTHS
from django.utils.translation import pgettext

from gezhi.interfaces.web.generic import ListScreen
from gezhi.interfaces.web.parts import Link
from gezhi.interfaces.web.screens import Move

DayState = Literal["working", "weekend", "off", "makeup"]


@dataclass(frozen=True, slots=True)
class Day:
    """One day: `sign` is a letter on it ("" for a usual one), `words` say it in full, `changed` that it was decided
    here and not by the profile."""

    number: int
    iso: str
    href: str
    state: DayState
    sign: str
    words: str
    changed: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """One month: `weeks` of seven places each, Monday first; None where the place belongs to another month."""

    title: str
    weeks: tuple[tuple[Day | None, ...], ...]
    count: str


@dataclass(frozen=True, slots=True)
class YearScreen:
    """generic/year.html: the year, what its signs mean, forms at the side, and a table below."""

    title: str
    about: str
    year: int
    before: Link | None
    after: Link | None
    weekdays: tuple[str, ...]
    months: tuple[Month, ...]
    legend: tuple[tuple[DayState, str, str], ...]
    changed_words: str
    picked: bool
    moves: tuple[Move, ...]
    table: ListScreen


def months(days: Sequence[tuple[date, Day]], count: Callable[[Sequence[Day]], str]) -> tuple[Month, ...]:
    """Twelve months of the days of a year, in order; `count` says something about each."""
    made = []
    for number, group in groupby(days, key=lambda one: one[0].month):
        listed = list(group)
        places: list[Day | None] = [None] * (listed[0][0].isoweekday() - 1) + [day for _date, day in listed]
        places += [None] * (-len(places) % 7)
        weeks = tuple(tuple(places[n : n + 7]) for n in range(0, len(places), 7))
        made.append(Month(str(MONTHS[number]), weeks, count([day for _date, day in listed])))
    return tuple(made)


def weekdays() -> tuple[str, ...]:
    """Monday to Sunday in a letter or two."""
    return (
        pgettext("weekday", "Mo"),
        pgettext("weekday", "Tu"),
        pgettext("weekday", "We"),
        pgettext("weekday", "Th"),
        pgettext("weekday", "Fr"),
        pgettext("weekday", "Sa"),
        pgettext("weekday", "Su"),
    )
