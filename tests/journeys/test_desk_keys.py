"""A day at the desk without a mouse: rows, choosing, one move on many, a saved view, the palette, a case by number."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Staff
from tests.lib.product import Product

MANY = 3
OPTION = ".palette-list [role=option]"


def queue_with_many(page: Page) -> str:
    """Report some cases at the desk, accept nothing; the address of the queue they wait in."""
    for number in range(MANY):
        page.goto("/desk/report")
        page.locator("main select[name=channel]").select_option("hotline")
        page.locator("main [name=words]").fill(f"键盘办理测试第{number + 1}件，路面积水")
        page.locator("main form.form button[type=submit]").last.click()
        page.wait_for_url(re.compile(r"/desk/cases/2\d+"))
    return "/desk/queues/event:reported"


def test_many_cases_by_keyboard(product: Product, staff: Staff) -> None:
    """X chooses the page, x lets one go, a number presses the move; each case has its result."""
    page = staff(product.logins["受理员"][0]).page
    page.goto(queue_with_many(page))
    rows, chosen = page.locator("[data-row]"), page.locator("[data-row].is-chosen")
    expect(rows.nth(MANY - 1)).to_be_visible()
    accept = page.locator(".bulk-bar button[value=accept]")
    expect(accept).to_be_disabled()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(chosen).to_have_count(1)
    expect(rows.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("已选 2 件")
    page.keyboard.press("x")
    expect(chosen).to_have_count(1)
    page.keyboard.press("X")
    expect(chosen).to_have_count(rows.count())
    page.keyboard.press("X")
    expect(chosen).to_have_count(0)
    first = [rows.nth(n).locator(".mono").inner_text() for n in range(2)]
    for n in range(2):
        rows.nth(n).locator("input[name=case]").check()
    page.keyboard.press(accept.get_attribute("data-key") or "")
    expect(page.locator("h1")).to_have_text("受理 · 2 件")
    page.locator("#bulk .btn-main").press("Enter")
    for number in first:
        expect(page.locator(f"tr:has-text('{number}') .badge.tone-good")).to_be_visible()
    page.goto("/desk/queues/event:accepted")
    for number in first:
        expect(page.locator(f"[data-row]:has-text('{number}')")).to_be_visible()


def test_the_palette_goes_anywhere(product: Product, staff: Staff) -> None:
    """Ctrl+K, a few letters, Enter; a case by its number; Escape gives the focus back; "?" tells the keys."""
    page = staff(product.logins["受理员"][0]).page
    page.goto("/desk/cases")
    number = page.locator("[data-row] .mono").first.inner_text()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name=re.compile("去哪里"))
    expect(field).to_be_focused()
    field.fill("分类目")
    expect(page.locator(OPTION).first).to_have_text("分类目录")
    field.press("Enter")
    page.wait_for_url("**/desk/catalogue")
    page.keyboard.press("Control+k")
    field.fill(number)
    expect(page.locator(OPTION).first).to_contain_text(number)
    field.press("Enter")
    expect(page.locator(".case-no")).to_have_text(number)
    page.goto("/desk/cases")
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘操作")).to_be_visible()
    page.keyboard.press("j")  # rests while the dialog is open
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("[data-row]").nth(0)).to_contain_class("is-at")


def test_a_view_is_saved_and_shared(product: Product, staff: Staff) -> None:
    """A filtered list under a name, seen by a colleague of the same organisation and found by the palette."""
    page = staff(product.logins["受理员"][0]).page
    page.goto("/desk/cases?time=7d")
    page.get_by_role("link", name="存为视图").click()
    page.get_by_label("视图名称").fill("近七天")
    page.locator("label.option", has_text="全体人员").click()
    page.locator("main .btn-main").click()
    expect(page.locator("h1")).to_contain_text("近七天")
    expect(page.locator(".queue-link[aria-current]")).to_have_text("近七天")
    colleague = staff(product.logins["派遣员"][0]).page
    colleague.goto("/desk/cases")
    colleague.keyboard.press("Control+k")
    colleague.get_by_role("combobox", name=re.compile("去哪里")).fill("近七")
    colleague.keyboard.press("Enter")
    colleague.wait_for_url("**/desk/cases?time=7d")
    expect(colleague.locator("h1")).to_contain_text("近七天")
    page.goto("/desk/views")
    page.locator("tr", has_text="近七天").get_by_role("button", name="删除").click()
    expect(page.locator("main")).to_contain_text("视图已删除")


def test_the_map_beside_or_instead(product: Product, staff: Staff) -> None:
    """On a wide screen the map stands beside the list and stays away once sent away; on a phone it takes its place."""
    page = staff(product.logins["受理员"][0]).page
    page.goto("/desk/cases")
    expect(page.locator("gz-map[ready]")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator("gz-map")).to_be_hidden()
    page.reload()
    expect(page.locator("gz-map")).to_be_hidden()
    page.keyboard.press("m")
    expect(page.locator("gz-map")).to_be_visible()
    phone = staff(product.logins["受理员"][0], width=PHONE).page
    phone.goto("/desk/cases")
    expect(phone.locator("gz-map")).to_be_hidden()
    phone.locator("[data-map-toggle]").click()
    expect(phone.locator("gz-map")).to_be_visible()
    expect(phone.locator("[data-row]").first).to_be_hidden()
