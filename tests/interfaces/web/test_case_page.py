"""The case page: each hand makes its move there, every other hand is refused with a sentence, nothing typed is lost."""

from __future__ import annotations

import html
from typing import Any

import pytest

from gezhi.modules.cases.models import Case
from gezhi.modules.ledger import queries as ledger
from tests.interfaces.visitor import Visitor, as_, hidden, photo, text_of
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


def test_a_text_message_invites_to_rate_and_is_noted_as_sent(today: Town) -> None:
    receipt = today.until("over", reporter=(("name", "李四光"), ("phone", "13900001111")))
    address = f"/desk/cases/{receipt.number}"
    visitor = as_(today, "visitor")
    page = visitor.get(address).content.decode()
    message = html.unescape(page.split('<gz-copy value="')[1].split('"')[0])
    assert receipt.number in message
    assert f"/follow?code={receipt.query_code}&number={receipt.number}" in message
    assert f"查询码{receipt.query_code}" in message
    assert not any(personal in message for personal in ("李四光", "13900001111"))
    assert receipt.query_code not in as_(today, "acceptor").get(address).content.decode()
    sent = visitor.post(f"{address}/moves/text_sent", {"assignment": "visit-1-1"})
    assert sent.status_code == 302
    entry = ledger.entries(f"case:{receipt.case}")[-1]
    assert (entry.body["move"], entry.by) == ("text_sent", today.who("visitor").ref)
    again = visitor.get(address).content.decode()
    assert "data-text-message" not in again
    assert "record_visit" in again  # the visit itself still waits
    assert visitor.post(f"{address}/moves/text_sent", {"assignment": "visit-1-1"}).status_code == 409


def test_a_conflict_shows_the_new_state_and_keeps_what_was_typed(today: Town) -> None:
    receipt = today.until("verifying")
    number = receipt.number
    worker = as_(today, "grid.east1")
    stale = {"revision": "1", "assignment": "", "verdict": "real", "words": "现场看过，属实"}
    refused = worker.post(f"/desk/cases/{number}/moves/verify", stale | {"photos": photo()})
    assert refused.status_code == 409
    said = text_of(refused)
    assert "Somebody else has moved this case" in said
    assert "现场看过，属实" in refused.content.decode()
    assert "1 photo is kept" in said
    again = {"revision": hidden(refused, "revision"), "assignment": "", "verdict": "real", "words": "现场看过，属实"}
    kept = refused.content.decode().split('name="photos_kept" value="')[1].split('"')[0]
    done = worker.post(f"/desk/cases/{number}/moves/verify", again | {"photos_kept": kept})
    assert done.status_code == 302
    assert "现场看过" in text_of(page(worker, number))
    assert Case.objects.get(number=number).attachments.count() == 1


def test_what_was_typed_survives_when_the_move_is_gone(today: Town) -> None:
    receipt = today.until("verifying")
    worker = as_(today, "grid.east1")
    today.act(receipt.case, "grid.east1", "verify", {"verdict": "real"})
    given = {"revision": "3", "assignment": "", "verdict": "real", "words": "晚了一步的说明"}
    refused = worker.post(f"/desk/cases/{receipt.number}/moves/verify", given)
    assert refused.status_code == 409
    assert "晚了一步的说明" in text_of(refused)


def test_photos_of_somebody_else_cannot_be_brought_along(today: Town) -> None:
    from gezhi.interfaces.web import asked

    receipt = today.until("verifying")
    foreign = asked.keep_ids([today.photo()], salt="account:1.1")
    given = {"verdict": "real", "photos_kept": foreign}
    assert make(as_(today, "grid.east1"), receipt.number, "verify", **given).status_code == 302
    assert Case.objects.get(number=receipt.number).attachments.count() == 0


def test_each_field_says_what_it_lacks(today: Town) -> None:
    receipt = today.until("filed")
    refused = make(as_(today, "dispatcher"), receipt.number, "dispatch")
    assert refused.status_code == 422
    assert "Please fill in" in text_of(refused)
    odd = make(as_(today, "dispatcher"), receipt.number, "dispatch", units=["99999999"])
    assert odd.status_code == 422
    assert make(as_(today, "dispatcher"), receipt.number, "dispatch", units=["'; drop table"]).status_code == 422


def test_the_suggested_unit_comes_first(today: Town) -> None:
    receipt = today.until("filed")
    body = page(as_(today, "dispatcher"), receipt.number).content.decode()
    assert body.index("Suggested") < body.index(f'value="{today.unit("roads")}"')
    assert f'<option value="{today.unit("water")}"' in body
    assert body.split(f'<option value="{today.unit("water")}"')[1].split(">")[0].strip().endswith("selected")


def test_the_condition_follows_the_class(today: Town) -> None:
    receipt = today.until("accepted")
    acceptor = as_(today, "acceptor")
    asked_for = {"form": "m-file", "field": "condition", "class_field": "class", "class": "C01001"}
    fragment = acceptor.get("/desk/condition", **asked_for)
    assert fragment.status_code == 200
    assert "<html" not in fragment.content.decode()
    assert "m-file-condition" in fragment.content.decode()
    assert acceptor.get("/desk/condition", form="m-file", field="condition").status_code == 200
    assert page(acceptor, receipt.number).status_code == 200


def test_an_unplaced_case_is_placed_at_the_desk(today: Town) -> None:
    receipt = today.report(at=None, channel="hotline")
    acceptor = as_(today, "acceptor")
    assert "Place unknown" in text_of(page(acceptor, receipt.number))
    nowhere = make(acceptor, receipt.number, "place", lon="2.3", lat="48.8")
    assert nowhere.status_code == 422
    assert "outside the area" in text_of(nowhere)
    assert make(acceptor, receipt.number, "place").status_code == 422
    done = make(acceptor, receipt.number, "place", lon="118.805", lat="32.005", place_address="东门")
    assert done.status_code == 302
    assert Case.objects.get(number=receipt.number).area_id is not None


def test_words_of_others_are_shown_as_words(today: Town) -> None:
    receipt = today.report(words="<script>alert(1)</script><b>粗</b>")
    body = page(as_(today, "acceptor"), receipt.number).content.decode()
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;" in body


@pytest.mark.parametrize("move", ["nothing", "feed_back", "accept"])
def test_moves_that_are_not_there_are_refused(today: Town, move: str) -> None:
    receipt = today.until("filed")
    assert make(as_(today, "acceptor"), receipt.number, move).status_code in {403, 409, 422}


def test_an_assignment_that_is_not_there_is_refused(today: Town) -> None:
    receipt = today.until("handling")
    answer = make(as_(today, "water.handler"), receipt.number, "sign", assignment="handling-99-9")
    assert answer.status_code == 422
    assert "no task" in text_of(answer)


def test_photos_open_for_those_who_may_see_the_case(today: Town) -> None:
    receipt = today.report(photos=(today.photo(),))
    body = page(as_(today, "acceptor"), receipt.number).content.decode()
    address = body[body.index("/files/") :].split('"')[0]
    assert as_(today, "acceptor").client.get(address).status_code == 200
    assert as_(today, "grid.east1").client.get(address).status_code == 200
    for other in ("grid.west1", "water.handler", "system"):
        assert as_(today, other).client.get(address).status_code == 404, other
    assert Visitor(today).client.get(address).status_code == 404


def test_staff_report_what_they_find_or_hear(today: Town) -> None:
    worker = as_(today, "grid.east1")
    form = worker.get("/desk/report")
    given = {"once": hidden(form, "once"), "words": "护栏倒了", "lon": "118.805", "lat": "32.005"}
    assert worker.post("/desk/report", given).status_code == 422
    assert worker.post("/desk/report", given | {"channel": "pigeon"}).status_code == 422
    done = worker.post("/desk/report", given | {"channel": "patrol"})
    assert done.status_code == 302
    case = Case.objects.get()
    assert (case.channel, case.source, case.reported_by) == ("patrol", "desk", today.who("grid.east1").ref)
    assert worker.post("/desk/report", given | {"channel": "patrol"})["Location"] == done["Location"]
    assert case.query_code in text_of(worker.get(done["Location"]))
    assert as_(today, "dispatcher").get("/desk/report").status_code == 403
