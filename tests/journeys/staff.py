"""Somebody of the staff in a browser, and what they do on a case page: open it, fill in a move's form, send it.

`attempt` is the same form sent by somebody else: straight to the address, past all buttons, with their own session.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import APIRequestContext, Locator, Page, expect

Given = Mapping[str, Any]  # field → text, a choice's value, or a list of photo files (bytes)
_SENTENCE = re.compile(
    r'<div class="banner[^"]*" role="alert"[^>]*>.*?<p>(.*?)</p>|<p class="lead">(.*?)</p>', re.DOTALL
)


@dataclass(frozen=True)
class Refused:
    """How an attempt was answered."""

    status: int
    sentence: str


def sentence(body: str) -> str:
    """What a page of the product says when it refuses something."""
    found = _SENTENCE.search(body)
    return html.unescape(re.sub(r"<[^>]+>", "", found[1] or found[2])).strip() if found else ""


def files(photos: Sequence[bytes]) -> list[Any]:
    """Photos as Playwright wants them."""
    return [
        {"name": f"photo-{number}.jpg", "mimeType": "image/jpeg", "buffer": photo}
        for number, photo in enumerate(photos, 1)
    ]


def enter(form: Locator, name: str, value: Any) -> None:
    """Give a field of a form its value as a person would."""
    field = form.locator(f'[name="{name}"]').first
    kind = field.evaluate("field => field.type")
    if kind == "file":
        field.set_input_files(files(value))
        shots = form.locator(f"gz-photos:has([name={name}]) .photo-grid > li")
        expect(shots).to_have_count(len(value))
    elif kind in {"radio", "checkbox"}:
        form.locator(f'label:has([name="{name}"][value="{value}"])').click()
        expect(form.locator(f'[name="{name}"][value="{value}"]')).to_be_checked()
    elif kind == "select-one":
        box = form.locator(f"#{field.get_attribute('id')}-find")
        box.fill(value)
        box.press("Enter")
        expect(box).to_have_value(re.compile(value))
    else:
        field.fill(value)


class Colleague:
    """One of the staff, signed in, on a page of their own."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.known: set[str] = set()

    def find(self, number: str) -> None:
        """Look the number up in the list of cases and open it from its row; the second time, by its address."""
        if number in self.known:
            self.page.goto(f"/desk/cases/{number}")
            return
        self.page.goto(f"/desk/cases?q={number}")
        self.page.locator(f"[data-row]:has-text('{number}') a.row-words").click()
        expect(self.page.locator(".case-no")).to_have_text(number)
        self.known.add(number)

    def form(self, move: str) -> Locator:
        """The form of a move, unfolded."""
        form = self.page.locator(f"form[id='m-{move}'], form[id^='m-{move}-']").last
        if not form.is_visible():
            self.page.locator("details.move", has=form).locator("summary").first.click()
        expect(form).to_be_visible()
        return form

    def fill(self, move: str, given: Given) -> dict[str, str]:
        """Fill in a move's form; the words it would send."""
        form = self.form(move)
        for name, value in given.items():
            if name == "class":
                with self.page.expect_response("**/desk/condition*"):
                    enter(form, name, value)
            else:
                enter(form, name, value)
        sent: dict[str, str] = form.evaluate(
            "form => Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === 'string'))"
        )
        return sent

    def send(self, move: str) -> None:
        """Press the button of a form that is filled in; the page must say that it is done."""
        self.form(move).locator("button[type=submit]").click()
        expect(self.page.locator(".message, .messages").first).to_be_visible()


def token(session: APIRequestContext) -> str:
    """The CSRF token of a session."""
    cookies = session.storage_state()["cookies"]
    return next((cookie["value"] for cookie in cookies if cookie["name"] == "csrftoken"), "")


def attempt(session: APIRequestContext, number: str, move: str, sent: Mapping[str, str], given: Given) -> Refused:
    """Send somebody else's form with this session."""
    body: dict[str, Any] = {**sent, "csrfmiddlewaretoken": token(session)}
    body |= {name: files(value)[0] for name, value in given.items() if isinstance(value, list)}
    answer = session.post(f"/desk/cases/{number}/moves/{move}", multipart=body, max_redirects=0)
    return Refused(answer.status, sentence(answer.text()))
