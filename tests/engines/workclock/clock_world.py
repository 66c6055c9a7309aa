"""The calendars and strategies the workclock tests share."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
from hypothesis import strategies as st

from gezhi.engines.workclock import Calendar, Limit, Unit, parse_limit, seed_years

SHIFTS = [["08:30", "12:00"], ["14:00", "17:30"]]
FIXED = ["01-01", "05-01", "10-01..10-03"]
CHINA = Calendar.from_spec(
    {
        "zone": "Asia/Shanghai",
        "shifts": SHIFTS,
        "day_hours": 8,
        "years": seed_years(2016, 2026, chinese_calendar.is_workday),
        "fixed_holidays": FIXED,
    }
)
BOSTON = Calendar.from_spec({"zone": "America/New_York", "shifts": [["09:00", "17:00"]], "fixed_holidays": ["07-04"]})
NIGHT = Calendar.from_spec(
    {"zone": "America/New_York", "shifts": [["00:00", "06:00"], ["22:00", "24:00"]], "weekdays": [1, 2, 3, 4, 5, 6, 7]}
)

calendars = st.sampled_from([CHINA, BOSTON, NIGHT])
moments = st.timedeltas(timedelta(0), timedelta(days=5000)).map(
    lambda passed: datetime(2017, 1, 1, tzinfo=UTC) + passed
)
limits = st.one_of(
    st.builds(parse_limit, st.integers(1, 5000).map(lambda n: f"{n} min")),
    st.builds(
        lambda n, unit: parse_limit(f"{n} {unit}"),
        st.integers(1, 40),
        st.sampled_from([u.value for u in Unit if u is not Unit.MINUTES]),
    ),
)


def counted_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    """The slow truth: walk every minute and ask whether somebody is at work (whole minutes only)."""
    total, at = 0, start
    while at < end:
        local = at.astimezone(calendar.zone)
        minute = local.hour * 60 + local.minute
        today: date = local.date()
        total += calendar.works(today) and any(s.opens <= minute < s.closes for s in calendar.shifts)
        at += timedelta(minutes=1)
    return total


def local(calendar: Calendar, text: str) -> datetime:
    """A moment of that place, such as "2026-02-13 16:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


def said(calendar: Calendar, moment: datetime) -> str:
    """The same way back."""
    return moment.astimezone(calendar.zone).strftime("%Y-%m-%d %H:%M")


__all__ = ["BOSTON", "CHINA", "FIXED", "NIGHT", "SHIFTS", "Limit", "calendars", "counted_minutes", "limits", "moments"]
