"""Redrawing by hand: whatever is done, neighbours share their edges exactly and the ground stays covered once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from plane import SQUARE, chessboard
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry import editing, partition
from gezhi.engines.geometry.editing import EditError
from gezhi.engines.geometry.topology import solid

BOARD: dict[int, BaseGeometry] = dict(enumerate(editing.rounded(one) for one in chessboard(3, 2)))
GROUND = box(0, 0, 0.03, 0.02)


def after(areas: dict[int, BaseGeometry], changes: editing.Changes) -> dict[int, BaseGeometry]:
    """The areas with the changes made."""
    return {key: shape for key, shape in {**areas, **changes}.items() if shape is not None}


def whole(areas: dict[int, BaseGeometry], ground: BaseGeometry) -> None:
    """The areas cover the ground once, and share corners along their edges."""
    shapes = list(areas.values())
    assert all(shape.is_valid for shape in shapes)
    assert shapely.coverage_is_valid(shapes)
    assert solid(shapely.symmetric_difference(shapely.union_all(shapes), ground)) is None
    assert abs(sum(shape.area for shape in shapes) - shapely.union_all(shapes).area) < 1e-12


def test_a_split_gives_its_corners_to_the_neighbours() -> None:
    pieces, changes = editing.split(BOARD, 1, LineString([(0.0142, -0.001), (0.0163, 0.011)]))
    assert len(pieces) == 2
    assert set(changes) == {4}  # the square above shares the cut edge; below there is only the outline
    whole(after({k: v for k, v in BOARD.items() if k != 1}, {**changes, 90: pieces[0], 91: pieces[1]}), GROUND)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (LineString([(0.012, 0.002), (0.018, 0.002)]), "line_short"),
        (LineString([(0.05, 0.05), (0.06, 0.06)]), "line_short"),
        (LineString([(0.012, 0.002), (0.012, 0.002)]), "line_flat"),
    ],
)
def test_lines_that_split_nothing(line: LineString, key: str) -> None:
    with pytest.raises(EditError) as refused:
        editing.split(BOARD, 1, line)
    assert refused.value.key == key


def test_neighbours_merge_and_strangers_do_not() -> None:
    assert editing.merge(BOARD, [0, 1, 2]).equals(box(0, 0, 0.03, 0.01))
    for keys, key in (([0], "merge_few"), ([0, 2], "merge_apart"), ([0, 4], "merge_apart"), ([0, 77], "no_area")):
        with pytest.raises(EditError) as refused:
            editing.merge(BOARD, keys)
        assert refused.value.key == key


def test_a_corner_moves_for_all_who_share_it() -> None:
    changes = editing.move_corner(BOARD, GROUND.boundary, (0.01, 0.01), (0.0123, 0.0087))
    assert set(changes) == {0, 1, 3, 4}
    whole(after(BOARD, changes), GROUND)


@pytest.mark.parametrize(
    ("at", "to", "key"),
    [
        ((0.01, 0.0), (0.012, 0.001), "corner_fixed"),
        ((0.0111, 0.01), (0.012, 0.001), "no_corner"),
        ((0.01, 0.01), (0.025, 0.01), "corner_crossing"),
        ((0.01, 0.01), (0.01, 0.03), "corner_crossing"),
        ((0.01, 0.01), (0.01, 0.01), "nothing_changes"),
    ],
)
def test_corners_that_stay(at: Any, to: Any, key: str) -> None:
    with pytest.raises(EditError) as refused:
        editing.move_corner(BOARD, GROUND.boundary, at, to)
    assert refused.value.key == key


def test_an_edge_gets_a_corner_and_loses_it_again() -> None:
    changes = editing.add_corner(BOARD, GROUND.boundary, (0.0101, 0.005), (0.0131, 0.0052))
    assert set(changes) == {0, 1}
    bent = after(BOARD, changes)
    whole(bent, GROUND)
    straight = after(bent, editing.remove_corner(bent, GROUND.boundary, (0.0131, 0.0052)))
    whole(straight, GROUND)
    assert straight[0].equals(BOARD[0])
    with pytest.raises(EditError, match="Three areas meet here"):
        editing.remove_corner(BOARD, GROUND.boundary, (0.01, 0.01))
    with pytest.raises(EditError, match="no corner here"):
        editing.add_corner(BOARD, GROUND.boundary, (0.5, 0.5), (0.6, 0.6))


def test_what_is_drawn_takes_its_ground_from_the_others() -> None:
    new, changes = editing.draw(BOARD, GROUND, Polygon([(0.005, 0.005), (0.0251, 0.0049), (0.015, 0.015)]))
    assert set(changes) >= {0, 1, 2, 4}
    whole(after(BOARD, {**changes, 90: new}), GROUND)
    swallowed, gone = editing.draw(BOARD, GROUND, box(-0.005, -0.005, 0.0102, 0.0103))
    assert gone[0] is None
    whole(after(BOARD, {**gone, 91: swallowed}), GROUND)


@pytest.mark.parametrize(
    ("outline", "key"),
    [
        (Polygon([(0, 0), (0.01, 0.01), (0.01, 0), (0, 0.01)]), "outline_crossing"),
        (Polygon([(0, 0), (0.01, 0.01), (0.02, 0.02)]), "outline_flat"),
        (box(1, 1, 2, 2), "outline_outside"),
    ],
)
def test_outlines_that_cannot_be(outline: Polygon, key: str) -> None:
    with pytest.raises(EditError) as refused:
        editing.draw(BOARD, GROUND, outline)
    assert refused.value.key == key


def test_blocks_are_handed_over() -> None:
    blocks = [box(0.008, 0.0, 0.01, 0.004), box(0.008, 0.004, 0.01, 0.01)]
    changes = editing.hand_over(BOARD, blocks, 1)
    assert changes[1] is not None
    assert changes[1].equals(box(0.008, 0, 0.02, 0.01))
    whole(after(BOARD, changes), GROUND)
    with pytest.raises(EditError, match="changes nothing"):
        editing.hand_over(BOARD, [box(0.01, 0, 0.012, 0.01)], 1)
    with pytest.raises(EditError, match="Choose the blocks"):
        editing.hand_over(BOARD, [], 1)


def test_areas_that_stand_free_move_freely_but_never_into_each_other() -> None:
    free: dict[int, BaseGeometry] = {1: box(0, 0, 0.01, 0.01), 2: box(0.02, 0, 0.03, 0.01)}
    assert set(editing.move_corner(free, None, (0.01, 0.01), (0.012, 0.012))) == {1}
    with pytest.raises(EditError, match="run across another"):
        editing.move_corner(free, None, (0.01, 0.01), (0.025, 0.005))


degrees = st.integers(0, 1000)
deeds = st.lists(
    st.tuples(st.sampled_from(["split", "merge", "move", "bend", "draw"]), degrees, degrees, degrees, degrees),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60)
@given(deeds)
def test_whatever_is_drawn_the_ground_stays_covered_once(deeds: list[tuple[str, int, int, int, int]]) -> None:
    ground = editing.rounded(SQUARE)
    areas: dict[int, BaseGeometry] = dict(enumerate(partition(ground, 9, seed=3)))
    for number, (deed, *at) in enumerate(deeds):
        x1, y1, x2, y2 = (118.7 + at[0] / 1e4, 32.0 + at[1] / 1e4, 118.7 + at[2] / 1e4, 32.0 + at[3] / 1e4)
        keys = sorted(areas)
        try:
            if deed == "split":
                key = keys[at[0] % len(keys)]
                pieces, changes = editing.split(areas, key, LineString([(x1, y1 - 0.1), (x2, y2 + 0.1)]))
                changes |= {key: pieces[0]} | {100 * (number + 1) + n: p for n, p in enumerate(pieces[1:])}
            elif deed == "merge":
                one, other = keys[at[0] % len(keys)], keys[at[1] % len(keys)]
                changes = {other: None, one: editing.merge(areas, [one, other])}
            elif deed == "move":
                corners = np.unique(shapely.get_coordinates(list(areas.values())), axis=0)
                corner = tuple(corners[at[0] % len(corners)].tolist())
                to = (corner[0] + at[1] / 1e6 - 5e-4, corner[1] + at[2] / 1e6 - 5e-4)
                changes = editing.move_corner(areas, ground.boundary, corner, to)
            elif deed == "bend":
                changes = editing.add_corner(areas, ground.boundary, (x1, y1), (x2, y2))
            else:
                outline = Polygon([(x1, y1), (x2, y2), (x1 / 2 + x2 / 2 + 0.01, y2 + 0.01)])
                new, changes = editing.draw(areas, ground, outline)
                changes[9000 + number] = new
        except EditError:
            continue
        areas = after(areas, changes)
        whole(areas, ground)
