"""Point → grid: a district's 1,334 grids, in bulk and one by one, beside geopandas.sjoin.

    .venv/bin/python -m bench.territory [--quick]

Grids are laid inside a district-sized outline by the engine's own partition, points fall anywhere around them. The peer
joins the same points to the same outlines in the same run, in the environment of `bench/peers.py`; both must agree on
every point that lies in a grid.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import box

from bench import peers
from gezhi.engines.geometry import AreaIndex, partition

GRIDS = 1_334
BARS = {"bulk_per_second": 1_000_000.0, "ratio": 3.0, "single_microseconds": 20.0}
_PEER = """
import json, sys, time
import geopandas, numpy as np, shapely
folder = sys.argv[1]
places = np.load(folder + "/points.npy")
shapes = [shapely.from_wkb(bytes.fromhex(one)) for one in json.load(open(folder + "/shapes.json"))]
grids = geopandas.GeoDataFrame({"grid": range(len(shapes))}, geometry=shapes, crs="EPSG:4490")
points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(places[:, 0], places[:, 1]), crs="EPSG:4490")
points.head(1000).sjoin(grids, how="left", predicate="intersects")
best = 1e9
for _ in range(3):
    began = time.perf_counter()
    joined = points.sjoin(grids, how="left", predicate="intersects")
    best = min(best, time.perf_counter() - began)
first = joined[~joined.index.duplicated()]["grid"].fillna(-1).astype(int).to_numpy()
np.save(folder + "/joined.npy", first)
print(json.dumps({"seconds": best}))
"""


def grids() -> list[Any]:
    """The outlines: a district of about 49 km² in 1,334 connected parts."""
    outline = box(118.76, 31.98, 118.84, 32.04)
    return list(partition(outline, GRIDS, seed=7))


def ours(shapes: list[Any], places: np.ndarray) -> dict[str, Any]:
    """Rates of the product's index, compiled and warm, the best of three."""
    index = AreaIndex(list(range(len(shapes))), shapes)
    lon, lat = np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1])
    index.locate_many(lon[:1000], lat[:1000])
    best, found = 1e9, np.empty(0, int)
    for _ in range(3):
        began = time.perf_counter()
        found = index.locate_many(lon, lat)
        best = min(best, time.perf_counter() - began)
    pairs = places[:20_000].tolist()
    began = time.perf_counter()
    for x, y in pairs:
        index.locate(x, y)
    return {"seconds": best, "found": found, "single": (time.perf_counter() - began) / len(pairs)}


def peer(shapes: list[Any], places: np.ndarray) -> dict[str, Any]:
    """The same join by geopandas."""
    python = peers.ensure()
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "points.npy", places)
        told = json.dumps([shapely.to_wkb(one).hex() for one in shapes])
        (Path(folder) / "shapes.json").write_text(told, encoding="utf-8")
        ran = subprocess.run([python, "-c", _PEER, folder], capture_output=True, text=True, check=True)
        told_back = json.loads(ran.stdout.strip().splitlines()[-1])
        return {"seconds": told_back["seconds"], "found": np.load(Path(folder) / "joined.npy")}


def main() -> int:
    """Print the table and the JSON line; 1 where a bar fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    points = 300_000 if parser.parse_args().quick else 2_000_000
    shapes = grids()
    places = np.random.default_rng(11).uniform((118.755, 31.975), (118.845, 32.045), (points, 2))
    mine, theirs = ours(shapes, places), peer(shapes, places)
    differ = int((mine["found"] != theirs["found"]).sum())
    figures = {
        "grids": len(shapes),
        "points": points,
        "bulk_per_second": points / mine["seconds"],
        "sjoin_per_second": points / theirs["seconds"],
        "ratio": theirs["seconds"] / mine["seconds"],
        "single_microseconds": mine["single"] * 1e6,
        "differ": differ,
    }
    bars = {
        "bulk": figures["bulk_per_second"] >= BARS["bulk_per_second"],
        "ratio": figures["ratio"] >= BARS["ratio"],
        "single": figures["single_microseconds"] < BARS["single_microseconds"],
        "same answers": differ <= points // 100_000,  # points on an edge belong to either
    }
    print(f"{len(shapes):,} grids, {points:,} points")
    print(f"{'in bulk':<28}{figures['bulk_per_second']:>14,.0f} /s   (bar 1,000,000)")
    print(f"{'geopandas.sjoin':<28}{figures['sjoin_per_second']:>14,.0f} /s")
    print(f"{'ratio':<28}{figures['ratio']:>14.1f} ×    (bar 3)")
    print(f"{'one point':<28}{figures['single_microseconds']:>14.1f} µs   (bar below 20)")
    print(f"{'answered differently':<28}{differ:>14,}")
    print(json.dumps({"name": "territory", "figures": figures, "bars": bars}))
    return 0 if all(bars.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
