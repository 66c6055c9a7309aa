"""The ground on its pages: texts of an area written by two at once; a plan drawn, and where its problems are."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from shapely.geometry import shape

from gezhi.modules.territory import plan_views, plans
from gezhi.modules.territory.drafting import Draft
from gezhi.modules.territory.models import Area
from tests.interfaces.visitor import as_, hidden, text_of
from tests.town import Town

pytestmark = pytest.mark.django_db
GRID = "999001001001001"


def area(code: str) -> Area:
    """The area in force with this code."""
    return Area.objects.get(code=code, valid_to=None)


def test_whoever_writes_texts_second_sees_both_versions(ward_today: Town) -> None:
    visitor, grid = as_(ward_today, "planner"), area(GRID).id
    seen = hidden(visitor.get(f"/desk/areas/{grid}"), "seen")
    address = f"/desk/areas/{grid}/fixes"
    assert visitor.post(address, {"seen": seen, "patrol": "three times a day"}).status_code == 302
    refused = visitor.post(address, {"seen": seen, "patrol": "once a day"})
    assert refused.status_code == 409
    told = text_of(refused)
    assert "Somebody else wrote texts for this area meanwhile" in told
    assert "once a day" in told
    assert "Now: three times a day" in told
    assert area(GRID).fixes == {"patrol": "three times a day"}
    again = {"seen": hidden(refused, "seen"), "patrol": "three times a day, once at night"}
    assert visitor.post(address, again).status_code == 302
    assert area(GRID).fixes == {"patrol": "three times a day, once at night"}


class Desk:
    """A planner's pages of one plan, and the editor's way of saying what was done."""

    def __init__(self, town: Town, plan: int) -> None:
        self.visitor, self.plan, self.revision = as_(town, "planner"), plan, 0
        self.address = f"/desk/territory/plans/{plan}"

    def act(self, act: str, **given: Any) -> dict[str, Any]:
        """One gesture; the answer as the editor gets it."""
        body = {"act": act, "revision": self.revision, **given}
        answer = self.visitor.client.post(f"{self.address}/steps", body, headers={"accept": "application/json"})
        assert answer.status_code == 200, answer.content.decode()
        told: dict[str, Any] = json.loads(answer.content)
        self.revision = told["revision"]
        return told

    def shapes(self) -> dict[int, Any]:
        """The outlines of the areas, as the map gets them."""
        found = json.loads(self.visitor.get(f"{self.address}/areas").content)["features"]
        return {one["id"]: shape(one["geometry"]) for one in found}


def drawn(town: Town, areas: list[Draft] | None = None) -> Desk:
    """A plan for the grids of the street."""
    by, scope = town.who("planner"), area("999001001").id
    return Desk(
        town,
        plans.begin(name="调整", layer="base", scope=scope, level="grid", areas=areas, by=by, now=town.now),
    )


def test_each_problem_of_a_plan_shows_where_it_is(ward_today: Town) -> None:
    rows = [
        area(code) for code in (GRID, "999001001002001", "999001001002002")
    ]  # the second grid in the east is left out
    desk = drawn(ward_today, [
        Draft("grid", one.parent.code, one.code, one.name, geometry=one.geometry, origin=one.id)
        for one in rows if one.parent
    ])  # fmt: skip
    page = desk.visitor.get(desk.address)
    (gap,) = [one for one in plan_views.problems(desk.plan) if one.kind == "gap"]
    marks = re.findall(r'data-mark="([^"]+)"', page.content.decode())
    answers = [desk.visitor.get(mark.replace("&amp;", "&")) for mark in marks]
    found = [json.loads(one.content)["features"][0] for one in answers]
    assert shape(gap.where) in [shape(one["geometry"]) for one in found]
    assert all(one["properties"]["name"] for one in found)
    desk.act("rename", key=1, code=GRID, name="新名", name_en="")
    assert {desk.visitor.get(mark.replace("&amp;", "&")).status_code for mark in marks} == {404}


def test_every_gesture_goes_through_the_page_and_comes_back(ward_today: Town) -> None:
    desk = drawn(ward_today)
    whole = desk.shapes()
    split = desk.act("split", key=1, line="118.8033,31.99 118.804,32.005 118.8033,32.02")
    new = next(one["id"] for one in split["changed"] if one["id"] not in whole)
    assert shape(whole[1]).symmetric_difference(desk.shapes()[1].union(desk.shapes()[new])).area < 1e-12
    moved = desk.act("move", at="118.804,32.005", to="118.8045,32.006")
    assert {one["id"] for one in moved["changed"]} == {1, new}
    assert desk.shapes()[1].intersection(desk.shapes()[new]).area < 1e-12
    merged = desk.act("merge", keys=[1, new])
    assert merged["removed"] == [new]
    assert desk.shapes()[1].symmetric_difference(whole[1]).area < 1e-12
    within = "118.801,32.001 118.802,32.001 118.802,32.002 118.801,32.002"
    ring = desk.act("draw", line=within)
    assert len(desk.shapes()) == len(whole) + 1
    assert "undo" in ring["side"]
    for _turn in range(4):
        desk.act("undo")
    assert {key: one.wkt for key, one in desk.shapes().items()} == {key: one.wkt for key, one in whole.items()}
    stale = {"act": "undo", "revision": 0}
    refused = desk.visitor.client.post(f"{desk.address}/steps", stale, headers={"accept": "application/json"})
    assert (refused.status_code, json.loads(refused.content)["revision"]) == (409, desk.revision)
