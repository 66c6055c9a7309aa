"""The writing assistant against a stand-in server: off by default, masked, marked, never in anybody's way."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from gezhi.lib.errors import BadInput, NotThere, Unavailable, WrongState
from gezhi.modules.advice import assistant
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.switches import scenarios
from tests.modules.advice.advised import APPROVER, switched_on
from tests.town import Town

pytestmark = pytest.mark.django_db


class StandIn(HTTPServer):
    """Speaks OpenAI's chat protocol: keeps what it was asked, answers `says`."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.says: bytes = json.dumps({"choices": [{"message": {"content": "已更换井盖。"}}]}).encode()
        self.status = 200
        super().__init__(("127.0.0.1", 0), Answers)


class Answers(BaseHTTPRequestHandler):
    """One request to the stand-in."""

    server: StandIn

    def do_POST(self) -> None:
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.keys.append(self.headers["Authorization"])
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.says)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def stand_in(settings: Any) -> Iterator[StandIn]:
    """The stand-in, configured as the owner's endpoint."""
    server = StandIn()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.GEZHI_ASSISTANT_URL = f"http://127.0.0.1:{server.server_port}/v1"
    settings.GEZHI_ASSISTANT_MODEL, settings.GEZHI_ASSISTANT_KEY = "local-7b", "k"
    yield server
    server.shutdown()
    server.server_close()


def test_off_by_default_and_without_the_switch(town: Town, stand_in: StandIn, settings: Any) -> None:
    number, who = town.report().number, town.who("acceptor")
    with pytest.raises(Unavailable):
        assistant.ask(number=number, purpose="summary", by=who, now=town.now)
    switched_on(town)
    assert assistant.is_on(now=town.now)
    settings.GEZHI_ASSISTANT_URL = ""
    assert not assistant.is_on(now=town.now)
    assert stand_in.asked == []


def test_a_draft_is_asked_for_written_once_and_marked(town: Town, stand_in: StandIn) -> None:
    switched_on(town)
    number, who = town.report(words="井盖破损，请联系我").number, town.who("acceptor")
    draft = assistant.ask(number=number, purpose="reply", by=who, now=town.now)
    with pytest.raises(WrongState):
        assistant.ask(number=number, purpose="reply", by=who, now=town.now)
    assert assistant.draft(number=draft, by=who, now=town.now).waits
    assert assistant.write(number=draft, now=town.now)
    assert not assistant.write(number=draft, now=town.now)
    view = assistant.draft(number=draft, by=who, now=town.now)
    assert (view.state, view.text, view.model_name) == ("written", "已更换井盖。", "local-7b")
    assert len(stand_in.asked) == 1
    assert stand_in.keys == ["Bearer k"]
    with pytest.raises(NotThere):
        assistant.draft(number=draft, by=town.who("dispatcher"), now=town.now)
    kinds = [entry.kind for entry in ledger.entries(f"draft:{draft}")]
    assert kinds == ["draft.asked", "draft.written"]
    assert len(ledger.entries(f"draft:{draft}")[1].body["sent"]) == 64
    assert all("已更换" not in json.dumps(entry.body, ensure_ascii=False) for entry in ledger.entries(f"draft:{draft}"))


def test_numbers_of_persons_are_masked_before_anything_is_sent(town: Town, stand_in: StandIn) -> None:
    from gezhi.modules.cases.models import Case

    switched_on(town)
    receipt = town.report(words="井盖破损")
    Case.objects.filter(id=receipt.case).update(words="井盖破损，电话13912345678，证件320104199001011234")
    draft = assistant.ask(number=receipt.number, purpose="summary", by=town.who("acceptor"), now=town.now)
    assistant.write(number=draft, now=town.now)
    sent = json.dumps(stand_in.asked, ensure_ascii=False)
    assert "井盖破损" in sent
    assert "13912345678" not in sent
    assert "320104199001011234" not in sent


@pytest.mark.parametrize(
    ("status", "says"),
    [(500, b"{}"), (200, b"not json"), (200, b'{"choices": []}'), (200, b'{"choices":[{"message":{"content":" "}}]}')],
)
def test_an_endpoint_that_fails_is_told_and_nothing_stands_still(
    town: Town, stand_in: StandIn, status: int, says: bytes
) -> None:
    switched_on(town)
    stand_in.status, stand_in.says = status, says
    who = town.who("acceptor")
    draft = assistant.ask(number=town.report().number, purpose="summary", by=who, now=town.now)
    assert not assistant.write(number=draft, now=town.now)
    view = assistant.draft(number=draft, by=who, now=town.now)
    assert (view.state, view.text) == ("failed", "")
    assert view.failure


def test_what_cannot_be_asked_for(town: Town, stand_in: StandIn) -> None:
    switched_on(town)
    number = town.report(at=None).number
    with pytest.raises(BadInput):
        assistant.ask(number=number, purpose="verdict", by=town.who("acceptor"), now=town.now)
    with pytest.raises(NotThere):
        assistant.ask(number=number, purpose="summary", by=town.who("grid.west1"), now=town.now)


def test_a_switch_that_is_turned_off_sends_nothing_more(town: Town, stand_in: StandIn) -> None:
    switched_on(town)
    who = town.who("acceptor")
    draft = assistant.ask(number=town.report().number, purpose="summary", by=who, now=town.now)
    scenarios.turn_off(key="assistant", by=APPROVER, now=town.now)
    assert not assistant.write(number=draft, now=town.now)
    assert stand_in.asked == []


def test_a_draft_nobody_wrote_is_given_up_and_asked_for_again(town: Town, stand_in: StandIn) -> None:
    switched_on(town)
    who, number = town.who("acceptor"), town.report().number
    first = assistant.ask(number=number, purpose="summary", by=who, now=town.now)
    later = town.now + timedelta(minutes=6)
    assert assistant.draft(number=first, by=who, now=later).state == "failed"
    assert assistant.ask(number=number, purpose="summary", by=who, now=later) != first
    assert assistant.expire(now=town.now + timedelta(days=31)) == 2


def test_nothing_is_followed_elsewhere(town: Town, stand_in: StandIn) -> None:
    switched_on(town)
    stand_in.status = 302
    who = town.who("acceptor")
    draft = assistant.ask(number=town.report().number, purpose="summary", by=who, now=town.now)
    assert not assistant.write(number=draft, now=town.now)
    assert len(stand_in.asked) == 1
