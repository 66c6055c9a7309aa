"""H3 cells: one spatial key that PostgreSQL, DuckDB and Spark all understand, stored as a signed 64-bit integer.

H3 indexes have a top bit of 0, so they fit a bigint as they are. Resolution 9 (about 0.1 km², edge 200 m) is what a
case is stored with; coarser ones follow from it by `cell_parent`.
"""

from __future__ import annotations

import h3.api.basic_int as h3
import numpy as np
from numpy.typing import ArrayLike, NDArray

RESOLUTION = 9


def cell(lon: float, lat: float, resolution: int = RESOLUTION) -> int:
    """The cell of a point (degrees)."""
    return int(h3.latlng_to_cell(lat, lon, resolution))


def cells(lon: ArrayLike, lat: ArrayLike, resolution: int = RESOLUTION) -> NDArray[np.int64]:
    """The cells of many points; -1 where a coordinate is not a number. One-dimensional arrays of one length."""
    longitudes, latitudes = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    known = np.isfinite(longitudes) & np.isfinite(latitudes)
    found = np.full(longitudes.shape, -1, np.int64)
    pairs = zip(latitudes[known].tolist(), longitudes[known].tolist(), strict=True)
    found[known] = np.fromiter((h3.latlng_to_cell(y, x, resolution) for y, x in pairs), np.int64, int(known.sum()))
    return found


def cells_around(lon: float, lat: float, rings: int = 1, resolution: int = RESOLUTION) -> list[int]:
    """The cell of a point (degrees) and those around it, `rings` deep."""
    return [int(one) for one in h3.grid_disk(h3.latlng_to_cell(lat, lon, resolution), rings)]


def cell_parent(value: int, resolution: int) -> int:
    """The coarser cell that a cell lies in."""
    return int(h3.cell_to_parent(value, resolution))


def cell_outline(value: int) -> list[tuple[float, float]]:
    """The corners of a cell as (lon, lat), closed."""
    ring = [(lon, lat) for lat, lon in h3.cell_to_boundary(value)]
    return [*ring, ring[0]]
