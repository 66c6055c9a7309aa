"""One way to write a value down, so that its hash means something in ten years and in another language.

Canonical JSON here is RFC 8259 text with keys sorted by Unicode code point, no spaces, characters as they are (UTF-8)
and only what JSON must escape escaped. Moments are ISO 8601 in UTC with six decimals (`2026-03-03T01:00:00.000000Z`),
dates ISO, UUIDs and decimals strings. Floats are refused, because a database or another language may print them in
other digits: write a Decimal, a string, or an integer of a smaller unit. So what went through `jsonb` hashes the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode
_AS_IT_IS = (int, bool, type(None))


class CanonicalError(ValueError):
    """A value that has no canonical form. `fault` says why, `path` where it stands; the message is a sentence."""

    def __init__(self, fault: str, *path: str) -> None:
        super().__init__(fault, *path)
        self.fault = fault
        self.path = path

    def __str__(self) -> str:
        return f"“{'.'.join(self.path) or 'the value'}” {self.fault}."


def canonical_text(value: object) -> str:
    """The canonical JSON of a value as text. Raises CanonicalError."""
    return _encode(_plain(value))


def canonical(value: object) -> bytes:
    """The same as UTF-8 bytes: what is hashed and signed."""
    try:
        return canonical_text(value).encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("holds half a character (a lone surrogate), which cannot be stored") from error


def _plain(value: object) -> object:
    """The value in JSON's own types. The common kinds come first: this runs once for every value of every trace."""
    kind = type(value)
    if kind is str:
        return _text(value)  # type: ignore[arg-type]
    if kind in _AS_IT_IS:
        return value
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, (list, tuple)):
        return _sequence(value)
    return _scalar(value)


def _mapping(value: Mapping[object, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise CanonicalError(f"has the key {key!r}, which is not text")
        try:
            plain[_text(key)] = _plain(item)
        except CanonicalError as error:
            raise CanonicalError(error.fault, str(key), *error.path) from None
    return plain


def _sequence(value: list[object] | tuple[object, ...]) -> list[object]:
    plain: list[object] = []
    for item in value:
        try:
            plain.append(_plain(item))
        except CanonicalError as error:
            raise CanonicalError(error.fault, str(len(plain)), *error.path) from None
    return plain


def _text(value: str) -> str:
    if "\0" in value:
        raise CanonicalError("holds a NUL character, which PostgreSQL cannot store")
    return str(value)


def _scalar(value: object) -> object:
    if isinstance(value, float):
        raise CanonicalError(f"is the float {value!r}; write a Decimal, a string or an integer")
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return int(value)
    raise CanonicalError(f"is a {type(value).__name__}, which JSON has no word for")


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise CanonicalError(f"is the moment {value.isoformat()}, which has no time zone")
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")[:26] + "Z"
