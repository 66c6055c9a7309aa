"""Every kind of page on a desk and on a phone: nothing sticks out, nothing is left in English, axe finds nothing wrong.

`make test-full` also keeps each page as a picture in test-results/screens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, Shoot, Staff, Visit
from tests.lib.product import Product

pytestmark = pytest.mark.looked_at
AXE = Path("web/node_modules/axe-core/axe.min.js")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PUBLIC = {
    "home": "/",
    "report": "/report",
    "follow-ask": "/follow",
    "grids": "/grids",
    "grids-list": "/grids?in=320104002",
    "grid": "/grids/320104002002003",
    "about": "/about",
    "complaints": "/complaints",
    "sign-in": "/accounts/login/",
    "not-there": "/no-such-page",
}
DESK_PAGES = {"desk": "/desk/", "cases": "/desk/cases", "notices": "/desk/notices"}
OWN = {"password": "/accounts/password/", "second-factor": "/accounts/2fa/"}
CATALOGUE = {
    "catalogue": "/desk/catalogue",
    "class": "/desk/catalogue/classes/E09099",
    "management-list": "/desk/catalogue/lists/management",
    "responsibility-list": "/desk/catalogue/lists/responsibility",
    "grid-list": "/desk/catalogue/lists/grid",
    "crosswalk": "/desk/catalogue/crosswalk?status=renamed",
    "catalogue-versions": "/desk/catalogue/versions",
}
ROOMS = {
    "受理员": {
        **DESK_PAGES,
        **CATALOGUE,
        "late": "/desk/cases?state=late",
        "nothing": "/desk/cases?q=不存在的字词",
        "views": "/desk/views",
        "view-new": "/desk/views/new?state=late",
        "call": "/desk/call",
        **OWN,
    },
    "专职网格员": {"desk-worker": "/desk/"},
    "处置人员": {"desk-unit": "/desk/"},
    "街道领导": {"desk-street": "/desk/cases", "blow": "/desk/begin", "turned-away": "/admin/ledger"},
    "系统管理员": {
        "system": "/admin/",
        "accounts": "/admin/accounts",
        "account-new": "/admin/accounts/new",
        "organisations": "/admin/organisations",
        "profile": "/admin/profile",
        "catalogue-change": "/admin/catalogue",
        "class-new": "/admin/catalogue/classes/new",
        "calendar": "/admin/calendar?year=2026",
        "calendar-day": "/admin/calendar?day=2026-05-09",
    },
    "安全管理员": {
        "security": "/admin/",
        "posts": "/admin/accounts",
        "administrators": "/admin/administrators",
        "switches": "/admin/switches",
        "retention": "/admin/retention",
    },
    "审计管理员": {
        "audit": "/admin/",
        "ledger": "/admin/ledger",
        "roots": "/admin/roots",
        "logins": "/admin/sign-ins",
        "reveals": "/admin/reveals",
    },
}
ON_A_PHONE = {*PUBLIC, "desk", "case", "accounts"}  # of the phone's pages, those whose layout differs from the desk's
# Latin letters in Chinese pages that belong there: names of products and standards, keys, what people typed.
LATIN = re.compile(r"[A-Za-z]{3,}(?:['’ -][A-Za-z]+)*")
KEYS = re.compile(  # commands, zones, kinds and subjects of the ledger, hashes, ids of sources
    r"gezhi [a-z]+(?: [a-z]+)?|[A-Z][a-z]+/[A-Z][a-z]+|[a-z_]+[.:][a-z0-9_.:-]+|\b[0-9a-f]{6,}|simulation \S+"
    r"|\((?:public|clock|system|import)\)"
)
BELONGS = {
    "Enter",
    "English",
    "GB",
    "Cookie",
    "Esc",
    "PostgreSQL",
    "Python",
    "Django",
    "Gezhi",
    "SHA",
    "JPEG",
    "PDF",
    "Prometheus",
    "SOS",
}
VISIBLE_TEXT = """
() => {
  const found = [];
  const skipped = "script, style, svg, kbd, code, .mono, .case-no, [lang=en], [data-latin], textarea, option";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const box = walker.currentNode.parentElement;
    if (!box || box.closest(skipped) || !box.checkVisibility()) continue;
    found.push(walker.currentNode.textContent);
  }
  for (const field of document.querySelectorAll("[placeholder], [aria-label], [title], [alt]"))
    for (const name of ["placeholder", "aria-label", "title", "alt"]) found.push(field.getAttribute(name) ?? "");
  return found;
}
"""
STICKING_OUT = """
() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > wide + 1 && one.checkVisibility())
    .slice(0, 5).map((one) => `${one.tagName.toLowerCase()}.${one.className}`);
}
"""

IN_SIGHT = "sheet => sheet.checkVisibility() && sheet.getBoundingClientRect().top < innerHeight"


@dataclass
class Looked:
    """What was found on the pages looked at, by page."""

    width: int
    wrong: list[str]

    def at(self, page: Page, name: str, shoot: Shoot) -> None:
        """Look at a page as it stands, once its font and its map are there."""
        page.evaluate("document.fonts.ready.then(() => true)")
        for sheet in page.locator("gz-map").all():
            if sheet.evaluate(IN_SIGHT):
                expect(sheet).to_have_attribute("ready", "")
        shoot(page, name)
        found = [f"sticks out: {one}" for one in page.evaluate(STICKING_OUT)]
        found += [f"English: {words}" for words in latin(page)]
        found += axe(page) if self.width == DESK or name in ON_A_PHONE else []
        self.wrong += [f"{name} at {self.width}: {one}" for one in found]


def latin(page: Page) -> list[str]:
    """Words in Latin letters on a Chinese page that do not belong there."""
    words = {found for text in page.evaluate(VISIBLE_TEXT) for found in LATIN.findall(KEYS.sub(" ", text))}
    return sorted(words - BELONGS)


def axe(page: Page) -> list[str]:
    """What axe-core finds wrong: rule, and the first elements concerned."""
    page.evaluate(AXE.read_text())
    result: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"axe {one['id']} ({one['impact']}): {[' '.join(map(str, node['target'])) for node in one['nodes'][:3]]}"
        for one in result["violations"]
    ]


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_public_pages(visit: Visit, shoot: Shoot, width: int) -> None:
    looked = Looked(width, [])
    page = visit("/about", width=width)
    for name, path in PUBLIC.items():
        page.goto(path)
        looked.at(page, name, shoot)
    assert not looked.wrong, "\n" + "\n".join(looked.wrong)


@pytest.mark.parametrize("width", [pytest.param(DESK, marks=pytest.mark.slow), PHONE], ids=["desk", "phone"])
def test_pages_of_the_staff(product: Product, staff: Staff, shoot: Shoot, width: int) -> None:
    looked = Looked(width, [])
    for role, rooms in ROOMS.items():
        page = staff(product.logins[role][0], width=width).page
        for name, path in rooms.items():
            page.goto(path)
            looked.at(page, name, shoot)
    page = staff(product.logins["受理员"][0], width=width).page
    page.goto("/desk/cases")
    page.locator("[data-row] a.row-words").first.click()
    page.wait_for_url("**/desk/cases/2*")
    looked.at(page, "case", shoot)
    page.goto(f"{page.url}/trace")
    looked.at(page, "trace", shoot)
    assert not looked.wrong, "\n" + "\n".join(looked.wrong)


def test_on_a_phone_the_filters_of_a_list_are_folded(product: Product, staff: Staff) -> None:
    login = product.logins["受理员"][0]
    for width, folded in ((PHONE, True), (DESK, False)):
        page = staff(login, width=width).page
        page.goto("/desk/cases?q=路&state=late")
        summary, form = page.locator(".filters-fold > summary"), page.locator(".filters-fold form.filters")
        expect(summary).to_be_visible(visible=folded)
        expect(form).to_be_visible(visible=not folded)
        if folded:
            expect(summary).to_contain_text("已设 2 项")
            summary.click()
            expect(form).to_be_visible()
