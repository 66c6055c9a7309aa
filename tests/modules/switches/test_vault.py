"""The vault: nothing readable in the tables, found by exact value, revealed on record, forgotten for good."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, Unavailable
from gezhi.modules.ledger.models import Entry
from gezhi.modules.switches import keys, personal, retention, vault
from gezhi.modules.switches.models import PersonKey, VaultValue

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DESK = Actor("account:7", 7, (), frozenset({"case.see.unit", "person.reveal"}))
WHO = {"name": "张小丰", "phone": "138 1234 1234"}

db = pytest.mark.django_db


def keep(**values: str) -> UUID:
    return vault.keep(values=values or WHO, purpose="case", by=Actor.public(), now=NOW)


def reveal(ref: UUID, field: str = "phone", reason: str = "回访核实", by: Actor = DESK, now: datetime = NOW) -> str:
    return vault.reveal(ref=ref, field=field, by=by, reason=reason, now=now)


def dump() -> bytes:
    """Everything in every table, as a backup would show it, with bytes as they are and in hex."""
    found = b""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY (SELECT * FROM "{table}") TO STDOUT') as copy:
                found += b"".join(bytes(part) for part in copy)
    return found


@db
def test_a_dump_shows_no_value() -> None:
    ref = keep()
    reveal(ref)
    everything = dump()
    assert str(ref).encode() in everything
    for value in ("张小丰", "13812341234", "138 1234 1234"):
        assert value.encode() not in everything
        assert value.encode().hex().encode() not in everything
        assert base64.b64encode(value.encode()) not in everything


@db
def test_the_desk_sees_masks_without_a_trace() -> None:
    ref = keep()
    assert vault.masked(ref, by=DESK, now=NOW) == {"name": "张**", "phone": "138****1234"}
    assert list(Entry.objects.filter(subject=f"person:{ref}").values_list("kind", flat=True)) == ["person.kept"]
    with pytest.raises(NotAllowed):
        vault.masked(ref, by=Actor.public(), now=NOW)


@db
def test_masks_of_many_take_one_statement(django_assert_num_queries: object) -> None:
    refs = [keep(name=f"李{i}") for i in range(5)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(vault.masked_many([*refs, uuid4()], by=DESK, now=NOW)) == 5


@db
def test_a_reveal_is_on_record_without_the_value() -> None:
    ref = keep()
    assert reveal(ref) == "138 1234 1234"
    entry = Entry.objects.get(subject=f"person:{ref}", kind="person.revealed")
    assert (entry.by, entry.body) == ("account:7", {"field": "phone", "reason": "回访核实"})


@db
@pytest.mark.parametrize(
    "reason", ["", " 回 访 ", "ok", "打给张小丰", "call １３８-1234-1234", "身份证 320104199001011234 核对"]
)
def test_a_reason_is_needed_and_must_not_repeat_the_data(reason: str) -> None:
    ref = keep()
    with pytest.raises(BadInput) as refused:
        reveal(ref, reason=reason)
    assert refused.value.field == "reason"
    assert not Entry.objects.filter(kind="person.revealed").exists()


@db
def test_who_may_not_reveal_learns_nothing() -> None:
    ref = keep()
    with pytest.raises(NotAllowed):
        reveal(ref, by=Actor("account:8", 8, (), frozenset({"case.see.all"})))
    with pytest.raises(NotThere):
        reveal(ref, field="email")
    with pytest.raises(NotThere):
        reveal(uuid4())


@db
def test_equal_values_are_found_whatever_their_writing() -> None:
    one, two = keep(), keep(name="Zhang  Xiaofeng", phone="+86 138-1234-1234")
    assert vault.find("phone", "１３８１２３４１２３４") == [two, one]
    assert vault.find("name", "ZHANG xiaofeng") == [two]
    assert vault.find("name", "张小") == []
    assert vault.find("phone", "none") == []


@db
def test_a_phone_is_no_name() -> None:
    keep(name="13812341234")
    assert vault.find("phone", "13812341234") == []


@db
def test_forgetting_is_for_good_and_leaves_only_the_ledger() -> None:
    ref, other = keep(), keep()
    vault.forget(ref=ref, by=Actor.reporter(str(ref)), now=NOW)
    assert not PersonKey.objects.filter(ref=ref).exists()
    assert not VaultValue.objects.filter(person_id=ref).exists()
    assert vault.masked(ref, by=DESK, now=NOW) == {}
    assert vault.find("name", "张小丰") == [other]
    with pytest.raises(NotThere):
        reveal(ref)
    with pytest.raises(NotThere):
        vault.forget(ref=ref, by=Actor.system(), now=NOW)
    kinds = Entry.objects.filter(subject=f"person:{ref}").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["person.kept", "person.forgotten"]


@db
def test_only_the_person_the_product_or_the_entitled_make_forget() -> None:
    ref = keep()
    for by in (Actor.public(), DESK, Actor.reporter(str(uuid4()))):
        with pytest.raises(NotAllowed):
            vault.forget(ref=ref, by=by, now=NOW)
    vault.forget(ref=ref, by=Actor("account:1", 1, (), frozenset({"person.forget"})), now=NOW)


@db
def test_another_master_key_opens_nothing(settings: object) -> None:
    ref = keep()
    vault.check_key()
    settings.GEZHI_VAULT_KEY = base64.b64encode(os.urandom(32)).decode()  # type: ignore[attr-defined]
    with pytest.raises(Unavailable, match="vault key"):
        reveal(ref)
    with pytest.raises(Unavailable):
        vault.check_key()
    assert vault.find("name", "张小丰") == []


@db
def test_a_value_moved_to_another_row_does_not_open() -> None:
    one, two = keep(), keep(name="李四", phone="025 1234 5678")
    stolen = VaultValue.objects.get(person_id=two, field="phone")
    VaultValue.objects.filter(person_id=one, field="phone").update(nonce=stolen.nonce, ciphertext=stolen.ciphertext)
    PersonKey.objects.filter(ref=one).update(wrapped=PersonKey.objects.get(ref=two).wrapped)
    with pytest.raises(Unavailable):
        reveal(one)


@db
def test_values_expire_with_the_retention_of_their_purpose() -> None:
    retention.set_days(kind="case", days=30, by=Actor.system(), now=NOW)
    ref = keep()
    longer = vault.keep(values=WHO, purpose="case", by=Actor.system(), now=NOW, until=NOW + timedelta(days=90))
    assert vault.expire(now=NOW + timedelta(days=29)) == 0
    late = NOW + timedelta(days=30)
    assert vault.masked(ref, by=DESK, now=late) == {}, "expired values are closed before they are swept"
    assert vault.expire(now=late, limit=1) == 1
    assert vault.expire(now=late) == 1
    assert list(PersonKey.objects.values_list("ref", flat=True)) == [longer]
    assert Entry.objects.filter(subject=f"person:{ref}", kind="person.expired").count() == 2


@db
def test_a_shorter_retention_reaches_back_a_longer_one_does_not() -> None:
    keep()
    retention.set_days(kind="case", days=10, by=Actor.system(), now=NOW)
    retention.set_days(kind="case", days=100, by=Actor.system(), now=NOW)
    assert set(VaultValue.objects.values_list("expires_at", flat=True)) == {NOW + timedelta(days=10)}
    with pytest.raises(BadInput):
        retention.set_days(kind="case", days=0, by=Actor.system(), now=NOW)
    with pytest.raises(NotAllowed):
        retention.set_days(kind="case", days=5, by=DESK, now=NOW)
    assert {k.kind: (k.days, k.chosen) for k in retention.listed()} == {"case": (100, True), "notices": (180, False)}


@db
def test_many_are_kept_in_order_and_empty_or_unknown_are_refused() -> None:
    refs = vault.keep_many(
        values=[{"name": f"人{i}", "phone": ""} for i in range(50)], purpose="case", by=Actor.system(), now=NOW
    )
    assert [vault.find("name", f"人{i}") for i in (0, 49)] == [[refs[0]], [refs[49]]]
    assert VaultValue.objects.count() == 50
    assert Entry.objects.filter(kind="person.kept").count() == 50
    assert vault.keep_many(values=[], purpose="case", by=Actor.system(), now=NOW) == []
    with pytest.raises(BadInput):
        keep(name=" ")
    with pytest.raises(BadInput):
        keep(name="x" * 81)
    with pytest.raises(ValueError, match="no field"):
        keep(shoe="43")


@pytest.mark.parametrize(
    ("field", "value", "masked"),
    [
        ("name", "张三", "张*"),
        ("name", "欧阳修文远", "欧***"),
        ("name", "J", "J*"),
        ("phone", "025-8456-7890", "025****7890"),
        ("phone", "84567890", "****90"),
        ("phone", "110", "****"),
        ("email", "li@x.cn", "l***@x.cn"),
        ("email", "li", "***"),
        ("address", "中华路一号二单元", "中华****"),
        ("identity_in_words", "320104199001011234", "****"),
    ],
)
def test_masks(field: str, value: str, masked: str) -> None:
    assert personal.FIELDS[field].mask(value) == masked


@given(st.text(min_size=1, max_size=60))
def test_what_is_encrypted_comes_back(value: str) -> None:
    person, key = uuid4(), keys.new_person_key()
    assert keys.unwrap(person, keys.wrap(person, key)) == key
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    nonce, ciphertext = keys.encrypt(person, "name", key, value)
    assert keys.decrypt(person, "name", key, nonce, ciphertext) == value
    with pytest.raises(Unavailable):
        keys.decrypt(person, "phone", key, nonce, ciphertext)


@given(st.text(max_size=30))
def test_masks_never_show_a_name_whole(value: str) -> None:
    shown = personal.mask_name(value)
    assert len(shown.rstrip("*")) <= 1 or shown == ""
