"""Limits as a rule book writes them: an amount and a unit.

Two families of units. *Continuous* ones run day and night: minutes, hours, urgent hours, urgent days, natural days.
*Working* ones count shifts only: work hours, work days. A limit is a value; it knows no calendar until asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

MINUTE = 60 * 1_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class LimitError(ValueError):
    """A limit that cannot be read; the message is a sentence for the author of the profile."""


class Unit(StrEnum):
    """The units of limits. A work day is the calendar's `day_hours` of shift time; an urgent day is 24 hours."""

    MINUTES = "min"
    HOURS = "hours"
    URGENT_HOURS = "urgent_hours"
    URGENT_DAYS = "urgent_days"
    NATURAL_DAYS = "natural_days"
    WORK_HOURS = "work_hours"
    WORK_DAYS = "work_days"

    @property
    def working(self) -> bool:
        """Does it count shifts only (and stand still outside them)?"""
        return self in _WORKING


_WORKING = frozenset({Unit.WORK_HOURS, Unit.WORK_DAYS})
_MICROSECONDS = {
    Unit.MINUTES: MINUTE,
    Unit.HOURS: HOUR,
    Unit.URGENT_HOURS: HOUR,
    Unit.URGENT_DAYS: DAY,
    Unit.NATURAL_DAYS: DAY,
    Unit.WORK_HOURS: HOUR,
}
_NAMES = {unit.value: unit for unit in Unit} | {
    "minute": Unit.MINUTES,
    "minutes": Unit.MINUTES,
    "hour": Unit.HOURS,
    "urgent_hour": Unit.URGENT_HOURS,
    "urgent_day": Unit.URGENT_DAYS,
    "natural_day": Unit.NATURAL_DAYS,
    "work_hour": Unit.WORK_HOURS,
    "work_day": Unit.WORK_DAYS,
}
_PATTERN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z_]+)\s*", re.ASCII)


def unit_length(unit: Unit, day: int) -> int:
    """Length of one unit in microseconds; `day` is the calendar's work day in microseconds of shift time."""
    return day if unit is Unit.WORK_DAYS else _MICROSECONDS[unit]


@dataclass(frozen=True, slots=True)
class Limit:
    """`amount` (> 0, exact) of `unit`. Written back by `str()` as `parse_limit` reads it."""

    amount: Fraction
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise LimitError(f"A limit must be more than nothing, not {self.amount} {self.unit}.")

    def __str__(self) -> str:
        return f"{Decimal(self.amount.numerator) / self.amount.denominator:f} {self.unit.value}"

    def length(self, day: int) -> int:
        """Length in microseconds (of shift time where the unit is a working one), rounded to the nearest."""
        return round(self.amount * unit_length(self.unit, day))


@lru_cache(maxsize=1024)
def parse_limit(text: str) -> Limit:
    """Read "15 min", "2 work_hours", "1.5 work_days"; singular and plural units mean the same. Raises LimitError."""
    found = _PATTERN.fullmatch(text)
    if not found:
        raise LimitError(f"“{text}” is not a limit: write an amount and a unit, such as “2 work_hours”.")
    unit = _NAMES.get(found[2])
    if unit is None:
        known = ", ".join(sorted(u.value for u in Unit))
        raise LimitError(f"“{found[2]}” in “{text}” is not a unit of time; the units are {known}.")
    return Limit(Fraction(found[1]), unit)
