"""A hotline order: taken down while the caller speaks, answered, asked about afterwards, rated."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.before import happened
from tests.journeys.conftest import Shoot, Staff, Visit
from tests.journeys.staff import enter
from tests.lib.product import Product

PHONE = "025-87650000"


@pytest.mark.clause("SZ-5")
@pytest.mark.clause("QH-12")
def test_a_hotline_order_is_answered_and_rated(product: Product, visit: Visit, staff: Staff, shoot: Shoot) -> None:
    earlier = {"do": "report", "channel": "hotline", "words": "上个月路灯不亮", "reporter": {"phone": "02587650000"}}
    happened(product, [earlier | {"area": "320104002002001", "ago": 3000}])
    operator = staff("acceptor").page
    operator.goto("/desk/call")
    form = operator.locator("form#call")
    enter(form, "phone", PHONE)
    operator.get_by_role("button", name="查询此号码的历史工单").click()
    expect(operator.locator("#earlier")).to_contain_text("上个月路灯不亮")
    enter(form, "name", "周女士")
    enter(form, "words", "请问今晚停水到几点")
    operator.get_by_role("button", name="答复并办结").click()
    expect(operator.locator("main")).to_contain_text("请填写您作出的答复。")
    expect(form.locator("[name=phone]")).to_have_value(PHONE)
    enter(form, "answer", "管网检修，明早五点恢复供水")
    shoot(operator, "call")
    operator.get_by_role("button", name="答复并办结").click()
    number = operator.locator(".case-no").inner_text().strip()
    code = operator.locator(".message, .messages").first.inner_text().rsplit("查询码是", 1)[1].strip(" 。\n")[:10]
    expect(operator.locator(".case-title .badge").first).to_have_text("已结案")
    expect(operator.locator("section:has(> #earlier)")).to_contain_text("上个月路灯不亮")
    visitor = staff("visitor")
    visitor.find(number)
    visitor.fill("not_reached", {"words": "无人接听"})
    visitor.send("not_reached")
    page = visit("/follow")
    enter(page.locator("form#follow"), "number", number)
    enter(page.locator("form#follow"), "code", code)
    page.locator("form#follow button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("管网检修，明早五点恢复供水")
    enter(page.locator("form#rate-form"), "grade", "4")
    page.locator("form#rate-form button[type=submit]").click()
    expect(page.locator(".banner.tone-good")).to_be_visible()
    visitor.find(number)
    expect(visitor.page.locator("main")).to_contain_text("已自评")


def test_a_follow_up_by_telephone_is_recorded_on_the_case(product: Product, staff: Staff) -> None:
    order = {"do": "report", "channel": "hotline", "words": "几点开门", "reporter": {"phone": "02587651111"}, "ago": 9}
    answer = {"do": "act", "case": 0, "by": "acceptor", "move": "answer_at_once", "inputs": {"words": "早九点"}}
    number = happened(product, [order, answer])[0]["number"]
    visitor = staff("visitor")
    visitor.find(number)
    visitor.fill("record_visit", {"responded": "yes", "solved": "no", "grade": "2", "words": "说得不清楚"})
    visitor.send("record_visit")
    expect(visitor.page.locator(".timeline")).to_contain_text("登记回访")
    expect(visitor.page.locator("main")).to_contain_text("待回访")  # dissatisfied: asked once more
