"""Django behind the bridge gets requests whole and unforged, and no thread is lost to a client that goes away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from gezhi.config.bridge import LARGEST_BODY, Bridge, Message, SenderGone

seen: list[dict[str, Any]] = []


def echo(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answers with what it was given."""
    body = environ["wsgi.input"].read()
    seen.append({**environ, "body": body})
    start_response("200 OK", [("Content-Type", "application/json")])
    kept = {name: environ[name] for name in environ if name.startswith(("HTTP_", "QUERY_", "PATH_", "REMOTE_"))}
    return [json.dumps({**kept, "length": len(body)}).encode()]


def much(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answers with more than any queue holds."""
    start_response("200 OK", [])
    return (b"x" * 10_000 for _ in range(200))


def ask(
    app: Callable[..., Any] = echo,
    *,
    query: bytes = b"",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    body: tuple[Message, ...] = ({"type": "http.request", "body": b"", "more_body": False},),
    fails_after: int | None = None,
) -> tuple[int, bytes]:
    """One request; the status and body that were sent."""
    sent: list[Message] = []

    async def talk() -> None:
        parts = iter(body)

        def receive() -> asyncio.Future[Message]:  # like granian: a future, not a coroutine
            future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
            future.set_result(next(parts, {"type": "http.disconnect"}))
            return future

        async def send(message: Message) -> None:
            if fails_after is not None and len(sent) >= fails_after:
                raise RuntimeError("the connection is closed")
            sent.append(message)

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/格治",
            "root_path": "",
            "query_string": query,
            "headers": headers,
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 4711),
        }
        await asyncio.wait_for(Bridge(app, threads=1)(scope, receive, send), 5)

    asyncio.run(talk())
    status = sent[0]["status"] if sent else 0
    return status, b"".join(message.get("body", b"") for message in sent[1:])


def test_a_body_in_parts_arrives_whole() -> None:
    parts = tuple({"type": "http.request", "body": b"abc", "more_body": more} for more in (True, True, False))
    status, body = ask(body=parts)
    assert (status, json.loads(body)["length"]) == (200, 9)


def test_a_query_that_is_not_ascii_arrives_percent_encoded() -> None:
    _, body = ask(query="q=井盖&x=a%20b+c".encode())
    assert json.loads(body)["QUERY_STRING"] == "q=%E4%BA%95%E7%9B%96&x=a%20b+c"


def test_the_path_arrives_as_wsgi_wants_it() -> None:
    _, body = ask()
    assert json.loads(body)["PATH_INFO"].encode("latin1").decode() == "/格治"


def test_a_header_cannot_pretend_to_be_another() -> None:
    _, body = ask(headers=((b"x_forwarded_proto", b"https"), (b"x-real", b"1")))
    answer = json.loads(body)
    assert "HTTP_X_FORWARDED_PROTO" not in answer
    assert answer["HTTP_X_REAL"] == "1"


def test_a_body_cut_off_is_an_error_and_not_a_shorter_body() -> None:
    seen.clear()
    with pytest.raises(SenderGone):
        ask(body=({"type": "http.request", "body": b"a=1&b=", "more_body": True},))
    assert not seen


def test_a_reader_that_goes_away_does_not_keep_the_thread() -> None:
    status, body = ask(much, fails_after=3)
    assert status == 200
    assert len(body) == 20_000


def test_more_than_the_largest_body_is_refused_unread() -> None:
    seen.clear()
    status, body = ask(headers=((b"content-length", str(LARGEST_BODY + 1).encode()),))
    assert status == 413
    assert "过大" in body.decode()
    assert not seen
