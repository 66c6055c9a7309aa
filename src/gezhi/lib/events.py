"""Which job hears of which kind of ledger entry.

Rooms do not know who listens. `config.wiring` registers the listeners at start; the ledger asks here, and queues one
job a listener in the transaction that wrote the entry.
"""

from __future__ import annotations

_listeners: dict[str, tuple[str, ...]] = {}


def listen(kind: str, task: str) -> None:
    """Have `task` called with (subject, seq, kind) after each entry of this kind commits. Idempotent."""
    known = _listeners.get(kind, ())
    if task not in known:
        _listeners[kind] = (*known, task)


def listeners(kind: str) -> tuple[str, ...]:
    """The tasks that hear of this kind."""
    return _listeners.get(kind, ())
