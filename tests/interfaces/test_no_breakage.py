"""Nonsense sent to every address, by everybody it is open to: refused with a sentence, never a breakdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern

from gezhi.config import access
from tests.architecture.test_access import World, every_address, furnished
from tests.interfaces.visitor import Visitor, as_, text_of
from tests.town import Town

NAMES = [
    "q",
    "class",
    "area",
    "channel",
    "state",
    "after",
    "before",
    "current",
    "queue",
    "within",
    "subject",
    "by",
    "kind",
    "code",
    "number",
    "move",
    "grade",
    "words",
    "reason",
    "revision",
    "assignment",
    "units",
    "place_area",
    "place_address",
    "lon",
    "lat",
    "verdict",
    "condition",
    "photos",
    "photos_kept",
    "field",
    "why",
    "once",
    "name",
    "phone",
    "username",
    "display_name",
    "post",
    "organisation",
    "rank",
    "since",
    "account",
    "administration",
    "legal_basis",
    "purpose",
    "expires_at",
    "verdict",
    "days",
    "until",
    "old",
    "password",
    "again",
    "next",
    "language",
    "form",
    "class_field",
    "login",
    "in",
    "grid",
    "layer",
    "cards",
    "note",
    "remove",
    "photo",
]
NASTY = (
    "\x00",
    "9" * 40,
    "-1",
    "1e999",
    "nan",
    "'; DROP TABLE cases_case; --",
    "\N{REPLACEMENT CHARACTER}x",
    "<b>%s%(n)d{0}</b>",
    "2026-13-45",
    "\N{RIGHT-TO-LEFT OVERRIDE}文字",
    "a" * 6000,
    "|",
    "../../etc/passwd",
)


def nonsense() -> Iterator[dict[str, Any]]:
    """Forms in which every known field holds the same nonsense, and an empty one."""
    yield {}
    for value in NASTY:
        yield dict.fromkeys(NAMES, value)


@pytest.fixture
def world(today: Town) -> World:
    """Something of everything."""
    return furnished(today)


def addresses(rules: set[str]) -> list[tuple[str, URLPattern]]:
    """Addresses with one of these rules; signing out would end the visit."""
    away = {"account_logout", "own_password"}
    return [(n, p) for n, p in every_address() if access.TABLE[n] in rules and n not in away]


WHO: dict[str, set[str]] = {
    "": {access.PUBLIC, access.OWN},
    "acceptor": {access.DESK, access.REPORT, access.CALLS, access.SIGNED_IN, access.CALLER},
    "grid.east1": {access.DESK},
    "system": {access.SYSTEM, access.ACCOUNTS},
    "security": {access.SECURITY, access.ACCOUNTS},
    "audit": {access.AUDIT},
}


@pytest.mark.parametrize("username", WHO)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("share", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_nonsense_is_refused_with_a_sentence(
    world: World, username: str, method: str, share: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address gets every fourth of the values, another fourth each; all of them in `make test-full`."""
    monkeypatch.setenv("GEZHI_REPORTS_PER_HOUR", "100000")
    monkeypatch.setenv("GEZHI_GUESSES_PER_HOUR", "100000")
    visitor = as_(world.town, username) if username else Visitor(world.town)
    wrong = []
    for turn, (name, pattern) in enumerate(addresses(WHO[username])):
        path = world.address(pattern, name)
        for given in list(nonsense())[turn % share :: share]:
            response = visitor.get(path, **given) if method == "get" else visitor.post(path, given)
            if response.status_code >= 500:
                wrong.append(f"{method} {name} {next(iter(given.values()), '')[:20]!r}: {response.status_code}")
    assert wrong == []


def test_files_where_none_are_expected_do_no_harm(world: World) -> None:
    acceptor = as_(world.town, "acceptor")
    odd = SimpleUploadedFile("../../x\x00.jpg", b"GIF89a", "text/html")
    for name, pattern in addresses({access.DESK, access.REPORT}):
        answer = acceptor.post(world.address(pattern, name), {"photos": odd, "words": odd, "units": odd})
        assert answer.status_code < 500, name


def test_a_body_that_is_no_form_is_refused(world: World) -> None:
    client = Visitor(world.town).client
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "application/json", "text/plain"):
        answer = client.generic("POST", "/report", b"--x\r\nnonsense", content_type=kind)
        assert answer.status_code in {400, 415, 422}, (kind, text_of(answer))


def test_too_many_fields_are_refused(world: World) -> None:
    answer = Visitor(world.town).client.post("/report", {f"field{n}": "x" for n in range(600)})
    assert answer.status_code == 413
