"""One port: `/events` answered here, natively; everything else is Django as WSGI in a pool of threads.

Twice the rate of Django under ASGI, and open event streams cost no thread (docs/adr/0003). The bridge, a2wsgi, needs
four things done for it: a real coroutine to receive from, an ASCII query string, headers that cannot pretend to be
other headers, and a body that ends with an error, not silently, when its sender goes away.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware

from gezhi.config.wsgi import application as pages
from gezhi.lib.processes import die_with_parent

from gezhi.config.events import Events  # isort: skip  (needs Django set up, which importing `pages` does)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

THREADS = int(os.environ.get("GEZHI_THREADS", "8"))
LARGEST_BODY = 200_000_000  # bytes: nine photos of 20 MB; single limits are the pages' own

if server := multiprocessing.parent_process():
    die_with_parent(signal.SIGKILL, server.pid)  # a worker left without its server would keep the port

_bridge = WSGIMiddleware(pages, workers=THREADS)
_events = Events()


class SenderGone(OSError):
    """The client went away before its request was complete: nothing of it may be acted on."""


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application granian serves."""
    if scope["type"] == "lifespan":
        await _events.lifespan(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"] == "/events":
        await _events(scope, receive, send)
    elif _declared_length(scope) > LARGEST_BODY:
        await _too_large(send)
    else:
        await _bridge(_tidied(scope), _receiving(receive), _sending(send))  # type: ignore[arg-type]


def _tidied(scope: Scope) -> Scope:
    """Query string as ASCII; no header with an underscore, which WSGI could not tell from one with a hyphen."""
    query: bytes = scope["query_string"]
    if not query.isascii():
        query = quote_from_bytes(query, safe="=&%+;/?:@!$'()*,").encode()
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    return {**scope, "query_string": query, "headers": headers}


def _receiving(receive: Receive) -> Receive:
    complete = False

    async def received() -> MutableMapping[str, Any]:
        nonlocal complete
        message = await receive()
        if message["type"] == "http.disconnect" and not complete:
            raise SenderGone("The client went away while sending.")
        complete = not message.get("more_body", False)
        return message

    return received


def _sending(send: Send) -> Send:
    """Send until the client is gone, then drop the rest: a failing sender would leave its thread waiting for ever."""
    gone = False

    async def sent(message: MutableMapping[str, Any]) -> None:
        nonlocal gone
        if gone:
            return
        try:
            await send(message)
        except Exception:
            gone = True

    return sent


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name.lower() == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def _too_large(send: Send) -> None:
    sentence = "提交的内容过大，请减少照片后重试。 The submission is too large: send fewer or smaller photos.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})
