"""A value kept for a second: asked for by many requests, allowed to be that old."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

COSTLY = 0.25  # seconds
MOST = 4096  # values kept at once; beyond it all are dropped


class _Kept(NamedTuple, Generic[V]):
    until: float
    costly: bool
    value: V


class Briefly(Generic[K, V]):
    """Values by key, each made anew when it is older than `seconds`. Threads may make one twice; none waits.

    `share`: the part of the time that may go into making a value that is costly (COSTLY seconds or more to make): it is
    kept longer, and not forgotten before its time.
    """

    def __init__(self, seconds: float = 1.0, *, share: float = 1.0) -> None:
        self.seconds, self.share = seconds, share
        self._kept: dict[K, _Kept[V]] = {}
        self._turn = 0

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of the key, not older than that. What was forgotten while it was made is not kept."""
        found = self._kept.get(key)
        now = time.monotonic()
        if found is not None and now < found.until:
            return found.value
        turn = self._turn
        value = make()
        took = time.monotonic() - now
        costly = took > COSTLY and self.share < 1
        if turn == self._turn or costly:
            if len(self._kept) >= MOST:
                self._kept = {}
            kept = max(self.seconds, took / self.share) if costly else self.seconds
            self._kept[key] = _Kept(now + kept, costly, value)
        return value

    def forget(self) -> None:
        """Make all of them anew, but for costly ones: what they are made from was changed by this process."""
        self._turn += 1
        self._kept = {key: one for key, one in self._kept.copy().items() if one.costly}

    def drop(self) -> None:
        """Forget costly ones as well (between tests)."""
        self._turn += 1
        self._kept = {}
