"""Small worlds to divide: a chessboard as polygons and as a graph, and the best plan found by trying everything."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from gezhi.engines.districting import Units

SIDE = 0.001  # degrees


def board(columns: int, rows: int, households: Sequence[float] | None = None, **more: Any) -> Units:
    """Squares of 100 m, numbered row by row from 0; each touches those beside it."""
    n = columns * rows
    right = [(i, i + 1) for i in range(n) if (i + 1) % columns]
    below = [(i, i + columns) for i in range(n - columns)]
    pairs = np.array(right + below, np.int64).reshape(-1, 2)
    return Units(
        ids=[str(i) for i in range(n)],
        households=np.array(households if households is not None else [10] * n, float),
        one=pairs[:, 0],
        other=pairs[:, 1],
        length=np.full(len(pairs), 100.0),
        places=np.array([(i % columns, i // columns) for i in range(n)], float) * 100,
        area=np.full(n, 10_000.0),
        outer=np.array([400.0 - 100 * (pairs == i).sum() for i in range(n)]),
        **more,
    )


def polygons(columns: int, rows: int, **more: Sequence[Any]) -> dict[str, Any]:
    """The same as GeoJSON in degrees; `more` are further properties."""
    features = []
    for i in range(columns * rows):
        x, y = 118.7 + SIDE * (i % columns), 32.0 + SIDE * (i // columns)
        ring = [[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]
        has = {"id": f"u{i}", "households": 10, **{name: values[i] for name, values in more.items()}}
        features.append({"type": "Feature", "properties": has, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    return {"type": "FeatureCollection", "features": features}


def graph(columns: int, rows: int, **more: Any) -> dict[str, Any]:
    """The same as a graph file; `more` are its limits."""
    units = board(columns, rows)
    edges = [[a, b, 100.0] for a, b in zip(units.one.tolist(), units.other.tolist(), strict=True)]
    return {"nodes": [{"id": i, "pop": 10} for i in range(len(units))], "edges": edges, **more}


def in_pieces(units: Units, grid: Sequence[int], closed: Sequence[int] = ()) -> list[int]:
    """Grids that lie in several pieces, found the slow way; edges with a barrier of `closed` hold nothing."""
    root = list(range(len(units)))

    def find(i: int) -> int:
        return i if root[i] == i else find(root[i])

    for number, (a, b) in enumerate(zip(units.one.tolist(), units.other.tolist(), strict=True)):
        shut = units.barrier is not None and units.barrier[number] in closed
        if grid[a] == grid[b] and not shut:
            root[find(a)] = find(b)
    found: dict[int, set[int]] = {}
    for i in range(len(units)):
        found.setdefault(int(grid[i]), set()).add(find(i))
    return [one for one, roots in found.items() if len(roots) > 1]


def fewest_cut(units: Units, k: int, low: float, high: float) -> float | None:
    """The least boundary of all plans of k connected grids within limits, by trying every labelling; None if none."""
    best = None
    for rest in product(range(k), repeat=len(units) - 1):
        grid = np.array((0, *rest))
        held = np.bincount(grid, units.households, k)
        if (held < low - 1e-6).any() or (held > high + 1e-6).any() or len(set(grid.tolist())) < k:
            continue
        cut = float(units.length[grid[units.one] != grid[units.other]].sum())
        if (best is None or cut < best) and not in_pieces(units, grid.tolist()):
            best = cut
    return best
