"""Grids drawn by a model: a planner has a community divided, the head of the centre adopts it, a poster says whose."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Shoot, Staff, Visit
from tests.lib.product import Product

COMMUNITY = "止马营社区"
WORK = 120_000  # milliseconds: the model, and the first look at six thousand blocks


@pytest.mark.clause("NX-3", "YZ-1")
def test_a_community_is_divided_adopted_and_published(
    staff: Staff, visit: Visit, product: Product, shoot: Shoot
) -> None:
    planner = staff("planner").page
    planner.goto("/desk/territory")
    planner.locator("main a", has_text="自动划分").click()
    box = planner.locator("#run-scope-find")
    box.fill(COMMUNITY)
    box.press("Enter")
    expect(box).to_have_value(re.compile(COMMUNITY))
    planner.locator("form#run button[type=submit]").click()
    planner.wait_for_url(re.compile(r"/desk/territory/runs/\d+$"), timeout=WORK)
    proposals = planner.locator(".proposal")
    expect(proposals.first).to_be_visible(timeout=WORK)
    expect(proposals).to_have_count(3)
    expect(proposals.first).to_contain_text("质量证明")
    expect(planner.locator("gz-map[ready]")).to_be_visible()
    shoot(planner, "run")
    proposals.first.locator("form button[type=submit]").click()
    planner.wait_for_url(re.compile(r"/desk/territory/plans/\d+$"), timeout=WORK)
    expect(planner.locator("main")).not_to_contain_text("分成几块")
    plan = planner.url
    planner.reload()
    expect(planner.locator(".plan-moves")).not_to_contain_text("启用这份方案")

    head = staff("centre.leader").page
    head.goto(plan)
    shoot(head, "plan")
    move = head.locator(".plan-moves details", has_text="启用这份方案")
    move.locator("input[type=date]").fill(datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat())
    move.locator("button[type=submit]").click()
    expect(head.locator(".case-title")).to_contain_text("生效中", timeout=WORK)

    page = visit("/grids", width=PHONE)
    page.locator("form#find [name=q]").fill(f"{COMMUNITY} 第1网格")
    page.locator("form#find button").tap()
    page.locator(".way", has_text=f"{COMMUNITY}第1网格").first.tap()
    expect(page.locator("h1")).to_have_text(f"{COMMUNITY}第1网格")
    expect(page.locator(".keeper").first).to_contain_text("专职网格员")
    shoot(page, "grid-after-adoption")
    link = page.locator(".keeper-papers a", has_text="海报")
    answer = page.request.get(f"{product.address}{link.get_attribute('href')}")
    assert answer.body().startswith(b"%PDF-")
