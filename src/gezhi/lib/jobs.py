"""Put work into the queue inside the caller's transaction: it exists exactly if the transaction commits.

Arguments are references (ids, kinds), never personal values: they are readable in the queue's tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app


def enqueue(task: str, *, at: datetime | None = None, lock: str | None = None, **arguments: Any) -> None:
    """Queue one job for `task` (its full name), not before `at`."""
    app.configure_task(task, allow_unknown=True, schedule_at=at, lock=lock).defer(**arguments)


def enqueue_many(task: str, arguments: Sequence[Mapping[str, Any]]) -> None:
    """Queue a batch of jobs for one task in one statement."""
    if arguments:
        app.configure_task(task, allow_unknown=True).batch_defer(*[dict(a) for a in arguments])
