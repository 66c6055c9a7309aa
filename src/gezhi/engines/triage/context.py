"""What place, time and channel say about the class: counts of each value with each class, as naive Bayes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EVEN = 5.0  # cases of average behaviour every value starts with: a rare value says little


@dataclass(slots=True)
class ContextCounts:
    """`counts[name, value]` is cases per class; `totals` cases per class over all."""

    totals: NDArray[np.float64]
    counts: dict[tuple[str, str], NDArray[np.float64]]

    @classmethod
    def empty(cls, classes: int) -> ContextCounts:
        """Nothing counted yet."""
        return cls(np.zeros(classes), {})

    def add(self, contexts: Sequence[Mapping[str, str]], numbers: NDArray[np.int64]) -> None:
        """Count cases with their class numbers. Empty values say nothing and are left out."""
        for context, number in zip(contexts, numbers, strict=True):
            self.totals[number] += 1
            for item in context.items():
                if item[1]:
                    self.counts.setdefault(item, np.zeros(len(self.totals)))[number] += 1

    def add_class(self) -> None:
        """Room for one more class."""
        self.totals = np.append(self.totals, 0)
        self.counts = {item: np.append(row, 0) for item, row in self.counts.items()}

    def scores(self, contexts: Sequence[Mapping[str, str]]) -> NDArray[np.float32]:
        """Texts × classes: the sum over values of log P(class | value) − log P(class)."""
        found = np.zeros((len(contexts), len(self.totals)), np.float32)
        if not self.counts:
            return found
        usual = (self.totals + 0.5) / (self.totals + 0.5).sum()
        cached: dict[tuple[str, str], NDArray[np.float32]] = {}
        for n, context in enumerate(contexts):
            for item in context.items():
                row = self.counts.get(item)
                if row is None:
                    continue
                if item not in cached:
                    share = (row + _EVEN * usual) / (row.sum() + _EVEN)
                    cached[item] = np.log(share / usual).astype(np.float32)
                found[n] += cached[item]
        return found

    def as_plain(self) -> dict[str, Any]:
        """In JSON's own types."""
        rows = [[*item, {str(n): float(row[n]) for n in np.flatnonzero(row)}] for item, row in self.counts.items()]
        return {"totals": self.totals.tolist(), "counts": rows}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ContextCounts:
        """The inverse of `as_plain`."""
        found = cls(np.array(plain["totals"], float), {})
        for name, value, filled in plain["counts"]:
            row = found.counts[name, value] = np.zeros(len(found.totals))
            for n, count in filled.items():
                row[int(n)] = count
        return found
