"""A value kept for a second: asked for by many requests, allowed to be that old."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST = 4096  # values kept at once; beyond it all are dropped


class Briefly(Generic[K, V]):
    """Values by key, each made anew when it is older than `seconds`. Threads may make one twice; none waits."""

    def __init__(self, seconds: float = 1.0) -> None:
        self.seconds = seconds
        self._kept: dict[K, tuple[float, V]] = {}
        self._turn = 0

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of the key, not older than that. What was forgotten while it was made is not kept."""
        found = self._kept.get(key)
        now = time.monotonic()
        if found is not None and now - found[0] < self.seconds:
            return found[1]
        turn = self._turn
        value = make()
        if turn == self._turn:
            if len(self._kept) >= MOST:
                self._kept = {}
            self._kept[key] = (now, value)
        return value

    def forget(self) -> None:
        """Make all of them anew: what they are made from was changed by this process."""
        self._turn += 1
        self._kept = {}
