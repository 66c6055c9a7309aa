"""Drawing: what is laid on the sheet, where names go, how far is how far; outlines are not the sheet's own edge."""

from __future__ import annotations

import math

import pytest
import shapely

from gezhi.engines.geometry import AreaIndex, drawing, window

LON, LAT = 118.8, 32.0
STEP = 0.01


def square(column: int, row: int, size: float = STEP) -> shapely.Polygon:
    """A cell of a board of areas."""
    return shapely.box(LON + column * STEP, LAT + row * STEP, LON + column * STEP + size, LAT + row * STEP + size)


BOARD = {n: square(n % 3, n // 3) for n in range(9)}
MIDDLE = BOARD[4]


def test_a_window_has_the_sheets_ratio_and_the_area_in_its_middle() -> None:
    west, south, east, north = window(MIDDLE, 186 / 122, 0.5)
    shrink = math.cos(math.radians((south + north) / 2))
    assert (east - west) * shrink / (north - south) == pytest.approx(186 / 122)
    assert (west + east) / 2 == pytest.approx(MIDDLE.centroid.x)
    assert (south + north) / 2 == pytest.approx(MIDDLE.centroid.y)
    assert shapely.box(west, south, east, north).contains(MIDDLE)


def test_areas_are_laid_upright_and_cut_at_the_edge() -> None:
    ground = window(MIDDLE, 1.0, 0.4)
    laid = drawing(BOARD, ground=ground, width=100, height=100)
    assert set(laid.areas) == set(BOARD)
    points = [point for one in laid.areas.values() for ring in one.rings for point in ring]
    assert all(-0.01 <= x <= 100.01 and -0.01 <= y <= 100.01 for x, y in points)
    above, below = laid.areas[7], laid.areas[1]  # the row to the north stands higher on paper: smaller y
    assert above.label[1] < 50 < below.label[1]
    assert laid.areas[4].label == pytest.approx((50, 50), abs=5)
    assert laid.areas[4].room == pytest.approx(100 / 1.8 / 2 * math.cos(math.radians(LAT)), rel=0.05)


def test_an_outline_is_drawn_only_where_it_crosses_the_sheet() -> None:
    ground = window(MIDDLE, 1.0, 0.4)
    around = shapely.box(LON - 1, LAT - 1, LON + 1, LAT + 1)
    half = shapely.box(LON - 1, LAT - 1, LON + 1.5 * STEP, LAT + 1)
    laid = drawing({1: around, 2: half}, ground=ground, width=100, height=100)
    assert laid.areas[1].edges == ()
    (line,) = laid.areas[2].edges
    assert {round(x) for x, _y in line} == {50}


def test_metres_on_the_sheet() -> None:
    ground = window(MIDDLE, 1.0, 0.0)
    laid = drawing({4: MIDDLE}, ground=ground, width=100, height=100)
    assert laid.metres == pytest.approx(STEP * 111_320 / 100, rel=0.01)


def test_what_lies_outside_is_left_out() -> None:
    laid = drawing({1: square(50, 50)}, ground=window(MIDDLE, 1.0, 0.2), width=100, height=100)
    assert laid.areas == {}


def test_an_index_gives_shapes_by_id_and_by_window() -> None:
    index = AreaIndex([10 + n for n in BOARD], list(BOARD.values()))
    assert index.shape_of(14) == MIDDLE
    assert index.shape_of(9) is None
    assert index.shape_of(99) is None
    found = index.within(LON + 1.2 * STEP, LAT + 1.2 * STEP, LON + 1.4 * STEP, LAT + 1.4 * STEP)
    assert [number for number, _shape in found] == [14]
    everything = index.within(LON, LAT, LON + 3 * STEP, LAT + 3 * STEP)
    assert [number for number, _shape in everything] == [10 + n for n in BOARD]
    assert AreaIndex([], []).within(0, 0, 1, 1) == []
