"""Working a queue by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Staff, Visit
from tests.lib.product import Product


def test_a_queue_by_keyboard(product: Product, staff: Staff) -> None:
    """j and k go along the rows, Enter opens the case, "/" goes to the search; typing there moves nothing."""
    page = staff(product.logins["受理员"][0]).page
    page.goto("/desk/cases")
    rows = page.locator("[data-row]")
    expect(rows.nth(1)).to_be_visible()
    page.keyboard.press("j")
    expect(rows.nth(0)).to_contain_class("is-at")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_contain_class("is-at")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_contain_class("is-at")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("jk")
    expect(page.locator("[data-search]")).to_have_value("jk")
    page.keyboard.press("Escape")
    page.goto("/desk/cases")
    page.keyboard.press("j")
    number = rows.nth(0).locator(".mono").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".case-no")).to_have_text(number)


def test_skipping_to_the_content(visit: Visit) -> None:
    """The first Tab offers to skip the navigation, and Enter does."""
    page = visit("/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
