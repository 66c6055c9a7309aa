"""Live events reach those they are for, say nothing but their topic, and never hold a slow reader's past."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from gezhi.config import events
from gezhi.config.events import BACKLOG, Events, Stream
from gezhi.lib.actor import Actor, HeldPost

ACCEPTOR = Actor("account:12", 12, (HeldPost("acceptor", organisation=3),))
LEADER = Actor("account:13", 13, (HeldPost("grid_leader", area=7), HeldPost("checker", organisation=4)))


@pytest.mark.parametrize(
    ("event", "acceptor", "leader"),
    [
        ({}, True, True),
        ({"account": 12}, True, False),
        ({"organisation": 3}, True, False),
        ({"organisation": 3, "post": "acceptor"}, True, False),
        ({"organisation": 3, "post": "checker"}, False, False),
        ({"organisation": 4, "post": "checker"}, False, True),
        ({"area": 7, "post": "grid_leader"}, False, True),
        ({"area": 7, "post": "checker"}, False, False),
        ({"area": 3}, False, False),
        ({"post": "acceptor"}, True, False),
    ],
)
def test_who_an_event_is_for(event: dict[str, Any], acceptor: bool, leader: bool) -> None:
    assert (Stream(ACCEPTOR).is_for(event), Stream(LEADER).is_for(event)) == (acceptor, leader)


def waiting(stream: Stream) -> list[str | None]:
    found = []
    while not stream.waiting.empty():
        found.append(stream.waiting.get_nowait())
    return found


def test_a_stream_gets_the_topic_and_nothing_else() -> None:
    served, one, other = Events(), Stream(ACCEPTOR), Stream(LEADER)
    served.streams = {one, other}
    served.pass_on(json.dumps({"topic": "notices", "account": 12, "name": "never"}))
    served.pass_on(json.dumps({"topic": "queues"}))
    assert (waiting(one), waiting(other)) == (["notices", "queues"], ["queues"])


@pytest.mark.parametrize("payload", ["", "no json", "[]", "{}", '{"topic": 3}', '{"topic": "a\\n\\ndata: b"}', "null"])
def test_a_payload_that_is_none_of_ours_reaches_nobody(payload: str) -> None:
    served, one = Events(), Stream(ACCEPTOR)
    served.streams = {one}
    served.pass_on(payload)
    assert waiting(one) == []


def test_a_slow_reader_is_told_to_look_once_for_all_it_missed() -> None:
    stream = Stream(ACCEPTOR)
    for _ in range(BACKLOG + 1):
        stream.offer("queues")
    assert waiting(stream) == ["look", "queues"]


def scope(method: str = "GET", cookie: str = "") -> dict[str, Any]:
    headers = [(b"cookie", cookie.encode())] if cookie else []
    return {"type": "http", "method": method, "path": "/events", "query_string": b"", "headers": headers}


def talk(served: Events, asked: dict[str, Any], until: int = 3) -> tuple[int, bytes]:
    """Ask, take up to `until` messages, go away; the status and what came."""

    async def conversation() -> list[Any]:
        sent: list[Any] = []
        enough = asyncio.Event()

        async def receive() -> dict[str, str]:
            await enough.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            if len(sent) == 2:
                served.pass_on('{"topic": "queues"}')
            if len(sent) >= until:
                enough.set()

        await asyncio.wait_for(served(asked, receive, send), 10)
        if served.listener:
            served.listener.cancel()
        return sent

    sent = asyncio.run(conversation())
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize(("asked", "status"), [(scope("POST"), 405), (scope(), 401)])
def test_who_is_turned_away(asked: dict[str, Any], status: int) -> None:
    assert talk(Events(), asked)[0] == status


def test_a_person_with_a_session_gets_a_stream_that_ends_with_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "person_of_session", {"abc": ACCEPTOR}.get)
    served = Events()
    status, body = talk(served, scope(cookie="sessionid=abc"))
    assert (status, body) == (200, b"retry: 3000\n: hello\n\ndata: queues\n\n")
    assert not served.streams


def test_a_session_that_is_nobodys_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "person_of_session", {"abc": ACCEPTOR}.get)
    assert talk(Events(), scope(cookie="sessionid=other"))[0] == 401


def test_streams_end_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "person_of_session", {"abc": ACCEPTOR}.get)
    served = Events()
    monkeypatch.setattr(served, "pass_on", lambda payload: served.end_streams())
    status, _ = talk(served, scope(cookie="sessionid=abc"), until=99)
    assert status == 200
    assert talk(served, scope(cookie="sessionid=abc"))[0] == 503
