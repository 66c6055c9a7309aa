"""Work on cases by program: the same rights, the same moves, constant queries."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gezhi.lib.actor import Actor
from gezhi.modules.people import tokens
from tests.interfaces.api.conftest import Program
from tests.interfaces.visitor import Visitor, as_
from tests.town import WEST, Town, counted_queries, jpeg

pytestmark = pytest.mark.django_db


def number_of(town: Town, case: int) -> str:
    return town.view(case).row.number


def test_nobody_unknown_looks_inside(anybody: Program, today: Town) -> None:
    number = number_of(today, today.report().case)
    for path in ("queues", "cases", f"cases/{number}", "units", "keys"):
        refused = anybody.get(path)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "not_known"), path
    wrong = Client(headers={"authorization": "Bearer gz_wrong"})
    assert wrong.get("/api/v1/queues").status_code == 401
    assert wrong.post("/api/v1/reports", {"words": "x"}, content_type="application/json").status_code == 401


def test_queues_lists_and_the_case_are_those_of_the_pages(acceptor: Program, today: Town) -> None:
    numbers = [number_of(today, today.report().case) for _n in range(3)]
    today.report(at=None)
    queue = next(q for q in acceptor.get("queues").json() if q["key"] == "event:reported")
    assert (queue["count"], queue["unplaced"]) == (4, 1)
    found, after = [], ""
    while True:
        page = acceptor.get("cases", queue="event:reported", size=2, after=after).json()
        found += [row["number"] for row in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert sorted(found)[:3] == sorted(numbers)
    assert len(found) == len(set(found)) == 4
    one = acceptor.get(f"cases/{numbers[0]}").json()
    assert one["stage"]["key"] == "reported"
    assert {move["move"] for move in one["moves"]} == {"accept", "reject", "merge", "answer_at_once"}
    assert one["story"][0]["kind"] == "case.reported"


def test_foreign_cases_are_not_there(today: Town) -> None:
    east, west = Program(today, "grid.east1"), Program(today, "grid.west1")
    number = number_of(today, today.report(at=WEST).case)
    assert west.get(f"cases/{number}").status_code == 200
    assert east.get(f"cases/{number}").status_code == 404
    assert east.post(f"cases/{number}/moves", {"move": "verify"}).status_code == 404
    assert east.get("cases").json()["items"] == []


def test_a_move_needs_its_hand_its_state_and_its_inputs(today: Town, acceptor: Program) -> None:
    number = number_of(today, today.report().case)
    path = f"cases/{number}/moves"
    assert Program(today, "dispatcher").post(path, {"move": "accept"}).status_code == 403
    assert acceptor.post(path, {"move": "file"}).status_code == 409
    done = acceptor.post(path, {"move": "accept", "revision": 1})
    assert (done.status_code, done.json()["stage"], done.json()["revision"]) == (200, "accepted", 2)
    late = acceptor.post(path, {"move": "reject", "revision": 1})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "conflict")
    missing = acceptor.post(path, {"move": "reject", "inputs": {"reason": "moon"}})
    assert missing.status_code == 422
    assert {problem["field"] for problem in missing.json()["error"]["problems"]} == {"reason", "words"}


def test_photos_of_moves_are_named_by_what_their_upload_gave(today: Town) -> None:
    case = today.until("verifying").case
    worker = Program(today, "grid.east1")
    photo = worker.client.post("/api/v1/photos", {"photo": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")}).json()
    path = f"cases/{number_of(today, case)}/moves"
    for wrong in (["x"], [7], "x", [photo["id"], "0" * 64]):
        refused = worker.post(path, {"move": "verify", "inputs": {"verdict": "real", "photos": wrong}})
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "photos"), wrong
    done = worker.post(path, {"move": "verify", "inputs": {"verdict": "real", "photos": [photo["id"]]}})
    assert done.status_code == 200
    assert worker.get(f"cases/{number_of(today, case)}").json()["story"][-1]["photos"] == [photo["id"]]


def test_numbers_of_queries_do_not_grow_with_rows(acceptor: Program, today: Town) -> None:
    case = today.report().case
    number = number_of(today, case)

    def counts() -> list[int]:
        found = []
        for path in ("queues", "cases", f"cases/{number}", "areas", "classes", "units"):
            with counted_queries() as queries:
                assert acceptor.get(path).status_code == 200
            found.append(len(queries))
        return found

    counts()
    before = counts()
    for _n in range(12):
        today.report()
    today.act(case, "acceptor", "accept")
    assert counts() == before


@pytest.mark.parametrize(
    "query",
    [
        {"queue": "event:moon"},
        {"after": "1"},
        {"after": "2026-01-01T00:00:00+00:00|x"},
        {"size": 0},
        {"size": 10**9},
        {"area": 10**30},
        {"class": "moon"},
        {"words": "a\0"},
        {"late": "perhaps"},
    ],
)
def test_a_list_asked_for_wrongly_is_a_sentence(acceptor: Program, query: dict[str, str]) -> None:
    refused = acceptor.get("cases", **query)
    assert refused.status_code == 422
    assert refused.json()["error"]["problems"]


def test_places_are_public(anybody: Program) -> None:
    assert {c["name"] for c in anybody.get("classes").json()} >= {"暴露垃圾"}
    first = anybody.get("areas", size=2).json()
    second = anybody.get("areas", size=1000, after=first["next"]).json()
    assert second["next"] is None
    assert len({a["id"] for a in first["items"] + second["items"]}) == len(first["items"]) + len(second["items"])
    grids = anybody.get("areas", level="grid", within=first["items"][0]["id"]).json()["items"]
    assert {a["level"] for a in grids} == {"grid"}
    path = anybody.get("areas/locate", lon=118.805, lat=32.005, crs="CGCS2000").json()
    assert [a["level"] for a in path] == ["district", "street", "community", "grid"]
    assert anybody.get("areas/locate", lon=0, lat=0).status_code == 422


def test_a_session_works_too_and_writes_need_its_token(today: Town) -> None:
    number = number_of(today, today.report().case)
    desk = as_(today, "acceptor")
    assert desk.get("/api/v1/queues").status_code == 200
    strict = Visitor(today, "acceptor")
    strict.client.handler.enforce_csrf_checks = True
    path = f"/api/v1/cases/{number}/moves"
    refused = strict.client.post(path, {"move": "accept"}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "csrf")
    strict.client.cookies["csrftoken"] = "a" * 32
    headers = {"x-csrftoken": "a" * 32}
    assert (
        strict.client.post(path, {"move": "accept"}, content_type="application/json", headers=headers).status_code
        == 200
    )


def test_keys_are_made_by_their_account_shown_once_and_withdrawn(today: Town) -> None:
    desk = as_(today, "acceptor")
    made = desk.client.post("/api/v1/keys", {"label": "热线系统", "source": "12345"}, content_type="application/json")
    assert made.status_code == 201
    secret = made.json()["secret"]
    program = Client(headers={"authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/queues").status_code == 200
    assert program.get("/api/v1/keys").status_code == 401
    listed = desk.get("/api/v1/keys").json()
    assert [key["secret"] for key in listed] == [None]
    other = as_(today, "dispatcher")
    assert other.client.delete(f"/api/v1/keys/{listed[0]['id']}").status_code == 404
    assert desk.client.delete(f"/api/v1/keys/{listed[0]['id']}").status_code == 204
    assert program.get("/api/v1/queues").status_code == 401


def test_a_key_runs_out_and_dies_with_its_account(today: Town) -> None:
    program = Program(today, "roads.handler")
    from datetime import timedelta

    assert tokens.of_secret(program.secret, today.now + timedelta(days=29)) is not None
    assert tokens.of_secret(program.secret, today.now + timedelta(days=31)) is None
    from gezhi.modules.people import operations

    operations.deactivate(account_id=program.token.account, by=Actor.system(), now=today.now)
    assert program.get("queues").status_code == 401
