"""How often programs may write: a bucket for each key or address, in the memory of each web process.

It costs no query, so it also holds when the database is what must be protected; with two processes a caller gets up to
twice its share. Addresses are kept as keyed hashes, and only until the bucket is full again.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gezhi.interfaces.web.asked import anonymous_mark
from gezhi.lib.actor import Actor
from gezhi.lib.errors import TooMany

_MOST_BUCKETS = 50_000


@dataclass
class Buckets:
    """Buckets of `share` tokens each that fill up again within a minute."""

    share: int
    _kept: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, now: float) -> bool:
        """Take one token out of this key's bucket at a moment (seconds); was there one?"""
        with self._lock:
            left, at = self._kept.pop(key, (float(self.share), now))
            left = min(float(self.share), left + (now - at) * self.share / 60)
            allowed = left >= 1
            self._kept[key] = (left - 1 if allowed else left, now)
            while len(self._kept) > _MOST_BUCKETS:
                self._kept.popitem(last=False)
            return allowed

    def forget(self) -> None:
        """Fill every bucket (between tests)."""
        self._kept.clear()


reports = Buckets(settings.REPORTS_PER_MINUTE)
uploads = Buckets(settings.REPORTS_PER_MINUTE * 9)
guesses = Buckets(settings.REPORTS_PER_MINUTE)


def check(buckets: Buckets, request: HttpRequest, by: Actor) -> None:
    """Count this request against its sender; people and programs that signed in count by account. Raises TooMany."""
    key = by.ref if by.account_id is not None else anonymous_mark(request)
    if not buckets.take(key, time.monotonic()):
        raise TooMany(_("Too many requests came from you within a minute. Please try again in a moment."))
