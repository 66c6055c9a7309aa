"""A planner at the map editor: a grid split along a line, a shared corner dragged, undone; the page loaded again."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from shapely.geometry import LineString, shape
from shapely.geometry.base import BaseGeometry

from tests.journeys.conftest import Shoot, Staff

COMMUNITY = "中牌楼社区"
WORK = 60_000  # milliseconds: the first look at six thousand blocks
ROOM = {"top": 64, "bottom": 84, "left": 24, "right": 72}  # what the editor keeps free around the areas
TORN = 1e-11  # square degrees, a few square centimetres


@dataclass
class Editor:
    """The editor on a page: where places of the earth lie on it, and what the server has after each gesture."""

    page: Page

    def shapes(self) -> dict[int, BaseGeometry]:
        """The areas as they are kept."""
        address = self.page.locator("gz-plan").get_attribute("areas")
        found = self.page.request.get(str(address)).json()["features"]
        return {int(one["id"]): shape(one["geometry"]) for one in found}

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """The pixel of a place, as the map stands when it is opened."""
        box: Any = self.page.locator("gz-plan .map-canvas").bounding_box()
        bounds = str(self.page.locator("gz-plan").get_attribute("bounds")).split(",")
        west, south, east, north = (float(one) for one in bounds)
        (left, low), (right, high) = _flat(west, south), _flat(east, north)
        wide, tall = box["width"] - ROOM["left"] - ROOM["right"], box["height"] - ROOM["top"] - ROOM["bottom"]
        scale = min(wide / (right - left), tall / (low - high))
        x, y = _flat(lon, lat)
        return (
            box["x"] + ROOM["left"] + wide / 2 + (x - (left + right) / 2) * scale,
            box["y"] + ROOM["top"] + tall / 2 + (y - (low + high) / 2) * scale,
        )

    def tool(self, words: str) -> None:
        """Take a tool."""
        self.page.locator(".plan-bar button", has_text=words).click()

    def click(self, lon: float, lat: float) -> None:
        """Tap a place."""
        self.page.mouse.click(*self.at(lon, lat))

    def step(self, deed: Callable[[], None]) -> None:
        """Something that the server keeps."""
        with self.page.expect_response(re.compile(r"/steps$")) as kept:
            deed()
        assert kept.value.ok, kept.value.text()
        expect(self.page.locator("gz-plan[busy]")).to_have_count(0)

    def drag(self, start: tuple[float, float], away: tuple[float, float]) -> None:
        """Drag what lies at a place by so many pixels."""
        x, y = self.at(*start)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + away[0] / 2, y + away[1] / 2)
        self.page.mouse.move(x + away[0], y + away[1])
        self.page.mouse.up()


def _flat(lon: float, lat: float) -> tuple[float, float]:
    """Web Mercator, the whole earth from 0 to 1."""
    return (lon + 180) / 360, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2


def _cut(grid: BaseGeometry) -> tuple[tuple[float, float], ...]:
    """A line through a grid, from outside to outside, with a bend in its middle."""
    west, south, east, north = grid.bounds
    middle = grid.representative_point()
    across = grid.intersection(LineString([(west - 1, middle.y), (east + 1, middle.y)]))
    inner = max(getattr(across, "geoms", [across]), key=lambda one: one.length)
    begin, _south, end, _north = inner.bounds
    out = (end - begin) * 0.06
    return (begin - out, middle.y), ((begin + end) / 2, middle.y + (north - south) * 0.06), (end + out, middle.y)


def _same(one: BaseGeometry, other: BaseGeometry) -> bool:
    return bool(one.symmetric_difference(other).area < TORN)


@pytest.mark.clause("NX-3")
def test_a_grid_is_split_a_shared_corner_dragged_and_undone(staff: Staff, shoot: Shoot) -> None:
    page = staff("planner").page
    page.goto("/desk/territory/plans/new")
    box = page.locator("#plan-scope-find")
    box.fill(COMMUNITY)
    box.press("Enter")
    expect(box).to_have_value(re.compile(COMMUNITY))
    page.locator("form#plan [name=name]").fill("编辑器演练")
    page.locator("form#plan button[type=submit]").click()
    page.wait_for_url(re.compile(r"/desk/territory/plans/\d+$"), timeout=WORK)
    expect(page.locator("gz-plan[ready]")).to_be_visible(timeout=WORK)
    editor = Editor(page)
    before = editor.shapes()

    key = max(before, key=lambda one: before[one].area)
    line = _cut(before[key])
    editor.tool("分割")
    for place in line:
        editor.click(*place)
    editor.step(lambda: page.keyboard.press("Enter"))
    split = editor.shapes()
    (new,) = split.keys() - before.keys()
    assert _same(split[key].union(split[new]), before[key])
    expect(page.locator(".plan-row")).to_have_count(len(split))

    bend = min(
        (corner for corner in split[new].exterior.coords if corner in set(split[key].exterior.coords)),
        key=lambda one: math.dist(one, line[1]),
    )
    inside = split[key].representative_point()
    editor.tool("改边界")
    editor.click(inside.x, inside.y)
    expect(page.locator(f'.plan-row[data-key="{key}"]')).to_have_class(re.compile("is-at"))
    page.wait_for_timeout(400)  # the handles are painted on the map, not in the page
    editor.step(lambda: editor.drag(bend, (6, 14)))
    dragged = editor.shapes()
    assert not _same(dragged[key], split[key])
    assert not _same(dragged[new], split[new])
    assert _same(dragged[key].union(dragged[new]), before[key])
    assert dragged[key].intersection(dragged[new]).area < TORN
    assert all(_same(dragged[one], before[one]) for one in before if one != key)
    shoot(page, "editor")

    editor.step(lambda: page.keyboard.press("Control+z"))
    assert all(_same(one, split[number]) for number, one in editor.shapes().items())
    page.reload()
    expect(page.locator("gz-plan[ready]")).to_be_visible(timeout=WORK)
    assert {number: one.wkt for number, one in editor.shapes().items()} == {n: one.wkt for n, one in split.items()}
    expect(page.locator(".plan-row")).to_have_count(len(split))

    row = page.locator(f'.plan-row[data-key="{new}"] .plan-rename')
    row.locator("summary").click()
    row.locator("[name=code]").fill("12")
    editor.step(row.locator("button[type=submit], button:not([type])").first.click)
    shown = page.locator("[data-mark]").first
    shown.focus()
    page.keyboard.press("Enter")
    expect(shown).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".plan-say.is-bad")).to_be_visible()
    shoot(page, "editor-problem")
    page.keyboard.press("Escape")
    expect(shown).to_have_attribute("aria-pressed", "false")
