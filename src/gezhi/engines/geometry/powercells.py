"""The power diagram of a few centres: a Voronoi diagram whose borders are pushed by powers. Convex cells in a box."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Corner = tuple[float, float]


def power_cells(
    sites: NDArray[np.float64], powers: NDArray[np.float64], bounds: tuple[float, float, float, float]
) -> list[list[Corner]]:
    """For each of n centres (n × 2) its cell within bounds (west, south, east, north), as corners in order."""
    west, south, east, north = bounds
    box = [(west, south), (east, south), (east, north), (west, north)]
    return [_cell(number, sites, powers, box) for number in range(len(sites))]


def _cell(number: int, sites: NDArray[np.float64], powers: NDArray[np.float64], box: list[Corner]) -> list[Corner]:
    """The box cut by the border with every other centre, nearest border first, until borders are out of reach."""
    x, y = sites[number]
    towards = np.delete(sites, number, axis=0) - sites[number]
    distance = np.hypot(towards[:, 0], towards[:, 1])
    border = (distance**2 + powers[number] - np.delete(powers, number)) / (2 * distance)
    corners = [(a - x, b - y) for a, b in box]
    for other in np.argsort(border).tolist():
        if border[other] >= max(a * a + b * b for a, b in corners) ** 0.5:
            break
        across, along = towards[other] / distance[other]
        corners = _cut(corners, float(across), float(along), float(border[other]))
    return [(float(a + x), float(b + y)) for a, b in corners]


def _cut(corners: list[Corner], across: float, along: float, border: float) -> list[Corner]:
    """What is left of a convex polygon where across·x + along·y ≤ border."""
    kept: list[Corner] = []
    beyond = [a * across + b * along - border for a, b in corners]
    for index, (here, over) in enumerate(zip(corners, beyond, strict=True)):
        before, was = corners[index - 1], beyond[index - 1]
        if (over > 0) != (was > 0):
            share = was / (was - over)
            kept.append((before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])))
        if over <= 0:
            kept.append(here)
    return kept
