"""A problem reported is a problem closed: the whole loop by hand, on a desk and on a phone.

At every step, before the right person makes the move, everybody else sends the very same form with their own session
and is refused with a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect
from shapely.geometry import Point, shape

from tests.journeys import loop
from tests.journeys.conftest import DESK, PHONE, Shoot, SignedIn, Staff, Visit
from tests.journeys.loop import Step
from tests.journeys.staff import Colleague, attempt, enter
from tests.lib.product import Product

COMMUNITY = "中牌楼社区"
GRID_WORKER = "专职网格员"
SAYS = re.compile(r"[\u4e00-\u9fff]{4}.*。")  # a whole Chinese sentence
TURNED_AWAY = {403, 404, 409}


@dataclass(frozen=True)
class Reported:
    """What the resident keeps, and who works the grid the pin fell into."""

    number: str
    code: str
    worker: str


def report(visit: Visit, shoot: Shoot, width: int) -> Reported:
    """A resident reports a broken manhole cover: words, a photo, a pin on the map, a phone number."""
    page = visit("/", width=width)
    shoot(page, "home")
    page.locator(".hero a[href='/report']").click()
    page.wait_for_load_state()
    form = page.locator("form#report")
    shoot(page, "report-empty")
    enter(form, "words", loop.WORDS)
    enter(form, "photos", [loop.BROKEN])
    lon, lat = pin(page, form)
    enter(form, "place_address", loop.ADDRESS)
    enter(form, "name", "周先生")
    enter(form, "phone", "025-12345678")
    shoot(page, "report-filled")
    worker = worker_at(page, lon, lat)
    form.locator("button[type=submit]").click()
    codes = page.locator(".ticket-code")
    expect(codes).to_have_count(2)
    expect(page.locator(".qr svg")).to_be_visible()
    shoot(page, "receipt")
    return Reported(codes.nth(0).inner_text().strip(), codes.nth(1).inner_text().strip(), worker)


def pin(page: Page, form: Locator) -> tuple[float, float]:
    """Choose the community, which the map then shows, and tap the map's middle."""
    sheet = page.locator("gz-map")
    sheet.scroll_into_view_if_needed()
    expect(sheet).to_have_attribute("ready", "")
    enter(form, "place_area", COMMUNITY)
    page.locator("gz-map canvas").click()
    expect(page.locator(".map-where.is-set")).to_contain_text("社区")
    lon, lat = (float(page.locator(f"[name={name}]").input_value()) for name in ("lon", "lat"))
    return lon, lat


def worker_at(page: Page, lon: float, lat: float) -> str:
    """User name of the grid worker whose grid holds the point."""
    community = page.locator("[name=place_area]").input_value()
    grids = page.request.get(f"/map/areas/grid?within={community}").json()["features"]
    code = next(g["properties"]["code"] for g in grids if shape(g["geometry"]).contains(Point(lon, lat)))
    return f"g{code}"


def everybody_else_is_refused(
    product: Product, signed_in: SignedIn, number: str, step: Step, sent: dict[str, str]
) -> None:
    """Every role of the demo that has no hand in this step, and somebody who is not signed in."""
    others = [who for role, (who, _password) in product.logins.items() if role not in {step.role, *step.also}]
    wrong = []
    for username in [*others, ""]:
        got = attempt(signed_in(username), number, step.move, sent, step.given)
        if got.status not in TURNED_AWAY or not SAYS.search(got.sentence):
            wrong.append(f"{username or 'nobody'}: {got}")
    assert wrong == [], f"{step.move} by others"


@pytest.mark.parametrize("width", [DESK, pytest.param(PHONE, marks=pytest.mark.slow)], ids=["desk", "phone"])
@pytest.mark.clause("NX-7")
@pytest.mark.clause("NX-12")
@pytest.mark.clause("YZ-13")
def test_a_problem_reported_is_a_problem_closed(
    product: Product, visit: Visit, staff: Staff, signed_in: SignedIn, shoot: Shoot, width: int
) -> None:
    reported = report(visit, shoot, width)
    seen: set[str] = set()
    for step in loop.LOOP:
        username = reported.worker if step.role == GRID_WORKER else product.logins[step.role][0]
        person = staff(username, width=width)
        person.find(reported.number)
        sent = person.fill(step.move, step.given)
        if step.move not in seen:
            shoot(person.page, f"case-{step.move}")
            seen.add(step.move)
        if width == DESK:
            everybody_else_is_refused(product, signed_in, reported.number, step, sent)
        person.send(step.move)
        expect(person.page.locator(".case-title .badge").first).to_have_text(step.stage)
    rate(visit, shoot, reported, width)
    every_hand_is_on_record(staff(product.logins["受理员"][0], width=width), reported)


def rate(visit: Visit, shoot: Shoot, reported: Reported, width: int) -> None:
    """The resident follows the report by number and code, sees the result and rates it; a wrong code shows nothing."""
    page = visit("/follow", width=width)
    form = page.locator("form#follow")
    enter(form, "number", reported.number)
    enter(form, "code", "ZZZZZZZZ")
    form.locator("button[type=submit]").click()
    expect(page.locator(".form-problem, [data-problem]").first).to_be_visible()
    shoot(page, "follow-wrong-code")
    enter(page.locator("form#follow"), "code", reported.code)
    page.locator("form#follow button[type=submit]").click()
    expect(page.locator(".case-no")).to_have_text(reported.number)
    outcome = page.locator("section:has(> h2:text-is('处理结果'))")
    expect(outcome).to_contain_text("已更换新井盖并固定")
    expect(outcome.locator("img")).to_have_count(1)
    shoot(page, "follow-closed")
    form = page.locator("form#rate-form")
    enter(form, "grade", "5")
    enter(form, "words", "换得很快，谢谢")
    form.locator("button[type=submit]").click()
    expect(page.locator(".banner.tone-good")).to_be_visible()
    expect(page.locator("form#rate-form")).to_have_count(0)
    shoot(page, "follow-rated")


def every_hand_is_on_record(acceptor: Colleague, reported: Reported) -> None:
    """The timeline of the case names each move in order, and says that the chain is whole."""
    acceptor.find(reported.number)
    titles = acceptor.page.locator(".timeline .tl-title").all_inner_texts()
    said = " ".join(titles)
    for words in loop.TITLES:
        assert words in said, (words, titles)
    expect(acceptor.page.locator(".proof.tone-good")).to_be_visible()


def test_a_report_by_community_and_address_alone(visit: Visit, staff: Staff, product: Product) -> None:
    """Without the map: the community is enough to find who is responsible, and the checker can verify."""
    page = visit("/report", width=PHONE)
    form = page.locator("form#report")
    enter(form, "words", "路灯不亮")
    enter(form, "place_area", COMMUNITY)
    enter(form, "place_address", "一号楼前")
    form.locator("button[type=submit]").click()
    number = page.locator(".ticket-code").first.inner_text().strip()
    acceptor = staff(product.logins["受理员"][0])
    acceptor.find(number)
    expect(acceptor.page.locator("main")).to_contain_text(COMMUNITY)
    acceptor.fill("accept", {})
    acceptor.send("accept")
