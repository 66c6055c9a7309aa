"""Keys to the API, made by whoever uses them: signed in to the pages, for their own account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from gezhi.interfaces.api import shapes
from gezhi.interfaces.api.auth import Session
from gezhi.lib.actor import Actor
from gezhi.modules.people import tokens
from gezhi.modules.people.tokens import TokenView

router = Router(auth=[Session()])


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth.actor  # type: ignore[attr-defined]
    return actor


@router.get("/keys", response={200: list[shapes.TokenOut], **shapes.REFUSED}, url_name="keys", summary="My keys")
def listed(request: HttpRequest) -> list[dict[str, Any]]:
    """The caller's keys, newest first, without their secrets."""
    return [_shown(one) for one in tokens.of_account(_actor(request).account_id or 0)]


@router.post(
    "/keys",
    response={201: shapes.TokenOut, **shapes.REFUSED},
    url_name="key_new",
    summary="Make a key",
)
def create(request: HttpRequest, given: shapes.TokenIn) -> Status[Any]:
    """A key that acts as the caller. Its secret is in this answer and nowhere else."""
    actor = _actor(request)
    made, secret = tokens.create(
        account_id=actor.account_id or 0,
        label=given.label,
        source=given.source,
        days=given.days,
        by=actor,
        now=timezone.now(),
    )
    return Status(201, _shown(made) | {"secret": secret})


@router.delete(
    "/keys/{number}",
    response={204: None, **shapes.REFUSED},
    url_name="key",
    summary="Withdraw a key",
)
def revoke(request: HttpRequest, number: shapes.Whole) -> Status[None]:
    """The key is refused from now on."""
    tokens.revoke(token_id=number, by=_actor(request), now=timezone.now())
    return Status(204, None)


def _shown(one: TokenView) -> dict[str, Any]:
    names = ("id", "label", "source", "created_at", "expires_at", "revoked_at")
    return {name: getattr(one, name) for name in names}
