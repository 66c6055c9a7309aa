"""Following a report by its code, and rating it: nothing of the house, nothing of a person."""

from __future__ import annotations

import pytest

from gezhi.modules.cases.models import Case
from gezhi.modules.ledger import queries as ledger
from tests.interfaces.visitor import Visitor, text_of
from tests.town import Town


def test_the_code_opens_the_story_without_persons(public: Visitor, today: Town) -> None:
    receipt = today.until("filed", reporter=(("name", "李四光"), ("phone", "13700001111")))
    page = public.get("/follow", code=receipt.query_code)
    assert page.status_code == 200
    said = text_of(page)
    assert receipt.number in said
    for name in ("李四光", "13700001111", today.who("acceptor").ref):
        assert name not in said
    for username in ("acceptor", "grid.east1"):
        from gezhi.modules.people import queries as people

        account = people.account_named(username)
        assert account is not None
        assert account.display_name not in said
    assert "to come" in said


def test_a_wrong_code_is_told_and_guessing_ends(public: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEZHI_GUESSES_PER_HOUR", "3")
    for _n in range(3):
        answer = public.get("/follow", code="ABCDEFGH")
        assert answer.status_code == 404
        assert "No report was found" in text_of(answer)
    assert public.get("/follow", code="ABCDEFGH").status_code == 429


def test_a_receipt_needs_the_code_of_its_number(public: Visitor, today: Town) -> None:
    one, two = today.report(), today.report()
    assert public.get(f"/receipt/{one.number}", code=one.query_code).status_code == 200
    assert public.get(f"/receipt/{one.number}", code=two.query_code).status_code == 404
    assert public.get(f"/receipt/{one.number}").status_code == 404


def test_the_result_is_shown_and_rated_once(public: Visitor, today: Town) -> None:
    receipt = today.until("end")
    page = public.get("/follow", code=receipt.query_code, number=receipt.number)
    said = text_of(page)
    assert "已更换" in said
    assert 'name="grade"' in page.content.decode()
    assert "Did somebody contact you" in said
    assert "是否有人联系过您" in text_of(Visitor(today, language="zh-hans").get("/follow", code=receipt.query_code))
    given = {"code": receipt.query_code, "number": receipt.number, "move": "rate"}
    missing = public.post("/follow/rate", given)
    assert missing.status_code == 422
    assert public.post("/follow/rate", given | {"grade": "7"}).status_code == 422
    done = public.post("/follow/rate", given | {"grade": "5", "words": "很快"})
    assert done.status_code == 302
    assert Case.objects.get().rating == 5
    assert "Your rating" in text_of(public.get("/follow", code=receipt.query_code))
    assert public.post("/follow/rate", given | {"grade": "1"}).status_code == 409
    assert ledger.entries(f"case:{receipt.case}")[-1].by.startswith("reporter:")


@pytest.mark.parametrize("move", ["accept", "close", "nothing", "dispatch"])
def test_the_code_gives_no_other_move(public: Visitor, today: Town, move: str) -> None:
    receipt = today.report()
    given = {"code": receipt.query_code, "number": receipt.number, "move": move}
    assert public.post("/follow/rate", given).status_code in {403, 409, 422}
    assert Case.objects.get().revision == 1


def test_pictures_open_with_the_signed_address_only(public: Visitor, today: Town) -> None:
    receipt = today.report(photos=(today.photo(),))
    body = public.get("/follow", code=receipt.query_code).content.decode()
    start = body.index("/files/")
    signed = body[start : body.index('"', start)].replace("&amp;", "&")
    opened = public.client.get(signed)
    assert opened.status_code == 200
    assert opened["Content-Type"] == "image/jpeg"
    assert b"".join(opened.streaming_content)[:2] == b"\xff\xd8"
    assert public.client.get(signed.partition("?")[0]).status_code == 404
    assert public.client.get(signed + "x").status_code == 404


def test_front_page_about_and_complaints(public: Visitor, today: Town) -> None:
    today.until("end")
    for path in ("/", "/about", "/complaints"):
        page = public.get(path)
        assert page.status_code == 200, path
    assert "供水井盖" in text_of(public.get("/"))


def test_every_public_page_is_there_in_chinese(today: Town) -> None:
    visitor = Visitor(today, language="zh-CN")
    for path in ("/", "/report", "/follow", "/about", "/complaints"):
        page = visitor.get(path)
        assert page.status_code == 200
        assert 'lang="zh-Hans"' in page.content.decode()
