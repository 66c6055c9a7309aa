"""Plans put in force: what ends, begins and goes on; days that are refused; broken layers held back."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from shapely.geometry import box, mapping, shape

from gezhi.lib.errors import WrongState
from gezhi.modules.notices import queries as notices
from gezhi.modules.territory import adoption, checks, continuing, fixes, operations, plan_views, plans, queries
from gezhi.modules.territory.continuing import Outline
from gezhi.modules.territory.drafting import (
    Draft,
    Merge,
    Split,
)  # fmt: skip
from gezhi.modules.territory.models import Area, Plan, PlanArea, PlanStep, Tenure
from tests.modules.territory.planning import CUT, EAST_COMMUNITY, Planner, area
from tests.town import Town, forget


@pytest.fixture
def planner(ward: Town) -> Planner:
    """A plan for the street's grids."""
    return Planner(ward)


def test_adopted_today_it_is_in_force_and_yesterday_stays_what_it_was(planner: Planner) -> None:
    today = planner.town.now.date()
    planner.act(Split(1, CUT))
    done = planner.adopt()
    assert (done.scheduled, done.carried, done.ended) == (False, 2, 0)
    (now_there,) = [a for a in queries.locate(lon=118.801, lat=32.002) if a.layer == "base"]
    (was_there,) = [
        a for a in queries.locate(lon=118.801, lat=32.002, on=today - timedelta(days=1)) if a.layer == "base"
    ]
    assert (now_there.code, was_there.code) == ("999001001001003", "999001001001001")
    assert (now_there.households, now_there.since) == (200, today)
    assert was_there.until == today
    assert checks.problems("base") == []
    untouched = area("999001001002001")
    assert untouched.valid_from < today


def test_people_and_places_below_go_on_with_the_grid(planner: Planner) -> None:
    today = planner.town.now.date()
    old = area("999001001001001")
    planner.act(Split(1, CUT))
    planner.adopt()
    new = area("999001001001001")
    assert new.id != old.id
    leader, worker = queries.responsible([new.id], on=today)
    assert (leader.display_name, worker.display_name, worker.since) == ("试书记", "试东一", today)
    assert {one.until for one in queries.responsible([old.id], on=today - timedelta(days=1))} == {today}
    assert queries.responsible([old.id], on=today) == []
    stairwell, unit = area("E1-S1"), area("E1-S1-U1")
    assert stairwell.parent_id == new.id
    assert unit.path == [*new.path, stairwell.id, unit.id]
    yesterday = queries.areas_on(today - timedelta(days=1))
    (then,) = [a for a in yesterday.areas.values() if a.code == "E1-S1-U1"]
    assert old.id in then.path
    assert all(number in yesterday.areas for number in then.path)


def test_a_grid_that_is_given_up_ends_its_posts(planner: Planner) -> None:
    today = planner.town.now.date()
    planner.act(Merge((4, 3)))  # the second of the west swallows the first, whose worker is left
    done = planner.adopt()
    assert (done.carried, done.ended) == (0, 1)
    assert not Area.objects.filter(code="999001001002001", valid_to=None).exists()
    assert queries.tenures_of(planner.town.who("grid.west1").account_id or 0)[0].until == today


def test_texts_written_while_a_plan_is_drawn_stay(planner: Planner) -> None:
    redrawn, untouched = area("999001001001001"), area("999001001002001")
    planner.act(Split(1, CUT))
    for one in (redrawn, untouched):
        texts = {"patrol": "每日三次"}
        fixes.set_texts(area=one.id, texts=texts, by=planner.by, now=planner.town.now)
    planner.adopt()
    assert area(redrawn.code).id != redrawn.id
    assert area(redrawn.code).fixes == {"patrol": "每日三次"}
    assert (area(untouched.code).id, area(untouched.code).fixes) == (untouched.id, {"patrol": "每日三次"})
    assert area("999001001001003").fixes == {}


def test_texts_written_while_a_run_is_looked_at_stay(planner: Planner) -> None:
    today, old = planner.town.now.date(), area("999001001001001")
    outlines = [Outline(shape(one.geometry), EAST_COMMUNITY) for one in (old, area("999001001001002"))]
    drafts = continuing.drafts(old.layer, "grid", area(EAST_COMMUNITY).id, outlines)
    given = {"name": "划分", "layer": "base", "scope": area(EAST_COMMUNITY).id, "areas": drafts, "source": "run"}
    plan = plans.begin(**given, by=planner.by, now=planner.town.now)
    fixes.set_texts(area=old.id, texts={"duty": "巡查"}, by=planner.by, now=planner.town.now)
    head = planner.town.who("centre.leader")
    adoption.adopt(plan=plan, on=today, today=today, reported_since=0, by=head, now=planner.town.now)
    assert area(old.code).fixes == {"duty": "巡查"}


def test_plans_begun_before_forget_their_copies_of_texts(planner: Planner) -> None:
    planner.act(Split(1, CUT))
    PlanArea.objects.filter(plan_id=planner.plan).update(fixes={"patrol": "旧"})
    step = PlanStep.objects.get(plan_id=planner.plan)
    for one in step.before.values():
        if one:
            one["fixes"] = {"patrol": "旧"}
    step.save()
    import_module("gezhi.modules.territory.migrations.0004_plans_set_texts").forget_copies(apps, None)
    planner.back()
    assert [one.fixes for one in PlanArea.objects.filter(plan_id=planner.plan, origin__isnull=False)] == [{}] * 4


def test_a_later_day_is_scheduled_and_comes_by_itself(planner: Planner) -> None:
    today = planner.town.now.date()
    planner.act(Split(1, CUT))
    assert planner.adopt(today + timedelta(days=3)).scheduled
    assert adoption.apply_due(today=today, now=planner.town.now) == []
    assert queries.locate(lon=118.801, lat=32.002)[0].code == "999001001001001"
    assert adoption.apply_due(today=today + timedelta(days=3), now=planner.town.now) == [planner.plan]
    assert adoption.apply_due(today=today + timedelta(days=3), now=planner.town.now) == []
    forget()
    assert queries.locate(lon=118.801, lat=32.002)[0].code == "999001001001003"


def test_a_scheduled_plan_that_no_longer_fits_is_held_back_and_says_why(planner: Planner) -> None:
    today = planner.town.now.date()
    planner.act(Split(1, CUT))
    planner.adopt(today + timedelta(days=3))
    other = Planner(planner.town, EAST_COMMUNITY)
    other.act(Merge((1, 2)))
    other.adopt()
    assert adoption.apply_due(today=today + timedelta(days=3), now=planner.town.now) == []
    held = plan_views.plan(planner.plan)
    assert (held.state, held.held_back) == ("draft", "stale")
    for who in ("planner", "centre.leader"):
        (told,) = [one for one in notices.for_actor(planner.town.who(who)) if one.kind == "plan.held_back"]
        assert (told.subject, told.params) == (f"plan:{planner.plan}", {"name": "调整方案"})


def test_the_past_is_not_redrawn_under_cases(planner: Planner) -> None:
    today = planner.town.now.date()
    planner.act(Split(1, CUT))
    with pytest.raises(WrongState, match="3 cases were reported here since") as refused:
        planner.adopt(today - timedelta(days=10), reported_since=3)
    assert refused.value.code == "cases_between"
    assert Plan.objects.get(id=planner.plan).state == "draft"
    assert planner.adopt(today - timedelta(days=10)).carried == 2
    with pytest.raises(WrongState, match="came into force on"):
        Planner(planner.town).adopt(today - timedelta(days=10))


def test_a_tenure_begun_after_a_backdated_day_moves_as_a_whole(planner: Planner) -> None:
    town, today = planner.town, planner.town.now.date()
    grid, worker = area("999001001001001"), town.who("roads.handler").account_id or 0
    operations.appoint(
        account=worker, post="grid_liaison", area=grid.id, since=today - timedelta(days=2),
        by=town.who("security"), now=town.now,
    )  # fmt: skip
    planner.act(Split(1, CUT))
    planner.adopt(today - timedelta(days=5))
    (held,) = Tenure.objects.filter(account_id=worker, post__key="grid_liaison")
    assert held.area_id == area("999001001001001").id
    assert held.during.lower == today - timedelta(days=2)


def test_a_post_that_begins_on_a_grid_given_up_keeps_the_plan_from_adoption(planner: Planner) -> None:
    town, today = planner.town, planner.town.now.date()
    operations.appoint(
        account=town.who("roads.handler").account_id or 0, post="grid_liaison", area=area("999001001002002").id,
        since=today + timedelta(days=5), by=town.who("security"), now=town.now,
    )  # fmt: skip
    planner.act(Merge((3, 4)))
    with pytest.raises(WrongState, match="End that post first"):
        planner.adopt()
    assert area("999001001002002").valid_to is None


def broken(town: Town, *outlines: tuple[str, Any], levels: str = "grid") -> int:
    """A plan for the east from outlines that somebody sent."""
    drafts = [
        Draft(levels, EAST_COMMUNITY, code, f"N{code[-1:]}", "", mapping(outline) if outline else None)
        for code, outline in outlines
    ]
    return plans.begin(
        name="x", layer="base", scope=area(EAST_COMMUNITY).id, areas=drafts, source="file",
        by=town.who("planner"), now=town.now,
    )  # fmt: skip


LEFT, RIGHT = box(118.80, 32.0, 118.81, 32.01), box(118.81, 32.0, 118.82, 32.01)


@pytest.mark.parametrize(
    ("outlines", "kind"),
    [
        ([("999001001001001", LEFT)], "gap"),
        ([("999001001001001", LEFT), ("999001001001002", box(118.809, 32.0, 118.82, 32.01))], "overlap"),
        ([("999001001001001", LEFT), ("999001001001001", RIGHT)], "code_taken"),
        ([("999001001001001", LEFT), ("999001001002009", RIGHT)], "code_parent"),
        ([("999001001001001", box(118.79, 32.0, 118.81, 32.01)), ("999001001001002", RIGHT)], "astride"),
        ([("999001001001001", LEFT), ("999001001001002", RIGHT.union(box(118.815, 32.01, 118.82, 32.012)))], "outside"),
        ([("999001001001001", LEFT), ("999001001001002", RIGHT), ("999001001001003", None)], "outline_missing"),
    ],
)
def test_a_broken_layer_cannot_be_adopted_and_the_reason_says_where(ward: Town, outlines: Any, kind: str) -> None:
    plan = broken(ward, *outlines)
    found = plan_views.problems(plan)
    assert kind in {one.kind for one in found}
    assert any(one.where is not None for one in found) or kind == "outline_missing"
    today = ward.now.date()
    with pytest.raises(WrongState) as refused:
        adoption.adopt(plan=plan, on=today, today=today, reported_since=0, by=ward.who("centre.leader"), now=ward.now)
    assert refused.value.code == "broken"
    assert found[0].sentence in refused.value.sentence
    assert Plan.objects.get(id=plan).state == "draft"
