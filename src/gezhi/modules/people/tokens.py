"""Keys to the API: a program acts as an account by a secret that is shown once and kept only as its hash.

An account makes its own; nobody makes one for somebody else, so that no administrator can act in another's name. The
console (the product itself) may, for the accounts of other systems.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, WrongState
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import events, policies
from gezhi.modules.people.models import Account, ApiToken

PREFIX = "gz_"  # so that scanners of leaked secrets can tell what it is
LONGEST_DAYS = 400
MOST = 20  # tokens in force for one account
_SOURCE = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
RESERVED = frozenset({"portal", "public", "system", "import", "test"})


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token without its secret."""

    id: int
    account: int
    label: str
    source: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@transaction.atomic
def create(*, account_id: int, label: str, source: str, days: int, by: Actor, now: datetime) -> tuple[TokenView, str]:
    """A new token that acts as the account for so many days; the secret is given here and never again.

    `source` is what its reports are known by. Raises NotThere, NotAllowed, WrongState (inactive, too many), BadInput.
    """
    policies.check_may_make_token(by, account_id)
    tidy = " ".join(label.split())
    if not 1 <= len(tidy) <= 80 or not tidy.isprintable():
        raise BadInput(_("Say in 1 to 80 characters what the key is for."), field="label")
    if not _SOURCE.fullmatch(source) or source in RESERVED:
        raise BadInput(_("A source is 1 to 60 lower-case letters, digits, dots or dashes."), field="source")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(_("A key is good for 1 to 400 days."), field="days")
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise NotThere(_("There is no such account."))
    if not account.active:
        raise WrongState(_("This account is inactive."))
    in_force = ApiToken.objects.filter(account=account, revoked_at=None, expires_at__gt=now)
    if in_force.count() >= MOST:
        raise WrongState(_("This account has as many keys as it may have; withdraw one first."))
    taken = ApiToken.objects.filter(source=source).exclude(account=account).exists()
    if taken:
        raise BadInput(_("Another account reports under this source."), field="source")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        account=account,
        label=tidy,
        source=source,
        digest=_digest(secret),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    body = {"token": row.id, "source": source, "expires_at": row.expires_at.isoformat()}
    ledger.append(subject=f"account:{account_id}", kind=events.TOKEN_CREATED, by=by, now=now, body=body)
    return _view(row), secret


@transaction.atomic
def revoke(*, token_id: int, by: Actor, now: datetime) -> None:
    """Withdraw a token for good. Raises NotThere, NotAllowed; a second time does nothing."""
    row = ApiToken.objects.select_for_update().filter(id=token_id).first()
    if row is None:
        raise NotThere(_("There is no such key."))
    policies.check_may_revoke_token(by, row.account_id)
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        body = {"token": row.id}
        ledger.append(subject=f"account:{row.account_id}", kind=events.TOKEN_REVOKED, by=by, now=now, body=body)


def of_secret(secret: str, now: datetime) -> TokenView | None:
    """The token in force with this secret, of an active account; one query."""
    if not secret.startswith(PREFIX):
        return None
    row = ApiToken.objects.filter(
        digest=_digest(secret), revoked_at=None, expires_at__gt=now, account__active=True
    ).first()
    return _view(row) if row else None


def of_account(account_id: int) -> list[TokenView]:
    """All tokens of an account, newest first."""
    return [_view(row) for row in ApiToken.objects.filter(account_id=account_id).order_by("-id")]


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def _view(row: ApiToken) -> TokenView:
    return TokenView(row.id, row.account_id, row.label, row.source, row.created_at, row.expires_at, row.revoked_at)
