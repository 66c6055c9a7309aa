"""Which area holds a point: exact at the edges, the same for one and for many, and quick."""

from __future__ import annotations

import time
import timeit
from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from plane import RING, SQUARE, chessboard, outlines
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry import AreaIndex, partition

BOARD = chessboard(7, 5)
INDEX = AreaIndex(range(100, 135), BOARD)
lattice = st.integers(-4, 76).map(lambda n: n / 1000)  # edges and corners of the board among them


@cache
def grids() -> list[Polygon]:
    return partition(SQUARE, 200, seed=1)


def slow(ids: list[int], areas: list[BaseGeometry], lon: float, lat: float) -> int | None:
    """The definition: the lowest id of the areas that hold the point, their boundary included."""
    return min(
        (number for number, area in zip(ids, areas, strict=True) if area.intersects(Point(lon, lat))), default=None
    )


@given(lattice, lattice)
def test_edges_and_corners_belong_to_the_lowest_id(lon: float, lat: float) -> None:
    assert INDEX.locate(lon, lat) == slow(list(range(100, 135)), BOARD, lon, lat)


@settings(deadline=None)
@given(st.lists(outlines.filter(lambda o: o.is_valid), min_size=1, max_size=5), st.data())
def test_any_areas_even_overlapping(areas: list[Polygon], data: st.DataObject) -> None:
    ids = data.draw(st.permutations(range(len(areas))))
    index = AreaIndex(ids, areas)
    corners = shapely.get_coordinates(areas).tolist()
    places = st.tuples(st.floats(118.65, 118.93), st.floats(31.9, 32.15)) | st.sampled_from([tuple(c) for c in corners])
    points = data.draw(st.lists(places, min_size=1, max_size=20))
    expected = [slow(list(ids), areas, *point) for point in points]
    assert [index.locate(*point) for point in points] == expected
    many = index.locate_many([x for x, _ in points], [y for _, y in points])
    assert [None if found < 0 else found for found in many.tolist()] == expected


def test_many_equals_one_on_a_real_plan() -> None:
    index = AreaIndex(range(200), grids())
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(118.69, 118.81, 5000), rng.uniform(31.99, 32.11, 5000)
    corners = shapely.get_coordinates(grids())
    lon, lat = np.concatenate([lon, corners[:, 0]]), np.concatenate([lat, corners[:, 1]])
    one = [index.locate(x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    assert [-1 if found is None else found for found in one] == index.locate_many(lon, lat).tolist()
    assert all(found is not None for found in one[5000:])  # every corner belongs to somebody


def test_holes_are_outside() -> None:
    index = AreaIndex([4], [RING])
    assert index.locate(0.05, 0.05) is None
    assert index.locate(0.03, 0.05) == 4
    assert index.locate(0.01, 0.05) == 4


@pytest.mark.parametrize("lon", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_what_is_no_place_is_nowhere(lon: float) -> None:
    assert INDEX.locate(lon, 0.01) is None
    assert INDEX.locate(0.01, lon) is None
    assert INDEX.locate_many([lon, 0.001], [0.001, 0.001]).tolist() == [-1, 100]


def test_an_empty_index_holds_nothing() -> None:
    index = AreaIndex([], [])
    assert len(index) == 0
    assert index.locate(0, 0) is None
    assert index.locate_many([0.0, 1.0], [0.0, 1.0]).tolist() == [-1, -1]
    assert index.nearest(0, 0, 1e6) is None


@pytest.mark.parametrize("ids", [[1], [1, 1], [-1, 2]])
def test_ids_pair_up(ids: list[int]) -> None:
    with pytest.raises(ValueError, match="one geometry per id"):
        AreaIndex(ids, [box(0, 0, 1, 1), box(1, 0, 2, 1)])


def test_nearest_in_metres() -> None:
    index = AreaIndex([1, 2], [box(118.70, 32.0, 118.71, 32.01), box(118.72, 32.0, 118.73, 32.01)])
    assert index.nearest(118.705, 32.005, 10) == (1, 0.0)
    found = index.nearest(118.7149, 32.005, 1000)
    assert found is not None
    assert found[0] == 1
    assert found[1] == pytest.approx(462.9, abs=1)
    assert index.nearest(118.715, 32.02, 1000) is None
    assert index.nearest(118.715, 32.02, 1500) is not None
    assert index.nearest(118.715, float("nan"), 1500) is None


def test_nearest_ties_go_to_the_lowest_id() -> None:
    index = AreaIndex([9, 3], [box(0, 0.01, 0.01, 0.02), box(0, -0.02, 0.01, -0.01)])
    found = index.nearest(0.005, 0.0, 5000)
    assert found is not None
    assert found[0] == 3


def test_it_is_quick() -> None:
    index = AreaIndex(range(200), grids())
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(118.7, 118.8, 200_000), rng.uniform(32.0, 32.1, 200_000)
    index.locate_many(lon[:10], lat[:10])
    start = time.perf_counter()
    index.locate_many(lon, lat)
    assert 200_000 / (time.perf_counter() - start) > 500_000  # 8 M/s on a quiet core; half the bar for a busy one
    places = list(zip(lon[:1000].tolist(), lat[:1000].tolist(), strict=True))
    best = min(timeit.repeat(lambda: [index.locate(x, y) for x, y in places], number=1, repeat=5)) / 1000
    assert best < 40e-6  # 2 µs on a quiet core
