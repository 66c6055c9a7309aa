"""Suggestions on the pages: chips with their reason, likely duplicates, hints while one writes, the assistant."""

from __future__ import annotations

from typing import Any

import pytest

from gezhi.lib.actor import Actor
from gezhi.modules.advice import operations as advice
from gezhi.modules.advice.models import SpotWarning
from gezhi.modules.cases.models import Case
from tests.interfaces.visitor import Visitor, as_, text_of
from tests.modules.advice.advised import burst, learned, switched_on
from tests.town import EAST, Town

pytestmark = pytest.mark.django_db


def test_the_form_that_asks_for_a_class_suggests_one(today: Town) -> None:
    number = Case.objects.get(id=today.until("verified", words="供水井盖破损").case).number
    advice.suggest(now=today.now)
    page = as_(today, "acceptor").get(f"/desk/cases/{number}").content.decode()
    assert '<gz-tips class="tips" for="m-file-class"' in page
    assert 'value="C01001" data-key="y"' in page


def test_the_form_that_asks_for_a_unit_says_why(today: Town) -> None:
    learned(today)
    case = today.until("filed").case
    advice.suggest(now=today.now)
    text = text_of(as_(today, "dispatcher").get(f"/desk/cases/{Case.objects.get(id=case).number}"))
    assert "took 120 of 120 cases alike" in text


def typed(visitor: Visitor, path: str, **given: Any) -> str:
    """What comes back while somebody types."""
    response = visitor.post(path, given)
    assert response.status_code == 200, response.status_code
    assert response["Cache-Control"] == "private, no-store"
    return text_of(response)


def test_a_resident_is_told_what_is_known_without_a_number(today: Town) -> None:
    known = today.report(words="路边供水井盖破损很危险", klass="C01001").number
    here = {"lon": str(EAST[0]), "lat": str(EAST[1]), "class": "C01001"}
    told = typed(Visitor(today), "/report/typed", words="路边供水井盖破损很危险", **here)
    assert "Perhaps known already" in told
    assert known not in told
    assert "危险" not in told
    assert "m away" not in told
    assert "Perhaps known already" not in typed(Visitor(today), "/report/typed", words="", **here)
    assert "Perhaps known already" not in typed(Visitor(today), "/report/typed", words="随便写几个字看看有谁", **here)
    staff = typed(as_(today, "acceptor"), "/desk/typed", words="路边供水井盖破损很危险", **here)
    assert known in staff
    foreign = typed(as_(today, "grid.west1"), "/desk/typed", words="路边供水井盖破损很危险", **here)
    assert known not in foreign


def test_chips_and_particulars_while_one_types(today: Town) -> None:
    told = typed(Visitor(today), "/report/typed", words="昨天解放路12号的供水井盖破了，我的电话13912345678")
    assert "Water supply manhole cover" in told
    assert "解放路12号" in told
    assert "13912345678" not in told


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"words": ""},
        {"words": "😀"},
        {"words": "井" * 100_000},
        {"words": "井盖", "lon": "nan", "lat": "1e999"},
        {"words": "井盖", "lon": "200", "lat": "x"},
        {"words": "井盖", "class": "none such"},
        {"words": "\u202e\u200b\x00"},
    ],
)
def test_odd_input_is_answered_with_nothing(today: Town, given: dict[str, str]) -> None:
    assert Visitor(today).post("/report/typed", given).status_code in {200, 400, 422}


def test_the_case_page_asks_what_it_may_be_the_same_as(today: Town) -> None:
    first = today.report(words="路边井盖破损很危险", klass="C01001").number
    today.now += today.step
    second = today.report(words="路边井盖破损很危险", klass="C01001").number
    visitor = as_(today, "acceptor")
    assert f"/desk/cases/{second}/likely" in visitor.get(f"/desk/cases/{second}").content.decode()
    assert first in text_of(visitor.get(f"/desk/cases/{second}/likely"))
    assert text_of(visitor.get(f"/desk/cases/{first}/likely")) == ""
    assert as_(today, "grid.west1").get(f"/desk/cases/{second}/likely").status_code == 404


def test_hints_while_a_reply_is_written(today: Town) -> None:
    number = today.report(words="路灯不亮，什么时候能修好？").number
    visitor = as_(today, "acceptor")
    page = visitor.get(f"/desk/cases/{number}").content.decode()
    assert f'hx-post="/desk/cases/{number}/reply-hints?field=words"' in page
    path = f"/desk/cases/{number}/reply-hints"
    assert "Say what was done." in typed(visitor, path, words="已收悉，感谢您的来电反映。")
    assert typed(visitor, path, words="好") == ""


def test_the_assistant_has_a_button_only_where_it_is_on(today: Town, settings: Any) -> None:
    number, visitor = today.report().number, as_(today, "acceptor")
    path = f"/desk/cases/{number}"
    assert "Writing assistant" not in text_of(visitor.get(path))
    assert visitor.post(f"{path}/drafts", {"purpose": "summary"}).status_code == 503
    settings.GEZHI_ASSISTANT_URL = "http://127.0.0.1:9/v1"
    switched_on(today)
    assert "Writing assistant" in text_of(visitor.get(path))
    asked = visitor.post(f"{path}/drafts", {"purpose": "summary"})
    assert asked.status_code == 200
    assert "Machine-written draft, not checked" in text_of(asked)
    assert visitor.post(f"{path}/drafts", {"purpose": "verdict"}).status_code == 422


def test_hot_spots_and_the_model_card_are_figures(today: Town) -> None:
    visitor = as_(today, "centre.leader")
    assert "Nobody has looked yet" in text_of(visitor.get("/desk/hot-spots"))
    learned(today)
    advice.train(by=Actor.system(), now=today.now)
    advice.look(now=today.now)
    assert "Looked at" in text_of(visitor.get("/desk/hot-spots"))
    assert visitor.get("/desk/hot-spots/points").json()["type"] == "FeatureCollection"
    card = text_of(visitor.get("/desk/models"))
    assert "Put in service" in card
    assert "Calibration error" in card
    assert as_(today, "water.handler").get("/desk/models").status_code == 403


def test_a_notice_leads_to_what_was_warned_of(today: Town) -> None:
    learned(today, 100)
    burst(today, 20)
    advice.look(now=today.now)
    dispatcher = as_(today, "dispatcher")
    notices = dispatcher.get("/desk/notices")
    assert "Early warning" in text_of(notices)
    number = SpotWarning.objects.get().id
    assert f'href="/desk/hot-spots/{number}"' in notices.content.decode()
    for who in ("dispatcher", "street.leader"):
        page = as_(today, who).get(f"/desk/hot-spots/{number}")
        assert "Told for the first time." in text_of(page)
        assert page.content.decode().count("/desk/cases/2") == SpotWarning.objects.get().spot["count"]
        points = as_(today, who).get(f"/desk/hot-spots/points?warning={number}").json()
        assert len(points["features"]) == (SpotWarning.objects.get().spot["lon"] is not None)
    assert as_(today, "street.leader").get("/desk/hot-spots/999999").status_code == 404
    assert as_(today, "acceptor").get(f"/desk/hot-spots/{number}").status_code == 403
