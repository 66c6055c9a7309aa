"""Figures that judge suggestions: accuracy, macro F1, top three, calibration error; per class, and a model's card.

A card says what a model was fitted on and how it did on cases kept aside. `better` decides whether a new model may take
the place of the one in service: both are judged on the same cases, and without a gain the old one stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 15


@dataclass(frozen=True, slots=True)
class Figures:
    """How suggestions did on n cases. `ece` is the expected calibration error of the first suggestion, 15 even bins."""

    n: int
    accuracy: float
    macro_f1: float
    top3: float
    ece: float


@dataclass(frozen=True, slots=True)
class ClassErrors:
    """One class on the cases kept aside; `taken_for` are the classes it was most often mistaken for, with counts."""

    label: str
    n: int
    precision: float
    recall: float
    taken_for: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a person must know of a model: when and on how many cases it was fitted, held-out figures, per-class
    errors."""

    fitted_on: date
    examples: int
    classes: int
    held_out: Figures | None  # None: too few cases to keep any aside
    errors: tuple[ClassErrors, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """The card in JSON's own types."""
        return {**asdict(self), "fitted_on": self.fitted_on.isoformat()}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ModelCard:
        """The inverse of `as_plain`."""
        figures = plain["held_out"]
        errors = tuple(
            ClassErrors(**{**one, "taken_for": tuple((str(a), int(b)) for a, b in one["taken_for"])})
            for one in plain["errors"]
        )
        return cls(
            date.fromisoformat(plain["fitted_on"]),
            plain["examples"],
            plain["classes"],
            None if figures is None else Figures(**figures),
            errors,
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same cases. `use` is True where the candidate may go into service."""

    use: bool
    candidate: Figures
    in_service: Figures


def better(candidate: Figures, in_service: Figures, *, gain: float = 0.0, blur: float = 0.01) -> Comparison:
    """May the candidate go into service? Only with a macro F1 more than `gain` above the other's, and a calibration
    error at most `blur` above it. ValueError where the figures are not of the same number of cases."""
    if candidate.n != in_service.n:
        raise ValueError("Two models are compared on the same cases.")
    gained = candidate.macro_f1 > in_service.macro_f1 + gain
    return Comparison(gained and candidate.ece <= in_service.ece + blur, candidate, in_service)


def figures(truth: Sequence[str], ranked: Sequence[Sequence[str]], sure: Sequence[float]) -> Figures:
    """Figures from the true labels, the suggestions best first, and the probability given to each first suggestion."""
    if not truth:
        return Figures(0, 0.0, 0.0, 0.0, 0.0)
    first = [one[0] if one else "" for one in ranked]
    right = np.array([a == b for a, b in zip(truth, first, strict=True)], float)
    third = np.mean([a in one[:3] for a, one in zip(truth, ranked, strict=True)])
    return Figures(
        len(truth),
        float(right.mean()),
        macro_f1(truth, first),
        float(third),
        calibration_error(right, np.asarray(sure, float)),
    )


def macro_f1(truth: Sequence[str], said: Sequence[str]) -> float:
    """The mean F1 over all classes that occur in truth or suggestion."""
    hits = Counter(a for a, b in zip(truth, said, strict=True) if a == b)
    is_so, told = Counter(truth), Counter(said)
    return float(np.mean([2 * hits[one] / (is_so[one] + told[one]) for one in is_so | told]))


def calibration_error(right: NDArray[np.float64], sure: NDArray[np.float64], bins: int = BINS) -> float:
    """Expected calibration error: |how often right − how sure|, by even bins of sureness, weighted by cases."""
    at = np.clip((sure * bins).astype(int), 0, bins - 1)
    gaps = np.bincount(at, right - sure, bins)
    return float(np.abs(gaps).sum() / len(right))


def class_errors(truth: Sequence[str], said: Sequence[str]) -> tuple[ClassErrors, ...]:
    """Per class of the truth, the most frequent first."""
    is_so, told = Counter(truth), Counter(said)
    both = Counter(zip(truth, said, strict=True))
    found = []
    for label, n in is_so.most_common():
        wrong = [(b, m) for (a, b), m in both.most_common() if a == label and b != label]
        hits = both[label, label]
        precision = hits / told[label] if told[label] else 0.0
        found.append(ClassErrors(label, n, precision, hits / n, tuple(wrong[:3])))
    return tuple(found)
