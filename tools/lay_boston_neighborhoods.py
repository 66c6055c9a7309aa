"""Lay the neighborhoods of the Boston test profile from what its 311 requests say.

Each cell of a hexagonal grid goes to the neighborhood that most requests in it name; a cell without any to that of the
nearest cell with some. Reads ../shared/data, writes tests/profiles/boston/areas.geojson.gz; synthetic, and marked so.
The same input gives the same bytes. Run from the repository root: `python tools/lay_boston_neighborhoods.py`.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import h3
import shapely
import yaml
from shapely.geometry import MultiPoint, Point, Polygon, mapping

ROOT = Path(__file__).resolve().parents[1]
REQUESTS = ROOT.parent / "shared" / "data" / "events" / "boston_311_2011q3.csv.gz"
PROFILE = ROOT / "tests" / "profiles" / "boston"
CELL, MARGIN = 9, 0.004
OTHERWISE_CALLED = {
    "Allston": "Allston / Brighton",
    "Brighton": "Allston / Brighton",
    "Mattapan": "Greater Mattapan",
    "South Boston": "South Boston / South Boston Waterfront",
}


def main() -> None:
    areas = yaml.safe_load((PROFILE / "areas.yaml").read_text("utf-8"))["areas"]
    codes = {area["en"]: code for code, area in areas.items() if area["level"] == "neighborhood"}
    votes, points = counted(codes)
    cells = {cell: max(sorted(named), key=lambda code: named[code]) for cell, named in votes.items()}
    region = MultiPoint(points).convex_hull.buffer(MARGIN)
    filled = grown(cells, region)
    shapes: dict[str, list[Polygon]] = {code: [] for code in codes.values()}
    for cell, code in filled.items():
        shapes[code].append(Polygon([(round(lon, 7), round(lat, 7)) for lat, lon in h3.cell_to_boundary(cell)]))
    unions = {code: shapely.union_all(pieces) for code, pieces in shapes.items()}
    features = [feature("boston", shapely.union_all(list(unions.values())))]
    features += [feature(code, unions[code]) for code in sorted(unions)]
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    (PROFILE / "areas.geojson.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(unions)} neighborhoods of {len(filled)} cells")


def counted(codes: dict[str, str]) -> tuple[dict[str, Counter[str]], list[tuple[float, float]]]:
    """How often each cell is called what, and every point."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    points = []
    with gzip.open(REQUESTS, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lon, lat = float(row["longitude"]), float(row["latitude"])
            points.append((lon, lat))
            code = codes.get(OTHERWISE_CALLED.get(row["neighborhood"], row["neighborhood"]))
            if code is not None:
                votes[h3.latlng_to_cell(lat, lon, CELL)][code] += 1
    return votes, points


def grown(cells: dict[str, str], region: Any) -> dict[str, str]:
    """All cells of the region, the nameless ones named like the nearest named one."""
    outline = h3.LatLngPoly([(lat, lon) for lon, lat in region.exterior.coords])
    wanted = sorted(set(h3.polygon_to_cells(outline, CELL)) | set(cells))
    named = sorted(cells)
    tree = shapely.STRtree([Point(h3.cell_to_latlng(cell)[::-1]) for cell in named])
    nearest = tree.nearest([Point(h3.cell_to_latlng(cell)[::-1]) for cell in wanted])
    return {cell: cells.get(cell) or cells[named[int(index)]] for cell, index in zip(wanted, nearest, strict=True)}


def feature(code: str, geometry: Any) -> dict[str, Any]:
    """A GeoJSON feature of the profile's own format."""
    return {"type": "Feature", "properties": {"code": code, "synthetic": True}, "geometry": mapping(geometry)}


if __name__ == "__main__":
    main()
