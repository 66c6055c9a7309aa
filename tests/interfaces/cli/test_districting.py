"""`gezhi districting solve`: what it writes and prints, its exit codes, and every input that cannot be."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engines.districting.town_of_squares import SIDE, graph, polygons
from tests.interfaces.cli.importing_world import Ran, run

KEYS = [
    "feasible", "k", "max_deviation", "cut_length", "cut_edges", "polsby_popper", "disconnected", "certificate", "gap",
    "seconds",
]  # fmt: skip


def solve(folder: Path, document: Any, *more: str) -> Ran:
    source = folder / "in.geojson"
    text = document if isinstance(document, str | bytes) else json.dumps(document)
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run("districting", "solve", source, "--out", folder / "out.json", "--seconds", "2", *more)


def written(folder: Path) -> Any:
    return json.loads((folder / "out.json").read_text("utf-8"))


def test_polygons_come_back_with_their_grids(tmp_path: Path) -> None:
    ran = solve(tmp_path, polygons(4, 2, name=[f"第{i}块" for i in range(8)]), "--k", "2")
    assert ran.code == 0
    assert list(ran.told) == KEYS
    assert ran.told["feasible"] is True
    assert ran.told["certificate"] == "optimal"
    assert ran.told["cut_length"] == pytest.approx(2 * 110.9, rel=0.01)  # two sides, north to south
    assert ran.told["cut_edges"] == 2
    features = written(tmp_path)["features"]
    assert [one["properties"]["name"] for one in features] == [f"第{i}块" for i in range(8)]
    grids = [one["properties"]["grid"] for one in features]
    assert len({*grids}) == 2
    assert grids[0] == grids[1] == grids[4] == grids[5]


def test_a_plane_that_is_named_is_taken_as_it_is(tmp_path: Path) -> None:
    for crs, side in (("EPSG:4547", 100.0), ("urn:ogc:def:crs:EPSG::2263", 100 * 1200 / 3937)):
        ran = solve(tmp_path, _elsewhere(_metres, **_named(crs)), "--k", "2")
        assert (ran.code, ran.told["certificate"]) == (0, "optimal")
        assert ran.told["cut_length"] == pytest.approx(2 * side, rel=1e-4)


def test_a_graph_is_divided_within_its_own_limits(tmp_path: Path) -> None:
    ran = solve(tmp_path, graph(4, 4, k=4, L=40, U=40), "--objective", "edges")
    assert ran.code == 0
    assert (ran.told["k"], ran.told["cut_edges"], ran.told["certificate"]) == (4, 8, "optimal")
    assert len({node["grid"] for node in written(tmp_path)["nodes"]}) == 4


def test_zones_fixed_grids_and_plans_of_today_are_options(tmp_path: Path) -> None:
    zone = ["a" if i % 4 < 2 else "b" for i in range(16)]
    kept = ["K" if i in (0, 1) else None for i in range(16)]
    world = polygons(4, 4, zone=zone, kept=kept, today=["t"] * 16)
    ran = solve(tmp_path, world, "--target-households", "40", "--tolerance", "0.5", "--nest", "zone", "--fixed", "kept",
                "--current", "today", "--change-weight", "1", "--seeds", "2")  # fmt: skip
    assert ran.code == 0
    has = [one["properties"] for one in written(tmp_path)["features"]]
    assert {one["id"] for one in has if one["grid"] == "K"} == {"u0", "u1"}
    assert all(len({one["zone"] for one in has if one["grid"] == grid}) == 1 for grid in {one["grid"] for one in has})


def test_a_river_is_crossed_at_its_bridge_only(tmp_path: Path) -> None:
    def line(kind: str, *points: tuple[float, float]) -> dict[str, Any]:
        return {
            "type": "Feature",
            "properties": {"kind": kind},
            "geometry": {"type": "LineString", "coordinates": points},
        }

    middle = 32.0 + 2 * SIDE
    river = line("river", (118.69, middle), (118.71, middle))
    lines = tmp_path / "lines.geojson"
    lines.write_text(json.dumps({"type": "FeatureCollection", "features": [river]}), "utf-8")
    assert solve(tmp_path, polygons(4, 4), "--k", "1", "--barriers", str(lines)).code == 2
    ran = solve(tmp_path, polygons(4, 4), "--k", "2", "--barriers", str(lines))
    grids = [one["properties"]["grid"] for one in written(tmp_path)["features"]]
    assert ran.told["disconnected"] == 0
    assert len({*grids[:8]}) == len({*grids[8:]}) == 1
    x = 118.7 + 0.5 * SIDE
    bridge = line("bridge", (x, middle - SIDE / 4), (x, middle + SIDE / 4))
    lines.write_text(json.dumps({"type": "FeatureCollection", "features": [river, bridge]}), "utf-8")
    assert solve(tmp_path, polygons(4, 4), "--k", "1", "--barriers", str(lines)).code == 0


def _changed(change: Any) -> dict[str, Any]:
    world = copy.deepcopy(polygons(4, 2))
    change(world["features"])
    return world


def _listing(features: list[Any]) -> None:
    features[2]["properties"] = ["u2", 10]


def _outline(coordinates: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": coordinates}
    return {"type": "FeatureCollection", "features": [{"properties": {"id": 1, "households": 5}, "geometry": geometry}]}


def _nodes(**more: Any) -> dict[str, Any]:
    return {**graph(2, 2), "nodes": [{"id": i, "pop": 10, **more} for i in range(4)]}


def _elsewhere(place: Any, **more: Any) -> dict[str, Any]:
    """Each point of the squares at another place."""
    world = {**copy.deepcopy(polygons(4, 2)), **more}
    for feature in world["features"]:
        ring = feature["geometry"]["coordinates"][0]
        ring[:] = [place(x, y) for x, y in ring]
    return world


def _named(crs: Any) -> dict[str, Any]:
    return {"crs": {"type": "name", "properties": {"name": crs}}}


def _metres(x: float, y: float) -> list[float]:
    return [500_000 + (x - 118.7) * 1e5, 3_542_000 + (y - 32) * 1e5]


def _bow(features: list[Any]) -> None:
    ring = features[5]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]


def _moved(features: list[Any]) -> None:
    for point in features[3]["geometry"]["coordinates"][0]:
        point[0] -= SIDE / 2


def _far(features: list[Any]) -> None:
    for point in features[7]["geometry"]["coordinates"][0]:
        point[0] += 1.0


BAD = {
    "k larger than units": (polygons(4, 2), ("--k", "9"), "9 grids cannot be made of 8 units"),
    "no k": (polygons(4, 2), (), "Say how many grids"),
    "k of zero": (polygons(4, 2), ("--k", "0"), "at least one grid"),
    "negative": (polygons(4, 2, households=[10] * 7 + [-1]), ("--k", "2"), "from 0; they are not in unit u7"),
    "not a number": (polygons(4, 2, households=[10] * 7 + ["many"]), ("--k", "2"), "unit u7 is not a number"),
    "missing": (polygons(4, 2, households=[10] * 7 + [None]), ("--k", "2"), "Unit u7 has no households"),
    "cut off": (_changed(_far), ("--k", "2"), "Unit u7 cannot be reached from the others"),
    "twice": (polygons(4, 2, id=["a", "b", "c", "d", "e", "f", "g", "a"]), ("--k", "2"), "a appear more than once"),
    "crosses itself": (_changed(_bow), ("--k", "2"), "The outline of unit u5 crosses itself"),
    "overlap": (_changed(_moved), ("--k", "2"), "Units overlap: u2 and u3"),
    "empty": ("", ("--k", "2"), "is empty"),
    "no features": ({"type": "FeatureCollection", "features": []}, ("--k", "2"), "holds no units"),
    "not JSON": ("households,id", ("--k", "2"), "is not JSON"),
    "something else": ({"type": "Topology"}, ("--k", "2"), "neither a GeoJSON"),
    "no such field": (polygons(4, 2), ("--k", "2", "--nest", "zone"), "have no field “zone”"),
    "fewer than zones": (polygons(4, 2, zone=list("aabbaabb")), ("--k", "1", "--nest", "zone"), "too few"),
    "edge to nowhere": ({**graph(2, 2), "edges": [[0, 9, 1.0]]}, ("--k", "2"), "names the node 9"),
    "tolerance": (polygons(4, 2), ("--k", "2", "--tolerance", "2"), "is a share from 0"),
    "k is no number": (graph(2, 2, k=float("nan")), (), "k is not a number: nan"),
    "k without end": (graph(2, 2, k=float("inf")), (), "k is not a number: inf"),
    "k of zero in the graph": (graph(2, 2, k=0), (), "k, the number of grids, must be at least 1"),
    "k in halves": (graph(2, 2, k=1.5), (), "k is not a whole number: 1.5"),
    "L is no number": (graph(2, 2, k=2, L=float("nan")), (), "L is not a number: nan"),
    "U is a word": (graph(2, 2, k=2, U="40"), (), "U is not a number: 40"),
    "L below 0": (graph(2, 2, k=2, L=-1), (), "L must be a number of households from 0"),
    "perimeter": (_nodes(area=5, boundary_perim="x"), ("--k", "2"), "Boundary_perim of unit 0 is not a number: x"),
    "area below 0": (_nodes(area=-5, boundary_perim=None), ("--k", "2"), "Area must be numbers from 0"),
    "too many digits": (polygons(1, 2, households=[10**400, 1]), ("--k", "2"), "Households of unit u0 is not a number"),
    "too many": (polygons(1, 2, households=[1e300, 1]), ("--k", "2"), "Households can be at most 1e+15"),
    "norm below 0": (polygons(1, 2, norm=[-1, 5]), ("--k", "2"), "Norm must be numbers from 0; they are not"),
    "norm is none": (polygons(1, 2, norm=[[], 5]), ("--k", "2"), "Norm of unit u0 is not a number: []"),
    "norm of nearly 0": (polygons(1, 2, norm=[1e-300, 5]), ("--k", "2"), "A norm is 0 for the usual"),
    "edge without end": ({**graph(1, 2), "edges": [[0, 1, 10**400]]}, ("--k", "2"), "Edge 1 has a length that is not"),
    "nested": ("[" * 100_000, ("--k", "2"), "in.geojson cannot be read: it is nested too deeply"),
    "not UTF-8": (json.dumps(polygons(4, 2, name=["格"] * 8), ensure_ascii=False).encode("gbk"), (), "not in UTF-8"),
    "thousands of digits": ('{"k": ' + "9" * 5000 + "}", ("--k", "2"), "a number in it has thousands of digits"),
    "geometry nested": (_outline(json.loads("[" * 900 + "]" * 900)), ("--k", "1"), "no geometry that can be read"),
    "geometry of digits": (_outline([[[10**400, 0], [1, 0], [1, 1]]]), ("--k", "1"), "no geometry that can be read"),
    "geometry of three": (_outline([[[0, 0], [1, 0, 5], [1, 1]]]), ("--k", "1"), "no geometry that can be read"),
    "lines in names": (polygons(1, 1, id=["a\nb"], households=[None]), ("--k", "1"), "Unit a b has no households"),
    "half a character": (polygons(1, 1, id=["\ud800"], households=[None]), ("--k", "1"), "has no households"),
    "around the world": (_elsewhere(lambda x, y: [(x - 118.7) * 4e4, y]), ("--k", "2"), "too far apart"),
    "nearly nobody": (polygons(4, 2, households=[1e-300] * 8), ("--k", "2"), "No unit has households"),
    "properties": (_changed(_listing), ("--k", "2"), "The properties of feature 3 are not an object"),
    "id": (polygons(1, 2, id=[["a"], "b"]), ("--k", "2"), "The id of feature 1 is neither a text nor a number"),
    "seconds without end": (polygons(4, 2), ("--k", "2", "--seconds", "inf"), "seconds it may take must be a number"),
    "seconds": (polygons(4, 2), ("--k", "2", "--seconds", "nan"), "seconds it may take must be a number"),
    "change weight": (polygons(4, 2), ("--k", "2", "--change-weight", "nan"), "The weight of changes must be a number"),
    "target": (polygons(4, 2), ("--target-households", "inf"), "must be a number above 0, at most 1e+15; inf is not"),
    "tolerance is no number": (polygons(4, 2), ("--k", "2", "--tolerance", "nan"), "nan is not"),
    "swapped": (_elsewhere(lambda x, y: [y, x]), ("--k", "2"), "Unit u0 lies at 32, 118.7"),
    "swapped, as said": (_elsewhere(lambda x, y: [y, x], **_named("EPSG:4490")), ("--k", "2"), "swapped?"),
    "metres of nowhere": (_elsewhere(_metres), ("--k", "2"), "metres need a “crs”"),
    "degrees as metres": (_elsewhere(lambda x, y: [x, y], **_named("EPSG:4547")), ("--k", "2"), "look like degrees"),
    "too far": (_elsewhere(lambda x, y: [1e9, y], **_named("EPSG:4547")), ("--k", "2"), "no place in “EPSG:4547”"),
    "unknown system": (_elsewhere(_metres, **_named("Xi'an 2100")), ("--k", "2"), "“Xi'an 2100” is not known"),
    "heights alone": (_elsewhere(_metres, **_named("EPSG:5773")), ("--k", "2"), "neither degrees nor a plane"),
    "system without name": (_elsewhere(_metres, **_named(5)), ("--k", "2"), "names no coordinate system"),
    "no coordinate": (_elsewhere(lambda x, y: [float("inf"), y]), ("--k", "2"), "A coordinate of unit u0 is not"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_is_one_sentence_and_nothing_written(tmp_path: Path, case: str) -> None:
    document, options, says = BAD[case]
    ran = solve(tmp_path, document, *options)
    assert ran.code == 2
    assert ran.out == ""
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.geojson"]


def test_half_a_character_comes_back_as_it_was(tmp_path: Path) -> None:
    assert solve(tmp_path, polygons(1, 1, name=["\ud800 格"]), "--k", "1").code == 0
    assert written(tmp_path)["features"][0]["properties"]["name"] == "\ud800 格"


def test_what_cannot_be_written_is_told_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.json"
    source.write_text(json.dumps(graph(2, 1)), "utf-8")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for out in (
        tmp_path / "none" / "out.json",
        tmp_path / ("x" * 300),
        source / "out.json",
        tmp_path / "circle" / "out",
    ):
        ran = run("districting", "solve", source, "--out", out, "--k", "2")
        assert (ran.code, ran.out) == (2, "")
        assert "cannot be written" in ran.err

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    ran = run("districting", "solve", source, "--out", tmp_path / "out.json", "--k", "2")
    assert "out.json cannot be written: No space left on device." in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["circle", "in.json"]


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe, source = tmp_path / "pipe", tmp_path / "in.json"
    source.write_text(json.dumps(graph(2, 1)), "utf-8")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run("districting", "solve", source, "--out", pipe, "--k", "2").code == 0
    assert len(json.loads(os.read(reader, 100_000))["nodes"]) == 2
    os.close(reader)
    assert pipe.is_fifo()


def test_a_unit_above_the_upper_bound_is_proven_to_be_impossible(tmp_path: Path) -> None:
    ran = solve(tmp_path, polygons(4, 2, households=[10] * 7 + [90]), "--k", "2")
    assert ran.code == 3
    assert json.loads(ran.out)["certificate"] == "infeasible"
    assert "u7 (90)" in ran.err
    assert not (tmp_path / "out.json").exists()


def test_a_fixed_grid_in_opposite_corners_is_impossible(tmp_path: Path) -> None:
    kept = ["K" if i in (0, 7) else None for i in range(8)]
    ran = solve(tmp_path, polygons(4, 2, kept=kept), "--k", "3", "--fixed", "kept")
    assert ran.code == 3
    assert (ran.told["feasible"], ran.told["certificate"]) == (False, "infeasible")
    assert "The fixed grid “K” lies in 2 pieces that do not touch (u0 / u7)" in ran.err


def test_it_needs_no_setting_and_prints_one_line(tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(json.dumps(graph(3, 3, k=3, L=30, U=30)), "utf-8")
    words = ["-m", "gezhi.interfaces.cli.main", "districting", "solve", "in.json", "--out", "out.json"]
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
    ran = subprocess.run([sys.executable, *words], cwd=tmp_path, env=kept, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.splitlines()) == 1
    assert json.loads(ran.stdout)["feasible"]
