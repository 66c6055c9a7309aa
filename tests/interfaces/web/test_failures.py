"""Everything that can go wrong ends as a page with a sentence, in the reader's language, never as a bare error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

from tests.interfaces.visitor import Visitor, as_, text_of
from tests.town import Town


@pytest.fixture
def no_database(today: Town) -> Iterator[Any]:
    """Every statement fails, as when the server is gone."""
    failing = mock.Mock(side_effect=OperationalError("the connection is lost"))
    connecting = mock.patch.object(connection, "ensure_connection", failing)
    with mock.patch.object(CursorWrapper, "execute", failing), connecting:
        yield failing


@pytest.mark.parametrize("path", ["/", "/report", "/desk/cases", "/admin/ledger", "/healthz", "/follow?code=ABCDEFGH"])
def test_without_a_database_there_is_a_sentence(today: Town, no_database: Any, path: str) -> None:
    visitor = Visitor(today)
    visitor.client.cookies["sessionid"] = "a" * 32
    answer = visitor.get(path)
    assert answer.status_code == 503
    assert "The database does not answer just now" in text_of(answer)


def test_without_a_database_the_sentence_is_there_in_chinese(today: Town, no_database: Any) -> None:
    answer = Visitor(today, language="zh-CN").get("/")
    assert answer.status_code == 503
    assert 'lang="zh-Hans"' in answer.content.decode()


def test_an_unknown_page_is_told_as_a_page(public: Visitor) -> None:
    answer = public.get("/nowhere")
    assert answer.status_code == 404
    assert "There is no such page." in text_of(answer)
    assert answer["X-Request-ID"] in answer.content.decode()


def test_the_unforeseen_is_recorded_and_quoted_by_its_reference(public: Visitor) -> None:
    with mock.patch("gezhi.interfaces.portal.pages._figures", side_effect=ZeroDivisionError("13812345678")):
        answer = public.get("/")
    assert answer.status_code == 500
    said = text_of(answer)
    assert answer["X-Request-ID"] in said
    assert "13812345678" not in said


def test_the_api_is_refused_in_json(public: Visitor) -> None:
    answer = public.get("/api/nowhere")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_there"


def test_a_form_without_its_token_is_refused_with_a_sentence(public: Visitor) -> None:
    public.client.handler.enforce_csrf_checks = True
    answer = public.post("/report", {"words": "x"})
    assert answer.status_code == 403
    assert "has been open for too long" in text_of(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/desk/cases?after=x",
        "/desk/cases?after=2026-01-01%7C5",
        "/desk/cases?after=2026-01-01T00:00:00%2B00:00%7C99999999999999999999",
        "/desk/cases?area=abc",
        "/desk/cases?area=99999999999999999999999",
        "/desk/cases?class=nothing",
        "/desk/notices?before=%00",
    ],
)
def test_bad_addresses_are_refused_with_a_sentence(today: Town, path: str) -> None:
    answer = as_(today, "acceptor").get(path)
    assert answer.status_code in {200, 422}, text_of(answer)


def test_control_characters_do_no_harm(today: Town) -> None:
    visitor = as_(today, "acceptor")
    assert visitor.client.get("/desk/cases?q=%00%ED%A0%80abc%F0%9F%98%80").status_code == 200
    assert visitor.client.get("/desk/cases/%00").status_code == 404
