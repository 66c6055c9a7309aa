"""The working calendar changed in the product: what holds, who may, what is refused, what the ledger says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gezhi.engines.workclock import Shift
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, Unavailable, WrongState
from gezhi.modules.cases import rules
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.switches import calendar, queries
from gezhi.modules.switches.models import CalendarDay
from tests.modules.catalogue.catalogue_world import adopted

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HAND = Actor("account:7", 7, (), frozenset({"administer.system"}))
FRIDAY, SATURDAY = date(2026, 3, 6), date(2026, 3, 7)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force() -> None:
    queries.look_again()
    adopted()


def decide(day: date = FRIDAY, kind: str = "off", by: Actor = HAND, **more: object) -> list[date]:
    return calendar.set_day(day=day, kind=kind, by=by, now=NOW, **more)  # type: ignore[arg-type]


def test_a_day_off_holds_for_every_clock_and_is_on_record() -> None:
    assert rules.calendar() is queries.profile().workclock
    assert decide(why="停水检修") == [FRIDAY]
    assert not rules.calendar().works(FRIDAY)
    assert rules.calendar() is rules.calendar()
    entry = ledger.entries("calendar")[-1]
    assert (entry.kind, entry.by) == ("calendar.changed", "account:7")
    assert entry.body == {"days": ["2026-03-06"], "kind": "off", "shifts": "", "why": "停水检修"}
    assert decide(why="停水检修") == []
    assert len(ledger.entries("calendar")) == 1


def test_several_days_are_decided_at_once_and_one_is_taken_back() -> None:
    assert decide(FRIDAY, until=date(2026, 3, 9)) == [date(2026, 3, n) for n in (6, 7, 8, 9)]
    calendar.clear_day(day=SATURDAY, by=HAND, now=NOW)
    assert [one.day.day for one in queries.changed_days()] == [6, 8, 9]
    with pytest.raises(WrongState):
        calendar.clear_day(day=SATURDAY, by=HAND, now=NOW)
    assert decide(FRIDAY, "working", until=date(2026, 3, 9), shifts="09:00-11:00") == [
        date(2026, 3, n) for n in (6, 7, 8, 9)
    ]
    assert CalendarDay.objects.count() == 9  # all of it is kept


def test_a_worked_day_has_its_own_shifts_or_the_usual_ones() -> None:
    decide(SATURDAY, "working")
    usual = queries.profile().workclock.shifts
    assert rules.calendar().days[SATURDAY] == usual
    decide(SATURDAY, "working", shifts="14:00–18:00，08:00至12:00")
    assert rules.calendar().days[SATURDAY] == (Shift(480, 720), Shift(840, 1080))
    assert queries.changed_days()[0].shifts == "08:00-12:00, 14:00-18:00"


def test_a_year_says_what_the_profile_says_and_what_holds() -> None:
    decide(FRIDAY)
    decide(SATURDAY, "working", shifts="08:00-24:00")
    days = {one.day: one for one in queries.year(2026)}
    assert len(days) == 365
    assert (days[FRIDAY].works, days[FRIDAY].profile_says) == (False, "working")
    assert (days[SATURDAY].works, days[SATURDAY].profile_says, days[SATURDAY].shifts) == (
        True,
        "weekend",
        "08:00-24:00",
    )
    says = {day.isoformat(): days[day].profile_says for day in days}
    assert (says["2026-02-17"], says["2026-02-14"], says["2026-10-03"]) == ("holiday", "makeup", "holiday")
    assert {one.day: one for one in queries.year(2031)}[date(2031, 10, 1)].profile_says == "holiday"


WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"kind": "half"}, "kind", "off or it is worked"),
    ({"kind": "working", "shifts": "18:00-08:00"}, "shifts", "ends before it begins"),
    ({"kind": "working", "shifts": "08:00-08:00"}, "shifts", "ends before it begins"),
    ({"kind": "working", "shifts": "08:00-12:00, 11:00-13:00"}, "shifts", "overlap"),
    ({"kind": "working", "shifts": "00:00-24:00, 00:00-24:00"}, "shifts", "overlap"),
    ({"kind": "working", "shifts": "22:00-26:00"}, "shifts", "beyond midnight"),
    ({"kind": "working", "shifts": "24:00-24:00"}, "shifts", "beyond midnight"),
    ({"kind": "working", "shifts": "8-12"}, "shifts", "is no shift"),
    ({"kind": "working", "shifts": "08:70-12:00"}, "shifts", "is no shift"),
    ({"kind": "working", "shifts": "上午"}, "shifts", "is no shift"),
    ({"kind": "working", "shifts": ",".join(f"{n:02}:00-{n:02}:30" for n in range(13))}, "shifts", "at most 12"),
    ({"kind": "off", "shifts": "08:00-12:00"}, "shifts", "has no shifts"),
    ({"day": date(1999, 12, 31)}, "day", "2000 to 2100"),
    ({"day": date(2101, 1, 1)}, "day", "2000 to 2100"),
    ({"day": date(2100, 12, 31), "until": date(2101, 1, 5)}, "until", "2000 to 2100"),
    ({"until": date(2026, 3, 5)}, "until", "before the first"),
    ({"until": date(2026, 12, 31)}, "until", "At most 62 days"),
    ({"why": "因" * 201}, "why", "At most 200"),
]


def test_what_cannot_be_is_refused_and_nothing_stored() -> None:
    for changes, field, words in WRONG:
        with pytest.raises(BadInput, match=words) as refused:
            decide(**changes)  # type: ignore[arg-type]
        assert refused.value.field == field, changes
    assert CalendarDay.objects.count() == 0
    assert ledger.entries("calendar") == []


def test_only_the_system_administrator_changes_the_calendar() -> None:
    for by in (Actor.public(), Actor("account:1", 1, (), frozenset({"administer.security", "case.see.all"}))):
        with pytest.raises(NotAllowed):
            decide(by=by)
        with pytest.raises(NotAllowed):
            calendar.clear_day(day=FRIDAY, by=by, now=NOW)


def test_another_process_sees_a_change_within_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rules.calendar().works(FRIDAY)
    CalendarDay.objects.create(day=FRIDAY, kind="off", by="account:7", at=NOW)  # as another process commits it
    assert rules.calendar().works(FRIDAY)  # for a moment
    passed = queries.time.monotonic() + 1.1
    monkeypatch.setattr(queries.time, "monotonic", lambda: passed)
    assert not rules.calendar().works(FRIDAY)


def test_before_a_profile_there_is_no_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "in_force", lambda: None)
    with pytest.raises(Unavailable):
        queries.calendar()
