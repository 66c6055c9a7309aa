"""Logs never quote a row of a table."""

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
    assert "null value in column" in line["exception"]
    assert "Somebody-Typed-This" not in held.getvalue().replace("VALUES ('Somebody-Typed-This')", "")
    assert "DETAIL: (left out)" in line["exception"]
