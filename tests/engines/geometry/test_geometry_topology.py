"""Does a layer hold together? A table of layers with one thing wrong each, and where the check says it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plane import SQUARE
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from gezhi.engines.geometry import Demands, Piece, check, fit, partition
from gezhi.engines.geometry.topology import FAULT_KINDS

WEST, EAST = box(118.7, 32.0, 118.75, 32.1), box(118.75, 32.0, 118.8, 32.1)
PARENTS = {
    1: Piece(1, "320104001001", "Community West", WEST, None, "community"),
    2: Piece(2, "320104001002", "Community East", EAST, None, "community"),
}
SOUND = [
    Piece(11, "320104001001001", "A", box(118.7, 32.0, 118.75, 32.05), 1, "grid"),
    Piece(12, "320104001001002", "B", box(118.7, 32.05, 118.75, 32.1), 1, "grid"),
    Piece(21, "320104001002001", "C", EAST, 2, "grid"),
]
FILLED = Demands(covers=True, digits={"grid": 15})


def with_(number: int, **changes: object) -> list[Piece]:
    """The sound layer with one area changed."""
    return [replace(one, **changes) if one.key == number else one for one in SOUND]  # type: ignore[arg-type]


def test_a_sound_layer_has_no_faults() -> None:
    assert check(SOUND, parents=PARENTS, demands=FILLED) == []
    plan = [Piece(n, f"{n}", f"{n}", one, 0) for n, one in enumerate(partition(SQUARE, 80, seed=2))]
    assert check(plan, parents={0: Piece(0, "0", "whole", SQUARE)}, demands=Demands(covers=True)) == []


CROSSED = Polygon([(118.7, 32.0), (118.75, 32.05), (118.75, 32.0), (118.7, 32.05)])
WRONG = {
    "code_missing": (with_(11, code=""), (11,)),
    "code_taken": (with_(12, code="320104001001001"), (11, 12)),
    "code_digits": (with_(11, code="32010400100100"), (11,)),
    "code_parent": (with_(11, code="320104001002009"), (11,)),
    "name_missing": (with_(11, name=" "), (11,)),
    "outline_missing": (with_(11, geometry=None), (11,)),
    "unsound": (with_(11, geometry=CROSSED), (11,)),
    "not_polygon": (with_(11, geometry=LineString([(118.7, 32), (118.71, 32.01)])), (11,)),
    "pieces": (
        with_(11, geometry=MultiPolygon([box(118.7, 32.0, 118.72, 32.05), box(118.73, 32.0, 118.75, 32.05)])),
        (11,),
    ),
    "sliver": (with_(11, geometry=box(118.7, 32.05 - 1e-5, 118.75, 32.05)), (11,)),
    "overlap": (with_(11, geometry=box(118.7, 32.0, 118.75, 32.06)), (11, 12)),
    "gap": (with_(11, geometry=box(118.7, 32.0, 118.75, 32.04)), ()),
    "outside": (with_(11, geometry=box(118.69, 32.0, 118.75, 32.05)), (11,)),
    "astride": (with_(11, geometry=box(118.7, 32.0, 118.76, 32.05)), (11,)),
}


@pytest.mark.parametrize("kind", WRONG)
def test_each_fault_is_found_and_says_where(kind: str) -> None:
    pieces, areas = WRONG[kind]
    found = {one.kind: one for one in check(pieces, parents=PARENTS, demands=FILLED)}
    assert kind in found
    assert found[kind].areas == areas
    assert found[kind].sentence[-1] in ".!"
    if kind not in {"outline_missing"}:
        assert found[kind].where is not None


def test_every_kind_of_fault_is_shown_by_a_test() -> None:
    lines = {"not_line", "not_point", "not_same", "not_within", "cut", "parent_missing"}
    assert set(WRONG) | lines == set(FAULT_KINDS)


def test_the_gap_is_where_nobody_answers() -> None:
    (fault,) = check(WRONG["gap"][0], parents=PARENTS, demands=FILLED)
    assert fault.where is not None
    assert fault.where.equals(box(118.7, 32.04, 118.75, 32.05))
    assert "Community West" in fault.sentence


def test_rounding_is_no_fault() -> None:
    near = with_(11, geometry=box(118.7, 32.0, 118.75, 32.05 - 1e-7))
    assert check(near, parents=PARENTS, demands=FILLED) == []


def test_layers_that_need_not_cover_may_leave_gaps_and_stairwells_need_no_outline() -> None:
    assert check(WRONG["gap"][0], parents=PARENTS, demands=Demands()) == []
    stairwell = Piece(31, "S1", "Stairwell", None, 11, "stairwell")
    assert check([stairwell], parents={}, demands=Demands(bodiless=frozenset({"stairwell"}))) == []


def test_lines_and_points_are_what_their_layer_says() -> None:
    line, point = LineString([(118.7, 32), (118.71, 32)]), Point(118.7, 32)
    road, site = Piece(1, "r", "Road", line), Piece(2, "s", "Site", point)
    assert check([road], parents={}, demands=Demands(shape="line")) == []
    assert check([site], parents={}, demands=Demands(shape="point")) == []
    assert [f.kind for f in check([site], parents={}, demands=Demands(shape="line"))] == ["not_line"]
    assert [f.kind for f in check([road], parents={}, demands=Demands(shape="point"))] == ["not_point"]
    assert [
        f.kind for f in check([replace(road, geometry=Point(500, 1))], parents={}, demands=Demands(shape="point"))
    ] == ["unsound"]


BRANCH = Piece(51, "b1", "Branch 1", WEST)


@pytest.mark.parametrize(
    ("pieces", "rule", "kinds"),
    [
        ([replace(one, key=one.key + 100) for one in SOUND], "same_as", []),
        ([BRANCH], "same_as", ["not_same"]),
        ([replace(BRANCH, geometry=box(118.71, 32.01, 118.74, 32.04))], "within", []),
        ([replace(BRANCH, geometry=box(118.71, 32.01, 118.74, 32.06))], "within", ["not_within"]),
        ([BRANCH], "unites", []),
        ([BRANCH, replace(BRANCH, key=52, geometry=EAST)], "unites", []),
        ([replace(BRANCH, geometry=box(118.7, 32.0, 118.75, 32.07))], "unites", ["cut"]),
        ([BRANCH], "", []),
        ([], "same_as", []),
    ],
)
def test_boundaries_lie_as_the_rule_says(pieces: list[Piece], rule: str, kinds: list[str]) -> None:
    found = fit(pieces, SOUND, rule, {"en": "Grids"})  # type: ignore[arg-type]
    assert [one.kind for one in found] == kinds
