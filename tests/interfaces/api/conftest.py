"""For tests of the API: nobody is throttled unless a test says so, and programs with keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from gezhi.interfaces.api import throttle
from gezhi.lib.actor import Actor
from gezhi.modules.people import queries as people
from gezhi.modules.people import tokens
from tests.town import Town


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Buckets that never run dry."""
    for buckets in (throttle.reports, throttle.uploads, throttle.guesses):
        buckets.forget()
        monkeypatch.setattr(buckets, "share", 10**9)
    yield
    for buckets in (throttle.reports, throttle.uploads, throttle.guesses):
        buckets.forget()


class Program:
    """Somebody else's program in front of the API; `username` gives it a key that acts as that account."""

    def __init__(self, town: Town, username: str = "", *, source: str = "", language: str = "en") -> None:
        self.town = town
        headers = {"accept-language": language}
        if username:
            account = people.account_named(username)
            assert account is not None
            made = tokens.create(
                account_id=account.id,
                label="a test",
                source=source or f"{username}.program",
                days=30,
                by=Actor.system(),
                now=town.now,
            )
            self.token, self.secret = made
            headers["authorization"] = f"Bearer {self.secret}"
        self.client = Client(headers=headers, raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        """GET /api/v1/PATH."""
        return self.client.get(f"/api/v1/{path}", query or None)

    def post(self, path: str, given: Any = None) -> Any:
        """POST JSON to /api/v1/PATH."""
        body = given if isinstance(given, str | bytes) else json.dumps({} if given is None else given)
        return self.client.post(f"/api/v1/{path}", body, content_type="application/json")


@pytest.fixture
def anybody(today: Town) -> Program:
    """A program without a key."""
    return Program(today)


@pytest.fixture
def acceptor(today: Town) -> Program:
    """A program that acts as the acceptor."""
    return Program(today, "acceptor")
