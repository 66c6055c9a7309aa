"""Accounts: who may make them, what a name may be, the three administrators apart from business and from each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, WrongState
from gezhi.modules.ledger.models import Entry
from gezhi.modules.people import operations, policies, queries
from gezhi.modules.people.models import Account

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SYSTEM = Actor.system()
PASSWORD = "a long pass phrase"

pytestmark = pytest.mark.django_db


def make(username: str = "alice", **more: object) -> queries.AccountView:
    return operations.create_account(username=username, display_name="王知夏", by=SYSTEM, now=NOW, **more)


def administrator(kind: str, username: str) -> tuple[queries.AccountView, Actor]:
    account = make(username)
    account = operations.change_administration(
        account_id=account.id, administration=kind, holds_post=False, by=SYSTEM, now=NOW
    )
    rights = queries.capabilities(administration=account.administration, posts=())
    return account, Actor(account.ref, account.id, capabilities=rights)


def test_an_account_starts_with_no_right_and_leaves_a_trace_without_its_name() -> None:
    account = make("Alice")
    assert account.username == "alice"
    assert queries.account_named("ALICE") == account
    assert queries.capabilities(administration=account.administration, posts=()) == frozenset()
    assert not Account.objects.get(id=account.id).has_usable_password()
    entry = Entry.objects.get(subject=account.ref)
    assert (entry.kind, entry.by, entry.body) == ("account.created", "system", {"invented": False})


@pytest.mark.parametrize(
    ("username", "display_name", "field"),
    [("", "A", "username"), ("a b", "A", "username"), ("a\0", "A", "username"), ("x" * 61, "A", "username"),
     ("bob", " ", "display_name"), ("bob", "x" * 61, "display_name")],
)  # fmt: skip
def test_malformed_names_are_refused_by_field(username: str, display_name: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        operations.create_account(username=username, display_name=display_name, by=SYSTEM, now=NOW)
    assert refused.value.problems[0][0] == field
    assert not Account.objects.exists()


def test_a_name_is_taken_whatever_its_case() -> None:
    make("alice")
    with pytest.raises(BadInput, match="taken"):
        make("ALICE")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.bulk_create([Account(username="Bob", display_name="B", created_at=NOW)])


def test_a_weak_password_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        make(password="short")
    assert refused.value.field == "password"


def test_many_accounts_share_one_hash_per_password_if_invented() -> None:
    new = [operations.NewAccount(f"w{i}", "张建国", "demo", invented=True) for i in range(40)]
    made = operations.create_accounts(new=new, by=SYSTEM, now=NOW)
    assert [one.username for one in made] == [f"w{i}" for i in range(40)]
    assert queries.account_ids() == {one.username: one.id for one in made}
    hashes = set(Account.objects.values_list("password", flat=True))
    assert len(hashes) == 1
    assert check_password("demo", hashes.pop())


@pytest.mark.parametrize(
    "by", [Actor.public(), Actor("account:9", 9), Actor("account:9", 9, (), frozenset({"administer.audit"}))]
)
def test_only_the_system_administrator_manages_accounts(by: Actor) -> None:
    account = make()
    with pytest.raises(NotAllowed):
        operations.create_account(username="eve", display_name="E", by=by, now=NOW)
    with pytest.raises(NotAllowed):
        operations.deactivate(account_id=account.id, by=by, now=NOW)
    with pytest.raises(NotAllowed):
        operations.set_password(account_id=account.id, password=PASSWORD, by=by, now=NOW)


def test_own_password_and_given_password() -> None:
    account, (_admin, admin) = make(), administrator("system", "root")
    operations.set_password(account_id=account.id, password=PASSWORD, by=admin, now=NOW)
    assert queries.account(account.id).must_change_password
    operations.set_password(account_id=account.id, password=PASSWORD + "!", by=Actor(account.ref, account.id), now=NOW)
    assert not queries.account(account.id).must_change_password
    kinds = Entry.objects.filter(subject=account.ref).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["account.created", "account.password_set", "account.password_set"]


def test_deactivated_accounts_cannot_log_in_and_may_come_back() -> None:
    account, (_admin, admin) = make(), administrator("system", "root")
    assert not operations.deactivate(account_id=account.id, by=admin, now=NOW).active
    assert not Account.objects.get(id=account.id).is_active
    with pytest.raises(WrongState, match="inactive already"):
        operations.deactivate(account_id=account.id, by=admin, now=NOW)
    assert operations.reactivate(account_id=account.id, by=admin, now=NOW).active
    with pytest.raises(WrongState, match="your own"):
        operations.deactivate(
            account_id=_admin.id, by=replace(admin, capabilities=frozenset({"administer.security"})), now=NOW
        )
    with pytest.raises(NotThere):
        operations.deactivate(account_id=0, by=admin, now=NOW)


def test_no_administrator_does_anothers_work() -> None:
    holders = {kind: administrator(kind, kind) for kind in ("system", "security", "audit")}
    target = make("target")
    for kind, (_account, actor) in holders.items():
        assert actor.capabilities == {f"administer.{kind}"}
        if kind != "security":
            with pytest.raises(NotAllowed):
                operations.change_administration(
                    account_id=target.id, administration="audit", holds_post=False, by=actor, now=NOW
                )
            with pytest.raises(NotAllowed):
                operations.set_password(account_id=holders["security"][0].id, password=PASSWORD, by=actor, now=NOW)
            with pytest.raises(NotAllowed):
                operations.deactivate(account_id=holders["security"][0].id, by=actor, now=NOW)
        if kind != "system":
            with pytest.raises(NotAllowed):
                operations.create_account(username="x", display_name="X", by=actor, now=NOW)


def test_administration_excludes_posts_both_ways() -> None:
    account, security = make(), administrator("security", "sec")[1]
    with pytest.raises(WrongState, match="business post"):
        operations.change_administration(
            account_id=account.id, administration="audit", holds_post=True, by=security, now=NOW
        )
    policies.check_may_hold_post(account.id)
    operations.change_administration(
        account_id=account.id, administration="audit", holds_post=False, by=security, now=NOW
    )
    with pytest.raises(WrongState, match="administrator"):
        policies.check_may_hold_post(account.id)


def test_nobody_raises_themselves_and_one_security_administrator_stays() -> None:
    (first, one), (second, _two) = administrator("security", "sec1"), administrator("security", "sec2")
    with pytest.raises(NotAllowed, match="their own"):
        operations.change_administration(account_id=first.id, administration="", holds_post=False, by=one, now=NOW)
    operations.change_administration(account_id=second.id, administration="", holds_post=False, by=one, now=NOW)
    with pytest.raises(WrongState, match="last security"):
        operations.change_administration(account_id=first.id, administration="", holds_post=False, by=SYSTEM, now=NOW)
    with pytest.raises(WrongState, match="last security"):
        operations.deactivate(account_id=first.id, by=SYSTEM, now=NOW)
    assert [one.id for one in queries.administrators()] == [first.id]


def test_unknown_administration_is_refused_by_operation_and_database() -> None:
    account = make()
    with pytest.raises(BadInput):
        operations.change_administration(
            account_id=account.id, administration="god", holds_post=False, by=SYSTEM, now=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(id=account.id).update(administration="god")


def test_pages_of_accounts_go_by_name() -> None:
    for name in ("c", "a", "b"):
        make(name)
    assert [one.username for one in queries.accounts_after(limit=2)] == ["a", "b"]
    assert [one.username for one in queries.accounts_after("b")] == ["c"]
