"""First contents for a profile's calendar: the published holidays and make-up days of a span of years.

Works on any answer to "is this a working day?" (the product's tooling gives it `chinese_calendar.is_workday`), so the
engine depends on no table of any country.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta


def seed_years(
    first: int, last: int, is_workday: Callable[[date], bool], weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
) -> dict[int, dict[str, list[str]]]:
    """`{2026: {"holidays": ["2026-01-01", …], "makeup": ["2026-01-04", …]}}` for `Calendar.from_spec`.

    Holidays are the usual working days that are off, make-up days the other days that are worked; ISO dates, in order.
    """
    years: dict[int, dict[str, list[str]]] = {}
    for year in range(first, last + 1):
        lists: dict[str, list[str]] = {"holidays": [], "makeup": []}
        day = date(year, 1, 1)
        while day.year == year:
            usual, works = day.isoweekday() in weekdays, is_workday(day)
            if usual and not works:
                lists["holidays"].append(day.isoformat())
            elif works and not usual:
                lists["makeup"].append(day.isoformat())
            day += timedelta(days=1)
        years[year] = lists
    return years
