"""What a file says: where its units lie, how much they hold; and what is refused, with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engines.districting.town_of_squares import polygons

from gezhi.engines.districting import BadUnits, read_barriers, read_units


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
