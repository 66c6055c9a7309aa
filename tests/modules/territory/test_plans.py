"""Plans: drawn step by step, undone and done again, compared, adopted on a day; and every way of refusing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from shapely.geometry import box, mapping

from gezhi.lib.errors import BadInput, NotAllowed, NotThere, Refusal, WrongState
from gezhi.modules.territory import adoption, checks, operations, plan_views, plans, queries, snapshot
from gezhi.modules.territory.drafting import (
    Act,
    Bend,
    Draft,
    Draw,
    HandOver,
    Merge,
    Move,
    Remove,
    Rename,
    Split,
    Straighten,
)  # fmt: skip
from gezhi.modules.territory.models import Area, Plan, PlanStep, Tenure
from tests.town import EAST, Town, forget

CUT = ((118.8033, 31.99), (118.8033, 32.02))  # along the edge of the blocks of the first grid in the east
STREET, EAST_COMMUNITY, WEST_COMMUNITY = "999001001", "999001001001", "999001001002"


def area(code: str) -> Area:
    """The area in force with this code."""
    return Area.objects.get(code=code, valid_to=None)


class Planner:
    """A planner with a plan for the grids of a ground."""

    def __init__(self, town: Town, scope: str = STREET, layer: str = "base", level: str = "grid") -> None:
        self.town, self.by = town, town.who("planner")
        self.plan = plans.begin(
            name="调整方案", layer=layer, scope=area(scope).id, level=level, by=self.by, now=town.now
        )  # fmt: skip
        self.revision = 0

    def act(self, act: Act) -> plans.Edited:
        """Make an act on the newest state."""
        edited = plans.edit(plan=self.plan, revision=self.revision, act=act, by=self.by, now=self.town.now)
        self.revision = edited.revision
        return edited

    def back(self) -> plans.Edited:
        """Undo."""
        edited = plans.undo(plan=self.plan, revision=self.revision, by=self.by, now=self.town.now)
        self.revision = edited.revision
        return edited

    def again(self) -> plans.Edited:
        """Redo."""
        edited = plans.redo(plan=self.plan, revision=self.revision, by=self.by, now=self.town.now)
        self.revision = edited.revision
        return edited

    def adopt(self, on: date | None = None, **more: Any) -> adoption.Adopted:
        """Put it in force, today unless said otherwise."""
        today = self.town.now.date()
        given = {"today": today, "reported_since": 0, "by": self.town.who("centre.leader"), "now": self.town.now}
        done = adoption.adopt(plan=self.plan, on=on or today, **(given | more))
        forget()
        return done

    def areas(self) -> dict[str, plan_views.PlanAreaView]:
        """Its areas by code."""
        return {one.code: one for one in plan_views.areas(self.plan)}


@pytest.fixture
def planner(ward: Town) -> Planner:
    """A plan for the street's grids."""
    return Planner(ward)


def test_a_plan_begins_as_what_is_in_force(planner: Planner) -> None:
    assert [(one.code, one.fate, one.households) for one in planner.areas().values()] == [
        ("999001001001001", "same", 600), ("999001001001002", "same", 120),
        ("999001001002001", "same", 300), ("999001001002002", "same", 300),
    ]  # fmt: skip
    assert plan_views.problems(planner.plan) == []
    seen = plan_views.comparison(planner.plan)
    assert (seen.households_moved, seen.population_moved, seen.gone) == (0, 0, ())


def test_a_grid_is_split_and_the_new_one_gets_the_next_code(planner: Planner) -> None:
    edited = planner.act(Split(1, CUT))
    assert edited.removed == ()
    found = planner.areas()
    assert found["999001001001001"].households == 400
    new = found["999001001001003"]
    assert (new.households, new.fate, new.name_en) == (200, "new", "East Community, grid 3")
    seen = plan_views.comparison(planner.plan)
    assert (seen.areas, seen.households_moved, seen.population_moved) == (5, 200, 500)


def test_every_step_is_undone_and_done_again(planner: Planner) -> None:
    states = [planner.areas()]
    for act in (
        Split(1, CUT),
        Bend((118.81, 32.005), (118.811, 32.005)),
        Merge((1, 5)),
        Rename(1, "999001001001001", "甲", "A"),
    ):
        planner.act(act)
        states.append(planner.areas())
    for state in reversed(states[:-1]):
        planner.back()
        assert planner.areas() == state
    with pytest.raises(WrongState, match="nothing to undo"):
        planner.back()
    for state in states[1:]:
        planner.again()
        assert planner.areas() == state
    with pytest.raises(WrongState, match="nothing to do again"):
        planner.again()


def test_a_new_step_after_undoing_forgets_what_was_undone(planner: Planner) -> None:
    planner.act(Split(1, CUT))
    planner.back()
    planner.act(Merge((1, 2)))
    assert PlanStep.objects.filter(plan_id=planner.plan).count() == 1
    assert set(planner.areas()) == {"999001001001001", "999001001002001", "999001001002002"}


def test_blocks_are_handed_to_a_neighbour(planner: Planner) -> None:
    block = area("999001001001-0013")
    planner.act(HandOver((box(118.8066, 32.0, 118.81, 32.005),), 2))
    found = planner.areas()
    assert block.households == 100
    assert (found["999001001001001"].households, found["999001001001002"].households) == (500, 220)


def test_a_corner_is_bent_moved_and_taken_out_for_both_sides(planner: Planner) -> None:
    assert set(planner.act(Bend((118.81, 32.005), (118.812, 32.005))).changed) == {1, 2}
    assert set(planner.act(Move((118.812, 32.005), (118.811, 32.004))).changed) == {1, 2}
    planner.act(Straighten((118.811, 32.004)))
    assert {one.fate for one in planner.areas().values()} == {"same"}
    assert plan_views.problems(planner.plan) == []


def test_what_is_drawn_takes_its_ground_from_the_grids_of_one_community(planner: Planner) -> None:
    planner.act(Draw(((118.803, 32.002), (118.808, 32.002), (118.808, 32.008), (118.803, 32.008))))
    new = planner.areas()["999001001001003"]
    assert new.parent_code == EAST_COMMUNITY
    assert plan_views.problems(planner.plan) == []


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (Split(1, ((118.805, 32.002), (118.805, 32.004))), "from edge to edge"),
        (Split(99, CUT), "no such area in this plan"),
        (Merge((1,)), "at least two"),
        (Merge((2, 4)), "different parents"),
        (Move((118.81, 32.0), (118.811, 32.001)), "outer boundary"),
        (Move((118.80, 32.01), (118.801, 32.009)), "outer boundary"),
        (Bend((118.80, 32.005), (118.803, 32.005)), "outer boundary"),
        (Draw(((118.803, 32.002), (118.808, 32.008), (118.808, 32.002), (118.803, 32.008))), "crosses itself"),
        (Draw(((118.803, 32.002), (118.808, 32.002))), "at least three corners"),
        (Draw(((110.0, 20.0), (110.1, 20.0), (110.1, 20.1))), "outside the ground"),
        (HandOver((), 1), "Choose the blocks"),
        (HandOver((box(118.78, 32.0, 118.7833, 32.005),), 1), "another parent"),
        (Rename(1, "", "A", ""), "1 to 40 characters"),
        (Rename(1, "999001001001002", "A", ""), "has the code"),
        (Rename(1, "999001001001001", " ", ""), "1 to 120 characters"),
        (Remove(1), "merge this one with a neighbour"),
    ],
)
def test_acts_that_cannot_be_leave_everything_as_it_was(planner: Planner, act: Act, sentence: str) -> None:
    before = planner.areas()
    with pytest.raises(Refusal, match=sentence):
        planner.act(act)
    assert planner.areas() == before
    assert Plan.objects.get(id=planner.plan).revision == 0


def test_two_planners_never_overwrite_each_other(planner: Planner) -> None:
    planner.act(Split(1, CUT))
    with pytest.raises(WrongState) as refused:
        plans.edit(plan=planner.plan, revision=0, act=Merge((1, 2)), by=planner.by, now=planner.town.now)
    assert refused.value.code == "changed"


def test_drawing_and_adopting_are_two_rights(planner: Planner) -> None:
    town = planner.town
    with pytest.raises(NotAllowed):
        planner.adopt(by=town.who("planner"))
    for stranger in ("acceptor", "grid.east1", "centre.leader"):
        with pytest.raises(NotAllowed):
            plans.edit(plan=planner.plan, revision=0, act=Merge((1, 2)), by=town.who(stranger), now=town.now)
    with pytest.raises(NotAllowed):
        plans.begin(name="x", layer="base", scope=area(STREET).id, level="grid", by=town.who("acceptor"), now=town.now)


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"name": " "}, BadInput, "a name"),
        ({"layer": "nothing"}, NotThere, "no such layer"),
        ({"scope": 999_999}, NotThere, "no such area"),
        ({"level": "street"}, BadInput, "below the area"),
        ({"level": "king"}, BadInput, "no level"),
    ],
)
def test_plans_that_cannot_begin(ward: Town, changes: dict[str, Any], error: type[Refusal], sentence: str) -> None:
    given = {"name": "x", "layer": "base", "scope": area(STREET).id, "level": "grid"}
    with pytest.raises(error, match=sentence):
        plans.begin(**(given | changes), by=ward.who("planner"), now=ward.now)
    assert not Plan.objects.exists()


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


def test_a_plan_is_withdrawn_and_stays_on_record(planner: Planner) -> None:
    plans.withdraw(plan=planner.plan, by=planner.by, now=planner.town.now)
    with pytest.raises(WrongState):
        planner.act(Merge((1, 2)))
    with pytest.raises(WrongState):
        planner.adopt()
    assert plan_views.plan(planner.plan).state == "withdrawn"


def test_cases_that_would_go_to_another_grid_are_counted(planner: Planner) -> None:
    planner.act(Split(1, CUT))
    lon, lat = np.array([118.801, 118.805, 118.79]), np.array([32.002, 32.002, 32.002])
    assert plan_views.redrawn(planner.plan, lon, lat) == 1


def test_roads_and_sites_are_drawn_and_given_up(ward: Town) -> None:
    roads = Planner(ward, STREET, "roads", "section")
    roads.act(Draw(((118.802, 32.003), (118.818, 32.003))))
    assert len(roads.areas()) == 2
    roads.adopt()
    assert "roads" in {a.layer for a in queries.locate(lon=118.81, lat=32.00305)}
    sites = Planner(ward, STREET, "sites", "site")
    sites.act(Remove(1))
    with pytest.raises(WrongState, match="no areas"):
        sites.adopt()


def test_a_community_is_redrawn_and_everything_below_follows(ward: Town) -> None:
    """The border between the communities moves into the west: areas of all layers below get rows under the new ones."""
    street = Planner(ward, STREET, "base", "community")
    street.act(Bend((118.80, 32.005), (118.799, 32.005)))
    street.adopt()
    east = area(EAST_COMMUNITY)
    assert east.valid_from == ward.now.date()
    assert area("999001001001001").parent_id == east.id
    assert area("999001001001501").parent_id == east.id
    assert area("E1-S1").path[2] == east.id
    assert {one.kind for one in checks.problems("base")} >= {"astride", "gap"}
    assert queries.locate(lon=EAST[0], lat=EAST[1])[0].code == "999001001001001"


def test_snapshots_of_past_days_are_kept_only_for_the_version(planner: Planner) -> None:
    today = planner.town.now.date()
    first = queries.areas_on(today - timedelta(days=1))
    assert queries.areas_on(today - timedelta(days=1)) is first
    planner.act(Split(1, CUT))
    planner.adopt()
    snapshot.forget()
    assert queries.areas_on(today - timedelta(days=1)) is not first
