"""The forms of a page, as a browser would see them: where they go, their fields, what the fields hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Input:
    """A field of a form. `kind`: the type of its input, `select` or `textarea`; `choices`: what it offers."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class FoundForm:
    """A form of a page."""

    action: str
    method: str
    inputs: dict[str, Input] = field(default_factory=dict)

    @property
    def has_files(self) -> bool:
        """Does it take files?"""
        return any(one.kind == "file" for one in self.inputs.values())


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[FoundForm] = []
        self.form: FoundForm | None = None
        self.select: Input | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = FoundForm(given.get("action") or self.address, given.get("method", "get").lower())
            self.found.append(self.form)
        elif self.form is None:
            return
        elif tag == "option" and self.select is not None:
            self._offer(self.select, given.get("value", ""), chosen="selected" in given)
        elif tag in {"input", "textarea", "select", "button"} and given.get("name"):
            self._take(tag, given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        assert self.form is not None
        kind = given.get("type", "text") if tag == "input" else tag
        name, value = given["name"], given.get("value", "")
        held = self.form.inputs.setdefault(name, Input(name, kind))
        if kind in {"radio", "checkbox"}:
            self._offer(held, value, chosen="checked" in given)
        else:
            held.value = value
        if tag == "select":
            self.select = held

    def _offer(self, held: Input, value: str, *, chosen: bool) -> None:
        if value:
            held.choices.append(value)
        if chosen:
            held.value = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None


def forms_of(body: str, address: str) -> list[FoundForm]:
    """Every form of the page at this address."""
    reader = _Reader(address)
    reader.feed(body)
    return reader.found
