"""How much each part counts, and how sure the sum is: fitted on scores of cases that were kept aside.

logit of class k = Σ over parts of weight × score + offset of k: a multinomial logit of few numbers, one weight a part
and one offset a class, so that some hundred cases suffice. Margins of support vector machines are no logits: sums are
too sure where one class is far ahead and not sure enough where it is close. So all logits of a case are then
multiplied by a + b · exp(−lead / 4), with a and b fitted too; their order stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]  # parts × cases × classes
Floats = NDArray[np.float64]
F = TypeVar("F", np.float32, np.float64)
Limits = list[tuple[float | None, float | None]]
_HELD_WEIGHT, _HELD_CONTEXT, _HELD_OFFSET = 1_000.0, 0.1, 1.0  # how firmly weights are held to 1, offsets to 0
_LEAD = 4.0
_FLAT = 0.05  # logits are never multiplied by less


@dataclass(slots=True)
class Mixture:
    """One weight a part, one offset a class, and a and b of how steep the logits are."""

    weights: NDArray[np.float32]
    offset: NDArray[np.float32]
    steep: NDArray[np.float32]

    @classmethod
    def even(cls, parts: int, classes: int) -> Mixture:
        """Before anything is known."""
        return cls(np.ones(parts, np.float32), np.zeros(classes, np.float32), np.array([1, 0], np.float32))

    def probabilities(self, scores: Scores) -> NDArray[np.float32]:
        """Cases × classes."""
        logits = self.logits(scores)
        if not logits.size:
            return logits
        return _softmax(logits * _steepness(logits, self.steep)[:, None])

    def logits(self, scores: Scores) -> NDArray[np.float32]:
        """Cases × classes, before they are made as steep as they should be."""
        found: NDArray[np.float32] = np.tensordot(self.weights, scores[: len(self.weights)], 1) + self.offset
        return found.astype(np.float32)


def fit_mixture(scores: Scores, numbers: NDArray[np.int64]) -> Mixture:
    """Fit on unseen cases with their class numbers; without any, an even mixture.

    The last part is the context: words count about evenly, how much it says besides is for the cases to tell.
    """
    parts, cases, classes = scores.shape
    if not cases or classes < 2:
        return Mixture.even(parts, classes)
    start = np.r_[np.ones(parts), np.zeros(classes)]
    held = np.r_[np.full(parts - 1, _HELD_WEIGHT), _HELD_CONTEXT, np.full(classes, _HELD_OFFSET)]
    limits: Limits = [(0.0, None)] * parts + [(None, None)] * classes  # no part is ever counted against itself
    found = _fitted(_mixing_loss(scores.astype(np.float64), numbers), start, held, limits)
    mixture = Mixture.even(parts, classes)
    mixture.weights, mixture.offset = found[:parts].astype(np.float32), found[parts:].astype(np.float32)
    usual = np.array([1.0, 0.0])
    loss = _steepness_loss(mixture.logits(scores).astype(np.float64), numbers)
    mixture.steep = _fitted(loss, usual, np.ones(2), [(None, None)] * 2).astype(np.float32)
    return mixture


_Loss = Callable[[Floats], tuple[float, Floats]]


def _fitted(loss: _Loss, start: Floats, held: Floats, limits: Limits) -> Floats:
    """Where the loss is least, held to the start."""
    from scipy.optimize import minimize

    def whole(x: Floats) -> tuple[float, Floats]:
        value, slope = loss(x)
        away = x - start
        return value + 0.5 * float((held * away**2).sum()), slope + held * away

    found: Floats = minimize(whole, start, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": 200}).x
    return found


def _mixing_loss(scores: Floats, numbers: NDArray[np.int64]) -> _Loss:
    parts = len(scores)

    def loss(x: Floats) -> tuple[float, Floats]:
        value, wrong = _surprise(np.tensordot(x[:parts], scores, 1) + x[parts:], numbers)
        return value, np.r_[np.einsum("pck,ck->p", scores, wrong), wrong.sum(axis=0)]

    return loss


def _steepness_loss(logits: Floats, numbers: NDArray[np.int64]) -> _Loss:
    shape = _shape(logits)

    def loss(x: Floats) -> tuple[float, Floats]:
        value, wrong = _surprise(logits * np.maximum(shape @ x, _FLAT)[:, None], numbers)
        return value, shape.T @ (wrong * logits).sum(axis=1)

    return loss


def _surprise(logits: Floats, numbers: NDArray[np.int64]) -> tuple[float, Floats]:
    """The sum of −log P(truth), and its slope by the logits."""
    here = np.arange(len(numbers))
    rows = _softmax(logits)
    value = -float(np.log(np.maximum(rows[here, numbers], 1e-300)).sum())
    rows[here, numbers] -= 1
    return value, rows


def _shape(logits: NDArray[F]) -> NDArray[F]:
    """Cases × 2: one, and how little the first class leads."""
    if logits.shape[1] < 2:
        return np.ones((len(logits), 2), logits.dtype)
    best = np.partition(logits, -2, axis=1)
    lead = best[:, -1] - best[:, -2]
    return np.stack([np.ones_like(lead), np.exp(-lead / logits.dtype.type(_LEAD))], axis=1)


def _steepness(logits: NDArray[np.float32], steep: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = np.maximum(_shape(logits) @ steep, np.float32(_FLAT))
    return found


def _softmax(logits: NDArray[F]) -> NDArray[F]:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: NDArray[F] = raised / raised.sum(axis=1, keepdims=True)
    return found
