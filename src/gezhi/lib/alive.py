"""A database connection that a pool asks at most once a second whether it is still alive.

The pool asks before each use, with an empty statement, and that was a tenth of taking a report. A server that went away
within the second is noticed by the first statement, as it is between any two statements of a request.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg

FRESH = 1.0  # seconds


class Connection(psycopg.Connection[Any]):
    """psycopg's, which remembers when it last answered the pool."""

    _asked = 0.0

    def execute(self, query: Any, params: Any = None, **options: Any) -> psycopg.Cursor[Any]:
        """As psycopg does; the pool's empty question only when the last answer is old."""
        if query == "" and params is None:
            now = time.monotonic()
            if now - self._asked < FRESH:
                return self.cursor()
            self._asked = now
        return super().execute(query, params, **options)
