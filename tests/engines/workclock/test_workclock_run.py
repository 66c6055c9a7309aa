"""Pausing: a suspension moves the due moment by exactly the counted time that it took."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from clock_world import CHINA, calendars, limits, local, moments, said
from hypothesis import assume, given
from hypothesis import strategies as st

from gezhi.engines.workclock import (
    Calendar,
    ClockError,
    ClockRun,
    Limit,
    Pause,
    due,
    due_with_pauses,
    elapsed_time,
    parse_limit,
)

gaps = st.lists(st.integers(0, 3 * 24 * 3600), min_size=2, max_size=8).filter(lambda g: len(g) % 2 == 0)


def with_pauses(start: datetime, limit: Limit, seconds: list[int]) -> ClockRun:
    run, at = ClockRun(start, limit), start
    for index, gap in enumerate(seconds):
        at += timedelta(seconds=gap)
        run = run.resume(at) if index % 2 else run.pause(at)
    return run


@given(calendars, moments, limits, gaps)
def test_pauses_add_exactly_the_counted_time_they_took(
    calendar: Calendar, start: datetime, limit: Limit, seconds: list[int]
) -> None:
    run = with_pauses(start, limit, seconds)
    moment = due_with_pauses(calendar, run)
    assert moment is not None
    paused = timedelta(0)
    for pause in run.pauses:
        assert pause.end is not None
        if pause.start < moment:
            assert pause.end <= moment
            paused += elapsed_time(calendar, pause.start, pause.end, limit.unit)
    assert (
        elapsed_time(calendar, start, moment, limit.unit) == timedelta(microseconds=limit.length(calendar.day)) + paused
    )
    assert moment >= due(calendar, start, limit)


@given(calendars, moments, limits, gaps)
def test_at_the_due_moment_the_whole_limit_has_run(
    calendar: Calendar, start: datetime, limit: Limit, seconds: list[int]
) -> None:
    run = with_pauses(start, limit, seconds)
    moment = due_with_pauses(calendar, run)
    assert moment is not None
    assert run.share(calendar, moment) == 1
    assert run.ran(calendar, moment - timedelta(microseconds=1)) < run.ran(calendar, moment)


@given(calendars, moments, limits)
def test_without_pauses_it_is_due(calendar: Calendar, start: datetime, limit: Limit) -> None:
    assert due_with_pauses(calendar, ClockRun(start, limit)) == due(calendar, start, limit)


@given(calendars, moments, limits, st.integers(0, 3 * 24 * 3600))
def test_while_paused_nothing_is_due(calendar: Calendar, start: datetime, limit: Limit, seconds: int) -> None:
    at = start + timedelta(seconds=seconds)
    assume(at < due(calendar, start, limit))
    run = ClockRun(start, limit).pause(at)
    assert due_with_pauses(calendar, run) is None
    assert run.ran(calendar, at + timedelta(days=300)) == run.ran(calendar, at)


def test_a_pause_over_a_holiday_costs_only_its_working_time() -> None:
    run = ClockRun(local(CHINA, "2026-09-30 09:00"), parse_limit("2 work_hours"))
    run = run.pause(local(CHINA, "2026-09-30 10:00")).resume(local(CHINA, "2026-10-08 08:30"))
    moment = due_with_pauses(CHINA, run)
    assert moment is not None
    assert said(CHINA, moment) == "2026-10-08 09:30"


def test_a_pause_after_the_limit_had_run_changes_nothing() -> None:
    run = ClockRun(local(CHINA, "2026-03-03 09:00"), parse_limit("1 work_hour")).pause(local(CHINA, "2026-03-03 10:00"))
    assert run.paused
    moment = due_with_pauses(CHINA, run)
    assert moment is not None
    assert said(CHINA, moment) == "2026-03-03 10:00"


def test_amber_of_a_paused_run() -> None:
    run = ClockRun(local(CHINA, "2026-03-03 09:00"), parse_limit("100 min"))
    run = run.pause(local(CHINA, "2026-03-03 09:30")).resume(local(CHINA, "2026-03-03 09:45"))
    amber = run.point(CHINA, 0.7)
    assert amber is not None
    assert said(CHINA, amber) == "2026-03-03 10:25"


def test_what_does_not_fit_is_refused() -> None:
    start, limit = local(CHINA, "2026-03-03 09:00"), parse_limit("1 work_hour")
    hour = timedelta(hours=1)
    with pytest.raises(ClockError, match="only a paused clock"):
        ClockRun(start, limit).resume(start)
    with pytest.raises(ClockError, match="already stands still"):
        ClockRun(start, limit).pause(start).pause(start)
    with pytest.raises(ClockError, match="cannot end before"):
        ClockRun(start, limit).pause(start + hour).resume(start)
    with pytest.raises(ClockError, match="follow one another"):
        ClockRun(start, limit).pause(start - hour)
    with pytest.raises(ClockError, match="follow one another"):
        ClockRun(start, limit, (Pause(start), Pause(start + hour)))
