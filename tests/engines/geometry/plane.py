"""Outlines and areas the geometry tests share."""

from __future__ import annotations

from math import cos, pi, sin

from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

SQUARE = box(118.7, 32.0, 118.8, 32.1)
HORSESHOE = Polygon([(0, 0), (0.1, 0), (0.1, 0.1), (0.08, 0.1), (0.08, 0.02), (0.02, 0.02), (0.02, 0.1), (0, 0.1)])
RING = box(0, 0, 0.1, 0.1).difference(box(0.03, 0.03, 0.07, 0.07))
ISLANDS = MultiPolygon([box(0, 0, 0.1, 0.1), box(0.2, 0, 0.22, 0.02)])
COMB = Polygon([(0, 0), (0.09, 0), *[(0.09 - 0.01 * n, 0.01 if n % 2 else 0.08) for n in range(10)]])


def _star(radii: list[float]) -> Polygon:
    """A star-shaped outline around Nanjing, a corner per radius (in degrees)."""
    step = 2 * pi / len(radii)
    return Polygon([(118.79 + r * cos(n * step), 32.02 + r * sin(n * step)) for n, r in enumerate(radii)])


outlines = st.lists(st.floats(0.01, 0.1), min_size=5, max_size=30).map(_star)


def chessboard(columns: int, rows: int) -> list[Polygon]:
    """Squares of 0.01 degrees from (0, 0), row by row; they share edges and corners."""
    return [box(c / 100, r / 100, (c + 1) / 100, (r + 1) / 100) for r in range(rows) for c in range(columns)]
