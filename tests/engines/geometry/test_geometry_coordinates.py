"""Between coordinate systems, and back to where we started."""

from __future__ import annotations

import h3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.engines.geometry import (
    CrsError,
    cell,
    cell_outline,
    cell_parent,
    cells,
    from_cgcs2000,
    to_cgcs2000,
)

in_china = st.tuples(st.floats(73.1, 135.0), st.floats(18.0, 53.5))
systems = st.sampled_from(["GCJ-02", "BD-09", "WGS84", "CGCS2000", 4490, "EPSG:4326"])


@given(in_china, systems)
def test_out_and_back_is_where_we_were(place: tuple[float, float], crs: str | int) -> None:
    again = to_cgcs2000(*from_cgcs2000(*place, crs), crs)
    assert again == pytest.approx(place, abs=1e-9)
    there = from_cgcs2000(*to_cgcs2000(*place, crs), crs)
    assert there == pytest.approx(place, abs=1e-9)


@given(st.lists(in_china, min_size=1, max_size=10), systems)
def test_many_equals_one(places: list[tuple[float, float]], crs: str | int) -> None:
    lon, lat = to_cgcs2000([x for x, _ in places], [y for _, y in places], crs)
    assert list(zip(lon.tolist(), lat.tolist(), strict=True)) == [to_cgcs2000(x, y, crs) for x, y in places]


@pytest.mark.parametrize(
    ("true", "crs", "shifted", "within"),
    [
        ((121.5272106, 31.1774276), "GCJ-02", (121.531541859215, 31.17530398364597), 1e-9),  # Shanghai
        ((113.912316, 22.543847), "GCJ-02", (113.9171764808363, 22.540796131694766), 1e-9),  # Shenzhen
        ((116.377817, 39.911954), "GCJ-02", (116.38404722455657, 39.91334545536069), 1e-9),  # Beijing
        ((121.0917077, 30.6107779), "BD-09", (121.10271732371203, 30.61484572185035), 1e-6),
    ],
)
def test_places_as_the_open_ports_print_them(
    true: tuple[float, float], crs: str, shifted: tuple[float, float], within: float
) -> None:
    assert from_cgcs2000(*true, crs) == pytest.approx(shifted, abs=within)
    assert to_cgcs2000(*shifted, crs) == pytest.approx(true, abs=within)


def test_gauss_krueger_metres_become_degrees() -> None:
    lon, lat = to_cgcs2000(500_000, 3_542_000, 4549)  # CGCS2000 / 3-degree Gauss-Kruger CM 120E
    assert lon == pytest.approx(120, abs=1e-9)
    assert lat == pytest.approx(32.0, abs=0.01)
    assert from_cgcs2000(lon, lat, "EPSG:4549") == pytest.approx((500_000, 3_542_000), abs=1e-3)
    assert to_cgcs2000(500_000, 3_542_000, "4549") == (lon, lat)


def test_outside_china_nothing_is_shifted() -> None:
    assert to_cgcs2000(-71.06, 42.36, "GCJ-02") == (-71.06, 42.36)


@pytest.mark.parametrize("crs", ["Mars", "", 999_999])
def test_unknown_systems_are_named(crs: str | int) -> None:
    with pytest.raises(CrsError, match="not a coordinate system"):
        to_cgcs2000(1, 2, crs)


@given(in_china, st.integers(5, 12))
def test_cells_fit_a_bigint_and_hold_their_point(place: tuple[float, float], resolution: int) -> None:
    found = cell(*place, resolution)
    assert 0 < found < 2**63
    assert h3.latlng_to_cell(place[1], place[0], resolution) == f"{found:x}"
    assert cell_parent(found, resolution - 1) == int(h3.cell_to_parent(f"{found:x}", resolution - 1), 16)
    ring = cell_outline(found)
    assert ring[0] == ring[-1]
    assert min(x for x, _ in ring) - 0.1 < place[0] < max(x for x, _ in ring) + 0.1


def test_many_cells() -> None:
    lon, lat = np.array([118.79, np.nan, 118.8]), np.array([32.02, 32.0, 32.03])
    assert cells(lon, lat).tolist() == [cell(118.79, 32.02), -1, cell(118.8, 32.03)]
    assert cells([], []).tolist() == []
