"""Where the centres of n parts should lie: balanced k-means over points strewn evenly in a region.

Lloyd's iteration moves each centre to the middle of what it holds; the powers (added to the nearness of a centre) are
raised where a part holds too little and lowered where too much, so the parts approach their shares of the region.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]
_ROUNDS = 40
_POINTS_PER_PART = 150
_GOLDEN = 1.32471795724474602596  # the plastic number: its powers strew a plane evenly (Roberts' R2 sequence)
_SETTLED = 0.5
_KEPT_APART = 0.8


def centres(region: BaseGeometry, shares: NDArray[np.float64], seed: int) -> tuple[Points, NDArray[np.float64]]:
    """Centres (n × 2, inside the region) and their powers (n), for parts with these shares of the region's area."""
    rng = np.random.default_rng(seed)
    strewn = strew(region, max(400, len(shares) * _POINTS_PER_PART), rng)
    wanted = shares / shares.sum()
    sites = strewn[rng.choice(len(strewn), len(shares), replace=False)]
    powers = np.zeros(len(shares))
    for turn in range(_ROUNDS):
        owner = nearest(strewn, sites, powers)
        held = np.bincount(owner, minlength=len(shares))
        powers += _SETTLED * region.area * (wanted - held / len(strewn))
        middle = [np.bincount(owner, strewn[:, axis], len(shares)) / np.maximum(held, 1) for axis in (0, 1)]
        lost = strewn[rng.choice(len(strewn), len(shares))]
        sites = np.where((held > 0)[:, None], np.column_stack(middle), lost)
        if turn == _ROUNDS - 1:
            sites = _inside(strewn, sites)
        powers = _tamed(sites, powers)
    return sites, powers


def nearest(points: Points, sites: Points, powers: NDArray[np.float64]) -> NDArray[np.int64]:
    """The centre each point belongs to: least squared distance less the centre's power."""
    away = (points[:, :1] - sites[:, 0]) ** 2 + (points[:, 1:] - sites[:, 1]) ** 2 - powers
    owner: NDArray[np.int64] = np.argmin(away, axis=1)
    return owner


def strew(region: BaseGeometry, count: int, rng: np.random.Generator) -> Points:
    """At least `count` points spread evenly inside the region."""
    shapely.prepare(region)
    west, south, east, north = region.bounds
    rate = region.area / ((east - west) * (north - south))
    start, tries = rng.random(2), int(count / rate * 1.2) + 50
    while True:
        steps = np.arange(tries)[:, None] * np.array([1 / _GOLDEN, 1 / _GOLDEN**2])
        points = (start + steps) % 1.0 * [east - west, north - south] + [west, south]
        inside: Points = points[shapely.contains_xy(region, points)]
        if len(inside) >= count:
            return inside
        tries *= 2


def _inside(strewn: Points, sites: Points) -> Points:
    """Each centre moved to the nearest strewn point, no two to the same."""
    free = np.ones(len(strewn), bool)
    moved = []
    for site in sites:
        away = np.where(free, ((strewn - site) ** 2).sum(axis=1), np.inf)
        moved.append(int(np.argmin(away)))
        free[moved[-1]] = False
    found: Points = strewn[moved]
    return found


def _tamed(sites: Points, powers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Powers scaled down until every centre lies in its own cell, so that no cell is empty."""
    apart = ((sites[:, None] - sites[None]) ** 2).sum(axis=2)
    excess = powers[None] - powers[:, None]
    pressing = excess > _KEPT_APART * apart
    np.fill_diagonal(pressing, False)
    scale = (_KEPT_APART * apart[pressing] / excess[pressing]).min() if pressing.any() else 1.0
    tamed: NDArray[np.float64] = powers * scale - (powers * scale).mean()
    return tamed
