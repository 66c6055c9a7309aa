"""Lay the grids of the Qinhuai profile: a simple first partition of the real district outline.

Reads the outline (GCJ-02) below ../shared/data and the streets and communities of the profile's areas.yaml; writes the
profile's areas.geojson.gz (CGCS2000). Everything but the district's outline is synthetic and marked so. The same input
gives the same bytes. Run from the repository root: `python tools/lay_qinhuai_grids.py`.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import yaml
from numpy.typing import NDArray
from shapely import affinity
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry import Part, partition, partition_tree, to_cgcs2000

ROOT = Path(__file__).resolve().parents[1]
OUTLINE = ROOT.parent / "shared" / "data" / "geo" / "district_320104.json"
PROFILE = ROOT / "src" / "gezhi" / "profiles" / "qinhuai"
COMPREHENSIVE, EXCLUSIVE, SEED, ROUNDS = 1026, 308, 320104, 12
# where each street roughly lies (GCJ-02), so that the synthetic map resembles the city
PLACES = {
    "320104001": (118.800, 32.013), "320104002": (118.789, 32.021), "320104003": (118.805, 31.985),
    "320104004": (118.773, 32.018), "320104005": (118.775, 32.004), "320104006": (118.789, 32.040),
    "320104007": (118.793, 32.032), "320104008": (118.808, 32.026), "320104009": (118.812, 32.036),
    "320104010": (118.832, 32.029), "320104011": (118.850, 32.012), "320104012": (118.775, 32.035),
}  # fmt: skip
SITES = (
    ("校园", "campus"), ("商场", "mall"), ("园区", "business park"), ("医院", "hospital"), ("市场", "market"),
    ("景区", "scenic area"), ("机关院落", "government compound"), ("车站", "station"),
)  # fmt: skip


def main() -> None:
    areas: dict[str, dict[str, str]] = yaml.safe_load((PROFILE / "areas.yaml").read_text("utf-8"))["areas"]
    outline = district()
    grids = shares([code for code in areas if len(code) == 12], COMPREHENSIVE, 6)
    special = shares(list(grids), EXCLUSIVE, 1)
    below = {street: [code for code in grids if code.startswith(street)] for street in PLACES}
    streets = placed(outline, {street: sum(grids[code] for code in below[street]) for street in PLACES})
    plan = partition_tree(outline, [[grids[code] for code in below[street]] for street in streets], SEED)
    features = [feature({"code": "320104", "level": "district", "synthetic": False}, outline)]
    for street, part in zip(streets, plan.children, strict=True):
        features.append(feature({"code": street, "level": "street", "synthetic": True}, part.geometry))
        for code, inner in zip(below[street], part.children, strict=True):
            features.append(feature({"code": code, "level": "community", "synthetic": True}, inner.geometry))
            features.extend(laid(code, areas[code], inner, special[code]))
    document = {"type": "FeatureCollection", "features": features}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    (PROFILE / "areas.geojson.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(features)} areas, {sum(grids.values())} comprehensive and {sum(special.values())} exclusive grids")


def district() -> BaseGeometry:
    """The district's outline in CGCS2000, corners rounded to 1e-7 degrees."""
    drawn = shape(json.loads(OUTLINE.read_text("utf-8"))["features"][0]["geometry"])
    parts = shapely.get_parts(drawn)
    largest = max(parts, key=lambda part: part.area)
    return shapely.transform(largest, stored)


def stored(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """GCJ-02 points as they are stored."""
    lon, lat = to_cgcs2000(points[:, 0], points[:, 1], "GCJ-02")
    return np.column_stack([lon.round(7), lat.round(7)])


def placed(outline: BaseGeometry, grids: Mapping[str, int]) -> list[str]:
    """The streets in the order in which a partition with their numbers of grids puts them nearest to where they lie.

    The order decides where each part comes to lie, so it is improved until that brings nothing more.
    """
    best, order = (float("inf"), sorted(grids)), sorted(grids)
    for _ in range(ROUNDS):
        parts = partition(outline, len(order), SEED, [grids[street] for street in order])
        middles = [part.representative_point() for part in parts]
        centres = [(middle.x, middle.y) for middle in middles]
        apart = sum(away(centres[number], street) for number, street in enumerate(order))
        if apart >= best[0]:
            break
        best, order = (apart, order), swapped(order, centres)
    return best[1]


def away(centre: tuple[float, float], street: str) -> float:
    """How far, squared, a point is from where a street lies."""
    return (centre[0] - PLACES[street][0]) ** 2 + (centre[1] - PLACES[street][1]) ** 2


def swapped(order: list[str], centres: list[tuple[float, float]]) -> list[str]:
    """The order after swapping pairs for as long as that brings streets nearer to their places."""
    order, changed = list(order), True
    while changed:
        changed = False
        for one in range(len(order)):
            for two in range(one):
                now = away(centres[one], order[one]) + away(centres[two], order[two])
                if away(centres[one], order[two]) + away(centres[two], order[one]) < now - 1e-12:
                    order[one], order[two] = order[two], order[one]
                    changed = True
    return order


def shares(codes: list[str], total: int, least: int) -> dict[str, int]:
    """`total` things over the communities, at least `least` each, uneven as life is; the same every time."""
    drawn = random.Random(f"{SEED}-{total}")  # noqa: S311 (a map, not a secret)
    spare = total - least * len(codes)
    cuts = sorted(drawn.sample(range(1, spare + len(codes)), len(codes) - 1))
    gaps = [after - before - 1 for before, after in pairwise([0, *cuts, spare + len(codes)])]
    even = spare // len(codes)
    mixed = [round((2 * even + gap) / 3) for gap in gaps]
    number = 0
    while sum(mixed) != spare:
        step = 1 if sum(mixed) < spare else -1
        if mixed[number % len(mixed)] + step >= 0:
            mixed[number % len(mixed)] += step
        number += 1
    return {code: least + extra for code, extra in zip(codes, mixed, strict=True)}


def laid(code: str, name: Mapping[str, str], part: Part, special: int) -> Iterator[dict[str, Any]]:
    """The comprehensive grids of a community, and inside some of them its exclusive ones."""
    leaves = part.leaves()
    for number, leaf in enumerate(leaves, 1):
        yield feature(
            {
                "code": f"{code}{number:03}", "level": "grid", "layer": "base", "synthetic": True,
                "zh": f"{name['zh']}第{number}网格", "en": f"{name['en']}, grid {number}",
            },
            leaf.geometry,
        )  # fmt: skip
    drawn = random.Random(f"{SEED}-{code}")  # noqa: S311 (a map, not a secret)
    hosts = drawn.sample(range(len(leaves)), special)
    for number, host in enumerate(sorted(hosts), 1):
        zh, en = drawn.choice(SITES)
        yield feature(
            {
                "code": f"{code}{900 + number}", "level": "grid", "layer": "exclusive", "synthetic": True,
                "zh": f"{name['zh']}专属网格{number}（{zh}）", "en": f"{name['en']}, exclusive grid {number} ({en})",
            },
            inside(leaves[host].geometry, drawn.uniform(0.35, 0.6)),
        )  # fmt: skip


def inside(grid: BaseGeometry, size: float) -> BaseGeometry:
    """A smaller piece of a grid, around a point of it."""
    middle = grid.representative_point()
    piece = affinity.scale(grid.convex_hull, size, size, origin=middle).intersection(grid)
    largest = max(shapely.get_parts(piece), key=lambda one: one.area)
    return shapely.set_precision(largest, 1e-7)


def feature(properties: dict[str, Any], geometry: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON feature with coordinates of seven decimals."""
    rounded = json.loads(json.dumps(mapping(geometry)), parse_float=lambda text: round(float(text), 7))
    return {"type": "Feature", "properties": properties, "geometry": rounded}


if __name__ == "__main__":
    main()
