"""What is counted at most once a second, and at once again after this process wrote."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gezhi.lib.briefly import Briefly

counts: Briefly[Any, list[Any]] = Briefly()


def written() -> None:
    """A case was written in the transaction that is open: what was counted before it ends is old."""
    counts.forget()
    transaction.on_commit(counts.forget)
