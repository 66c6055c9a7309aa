"""Orders by telephone: the caller's own earlier orders, written down or answered at once, nothing half stored."""

from __future__ import annotations

from typing import Any

import pytest

from gezhi.modules.cases.models import Case
from gezhi.modules.ledger import queries as ledger
from tests.interfaces.visitor import Visitor, as_, hidden, text_of
from tests.town import Town

pytestmark = pytest.mark.django_db
PHONE = "025-1234 5678"


def call(visitor: Visitor, do: str = "register", **given: str) -> Any:
    once = hidden(visitor.get("/desk/call"), "once")
    base = {"once": once, "do": do, "words": "路灯不亮", "phone": PHONE, "name": "周先生"}
    return visitor.post("/desk/call", base | given)


def test_an_order_is_taken_down_on_the_hotline(today: Town) -> None:
    operator = as_(today, "acceptor")
    done = call(operator, lon="118.805", lat="32.005", place_address="东门")
    assert done.status_code == 302, text_of(done)
    case = Case.objects.get()
    assert (case.channel, case.words, case.address, case.stage) == ("hotline", "路灯不亮", "东门", "reported")
    assert case.reporter is not None
    assert case.query_code in text_of(operator.get(done["Location"]))


def test_sent_twice_it_is_one_order(today: Town) -> None:
    operator = as_(today, "acceptor")
    once = hidden(operator.get("/desk/call"), "once")
    given = {"once": once, "do": "register", "words": "路灯不亮"}
    assert operator.post("/desk/call", given)["Location"] == operator.post("/desk/call", given)["Location"]
    assert Case.objects.count() == 1


def test_an_enquiry_is_answered_and_closed_and_its_caller_may_rate(today: Town) -> None:
    operator = as_(today, "acceptor")
    done = call(operator, "answer", words="请问几点停水", answer="今晚十点至明早五点检修停水")
    assert done.status_code == 302, text_of(done)
    case = Case.objects.get()
    assert (case.stage, case.ended) == ("closed", True)
    assert case.assignments.filter(kind="visit", stage="open").count() == 1
    assert "今晚十点至明早五点" in text_of(operator.get(done["Location"]))


def test_an_answer_needs_words_and_then_nothing_is_stored(today: Town) -> None:
    operator = as_(today, "acceptor")
    refused = call(operator, "answer", answer="  ", words="请问几点停水")
    assert refused.status_code == 422
    assert "Write down the answer you gave." in text_of(refused)
    assert "请问几点停水" in refused.content.decode()
    assert Case.objects.count() == 0
    assert call(operator, words="").status_code == 422
    assert call(operator, lon="2.3", lat="48.8").status_code == 422
    assert call(operator, place_area="99999").status_code == 422
    assert call(operator, words="x" * 1_000_000).status_code in {413, 422}
    assert operator.post("/desk/call", {"words": "x", "once": "nonsense"}).status_code == 422
    assert Case.objects.count() == 0


def test_strange_signs_are_taken_as_they_are(today: Town) -> None:
    operator = as_(today, "acceptor")
    assert call(operator, words="井盖🕳️坏了 \u200b\u202eمرحبا").status_code == 302
    assert "🕳" in Case.objects.get().words


def test_the_callers_own_earlier_orders_and_nobody_elses(today: Town) -> None:
    mine = today.report(words="上次的路灯", reporter=(("phone", "02512345678"),))
    today.report(words="别人的事", reporter=(("phone", "13900002222"),))
    operator = as_(today, "acceptor")
    fragment = operator.post("/desk/call/earlier", {"phone": PHONE})
    assert fragment.status_code == 200
    said = text_of(fragment)
    assert "上次的路灯" in said
    assert "别人的事" not in said
    assert mine.number in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    whole = call(operator, "look", words="正在说的事")
    assert whole.status_code == 200
    assert "上次的路灯" in text_of(whole)
    assert "正在说的事" in whole.content.decode()
    assert Case.objects.count() == 2
    looked = [e.body for e in ledger.entries(today.who("acceptor").ref) if e.kind == "person.looked_up"]
    assert looked == [{"found": 1}, {"found": 1}]
    assert PHONE not in str(looked)


def test_a_part_of_a_number_finds_nobody(today: Town) -> None:
    today.report(reporter=(("phone", "02512345678"),))
    operator = as_(today, "acceptor")
    assert "whole number" in text_of(operator.post("/desk/call/earlier", {"phone": "025"}))
    assert "no earlier orders" in text_of(operator.post("/desk/call/earlier", {"phone": "0251234567"}))


def test_only_who_takes_calls_opens_the_page(today: Town) -> None:
    for who in ("dispatcher", "grid.east1", "water.leader", "visitor", "system"):
        visitor = as_(today, who)
        assert visitor.get("/desk/call").status_code == 403, who
        assert visitor.post("/desk/call/earlier", {"phone": PHONE}).status_code == 403, who
    assert as_(today, "street.clerk").get("/desk/call").status_code == 200


def test_a_street_clerk_writes_down_but_does_not_answer(today: Town) -> None:
    clerk = as_(today, "street.clerk")
    assert "Answer and close" not in text_of(clerk.get("/desk/call"))
    refused = call(clerk, "answer", answer="已答复", lon="118.805", lat="32.005")
    assert refused.status_code == 403
    assert Case.objects.count() == 0


def test_who_may_reveal_sees_on_the_case_what_the_same_person_reported(today: Town) -> None:
    today.report(words="上次的路灯", reporter=(("phone", "02512345678"),))
    now = today.report(words="这次的井盖", reporter=(("phone", "02512345678"),))
    page = text_of(as_(today, "acceptor").get(f"/desk/cases/{now.number}"))
    assert "What the same person reported besides" in page
    assert "What the same person reported besides" not in text_of(
        as_(today, "dispatcher").get(f"/desk/cases/{now.number}")
    )
