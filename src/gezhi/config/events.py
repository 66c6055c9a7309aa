"""Live events: `/events`, a stream of Server-Sent Events for a person who is logged in.

PostgreSQL's NOTIFY on the channel `gezhi` feeds it; one listening connection per web process serves every stream. A
payload is a JSON object without any personal value: `{"topic": …}` for everybody, or with the one it is for, as in
`{"topic": "notices", "account": 12}`, `{…, "organisation": 3, "post": "acceptor"}`, `{…, "area": 7, "post": …}`.
A stream gets the topic alone, and only of what is for its person: it is a hint to ask again, and `look` says that some
may have been missed. The session is checked once, when the stream opens; a stream ends after half an hour, and the
browser that opens it anew is checked anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, connection, connections
from django.http import HttpRequest
from django.utils import timezone
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from gezhi.interfaces.web.sessions import SessionStore
from gezhi.lib.actor import Actor
from gezhi.modules.territory.queries import actor_for

CHANNEL = "gezhi"
KEEPALIVE = 20.0  # seconds of silence after which a comment is sent, so that proxies keep the stream
LONGEST_STREAM = 1800.0  # seconds
MOST_STREAMS = 2000  # per web process
BACKLOG = 100  # events a slow reader may be behind; then it is told to look again
LOOK = "look"

log = structlog.get_logger(__name__)
Message = MutableMapping[str, Any]


class Stream:
    """One open stream: its person, and the topics that wait for it. None ends it."""

    def __init__(self, person: Actor) -> None:
        self.person = person
        self.waiting: asyncio.Queue[str | None] = asyncio.Queue(BACKLOG)

    def offer(self, topic: str | None) -> None:
        """Queue a topic; where the reader is too slow, let one `look` stand for all it missed."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            self.waiting.put_nowait(LOOK)
        self.waiting.put_nowait(topic)

    def is_for(self, event: Mapping[str, Any]) -> bool:
        """Is the event for this stream's person?"""
        post = event.get("post")
        if "account" in event:
            return bool(event["account"] == self.person.account_id)
        if "organisation" in event:
            return any(p.organisation == event["organisation"] and post in {None, p.post} for p in self.person.posts)
        if "area" in event:
            return any(p.area == event["area"] and post in {None, p.post} for p in self.person.posts)
        return post is None or any(p.post == post for p in self.person.posts)


class Events:
    """The ASGI application of `/events`, and the listener behind it."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.listener: asyncio.Task[None] | None = None
        self.stopping = False

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer one request: a stream, 401 without a session, 405, or 503 when there is no room or no database."""
        response = await self._response(Request(scope))
        with contextlib.suppress(OSError, RuntimeError):  # the reader closed the page
            await response(scope, receive, send)

    async def lifespan(
        self, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Stop listening when the server stops."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.end_streams()
        if self.listener is not None:
            self.listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.listener
        await send({"type": "lifespan.shutdown.complete"})

    def end_streams(self) -> None:
        """No more streams: end those that are open."""
        self.stopping = True
        for stream in self.streams:
            stream.offer(None)

    def _end_with_server(self) -> None:
        """End the streams at the signal to stop: granian waits for open requests before it says that it stops.

        granian's own handler, set on the loop, is called after ours; asyncio has no public way to chain the two.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            theirs = getattr(loop, "_signal_handlers", {}).get(number)
            if theirs is not None:
                loop.add_signal_handler(number, self._ended_by_signal, theirs)

    def _ended_by_signal(self, theirs: asyncio.Handle) -> None:
        self.end_streams()
        theirs._run()

    async def _response(self, request: Request) -> Response:
        if request.method != "GET":
            return PlainTextResponse("GET only\n", status_code=405, headers={"Allow": "GET"})
        if self.stopping or len(self.streams) >= MOST_STREAMS:
            return PlainTextResponse("No room for another stream; try again later.\n", status_code=503)
        key = request.cookies.get(settings.SESSION_COOKIE_NAME)
        try:
            person = await asyncio.to_thread(person_of_session, key) if key else None
        except DatabaseError:
            return PlainTextResponse("The database does not answer; try again later.\n", status_code=503)
        if person is None:
            return PlainTextResponse("Log in first.\n", status_code=401)
        if self.listener is None:
            self._end_with_server()
        if self.listener is None or self.listener.done():
            self.listener = asyncio.create_task(self._listen())
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._frames(Stream(person)), media_type="text/event-stream", headers=headers)

    async def _frames(self, stream: Stream) -> AsyncIterator[str]:
        self.streams.add(stream)
        ends = time.monotonic() + LONGEST_STREAM
        try:
            yield "retry: 3000\n: hello\n\n"
            while time.monotonic() < ends:
                try:
                    topic = await asyncio.wait_for(stream.waiting.get(), KEEPALIVE)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if topic is None:
                    return
                yield f"data: {topic}\n\n"
        finally:
            self.streams.discard(stream)

    async def _listen(self) -> None:
        """Listen for as long as the process lives; after each break, tell every stream to look again."""
        pause = 0.2
        while not self.stopping:
            try:
                async with await psycopg.AsyncConnection.connect(**_connection(), autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    for stream in self.streams:
                        stream.offer(LOOK)
                    pause = 0.2
                    async for notice in listening.notifies():
                        self.pass_on(notice.payload)
            except psycopg.Error as problem:
                log.warning("events.listener", problem=type(problem).__name__)
            await asyncio.sleep(pause)
            pause = min(5.0, pause * 2)

    def pass_on(self, payload: str) -> None:
        """Give a notification to the streams of those it is for."""
        try:
            event = json.loads(payload)
            topic = event["topic"]
        except (ValueError, TypeError, KeyError):
            topic = ""
        if not isinstance(topic, str) or not topic.isidentifier():
            log.warning("events.payload", problem="no topic")
            return
        for stream in self.streams:
            if stream.is_for(event):
                stream.offer(topic)


def person_of_session(key: str) -> Actor | None:
    """The person whose session this is; None if it is nobody's. Gives its connection back."""
    try:
        request = HttpRequest()
        request.session = SessionStore(key)
        account = get_user(request)
        if not account.is_authenticated or not account.is_active:
            return None
        return actor_for(account.pk, on=timezone.localdate())
    finally:
        connections.close_all()


def _connection() -> dict[str, Any]:
    """Django's own connection parameters, for a connection outside its pool."""
    given = connection.get_connection_params()
    own = {"cursor_factory", "context", "prepare_threshold", "client_encoding", "pool"}
    return {key: value for key, value in given.items() if key not in own and value}
