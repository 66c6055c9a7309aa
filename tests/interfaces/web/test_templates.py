"""Every template, with a full sample, in both languages: it renders, is sound HTML, and keeps the content policy."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.interfaces.web.samples import DESK, NAV, PAGES

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "rect", "source"}


class Page(HTMLParser):
    """Reads a page as a strict browser would: open and closed tags, ids, labels, forms."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.pointing: list[str] = []
        self.problems: list[str] = []
        self.forms: list[dict[str, object]] = []
        self.headings = 0
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"never closed: {self.open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        repeated = [name for name, times in Counter(name for name, _ in attrs).items() if times > 1]
        if repeated:
            self.problems.append(f"<{tag}> says {repeated} twice")
        if tag not in VOID:
            self.open.append(tag)
        if "style" in named or any(name.startswith("on") for name in named) or tag == "style":
            self.problems.append(f"<{tag}> carries style or script the policy forbids")
        if tag == "script" and "src" not in named:
            self.problems.append("inline script")
        if "id" in named:
            self.ids.append(named["id"])
        self.pointing += named["for"].split() if tag == "label" and "for" in named else []
        self.pointing += named.get("aria-describedby", "").split() + named.get("aria-labelledby", "").split()
        if tag == "form":
            self.forms.append({"post": named.get("method") == "post", "token": False})
        if tag == "input" and named.get("name") == "csrfmiddlewaretoken" and self.forms:
            self.forms[-1]["token"] = True
        if tag == "img" and "alt" not in named:
            self.problems.append("a picture without words")
        self.headings += tag == "h1"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-1:] or 'nothing'} at {self.getpos()}")
        else:
            self.open.pop()


def rendered(name: str, language: str) -> str:
    """The page as text."""
    template, frame, screen = PAGES[name]
    with translation.override(language):
        return render_to_string(template, {"frame": frame, "screen": screen, "csrf_token": "t" * 32})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(name: str, language: str) -> None:
    page = Page(rendered(name, language))
    assert page.problems == []
    assert [one for one, times in Counter(page.ids).items() if times > 1] == []
    assert set(page.pointing) <= set(page.ids)
    assert page.headings == 1
    assert all(form["token"] for form in page.forms if form["post"])


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html", "429.html", "500.html"])
def test_error_pages_stand_without_any_context(template: str) -> None:
    assert Page(render_to_string(template)).problems == []


def test_language_of_the_page() -> None:
    assert '<html lang="zh-Hans">' in rendered("home", "zh-hans")
    assert '<html lang="en">' in rendered("home", "en")


def test_fragments_stand_alone() -> None:
    queues = render_to_string("desk/parts/queues.html", {"nav": NAV})
    bell = render_to_string("parts/bell.html", {"frame": DESK})
    assert Page(queues).problems == Page(bell).problems == []
    assert "hx-get" in queues
    assert "hx-get" in bell


def test_what_people_wrote_is_never_markup() -> None:
    template, frame, screen = PAGES["case"]
    hostile = "<script>alert(1)</script>"
    from dataclasses import replace

    text = render_to_string(template, {"frame": frame, "screen": replace(screen, words=hostile, title=hostile)})
    assert hostile not in text
    assert "&lt;script&gt;" in text
