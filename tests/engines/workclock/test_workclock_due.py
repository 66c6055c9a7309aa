"""When a limit is due: a table of cases a dispatcher could check by hand, and the laws that hold for all of them."""

from __future__ import annotations

import timeit
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from clock_world import BOSTON, CHINA, NIGHT, calendars, counted_minutes, limits, local, moments, said
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.engines.workclock import Calendar, Limit, Unit, due, elapsed, elapsed_time, parse_limit, share_point


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-03-03 09:00", "15 min", "2026-03-03 09:15"),
        ("2026-03-03 23:50", "30 min", "2026-03-04 00:20"),  # minutes run through the night
        ("2026-03-03 09:00", "2 work_hours", "2026-03-03 11:00"),
        ("2026-03-03 11:00", "2 work_hours", "2026-03-03 15:00"),  # over the lunch break
        ("2026-03-03 08:30", "3.5 work_hours", "2026-03-03 12:00"),  # the earliest moment, not 14:00
        ("2026-03-03 12:30", "1 work_hour", "2026-03-03 15:00"),  # reported at lunch
        ("2026-03-03 20:00", "1 work_hour", "2026-03-04 09:30"),  # reported at night
        ("2026-03-03 08:30", "1 work_day", "2026-03-04 09:30"),  # a day of 8 h on shifts of 7 h
        ("2026-03-06 17:00", "1 work_hour", "2026-03-09 09:00"),  # over the weekend
        ("2026-02-13 17:00", "1 work_hour", "2026-02-14 09:00"),  # Saturday 14 February 2026 is a make-up day
        ("2026-02-14 17:00", "1 work_hour", "2026-02-24 09:00"),  # over Spring Festival, 15 to 23 February
        ("2026-09-30 17:00", "1 work_hour", "2026-10-08 09:00"),  # over National Day
        ("2026-09-30 17:00", "1 urgent_hour", "2026-09-30 18:00"),
        ("2026-09-30 17:00", "2 urgent_days", "2026-10-02 17:00"),
        ("2026-09-30 17:00", "15 natural_days", "2026-10-15 17:00"),
        ("2027-09-30 17:00", "1 work_hour", "2027-10-04 09:00"),  # no data yet: 1–3 October off by the fixed rule
        ("2015-12-31 17:00", "1 work_hour", "2016-01-04 09:00"),  # before the data: the same rule
    ],
)
def test_due_by_hand(start: str, limit: str, expected: str) -> None:
    assert said(CHINA, due(CHINA, local(CHINA, start), parse_limit(limit))) == expected


def test_a_clock_change_gives_and_takes_an_hour_of_real_time() -> None:
    spring = due(NIGHT, local(NIGHT, "2026-03-07 22:00"), parse_limit("7 work_hours"))
    autumn = due(NIGHT, local(NIGHT, "2026-10-31 22:00"), parse_limit("7 work_hours"))
    assert said(NIGHT, spring) == "2026-03-08 06:00"
    assert said(NIGHT, autumn) == "2026-11-01 04:00"


def test_the_answer_is_in_utc_whatever_zone_asked() -> None:
    start = local(CHINA, "2026-03-03 09:00")
    assert due(CHINA, start, parse_limit("1 work_hour")) == due(
        CHINA, start.astimezone(UTC), parse_limit("1 work_hour")
    )
    assert due(CHINA, start, parse_limit("1 min")).tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 3, 3, 9)  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="has no time zone"):
        due(CHINA, naive, parse_limit("1 min"))


def test_the_calendar_ends_with_a_sentence() -> None:
    with pytest.raises(OverflowError, match="beyond the year 2200"):
        due(CHINA, datetime(2200, 12, 1, tzinfo=UTC), parse_limit("90 work_days"))
    with pytest.raises(OverflowError, match="outside the calendar"):
        due(CHINA, datetime(1800, 1, 1, tzinfo=UTC), parse_limit("1 work_day"))


def test_a_limit_of_years_widens_the_table() -> None:
    years = due(BOSTON, datetime(2026, 1, 1, tzinfo=UTC), parse_limit("5000 work_days"))
    assert elapsed(BOSTON, datetime(2026, 1, 1, tzinfo=UTC), years, Unit.WORK_DAYS) == 5000


@given(calendars, moments, limits)
def test_what_has_elapsed_at_the_due_moment_is_the_limit(calendar: Calendar, start: datetime, limit: Limit) -> None:
    assert elapsed(calendar, start, due(calendar, start, limit), limit.unit) == limit.amount


@given(calendars, moments, limits)
def test_due_is_the_earliest_such_moment(calendar: Calendar, start: datetime, limit: Limit) -> None:
    before = due(calendar, start, limit) - timedelta(microseconds=1)
    assert elapsed(calendar, start, before, limit.unit) < limit.amount


@given(calendars, moments, moments, limits)
def test_due_is_monotone_in_the_start(calendar: Calendar, one: datetime, other: datetime, limit: Limit) -> None:
    early, late = sorted([one, other])
    assert due(calendar, early, limit) <= due(calendar, late, limit)


@given(calendars, moments, st.integers(1, 30), st.integers(1, 30), st.sampled_from(list(Unit)))
def test_due_is_monotone_in_the_limit_and_adds_up(
    calendar: Calendar, start: datetime, first: int, second: int, unit: Unit
) -> None:
    part = due(calendar, start, Limit(Fraction(first), unit))
    whole = due(calendar, start, Limit(Fraction(first + second), unit))
    assert part < whole
    assert due(calendar, part, Limit(Fraction(second), unit)) == whole


@given(calendars, moments, st.lists(st.floats(0, 1), min_size=2, max_size=4), limits)
def test_share_points_lie_in_order_between_start_and_due(
    calendar: Calendar, start: datetime, shares: list[float], limit: Limit
) -> None:
    points = [share_point(calendar, start, limit, share) for share in [0, *sorted(shares), 1]]
    assert points == sorted(points)
    assert points[0] == start
    assert points[-1] == due(calendar, start, limit)


def test_amber_at_seventy_percent() -> None:
    amber = share_point(CHINA, local(CHINA, "2026-03-03 08:30"), parse_limit("10 work_hours"), Fraction(7, 10))
    assert said(CHINA, amber) == "2026-03-03 17:30"
    with pytest.raises(ValueError, match="between 0 and 1"):
        share_point(CHINA, local(CHINA, "2026-03-03 08:30"), parse_limit("10 work_hours"), 70)


@settings(max_examples=25, deadline=None)
@given(calendars, moments, st.integers(0, 9 * 24 * 60))
def test_elapsed_equals_walking_every_minute(calendar: Calendar, start: datetime, minutes: int) -> None:
    start = start.replace(second=0, microsecond=0)
    end = start + timedelta(minutes=minutes)
    assert elapsed_time(calendar, start, end, Unit.WORK_HOURS) == timedelta(
        minutes=counted_minutes(calendar, start, end)
    )


def test_nothing_elapses_backwards() -> None:
    later = datetime(2026, 3, 3, tzinfo=UTC)
    assert elapsed(CHINA, later, later - timedelta(days=3), Unit.WORK_HOURS) == 0
    assert elapsed(CHINA, later, later - timedelta(days=3), Unit.NATURAL_DAYS) == 0


def test_due_is_quick() -> None:
    start, limit = local(CHINA, "2026-09-30 17:00"), parse_limit("2 work_days")
    due(CHINA, start, limit)
    best = min(timeit.repeat(lambda: due(CHINA, start, limit), number=2000, repeat=5)) / 2000
    assert best < 40e-6  # 7 µs on a quiet core; the bar of 20 µs doubled for a busy one
