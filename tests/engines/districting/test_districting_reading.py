"""What a file says: where its units lie, how much they hold; and what is refused, with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engines.districting.town_of_squares import board, polygons

from gezhi.engines.districting import BadUnits, Options, read_barriers, read_units, solve
from gezhi.engines.districting.amounts import finite


def _lines(*points: list[float], kind: Any = "river", shape: str = "LineString") -> dict[str, Any]:
    geometry = {"type": shape, "coordinates": points}
    return {"type": "FeatureCollection", "features": [{"properties": {"kind": kind}, "geometry": geometry}]}


def test_without_a_system_coordinates_are_degrees() -> None:
    units = read_units({**polygons(2, 2), "crs": None})
    assert units.area is not None
    assert units.area == pytest.approx(94.4 * 110.9, rel=0.01)


def test_barriers_lie_in_the_system_of_the_units() -> None:
    metres = read_barriers(_lines([500_000, 3_542_000], [501_000, 3_542_000]))
    with pytest.raises(BadUnits, match="but a barrier lies at 500000, "):
        read_units(polygons(2, 2), metres)
    degrees = read_barriers(_lines([118.7, 32.0], [118.8, 32.0]))
    ring = [[500_000, 3_542_000], [500_100, 3_542_000], [500_100, 3_542_100], [500_000, 3_542_000]]
    unit = {"properties": {"id": 1, "households": 5}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    named = {"crs": {"type": "name", "properties": {"name": "EPSG:4547"}}}
    with pytest.raises(BadUnits, match="the barriers look like degrees"):
        read_units({"type": "FeatureCollection", "features": [unit], **named}, degrees)


@pytest.mark.parametrize(
    ("value", "number"), [(3, 3.0), (2.5, 2.5), (True, None), ("3", None), (float("nan"), None), (10**400, None)]
)
def test_a_number_is_finite(value: object, number: float | None) -> None:
    assert finite(value) == number


def test_a_tiny_target_makes_as_many_grids_as_there_are_units() -> None:
    assert len(solve(board(2, 2), Options(target=1e-300, seconds=1)).names) == 4


@pytest.mark.parametrize("wrong", [{"kind": ["river"]}, ["kind"], "river"])
def test_barriers_say_their_kind(wrong: Any) -> None:
    lines = _lines([118.7, 32.0], [118.8, 32.0])
    lines["features"][0]["properties"] = wrong
    with pytest.raises(BadUnits, match=r"barrier 1 are not an object|must say its kind"):
        read_barriers(lines)


def test_a_barrier_that_crosses_itself_is_refused() -> None:
    ring = [[118.69, 32.0], [118.71, 32.001], [118.71, 32.0], [118.69, 32.001], [118.69, 32.0]]
    lines = _lines(ring, shape="Polygon")  # type: ignore[arg-type]
    with pytest.raises(BadUnits, match="Barrier 1 is not sound"):
        read_barriers(lines)
