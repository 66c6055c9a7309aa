"""Files of areas: a round trip loses nothing, every datum is converted, and nothing that could harm is read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
import shapely
from pyogrio import raw
from shapely.geometry import LineString, MultiPolygon, Point, box, mapping
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry import Feature, FileProblem, from_cgcs2000, read_file, rows, vector_files, write_file

SAID = {
    "code": "320104001001001",
    "name": "第1网格·é",
    "households": 300,
    "population": None,
    "synthetic": True,
    "duty": "",
}
AREAS = [
    Feature(box(118.8, 32.0, 118.81, 32.01), SAID),
    Feature(
        MultiPolygon([box(118.9, 32, 118.91, 32.01), box(118.95, 32, 118.96, 32.01)]),
        {**SAID, "code": "2", "duty": "查"},
    ),
    Feature(None, {**SAID, "code": "S1", "households": 0, "synthetic": False}),
]


def stored(folder: Path, name: str, content: bytes) -> Path:
    """A file as somebody sends it."""
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "shapefile"])
def test_a_round_trip_loses_nothing(tmp_path: Path, kind: vector_files.Kind) -> None:
    content = write_file(AREAS, kind, "base")
    read = read_file(stored(tmp_path, f"a.{vector_files.SUFFIXES[kind]}", content), f"a.{vector_files.SUFFIXES[kind]}")
    assert "4490" in read.crs
    assert read.kind == kind
    for before, after in zip(AREAS, read.features, strict=True):
        plain = {
            name: value if value != "" or kind != "shapefile" else None for name, value in before.properties.items()
        }
        assert dict(after.properties) == plain
        assert after.geometry is before.geometry is None or shapely.equals(after.geometry, before.geometry)


@pytest.mark.parametrize("shape", [LineString([(118.8, 32), (118.81, 32.01)]), Point(118.8, 32)])
@pytest.mark.parametrize("kind", ["geojson", "gpkg", "shapefile"])
def test_lines_and_points_too(tmp_path: Path, kind: vector_files.Kind, shape: BaseGeometry) -> None:
    content = write_file([Feature(shape, SAID)], kind, "roads")
    (feature,) = read_file(stored(tmp_path, "x", content), f"a.{vector_files.SUFFIXES[kind]}").features
    assert feature.geometry.equals(shape)


def test_what_a_shapefile_cannot_hold_is_refused_and_not_cut() -> None:
    long = [Feature(AREAS[0].geometry, {**SAID, "duty": "查" * 90})]
    with pytest.raises(FileProblem) as refused:
        write_file(long, "shapefile", "base")
    assert refused.value.key == "long_text"
    assert write_file(long, "gpkg", "base")


def geojson(shape: BaseGeometry, crs: str = "") -> bytes:
    """One area as GeoJSON, with the old crs member where one is named."""
    document = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": SAID, "geometry": mapping(shape)}],
    }
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(document).encode()


def moved(crs: str) -> BaseGeometry:
    """The first area in another system."""
    return shapely.transform(AREAS[0].geometry, lambda at: _columns(from_cgcs2000(at[:, 0], at[:, 1], crs)))


def _columns(pair: tuple[object, object]) -> object:
    import numpy as np

    return np.column_stack(pair)  # type: ignore[call-overload]


@pytest.mark.parametrize("crs", ["GCJ-02", "BD-09", "EPSG:4547", "WGS84"])
def test_coordinates_come_from_the_system_that_is_said(tmp_path: Path, crs: str) -> None:
    path = stored(tmp_path, "a.geojson", geojson(moved(crs)))
    (feature,) = read_file(path, "a.geojson", crs).features
    assert feature.geometry.hausdorff_distance(AREAS[0].geometry) < 2e-7
    assert feature.geometry.equals(shapely.transform(feature.geometry, lambda at: at.round(7)))


def test_the_file_says_its_system_itself(tmp_path: Path) -> None:
    named = stored(tmp_path, "a.geojson", geojson(moved("EPSG:4547"), "urn:ogc:def:crs:EPSG::4547"))
    assert read_file(named, "a.geojson").features[0].geometry.distance(AREAS[0].geometry) < 2e-7
    folder = tmp_path / "shp"
    folder.mkdir()
    wkb = shapely.to_wkb([moved("EPSG:4547")])
    import numpy as np

    raw.write(
        str(folder / "a.shp"), geometry=np.array(wkb, dtype=object), field_data=[np.array(["1"], dtype=object)],
        fields=np.array(["code"], dtype=object), geometry_type="Polygon", crs="EPSG:4547", driver="ESRI Shapefile",
    )  # fmt: skip
    packed = stored(tmp_path, "a.zip", _zip({f"in/{p.name}": p.read_bytes() for p in folder.iterdir()}))
    assert read_file(packed, "a.zip").features[0].geometry.hausdorff_distance(AREAS[0].geometry) < 2e-7
    bare = stored(tmp_path, "b.zip", _zip({p.name: p.read_bytes() for p in folder.iterdir() if p.suffix != ".prj"}))
    with pytest.raises(FileProblem) as refused:
        read_file(bare, "b.zip")
    assert refused.value.key == "crs_missing"


def _zip(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


BOMB = _zip({"a.shp": b"\0" * 150_000_000, "a.shx": b"", "a.dbf": b""})
HARMFUL = {
    "empty": ("a.geojson", b"", ""),
    "kind": ("a.pdf", b"%PDF-1.7", ""),
    "shp_alone": ("a.shp", b"\0\0\x27\x0a" + b"\0" * 100, ""),
    "zip_broken": ("a.zip", b"PK\x03\x04" + b"x" * 100, ""),
    "zip_bomb": ("a.zip", BOMB, ""),
    "zip_path": ("a.zip", _zip({"../../etc/a.shp": b"x"}), ""),
    "zip_nothing": ("a.zip", _zip({"readme.txt": b"x"}), ""),
    "zip_several": ("a.zip", _zip({"a.geojson": b"{}", "b.geojson": b"{}"}), ""),
    "zip_parts": ("a.zip", _zip({"a.shp": b"x", "a.dbf": b"x"}), ""),
    "zip_members": ("a.zip", _zip({f"{n}.txt": b"x" for n in range(80)}), ""),
    "unreadable": ("a.geojson", b'{"type": "FeatureCollection", "features": [', ""),
    "outline": ("a.geojson", b'{"type": "Feature", "geometry": {"type": ["Polygon"], "coordinates": []}}', ""),
    "no_features": ("a.geojson", b'{"type": "FeatureCollection", "features": []}', ""),
    "crs_unknown": ("a.geojson", geojson(AREAS[0].geometry), "EPSG:99999999"),
    "not_degrees": ("a.geojson", geojson(moved("EPSG:4547")), ""),
}


@pytest.mark.parametrize("key", HARMFUL)
def test_files_that_are_not_taken(tmp_path: Path, key: str) -> None:
    name, content, crs = HARMFUL[key]
    with pytest.raises(FileProblem) as refused:
        read_file(stored(tmp_path, name, content), name, crs)
    assert refused.value.key == key
    assert str(refused.value)[-1] in ".:"


@pytest.mark.parametrize("wrong", ["[[[1" + "0" * 400 + ", 0]]]", "[" * 900 + "]" * 900, "[[[0, 0], [1]]]", "5"])
def test_the_area_whose_outline_is_no_shape_is_named(tmp_path: Path, wrong: str) -> None:
    text = '{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": ' + wrong + "}}"
    with pytest.raises(FileProblem, match="The outline of area 1 is no shape"):
        read_file(stored(tmp_path, "a.geojson", text.encode()), "a.geojson")


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    with path.open("wb") as large:
        large.truncate(vector_files.MOST_BYTES + 1)
    with pytest.raises(FileProblem) as refused:
        read_file(path, "a.geojson")
    assert refused.value.key == "too_large"


def test_reading_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_files, "SECONDS", 0.01)
    with pytest.raises(FileProblem) as refused:
        read_file(stored(tmp_path, "a.geojson", geojson(AREAS[0].geometry)), "a.geojson")
    assert refused.value.key == "slow"


def test_nothing_else_is_read_through_a_file(tmp_path: Path) -> None:
    """GDAL's virtual formats name other files; what pretends to be GeoJSON is not given to GDAL at all."""
    layer = b'<OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    virtual = b"<OGRVRTDataSource>" + layer + b"</OGRVRTDataSource>"
    with pytest.raises(FileProblem):
        read_file(stored(tmp_path, "a.geojson", virtual), "a.geojson")


def test_columns_are_known_in_chinese_too() -> None:
    (row,), wrong = rows(
        [Feature(None, {"网格编码": "1", "名称": "一网格", "户数": "300", "人口": 720.0, "职责": "巡查"})]
    )
    assert wrong == []
    assert (row.code, row.name, row.households, row.population, dict(row.texts)) == (
        "1",
        "一网格",
        300,
        720,
        {"duty": "巡查"},
    )


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"name": "A"}, "no_column"),
        ({"code": "", "name": "A"}, "row_code"),
        ({"code": "1" * 50, "name": "A"}, "row_code_long"),
        ({"code": "1", "name": ""}, "row_name"),
        ({"code": "1", "name": "A", "households": -3}, "row_negative"),
        ({"code": "1", "name": "A", "households": "many"}, "row_number"),
        ({"code": "1", "name": "A", "population": 2.5}, "row_number"),
        ({"code": "1", "name": "A", "population": 10**400}, "row_number"),
        ({"code": "1", "name": "A" * 200}, "row_long"),
    ],
)
def test_rows_that_cannot_be(said: dict[str, object], key: str) -> None:
    assert [one.key for one in rows([Feature(None, said)])[1]] == [key]


def test_a_code_stands_once() -> None:
    _rows, wrong = rows([Feature(None, {"code": "1", "name": "A"}), Feature(None, {"code": "1", "name": "B"})])
    assert [one.key for one in wrong] == ["row_twice"]
