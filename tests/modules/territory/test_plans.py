"""Plans: drawn step by step, undone and done again, compared; and every way of refusing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from shapely.geometry import box

from gezhi.lib.errors import BadInput, NotAllowed, NotThere, Refusal, WrongState
from gezhi.modules.territory import checks, plan_views, plans, queries, snapshot
from gezhi.modules.territory.drafting import (
    Act,
    Bend,
    Draw,
    HandOver,
    Merge,
    Move,
    Remove,
    Rename,
    Split,
    Straighten,
)  # fmt: skip
from gezhi.modules.territory.models import Plan, PlanStep
from tests.modules.territory.planning import CUT, EAST_COMMUNITY, STREET, Planner, area
from tests.town import EAST, Town


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
