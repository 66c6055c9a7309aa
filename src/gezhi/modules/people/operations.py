"""Writes of the room people: accounts and what they are allowed. The ledger gets references, never names.

Installing a profile's organisations and posts is in `install`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, WrongState
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import events, policies
from gezhi.modules.people.models import Account, Administration
from gezhi.modules.people.queries import AccountView, account_view


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Somebody to be given an account; without a password they cannot log in until one is set."""

    username: str
    display_name: str
    password: str | None = None
    invented: bool = False
    must_change_password: bool = False


@transaction.atomic
def create_account(
    *,
    username: str,
    display_name: str,
    by: Actor,
    now: datetime,
    password: str | None = None,
    invented: bool = False,
    must_change_password: bool = True,
) -> AccountView:
    """One account, with no right at all until a post or an administration is given.

    Raises NotAllowed; BadInput (name taken, malformed or empty, weak password).
    """
    policies.check_may_manage_accounts(by)
    new = NewAccount(username, display_name, password, invented, must_change_password)
    _check_names([new])
    if password is not None:
        _check_password(password, Account(username=_tidy(username), display_name=display_name))
    return _create([new], by=by, now=now)[0]


@transaction.atomic
def create_accounts(*, new: Sequence[NewAccount], by: Actor, now: datetime) -> list[AccountView]:
    """Many accounts in the order given, for a profile's people: one password used by many is hashed once.

    Passwords of invented people are not judged, since they are printed on screen. Raises as `create_account`.
    """
    policies.check_may_manage_accounts(by)
    _check_names(new)
    for one in new:
        if one.password is not None and not one.invented:
            _check_password(one.password, Account(username=_tidy(one.username), display_name=one.display_name))
    return _create(new, by=by, now=now)


@transaction.atomic
def deactivate(*, account_id: int, by: Actor, now: datetime) -> AccountView:
    """Nobody can log in with it any more; its traces stay. Posts still held are the territory's business.

    Raises NotThere, NotAllowed, WrongState (inactive already, oneself, the last security administrator).
    """
    account = _locked(account_id)
    policies.check_may_manage(by, account)
    if by.account_id == account_id:
        raise WrongState(_("You cannot deactivate your own account."))
    if not account.active:
        raise WrongState(_("This account is inactive already."))
    policies.check_last_security(account)
    account.active = False
    account.save(update_fields=["active"])
    _write(events.ACCOUNT_DEACTIVATED, account, by, now)
    return account_view(account)


@transaction.atomic
def reactivate(*, account_id: int, by: Actor, now: datetime) -> AccountView:
    """Let an inactive account log in again. Raises NotThere, NotAllowed, WrongState (active already)."""
    account = _locked(account_id)
    policies.check_may_manage(by, account)
    if account.active:
        raise WrongState(_("This account is active already."))
    account.active = True
    account.save(update_fields=["active"])
    _write(events.ACCOUNT_REACTIVATED, account, by, now)
    return account_view(account)


@transaction.atomic
def set_password(*, account_id: int, password: str, by: Actor, now: datetime) -> None:
    """Set one's own password (the caller has asked for the old one), or give another one that must be changed.

    Raises NotThere, NotAllowed, BadInput (weak).
    """
    account = _locked(account_id)
    policies.check_may_set_password(by, account)
    _check_password(password, account)
    account.set_password(password)
    account.must_change_password = by.account_id != account_id
    account.save(update_fields=["password", "must_change_password"])
    _write(events.PASSWORD_SET, account, by, now, own=by.account_id == account_id)


@transaction.atomic
def change_administration(
    *, account_id: int, administration: str, holds_post: bool, by: Actor, now: datetime
) -> AccountView:
    """Make somebody system, security or audit administrator, or ("") none.

    `holds_post`: whether the account holds any post now or later; the caller sits one floor up and knows tenures.
    Raises NotThere, NotAllowed, BadInput (unknown administration), WrongState (holds a post, inactive, last one).
    """
    policies.check_may_change_administration(by, account_id)
    if administration not in Administration.values:
        raise BadInput(_("There is no such administration."), field="administration")
    account = _locked(account_id)
    if administration and holds_post:
        raise WrongState(_("Somebody who holds a business post cannot be an administrator."))
    if administration and not account.active:
        raise WrongState(_("This account is inactive."))
    if administration == account.administration:
        return account_view(account)
    policies.check_last_security(account)
    before, account.administration = account.administration, administration
    account.save(update_fields=["administration"])
    _write(events.ADMINISTRATION_CHANGED, account, by, now, before=before, after=administration)
    return account_view(account)


def _tidy(username: str) -> str:
    return username.strip().lower()


def _check_names(new: Sequence[NewAccount]) -> None:
    names = [_tidy(one.username) for one in new]
    sound = [name for name in names if _is_sound(name)]
    taken = set(Account.objects.filter(username__in=sound).values_list("username", flat=True))
    problems: list[tuple[str, object]] = []
    for one, name in zip(new, names, strict=True):
        shown = one.display_name.strip()
        if not _is_sound(name):
            problems.append(("username", _("A user name has 1 to 60 letters, digits, dots, dashes or underscores.")))
        elif name in taken:
            problems.append(("username", _("This user name is taken.")))
        if not 1 <= len(shown) <= 60 or not shown.isprintable():
            problems.append(("display_name", _("A display name has 1 to 60 characters.")))
        taken.add(name)
    if problems:
        raise BadInput(problems[0][1], field=problems[0][0], problems=problems)


def _is_sound(username: str) -> bool:
    return 1 <= len(username) <= 60 and all(c.isalnum() or c in "._-@" for c in username)


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as refused:
        sentences = [("password", message) for message in refused.messages]
        raise BadInput(" ".join(refused.messages), field="password", problems=sentences) from refused


def _create(new: Sequence[NewAccount], *, by: Actor, now: datetime) -> list[AccountView]:
    nobody = make_password(None)
    hashes = {p: make_password(p) for p in {one.password for one in new if one.password and one.invented}}
    rows = [
        Account(
            username=_tidy(one.username),
            display_name=one.display_name.strip(),
            password=nobody if one.password is None else hashes.get(one.password) or make_password(one.password),
            invented=one.invented,
            must_change_password=one.must_change_password,
            created_at=now,
        )
        for one in new
    ]
    Account.objects.bulk_create(rows)
    ledger.append_fresh(
        [
            ledger.NewEntry(f"account:{row.id}", events.ACCOUNT_CREATED, by.ref, now, {"invented": row.invented})
            for row in rows
        ]
    )
    return [account_view(row) for row in rows]


def _locked(account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise NotThere(_("There is no such account."))
    return account


def _write(kind: str, account: Account, by: Actor, now: datetime, **body: object) -> None:
    ledger.append(subject=f"account:{account.id}", kind=kind, by=by, now=now, body=body)
