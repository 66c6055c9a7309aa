"""Lay the ground of the Qinhuai profile: a simple first partition of the real district outline.

Reads the outline (GCJ-02) below ../shared/data and the streets and communities of the profile's areas.yaml; writes the
profile's areas.geojson.gz (CGCS2000): blocks with invented households, the grids made of them, and the layers over the
same ground (exclusive grids, police, Party branches, road sections, sites). Everything but the district's outline is
synthetic and marked so. The same input gives the same bytes. Run from the repository root:
`python tools/lay_qinhuai_grids.py`.
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
from gezhi.engines.geometry.coverage import united

ROOT = Path(__file__).resolve().parents[1]
OUTLINE = ROOT.parent / "shared" / "data" / "geo" / "district_320104.json"
PROFILE = ROOT / "src" / "gezhi" / "profiles" / "qinhuai"
COMPREHENSIVE, EXCLUSIVE, SEED, ROUNDS = 1026, 308, 320104, 12
BLOCKS = (5, 6, 6, 6, 7)  # so many blocks a grid
# How many households a grid has: most of them about the norm, some far too few or too many, so that drawing them anew
# has something to do. (share of grids, least, most)
HOUSEHOLDS = ((0.84, 255, 345), (0.1, 120, 210), (0.06, 450, 640))
KINDS = ("commodity", "old", "old", "resettlement", "courtyard", "mixed")
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
    plan = partition_tree(outline, [[blocks(code, grids[code]) for code in below[street]] for street in streets], SEED)
    features = []
    for street, part in zip(streets, plan.children, strict=True):
        parts = dict(zip(below[street], part.children, strict=True))
        inner = [one for code in parts for one in community(code, areas[code], parts[code], special[code])]
        features += [summed({"code": street, "level": "street"}, part.geometry, inner), *inner]
        features.append(section(street, areas[street], part.geometry, list(parts.values())))
    features.insert(0, summed({"code": "320104", "level": "district", "synthetic": False}, outline, features))
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


def blocks(code: str, grids: int) -> list[int]:
    """How many blocks each grid of a community is made of."""
    drawn = random.Random(f"{SEED}-blocks-{code}")  # noqa: S311 (a map, not a secret)
    return [drawn.choice(BLOCKS) for _ in range(grids)]


def community(code: str, name: Mapping[str, str], part: Part, special: int) -> list[dict[str, Any]]:
    """A community with everything in it: blocks, grids, exclusive grids, sites, branches, its police area."""
    pieces = [one for number, grid in enumerate(part.children, 1) for one in laid(code, name, number, grid)]
    hosted = list(exclusive(code, name, part, special))
    police = {
        "code": f"{code}701", "level": "beat", "layer": "police", "parent": code,
        "zh": f"{name['zh']}警务区", "en": f"{name['en']}, police area",
    }  # fmt: skip
    whole = summed({"code": code, "level": "community"}, part.geometry, pieces)
    return [whole, *pieces, *hosted, *branches(code, name, part), feature(police, part.geometry)]


def laid(code: str, name: Mapping[str, str], number: int, grid: Part) -> Iterator[dict[str, Any]]:
    """A comprehensive grid and the blocks it is made of."""
    drawn = random.Random(f"{SEED}-{code}-{number}")  # noqa: S311 (a map, not a secret)
    chance, (least, most) = drawn.random(), HOUSEHOLDS[0][1:]
    for share, low, high in HOUSEHOLDS[1:]:
        if chance < share:
            least, most = low, high
            break
        chance -= share
    weights = [drawn.uniform(0.6, 1.4) for _ in grid.children]
    total, kind = drawn.randint(least, most), drawn.choice(KINDS)
    made = []
    for turn, (weight, block) in enumerate(zip(weights, grid.children, strict=True), 1):
        households = round(total * weight / sum(weights))
        made.append(feature(
            {
                "code": f"{code}-{number:03}{turn}", "level": "block", "layer": "blocks", "parent": code,
                "zh": f"第{number}网格{turn}片", "en": f"Grid {number}, block {turn}", "households": households,
                "population": round(households * drawn.uniform(2.2, 2.6)),
                "kind": kind if drawn.random() < 0.8 else drawn.choice(KINDS),
            },
            block.geometry,
        ))  # fmt: skip
    own = {
        "code": f"{code}{number:03}", "level": "grid", "layer": "base", "kind": kind,
        "zh": f"{name['zh']}第{number}网格", "en": f"{name['en']}, grid {number}",
    }  # fmt: skip
    yield summed(own, grid.geometry, made)
    yield from made


def exclusive(code: str, name: Mapping[str, str], part: Part, special: int) -> Iterator[dict[str, Any]]:
    """The exclusive grids of a community, each inside a block; the first is also a site with a responsible person."""
    drawn = random.Random(f"{SEED}-{code}")  # noqa: S311 (a map, not a secret)
    hosts = drawn.sample(range(len(part.children)), special)
    for number, host in enumerate(sorted(hosts), 1):
        zh, en = drawn.choice(SITES)
        block = max(part.children[host].children, key=lambda one: one.geometry.area)
        ground = inside(block.geometry, drawn.uniform(0.6, 0.85))
        yield feature(
            {
                "code": f"{code}{900 + number}", "level": "grid", "layer": "exclusive", "kind": "public",
                "zh": f"{name['zh']}专属网格{number}（{zh}）", "en": f"{name['en']}, exclusive grid {number} ({en})",
            },
            ground,
        )  # fmt: skip
        if number == 1 and code.endswith(("001", "004", "008")):
            site = {
                "code": f"{code}-P01", "level": "site", "layer": "sites", "parent": code,
                "zh": f"{name['zh']}{zh}出入口", "en": f"{name['en']}, gate of the {en}",
            }  # fmt: skip
            yield feature(site, shapely.set_precision(ground.representative_point(), 1e-7))


def branches(code: str, name: Mapping[str, str], part: Part) -> Iterator[dict[str, Any]]:
    """Party branches, each uniting two to four grids that touch (clause: YZ-16)."""
    left, number = list(range(len(part.children))), 0
    shapes = [grid.geometry for grid in part.children]
    while left:
        group, number = [left.pop(0)], number + 1
        while left and len(group) < 3:
            near = [n for n in left if any(shapes[n].intersection(shapes[m]).length > 0 for m in group)]
            if not near:
                break
            group.append(near[0])
            left.remove(near[0])
        own = {
            "code": f"{code}{500 + number}", "level": "branch", "layer": "party", "parent": code,
            "zh": f"{name['zh']}第{number}网格党支部", "en": f"{name['en']}, Party branch {number}",
        }  # fmt: skip
        yield feature(own, united([shapes[n] for n in group]))


def section(code: str, name: Mapping[str, str], street: BaseGeometry, parts: list[Part]) -> dict[str, Any]:
    """A road section through a street: from the middle of one community to that of the farthest other."""
    middles = [part.geometry.representative_point() for part in parts]
    start, end = max(
        ((one, other) for one in middles for other in middles), key=lambda pair: float(pair[0].distance(pair[1]))
    )
    line = shapely.LineString([start, street.representative_point(), end]).intersection(street)
    longest = max(shapely.get_parts(line), key=lambda one: one.length)
    own = {
        "code": f"{code}-L01", "level": "section", "layer": "roads", "parent": code,
        "zh": f"{name['zh']}主干路段", "en": f"{name['en']}, main road section",
    }  # fmt: skip
    return feature(own, shapely.set_precision(longest, 1e-7))


def summed(properties: dict[str, Any], geometry: BaseGeometry, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """A feature with the households and people of the blocks among its parts."""
    held = [one["properties"] for one in parts if one["properties"]["level"] == "block"]
    people = {name: sum(int(one[name]) for one in held) for name in ("households", "population")}
    return feature({**properties, **people}, geometry)


def inside(grid: BaseGeometry, size: float) -> BaseGeometry:
    """A smaller piece of a grid, around a point of it."""
    middle = grid.representative_point()
    piece = affinity.scale(grid.convex_hull, size, size, origin=middle).intersection(grid)
    largest = max(shapely.get_parts(piece), key=lambda one: one.area)
    return shapely.set_precision(largest, 1e-7)


def feature(properties: dict[str, Any], geometry: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON feature with coordinates of seven decimals."""
    rounded = json.loads(json.dumps(mapping(geometry)), parse_float=lambda text: round(float(text), 7))
    return {"type": "Feature", "properties": {"synthetic": True, **properties}, "geometry": rounded}


if __name__ == "__main__":
    main()
