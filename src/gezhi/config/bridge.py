"""A WSGI application under an ASGI server, through a2wsgi, with that bridge's faults mended.

It needs four things done for it: a real coroutine to receive from (granian's is a future), an ASCII query string,
headers that cannot pretend to be other headers, and a body that ends with an error, not silently, when its sender goes
away. And one done against it: a reader that goes away must not keep its thread waiting.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LARGEST_BODY = 200_000_000  # bytes: nine photos of 20 MB and room to spare; smaller limits are the pages' own
_QUERY_SAFE = "=&%+;/?:@!$'()*,-._~"
_TOO_LARGE = "提交的内容过大，请减少照片后重试。 The submission is too large: send fewer or smaller photos.\n"


class SenderGone(OSError):
    """The client went away before its request was complete: nothing of it may be acted on."""


class Bridge:
    """The ASGI application that runs `wsgi` in `threads` threads."""

    def __init__(self, wsgi: Callable[..., Any], *, threads: int) -> None:
        self._wsgi: Any = WSGIMiddleware(wsgi, workers=threads)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; 413 without reading it if it says that it is larger than LARGEST_BODY."""
        if _declared_length(scope) > LARGEST_BODY:
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": _TOO_LARGE.encode()})
        else:
            await self._wsgi(_tidied(scope), _receiving(receive), _sending(send))


def _tidied(scope: Message) -> Message:
    """Query string as ASCII; no header with an underscore, which WSGI could not tell from one with a hyphen."""
    query: bytes = scope["query_string"]
    if not query.isascii():
        query = quote_from_bytes(query, safe=_QUERY_SAFE).encode()
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    return {**scope, "query_string": query, "headers": headers}


def _receiving(receive: Receive) -> Receive:
    complete = False

    async def received() -> Message:
        nonlocal complete
        message = await receive()
        if message["type"] == "http.disconnect" and not complete:
            raise SenderGone("The client went away while sending.")
        complete = not message.get("more_body", False)
        return message

    return received


def _sending(send: Send) -> Send:
    """Send until the reader is gone, then drop the rest: a failing sender would leave its thread waiting for ever."""
    gone = False

    async def sent(message: Message) -> None:
        nonlocal gone
        if not gone:
            try:
                await send(message)
            except Exception:  # whatever a server raises for a closed connection
                gone = True

    return sent


def _declared_length(scope: Message) -> int:
    for name, value in scope["headers"]:
        if name.lower() == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
