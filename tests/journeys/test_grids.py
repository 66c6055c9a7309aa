"""A resident with a phone: who answers for the ground I stand on, and how do I reach them?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Shoot, Visit
from tests.lib.product import Product

AT = {"longitude": 118.7872, "latitude": 32.0195}


@pytest.mark.clause("YZ-12")
@pytest.mark.looked_at
def test_my_grid_from_my_position_to_the_poster(visit: Visit, product: Product, shoot: Shoot) -> None:
    page = visit("/", width=PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(AT)
    page.locator(".hero a", has_text="查找我的网格").tap()
    expect(page.locator("gz-map[ready]")).to_be_visible()
    page.get_by_role("button", name="用我的位置").tap()
    page.get_by_role("button", name="同意并定位").tap()
    expect(page.locator("#place-where")).to_contain_text("社区")
    page.get_by_role("button", name="查看图钉所在的网格").tap()
    page.wait_for_url(re.compile(r"/grids/\d{15}$"))
    keeper = page.locator(".keeper").first
    expect(keeper).to_contain_text("专职网格员")
    expect(keeper).to_contain_text("（虚构）")
    expect(keeper).to_contain_text("每日巡查网格")
    portrait = keeper.locator("img.keeper-photo")
    expect(portrait).to_be_visible()
    assert portrait.evaluate("image => image.naturalWidth") > 100
    call = keeper.locator("a.keeper-call")
    number = re.sub(r"\D", "", call.inner_text())
    assert number.startswith("0250555")
    assert call.get_attribute("href") == f"tel:{number}"
    box = call.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    shoot(page, "grid-found")
    for words in ("海报", "联系卡"):
        link = page.locator(".keeper-papers a", has_text=words)
        answer = page.request.get(f"{product.address}{link.get_attribute('href')}")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.body().startswith(b"%PDF-")
    here = page.url
    page.get_by_role("link", name="上报这里的问题").tap()
    expect(page.locator("#report-place-area-find")).to_have_value(re.compile("网格"))
    page.goto(here)
    call.tap()  # last: a browser without a telephone may wait for somebody to choose one
    assert page.url == here


def test_my_grid_by_name(visit: Visit) -> None:
    """Without the map: a name is enough, and the list goes down to every grid."""
    page = visit("/grids", width=PHONE)
    page.locator("form#find [name=q]").fill("乌衣巷 第2网格")
    page.locator("form#find button").tap()
    page.locator(".way", has_text="乌衣巷社区第2网格").first.tap()
    expect(page.locator("h1")).to_have_text("乌衣巷社区第2网格")
    page.locator(".crumbs a", has_text="夫子庙街道").tap()
    page.locator("div:has(> h3:text-is('东水关社区')) .chip", has_text="第3网格").first.tap()
    expect(page.locator("h1")).to_have_text("东水关社区第3网格")
