"""A person in a browser, in front of the product as `gezhi demo` starts it. No journey touches the database."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.lib.browser import chromium
from tests.lib.product import Product, demo

RESULTS = Path("test-results")
PHONE, DESK = 390, 1440  # widths in CSS pixels that every screen must suit
HEIGHTS = {PHONE: 844, DESK: 900}
PATIENCE = 15_000  # milliseconds

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demo of Qinhuai after one simulated day, shared by all journeys of a run."""
    with demo(tmp_path_factory.mktemp("product"), "--profile", "qinhuai", "--days", "1") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for the run."""
    got = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=got.executable, args=got.flags, env={**os.environ, **got.env}
        )
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, product: Product, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """`visit(path, width=PHONE)` opens a page as a new person; `visit(path, by=page)` as the person of that page.

    A script error on any page fails the test. After a failure the screens are in `test-results/`.
    """
    pages: list[Page] = []
    errors: list[str] = []

    def opened(path: str = "/", *, width: int = DESK, by: Page | None = None, language: str = "zh-CN") -> Page:
        context = by.context if by else None
        if context is None:
            context = browser.new_context(
                base_url=product.address,
                viewport={"width": width, "height": HEIGHTS.get(width, 900)},
                locale=language,
                timezone_id="Asia/Shanghai",
                reduced_motion="reduce",
                has_touch=width == PHONE,
                device_scale_factor=1,
            )
            context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        pages.append(page)
        page.goto(path)
        return page

    yield opened
    failed = getattr(request.node, "failed", False) or errors
    for number, page in enumerate(pages):
        if failed and not page.is_closed():
            RESULTS.mkdir(exist_ok=True)
            name = re.sub(r"\W+", "-", request.node.name)
            page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)
    for context in {page.context for page in pages}:
        context.close()
    assert not errors, errors


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the fixture `visit` know that its test failed."""
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report


@pytest.fixture
def log_in(product: Product, visit: Visit) -> Callable[..., Page]:
    """`log_in(role)` opens a page as the person of that role in the demo's table, at the desk."""

    def logged_in(role: str, *, width: int = DESK) -> Page:
        username, password = product.logins[role]
        page = visit("/accounts/login/?next=/desk/", width=width)
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/desk/**")
        return page

    return logged_in
