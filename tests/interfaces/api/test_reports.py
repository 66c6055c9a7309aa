"""Reporting by program: what is taken, what is refused and how, that nothing comes twice and nothing leaks."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gezhi.interfaces.api import throttle
from gezhi.modules.cases.models import Attachment, Case
from gezhi.modules.switches import vault
from tests.interfaces.api.conftest import Program
from tests.town import EAST, Town, jpeg

pytestmark = pytest.mark.django_db
HERE = {"lon": EAST[0], "lat": EAST[1], "crs": "CGCS2000"}


def error(response: Any) -> dict[str, Any]:
    """What a refusal says."""
    return response.json()["error"]  # type: ignore[no-any-return]


def test_anybody_reports_and_follows(anybody: Program) -> None:
    taken = anybody.post("reports", {"words": "井盖破损", "class": "暴露垃圾", "place": HERE})
    assert taken.status_code == 201
    receipt = taken.json()
    assert receipt["created"] is True
    case = Case.objects.get(number=receipt["number"])
    assert (case.source, case.channel, case.klass.code) == ("public", "resident", "06001")
    followed = anybody.get(f"reports/{receipt['number']}", code=receipt["code"]).json()
    assert (followed["stage"]["key"], followed["ended"], followed["moves"]) == ("reported", False, ["withdraw"])
    assert receipt["follow"].endswith(f"/api/v1/reports/{receipt['number']}")


def test_the_same_report_twice_is_one_case(anybody: Program) -> None:
    given = {"words": "井盖破损", "source_id": str(uuid.uuid4())}
    first, second = anybody.post("reports", given), anybody.post("reports", given)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == {**first.json(), "created": False}
    assert Case.objects.count() == 1


def test_without_a_key_ids_cannot_be_guessed(anybody: Program) -> None:
    refused = anybody.post("reports", {"words": "x", "source_id": "1"})
    assert (refused.status_code, error(refused)["field"]) == (422, "source_id")
    assert anybody.post("reports", {"words": "x", "channel": "hotline"}).status_code == 403


def test_a_program_with_a_key_reports_under_its_source(today: Town) -> None:
    hotline = Program(today, "acceptor", source="12345")
    given = {"words": "路灯不亮", "source_id": "A-17", "channel": "hotline", "place": HERE}
    assert hotline.post("reports", given).status_code == 201
    assert hotline.post("reports", given).status_code == 200
    case = Case.objects.get()
    assert (case.source, case.source_id, case.channel) == ("key/12345", "A-17", "hotline")
    another = Program(today, "grid.east1", source="other")
    assert another.post("reports", given).status_code == 201
    stranger = Program(today, "water.handler", source="third")
    refused = stranger.post("reports", given | {"channel": "department"})
    assert refused.status_code == 403


def test_personal_values_go_to_the_vault(anybody: Program) -> None:
    person = {"name": "司马相如", "phone": "13912345678"}
    receipt = anybody.post("reports", {"words": "路灯不亮，请联系 13912345678", "reporter": person}).json()
    case = Case.objects.get(number=receipt["number"])
    assert "13912345678" not in case.words
    assert vault.find("name", "司马相如") == [case.reporter]
    shown = anybody.get(f"reports/{receipt['number']}", code=receipt["code"]).content.decode()
    assert "司马" not in shown


def test_photos_are_uploaded_first(anybody: Program) -> None:
    sent = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    stored = anybody.client.post("/api/v1/photos", {"photo": sent})
    assert stored.status_code == 201
    receipt = anybody.post("reports", {"photos": [stored.json()["id"]]}).json()
    assert Attachment.objects.get(case__number=receipt["number"]).file.sha256 == stored.json()["id"]
    unknown = anybody.post("reports", {"photos": ["0" * 64]})
    assert (unknown.status_code, error(unknown)["field"]) == (422, "photos")


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [(b"no photo at all", 422, "not a photo"), (b"", 422, "empty"), (b"x" * (20 * 1024 * 1024 + 1), 413, "20 MB")],
)
def test_what_is_no_photo_is_refused(anybody: Program, content: bytes, status: int, told: str) -> None:
    refused = anybody.client.post("/api/v1/photos", {"photo": SimpleUploadedFile("a.jpg", content, "image/jpeg")})
    assert refused.status_code == status
    assert told in error(refused)["sentence"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "words"),
        ({"words": "x" * 5001}, "words"),
        ({"words": "a\0b"}, "words"),
        ({"words": "x", "class": "没有这一类"}, "class"),
        ({"words": "x", "photos": ["a"] * 3}, "photos.0"),
        ({"words": "x", "photos": ["0" * 64] * 20}, "photos"),
        ({"words": "x", "place": {"lon": 0, "lat": 0}}, "place"),
        ({"words": "x", "place": {"lon": 118.8}}, "place"),
        ({"words": "x", "place": {"lon": 1e999, "lat": 2}}, "place.lon"),
        ({"words": "x", "place": {"lon": 1, "lat": 2, "crs": "EPSG:0"}}, "crs"),
        ({"words": "x", "place": {"area": "nowhere"}}, "area_code"),
        ({"words": "x", "wordz": "x"}, "wordz"),
        ({"words": "x", "reporter": {"phone": "1" * 60}}, "reporter.phone"),
    ],
)
def test_bad_input_names_its_field_and_stores_nothing(anybody: Program, given: dict[str, Any], field: str) -> None:
    refused = anybody.post("reports", given)
    assert refused.status_code == 422
    said = error(refused)
    assert field in {problem["field"] for problem in said["problems"]}
    assert said["sentence"]
    assert Case.objects.count() == 0


@pytest.mark.parametrize("body", ["", "{", "[]", "nul", '"\ud800"'.encode("utf-8", "surrogatepass"), b"\xff\xfe"])
def test_a_body_that_is_not_json_is_a_sentence(anybody: Program, body: str | bytes) -> None:
    refused = anybody.post("reports", body)
    assert refused.status_code in {400, 422}
    assert error(refused)["sentence"]


def test_wrong_codes_are_not_there_and_are_counted(anybody: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = anybody.post("reports", {"words": "井盖破损"}).json()
    monkeypatch.setattr(throttle.guesses, "share", 3)
    statuses = [anybody.get(f"reports/{receipt['number']}", code="AAAAAAAA").status_code for _n in range(5)]
    assert statuses == [404, 404, 404, 429, 429]


def test_whoever_sends_too_much_waits(anybody: Program, today: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle.reports, "share", 2)
    statuses = [anybody.post("reports", {"words": "井盖破损"}).status_code for _n in range(4)]
    assert statuses == [201, 201, 429, 429]
    assert Program(today, "acceptor").post("reports", {"words": "井盖破损"}).status_code == 201


def test_the_reporter_withdraws(anybody: Program) -> None:
    receipt = anybody.post("reports", {"words": "井盖破损"}).json()
    asked = f"reports/{receipt['number']}/moves"
    assert anybody.post(asked, {"code": "WRONG", "move": "withdraw"}).status_code == 404
    assert anybody.post(asked, {"code": receipt["code"], "move": "accept"}).status_code == 403
    done = anybody.post(asked, {"code": receipt["code"], "move": "withdraw", "inputs": {"words": "弄错了"}})
    assert (done.status_code, done.json()["stage"]["key"]) == (200, "void")
    again = anybody.post(asked, {"code": receipt["code"], "move": "withdraw"})
    assert again.status_code == 409


def test_refusals_speak_the_language_asked_for(today: Town) -> None:
    chinese = error(Program(today, language="zh-hans").post("reports", {}))["sentence"]
    english = error(Program(today, language="en").post("reports", {}))["sentence"]
    assert chinese != english
    assert english == "Please say what is wrong: a few words, a photo or a kind of problem."


def test_the_code_of_what_staff_reported_gives_no_hand_of_theirs(anybody: Program, today: Town) -> None:
    """Number and code stand for a resident; nobody acts in the name of an account without signing in."""
    receipt = today.report(channel="patrol", by=today.who("grid.east1"))
    refused = anybody.post(f"reports/{receipt.number}/moves", {"code": receipt.query_code, "move": "withdraw"})
    assert refused.status_code == 404
    assert error(refused)["sentence"]
    assert today.view(receipt.case).row.stage == "at_grid"


def test_what_the_house_settles_with_itself_is_not_among_the_steps(anybody: Program, today: Town) -> None:
    receipt = today.until("signed")
    asked = {"longer": "1 work_days", "reason": "materials"}
    today.act(receipt.case, "water.leader", "ask_extension", asked, assignment="handling-1-1")
    today.act(receipt.case, "dispatcher", "grant_extension", {"longer": "1 work_days"}, assignment="extension-1-1")
    today.act(receipt.case, "dispatcher", "mark_hard", {"words": "产权不清"})
    steps = anybody.get(f"reports/{receipt.number}", code=receipt.query_code).json()["steps"]
    titles = [one["title"] for one in steps]
    assert titles == ["Reported", "Accept", "Ask to verify", "Verify", "File", "Dispatch", "Sign"]
