"""Who asks: a program by its key (`Authorization: Bearer gz_…`), a person by the session of the pages, or nobody.

A key that is not in force is refused even where nobody is welcome: a program must learn that its key ran out. Sessions
need the CSRF token with every write, as forms do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from gezhi.interfaces.web.accounts import must_change_password, must_enrol
from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed, Refusal
from gezhi.modules.people import tokens
from gezhi.modules.territory import queries as territory


class NotKnown(Refusal):
    """Nobody knows who asks."""

    status = 401
    code = "not_known"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; `source` is what a program's reports are known by, "" for people."""

    actor: Actor
    source: str = ""


class Key(HttpBearer):
    """A program's key."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The account behind the key. Raises NotKnown."""
        found = tokens.of_secret(token, timezone.now())
        if found is None:
            raise NotKnown(_("This key is not in force: it is wrong, ran out or was withdrawn."))
        actor = territory.actor_for(found.account, on=timezone.localdate())
        structlog.contextvars.bind_contextvars(actor=actor.ref, token=found.id)
        return Caller(actor, found.source)


class Session(APIKeyCookie):
    """Somebody signed in to the pages."""

    param_name = "sessionid"

    def __init__(self) -> None:
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """The account signed in, None for nobody. Raises NotAllowed without the CSRF token, or before their duties."""
        user: Any = getattr(request, "user", None)
        if not key or user is None or not user.is_authenticated:
            return None
        if check_csrf(request) is not None:
            raise NotAllowed(_("A write by session needs the CSRF token in the header X-CSRFToken."), code="csrf")
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by config.middleware
        if actor.account_id is None:
            return None
        if must_change_password(request) or must_enrol(request, actor):
            raise NotAllowed(_("Sign in to the pages first: something must be set up there."), code="not_ready")
        return Caller(actor)


class Nobody:
    """Anybody, for what is public; last in a list of ways to say who one is."""

    def __call__(self, request: HttpRequest) -> Caller:
        """Somebody who has not said who they are."""
        return Caller(Actor.public())


KNOWN: list[Any] = [Key(), Session()]
ANYBODY: list[Any] = [Key(), Session(), Nobody()]
