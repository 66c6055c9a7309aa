"""Which class model serves: the trained one that is in service, else one made of the catalogue's names alone.

Kept in the process; the id in service is compared once in a few seconds. `context` says what a case tells besides
words.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gezhi.engines import triage
from gezhi.lib.briefly import Briefly
from gezhi.modules.advice.models import CLASS, TrainedModel
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import queries as territory

RECHECK_SECONDS = 5.0
LEVELS = ("street", "community")  # levels of areas that say something; unknown ones are left out


@dataclass(frozen=True, slots=True)
class Serving:
    """A model with its row's id; None: it was made of names and has no row."""

    id: int | None
    model: triage.ClassModel


_in_service: Briefly[None, int | None] = Briefly(RECHECK_SECONDS)
_lock = threading.Lock()
_kept: tuple[tuple[int | None, str], Serving] | None = None


def serving() -> Serving | None:
    """The class model in service, or None where the catalogue is empty. One query in a few seconds."""
    global _kept
    known = catalogue.in_force()
    number = _in_service.get(None, _number)
    wanted = (number, "" if number else known.digest)
    if _kept is not None and _kept[0] == wanted:
        return _kept[1]
    with _lock:
        if _kept is not None and _kept[0] == wanted:
            return _kept[1]
        found = (_trained(number) if number else None) or _of_names()
        if found is not None:
            _kept = (wanted, found)
        return found


def _number() -> int | None:
    return TrainedModel.objects.filter(kind=CLASS, in_service=True).values_list("id", flat=True).first()


def _trained(number: int) -> Serving | None:
    """The model of a row; None where it is gone or of a form this version cannot read: names serve then."""
    row = TrainedModel.objects.filter(id=number).first()
    try:
        return Serving(number, triage.ClassModel.load(bytes(row.content))) if row else None
    except ValueError:
        return None


def _of_names() -> Serving | None:
    told = names()
    return Serving(None, triage.cold_start(told, on=date.min)) if told else None


def names() -> dict[str, list[str]]:
    """Class key → what it is called: its names and, in Chinese and English, when it is filed."""
    return {
        one.key: [one.name, one.name_en, f"{one.major}{one.name}", *_filings(one)]
        for one in catalogue.in_force().classes
    }


def _filings(one: catalogue.ClassFact) -> list[str]:
    said = [condition.filing.get("zh", "") for condition in one.conditions]
    return [words for words in said if words]


def context(*, at: datetime, channel: str, areas: Sequence[int]) -> dict[str, str]:
    """What a case tells besides its words: part of the day, weekday, season, channel, street and community."""
    found = triage.moment_context(at.astimezone(ZoneInfo(switches.profile().zone)))
    return {**found, "channel": channel, **places(areas)}


def places(areas: Sequence[int]) -> Mapping[str, str]:
    """Level → code of the areas in force among these ids."""
    known = territory.areas_in_force().areas
    told = [known[one] for one in areas if one in known]
    return {one.level: one.code for one in told if one.level in LEVELS}


def forget() -> None:
    """Look at once again which model serves."""
    global _kept
    _kept = None
    _in_service.forget()
