"""What is divided: units with people and work, and which of them touch; and why some input cannot be divided at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gezhi.engines.districting.graph import Floats, Ints

BARRIERS = ("", "arterial", "railway", "river")  # by code
MOST = 1e15  # households, people, metres: more than any place has, few enough to be added up
LEAST = 1e-6  # households of all units together: with less, rounding decides
LEAST_NORM = 1e-3  # households: with less, loads overflow


class Reasoned(Exception):
    """A refusal. The message is a sentence; where others may want to say it in their own words, `key` says which it is
    and `params` what is in it."""

    def __init__(self, reason: str, key: str = "", **params: object) -> None:
        super().__init__(reason)
        self.key, self.params = key, {name: str(value) for name, value in params.items()}


class BadUnits(Reasoned, ValueError):
    """The units, or what is asked of them, cannot be."""


@dataclass(frozen=True)
class Units:
    """n units and the m pairs of them that touch.

    `ids` (n): unique texts; `households` (n): ≥ 0; `one`, `other` (m): positions, each pair once; `length` (m):
    metres of shared boundary; `barrier` (m): code in BARRIERS of what runs between, 0 for nothing; `places` (n ×
    2): metres east and north; `area` (n): m²; `outer` (n): metres of boundary shared with no unit; `resources`:
    more amounts (n) by name, as population and workload; `norm` (n): households that make a grid in compounds of
    this type, 0 for the usual; `fields`: values of properties (n) by name, None where a unit has none; `k`, `low`,
    `high`: number of grids and limits of their households where the source demands them."""

    ids: Sequence[str]
    households: Floats
    one: Ints
    other: Ints
    length: Floats
    barrier: NDArray[np.int8] | None = None
    places: Floats | None = None
    area: Floats | None = None
    outer: Floats | None = None
    resources: Mapping[str, Floats] = field(default_factory=dict)
    norm: Floats | None = None
    fields: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    k: int | None = None
    low: float | None = None
    high: float | None = None

    def __len__(self) -> int:
        """How many units."""
        return len(self.ids)

    def column(self, name: str) -> Sequence[Any]:
        """The values of a property. Raises BadUnits if no unit has it."""
        if name not in self.fields:
            have = ", ".join(sorted(self.fields)) or "none"
            raise BadUnits(f"The units have no field “{name}”; they have: {have}.")
        return self.fields[name]

    def check(self) -> None:
        """Raises BadUnits with the first thing that cannot be."""
        n = len(self.ids)
        if n == 0:
            raise BadUnits("There are no units.")
        twice = [one for one, count in Counter(self.ids).items() if count > 1]
        if twice:
            raise BadUnits(f"Ids must be unique; {_listed(twice)} appear more than once.")
        for name, values in (("households", self.households), *self.resources.items()):
            if len(values) != n:
                raise BadUnits(f"There are {n} units, but {len(values)} values of {name}.")
            self._check_amounts(name, values)
        if float(self.households.sum()) < LEAST:
            raise BadUnits("No unit has households.")
        ends = np.r_[self.one, self.other]
        if len(ends) and (ends.min() < 0 or ends.max() >= n):
            raise BadUnits("An edge names a unit that is not there.")
        if not (len(self.one) == len(self.other) == len(self.length)):
            raise BadUnits("Edges need two units and a length each.")
        if not ((self.length >= 0) & (self.length <= MOST)).all():
            raise BadUnits(f"Lengths of shared boundaries must be numbers from 0 to {MOST:g}.")
        self._check_pairs(n)
        self._check_wishes()

    def _check_amounts(self, name: str, values: Floats) -> None:
        wrong = [self.ids[i] for i in np.flatnonzero(~(values >= 0)).tolist()]
        if wrong:
            raise BadUnits(f"{name.capitalize()} must be numbers from 0; they are not in unit {_listed(wrong)}.")
        large = [self.ids[i] for i in np.flatnonzero(values > MOST).tolist()]
        if large:
            raise BadUnits(f"{name.capitalize()} can be at most {MOST:g}; there are more in unit {_listed(large)}.")

    def _check_wishes(self) -> None:
        """Norms, sizes, and the number of grids and limits that the source demands."""
        for name, values in (("area", self.area), ("boundary with no other", self.outer)):
            if values is not None:
                self._check_amounts(name, values)
        if self.norm is not None:
            self._check_amounts("norm", self.norm)
            small = [self.ids[i] for i in np.flatnonzero((self.norm > 0) & (self.norm < LEAST_NORM)).tolist()]
            if small:
                raise BadUnits(
                    f"A norm is 0 for the usual, or at least {LEAST_NORM:g}; not so in unit {_listed(small)}."
                )
        if self.k is not None and self.k < 1:
            raise BadUnits(f"k, the number of grids, must be at least 1; it is {self.k}.")
        for name, value in (("L", self.low), ("U", self.high)):
            if value is not None and not 0 <= value < np.inf:
                raise BadUnits(f"{name} must be a number of households from 0; it is {value:g}.")

    def _check_pairs(self, n: int) -> None:
        loops = np.flatnonzero(self.one == self.other)
        if len(loops):
            raise BadUnits(f"Unit {self.ids[int(self.one[loops[0]])]} has an edge to itself.")
        pairs = np.minimum(self.one, self.other) * n + np.maximum(self.one, self.other)
        values, counts = np.unique(pairs, return_counts=True)
        if (counts > 1).any():
            first = int(values[counts > 1][0])
            raise BadUnits(f"The edge {self.ids[first // n]} – {self.ids[first % n]} is given twice.")


def _listed(names: Sequence[str], most: int = 8) -> str:
    """Names in a sentence, not more than some."""
    shown = ", ".join(map(str, names[:most]))
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


listed = _listed
