"""What others ask of this room: suggestions for a case, suggestions while somebody types, hints to who writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from gezhi.engines import triage
from gezhi.modules.advice import service
from gezhi.modules.advice.beside import Likely, likely
from gezhi.modules.advice.models import CLASS, UNIT
from gezhi.modules.catalogue import queries as catalogue

__all__ = [
    "Advice",
    "ClassChoice",
    "Found",
    "Hint",
    "Likely",
    "UnitChoice",
    "classes",
    "for_case",
    "found_in",
    "likely",
    "reply_hints",
]

LEAST = 0.08  # probability below which a class is not worth a chip
SHOWN = 3
LONGEST = 2_000  # characters of a text that are looked at while it is typed


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A suggested class of the catalogue in force."""

    key: str
    name: str
    name_en: str
    probability: float


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A suggested unit, and why: of `of` cases alike in `alike` (fact → value), it accepted so many and returned so
    many."""

    organisation: int
    probability: float
    alike: tuple[tuple[str, str], ...]
    accepted: int
    of: int
    returned: int


@dataclass(frozen=True, slots=True)
class Advice:
    """What is suggested for a case; nothing is an answer."""

    classes: tuple[ClassChoice, ...] = ()
    units: tuple[UnitChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A particular in a text: `kind` (address, time, plate, amount, people), as written, and in one form."""

    kind: str
    text: str
    value: str


def for_case(case: int) -> Advice:
    """What was suggested for a case. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, choices::text FROM advice_suggestion WHERE case_id = %s", [case])
        found = {kind: _loads(choices) for kind, choices in cursor.fetchall()}
    return Advice(
        tuple(one for key, sure, _why in found.get(CLASS, ()) if (one := _class(key, sure)))[:SHOWN],
        tuple(_unit(key, sure, why) for key, sure, why in found.get(UNIT, ()))[:SHOWN],
    )


def _loads(choices: str) -> list[list[Any]]:
    found: list[list[Any]] = json.loads(choices)
    return found


def _class(key: str, sure: float) -> ClassChoice | None:
    fact = catalogue.in_force().by_key.get(key)
    return ClassChoice(key, fact.name, fact.name_en, sure) if fact and sure >= LEAST else None


def _unit(key: str, sure: float, why: dict[str, Any]) -> UnitChoice:
    alike = tuple((str(name), str(value)) for name, value in why["alike"].items())
    return UnitChoice(int(key), sure, alike, why["accepted"], why["of"], why["returned"])


def classes(words: str, *, at: datetime, channel: str, areas: Sequence[int] = ()) -> tuple[ClassChoice, ...]:
    """Classes for words that are still being typed, at most three. No query but the model's own."""
    text = words.strip()[:LONGEST]
    serving = service.serving() if text else None
    if serving is None:
        return ()
    told = serving.model.suggest(text, service.context(at=at, channel=channel, areas=areas), top=SHOWN)
    return tuple(one for choice in told if (one := _class(choice.label, choice.probability)))


_TOLD = ("address", "time", "plate", "amount", "people")


def found_in(words: str) -> tuple[Found, ...]:
    """Particulars of a text, for a person to confirm. Numbers of persons are not repeated. No query."""
    found = {one.text: Found(one.kind, one.text, one.value) for one in triage.extract(words[:LONGEST])}
    return tuple(one for one in found.values() if one.kind in _TOLD)


@dataclass(frozen=True, slots=True)
class Hint:
    """Something the writer of a reply may want to look at; `about`: the question that is left open."""

    code: str
    about: str = ""


def reply_hints(*, question: str, reply: str) -> tuple[Hint, ...]:
    """What a reply lacks: for its writer alone, kept nowhere. No query."""
    found = triage.check_reply(question, reply)
    return tuple(Hint(one.code, question[slice(*one.span)] if one.span else "") for one in found.hints)
