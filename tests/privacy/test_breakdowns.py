"""Something unforeseen breaks while it holds personal values: logs say where it broke, never with what."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from unittest import mock

import pytest
from django.db import DataError, IntegrityError, connection

from tests.interfaces.visitor import Visitor, as_, hidden
from tests.town import EAST, Town

NAME, PHONE = "上官云起", "13787650419"
WORDS = f"灯坏了，找{NAME}，{PHONE}"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything the product logs, as it goes to standard error, down to the smallest level."""
    handler = next(h for h in logging.getLogger().handlers if isinstance(h, logging.StreamHandler) and h.formatter)
    held = io.StringIO()
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    before = handler.setStream(held)
    yield held
    handler.setStream(before)
    logging.getLogger().setLevel(level)


def sent(visitor: Visitor, path: str = "/report") -> int:
    """Send a report that holds the values; the status."""
    place = {"lon": f"{EAST[0]}", "lat": f"{EAST[1]}", "place_address": f"找{NAME}"}
    given = {"once": hidden(visitor.get("/report"), "once"), "words": WORDS, "name": NAME, "phone": PHONE, **place}
    return int(visitor.post(f"{path}?q={NAME}", given).status_code)


def clean(logged: io.StringIO) -> str:
    """What was logged. Fails where a value is in it."""
    text = logged.getvalue()
    for value in (NAME, PHONE, NAME.encode("unicode_escape").decode(), WORDS[:6]):
        assert value not in text, text[max(0, text.find(value) - 500) : text.find(value) + 100]
    return text


@pytest.mark.parametrize(
    "problem",
    [
        RuntimeError(f"cannot do {WORDS}"),
        KeyError(NAME),
        DataError(f'invalid input syntax for type bigint: "{PHONE}"'),
        IntegrityError(f"duplicate key\nDETAIL:  Key (name)=({NAME}) already exists."),
        UnicodeEncodeError("ascii", WORDS, 0, 1, "ordinal not in range"),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_an_exception_that_quotes_what_was_sent(today: Town, logged: io.StringIO, problem: Exception) -> None:
    with mock.patch("gezhi.modules.cases.operations.report", side_effect=problem):
        assert sent(Visitor(today)) in {400, 422, 500}
    assert '"status"' in clean(logged)


def test_an_exception_behind_another(today: Town, logged: io.StringIO) -> None:
    """A cause quotes the values; what is raised does not."""

    def broken(**_given: object) -> None:
        try:
            raise ValueError(WORDS)
        except ValueError as cause:
            raise RuntimeError("it broke") from cause

    with mock.patch("gezhi.modules.cases.operations.report", side_effect=broken):
        assert sent(Visitor(today)) == 500
    clean(logged)


def test_a_statement_that_the_database_refuses(today: Town, logged: io.StringIO) -> None:
    """The real thing: PostgreSQL's own words, from a column that cannot hold the value."""
    with mock.patch("gezhi.modules.cases.intake.new_code", return_value=PHONE * 9):
        assert sent(Visitor(today)) in {422, 500}
    connection.needs_rollback = False
    clean(logged)


def test_looking_somebody_up_leaves_only_the_account(today: Town, logged: io.StringIO) -> None:
    receipt = today.report(reporter=(("name", NAME), ("phone", PHONE)))
    acceptor = as_(today, "acceptor")
    assert acceptor.get("/desk/cases", q=PHONE).status_code == 200
    page = acceptor.get(f"/desk/cases/{receipt.number}")
    assert NAME not in page.content.decode()
    answer = acceptor.post(f"/desk/cases/{receipt.number}/reveal", {"field": "name", "words": f"找{NAME}"})
    assert answer.status_code == 422
    assert '"actor"' in clean(logged)
