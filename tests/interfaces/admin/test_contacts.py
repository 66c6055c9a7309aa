"""The system administrator gives duty phone, note and portrait; nobody else can, and no value reaches the ledger."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gezhi.modules.ledger import queries as ledger
from gezhi.modules.people import contacts
from gezhi.modules.people import queries as people
from tests.interfaces.visitor import as_, photo, text_of
from tests.town import Town

PHONE, NOTE = "025-0555-0101", "负责一至六栋"


@pytest.fixture
def worker(today: Town) -> int:
    """The account of a grid worker."""
    found = people.account_named("grid.east1")
    assert found is not None
    return found.id


def test_phone_note_and_portrait_are_given_and_shown_on_the_sheet(today: Town, worker: int) -> None:
    system = as_(today, "system")
    assert system.post(f"/admin/accounts/{worker}/contact", {"phone": PHONE, "note": NOTE}).status_code == 302
    assert system.post(f"/admin/accounts/{worker}/photo", {"photo": photo()}).status_code == 302
    sheet = system.get(f"/admin/accounts/{worker}")
    stored = contacts.of_account(worker).photo
    assert PHONE in text_of(sheet)
    assert NOTE in text_of(sheet)
    assert f'src="/files/{stored}/thumb"' in sheet.content.decode()
    assert system.get(f"/files/{stored}/thumb").status_code == 200
    assert system.post(f"/admin/accounts/{worker}/photo", {"remove": "1"}).status_code == 302
    assert contacts.of_account(worker).photo == ""
    entries = ledger.entries(f"account:{worker}")
    assert [e.kind for e in entries][-3:] == [
        "account.contact_changed",
        "account.photo_changed",
        "account.photo_changed",
    ]
    told = json.dumps([dict(e.body) for e in entries], ensure_ascii=False)
    assert PHONE not in told
    assert NOTE not in told


@pytest.mark.parametrize(
    ("form", "given", "status", "sentence"),
    [
        ("contact", {"phone": "call me", "note": NOTE}, 422, "3 to 15 digits"),
        ("contact", {"phone": PHONE, "note": "长" * 121}, 422, "at most 120 characters"),
        ("photo", {}, 422, "Choose one photo"),
        ("photo", {"photo": SimpleUploadedFile("a.jpg", b"text", "image/jpeg")}, 422, "not a photo"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    today: Town, worker: int, form: str, given: dict[str, object], status: int, sentence: str
) -> None:
    answer = as_(today, "system").post(f"/admin/accounts/{worker}/{form}", given)
    assert (answer.status_code, sentence in text_of(answer)) == (status, True), text_of(answer)
    if form == "contact":
        assert str(given["phone"]) in answer.content.decode()
    assert contacts.of_account(worker) == contacts.Contact("", "", "")


@pytest.mark.parametrize("username", ["security", "audit", "acceptor"])
def test_nobody_else_gives_them(today: Town, worker: int, username: str) -> None:
    other = as_(today, username)
    assert other.post(f"/admin/accounts/{worker}/contact", {"phone": PHONE}).status_code == 403
    assert other.post(f"/admin/accounts/{worker}/photo", {"photo": photo()}).status_code == 403
    assert contacts.of_account(worker).phone == ""


def test_an_administrators_account_has_none(today: Town) -> None:
    system = as_(today, "system")
    own, other = people.account_named("system"), people.account_named("audit")
    assert own is not None
    assert other is not None
    assert "Shown to the public" not in text_of(system.get(f"/admin/accounts/{own.id}"))
    assert system.post(f"/admin/accounts/{other.id}/contact", {"phone": PHONE}).status_code == 403
