"""The catalogue and the working calendar in a browser: by keyboard, by a table, and with the differences seen first."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Staff
from tests.modules.catalogue.catalogue_world import cells_of, file_of


@pytest.mark.clause("SZ-5")
def test_a_class_is_found_by_keyboard(staff: Staff) -> None:
    page = staff("acceptor").page
    page.goto("/desk/catalogue")
    page.keyboard.press("/")
    page.keyboard.type("上水井盖")
    page.keyboard.press("Enter")
    rows = page.locator("tbody tr[data-row]")
    expect(rows).to_have_count(1)
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("01001 供水井盖")
    expect(page.locator("main")).to_contain_text("0101 上水井盖")


@pytest.mark.clause("SZ-5")
def test_a_table_is_compared_before_anything_changes(staff: Staff, tmp_path: Path) -> None:
    page = staff("system.admin").page
    raw = page.context.request.get("/desk/catalogue/file").body()
    cells = cells_of(raw)
    cells["立案条件"][1][8] = "3"
    path = tmp_path / "changed.xlsx"
    path.write_bytes(file_of(cells))
    page.goto("/admin/catalogue")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="读取并比对").click()
    expect(page.locator("main")).to_contain_text("2 个紧急工作时")
    expect(page.locator("main")).to_contain_text("3 个紧急工作时")
    page.locator("summary", has_text="作废").click()
    page.locator("#discard button").click()
    expect(page.locator(".messages")).to_contain_text("没有任何变化")


def test_the_calendar_is_walked_by_arrow_keys(staff: Staff) -> None:
    page = staff("system.admin").page
    page.goto("/admin/calendar?day=2031-03-05")
    chosen = page.locator("[data-day='2031-03-05']")
    expect(chosen).to_have_attribute("aria-current", "date")
    chosen.focus()
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("[data-day='2031-03-13']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#decide [name=day]")).to_have_value("2031-03-13")
    page.locator("#decide [name=why]").fill("停水检修")
    page.locator("#decide button[type=submit]").click()
    expect(page.locator("[data-day='2031-03-13'].is-changed.is-off")).to_have_count(1)
    page.locator("#clear button").click()
    expect(page.locator("[data-day='2031-03-13'].is-working")).to_have_count(1)
