"""A person in a browser, in front of the product as `gezhi demo` starts it. No journey touches the database."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    APIRequestContext,
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    StorageState,
    expect,
    sync_playwright,
)

from tests.journeys.staff import Colleague, token
from tests.lib.browser import chromium
from tests.lib.product import Product, demo

RESULTS = Path("test-results")
PHONE, DESK = 390, 1440  # widths in CSS pixels that every screen must suit
HEIGHTS = {PHONE: 844, DESK: 900}
PATIENCE = 15_000  # milliseconds
SCREENS = bool(os.environ.get("GEZHI_SCREENS"))
LONGEST = ("test_turns", "test_loop", "test_screens", "test_whistle", "test_hard", "test_desk_keys", "test_territory")

expect.set_options(timeout=PATIENCE)

Visit = Callable[..., Page]
SignedIn = Callable[[str], APIRequestContext]
Staff = Callable[..., Colleague]
Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demo of Qinhuai after one simulated day, shared by all journeys of a run."""
    with demo(tmp_path_factory.mktemp("product"), "--profile", "qinhuai", "--days", "1") as running:
        yield running


@pytest.fixture(scope="session")
def player() -> Iterator[Playwright]:
    """Playwright itself."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browsers(player: Playwright) -> Iterator[Callable[[bool], Browser]]:
    """Chromium, with the pages' own font or with the machine's; each one started once a run."""
    got, here = chromium(), dict[bool, Browser]()

    def started(own_font: bool) -> Browser:
        if own_font not in here:
            flags = got.flags + ([] if own_font else ["--disable-remote-fonts"])
            environment = {**os.environ, **got.env}
            here[own_font] = player.chromium.launch(executable_path=got.executable, args=flags, env=environment)
        return here[own_font]

    yield started
    for one in here.values():
        one.close()


@pytest.fixture
def browser(browsers: Callable[[bool], Browser], request: pytest.FixtureRequest) -> Browser:
    """Chromium. Unpacking the font is a quarter of a page's work: only pages that are looked at get it."""
    return browsers(SCREENS or request.node.get_closest_marker("looked_at") is not None)


@pytest.fixture
def visit(browser: Browser, product: Product, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """`visit(path, width=PHONE)` opens a page as a new person; `visit(path, by=page)` as the person of that page.

    A script error, or an error on the console of any page, fails the test. After a failure the screens are in
    `test-results/`.
    """
    pages: list[Page] = []
    errors: list[str] = []

    def opened(
        path: str = "/",
        *,
        width: int = DESK,
        by: Page | None = None,
        language: str = "zh-CN",
        session: StorageState | None = None,
    ) -> Page:
        context = by.context if by else new_context(browser, product, width, language, session)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda message: errors.extend(complaint(page, message)))
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


def new_context(
    browser: Browser, product: Product, width: int, language: str, session: StorageState | None
) -> BrowserContext:
    """A browser of somebody's own; with a session, of somebody who signed in before."""
    context = browser.new_context(
        base_url=product.address,
        viewport={"width": width, "height": HEIGHTS.get(width, 900)},
        locale=language,
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        has_touch=width == PHONE,
        device_scale_factor=1,
        storage_state=session,
    )
    context.set_default_timeout(PATIENCE)
    return context


def complaint(page: Page, message: ConsoleMessage) -> list[str]:
    """What a console message has against the page: errors, save that the page itself was answered with a refusal."""
    own = message.text.startswith("Failed to load resource") and message.location.get("url") == page.url
    return [f"{page.url}: {message.text}"] if message.type == "error" and not own else []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: with two browsers side by side, the short ones then fill what is left."""
    ranks = {Path(__file__).with_name(f"{name}.py"): rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(LONGEST)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the fixture `visit` know that its test failed."""
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report


@pytest.fixture(scope="session")
def signed_in(product: Product, player: Playwright) -> Iterator[SignedIn]:
    """`signed_in(username)`: the session of one of the staff, or of nobody, without a browser; made once a run."""
    here: dict[str, APIRequestContext] = {}
    password = next(iter(product.logins.values()))[1]  # the demo gives everybody the same

    def session(username: str) -> APIRequestContext:
        if username not in here:
            chinese = {"Accept-Language": "zh-CN"}
            here[username] = player.request.new_context(base_url=product.address, extra_http_headers=chinese)
            here[username].get("/accounts/login/")
            if username:
                form = {"login": username, "password": password, "csrfmiddlewaretoken": token(here[username])}
                answer = here[username].post("/accounts/login/", form=form, max_redirects=0)
                assert answer.status == 302, f"{username} cannot sign in: {answer.status}"
        return here[username]

    yield session
    for one in here.values():
        one.dispose()


@pytest.fixture
def staff(visit: Visit, signed_in: SignedIn) -> Staff:
    """`staff(username, width=PHONE)`: one of the staff in a browser; within a test the same one is the same page."""
    here: dict[tuple[str, int], Colleague] = {}

    def colleague(username: str, *, width: int = DESK) -> Colleague:
        if (username, width) not in here:
            page = visit("/about", width=width, session=signed_in(username).storage_state())
            here[username, width] = Colleague(page)
        return here[username, width]

    return colleague


@pytest.fixture
def shoot() -> Shoot:
    """`shoot(page, name)`: the page as a picture in test-results/screens; where `GEZHI_SCREENS` is set.

    They are to be looked at; nothing is compared with them, and drawing a hundred whole pages takes a minute.
    """
    folder = RESULTS / "screens"

    def shot(page: Page, name: str) -> None:
        if not SCREENS:
            return
        folder.mkdir(parents=True, exist_ok=True)
        width = (page.viewport_size or {"width": DESK})["width"]
        page.evaluate("document.fonts.ready.then(() => true)")
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)

    return shot
