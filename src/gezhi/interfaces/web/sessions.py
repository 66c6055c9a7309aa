"""Sessions, read by a prepared statement because every page reads one first."""

from __future__ import annotations

from typing import Any

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
