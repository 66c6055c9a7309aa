"""Conditional logit: which of several candidates is taken, from features of each (McFadden 1974)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HELD = 3.0  # how firmly weights are held to the usual ones
ROUNDS = 60


def fit_choice(
    features: NDArray[np.float32], taken: NDArray[np.int64], usual: NDArray[np.float64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights for features of shape (rows, candidates, features); `taken` is the candidate taken in each row.

    Candidates with NaN features are none. Weights are held to `usual`; `start` is where the search begins.
    """
    from scipy.optimize import minimize

    none = np.isnan(features[..., 0])
    wide = np.nan_to_num(features) if none.any() else features
    rows, candidates, width = wide.shape
    flat = wide.reshape(-1, width)
    here = np.arange(rows)
    chosen = wide[here, taken].sum(axis=0, dtype=np.float64)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = (flat @ w.astype(np.float32)).reshape(rows, candidates).astype(np.float64)
        scores[none] = -np.inf
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        total = raised.sum(axis=1)
        value = -(scores[here, taken] - np.log(total)).sum()
        shares = (raised / total[:, None]).astype(np.float32).ravel()
        away = w - usual
        return float(value + 0.5 * HELD * away @ away), (shares @ flat).astype(np.float64) - chosen + HELD * away

    found: NDArray[np.float64] = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    return found
