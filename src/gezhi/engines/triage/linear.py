"""Linear weights over words: the three parts of the class model, each one matrix once it is fitted.

Each part fits linear support vector machines, one a class, on TF-IDF features with logarithmic counts, rows of length
one: `runs` on runs of one to three characters and `pairs` on pairs of nearby characters (垃圾 and 清运 stand
together, whatever lies between), both weighed first by how much more often a feature stands in the class than outside
it (naive Bayes; Wang & Manning, ACL 2012); `short` on runs of one and two, not weighed. Their errors differ, so their
sum is better than any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gezhi.engines.triage.words import Keys, Rows, pairs_of, runs_of

Matrix = NDArray[np.float32]
Sparse = Any  # a scipy CSR matrix: scipy brings no types
ROOM = 40_000_000  # weights a part may hold (classes × features); beyond, the rarest features go
KINDS = ("runs", "pairs", "short")
_WEIGHED = ("runs", "pairs")
_LEAST = {"runs": 1, "pairs": 2, "short": 1}  # texts a feature stands in to be kept
_EVEN = 0.1  # added to every count before classes are compared


@dataclass(slots=True)
class Part:
    """Vocabulary (sorted keys), inverse document frequency and weights, shape (classes, features), with offsets."""

    kind: str
    keys: Keys
    idf: Matrix
    weights: Matrix
    offset: Matrix

    def features(self, texts: Sequence[str]) -> Sparse:
        """Texts × features as a CSR matrix of float32."""
        return _weighted(_counted(self.kind, texts, self.keys), self.idf)

    def scores(self, texts: Sequence[str]) -> Matrix:
        """Texts × classes."""
        if not len(self.keys):
            return np.repeat(self.offset[None, :], len(texts), axis=0)
        found: Matrix = np.asarray(self.features(texts) @ self.weights.T + self.offset, np.float32)
        return found


def fit_part(kind: str, texts: Sequence[str], labels: NDArray[np.int64], classes: int) -> Part:
    """Fit one part on texts with class numbers below `classes`; a class without texts gets an offset of −1."""
    from sklearn.svm import LinearSVC

    keys = _vocabulary(kind, texts, classes)
    counts = _counted(kind, texts, keys)
    spread = np.bincount(counts.indices, minlength=len(keys)) if len(keys) else np.zeros(0)
    idf = (np.log((1 + len(texts)) / (1 + spread)) + 1).astype(np.float32)
    weights = np.zeros((classes, len(keys)), np.float32)
    offset = np.full(classes, -1, np.float32)
    rows = _weighted(counts, idf).astype(np.float64)
    for label in np.unique(labels):
        mine = labels == label
        if mine.all() or not len(keys):
            offset[label] = 2 * mine.mean() - 1
            continue
        scale = _ratio(rows, mine) if kind in _WEIGHED else np.ones(len(keys))
        machine = LinearSVC(C=1.0, random_state=0).fit(rows @ sparse.diags(scale), mine)
        weights[label] = machine.coef_[0] * scale
        offset[label] = machine.intercept_[0]
    return Part(kind, keys, idf, weights, offset)


def name_part(kind: str, texts: Sequence[str], labels: NDArray[np.int64], classes: int) -> Part:
    """A part without examples: each class points where its names and synonyms point (the nearest centroid)."""
    keys = _vocabulary(kind, texts, classes, least=1)
    counts = _counted(kind, texts, keys)
    spread = np.bincount(counts.indices, minlength=len(keys)) if len(keys) else np.zeros(0)
    idf = (np.log((1 + len(texts)) / (1 + spread)) + 1).astype(np.float32)
    rows = _weighted(counts, idf)
    weights = np.zeros((classes, len(keys)), np.float32)
    for label in np.unique(labels):
        # A class is as near as the nearest of its names, so a long list of synonyms does not blur it.
        weights[label] = np.asarray(rows[labels == label].max(axis=0).todense()).ravel()
    return Part(kind, keys, idf, weights, np.zeros(classes, np.float32))


def _vocabulary(kind: str, texts: Sequence[str], classes: int, least: int | None = None) -> Keys:
    rows, keys = _features(kind, texts)
    if not len(keys):
        return keys
    order = np.lexsort((rows, keys))
    rows, keys = rows[order], keys[order]
    first = np.r_[True, (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])]  # once a text
    found, spread = np.unique(keys[first], return_counts=True)
    kept = spread >= (_LEAST[kind] if least is None else least)
    found, spread = found[kept], spread[kept]
    room = max(ROOM // max(classes, 1), 1_000)
    if len(found) > room:
        found = np.sort(found[np.argsort(-spread, kind="stable")[:room]])
    return found


def _features(kind: str, texts: Sequence[str]) -> tuple[Rows, Keys]:
    if kind == "pairs":
        return pairs_of(texts)
    return runs_of(texts, 3 if kind == "runs" else 2)


def _counted(kind: str, texts: Sequence[str], keys: Keys) -> Sparse:
    shape = (len(texts), len(keys))
    if not len(keys):
        return sparse.csr_matrix(shape, dtype=np.float32)
    rows, found = _features(kind, texts)
    at = np.searchsorted(keys, found)
    at[at == len(keys)] = 0
    known = keys[at] == found
    ones = np.ones(int(known.sum()), np.float32)
    return sparse.csr_matrix((ones, (rows[known], at[known])), shape=shape)


def _weighted(counts: Sparse, idf: Matrix) -> Sparse:
    counts.data = (1 + np.log(counts.data)) * idf[counts.indices]
    square = np.add.reduceat(np.r_[counts.data**2, np.float32(0)], counts.indptr[:-1]) if counts.nnz else np.zeros(0)
    filled = np.diff(counts.indptr)
    length = np.sqrt(np.where(filled > 0, square, 1)) if counts.nnz else np.ones(counts.shape[0])
    counts.data = (counts.data / np.repeat(length, filled)).astype(np.float32)
    return counts


def _ratio(rows: Sparse, mine: NDArray[np.bool_]) -> NDArray[np.float64]:
    inside = _EVEN + np.asarray(rows[mine].sum(axis=0)).ravel()
    outside = _EVEN + np.asarray(rows[~mine].sum(axis=0)).ravel()
    found: NDArray[np.float64] = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    return found
