"""What does not go straight: a return, a supervision, more time, rework; a duplicate; an appeal. Each begins where it
becomes interesting; what went before was made by operations (see `before`).
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.before import happened
from tests.journeys.conftest import Shoot, SignedIn, Staff, Visit
from tests.journeys.loop import BETTER, MENDED
from tests.journeys.staff import Colleague, attempt, enter
from tests.lib.product import Product

COMMUNITY, STREET_LEADER, WORKER = "320104002002", "s320104002", "g320104002002001"
GRID = "320104002002001"
DAY = 24 * 60


def filed(ago: float, **report: Any) -> list[dict[str, Any]]:
    """A resident's report, verified and filed, so many minutes ago."""
    base = {"do": "report", "channel": "resident", "words": "污水井盖破了一角", "area": GRID, "ago": ago}
    return [
        base | report,
        {"do": "act", "case": 0, "by": "acceptor", "ago": ago - 1, "move": "accept"},
        {"do": "act", "case": 0, "by": "acceptor", "ago": ago - 2, "move": "ask_to_verify"},
        {"do": "act", "case": 0, "by": WORKER, "ago": ago - 3, "move": "verify", "inputs": {"verdict": "real"}},
        {"do": "act", "case": 0, "by": "acceptor", "ago": ago - 4, "move": "file",
         "inputs": {"class": "E06013", "condition": "路面破损"}},
    ]  # fmt: skip


def sent_to(unit: str, case: int, ago: float) -> list[dict[str, Any]]:
    """Dispatched to a unit."""
    inputs = {"units": [f"unit:{unit}"]}
    return [{"do": "act", "case": case, "by": "dispatcher", "ago": ago, "move": "dispatch", "inputs": inputs}]


def done_again(task: dict[str, Any]) -> list[dict[str, Any]]:
    """Signed, done, confirmed at the Construction Bureau."""
    handler = task | {"by": "construction.handler"}
    return [
        handler | {"move": "sign"},
        handler | {"move": "finish", "inputs": {"after": ["PHOTO"], "words": "已修补"}},
        task | {"by": "construction.leader", "move": "confirm"},
    ]


def do(person: Colleague, number: str, move: str, given: dict[str, Any], stage: str) -> None:
    """Somebody makes a move on their own page; the case then stands there."""
    person.find(number)
    person.fill(move, given)
    person.send(move)
    expect(person.page.locator(".case-title .badge").first).to_have_text(stage)


@pytest.mark.clause("NX-12")
def test_returned_supervised_given_more_time_and_done_again(
    product: Product, staff: Staff, signed_in: SignedIn, shoot: Shoot
) -> None:
    number = happened(product, [*filed(30), *sent_to("water", 0, 20)])[0]["number"]
    dispatcher, worker, street = staff("dispatcher"), staff(WORKER), staff(STREET_LEADER)
    do(staff("water.leader"), number, "return", {"reason": "not_ours", "words": "路面由建设局养护"}, "待派遣")
    do(dispatcher, number, "dispatch", {"units": "建设局"}, "处置中")
    task = {"do": "act", "case": number, "task": "handling"}
    head = staff("construction.leader")
    happened(product, [task | {"by": "construction.handler", "move": "sign"}])
    do(street, number, "supervise", {"words": "群众反映强烈，请抓紧"}, "处置中")
    do(head, number, "ask_extension", {"longer": "1 work_days", "reason": "materials"}, "处置中")
    sent = {"revision": "", "assignment": "extension-1-1", "longer": "1 work_days"}
    assert attempt(signed_in("construction.leader"), number, "grant_extension", sent, {}).status == 403
    do(dispatcher, number, "grant_extension", {"longer": "1 work_days", "words": "同意"}, "处置中")
    expect(dispatcher.page.locator("section:has(> #limits)")).to_contain_text("延长 1 个工作日")
    do(head, number, "answer_supervision", {"words": "今日完成"}, "处置中")
    do(street, number, "accept_answer", {}, "处置中")
    happened(product, done_again(task)[1:])
    do(worker, number, "fail_check", {"reason": "边缘不平", "photos": [MENDED]}, "处置中")
    happened(product, done_again(task))
    do(worker, number, "pass_check", {"photos": [BETTER]}, "待结案")
    acceptor = staff("acceptor")
    do(acceptor, number, "close", {"words": "同意结案"}, "已结案")
    expect(acceptor.page.locator(".case-title")).to_contain_text("返工 1")
    responsible(acceptor, number, shoot)


def responsible(person: Colleague, number: str, shoot: Shoot) -> None:
    """The trace says whose turn it was, by name and post, and under which rule."""
    person.page.get_by_role("link", name="谁在何时对何事负责").click()
    page = person.page
    expect(page.locator("h1")).to_contain_text("谁在何时")
    expect(page.locator(".trace")).to_contain_text(re.compile(r"事件处置，第 \d+ 版"))
    expect(page.locator("section:has(> #spans) tbody tr", has_text="待派遣").first).to_contain_text("顾清和")
    expect(page.locator("section:has(> #steps)")).to_contain_text(re.compile(r"event v\d+ · fail_check"))
    expect(page.locator(".proof.tone-good")).to_be_visible()
    shoot(page, "trace")
    answer = page.request.get(f"/desk/cases/{number}/trace.json")
    assert answer.json()["ledger"]["whole"] is True


def test_two_on_one_case_see_each_other_and_the_second_sees_both_versions(
    product: Product, staff: Staff, shoot: Shoot
) -> None:
    number = happened(product, filed(30))[0]["number"]
    first, second = staff("dispatcher"), staff("dispatcher2")
    first.find(number)
    second.find(number)
    expect(second.page.locator("gz-beside")).to_contain_text("顾清和（派遣员）也正在查看本案。")
    expect(first.page.locator("gz-beside")).to_contain_text("方若溪（派遣员）也正在查看本案。")
    second.page.keyboard.press("1")
    expect(second.form("dispatch")).to_be_visible()
    second.fill("dispatch", {"units": "建设局", "words": "请建设局修补"})
    first.fill("split", {"words": "旁边还有一堆垃圾"})
    first.send("split")
    expect(second.page.locator("gz-beside")).to_contain_text("刚刚有人推进了本案")
    second.form("dispatch").locator("button[type=submit]").click()
    conflict = second.page.locator(".conflict")
    expect(conflict.locator(".timeline")).to_contain_text("旁边还有一堆垃圾")
    expect(conflict.locator("[name=words]")).to_have_value("请建设局修补")
    shoot(second.page, "conflict")
    conflict.get_by_role("button", name=re.compile("重新提交")).click()
    expect(second.page.locator(".message, .messages").first).to_be_visible()
    expect(second.page.locator(".case-title .badge").first).to_have_text("处置中")
    first.page.goto("/desk/cases")
    expect(second.page.locator("gz-beside")).not_to_contain_text("顾清和", timeout=20_000)


@pytest.mark.clause("NX-12")
def test_a_duplicate_is_merged_and_its_reporter_is_told(product: Product, visit: Visit, staff: Staff) -> None:
    told = {"do": "report", "channel": "resident", "area": GRID, "reporter": {"phone": "025-12340000"}, "ago": 3}
    first, second = happened(product, [told | {"words": "井盖破了"}, told | {"words": "同一个井盖又有人报"}])
    acceptor = staff("acceptor")
    acceptor.find(second["number"])
    do(acceptor, second["number"], "merge", {"into": first["number"], "words": "同一井盖"}, "已并案")
    belongs = acceptor.page.locator("section:has(> #joined)")
    expect(belongs).to_contain_text("本案并入")
    belongs.locator("a.row-words").click()
    expect(acceptor.page.locator(".case-no")).to_have_text(first["number"])
    expect(acceptor.page.locator("section:has(> #joined)")).to_contain_text("并入本案")
    page = follow(visit, second)
    expect(page.locator("main")).to_contain_text(first["number"])
    acceptor.fill("accept", {})
    acceptor.send("accept")
    expect(follow(visit, second).locator("main")).to_contain_text("受理")


def follow(visit: Visit, report: dict[str, Any]) -> Page:
    """What its reporter reads."""
    page = visit("/follow")
    form = page.locator("form#follow")
    enter(form, "number", report["number"])
    enter(form, "code", report["code"])
    form.locator("button[type=submit]").click()
    page.wait_for_load_state()
    return page


@pytest.mark.clause("NX-12")
def test_a_late_unit_appeals_and_two_reviewers_decide(
    product: Product, staff: Staff, signed_in: SignedIn, shoot: Shoot
) -> None:
    ago, task = 20 * DAY, {"do": "act", "case": 0, "task": "handling"}
    deeds = [
        *filed(ago),
        *sent_to("construction", 0, ago - 5),
        task | {"by": "construction.handler", "ago": ago - 6, "move": "sign"},
        {"do": "tick"},
        *done_again(task)[1:],
        {"do": "act", "case": 0, "by": WORKER, "move": "pass_check", "inputs": {"photos": ["PHOTO"]}},
        {"do": "act", "case": 0, "by": "acceptor", "move": "close"},
    ]  # fmt: skip
    number = happened(product, deeds)[0]["number"]
    head, first, second = staff("construction.leader"), staff("assessor"), staff("assessor2")
    head.find(number)
    expect(head.page.locator(".case-title")).to_contain_text("超时")
    do(head, number, "appeal", {"reason": "approval", "words": "占道审批用了五天", "photos": [MENDED]}, "已结案")
    do(first, number, "pass_appeal", {"words": "情况属实"}, "已结案")
    sent = {"assignment": "appeal-1-1", "words": "同意"}
    refused = attempt(signed_in("assessor"), number, "grant_appeal", sent, {})
    assert (refused.status, bool(refused.sentence)) == (403, True)
    do(second, number, "grant_appeal", {"words": "申诉成立"}, "已结案")
    expect(second.page.locator(".case-title")).to_contain_text("超时")
    expect(second.page.locator(".case-title")).to_contain_text("申诉成立")
    shoot(second.page, "case-appeal")
