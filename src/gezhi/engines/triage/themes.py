"""What a report is about, where no class is given; and what a cluster should be called.

Reports with a class are about their class. The others are grouped by their words: TF-IDF of runs of characters, brought
down to a few dimensions, then k-means with a fixed seed. A name is the run of characters that stands in many texts of
the cluster and in few of the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from gezhi.engines.triage.words import spelled

GROUP = 20  # texts a theme has on average …
MOST = 60  # … and how many themes there are at most
ONE_MATTER = 0.6  # groups whose middles are so near (cosine) are one
_DEEP = 32
_LONGEST = 300
_SAMPLE = 300


def themes(labels: Sequence[str], texts: Sequence[str]) -> NDArray[np.int64]:
    """A theme number for each report."""
    known = {label: n for n, label in enumerate(sorted({one for one in labels if one}))}
    found = np.array([known.get(label, -1) for label in labels], np.int64)
    worded = np.flatnonzero((found < 0) & np.array([bool(text.strip()) for text in texts], bool))
    if len(worded):
        found[worded] = len(known) + _by_words([texts[n] for n in worded.tolist()])
    found[found < 0] = int(found.max(initial=-1)) + 1
    return found


def _by_words(texts: Sequence[str]) -> NDArray[np.int64]:
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    wanted = min(MOST, len(texts) // GROUP)
    if wanted < 2:
        return np.zeros(len(texts), np.int64)
    short = [spelled(text[:_LONGEST]) for text in texts]
    try:
        rows = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, max_features=20_000).fit_transform(short)
    except ValueError:  # no run stands in two texts
        return np.zeros(len(texts), np.int64)
    deep = min(_DEEP, rows.shape[1] - 1, rows.shape[0] - 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # of equal texts: what the spread explains is 0 / 0
        dense = normalize(TruncatedSVD(deep, n_iter=2, random_state=0).fit_transform(rows)) if deep >= 2 else rows
    grouped = MiniBatchKMeans(wanted, n_init=1, batch_size=4_096, random_state=0).fit_predict(dense)
    return _merged(np.asarray(grouped, np.int64), rows)


def _merged(grouped: NDArray[np.int64], rows: Any) -> NDArray[np.int64]:
    """Groups that say much the same are one theme: k-means cuts a large matter into many."""
    from sklearn.preprocessing import normalize

    groups = int(grouped.max()) + 1
    member = sparse.csr_matrix((np.ones(len(grouped)), (grouped, np.arange(len(grouped)))), (groups, len(grouped)))
    centre = normalize(member @ rows)
    linked = sparse.csr_matrix((centre @ centre.T).toarray() > ONE_MATTER)
    found: NDArray[np.int64] = connected_components(linked, directed=False)[1].astype(np.int64)[grouped]
    return found


def phrase(texts: Sequence[str], rest: Sequence[str]) -> str:
    """What these texts say more than the rest: some characters (or a word of Latin letters); "" where nothing."""
    inside, outside = _runs(texts), _runs(rest)
    some, others = min(len(texts), _SAMPLE), min(len(rest), _SAMPLE)
    best, worth = "", 0.0
    for run, count in inside.items():
        share = count / max(some, 1)
        if count < 2 or share < 0.3:
            continue
        value = share * log(share / ((outside[run] + 0.5) / (others + 1)))
        if value > worth + 1e-9 or (value > worth - 1e-9 and (len(run), run) > (len(best), best)):
            best, worth = run, value
    return _whole(best, inside)


def _whole(run: str, inside: Counter[str]) -> str:
    """The run with what nearly always stands beside it, so that no word is cut."""
    while run:
        longer = [one for one in inside if len(one) == len(run) + 1 and run in one and inside[one] >= 0.8 * inside[run]]
        if not longer:
            break
        run = max(longer, key=lambda one: (inside[one], one))
    return run


def _runs(texts: Sequence[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for text in texts[:: max(1, len(texts) // _SAMPLE)][:_SAMPLE]:
        counted.update(_runs_of(spelled(text[:_LONGEST])))
    return counted


def _runs_of(text: str) -> set[str]:
    found: set[str] = set()
    for piece in "".join(one if one.isalnum() else " " for one in text).split():
        if piece.isascii():
            if len(piece) > 3 and not piece.isdigit():
                found.add(piece)
        else:
            found |= {piece[n : n + size] for size in range(2, 11) for n in range(len(piece) - size + 1)}
    return found
