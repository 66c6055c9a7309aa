"""Areas out and in: a round trip loses nothing, and a file that cannot be right leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Polygon, box, shape
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry import Feature, read_file
from gezhi.engines.geometry.vector_files import Kind
from gezhi.lib.errors import BadInput, NotAllowed, NotThere
from gezhi.modules.territory import adoption, files, fixes, plan_views
from gezhi.modules.territory.models import Area, Plan, PlanArea
from tests.town import Town, forget


def area(code: str) -> Area:
    """The area in force with this code."""
    return Area.objects.get(code=code, valid_to=None)


def brought(town: Town, features: list[Feature], **more: Any) -> int:
    """A plan from features."""
    given = {"name": "导入", "layer": "base", "scope": area("999001").id, "level": "grid"}
    return files.begin_from_file(**(given | more), features=features, by=town.who("planner"), now=town.now)


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "shapefile"])
@pytest.mark.parametrize("layer", ["base", "party", "roads", "sites", "blocks", "exclusive"])
def test_a_layer_goes_out_and_comes_in_unchanged(ward: Town, tmp_path: Path, layer: str, kind: Kind) -> None:
    texts = {"patrol": "每日三次", "scope": "东至“长河”"}
    fixes.set_texts(area=area("999001001001001").id, texts=texts, by=ward.who("planner"), now=ward.now)
    name, content = files.export(layer=layer, kind=kind, within=area("999001").id)
    path = tmp_path / name
    path.write_bytes(content)
    plan = brought(ward, list(read_file(path, name).features), layer=layer)
    rows = list(Area.objects.filter(layer__key=layer, valid_to=None).exclude(code="999001").select_related("parent"))
    came = {one.code: one for one in PlanArea.objects.filter(plan_id=plan)}
    assert set(came) == {row.code for row in rows}
    for row in rows:
        one = came[row.code]
        said = ("name", "name_en", "level", "households", "population", "kind", "synthetic")
        assert {n: getattr(one, n) for n in said} == {n: getattr(row, n) for n in said}
        assert one.fixes == {}  # the file says of texts what is in force
        assert one.parent_code == (row.parent.code if row.parent else "")
        assert one.origin_id == row.id
        if row.geometry is None or one.geometry is None:
            assert row.geometry == one.geometry
        else:
            assert shape(one.geometry).equals(shape(row.geometry))
    assert plan_views.problems(plan) == []
    today = ward.now.date()
    done = adoption.adopt(
        plan=plan, on=today, today=today, reported_since=0, by=ward.who("centre.leader"), now=ward.now
    )  # fmt: skip
    assert (done.replaced, done.begun) == (0, 0)  # what came in is what was there


def test_a_file_sets_the_texts_that_it_changes_and_no_others(ward: Town) -> None:
    grid, planner = area("999001001001001"), ward.who("planner")
    fixes.set_texts(area=grid.id, texts={"patrol": "每日三次", "duty": "巡查"}, by=planner, now=ward.now)
    _name, content = files.export(layer="base", kind="geojson", within=area("999001").id)
    changed = json.loads(content)
    for one in changed["features"]:
        if one["properties"]["code"] == grid.code:
            one["properties"]["patrol"] = "每日四次"
    features = [
        Feature(shape(one["geometry"]) if one["geometry"] else None, one["properties"]) for one in changed["features"]
    ]
    plan = brought(ward, features)
    fixes.set_texts(area=grid.id, texts={"duty": "巡查并上报"}, by=planner, now=ward.now)
    today = ward.now.date()
    adoption.adopt(plan=plan, on=today, today=today, reported_since=0, by=ward.who("centre.leader"), now=ward.now)
    assert area(grid.code).fixes == {"patrol": "每日四次", "duty": "巡查并上报"}


def test_what_a_day_looked_like_goes_out_too(ward: Town) -> None:
    with pytest.raises(NotThere, match="no areas here"):
        files.export(layer="base", on=ward.now.date().replace(year=2000))
    with pytest.raises(NotThere, match="no such layer"):
        files.export(layer="nothing")


EAST = box(118.80, 32.0, 118.82, 32.01)


def feature(geometry: BaseGeometry | None = EAST, **said: Any) -> Feature:
    """An area of a file."""
    return Feature(geometry, {"code": "999001001001001", "name": "一网格", **said})


BAD: dict[str, tuple[list[Feature], str]] = {
    "self-intersecting": (
        [feature(Polygon([(118.80, 32.0), (118.82, 32.01), (118.82, 32.0), (118.80, 32.01)]))],
        "crosses itself at 118.81",
    ),
    "outside the district": ([feature(box(121.4, 31.2, 121.5, 31.3))], "lies outside 测试区"),
    "negative households": ([feature(households=-5)], "cannot be negative"),
    "duplicate ids": ([feature(), feature()], "was used by area 1 already"),
    "no names": ([feature(name="")], "has no name"),
    "no columns": ([Feature(EAST, {"dm2": "1"})], "no column for the code"),
    "another kind": ([feature(shape({"type": "Point", "coordinates": (118.81, 32.005)}))], "not of the kind"),
    "another layer": ([feature(layer="party")], "another layer: party"),
    "degrees swapped": ([feature(box(32.0, 118.80, 32.01, 118.82))], "swapped"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_files_that_cannot_be_right_leave_nothing_behind(ward: Town, case: str) -> None:
    features, sentence = BAD[case]
    with pytest.raises(BadInput) as refused:
        brought(ward, features)
    assert any(sentence in told for _field, told in refused.value.problems), refused.value.problems
    assert not Plan.objects.exists()
    assert not PlanArea.objects.exists()


def test_at_most_thirty_sentences_are_told(ward: Town) -> None:
    with pytest.raises(BadInput) as refused:
        brought(ward, [feature(code=str(n), households=-1) for n in range(50)])
    assert len(refused.value.problems) == 31
    assert refused.value.problems[-1][1] == "And 20 more."


def test_only_planners_bring_areas_in(ward: Town) -> None:
    with pytest.raises(NotAllowed):
        files.begin_from_file(
            name="x", layer="base", scope=area("999001").id, level="grid", features=[feature()],
            by=ward.who("acceptor"), now=ward.now,
        )  # fmt: skip


def test_parents_are_found_by_code_or_by_place(ward: Town) -> None:
    plan = brought(
        ward,
        [
            feature(code="999001001001007"),
            Feature(box(118.79, 32.0, 118.80, 32.01), {"code": "X-1", "name": "无编码规则"}),
            Feature(
                None,
                {
                    "编码": "S9",
                    "名称": "九楼道",
                    "层级": "stairwell",
                    "上级": "999001001001007",
                    "code": "S9",
                    "name": "九楼道",
                },
            ),
        ],
        level="grid",
    )
    parents = {one.code: one.parent_code for one in PlanArea.objects.filter(plan_id=plan)}
    assert parents["999001001001007"] == "999001001001"
    assert parents["X-1"] == "999001001002"
    assert {one.kind for one in plan_views.problems(plan)} >= {"code_digits", "gap"}
    forget()
