"""The weekly dispatch meeting (SZ-8) on the small town: what comes before it, what is decided, what comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, WrongState
from gezhi.modules.cases import operations as cases
from gezhi.modules.cases.models import Case, Clock, Link, Remark
from gezhi.modules.command import operations, queries, series
from gezhi.modules.command.models import AgendaItem, Decision, Meeting
from gezhi.modules.command.queries import MeetingView, Point
from gezhi.modules.ledger import queries as ledger
from tests.town import MONDAY, Town

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)  # seven in the evening in Shanghai
KEY = "0123456789abcdef"


def chair(town: Town) -> Actor:
    return town.who("centre.leader")


def planned(town: Town, at: datetime = WEDNESDAY) -> int:
    return operations.plan(planned_at=at, by=chair(town), now=town.now)


def composed(town: Town, at: datetime = WEDNESDAY) -> int:
    meeting = planned(town, at)
    operations.compose(meeting=meeting, by=chair(town), now=town.now)
    return meeting


def held(town: Town, meeting: int | None = None) -> int:
    found = meeting or planned(town)
    operations.hold(meeting=found, present=[town.unit("water"), town.unit("roads")], by=chair(town), now=town.now)
    return found


def seen(town: Town, meeting: int, who: str = "centre.leader") -> MeetingView:
    return queries.meeting(town.who(who), meeting)


def topic(town: Town, meeting: int, words: str = "防汛准备") -> int:
    return operations.add_item(meeting=meeting, topic=words, by=chair(town), now=town.now)


def item(town: Town, unit: str = "water", days: int = 7) -> dict[str, Any]:
    return {"what": "疏通主管线", "unit": town.unit(unit), "due": (town.now + timedelta(days=days)).date().isoformat()}


def decided(town: Town, item_id: int, plan: list[dict[str, Any]] | None = None, key: str = KEY) -> int:
    moved = operations.decide(
        item=item_id, plan=plan or [item(town)], words="限期疏通", key=key, by=chair(town), now=town.now
    )
    assert moved is not None
    return moved.case


def of_case(view: MeetingView, case: int) -> Point:
    return next(point for point in view.points if point.case is not None and point.case.id == case)


def lapse(town: Town, days: int) -> None:
    town.now += timedelta(days=days)
    while cases.fire_due(now=town.now):
        pass


# what comes onto the agenda
@pytest.mark.clause("SZ-8")
def test_overdue_reworked_supervised_and_hard_cases_come_with_their_reasons(town: Town) -> None:
    fresh, late = town.until("filed"), town.until("signed")
    supervised, hard, reworked = town.until("signed"), town.until("signed"), town.until("checking")
    town.act(supervised.case, "street.leader", "supervise", {"words": "请今日完成"})
    town.act(hard.case, "grid.east1", "mark_hard", {"words": "产权不清"})
    for _n in range(2):
        again = {"reason": "仍有渗水", "photos": [town.photo()]}
        town.act(reworked.case, "grid.east1", "fail_check", again)
        for move, who, given in (
            ("sign", "water.handler", {}),
            ("finish", "water.handler", {"after": [town.photo()], "words": "重做"}),
            ("confirm", "water.leader", {}),
        ):
            town.act(reworked.case, who, move, given)
    meeting = composed(town)
    reasons = {p.case.id: p.reasons for p in seen(town, meeting).points if p.case}
    assert reasons == {supervised.case: ("supervised",), hard.case: ("hard",), reworked.case: ("rework",)}
    assert of_case(seen(town, meeting), reworked.case).rework == 2
    lapse(town, 7)
    later = composed(town, town.now + timedelta(days=1))
    point = of_case(seen(town, later), late.case)
    assert point.reasons[-1] == "overdue"
    assert point.overdue is not None
    assert point.overdue > 24
    assert of_case(seen(town, later), fresh.case).reasons == ("overdue",)


def test_composing_again_adds_what_is_new_and_leaves_what_was_dropped(town: Town) -> None:
    first = town.until("signed")
    town.act(first.case, "street.leader", "supervise", {"words": "请今日完成"})
    meeting = composed(town)
    operations.drop_item(item=seen(town, meeting).points[0].id, by=chair(town), now=town.now)
    second = town.until("signed")
    town.act(second.case, "grid.east1", "mark_hard", {"words": "产权不清"})
    assert operations.compose(meeting=meeting, by=chair(town), now=town.now) == 1
    view = seen(town, meeting)
    assert [p.case.id for p in view.points if p.case] == [second.case]
    assert [p.case.id for p in view.dropped if p.case] == [first.case]
    operations.take_up(item=view.dropped[0].id, by=chair(town), now=town.now)
    assert [p.case.id for p in seen(town, meeting).points if p.case] == [second.case, first.case]


def test_the_chair_puts_the_agenda_in_order(town: Town) -> None:
    meeting = planned(town)
    one, two, three = (topic(town, meeting, f"议题{n}") for n in range(3))
    operations.move_item(item=three, up=True, by=chair(town), now=town.now)
    assert [p.id for p in seen(town, meeting).points] == [one, three, two]
    operations.move_item(item=one, up=True, by=chair(town), now=town.now)  # the first stays the first
    operations.move_item(item=one, up=False, by=chair(town), now=town.now)
    assert [p.id for p in seen(town, meeting).points] == [three, one, two]
    operations.drop_item(item=one, by=chair(town), now=town.now)
    operations.move_item(item=two, up=True, by=chair(town), now=town.now)  # past what was dropped
    assert [p.id for p in seen(town, meeting).points] == [two, three]


def test_a_case_is_put_on_by_its_number_once(town: Town) -> None:
    receipt, meeting = town.report(), planned(town)
    added = operations.add_item(meeting=meeting, number=f" {receipt.number} ", by=chair(town), now=town.now)
    assert seen(town, meeting).points[0].reasons == ("hand",)
    with pytest.raises(BadInput, match="already"):
        operations.add_item(meeting=meeting, number=receipt.number, by=chair(town), now=town.now)
    operations.drop_item(item=added, by=chair(town), now=town.now)
    assert operations.add_item(meeting=meeting, number=receipt.number, by=chair(town), now=town.now) == added


@pytest.mark.parametrize(
    "given", [{}, {"number": "1", "topic": "x"}, {"number": "20991231000001"}, {"topic": "x" * 301}]
)
def test_a_point_is_a_case_that_is_there_or_a_topic(town: Town, given: dict[str, str]) -> None:
    meeting = planned(town)
    with pytest.raises(BadInput):
        operations.add_item(meeting=meeting, by=chair(town), now=town.now, **given)
    assert not AgendaItem.objects.exists()


# planning
def test_one_evening_of_the_series_has_one_meeting(town: Town) -> None:
    rule = series.in_force()
    evening = rule.next_evening(town.now)
    assert evening == WEDNESDAY
    assert rule.next_evening(evening) == evening + timedelta(days=7)
    assert rule.drafts_now(town.now) is None
    assert rule.drafts_now(datetime(2026, 3, 3, 7, 0, tzinfo=UTC)) == evening
    made = [
        operations.plan(planned_at=evening, series_on=evening.date(), by=Actor.system(), now=town.now)
        for _n in range(2)
    ]
    assert made[0] == made[1]
    assert queries.upcoming(town.now).meeting == made[0]
    operations.call_off(meeting=made[0], words="防汛应急", by=chair(town), now=town.now)
    assert queries.upcoming(town.now).meeting is None
    again = operations.plan(planned_at=evening, series_on=evening.date(), by=chair(town), now=town.now)
    assert Meeting.objects.get(id=again).number == 2


def test_a_meeting_is_planned_for_a_time_to_come(town: Town) -> None:
    for days in (0, -1, 400):
        with pytest.raises(BadInput) as refused:
            planned(town, town.now + timedelta(days=days))
        assert refused.value.field == "planned_at"


def test_only_the_chair_leads_and_only_those_who_take_part_see(town: Town) -> None:
    meeting = planned(town)
    for who in ("dispatcher", "acceptor", "water.leader", "street.leader"):
        with pytest.raises(NotAllowed):
            operations.plan(planned_at=WEDNESDAY, by=town.who(who), now=town.now)
        with pytest.raises(NotAllowed):
            operations.hold(meeting=meeting, present=[town.unit("water")], by=town.who(who), now=town.now)
    assert seen(town, meeting, "water.leader").may_lead is False
    for who in ("acceptor", "grid.east1", "system"):
        with pytest.raises(NotAllowed):
            queries.meeting(town.who(who), meeting)
        with pytest.raises(NotAllowed):
            queries.meetings(town.who(who))
    with pytest.raises(NotThere):
        seen(town, meeting + 1)


def test_a_unit_sees_its_own_cases_on_the_agenda_and_how_many_others_there_are(town: Town) -> None:
    own, other = town.until("signed"), town.report()
    meeting = planned(town)
    for receipt in (own, other):
        operations.add_item(meeting=meeting, number=receipt.number, by=chair(town), now=town.now)
    topic(town, meeting)
    view = seen(town, meeting, "water.leader")
    assert [p.case.id for p in view.points if p.case] == [own.case]
    assert (len(view.points), view.hidden) == (2, 1)
    assert seen(town, meeting).concerned == (town.unit("water"),)


# holding, deciding
@pytest.mark.clause("SZ-8")
def test_a_decision_becomes_a_case_with_units_days_and_a_link(town: Town) -> None:
    receipt, meeting = town.until("signed"), planned(town)
    point = operations.add_item(meeting=meeting, number=receipt.number, by=chair(town), now=town.now)
    held(town, meeting)
    case = decided(town, point, [item(town), item(town, "roads", 3)])
    row = Case.objects.get(id=case)
    assert (row.matter, row.stage, row.channel, row.area_name) == (
        "decision", "working", "meeting", Case.objects.get(id=receipt.case).area_name,
    )  # fmt: skip
    assert Link.objects.get(case=case).other_id == receipt.case
    due = {c.assignment_key: c.due_at for c in Clock.objects.filter(case=case, name="item")}
    assert due["item-1-1"] == datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC)  # the end of the day named
    found = of_case(seen(town, meeting), receipt.case).decided[0]
    assert [(i.what, i.unit, i.stage_key) for i in found.items] == [
        ("疏通主管线", town.unit("water"), "todo"), ("疏通主管线", town.unit("roads"), "todo"),
    ]  # fmt: skip
    assert row.due_at == due["item-1-2"]


def test_the_same_form_sent_twice_decides_once(town: Town) -> None:
    meeting = held(town)
    point = topic(town, meeting)
    decided(town, point)
    given = {"item": point, "plan": [item(town)], "words": "限期疏通", "key": KEY}
    assert operations.decide(**given, by=chair(town), now=town.now) is None  # type: ignore[arg-type]
    assert Decision.objects.count() == Case.objects.filter(matter="decision").count() == 1


def test_a_decision_that_cannot_be_stores_nothing(town: Town) -> None:
    point = topic(town, held(town))
    nobody = [{"what": "x", "unit": 999_999, "due": "2026-04-01"}]
    wrong: list[tuple[list[dict[str, Any]], str]] = [
        ([], "限期"), (nobody, "限期"), ([item(town)], ""), ([item(town, days=-2)], "限期"),
    ]  # fmt: skip
    for plan, words in wrong:
        with pytest.raises(BadInput) as refused:
            operations.decide(item=point, plan=plan, words=words, key=KEY, by=chair(town), now=town.now)
        assert refused.value.field in {"plan", "words"}
    assert Case.objects.count() == Decision.objects.count() == 0


def test_each_step_has_its_time(town: Town) -> None:
    meeting = planned(town)
    point = topic(town, meeting)
    with pytest.raises(WrongState, match="not begun"):
        decided(town, point)
    with pytest.raises(BadInput):
        operations.hold(meeting=meeting, present=[], by=chair(town), now=town.now)
    held(town, meeting)
    with pytest.raises(WrongState, match="has begun"):
        operations.change(meeting=meeting, planned_at=WEDNESDAY, title="", place="", by=chair(town), now=town.now)
    decided(town, point)
    with pytest.raises(WrongState, match="has decided"):
        operations.drop_item(item=point, by=chair(town), now=town.now)
    with pytest.raises(BadInput):
        operations.close(meeting=meeting, by=chair(town), now=town.now)
    operations.say(item=point, words="水务局汇报，电话13800001234", by=chair(town), now=town.now)
    operations.write_minutes(meeting=meeting, words="会议听取汇报并作出交办", by=chair(town), now=town.now)
    operations.close(meeting=meeting, by=chair(town), now=town.now)
    with pytest.raises(WrongState, match="closed"):
        operations.write_minutes(meeting=meeting, words="改", by=chair(town), now=town.now)
    view = seen(town, meeting)
    assert (view.state, view.points[0].words) == ("closed", "水务局汇报，电话〔电话〕")
    kinds = [entry.kind for entry in ledger.entries(f"meeting:{meeting}")]
    assert kinds == [
        "meeting.planned", "meeting.agenda", "meeting.held", "meeting.decided", "meeting.noted", "meeting.noted",
        "meeting.closed",
    ]  # fmt: skip
    assert "汇报" not in str([entry.body for entry in ledger.entries(f"meeting:{meeting}")])


# what comes of it
@pytest.mark.clause("SZ-8")
def test_what_is_open_stands_on_the_next_agenda_until_it_is_accepted(town: Town) -> None:
    meeting = held(town)
    case = decided(town, topic(town, meeting), [item(town), item(town, "roads")])
    town.act(case, "water.leader", "do", {"words": "已疏通", "photos": [town.photo()]}, assignment="item-1-1")
    with pytest.raises(NotAllowed):
        town.act(case, "water.leader", "accept_item", {}, assignment="item-1-1")
    town.act(case, "dispatcher", "accept_item", {}, assignment="item-1-1")
    town.now += timedelta(days=7)
    following = composed(town, town.now + timedelta(days=1))
    point = of_case(seen(town, following), case)
    assert point.reasons == ("carried",)
    assert point.carried is not None
    assert [(i.stage_key, i.late(town.now + timedelta(days=1))) for i in point.carried.items] == [
        ("done", False), ("todo", True),
    ]  # fmt: skip
    town.act(case, "roads.handler", "do", {"words": "已完成"}, assignment="item-1-2")
    town.act(case, "centre.leader", "accept_item", {"words": "同意"}, assignment="item-1-2")
    assert Case.objects.get(id=case).stage == "done"
    assert composed(town, town.now + timedelta(days=2))
    assert queries.meetings(chair(town))[-1].open == 0
    assert not Clock.objects.filter(case=case, stopped_at=None).exists()


def test_more_time_moves_one_item_and_is_asked_twice_at_most(town: Town) -> None:
    case = decided(town, topic(town, held(town)), [item(town), item(town, "roads")])
    before = Clock.objects.get(case=case, assignment_key="item-1-1").due_at
    asked = {"longer": "3 natural_days", "reason": "materials"}
    for _n in range(2):
        town.act(case, "water.leader", "ask_time", asked, assignment="item-1-1")
        with pytest.raises(NotAllowed):
            town.act(case, "dispatcher", "grant_time", {"longer": "3 natural_days"}, assignment="item-1-1")
        town.act(case, "centre.leader", "grant_time", {"longer": "3 natural_days"}, assignment="item-1-1")
    with pytest.raises(WrongState):
        town.act(case, "water.leader", "ask_time", asked, assignment="item-1-1")
    due = dict(Clock.objects.filter(case=case).values_list("assignment_key", "due_at"))
    assert due["item-1-1"] == before + timedelta(days=6)
    assert due["item-1-2"] == before
    town.act(case, "water.leader", "do", {"words": "已疏通"}, assignment="item-1-1")
    town.act(case, "dispatcher", "redo_item", {"words": "仍有积水"}, assignment="item-1-1")
    running = Clock.objects.get(case=case, assignment_key="item-1-1", stopped_at=None)
    assert running.due_at == before + timedelta(days=6)  # done again, by the day it was put off to
    assert not running.missed


def test_an_item_or_the_whole_decision_is_dropped_with_a_reason(town: Town) -> None:
    case = decided(town, topic(town, held(town)), [item(town), item(town, "roads")])
    with pytest.raises(NotAllowed):
        town.act(case, "dispatcher", "drop_item", {"words": "已无必要"}, assignment="item-1-1")
    town.act(case, "centre.leader", "drop_item", {"words": "已无必要"}, assignment="item-1-1")
    assert Case.objects.get(id=case).stage == "working"
    town.act(case, "centre.leader", "drop_item", {"words": "已无必要"}, assignment="item-1-2")
    assert Case.objects.get(id=case).stage == "dropped"
    assert Remark.objects.filter(case=case, words="已无必要").count() == 2


# reading
def test_the_number_of_queries_does_not_grow_with_the_agenda(town: Town) -> None:
    meeting = held(town)
    counts = []
    for n in range(2):
        for m in range(1 + 4 * n):
            point = operations.add_item(meeting=meeting, number=town.report().number, by=chair(town), now=town.now)
            decided(town, point, key=f"{KEY}{n}{m}")
        leader = chair(town)
        with CaptureQueriesContext(connection) as told:
            queries.meeting(leader, meeting)
        counts.append(len(told))
    assert counts[0] == counts[1] <= 9


def test_meetings_are_listed_by_key_the_latest_first(town: Town) -> None:
    made = [planned(town, WEDNESDAY + timedelta(days=n)) for n in range(3)]
    page = queries.meetings(chair(town), size=2)
    assert [row.id for row in page] == made[:0:-1]
    rest = queries.meetings(chair(town), after=page[-1].cursor, size=2)
    assert [row.id for row in rest] == made[:1]
    assert date.fromisoformat("2026-03-04") == WEDNESDAY.date()
    assert MONDAY < WEDNESDAY
