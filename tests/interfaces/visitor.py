"""Somebody in front of the pages: Django's test client with the few things tests of doors say again and again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.town import Town, jpeg

ADMINISTRATORS = {"system", "security", "audit"}


class Visitor:
    """A client that speaks English unless told otherwise; `town` gives the world behind the pages."""

    def __init__(self, town: Town, username: str = "", *, language: str = "en", enrolled: bool = True) -> None:
        self.town = town
        self.client = Client(headers={"accept-language": language}, raise_request_exception=False)
        if username:
            account = get_user_model().objects.get_by_natural_key(username)
            self.client.force_login(account)
            if enrolled and username in ADMINISTRATORS:
                TOTP.activate(account, generate_totp_secret())

    def get(self, path: str, **query: Any) -> Any:
        """GET, without following redirects."""
        return self.client.get(path, query or None)

    def post(self, path: str, given: Mapping[str, Any] | None = None) -> Any:
        """POST as a multipart form, without following redirects."""
        return self.client.post(path, dict(given or {}))


def as_(town: Town, username: str, **more: Any) -> Visitor:
    """Somebody of the town, signed in."""
    return Visitor(town, username, **more)


def photo(name: str = "photo.jpg", colour: tuple[int, int, int] = (20, 90, 160)) -> SimpleUploadedFile:
    """A small photo to upload."""
    return SimpleUploadedFile(name, jpeg(colour), "image/jpeg")


def text_of(response: Any) -> str:
    """What somebody reads on a page: without tags, entities resolved, spaces collapsed."""
    import html

    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def hidden(response: Any, name: str) -> str:
    """The value of the first hidden input of this name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, name
    return found[1]
