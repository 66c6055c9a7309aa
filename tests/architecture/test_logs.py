"""Logs tell where something broke and of what kind it is, never with which values."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.db import IntegrityError, connection

from gezhi.config import logs


@pytest.mark.django_db
def test_an_error_of_the_database_is_logged_without_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    before = root.handlers[:]
    logs.configure("INFO")
    held = io.StringIO()
    monkeypatch.setattr(root.handlers[0], "stream", held)
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO people_account (username) VALUES ('Somebody-Typed-This')")
    except IntegrityError:
        logging.getLogger("some.job").exception("it broke")
    root.handlers[:] = before
    line = json.loads(held.getvalue().splitlines()[0])
    assert "IntegrityError" in line["exception"]
    assert "NotNullViolation 23502 people_account" in line["exception"]
    assert "Somebody-Typed-This" not in held.getvalue()


def test_a_message_that_quotes_a_row_loses_it() -> None:
    told = logs.without_rows(None, "", {"event": "it broke\nDETAIL:  Failing row contains (7, Somebody)."})
    assert told["event"] == "it broke\nDETAIL: (left out)"
