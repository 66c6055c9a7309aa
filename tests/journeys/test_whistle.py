"""Streets blow, departments report in (QH-1 to QH-3), in browsers: the units that do it right by operations, those that
do not by hand.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.before import happened
from tests.journeys.conftest import Shoot, SignedIn, Staff
from tests.journeys.loop import MENDED
from tests.journeys.staff import Colleague, attempt, enter
from tests.lib.product import Product

LEADER, AREA = "s320104002", "320104002002"
UNITS = ("water", "police", "traffic", "environment", "emergency", "fire", "health", "market", "civil", "education")
LATE, LOW = "construction", "urban"  # of eleven: one comes too late, one sends somebody of too low a rank
WEEK = 7 * 24 * 60


def blown() -> list[dict[str, Any]]:
    """A major whistle a week ago: nine departments came with their heads, were seen on site and proposed."""
    good = UNITS[:9]
    deeds: list[dict[str, Any]] = [
        {"do": "start", "by": LEADER, "ago": WEEK, "matter": "whistle", "move": "blow", "area": AREA,
         "words": "背街小巷积水，需多部门会商",
         "inputs": {"level": "major", "units": [f"unit:{u}" for u in (*good, LATE)], "words": "请主要负责人到场"}},
    ]  # fmt: skip
    for n, unit in enumerate(good, 1):
        act = {"do": "act", "case": 0, "task": f"summons-1-{n}"}
        deeds += [
            act | {"by": f"{unit}.leader", "ago": WEEK - 5, "move": "sign"},
            act | {"by": f"{unit}.leader", "ago": WEEK - 20, "move": "arrive"},
            act | {"by": LEADER, "ago": WEEK - 40, "move": "confirm_presence"},
        ]
    return [*deeds, {"do": "tick"}]


def row(page: Page, unit: str) -> Locator:
    """A unit's row."""
    return page.locator(".task-table tbody tr", has_text=unit).first


@pytest.mark.clause("QH-1")
@pytest.mark.clause("QH-2")
@pytest.mark.clause("QH-3")
def test_eleven_departments_one_too_low_one_too_late(
    product: Product, staff: Staff, signed_in: SignedIn, shoot: Shoot
) -> None:
    number = happened(product, blown())[0]["number"]
    leader = staff(LEADER)
    leader.find(number)
    expect(row(leader.page, "建设局")).to_contain_text("逾期未到")
    expect(row(leader.page, "水务局")).to_contain_text("正职")
    leader.fill("call_more", {"units": "城市管理局", "words": "请同时到场"})
    leader.send("call_more")
    expect(leader.page.locator(".task-table tbody tr")).to_have_count(11)
    too_low(staff, number)
    head = staff("urban.leader")
    arrive(head, number)
    late = staff(f"{LATE}.leader")
    arrive(late, number)
    for unit in ("城市管理局", "建设局"):
        leader.find(number)
        row(leader.page, unit).get_by_role("button", name="确认到场").click()
        expect(row(leader.page, unit)).to_contain_text("已到场")
    shoot(leader.page, "whistle")
    plan(leader, number)
    worked(leader, head, number, shoot)
    judged(leader, number)
    objected(staff, head, number)


def too_low(staff: Staff, number: str) -> None:
    """A clerk of the bureau is not the head that a major whistle asks for: the page says so; nothing can be sent."""
    clerk = staff("urban.handler")
    clerk.find(number)
    clerk.fill("sign", {})
    clerk.send("sign")
    expect(clerk.page.locator("form[id^='m-arrive-']")).to_have_count(0)
    closed = clerk.page.locator("[data-closed-move]", has=clerk.page.get_by_role("button", name="报到", exact=True))
    expect(closed.get_by_role("button")).to_be_disabled()
    expect(closed).to_contain_text("正职")


def arrive(person: Colleague, number: str) -> None:
    """The head reports in."""
    person.find(number)
    person.fill("arrive", {"words": "已到现场"})
    person.send("arrive")


def plan(leader: Colleague, number: str) -> None:
    """A plan of dated items, each with a unit that leads."""
    leader.find(number)
    form = leader.form("adopt_plan")
    for n, (what, unit) in enumerate((("疏通主管线", "城市管理局"), ("修复路面", "建设局"))):
        if n and not form.locator(f"[name='plan.{n}.what']").is_visible():
            form.get_by_role("button", name="再加一项").click()
        enter(form, f"plan.{n}.what", what)
        form.locator(f"[name='plan.{n}.unit']").select_option(label=unit)
        form.locator(f"[name='plan.{n}.due']").fill("2099-01-05")
    enter(form, "words", "会商纪要：两项整改，各有牵头")
    leader.send("adopt_plan")
    expect(row(leader.page, "疏通主管线")).to_contain_text("城市管理局")


def worked(leader: Colleague, head: Colleague, number: str, shoot: Shoot) -> None:
    """The first item is done and accepted; the other is left, and the work is ended with a reason."""
    head.find(number)
    head.fill("do", {"words": "主管线已疏通", "after": [MENDED]})
    head.send("do")
    leader.find(number)
    row(leader.page, "疏通主管线").get_by_role("button", name="验收通过").click()
    expect(row(leader.page, "疏通主管线")).to_contain_text("已完成")
    leader.fill("end_work", {"words": "路面转入市政项目"})
    shoot(leader.page, "whistle-plan")
    leader.send("end_work")


def judged(leader: Colleague, number: str) -> None:
    """One whistle, one score for each unit."""
    leader.find(number)
    form = leader.form("judge")
    for part, points in (("speed", "28"), ("cooperation", "27"), ("solved", "38")):
        for field in form.locator(f"input[name$='.{part}']").all():
            field.fill(points)
    enter(form, "solved", "yes")
    leader.send("judge")
    expect(leader.page.locator(".case-title .badge").first).to_have_text("已销哨")
    expect(row(leader.page, "水务局")).to_contain_text("93")


def objected(staff: Staff, head: Colleague, number: str) -> None:
    """A unit objects to its score; who oversees whistles corrects it, and the first one stays beside it."""
    head.find(number)
    head.fill("object", {"words": "接到通知一小时即到场"})
    head.send("object")
    assessor = staff("assessor")
    assessor.find(number)
    assessor.fill("uphold", {"speed": "30", "cooperation": "30", "solved": "38", "words": "核实属实"})
    assessor.send("uphold")
    expect(row(assessor.page, "城市管理局")).to_contain_text("98")
    expect(row(assessor.page, "城市管理局")).to_contain_text("异议前 93")


def test_a_whistle_is_blown_from_an_order(product: Product, staff: Staff, signed_in: SignedIn, shoot: Shoot) -> None:
    order = {"do": "report", "channel": "hotline", "words": "菜场门口长期积水", "area": AREA, "ago": 5}
    number = happened(product, [order])[0]["number"]
    leader = staff(LEADER)
    leader.find(number)
    leader.page.get_by_role("link", name="吹哨报到 · 吹哨").click()
    form = leader.page.locator("form#begin")
    expect(form.locator("[name=about]")).to_have_count(0)
    enter(form, "level", "major")
    enter(form, "units", "水务局")
    enter(form, "words", "请水务局主要负责人到场")
    shoot(leader.page, "blow")
    form.locator("button[type=submit]").click()
    expect(leader.page.locator(".case-title .badge").first).to_have_text("已吹哨")
    whistle = leader.page.locator(".case-no").inner_text().strip()
    expect(leader.page.locator("section:has(> #joined)")).to_contain_text("吹哨来源")
    sent = {"assignment": "summons-1-1"}
    low = attempt(signed_in("water.handler"), whistle, "arrive", sent, {})
    assert low.status == 403
    assert "正职" in low.sentence, low
