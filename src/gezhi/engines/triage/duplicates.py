"""Is this known already? Reports alike in place, time, class and words, found while somebody still types.

    logit = −1 − log(1 + metres/10) − log(1 + hours/2) · (0.3 if the class is the same, else 1)
            + 1 · (same class) + 0.5 · (same class and same spot) + 4 · (words alike − 0.25)
            − 0.5 · log(1 + alike around) − 0.5 · log(1 + all around)

The last two are what makes it careful: where reports are many, two of them are near each other by chance. The weights
are rounded from a logistic regression on pairs that the staff of one city marked by hand, about two in a hundred
reports; a score is so the chance that staff would mark the pair. A person who reports again is no duplicate of the
event: such a pair comes as `repeat`, to be answered, not merged. Distances are in metres, good to about 1 % within a
city.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, exp, radians
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gezhi.engines.triage.words import spelled

REACH = 250.0  # metres
SPAN = 45.0  # days
AT_LEAST = 0.0045  # scores below are not told
_METRES = 111_320.0  # a degree of latitude
_CROWD = 2_000  # the latest reports of a cell that are looked at
_WORDY = 12  # candidates whose words are compared
_SHARED = 12  # the latest reports that share a band of words
_BANDS = 6
_UNPLACED_METRES, _UNTIMED_HOURS = 60.0, 24.0  # what a missing place or time counts as
WORDS, USUAL_WORDS = 4.0, 0.25  # what words count, and how much alike they are anyway in one place
_UNPLACED_WORDS = 0.4  # without a place, words must be that much alike

_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Report:
    """What duplicates are told by. `by` is a reference to the person, never a name; anything may be missing."""

    id: str
    at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    label: str = ""
    text: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier report that may be the same event, and why. `words` is 0 to 1, None where one of them has none."""

    id: str
    score: float
    kind: Literal["duplicate", "repeat"]
    metres: float | None
    hours: float | None
    same_class: bool
    words: float | None


class DuplicateIndex:
    """Reports of the last weeks in memory; `add` what is stored, ask `similar` for what is coming in."""

    def __init__(self, *, at_least: float = AT_LEAST) -> None:
        self.at_least = at_least
        self._reports: list[Report] = []
        self._shingles: list[frozenset[str]] = []
        self._columns = np.full((4, 1024), np.nan)  # x, y, hours, class number
        self._labels: dict[str, int] = {}
        self._cells: dict[tuple[int, int], array[int]] = {}
        self._bands: dict[tuple[int, int, int], deque[int]] = {}
        self._unplaced: dict[tuple[int, int, int], deque[int]] = {}  # the same of reports without a place

    def __len__(self) -> int:
        return len(self._reports)

    def add(self, report: Report) -> None:
        """Remember a report. Reports are added in the order they came."""
        n = len(self._reports)
        if n == self._columns.shape[1]:
            self._columns = np.hstack([self._columns, np.full_like(self._columns, np.nan)])
        place = place_of(report)
        self._columns[:, n] = (*(place or (np.nan, np.nan)), _hours(report), self._label(report))
        shingles = _shingles(report)
        self._reports.append(report)
        self._shingles.append(shingles)
        if place is not None:
            cell = self._cells.setdefault(_cell(place), array("q"))
            cell.append(n)
            if len(cell) > 2 * _CROWD:
                del cell[:_CROWD]
        for band in _bands(report) if shingles else ():
            self._bands.setdefault(band, deque(maxlen=_SHARED)).append(n)
            if place is None:
                self._unplaced.setdefault(band, deque(maxlen=_SHARED)).append(n)

    def similar(self, report: Report, *, top: int = 3) -> list[Alike]:
        """Earlier reports that may be the same event, best first; empty is the usual answer."""
        shingles = _shingles(report)
        place = place_of(report)
        near = self._near(place) if place else np.empty(0, np.int64)
        x, y = place or (np.nan, np.nan)
        metres = np.hypot(self._columns[0, near] - x, self._columns[1, near] - y)
        hours = self._hours_since(report, near)
        kept = (metres <= REACH) & self._in_span(hours)
        near, metres, hours = near[kept], metres[kept], hours[kept]
        same = self._columns[3, near] == self._label(report, new=False)
        logit = _logit(metres, hours, same) - 0.5 * np.log1p(same.sum()) - 0.5 * np.log1p(len(near))
        found = self._with_words(report, shingles, near, logit, metres, hours, same)
        found += self._by_words(report, shingles, set(near.tolist()), placed=place is not None)
        found.sort(key=lambda one: -one.score)
        return found[:top]

    def _near(self, place: tuple[float, float]) -> NDArray[np.int64]:
        column, row = _cell(place)
        around = [
            np.frombuffer(self._cells[key], np.int64)[-_CROWD:]
            for key in ((column + a, row + b) for a in (-1, 0, 1) for b in (-1, 0, 1))
            if key in self._cells
        ]
        return np.concatenate(around) if around else np.empty(0, np.int64)

    def _hours_since(self, report: Report, rows: NDArray[np.int64]) -> _Array:
        found: _Array = _hours(report) - self._columns[2, rows]
        return found

    @staticmethod
    def _in_span(hours: _Array) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.isnan(hours) | ((hours >= 0) & (hours <= SPAN * 24))
        return found

    def _with_words(
        self,
        report: Report,
        shingles: frozenset[str],
        near: NDArray[np.int64],
        logit: _Array,
        metres: _Array,
        hours: _Array,
        same: NDArray[np.bool_],
    ) -> list[Alike]:
        """Candidates by place; where there are words, the best of them by words too."""
        found = []
        most = 0.0 if not shingles else WORDS * (1 - USUAL_WORDS)
        for k in np.argsort(-logit, kind="stable")[:_WORDY].tolist():
            if _chance(logit[k] + most) < self.at_least:
                break
            words = _alike(shingles, self._shingles[near[k]])
            score = _chance(logit[k] + (0 if words is None else WORDS * (words - USUAL_WORDS)))
            if score >= self.at_least:
                found.append(self._told(report, near[k], score, metres[k], hours[k], bool(same[k]), words))
        return found

    def _by_words(self, report: Report, shingles: frozenset[str], known: set[int], *, placed: bool) -> list[Alike]:
        """Candidates of which one has no place, by nearly the same words."""
        bands = self._unplaced if placed else self._bands
        if not shingles or not bands:
            return []
        rows = {n for band in _bands(report) for n in bands.get(band, ())} - known
        found = []
        for n in rows:
            other = self._reports[n]
            words = _alike(shingles, self._shingles[n])
            if words is None or words < _UNPLACED_WORDS:
                continue
            hours = self._hours_since(report, np.array([n]))
            if not self._in_span(hours)[0]:
                continue
            same = bool(other.label) and other.label == report.label
            logit = _logit(np.array([_UNPLACED_METRES]), hours, np.array([same]))[0]
            score = _chance(logit + WORDS * (words - USUAL_WORDS))
            if score >= self.at_least:
                found.append(self._told(report, n, score, np.nan, hours[0], same, words))
        return found

    def _told(
        self, report: Report, n: int, score: float, metres: float, hours: float, same: bool, words: float | None
    ) -> Alike:
        other = self._reports[n]
        kind: Literal["duplicate", "repeat"] = "repeat" if report.by and report.by == other.by else "duplicate"
        return Alike(
            other.id,
            score,
            kind,
            None if np.isnan(metres) else float(metres),
            None if np.isnan(hours) else float(hours),
            same,
            words,
        )

    def _label(self, report: Report, *, new: bool = True) -> float:
        if not report.label:
            return np.nan
        if new:
            return self._labels.setdefault(report.label, len(self._labels))
        return self._labels.get(report.label, np.nan)


def similar_within(reports: Sequence[Report], *, top: int = 3, at_least: float = AT_LEAST) -> list[list[Alike]]:
    """For each report those before it, as if they had come in one by one; reports without a time keep their order."""
    index = DuplicateIndex(at_least=at_least)
    found: list[list[Alike]] = [[] for _ in reports]
    for n in in_order(reports):
        found[n] = index.similar(reports[n], top=top)
        index.add(reports[n])
    return found


def in_order(reports: Sequence[Report]) -> list[int]:
    """Positions by time; a report without one stays behind the report before it."""
    keys: list[tuple[float, int]] = []
    last = -np.inf
    for n, report in enumerate(reports):
        if report.at is not None:
            last = report.at.timestamp()
        keys.append((last, n))
    return [n for _, n in sorted(keys)]


def _logit(metres: _Array, hours: _Array, same: NDArray[np.bool_]) -> _Array:
    hours = np.where(np.isnan(hours), _UNTIMED_HOURS, hours)
    found: _Array = -1 - np.log1p(metres / 10) - np.log1p(hours / 2) * np.where(same, 0.3, 1)
    return found + same + 0.5 * (same & (metres < 1))


def _chance(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def place_of(report: Report) -> tuple[float, float] | None:
    """Metres east and north on a plane that serves a city; None without a place on the globe."""
    if report.lon is None or report.lat is None or not (-180 <= report.lon <= 180 and -90 < report.lat < 90):
        return None
    # The scale along a parallel is taken at whole degrees, so that neighbours are measured alike.
    return report.lon * _METRES * cos(radians(round(report.lat))), report.lat * _METRES


def _cell(place: tuple[float, float]) -> tuple[int, int]:
    return int(place[0] // REACH), int(place[1] // REACH)


def _hours(report: Report) -> float:
    return np.nan if report.at is None else report.at.timestamp() / 3600


def _shingles(report: Report) -> frozenset[str]:
    """Pairs of neighbouring characters; none where the words only say the class again."""
    if not report.text or report.text == report.label:
        return frozenset()
    text = _core(report)
    return frozenset(text[n : n + 2] for n in range(len(text) - 1)) or frozenset(text)


def _core(report: Report) -> str:
    return "".join(spelled(report.text[:500]).split())


def _alike(one: frozenset[str], other: frozenset[str]) -> float | None:
    """Jaccard's coefficient; None where one says nothing."""
    if not one or not other:
        return None
    both = len(one & other)
    return both / (len(one) + len(other) - both)


def _bands(report: Report) -> list[tuple[int, int, int]]:
    """Keys that texts share which are much alike (MinHash: the smallest pairs of characters under several orders)."""
    text = _core(report)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    pairs = (codes[:-1] << np.uint64(21)) | codes[1:] if len(codes) > 1 else codes
    mixed = (pairs[None, :] * _MULTIPLIERS[:, None]) >> np.uint64(20)
    least = mixed.min(axis=1).tolist()
    return [(n, least[2 * n], least[2 * n + 1]) for n in range(_BANDS)]


_MULTIPLIERS = np.random.default_rng(7).integers(1, 2**62, 2 * _BANDS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
