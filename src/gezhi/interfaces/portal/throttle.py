"""How often somebody without an account may write or guess, counted by a keyed hash of the address.

Kept in the cache (a table), so every web process counts the same. Generous to people who share an address (a school,
a carrier's gateway), tight to programs; the sentence says when to come back. A deployment sets its own numbers with
GEZHI_REPORTS_PER_HOUR and GEZHI_GUESSES_PER_HOUR.
"""

from __future__ import annotations

import os
import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gezhi.interfaces.web.asked import anonymous_mark
from gezhi.lib.errors import TooMany

HOUR = 3600


def _most(name: str, otherwise: int) -> int:
    given = os.environ.get(name, "")
    return int(given) if given.isdigit() else otherwise


def check_reports(request: HttpRequest) -> None:
    """Count a report. Raises TooMany beyond the hour's share."""
    if _count(request, "report") > _most("GEZHI_REPORTS_PER_HOUR", 60):
        raise TooMany(
            _("Too many reports came from your connection within an hour. Please try again later, or call the hotline.")
        )


def check_typed(request: HttpRequest) -> None:
    """Count a look at what is being typed. Raises TooMany beyond the hour's share."""
    if _count(request, "typed") > _most("GEZHI_TYPED_PER_HOUR", 600):
        raise TooMany(_("Suggestions pause for a while. Your report can be sent as it is."))


def check_guesses(request: HttpRequest) -> None:
    """Refuse further look-ups after too many wrong codes. Raises TooMany."""
    if cache.get(_key(request, "guess"), 0) >= _most("GEZHI_GUESSES_PER_HOUR", 30):
        raise TooMany(_("Too many wrong codes came from your connection. Please try again in an hour."))


def count_guess(request: HttpRequest) -> None:
    """A wrong code."""
    _count(request, "guess")


def _key(request: HttpRequest, what: str) -> str:
    return f"throttle:{what}:{anonymous_mark(request)}:{int(time.time() // HOUR)}"


def _count(request: HttpRequest, what: str) -> int:
    key = _key(request, what)
    if cache.add(key, 1, timeout=HOUR):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1
