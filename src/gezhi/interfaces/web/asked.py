"""What somebody asks for, read off the request: the request as our middleware leaves it, and values made safe.

Text loses control characters (PostgreSQL refuses some of them), numbers stay within what a column holds. What cannot
be read is refused as BadInput naming the field; nothing here decides anything else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput

LARGEST = 2**62  # ids are bigint


class Request(HttpRequest):
    """A request after gezhi.config.middleware: who asks, and the id to quote."""

    actor: Actor
    request_id: str


def is_fragment(request: HttpRequest) -> bool:
    """Does htmx ask for a piece of a page?"""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def tidy(text: str, longest: int = 5000) -> str:
    """The text without control characters (tabs and line ends stay), at most so long; not trimmed."""
    return "".join(c for c in text[:longest] if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def words(given: QueryDict, name: str, longest: int = 5000) -> str:
    """One text field, trimmed; "" where it is missing. Longer texts are left long enough to be refused by the room."""
    return tidy(given.get(name) or "", longest + 1).strip()


def whole(given: QueryDict, name: str) -> int | None:
    """A whole number, None where nothing is given. Raises BadInput."""
    text = words(given, name, 30)
    if not text:
        return None
    try:
        number = int(text)
    except ValueError as wrong:
        raise BadInput(_("“%(text)s” is not a number.") % {"text": text[:30]}, field=name) from wrong
    if not -LARGEST < number < LARGEST:
        raise BadInput(_("This number is out of range."), field=name)
    return number


def after(given: QueryDict, name: str = "after") -> str:
    """A list's cursor, `moment|id`; "" for the first page. Raises BadInput for one that nobody gave out."""
    cursor = words(given, name, 80)
    if not cursor:
        return ""
    moment, _bar, last = cursor.partition("|")
    try:
        aware = datetime.fromisoformat(moment).tzinfo is not None
        number = int(last)
    except ValueError:
        aware, number = False, 0
    if not aware or not 0 < number < LARGEST:
        raise BadInput(_("This page of the list does not exist."), field=name)
    return cursor


def client_address(request: HttpRequest) -> str:
    """Where the request comes from: behind a trusted proxy the last address it noted, else the connection's."""
    if settings.SECURE_PROXY_SSL_HEADER:
        noted = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if noted:
            return noted[:64]
    return request.META.get("REMOTE_ADDR") or "unknown"


def anonymous_mark(request: HttpRequest) -> str:
    """A keyed hash of the address: enough to count requests, useless to whoever reads the table."""
    return salted_hmac("gezhi.throttle", client_address(request)).hexdigest()[:32]


def keep_ids(ids: Iterable[int], *, salt: str) -> str:
    """Ids of photos stored for a form that was refused, signed so that only these come back."""
    listed = list(ids)
    return signing.dumps(listed, salt=f"gezhi.kept.{salt}") if listed else ""


def kept_ids(token: str, *, salt: str) -> list[int]:
    """The ids of `keep_ids`; none for a token that is not ours or older than a day."""
    if not token:
        return []
    try:
        found: Any = signing.loads(token, salt=f"gezhi.kept.{salt}", max_age=24 * 3600)
    except signing.BadSignature:
        return []
    return [int(i) for i in found]
