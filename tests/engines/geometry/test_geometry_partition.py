"""A plan tiles its outline: every point in exactly one part, edges shared to the last corner, nested plans nested."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from plane import COMB, HORSESHOE, ISLANDS, RING, SQUARE, outlines
from shapely.geometry import MultiPolygon, Polygon, box

from gezhi.engines.geometry import AreaIndex, Part, partition, partition_tree

Area = Polygon | MultiPolygon
CENTIMETRE = 1e-7
TIP = 1e-6  # a needle-sharp tip may be blunted by as much


def holds(outline: Area, parts: list[Area]) -> None:
    """The parts tile the outline: valid, no overlap, no gap, the same edges, the same land to some centimetres."""
    assert all(part.is_valid and not part.is_empty for part in parts)
    assert shapely.coverage_is_valid(parts)
    together = shapely.union_all(parts)
    assert together.area == pytest.approx(sum(part.area for part in parts), rel=1e-12)
    assert together.buffer(TIP).covers(outline)
    assert outline.buffer(CENTIMETRE).covers(together)
    corners = shapely.get_coordinates(parts)
    assert np.abs(corners - np.round(corners, 7)).max() < 1e-12


@pytest.mark.parametrize("outline", [SQUARE, HORSESHOE, RING, COMB])
@pytest.mark.parametrize("n", [1, 2, 7, 30])
def test_any_shape_into_connected_parts(outline: Area, n: int) -> None:
    parts = partition(outline, n, seed=n)
    assert len(parts) == n
    assert {part.geom_type for part in parts} == {"Polygon"}
    holds(outline, parts)


def test_an_island_too_small_for_a_part_of_its_own_stays_with_one() -> None:
    parts = partition(ISLANDS, 4, seed=3)
    assert sorted(part.geom_type for part in parts) == ["MultiPolygon", "Polygon", "Polygon", "Polygon"]
    holds(ISLANDS, parts)


@settings(max_examples=20, deadline=None)
@given(outlines.filter(lambda o: o.is_valid), st.integers(2, 12), st.integers(0, 99))
def test_every_point_is_in_exactly_one_part(outline: Polygon, n: int, seed: int) -> None:
    parts = partition(outline, n, seed)
    holds(outline, parts)
    index = AreaIndex(range(n), parts)
    rng = np.random.default_rng(seed)
    west, south, east, north = outline.bounds
    lon, lat = rng.uniform(west, east, 400), rng.uniform(south, north, 400)
    inside = shapely.contains_xy(outline.buffer(-TIP), lon, lat)
    outside = ~shapely.intersects_xy(outline.buffer(2 * CENTIMETRE), lon, lat)
    found = index.locate_many(lon, lat)
    assert (found[inside] >= 0).all()
    assert (found[outside] == -1).all()
    interiors = sum(shapely.contains_xy(part, lon, lat).astype(int) for part in parts)
    assert interiors[inside].max(initial=0) <= 1


def test_areas_approach_their_weights() -> None:
    areas = np.array([part.area for part in partition(SQUARE, 6, seed=2, weights=[1, 1, 2, 2, 3, 3])])
    assert areas / areas.sum() * 12 == pytest.approx([1, 1, 2, 2, 3, 3], rel=0.15)
    equal = np.array([part.area for part in partition(SQUARE, 20, seed=2)])
    assert equal.std() / equal.mean() < 0.1


def test_the_same_seed_gives_the_same_plan() -> None:
    assert partition(HORSESHOE, 9, seed=5) == partition(HORSESHOE, 9, seed=5)
    assert partition(HORSESHOE, 9, seed=5) != partition(HORSESHOE, 9, seed=6)


def test_a_nested_plan_nests() -> None:
    tree = partition_tree(HORSESHOE, [[3, 4], [5], [2, 1, 6]], seed=4)
    assert [[len(community.children) for community in street.children] for street in tree.children] == [
        [3, 4],
        [5],
        [2, 1, 6],
    ]

    def nests(part: Part) -> None:
        if part.children:
            holds(part.geometry, [child.geometry for child in part.children])
        for child in part.children:
            nests(child)

    nests(tree)
    leaves = [leaf.geometry for leaf in tree.leaves()]
    assert len(leaves) == 21
    holds(HORSESHOE, leaves)
    holds(HORSESHOE, [street.geometry for street in tree.children])


def test_a_district_of_a_thousand_grids_in_seconds() -> None:
    start = time.perf_counter()
    tree = partition_tree(SQUARE, [[10] * 9] * 8 + [[9, 10, 10, 9, 9, 10, 9, 10]] * 4, seed=7)
    assert time.perf_counter() - start < 10
    leaves = [leaf.geometry for leaf in tree.leaves()]
    assert len(leaves) == 8 * 90 + 4 * 76
    assert {leaf.geom_type for leaf in leaves} == {"Polygon"}
    holds(SQUARE, leaves)


@pytest.mark.parametrize(
    ("outline", "n", "weights", "sentence"),
    [
        (SQUARE, 0, None, "at least one part"),
        (SQUARE, 2, [1], "one weight above 0"),
        (SQUARE, 2, [1, 0], "one weight above 0"),
        (Polygon(), 2, None, "outline is empty"),
        (Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), 2, None, "crosses itself"),
        (box(0, 0, 2e-7, 2e-7), 40, None, "too small"),
    ],
)
def test_what_cannot_be_divided_says_why(outline: Area, n: int, weights: list[float] | None, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        partition(outline, n, 1, weights)


@pytest.mark.parametrize("children", [0, [], [[], [3]], [0, 3]])
def test_empty_branches_are_refused(children: object) -> None:
    with pytest.raises(ValueError, match="at least one leaf"):
        partition_tree(SQUARE, children, 1)  # type: ignore[arg-type]
