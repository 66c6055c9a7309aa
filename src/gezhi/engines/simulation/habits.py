"""How people are used to doing things: per move, how readily, how long it takes, what they choose and say.

Written in a profile, so that a city's mistakes are data too:

    finish: {weight: 1, minutes: 180, spread: 0.8, hours: work, words: ["已清理完毕"]}
    return: {weight: 0.05, minutes: 60, choices: {reason: {not_ours: 3, unclear: 1}}}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_KEYS = frozenset({"weight", "minutes", "spread", "hours", "choices", "words"})


class SpecError(ValueError):
    """Habits that cannot be read; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Habit:
    """`weight` among the moves open at a time (0: never made; where all of them together weigh less than 1, the rest is
    the chance that nobody does anything); median `minutes` and log-normal `spread` of the time
    taken; `working`: only shifts count; `choices`: field → choice → weight; `words` to pick texts from."""

    weight: float = 1.0
    minutes: float = 30.0
    spread: float = 0.7
    working: bool = True
    choices: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    words: tuple[str, ...] = ()


def read_habits(spec: Mapping[str, object]) -> dict[str, Habit]:
    """Habits by move name. Raises SpecError naming the move."""
    return {move: _habit(move, entry) for move, entry in spec.items()}


def _habit(move: str, entry: object) -> Habit:
    if not isinstance(entry, Mapping) or not set(entry) <= _KEYS:
        raise SpecError(f"The habit of “{move}” is written with {', '.join(sorted(_KEYS))}.")
    hours = entry.get("hours", "work")
    if hours not in ("work", "any"):
        raise SpecError(f"“{move}”: hours are “work” or “any”, not “{hours}”.")
    choices, words = entry.get("choices", {}), entry.get("words", ())
    if not isinstance(choices, Mapping) or not all(isinstance(weights, Mapping) for weights in choices.values()):
        raise SpecError(f"“{move}”: choices are written as {{field: {{choice: weight}}}}.")
    if not isinstance(words, Sequence) or isinstance(words, str):
        raise SpecError(f"“{move}”: words are a list of sentences.")
    return Habit(
        weight=_number(move, entry, "weight", 1.0),
        minutes=_number(move, entry, "minutes", 30.0),
        spread=_number(move, entry, "spread", 0.7),
        working=hours == "work",
        choices=choices,
        words=tuple(str(word) for word in words),
    )


def _number(move: str, entry: Mapping[str, object], name: str, usual: float) -> float:
    value = entry.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise SpecError(f"“{move}”: {name} is a number, 0 or more, not “{value}”.")
    return float(value)
