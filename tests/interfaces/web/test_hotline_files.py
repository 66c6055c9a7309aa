"""The hotline's file at the desk: sent, looked at, taken; refused in a sentence; the same page in a dozen queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gezhi.interfaces.jobs import bringing
from gezhi.modules.cases.models import Case, Import
from tests.interfaces.jobs.hotline_orders import as_csv, order
from tests.interfaces.visitor import Visitor, as_, text_of
from tests.town import Town, counted_queries

pytestmark = pytest.mark.django_db
HOME = "/desk/call/files"
ROWS = [order(1), order(2), order(3, 来电时间="昨天下午")]


def send(visitor: Visitor, content: bytes, name: str = "热线.csv", **more: str) -> Any:
    return visitor.post(HOME, {"plan": "hotline", "file": SimpleUploadedFile(name, content), **more})


def work(town: Town) -> None:
    """What the worker would do now."""
    from django.utils import timezone

    for one in Import.objects.filter(state__in=["checking", "bringing"]):
        bringing.work(one.id, timezone.now())


def test_sent_looked_at_and_taken(today: Town) -> None:
    officer = as_(today, "acceptor")
    done = send(officer, as_csv(ROWS))
    assert done.status_code == 302, text_of(done)
    page = done["Location"]
    assert "Being checked" in text_of(officer.get(page))
    fragment = officer.get(f"{page}/state")
    assert ("0 of 3 rows" in text_of(fragment), "HX-Refresh" in fragment) == (True, False)
    work(today)
    assert officer.get(f"{page}/state")["HX-Refresh"] == "true"
    said = text_of(officer.get(page))
    for words in ("Waits for your word", "Take in 2 orders", "Rows that cannot be taken", "昨天下午", "Not used"):
        assert words in said, words
    assert Case.objects.count() == 0
    assert officer.post(f"{page}/take").status_code == 302
    work(today)
    assert "Brought in" in text_of(officer.get(page))
    assert Case.objects.count() == 2
    assert "热线.csv" in text_of(officer.get(HOME))
    refused = officer.post(f"{page}/take")
    assert refused.status_code == 409
    assert officer.post(f"{page}/cancel").status_code == 409


def test_the_rows_that_cannot_be_taken_are_a_file(today: Town) -> None:
    officer = as_(today, "acceptor")
    page = send(officer, as_csv(ROWS))["Location"]
    work(today)
    file = officer.get(f"{page}/rejects.csv")
    assert file["Content-Type"].startswith("text/csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Line,Field,Why"
    assert lines[1].startswith("4,Time of the report,")


def test_let_go_it_is_gone(today: Town) -> None:
    officer = as_(today, "acceptor")
    page = send(officer, as_csv(ROWS))["Location"]
    work(today)
    assert officer.post(f"{page}/cancel").status_code == 302
    assert "Let go" in text_of(officer.get(page))
    assert Case.objects.count() == 0


def test_in_chinese_the_reasons_are_chinese_too(today: Town) -> None:
    officer = as_(today, "acceptor", language="zh-hans")
    page = send(officer, as_csv(ROWS))["Location"]
    work(today)
    said = text_of(officer.get(page))
    for words in ("待确认", "导入 2 件工单", "“昨天下午”不是"):
        assert words in said, words


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"hello", "no column for"),
        (b"\x00\x01\x02\xff" * 100, "no text that can be read"),
        (b"PK\x03\x04" + b"x" * 100, "not an Excel file"),
    ],
)
def test_what_is_no_table_is_said_beside_the_field(today: Town, content: bytes, told: str) -> None:
    officer = as_(today, "acceptor")
    refused = send(officer, content)
    assert refused.status_code == 422
    assert told in text_of(refused)
    assert Import.objects.count() == 0


def test_nothing_chosen_a_kind_that_is_not_there_and_too_much(today: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = as_(today, "acceptor")
    assert "Choose the file." in text_of(officer.post(HOME, {"plan": "hotline"}))
    assert send(officer, as_csv(ROWS), plan="nothing").status_code == 422
    assert send(officer, as_csv(ROWS), plan="").status_code == 422
    monkeypatch.setattr(bringing, "MOST_BYTES", 100)
    refused = send(officer, as_csv(ROWS))
    assert refused.status_code == 413
    assert "in parts" in text_of(refused)
    assert Import.objects.count() == 0


def test_a_strangers_file_is_not_there(today: Town) -> None:
    page = send(as_(today, "acceptor"), as_csv(ROWS))["Location"]
    assert as_(today, "dispatcher").get(page).status_code == 403
    clerk = as_(today, "street.clerk")
    assert clerk.get(page).status_code == 404
    assert page not in clerk.get(HOME).content.decode()
    own = send(clerk, as_csv(ROWS))["Location"]
    assert clerk.get(own).status_code == 200
    assert as_(today, "acceptor").get(own).status_code == 200
    assert as_(today, "acceptor").get(f"{HOME}/999").status_code == 404
    assert as_(today, "acceptor").get(f"{HOME}/999/state").status_code == 404
    assert as_(today, "acceptor").get(f"{page}/take").status_code == 405


def test_the_number_of_queries_does_not_depend_on_the_rows(today: Town) -> None:
    officer = as_(today, "acceptor")
    page = send(officer, as_csv([order(1, 经度="东经")]))["Location"]
    work(today)
    officer.get(page)
    with counted_queries() as few:
        officer.get(page)
    other = send(officer, as_csv([order(n, 经度="东经") for n in range(60)]))["Location"]
    work(today)
    officer.get(other)
    with counted_queries() as many:
        officer.get(other)
    assert len(few) == len(many) < 20
    with counted_queries() as listed:
        officer.get(HOME)
    assert len(listed) < 20
