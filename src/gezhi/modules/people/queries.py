"""Reads of the room people: frozen dataclasses, never rows. Constant numbers of statements whatever the size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gezhi.lib.briefly import Briefly
from gezhi.lib.errors import NotThere
from gezhi.lib.rows import read_rows
from gezhi.lib.texts import Text
from gezhi.modules.people.models import Account, Administration, Organisation, PostKind

ADMINISTRATION_CAPABILITIES: Mapping[str, frozenset[str]] = {
    Administration.NONE: frozenset(),
    Administration.SYSTEM: frozenset({"administer.system"}),
    Administration.SECURITY: frozenset({"administer.security"}),
    Administration.AUDIT: frozenset({"administer.audit"}),
}


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as others may see it; no password, no log-in times."""

    id: int
    username: str
    display_name: str
    invented: bool
    active: bool
    administration: str
    must_change_password: bool
    created_at: datetime

    @property
    def ref(self) -> str:
        """What the ledger calls this account."""
        return f"account:{self.id}"


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """A unit; `parent` is an organisation's id."""

    id: int
    code: str
    name: Text
    kind: str
    parent: int | None
    source_systems: tuple[Text, ...]
    invented: bool
    active: bool


@dataclass(frozen=True, slots=True)
class OrganisationBranch:
    """A unit with the units under it, in order of code."""

    organisation: OrganisationView
    children: tuple[OrganisationBranch, ...]


@dataclass(frozen=True, slots=True)
class PostKindView:
    """A kind of post; `scope` is organisation, area or none."""

    id: int
    key: str
    name: Text
    scope: str
    single: bool
    capabilities: frozenset[str]
    active: bool


named: Briefly[frozenset[int], Mapping[int, str]] = Briefly()
units: Briefly[None, dict[int, OrganisationView]] = Briefly()


def units_written() -> None:
    """A unit was written in the transaction that is open: what was read before it ends is old."""
    units.forget()
    transaction.on_commit(units.forget)


def account_view(row: Account) -> AccountView:
    """The dataclass of a row."""
    return AccountView(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        invented=row.invented,
        active=row.active,
        administration=row.administration,
        must_change_password=row.must_change_password,
        created_at=row.created_at,
    )


def _organisation_view(row: Organisation) -> OrganisationView:
    return OrganisationView(
        id=row.id,
        code=row.code,
        name={"zh": row.name, "en": row.name_en or row.name},
        kind=row.kind,
        parent=row.parent_id,
        source_systems=tuple(row.source_systems),
        invented=row.invented,
        active=row.active,
    )


def _post_kind_view(row: PostKind) -> PostKindView:
    return PostKindView(
        id=row.id,
        key=row.key,
        name={"zh": row.name, "en": row.name_en or row.name},
        scope=row.scope,
        single=row.single,
        capabilities=frozenset(row.capabilities),
        active=row.active,
    )


def account(account_id: int) -> AccountView:
    """One account. Raises NotThere."""
    row = Account.objects.filter(id=account_id).first()
    if row is None:
        raise NotThere(_("There is no such account."))
    return account_view(row)


def account_named(username: str) -> AccountView | None:
    """The account of this user name, in whatever case it is written."""
    row = Account.objects.filter(username=username.strip().lower()).first()
    return account_view(row) if row else None


def accounts(ids: Iterable[int]) -> dict[int, AccountView]:
    """id → account for those that exist; one statement, none for none."""
    wanted = list(set(ids))
    rows = read_rows(Account, "WHERE id = ANY(%s)", [wanted]) if wanted else []
    return {row.id: account_view(row) for row in rows}


def names(ids: Iterable[int]) -> Mapping[int, str]:
    """id → the name others see, not older than a second. One statement at most."""
    wanted = frozenset(ids)
    return named.get(wanted, lambda: {one.id: one.display_name for one in accounts(wanted).values()})


def account_ids() -> dict[str, int]:
    """User name → id, of all accounts. One query."""
    return dict(Account.objects.values_list("username", "id"))


def accounts_after(username: str = "", *, limit: int = 50) -> list[AccountView]:
    """A page of accounts in order of user name, from the one after `username`."""
    rows = Account.objects.filter(username__gt=username).order_by("username")[:limit]
    return [account_view(row) for row in rows]


def administrators() -> list[AccountView]:
    """All active administrators, in order of user name."""
    rows = Account.objects.filter(active=True).exclude(administration="").order_by("username")
    return [account_view(row) for row in rows]


def organisations(*, only_active: bool = True) -> dict[int, OrganisationView]:
    """id → unit, in order of code."""
    rows = Organisation.objects.order_by("code")
    if only_active:
        rows = rows.filter(active=True)
    return {row.id: _organisation_view(row) for row in rows}


def organisations_now() -> dict[int, OrganisationView]:
    """id → unit, active or not, not older than a second. One query, at most once a second."""
    return units.get(None, lambda: organisations(only_active=False))


def organisation(organisation_id: int) -> OrganisationView:
    """One unit, active or not. Raises NotThere."""
    row = Organisation.objects.filter(id=organisation_id).first()
    if row is None:
        raise NotThere(_("There is no such organisation."))
    return _organisation_view(row)


def organisation_coded(code: str) -> OrganisationView | None:
    """The unit of this code, or None."""
    row = Organisation.objects.filter(code=code).first()
    return _organisation_view(row) if row else None


def organisation_tree() -> tuple[OrganisationBranch, ...]:
    """The active units as trees, roots first; a unit under an inactive one stands as a root."""
    units = organisations()
    below: dict[int | None, list[OrganisationView]] = {}
    for unit in units.values():
        below.setdefault(unit.parent if unit.parent in units else None, []).append(unit)

    def branch(unit: OrganisationView) -> OrganisationBranch:
        return OrganisationBranch(unit, tuple(branch(child) for child in below.get(unit.id, [])))

    return tuple(branch(unit) for unit in below.get(None, []))


def post_kinds(*, only_active: bool = True) -> dict[str, PostKindView]:
    """key → kind of post, in order of key."""
    rows = PostKind.objects.order_by("key")
    if only_active:
        rows = rows.filter(active=True)
    return {row.key: _post_kind_view(row) for row in rows}


def capabilities(*, administration: str, posts: Iterable[str]) -> frozenset[str]:
    """What somebody may do: an administrator only what that administration may, others what their posts may.

    `posts` are keys of post kinds; unknown and inactive ones give nothing. One statement, none without posts.
    """
    if administration:
        return ADMINISTRATION_CAPABILITIES.get(administration, frozenset())
    keys = set(posts)
    if not keys:
        return frozenset()
    rows = PostKind.objects.filter(key__in=keys, active=True).values_list("capabilities", flat=True)
    return frozenset().union(*rows)
