"""Reading calendars and limits: what is worked, and a sentence for every mistake."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import chinese_calendar
import pytest
from clock_world import CHINA, FIXED, SHIFTS
from hypothesis import given
from hypothesis import strategies as st

from gezhi.engines.workclock import Calendar, CalendarError, Limit, LimitError, Unit, parse_limit, seed_years

GOOD = {"zone": "Asia/Shanghai", "shifts": SHIFTS, "day_hours": 8, "fixed_holidays": FIXED}


def test_seeded_years_work_the_days_the_state_council_said() -> None:
    calendar = Calendar.from_spec({**GOOD, "years": seed_years(2004, 2026, chinese_calendar.is_workday)})
    day = date(2004, 1, 1)
    while day < date(2027, 1, 1):
        assert calendar.works(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_years_without_data_follow_the_defined_rule() -> None:
    assert not CHINA.works(date(2027, 1, 1))  # a Friday, but fixed
    assert not CHINA.works(date(2029, 10, 3))
    assert CHINA.works(date(2029, 10, 4))
    assert not CHINA.works(date(2029, 10, 6))  # a Saturday
    assert CHINA.works(date(2027, 2, 8))  # Spring Festival is not announced: worked, until the profile is updated


def test_a_year_with_data_is_not_touched_by_the_fixed_days() -> None:
    calendar = Calendar.from_spec({**GOOD, "years": {2030: {"holidays": [], "makeup": ["2030-01-05"]}}})
    assert calendar.works(date(2030, 1, 1))
    assert calendar.works(date(2030, 1, 5))
    assert not calendar.works(date(2030, 1, 6))


def test_ranges_of_dates_and_dates_read_by_yaml() -> None:
    years = {2026: {"holidays": ["2026-10-01..2026-10-07", date(2026, 1, 1)], "makeup": [date(2026, 10, 10)]}}
    calendar = Calendar.from_spec({**GOOD, "years": years})
    assert [calendar.works(date(2026, 10, d)) for d in (1, 7, 8, 10, 11)] == [False, False, True, True, False]
    assert not calendar.works(date(2026, 1, 1))


def test_the_day_is_the_length_of_the_shifts_unless_told() -> None:
    spec = {key: value for key, value in GOOD.items() if key != "day_hours"}
    assert Calendar.from_spec(spec).day_hours == 7


@pytest.mark.parametrize(
    ("change", "where", "sentence"),
    [
        ({"zone": "Asia/Nowhere"}, ("zone",), "not a time zone"),
        ({"zone": None}, ("zone",), "not a time zone"),
        ({"shifts": []}, ("shifts",), "no shifts"),
        ({"shifts": [["08:30"]]}, ("shifts", 0), "pair of times"),
        ({"shifts": [[510, 720]]}, ("shifts", 0), "in quotes"),
        ({"shifts": [["08:30", "24:30"]]}, ("shifts", 0), "in quotes"),
        ({"shifts": [["12:00", "08:30"]]}, ("shifts", 0), "ends before it begins"),
        ({"shifts": [["08:30", "12:00"], ["11:00", "13:00"]]}, ("shifts", 1), "before the one before it ends"),
        ({"day_hours": 0}, ("day_hours",), "at most 24"),
        ({"day_hours": "eight"}, ("day_hours",), "at most 24"),
        ({"weekdays": [0]}, ("weekdays",), "from 1 (Monday)"),
        ({"years": []}, ("years",), "are written as"),
        ({"years": {"next": {}}}, ("years", "next"), "not a year"),
        ({"years": {2026: {"holidays": ["2026-02-30"]}}}, ("years", 2026, "holidays", 0), "not a date"),
        ({"years": {2026: {"makeup": ["2025-02-03"]}}}, ("years", 2026, "makeup", 0), "does not lie in 2026"),
        ({"years": {2026: {"holidays": ["2026-05-01"], "makeup": ["2026-05-01"]}}}, ("years", 2026), "both"),
        ({"fixed_holidays": ["13-01"]}, ("fixed_holidays", 0), "not a day of a year"),
        ({"fixed_holidays": ["10-03..10-01"]}, ("fixed_holidays", 0), "not a day of a year"),
        ({"holidays": []}, ("holidays",), "not part of a calendar"),
    ],
)
def test_mistakes_are_named(change: dict[str, object], where: tuple[str | int, ...], sentence: str) -> None:
    with pytest.raises(CalendarError) as caught:
        Calendar.from_spec({**GOOD, **change})
    assert [found for found, _ in caught.value.problems] == [where]
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("15 min", Limit(Fraction(15), Unit.MINUTES)),
        ("2 work_hours", Limit(Fraction(2), Unit.WORK_HOURS)),
        ("1 work_day", Limit(Fraction(1), Unit.WORK_DAYS)),
        ("1.5 work_days", Limit(Fraction(3, 2), Unit.WORK_DAYS)),
        ("2urgent_hours", Limit(Fraction(2), Unit.URGENT_HOURS)),
        (" 15  natural_days ", Limit(Fraction(15), Unit.NATURAL_DAYS)),
    ],
)
def test_limits_are_read(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["", "two days", "2", "2 fortnights", "-1 work_days", "0 min", "1e3 min"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(LimitError):
        parse_limit(text)


@given(st.integers(1, 10**6), st.sampled_from(list(Unit)))
def test_a_limit_is_written_as_it_is_read(amount: int, unit: Unit) -> None:
    limit = Limit(Fraction(amount, 4), unit)
    assert parse_limit(str(limit)) == limit
