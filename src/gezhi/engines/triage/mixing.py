"""How much each part counts, and how sure the sum is: a multinomial logit fitted on scores of cases kept aside.

logit of class k = Σ over parts of weight × score + offset of k. Few numbers, so that they fit on a few hundred cases:
one weight a part, held near an even mixture, and one offset a class, held near nought.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Scores = NDArray[np.float32]  # parts × cases × classes
_START = 1.0
_HELD_WEIGHT = 0.1
_HELD_OFFSET = 1.0


@dataclass(slots=True)
class Mixture:
    """One weight a part, one offset a class."""

    weights: NDArray[np.float32]
    offset: NDArray[np.float32]

    def probabilities(self, scores: Scores) -> NDArray[np.float32]:
        """Cases × classes."""
        logits = np.tensordot(self.weights, scores[: len(self.weights)], 1) + self.offset
        return softmax(logits.astype(np.float32))


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows that sum to one."""
    if not logits.size:
        return logits
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: NDArray[np.float32] = raised / raised.sum(axis=1, keepdims=True)
    return found


def fit_mixture(scores: Scores, numbers: NDArray[np.int64]) -> Mixture:
    """Fit on unseen cases with their class numbers; without any, an even mixture."""
    parts, cases, classes = scores.shape
    if not cases or classes < 2:
        return Mixture(np.full(parts, _START, np.float32), np.zeros(classes, np.float32))
    here = np.arange(cases)
    deep = scores.astype(np.float64)

    def loss(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = np.tensordot(x[:parts], deep, 1) + x[parts:]
        logits -= logits.max(axis=1, keepdims=True)
        rows = np.exp(logits)
        total = rows.sum(axis=1, keepdims=True)
        rows /= total
        value = -(logits[here, numbers] - np.log(total[:, 0])).sum()
        rows[here, numbers] -= 1
        slope = np.r_[np.einsum("pck,ck->p", deep, rows), rows.sum(axis=0)]
        held = np.r_[np.full(parts, _HELD_WEIGHT), np.full(classes, _HELD_OFFSET)]
        away = np.r_[x[:parts] - _START, x[parts:]]
        return float(value + 0.5 * (held * away**2).sum()), slope + held * away

    start = np.r_[np.full(parts, _START), np.zeros(classes)]
    limits = [(0.0, None)] * parts + [(None, None)] * classes  # no part is ever counted against itself
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": 200}).x
    return Mixture(found[:parts].astype(np.float32), found[parts:].astype(np.float32))
