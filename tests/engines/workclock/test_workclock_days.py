"""Single days laid over a calendar: off, or worked with shifts of their own; everything else stays as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.engines.workclock.clock_world import CHINA, local, moments, said

from gezhi.engines.workclock import Limit, Shift, Unit, due, elapsed_time, parse_limit

Days = dict[date, tuple[Shift, ...]]
MORNING = (Shift(9 * 60, 11 * 60),)
DAYS = st.dictionaries(
    st.dates(date(2024, 1, 1), date(2024, 2, 28)),
    st.sampled_from([(), MORNING, (Shift(0, 24 * 60),), (Shift(8 * 60, 12 * 60), Shift(14 * 60, 18 * 60))]),
    max_size=12,
)


def test_a_day_off_moves_what_is_due_over_it() -> None:
    start, limit = local(CHINA, "2026-03-05 17:00"), parse_limit("1 work_hours")
    assert said(CHINA, due(CHINA, start, limit)) == "2026-03-06 09:00"
    shut = CHINA.with_days({date(2026, 3, 6): ()})
    assert not shut.works(date(2026, 3, 6))
    assert said(shut, due(shut, start, limit)) == "2026-03-09 09:00"


def test_a_worked_saturday_counts_in_its_own_shifts() -> None:
    worked = CHINA.with_days({date(2026, 3, 7): MORNING})
    assert worked.works(date(2026, 3, 7))
    whole = elapsed_time(worked, local(CHINA, "2026-03-07 00:00"), local(CHINA, "2026-03-08 00:00"), Unit.WORK_HOURS)
    assert whole == timedelta(hours=2)
    start = local(CHINA, "2026-03-06 17:00")
    assert said(worked, due(worked, start, parse_limit("2 work_hours"))) == "2026-03-07 10:30"


def test_days_laid_over_replace_those_before() -> None:
    one = CHINA.with_days({date(2026, 3, 6): ()})
    assert one.with_days({}) == CHINA
    assert one != CHINA
    assert hash(one) == hash(CHINA)


@given(DAYS, moments, st.integers(1, 40))
@examples(max_examples=60)
def test_what_is_due_has_run_whatever_days_are_changed(
    days: dict[date, tuple[Shift, ...]], start: datetime, n: int
) -> None:
    calendar = CHINA.with_days(days)
    limit = Limit(parse_limit(f"{n} work_hours").amount, Unit.WORK_HOURS)
    ends = due(calendar, start, limit)
    assert elapsed_time(calendar, start, ends, limit.unit) == timedelta(hours=n)


@given(DAYS)
@examples(max_examples=40)
def test_the_time_of_two_months_is_the_sum_of_their_days(days: Days) -> None:
    calendar = CHINA.with_days(days)
    total = timedelta(0)
    for n in range(60):
        day = date(2024, 1, 1) + timedelta(days=n)
        shifts = days.get(day, CHINA.shifts if CHINA.works(day) else ())
        total += sum((timedelta(minutes=s.closes - s.opens) for s in shifts), timedelta(0))
    first, last = datetime(2024, 1, 1, tzinfo=calendar.zone), datetime(2024, 3, 1, tzinfo=calendar.zone)
    assert elapsed_time(calendar, first.astimezone(UTC), last.astimezone(UTC), Unit.WORK_HOURS) == total
