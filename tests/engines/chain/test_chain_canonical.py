"""Canonical JSON: one text per value, the same after a journey through a database, and nothing doubtful in it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from uuid import UUID

import pytest
from chain_world import bodies
from hypothesis import given
from hypothesis import strategies as st

from gezhi.engines.chain import CanonicalError, canonical, canonical_text


class Channel(StrEnum):
    RESIDENT = "resident"


class Level(IntEnum):
    STREET = 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "井盖"]}, '{"a":[true,null,"井盖"],"b":1}'),
        ({"at": datetime(2026, 3, 3, 9, tzinfo=timezone(timedelta(hours=8)))}, '{"at":"2026-03-03T01:00:00.000000Z"}'),
        ({"day": date(2026, 3, 3), "sum": Decimal("1.50")}, '{"day":"2026-03-03","sum":"1.50"}'),
        ({"id": UUID(int=1)}, '{"id":"00000000-0000-0000-0000-000000000001"}'),
        ((1, (2, 3)), "[1,[2,3]]"),
        ({"channel": Channel.RESIDENT, "level": Level.STREET}, '{"channel":"resident","level":2}'),
        ('"\\\n\t/', '"\\"\\\\\\n\\t/"'),
        ({"é": 1, "z": 2, "网": 3}, '{"z":2,"é":1,"网":3}'),
    ],
)
def test_written_as_documented(value: object, text: str) -> None:
    assert canonical_text(value) == text
    assert canonical(value) == text.encode()


@given(bodies)
def test_what_comes_back_from_a_database_is_written_the_same(body: dict[str, object]) -> None:
    text = canonical_text(body)
    assert canonical_text(json.loads(text)) == text
    assert json.loads(text) == body


@given(bodies)
def test_the_order_of_keys_does_not_matter(body: dict[str, object]) -> None:
    assert canonical(dict(reversed(list(body.items())))) == canonical(body)


@given(st.datetimes(), st.integers(-14, 14))
def test_a_moment_is_one_text_in_every_zone(at: datetime, hours: int) -> None:
    moment = at.replace(tzinfo=UTC)
    try:
        elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    except OverflowError:
        return
    assert canonical(elsewhere) == canonical(moment)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"place": {"lon": 118.78}}, "“place.lon” is the float 118.78; write a Decimal, a string or an integer."),
        ([1, [2.0]], "“1.0” is the float 2.0; write a Decimal, a string or an integer."),
        (float("nan"), "“the value” is the float nan; write a Decimal, a string or an integer."),
        ({"words": "a\0b"}, "“words” holds a NUL character, which PostgreSQL cannot store."),
        ({"words": {"a\0": 1}}, "“words.a\0” holds a NUL character, which PostgreSQL cannot store."),
        ({"a": {1: 2}}, "“a” has the key 1, which is not text."),
        ({"a": {1, 2}}, "“a” is a set, which JSON has no word for."),
        ({"a": b"x"}, "“a” is a bytes, which JSON has no word for."),
        (
            {"at": datetime(2026, 3, 3)},  # noqa: DTZ001 (that is the point)
            "“at” is the moment 2026-03-03T00:00:00, which has no time zone.",
        ),
        ({"a": "\ud800"}, "“the value” holds half a character (a lone surrogate), which cannot be stored."),
    ],
)
def test_doubtful_values_are_refused(value: object, sentence: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        canonical(value)
    assert str(caught.value) == sentence
