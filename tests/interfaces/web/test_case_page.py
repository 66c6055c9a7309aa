"""The case page: each hand makes its move there, every other hand is refused with a sentence, nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from gezhi.modules.cases.models import Case
from tests.interfaces.visitor import Visitor, as_, photo, text_of
from tests.town import Town

pytestmark = pytest.mark.django_db
ROLES = ("acceptor", "dispatcher", "water.handler", "water.leader", "grid.east1", "grid.west1")


def page(visitor: Visitor, number: str) -> Any:
    """The case page."""
    return visitor.get(f"/desk/cases/{number}")


def make(visitor: Visitor, number: str, move: str, **given: Any) -> Any:
    """A move with the state the case is in now."""
    case = Case.objects.get(number=number)
    base = {"revision": case.revision, "assignment": ""}
    made = {name: value() if callable(value) else value for name, value in given.items()}
    return visitor.post(f"/desk/cases/{number}/moves/{move}", base | made)


def road(town: Town) -> list[tuple[str, str, dict[str, Any]]]:
    """Who makes which move with what, as forms send it."""
    return [
        ("acceptor", "accept", {}),
        ("acceptor", "ask_to_verify", {}),
        ("grid.east1", "verify", {"verdict": "real"}),
        ("acceptor", "file", {"class": "C01001", "condition": "缺失或破损"}),
        ("dispatcher", "dispatch", {"units": [str(town.unit("water"))]}),
        ("water.handler", "sign", {}),
        ("water.handler", "finish", {"after": photo, "words": "已更换井盖"}),
        ("water.leader", "confirm", {}),
        ("grid.east1", "pass_check", {"photos": photo}),
        ("acceptor", "close", {}),
    ]


def test_the_whole_loop_by_pages(today: Town) -> None:
    number = today.report().number
    people = {name: as_(today, name) for name in ROLES}
    for who, move, given in road(today):
        case = Case.objects.get(number=number)
        task = {"assignment": today.task(case.id)} if move in {"sign", "finish", "confirm"} else {}
        shown = page(people[who], number)
        assert shown.status_code == 200
        assert f"/moves/{move}" in shown.content.decode(), (move, text_of(shown))
        for other in ROLES:
            if other == who or (move in {"sign", "finish"} and other == "water.leader"):
                continue
            refused = make(people[other], number, move, **(given | task))
            assert refused.status_code in {403, 404, 409}, (other, move, refused.status_code)
        assert Case.objects.get(number=number).revision == case.revision
        done = make(people[who], number, move, **(given | task))
        assert done.status_code == 302, (move, text_of(done))
    assert Case.objects.get(number=number).stage == "closed"
    told = text_of(page(people["acceptor"], number))
    assert "已更换井盖" in told
    assert "The trace is intact" in told
