"""A plain HTTP client with cookies, from an address of one's own: no browser, nothing that hides what is sent."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart


@dataclass
class Answer:
    """Status, body, where it leads."""

    status: int
    body: str
    location: str = ""

    def hidden(self, name: str) -> str:
        """The value of the first hidden input of this name."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.body)
        assert found, f"no {name} on the page"
        return found[1]


@dataclass
class Wire:
    """Somebody at a network address, with what their browser would tell."""

    port: int
    address: str
    agent: str
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request. Raises OSError where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(self.address, 0))
        told = {
            "User-Agent": self.agent,
            "Accept-Language": "zh-CN",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, quote(path, safe="/?&=%"), body, told)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return Answer(answer.status, answer.read().decode("utf-8", "replace"), answer.headers.get("Location", ""))
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        """A page."""
        return self.send("GET", path)

    def post(self, path: str, given: Mapping[str, Any]) -> Answer:
        """A form, with this session's CSRF token."""
        body = encode_multipart(BOUNDARY, {**given, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
        return self.send("POST", path, body, Content_Type=MULTIPART_CONTENT)

    def json(self, path: str, given: Any) -> Answer:
        """A body for the API; a text is sent as it is."""
        body = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
        return self.send("POST", path, body.encode(), Content_Type="application/json")
