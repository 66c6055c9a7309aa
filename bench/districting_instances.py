"""What the districting bench divides: invented quarters, a city's neighbourhoods, published graphs. All as graph files.

An invented quarter is n Voronoi cells on a plane, one of them about a square metre, evened once, with households from a
lognormal distribution (20 a unit, at most 150); a grid has about 300.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Voronoi

DATA = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Instance:
    """A graph as `gezhi districting solve` reads it, and the best number of cut edges published, else 0."""

    name: str
    graph: dict[str, Any]
    k: int
    low: float
    high: float
    best: int = 0

    @property
    def arrays(self) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
        """Households (n), edges (m × 2), lengths (m)."""
        nodes, edges = self.graph["nodes"], self.graph["edges"]
        households = np.array([node.get("households", node.get("pop")) for node in nodes], float)
        position = {node["id"]: number for number, node in enumerate(nodes)}
        pairs = np.array([(position[a], position[b]) for a, b, _ in edges], np.int64)
        return households, pairs, np.array([edge[2] for edge in edges], float)


def quarter(n: int, seed: int) -> Instance:
    """An invented quarter of n units."""
    random = np.random.default_rng([n, seed])
    wide, high = 1.25 * np.sqrt(n), np.sqrt(n) / 1.25
    points = random.uniform(size=(n, 2)) * [wide, high]
    cells = _cells(points, wide, high)
    points = np.array([_centroid(cells.vertices[cells.regions[cells.point_region[i]]])[0] for i in range(n)])
    cells = _cells(points, wide, high)
    areas = [_centroid(cells.vertices[cells.regions[cells.point_region[i]]])[1] for i in range(n)]
    outer, edges = np.zeros(n), []
    for (a, b), (start, end) in zip(cells.ridge_points.tolist(), cells.ridge_vertices, strict=True):
        length = float(np.hypot(*(cells.vertices[start] - cells.vertices[end]))) if min(a, b) < n else 0.0
        if max(a, b) < n and length > 0.02:
            edges.append([a, b, round(length, 6)])
        elif min(a, b) < n <= max(a, b):
            outer[min(a, b)] += length
    households = np.clip(np.round(random.lognormal(np.log(20) - 0.32, 0.8, n)), 1, 150)
    nodes = [
        {
            "id": i, "households": int(households[i]), "x": float(points[i, 0]), "y": float(points[i, 1]),
            "area": float(areas[i]), "boundary_perim": float(outer[i]),
        }
        for i in range(n)
    ]  # fmt: skip
    k = round(households.sum() / 300)
    mean = households.sum() / k
    return Instance(f"quarter {n} / {seed}", {"nodes": nodes, "edges": edges}, k, 0.95 * mean, 1.05 * mean)


def _cells(points: NDArray[np.float64], wide: float, high: float) -> Voronoi:
    """Cells that end at the border of the rectangle: each point is mirrored in its four sides."""
    mirrored = [points * [-1, 1], points * [1, -1], [2 * wide, 0] + points * [-1, 1], [0, 2 * high] + points * [1, -1]]
    return Voronoi(np.concatenate([points, *mirrored]))


def _centroid(ring: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    after = np.roll(ring, -1, axis=0)
    cross = ring[:, 0] * after[:, 1] - after[:, 0] * ring[:, 1]
    area = cross.sum() / 2
    return ((ring + after) * cross[:, None]).sum(axis=0) / (6 * area), abs(area)


def published() -> list[Instance]:
    """The published graphs with the best value known."""
    found = []
    with (DATA / "districting" / "known_results.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            graph = json.loads((DATA / "districting" / f"{row['instance']}.json").read_text("utf-8"))
            found.append(
                Instance(row["instance"], graph, graph["k"], graph["L"], graph["U"], int(row["best_cut_edges"]))
            )
    return found


def neighbourhoods(k: int = 60) -> Instance:
    """The city's neighbourhoods by their households, as the product reads them from outlines; those that touch no
    other are left out."""
    from gezhi.engines.districting import read_units

    document = json.loads((DATA / "geo" / "taipei_villages.geojson").read_text("utf-8"))
    for feature in document["features"]:
        has = feature["properties"]
        has["id"], has["households"] = has["VILLCODE"], int(has["POP2021"])
    units = read_units(document)
    nodes = [
        {
            "id": units.ids[i], "households": float(units.households[i]), "x": float(units.places[i, 0]),
            "y": float(units.places[i, 1]), "area": float(units.area[i]), "boundary_perim": float(units.outer[i]),
        }
        for i in range(len(units))
    ]  # fmt: skip
    edges = [
        [units.ids[a], units.ids[b], float(length)]
        for a, b, length in zip(units.one.tolist(), units.other.tolist(), units.length.tolist(), strict=True)
    ]
    mean = float(units.households.sum()) / k
    return Instance("neighbourhoods", {"nodes": nodes, "edges": edges}, k, 0.95 * mean, 1.05 * mean)
