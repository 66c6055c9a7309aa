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


class BadUnits(ValueError):
    """The units, or what is asked of them, cannot be. The message is a sentence."""


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
            wrong = [self.ids[i] for i in np.flatnonzero(~(np.isfinite(values) & (values >= 0))).tolist()]
            if wrong:
                raise BadUnits(f"{name.capitalize()} must be numbers from 0; they are not in unit {_listed(wrong)}.")
        if not float(self.households.sum()) > 0:
            raise BadUnits("No unit has households.")
        ends = np.r_[self.one, self.other]
        if len(ends) and (ends.min() < 0 or ends.max() >= n):
            raise BadUnits("An edge names a unit that is not there.")
        if not (len(self.one) == len(self.other) == len(self.length)):
            raise BadUnits("Edges need two units and a length each.")
        if not (np.isfinite(self.length) & (self.length >= 0)).all():
            raise BadUnits("Lengths of shared boundaries must be numbers from 0.")
        self._check_pairs(n)

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
