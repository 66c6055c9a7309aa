"""Two people on one case: they see each other, and the second to write is shown both versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from gezhi.lib.errors import NotThere
from gezhi.modules.cases import operations
from gezhi.modules.cases.models import Case, Presence
from tests.interfaces.visitor import Visitor, as_, photo, text_of
from tests.town import Town, counted_queries

pytestmark = pytest.mark.django_db


def beside(visitor: Visitor, number: str, **given: str) -> Any:
    return visitor.post(f"/desk/cases/{number}/beside", given)


def test_colleagues_on_the_same_case_see_each_other_by_name_and_post(today: Town) -> None:
    number, other = today.report().number, today.report().number
    acceptor, worker = as_(today, "acceptor"), as_(today, "grid.east1")
    assert text_of(beside(acceptor, number)) == ""
    assert "试受理 (Acceptor) has this case open, too." in text_of(beside(worker, number))
    assert "试东一 (Grid worker) has this case open, too." in text_of(beside(acceptor, number))
    assert text_of(beside(worker, other)) == ""


def test_presence_is_good_for_seconds_and_goes_with_the_page(today: Town) -> None:
    number = today.report().number
    acceptor, worker, now = today.who("acceptor"), today.who("grid.east1"), timezone.now()
    operations.stay(number=number, by=acceptor, now=now)
    assert operations.stay(number=number, by=worker, now=now).accounts == (acceptor.account_id,)
    later = now + timedelta(seconds=16)
    assert operations.stay(number=number, by=worker, now=later).accounts == ()
    assert [one.account for one in Presence.objects.all()] == [worker.account_id]
    assert beside(as_(today, "grid.east1"), number, leave="1").status_code == 204
    assert not Presence.objects.exists()


def test_presence_leaves_no_trace_and_is_for_who_may_see_the_case(today: Town) -> None:
    number = today.report().number
    before = Case.objects.get(number=number).revision
    assert beside(as_(today, "grid.west1"), number).status_code == 404
    assert beside(as_(today, "grid.west1"), number, leave="1").status_code == 404
    assert beside(as_(today, "water.handler"), "20991231000001").status_code == 404
    assert beside(Visitor(today), number).status_code in {302, 403}
    assert as_(today, "acceptor").get(f"/desk/cases/{number}/beside").status_code == 405
    with pytest.raises(NotThere):
        operations.stay(number=number, by=today.who("grid.west1"), now=timezone.now())
    assert Case.objects.get(number=number).revision == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'cases_presence'")
        assert cursor.fetchone() == ("u",)


def test_the_page_says_when_the_case_has_moved(today: Town) -> None:
    receipt = today.report()
    acceptor = as_(today, "acceptor")
    assert text_of(beside(acceptor, receipt.number, revision="1")) == ""
    today.act(receipt.case, "acceptor", "accept")
    said = text_of(beside(acceptor, receipt.number, revision="1"))
    assert "it now stands at “Accepted”" in said
    assert beside(acceptor, receipt.number, revision="x").status_code == 422


def test_asking_costs_little(today: Town) -> None:
    number = today.report().number
    acceptor = as_(today, "acceptor")
    beside(as_(today, "grid.east1"), number)
    beside(acceptor, number)
    with counted_queries() as asked:
        beside(acceptor, number)
    ours = [one for one in asked if "cases_" in one["sql"] or "territory_tenure" in one["sql"]]
    assert len(ours) <= 4, [one["sql"][:80] for one in asked]


def stale(visitor: Visitor, number: str, move: str, revision: int, **given: Any) -> Any:
    return visitor.post(f"/desk/cases/{number}/moves/{move}", {"revision": revision, "assignment": "", **given})


def test_the_second_writer_sees_both_versions_and_sends_again(today: Town) -> None:
    receipt = today.until("filed")
    seen = Case.objects.get(id=receipt.case).revision
    today.act(receipt.case, "acceptor", "split", {"words": "旁边还有一堆垃圾"})
    unit = str(today.unit("roads"))
    answer = stale(as_(today, "dispatcher"), receipt.number, "dispatch", seen, units=[unit], words="请尽快")
    assert answer.status_code == 409
    said, body = text_of(answer), answer.content.decode()
    assert "Done since you opened the page" in said
    assert said.index("旁边还有一堆垃圾") < said.index("What you were about to send: Dispatch")
    assert "Send it again: Dispatch" in said
    assert body.count('id="m-dispatch"') == 1
    assert "请尽快" in body
    assert Case.objects.get(id=receipt.case).stage == "filed"
    assert stale(as_(today, "dispatcher"), receipt.number, "dispatch", seen + 1, units=[unit]).status_code == 302


def test_words_are_kept_where_the_move_is_gone(today: Town) -> None:
    receipt = today.until("filed")
    seen = Case.objects.get(id=receipt.case).revision
    today.act(receipt.case, "dispatcher", "dispatch", {"units": [today.unit("water")]})
    unit = str(today.unit("roads"))
    answer = stale(as_(today, "dispatcher"), receipt.number, "dispatch", seen, units=[unit], words="改由市政办理")
    assert answer.status_code == 409
    said = text_of(answer)
    assert "This is no longer possible in the new state" in said
    assert "改由市政办理" in said
    assert Case.objects.get(id=receipt.case).unit_id == today.unit("water")


def test_photos_and_words_of_a_conflict_are_sent_again_whole(today: Town) -> None:
    receipt = today.until("verifying")
    worker = as_(today, "grid.east1")
    answer = stale(worker, receipt.number, "verify", 1, verdict="real", words="属实", photos=photo())
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "1 photo is kept" in text_of(answer)
    kept = body.split('name="photos_kept" value="')[1].split('"')[0]
    again = stale(worker, receipt.number, "verify", 3, verdict="real", words="属实", photos_kept=kept)
    assert again.status_code == 302


def test_units_beside_each_other_are_no_conflict(today: Town) -> None:
    """Two units sign at the same moment: each writes on its own task only."""
    receipt = today.until("filed")
    units = [today.unit("water"), today.unit("roads")]
    today.act(receipt.case, "dispatcher", "dispatch", {"units": units})
    seen = Case.objects.get(id=receipt.case).revision
    water, roads = ("water.handler", "handling-1-1"), ("roads.handler", "handling-1-2")
    for who, task in (water, roads):
        done = stale(as_(today, who), receipt.number, "sign", seen, assignment=task)
        assert done.status_code == 302, text_of(done)
    twice = stale(as_(today, "water.leader"), receipt.number, "sign", seen, assignment=water[1])
    assert twice.status_code == 409
    assert "somebody else has moved this case" in text_of(twice).casefold()


def test_a_whole_case_moved_on_is_a_conflict_for_its_tasks(today: Town) -> None:
    receipt = today.until("signed")
    seen = Case.objects.get(id=receipt.case).revision
    today.act(receipt.case, "street.leader", "supervise", {"words": "请今日完成"})
    answer = stale(
        as_(today, "water.handler"), receipt.number, "finish", seen,
        assignment="handling-1-1", words="已更换", after=photo(),
    )  # fmt: skip
    assert answer.status_code == 409
    assert "请今日完成" in text_of(answer)
