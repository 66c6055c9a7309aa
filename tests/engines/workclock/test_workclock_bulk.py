"""Whole columns give what one by one gives."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from clock_world import CHINA, calendars, limits, moments
from hypothesis import given
from hypothesis import strategies as st

from gezhi.engines.workclock import Calendar, Limit, Unit, due, due_many, elapsed_many, elapsed_time, parse_limit


def column(values: list[datetime]) -> np.ndarray:
    return np.array([value.astimezone(UTC).replace(tzinfo=None) for value in values], "datetime64[us]")


@given(calendars, st.lists(moments, min_size=1, max_size=20), limits)
def test_due_many_equals_due(calendar: Calendar, starts: list[datetime], limit: Limit) -> None:
    expected = column([due(calendar, start, limit) for start in starts])
    assert (due_many(calendar, column(starts), limit) == expected).all()


@given(calendars, st.lists(st.tuples(moments, moments), min_size=1, max_size=20), st.sampled_from(list(Unit)))
def test_elapsed_many_equals_elapsed(calendar: Calendar, pairs: list[tuple[datetime, datetime]], unit: Unit) -> None:
    ran = elapsed_many(calendar, column([a for a, _ in pairs]), column([b for _, b in pairs]), unit)
    assert ran.tolist() == [elapsed_time(calendar, a, b, unit) for a, b in pairs]


@pytest.mark.parametrize("limit", ["2 work_hours", "2 hours"])
def test_missing_moments_stay_missing(limit: str) -> None:
    starts = np.array(["NaT", "2026-03-03T01:00", "NaT"], "datetime64[s]")
    result = due_many(CHINA, starts, parse_limit(limit))
    assert np.isnat(result).tolist() == [True, False, True]
    assert str(result[1]) == "2026-03-03T03:00:00.000000"
    assert np.isnat(due_many(CHINA, starts[:1], parse_limit(limit))).all()
    assert due_many(CHINA, starts[:0], parse_limit(limit)).size == 0
    assert np.isnat(elapsed_many(CHINA, starts, starts, Unit.WORK_HOURS)).tolist() == [True, False, True]


def test_seconds_come_in_and_any_shape() -> None:
    starts = np.array([["2026-03-03T01:00", "2026-03-03T02:00"]], "datetime64[s]")
    assert due_many(CHINA, starts, parse_limit("1 work_hour")).shape == (1, 2)


def test_only_moments_are_taken() -> None:
    with pytest.raises(TypeError, match="datetime64"):
        due_many(CHINA, np.array([1, 2]), parse_limit("1 hour"))


def test_a_column_beyond_the_calendar_says_so() -> None:
    with pytest.raises(OverflowError, match="beyond the year 2200"):
        due_many(CHINA, np.array(["2200-12-30"], "datetime64[s]"), parse_limit("30 work_days"))
