"""Who asks: the session and the account behind it, read by prepared statements because every page reads them first."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends import db
from django.utils import timezone

from gezhi.lib.rows import read_rows


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Any:
        tail = "WHERE session_key = %s AND expire_date > %s"
        found = read_rows(self.model, tail, [self.session_key, timezone.now()])
        if not found:
            self._session_key = None
        return found[0] if found else None


class Accounts(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's way to sign in."""

    def get_user(self, user_id: int) -> AbstractBaseUser | None:
        """The account of a session, while it may sign in."""
        found = read_rows(get_user_model(), "WHERE id = %s", [user_id])
        return found[0] if found and self.user_can_authenticate(found[0]) else None
