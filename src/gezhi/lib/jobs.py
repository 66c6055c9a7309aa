"""Put work into the queue inside the caller's transaction: it exists exactly if the transaction commits.

Arguments are references (ids, kinds), never personal values: they are readable in the queue's tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException


def enqueue(task: str, *, at: datetime | None = None, lock: str | None = None, **arguments: Any) -> None:
    """Queue one job for `task` (its full name), not before `at`."""
    with _database_errors():
        app.configure_task(task, allow_unknown=True, schedule_at=at, lock=lock).defer(**arguments)


def enqueue_many(task: str, arguments: Sequence[Mapping[str, Any]]) -> None:
    """Queue a batch of jobs for one task in one statement."""
    if arguments:
        with _database_errors():
            app.configure_task(task, allow_unknown=True).batch_defer(*[dict(a) for a in arguments])


@contextmanager
def _database_errors() -> Iterator[None]:
    """What the database refuses while a job is queued is raised as Django's error, as everywhere else: a server that
    dies at this very statement must be told as one that does not answer, not as a breakdown of ours."""
    try:
        yield
    except ConnectorException as wrapped:
        with connection.wrap_database_errors:
            raise wrapped.__cause__ or wrapped from None
