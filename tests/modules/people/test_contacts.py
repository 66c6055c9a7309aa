"""What the public is shown of staff: who may give it, what a number may be, and that the ledger learns no value."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere
from gezhi.modules.files import operations as files
from gezhi.modules.ledger.models import Entry
from gezhi.modules.people import contacts, operations
from gezhi.modules.people.contacts import Contact, NewContact
from tests.town import jpeg

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SYSTEM = Actor.system()
PHONE, NOTE = "025-0555-0101", "负责1至6栋"

pytestmark = pytest.mark.django_db


def make(username: str = "alice") -> int:
    return operations.create_account(username=username, display_name="王知夏", by=SYSTEM, now=NOW).id


def change(account: int, phone: str = PHONE, note: str = NOTE, by: Actor = SYSTEM) -> None:
    contacts.change(account_id=account, phone=phone, note=note, by=by, now=NOW)


def portrait() -> files.Prepared:
    return files.prepare(stream=io.BytesIO(jpeg()))


def bodies(account: int) -> list[tuple[str, object]]:
    rows = Entry.objects.filter(subject=f"account:{account}").order_by("seq")
    return [(row.kind, row.body) for row in rows][1:]


def test_phone_and_note_are_set_and_taken_away_with_a_trace_without_values() -> None:
    account = make()
    change(account)
    assert contacts.of_account(account) == Contact(PHONE, NOTE, "")
    change(account)
    change(account, phone="", note=NOTE)
    assert contacts.of_account(account) == Contact("", NOTE, "")
    assert bodies(account) == [
        ("account.contact_changed", {"changed": ["duty_phone", "duty_note"]}),
        ("account.contact_changed", {"changed": ["duty_phone"]}),
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("０２５－０５５５－０１０１", "025-0555-0101"),
        (" 025 — 0555  0101 ", "025 - 0555 0101"),
        ("(025) 0555 0101", "(025) 0555 0101"),
        ("+86 25 0555 0101", "+86 25 0555 0101"),
        ("12345", "12345"),
    ],
)
def test_a_number_is_kept_as_it_is_dialled(typed: str, kept: str) -> None:
    account = make()
    change(account, phone=typed)
    assert contacts.of_account(account).phone == kept


@pytest.mark.parametrize(
    ("phone", "note", "field"),
    [
        ("call me", "", "phone"),
        ("12", "", "phone"),
        ("1" * 16, "", "phone"),
        ("025-0555<b>", "", "phone"),
        ("١٢٣٤٥", "", "phone"),
        ("025;tel=1", "", "phone"),
        ("", "长" * 121, "note"),
    ],
)
def test_what_is_no_number_is_refused_and_nothing_changes(phone: str, note: str, field: str) -> None:
    account = make()
    with pytest.raises(BadInput) as refused:
        change(account, phone=phone, note=note)
    assert refused.value.field == field
    assert contacts.of_account(account) == Contact("", "", "")


def test_a_portrait_is_set_and_taken_away() -> None:
    account = make()
    contacts.change_photo(account_id=account, photo=portrait(), by=SYSTEM, now=NOW)
    stored = contacts.of_account(account).photo
    assert stored
    assert contacts.is_portrait(stored)
    contacts.change_photo(account_id=account, photo=None, by=SYSTEM, now=NOW)
    assert contacts.of_account(account).photo == ""
    assert not contacts.is_portrait(stored)
    assert [kind for kind, _body in bodies(account)] == ["account.photo_changed"] * 2


def test_only_the_system_administrator_gives_them() -> None:
    account = make()
    for right in ("administer.security", "administer.audit", "case.see.all"):
        other = Actor("account:9", 9, capabilities=frozenset({right}))
        with pytest.raises(NotAllowed):
            change(account, by=other)
        with pytest.raises(NotAllowed):
            contacts.change_photo(account_id=account, photo=None, by=other, now=NOW)
    with pytest.raises(NotThere):
        change(account + 1)
    with pytest.raises(NotThere):
        contacts.of_account(account + 1)


def test_many_at_once_leave_what_is_there() -> None:
    first, second = make("alice"), make("bob")
    change(first, phone="12345", note="")
    photo = files.store(stream=io.BytesIO(jpeg()), by=SYSTEM, now=NOW).id
    given = [NewContact(first, "025-0555-0001", photo), NewContact(second, "025-0555-0002", photo)]
    assert contacts.give_many(contacts=given, by=SYSTEM, now=NOW) == 1
    assert contacts.give_many(contacts=given, by=SYSTEM, now=NOW) == 0
    assert contacts.of_account(first).phone == "12345"
    assert contacts.of_account(second).phone == "025-0555-0002"
    assert [e.body for e in Entry.objects.filter(kind="people.contacts_given")] == [{"accounts": 1}]
