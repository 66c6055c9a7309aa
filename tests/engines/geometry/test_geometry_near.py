"""Lines and points within reach: the nearest one, measured in metres, the same for one and for many."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod
from shapely.geometry import LineString, Point

from gezhi.engines.geometry import NearIndex

EARTH = Geod(ellps="GRS80")
ROADS = [
    LineString([(118.78, 32.01), (118.80, 32.012), (118.82, 32.01)]),
    LineString([(118.80, 32.00), (118.80, 32.02)]),
]
SITES = [Point(118.79, 32.005), Point(118.81, 32.005), Point(118.79, 32.005)]


def slow(shapes: list[LineString], lon: float, lat: float, reach: float) -> int:
    """The definition, by many points along each line."""
    best = (reach, -1)
    for number, line in enumerate(shapes):
        along = [line.interpolate(share, normalized=True) for share in np.linspace(0, 1, 4001)]
        xs, ys = np.array([p.x for p in along]), np.array([p.y for p in along])
        away = EARTH.inv(np.full(4001, lon), np.full(4001, lat), xs, ys)[2].min()
        best = min(best, (float(away), number))
    return best[1]


def test_the_nearest_line_within_reach() -> None:
    index = NearIndex([7, 3], ROADS, 40.0)
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(118.795, 118.805, 60), rng.uniform(32.005, 32.015, 60)
    expected = [{0: 7, 1: 3, -1: -1}[slow(ROADS, x, y, 40.0)] for x, y in zip(lon, lat, strict=True)]
    assert len(set(expected)) == 3
    assert index.locate_many(lon, lat).tolist() == expected
    assert [found if found is not None else -1 for found in map(index.locate, lon.tolist(), lat.tolist())] == expected


def test_sites_that_stand_together_belong_to_the_lowest_id() -> None:
    index = NearIndex([9, 5, 4], SITES, 60.0)
    assert index.locate(118.79, 32.005) == 4
    assert index.locate(118.81, 32.0053) == 5
    assert index.locate(118.80, 32.005) is None
    assert NearIndex([], [], 60.0).locate(118.8, 32.0) is None
    assert NearIndex([], [], 60.0).locate_many([118.8], [32.0]).tolist() == [-1]


@pytest.mark.parametrize("metres", [24.0, 26.0])
def test_reach_is_in_metres_on_the_ground(metres: float) -> None:
    lon, lat, _back = EARTH.fwd(118.80, 32.001, 90.0, metres)
    assert (NearIndex([1], [ROADS[1]], 25.0).locate(lon, lat) == 1) is (metres < 25)
