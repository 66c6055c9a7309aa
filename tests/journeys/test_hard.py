"""A hard case, from photo to project (QH-10): marked on the spot, convened at the centre, worked off by milestones,
closed with what it looked like before and after.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.before import happened
from tests.journeys.conftest import DESK, PHONE, Shoot, Staff
from tests.journeys.loop import BETTER, BROKEN, MENDED
from tests.journeys.staff import Colleague, enter
from tests.journeys.test_turns import WORKER, do, filed, sent_to
from tests.lib.product import Product

HARD = "二十多户阳台下水直排沟渠，需整体改造"
MILESTONES = (("入户排查登记", "水务局"), ("管道改造施工", "建设局"))


@pytest.mark.clause("QH-10")
@pytest.mark.looked_at
def test_from_photo_to_project(product: Product, staff: Staff, shoot: Shoot) -> None:
    sewage = filed(60, words="小区沟渠发黑发臭，阳台污水直排")
    number = happened(product, [*sewage, *sent_to("water", 0, 50)])[0]["number"]
    worker, dispatcher = staff(WORKER), staff("dispatcher")
    do(worker, number, "mark_hard", {"words": HARD, "photos": [BROKEN]}, "处置中")
    project = convened(dispatcher, number)
    planned(dispatcher, project)
    worked(staff, dispatcher, project, shoot)
    task = {"do": "act", "case": project, "task": "milestone-1-2", "ago": 0}
    happened(
        product,
        [
            {"do": "act", "case": project, "by": WORKER, "move": "note_progress",
             "inputs": {"words": "沟槽已开挖", "photos": ["PHOTO"]}},
            task | {"by": "construction.handler", "move": "do", "inputs": {"words": "管道已全部更换"}},
            task | {"by": "dispatcher", "move": "accept_milestone"},
        ],
    )  # fmt: skip
    do(dispatcher, project, "close_project", {"after": [BETTER], "words": "雨污分流到位，验收通过"}, "已办结")
    for width in (DESK, PHONE):
        somebody = staff("dispatcher", width=width)
        somebody.find(project)
        both_pictures(somebody.page)
        shoot(somebody.page, "project-closed")


def convened(dispatcher: Colleague, number: str) -> str:
    """The centre makes it a project; its number."""
    dispatcher.find(number)
    do(dispatcher, number, "convene", {"words": "列为改造项目，两家单位牵头"}, "处置中")
    belongs = dispatcher.page.locator("section:has(> #joined)")
    expect(belongs).to_contain_text("待立项")
    way = belongs.locator("a.row-words")
    project = (way.get_attribute("href") or "").rpartition("/")[2]
    expect(dispatcher.page.locator(f"a.row-words[href$='{project}']")).to_have_count(
        1
    )  # not once more among what is near
    way.click()
    expect(dispatcher.page.locator(".case-no")).to_have_text(project)
    expect(dispatcher.page.get_by_role("link", name="疑难项目")).to_have_count(0)  # no project of a project
    return project


def planned(dispatcher: Colleague, project: str) -> None:
    """What it looks like now, and a plan of dated milestones with a unit for each."""
    form = dispatcher.form("adopt_plan")
    enter(form, "before", [BROKEN])
    for n, (what, unit) in enumerate(MILESTONES):
        if n and not form.locator(f"[name='plan.{n}.what']").is_visible():
            form.get_by_role("button", name="再加一项").click()
        enter(form, f"plan.{n}.what", what)
        form.locator(f"[name='plan.{n}.unit']").select_option(label=unit)
        form.locator(f"[name='plan.{n}.due']").fill(f"2099-0{n + 3}-05")
    enter(form, "words", "会商纪要：先排查，再施工，中心每周跟进")
    dispatcher.send("adopt_plan")
    expect(dispatcher.page.locator(".case-title .badge").first).to_have_text("实施中")
    for what, unit in MILESTONES:
        expect(row(dispatcher.page, what)).to_contain_text(unit)


def worked(staff: Staff, dispatcher: Colleague, project: str, shoot: Shoot) -> None:
    """A unit says that its milestone is done; sent back once, then accepted."""
    unit = staff("water.handler")
    do(unit, project, "do", {"words": "已排查二十户"}, "实施中")
    do(dispatcher, project, "redo_milestone", {"words": "还有六户未入户"}, "实施中")
    do(unit, project, "do", {"words": "二十六户全部登记", "photos": [MENDED]}, "实施中")
    dispatcher.find(project)
    shoot(dispatcher.page, "project-working")
    said = dispatcher.page.locator(".timeline > li", has_text="二十六户全部登记")
    expect(said).to_contain_text(MILESTONES[0][0])  # which milestone it was
    row(dispatcher.page, MILESTONES[0][0]).get_by_role("button", name="确认完成").click()
    expect(row(dispatcher.page, MILESTONES[0][0])).to_contain_text("已完成")


def row(page: Page, what: str) -> Locator:
    """A milestone's row."""
    return page.locator(".task-table tbody tr", has_text=what).first


def both_pictures(page: Page) -> None:
    """Before and after, side by side, as pictures that are there."""
    sides = page.locator(".compared figure")
    expect(sides).to_have_text([re.compile("改造前照片"), re.compile("改造后照片")])
    for side in sides.all():
        expect(side.locator("img")).to_be_visible()
        expect(side.locator("img")).to_have_js_property("complete", True)
        assert side.locator("img").evaluate("image => image.naturalWidth") > 0
    heights = {side.evaluate("figure => figure.getBoundingClientRect().top") for side in sides.all()}
    assert len(heights) == 1, "one below the other compares badly"
