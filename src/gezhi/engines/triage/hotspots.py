"""Hot spots and hot issues: what is reported unusually often, where, since when, and whether it is still growing.

`scan` finds clusters of each theme in space and time, `themes` says what a report is about. Here overlapping clusters
are told apart, named and ranked. Each stands by its ids, so that a person can look at the very cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from gezhi.engines.triage.duplicates import Report, place_of
from gezhi.engines.triage.extract import extract
from gezhi.engines.triage.scan import LEAST, Floats, Found, Ints, Points, heat, scan
from gezhi.engines.triage.themes import phrase, themes

MOST = 200  # clusters told
_NEW = 0.5  # share of a cluster's cases that no hotter one has
_NAMED = 0.3  # share of texts that name the place


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A cluster. `place` is what the reports call it ("" if they do not); `metres` None: all over the city.

    `expected` is what this place and period should have had; `warning`: it goes on at the end of what is known, and
    grew beyond its season in its latest slot.
    """

    rank: int
    heat: float
    place: str
    object: str
    since: datetime | None
    until: datetime | None
    ids: tuple[str, ...]
    expected: float
    lon: float | None
    lat: float | None
    metres: float | None
    warning: bool


def hotspots(reports: Sequence[Report], *, until: datetime | None = None, most: int = MOST) -> list[HotSpot]:
    """Clusters of reports, the hottest first; an empty list says that nothing is unusual.

    heat = cases · ln(cases / expected) − (cases − expected), Kulldorff's log likelihood ratio: it grows with the number
    of cases and with how far they are beyond what the place, the matter and the season let expect. Told are clusters of
    at least five cases whose heat a quiet city would reach once in a hundred times. A case is in one cluster, the
    hottest. `until` is the end of what is known, by default the latest report; reports without a time are left out
    unless none has one.
    """
    timed = [one for one in reports if one.at is not None] or list(reports)
    if len(timed) < LEAST:
        return []
    points = _points(timed)
    end = (until - _first(timed)).total_seconds() / 3600 if until and timed[0].at else float(points.hours.max())
    usual = [(one.id, _bare(one.text)) for one in timed[:: max(1, len(timed) // 600)] if one.text]
    taken: set[int] = set()
    told: list[HotSpot] = []
    for found in scan(points):
        fresh = np.array([n for n in found.rows.tolist() if n not in taken])
        if len(fresh) < LEAST or len(fresh) < _NEW * len(found.rows):
            continue
        hot = heat(len(fresh), found.expected * len(fresh) / len(found.rows))
        taken.update(fresh.tolist())
        told.append(_told(timed, points, found, fresh, hot, end, usual))
        if len(told) == most:
            break
    told.sort(key=lambda one: -one.heat)
    return [replace(one, rank=n) for n, one in enumerate(told, 1)]


def _points(reports: Sequence[Report]) -> Points:
    places = [place_of(one) or (np.nan, np.nan) for one in reports]
    stamps = np.array([one.at.timestamp() if one.at else 0.0 for one in reports])
    x, y = np.array(places, float).reshape(-1, 2).T
    theme = themes([one.label for one in reports], [one.text for one in reports])
    return Points(theme, x, y, (stamps - stamps.min()) / 3600)


def _first(reports: Sequence[Report]) -> datetime:
    return min(one.at for one in reports if one.at is not None)


def _told(
    reports: Sequence[Report],
    points: Points,
    found: Found,
    rows: Ints,
    hot: float,
    end: float,
    usual: Sequence[tuple[str, str]],
) -> HotSpot:
    some = [reports[n] for n in rows]
    moments = sorted(one.at for one in some if one.at is not None)
    lons = [one.lon for one in some if one.lon is not None and place_of(one)]
    lats = [one.lat for one in some if one.lat is not None and place_of(one)]
    placed = found.side is not None and bool(lons)
    x, y = points.x[rows], points.y[rows]
    reach = float(np.nanquantile(np.hypot(x - np.nanmedian(x), y - np.nanmedian(y)), 0.9)) if placed else None
    return HotSpot(
        0,
        round(hot, 3),
        _place_name(some),
        _object_name(some, usual),
        moments[0] if moments else None,
        moments[-1] if moments else None,
        tuple(one.id for one in some),
        round(found.expected, 3),
        float(np.median(lons)) if placed else None,
        float(np.median(lats)) if placed else None,
        reach,
        _grows(points.hours[rows], found, end),
    )


def _grows(hours: Floats, found: Found, end: float) -> bool:
    """The latest slot before the end holds more of it than the slot before, and more than a slot should by far."""
    latest = int((hours > end - found.slot).sum())
    before = int(((hours > end - 2 * found.slot) & (hours <= end - found.slot)).sum())
    slots = max((hours.max() - hours.min()) / found.slot, 1)
    return bool(latest >= max(3, 1.5 * before) and latest >= 2.5 * found.expected / slots)


def _place_name(some: Sequence[Report]) -> str:
    """The address most of the texts name."""
    sample = some[:: max(1, len(some) // 100)][:100]
    named = Counter(one.text for report in sample for one in extract(report.text[:500]) if one.kind == "address")
    if not named:
        return ""
    name, count = named.most_common(1)[0]
    return name if count >= _NAMED * len(sample) else ""


def _bare(text: str) -> str:
    """The words without addresses, times and numbers: these are not what it is about."""
    bare, end = [], 0
    for one in extract(text[:500]):
        bare.append(text[end : one.start])
        end = one.end
    return " ".join([*bare, text[end:500]])


def _object_name(some: Sequence[Report], usual: Sequence[tuple[str, str]]) -> str:
    """The class most of them have, and what their words say besides."""
    label = Counter(one.label for one in some).most_common(1)[0][0]
    mine = {one.id for one in some}
    rest = [words for name, words in usual if name not in mine]
    sample = some[:: max(1, len(some) // 300)]
    said = phrase([_bare(one.text) for one in sample if one.text and one.text != label], rest)
    return " · ".join(one for one in (label, "" if said in label else said) if one)
