"""Which job hears of which kind of ledger entry.

Rooms do not know who listens. `config.wiring` registers the listeners at start; the ledger asks here, and queues one
job a listener in the transaction that wrote the entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_listeners: dict[str, tuple[str, ...]] = {}
_muted = False


def listen(kind: str, task: str) -> None:
    """Have `task` called with (subject, seq, kind) after each entry of this kind commits. Idempotent."""
    known = _listeners.get(kind, ())
    if task not in known:
        _listeners[kind] = (*known, task)


def listeners(kind: str) -> tuple[str, ...]:
    """The tasks that hear of this kind."""
    return () if _muted else _listeners.get(kind, ())


@contextmanager
def muted() -> Iterator[None]:
    """Nobody hears of what this process writes: for a simulated past, whose effects are long over."""
    global _muted
    _muted = True
    try:
        yield
    finally:
        _muted = False
