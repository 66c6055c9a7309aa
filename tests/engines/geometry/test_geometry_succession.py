"""What became of what: codes that go on, layers made one, areas that touch."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from plane import SQUARE, chessboard
from shapely.geometry import box

from gezhi.engines.geometry import continued, counted, islands, make_one, overlaps, partition, shared_edges
from gezhi.engines.geometry.measure import compactness, metres, square_metres, width
from gezhi.engines.geometry.oneness import TooFewLayers

BOARD = dict(enumerate(chessboard(4, 2)))


def test_each_old_area_is_continued_once_by_what_keeps_the_most() -> None:
    table = np.array([[60.0, 40.0, 0.0], [50.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 0.0]])
    assert continued(table) == [1, 0, None, None]
    assert continued(np.zeros((2, 0))) == [None, None]


def test_shares_are_counted_on_units_or_measured_on_the_ground() -> None:
    assert counted([0, 0, 1, -1], [0, 1, 1, 1], [10, 20, 30, 40], (2, 2)).tolist() == [[10, 20], [0, 30]]
    table = overlaps([box(0, 0, 0.02, 0.01)], [BOARD[0], BOARD[1], BOARD[3]])
    assert table[0, 0] == pytest.approx(square_metres(BOARD[0]), rel=1e-3)
    assert table[0, 2] == 0


def test_measures_on_the_ground() -> None:
    degree = box(0, 0, 0.01, 0.01)
    assert square_metres(degree) == pytest.approx(1113.2 * 1105.7, rel=2e-3)
    assert metres(degree.boundary) == pytest.approx(2 * (1113.2 + 1105.7), rel=2e-3)
    assert width(box(0, 0, 0.01, 0.00001)) == pytest.approx(1.1, rel=0.01)
    assert compactness(shapely.Point(118.8, 0).buffer(0.01)) == pytest.approx(1.0, abs=0.01)
    assert compactness(degree) == pytest.approx(np.pi / 4, rel=1e-3)


def test_areas_that_touch_along_an_edge() -> None:
    one, other, length = shared_edges(np.array(list(BOARD.values()), dtype=object))
    assert sorted(zip(one.tolist(), other.tolist(), strict=True)) == [
        (0, 1), (0, 4), (1, 2), (1, 5), (2, 3), (2, 6), (3, 7), (4, 5), (5, 6), (6, 7),
    ]  # fmt: skip
    assert length.min() > 1000
    assert islands(4, np.array([0, 3]), np.array([3, 2])).tolist() == [0, 1, 0, 0]


def test_layers_that_agree_are_one_already() -> None:
    made = make_one({"base": BOARD, "party": BOARD, "emergency": BOARD}, 2)
    assert len(made.areas) == 8
    assert made.agreement == 1.0
    assert made.same == 8
    assert {one.fate for one in made.became} == {"same"}


def test_boundaries_that_enough_layers_have_stand() -> None:
    halves = {10: box(0, 0, 0.02, 0.02), 11: box(0.02, 0, 0.04, 0.02)}
    all_ = make_one({"base": BOARD, "party": halves}, 1)
    both = make_one({"base": BOARD, "party": halves}, 2)
    assert len(all_.areas) == 8
    assert len(both.areas) == 2
    assert both.by_pair["base", "party"] == pytest.approx(0.2, abs=0.01)
    assert [one.fate for one in both.became if one.layer == "party"] == ["same", "same"]
    assert [one.fate for one in both.became if one.layer == "base"] == ["within"] * 8
    fates = {one.area: one for one in all_.became if one.layer == "party"}
    assert fates[10].fate == "split"
    assert [round(share, 2) for _new, share in fates[10].parts] == [0.25] * 4


def test_boundaries_of_communities_stand_and_slivers_go_to_a_neighbour() -> None:
    shifted = {n: shapely.transform(one, lambda at: at + np.array([0.0004, 0.0])) for n, one in BOARD.items()}
    made = make_one({"base": BOARD, "party": shifted}, 1)
    assert len(made.areas) < 16
    assert shapely.coverage_is_valid(list(made.areas))
    fixed = {1: box(0, 0, 0.04, 0.01), 2: box(0, 0.01, 0.04, 0.02)}
    halves = {10: box(0, 0, 0.02, 0.02), 11: box(0.02, 0, 0.04, 0.02)}
    assert len(make_one({"base": BOARD, "party": halves}, 2, fixed).areas) == 4


def test_real_plans_are_made_one_without_gaps() -> None:
    layers = {name: dict(enumerate(partition(SQUARE, 25, seed=seed))) for name, seed in (("a", 1), ("b", 2), ("c", 3))}
    made = make_one(layers, 2)
    assert shapely.coverage_is_valid(list(made.areas))
    assert sum(one.area for one in made.areas) == pytest.approx(SQUARE.area, rel=1e-6)


def test_one_layer_cannot_be_made_one() -> None:
    for layers in ({"base": BOARD}, {"base": BOARD, "party": {}}):
        with pytest.raises(TooFewLayers):
            make_one(layers, 1)
