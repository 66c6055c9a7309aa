"""Layers over the same ground: one area a layer at a point, rules between boundaries, the six fixes and vacancies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box, mapping

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, WrongState
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.territory import blocks, checks, fixes, oneness, operations, plan_views, queries
from gezhi.modules.territory.models import Area, Tenure
from tests.town import EAST, Town, forget

SYSTEM = Actor.system()


def area(code: str) -> Area:
    """The area in force with this code."""
    return Area.objects.get(code=code, valid_to=None)


@pytest.mark.clause("NX-19")
@pytest.mark.parametrize(
    ("point", "codes"),
    [
        (EAST, {"base": "999001001001001", "emergency": "999001001001301", "party": "999001001001501"}),
        (
            (118.795, 32.007),
            {
                "base": "999001001002002",
                "exclusive": "999001001002901",
                "emergency": "999001001002302",
                "party": "999001001002502",
            },
        ),
        ((118.805, 32.0001), {"roads": "999001001-L01"}),
        ((118.8176, 32.0086), {"sites": "999001001001-P01"}),
        ((118.8176, 32.0092), {"base": "999001001001002"}),
    ],
)
def test_a_point_has_one_area_in_each_layer(ward: Town, point: tuple[float, float], codes: dict[str, str]) -> None:
    found = queries.locate(lon=point[0], lat=point[1])
    assert len({one.layer for one in found}) == len(found)
    there = {one.layer: one.code for one in found}
    assert there | codes == there
    many = queries.areas_in_force().locate_many(np.array([point[0]]), np.array([point[1]]))
    assert [one.code for one in many[0]] == [one.code for one in found]


def test_blocks_are_nobodys_duty_but_are_counted(ward: Town) -> None:
    snapshot = queries.areas_in_force()
    assert "blocks" not in snapshot.layers
    assert not any(one.level == "block" for one in snapshot.areas.values())
    ground = blocks.of(area("999001001").id)
    assert (len(ground), int(ground.households.sum())) == (24, 1320)
    assert queries.counts()["blocks"] == {"block": 24}


@pytest.mark.clause("YZ-16")
def test_every_rule_between_layers_holds_and_a_broken_one_is_found(ward: Town) -> None:
    assert set(checks.counts().values()) == {0}
    broken = {
        "999001001001301": "not_same",
        "999001001002901": "not_within",
        "999001001001501": "cut",
    }
    for code, kind in broken.items():
        row = area(code)
        Area.objects.filter(id=row.id).update(geometry=mapping(box(118.7875, 32.002, 118.8155, 32.008)))
        forget()
        layer = row.layer.key
        assert kind in {one.kind for one in checks.problems(layer)}
        assert all((one.sentence and one.areas) or one.kind == "gap" for one in checks.problems(layer))
        Area.objects.filter(id=row.id).update(geometry=row.geometry)
    with pytest.raises(NotThere):
        checks.problems("nothing")


@pytest.mark.clause("SS-2")
def test_the_five_levels_of_the_party_stand_in_one_tree(ward: Town) -> None:
    known = queries.areas_in_force()
    household = known.by_code["party-E1-1"]
    levels = [known.areas[number].level for number in household.path]
    assert levels[1:] == ["street", "community", "branch", "courtyard", "member_household"]
    assert known.areas[household.parent or 0].code == "party-E1"
    beside = [one for one in known.areas.values() if one.parent == household.parent]
    assert 2 <= len(beside) <= 3
    assert all(one.households == 10 for one in beside)


def test_problems_of_one_place_only(ward: Town) -> None:
    row = area("999001001001002")
    Area.objects.filter(id=row.id).update(geometry=mapping(box(118.81, 32.0, 118.82, 32.009)))
    forget()
    east, west = area("999001001001").id, area("999001001002").id
    assert {one.kind for one in checks.problems("base", within=east)} == {"gap"}
    assert checks.problems("base", within=west) == []


@pytest.mark.clause("SZ-6")
def test_the_six_fixes_of_a_grid(ward: Town) -> None:
    today = ward.now.date()
    Area.objects.filter(code="999001001001001").update(households=600)
    standing = fixes.of_area(area("999001001001001").id, on=today)
    assert [one.key for one in standing.fixes] == ["scope", "people", "content", "duty", "standard", "patrol"]
    assert {one.key: one.fixed for one in standing.fixes}["people"] is False
    wanted = {one.post: (one.least, one.missing) for one in standing.seats}
    assert wanted["grid_worker"] == (2, 1)  # 600 households, one worker for 300
    assert wanted["grid_leader"] == (1, 0)
    assert {"grid_deputy", "grid_sub_leader", "grid_keeper", "grid_liaison"} <= wanted.keys()


@pytest.mark.clause("NX-3")
def test_the_crew_of_eleven_and_its_vacancies(ward: Town) -> None:
    standing = fixes.of_area(area("999001001001").id, on=ward.now.date())
    crew = [one for one in standing.seats if one.post != "party_adviser"]
    assert len(crew) == 11
    assert {one.post for one in crew if not one.missing} == {"grid_leader", "grid_liaison"}
    listed = fixes.vacancies(on=ward.now.date(), layer="base", within=area("999001001001").id)
    missing = {one.post for one in listed if one.area.code == "999001001001"}
    assert missing == {one.post for one in standing.seats if one.missing}


@pytest.mark.clause("SS-3")
def test_branch_secretary_committee_and_advisers(ward: Town) -> None:
    pilot = fixes.of_area(area("999001001001501").id, on=ward.now.date())
    other = fixes.of_area(area("999001001002501").id, on=ward.now.date())
    spans = {one.post: (one.least, one.most) for one in pilot.seats}
    assert spans == {"branch_secretary": (1, 1), "branch_committee": (3, 5), "party_adviser": (2, None)}
    assert {one.post: one.least for one in other.seats}["party_adviser"] == 1
    assert [one.display_name for one in pilot.seats[0].holders] == ["试书记"]
    assert "party_adviser" in {one.post for one in fixes.of_area(area("999001001001").id, on=ward.now.date()).seats}


@pytest.mark.clause("YZ-18")
def test_staff_follow_population_and_texts_the_kind_of_compound(ward: Town) -> None:
    grid = area("999001001002002")
    today = ward.now.date()
    seats = {one.post: one.least for one in fixes.of_area(grid.id, on=today).seats}
    assert seats["grid_worker"] == 1  # households are not said of the grid itself
    Area.objects.filter(id=grid.id).update(kind="old", households=700)
    forget()
    standing = fixes.of_area(grid.id, on=today)
    assert {one.post: one.least for one in standing.seats}["grid_worker"] == 3
    patrol = {one.key: one.text for one in standing.fixes}["patrol"]
    assert "stairwells" in patrol


def test_an_area_has_texts_of_its_own_until_it_has_not(ward: Town) -> None:
    planner, grid = ward.who("planner"), area("999001001001001").id
    fixes.set_texts(area=grid, texts={"patrol": " 每日三次 ", "scope": "东至长河"}, by=planner, now=ward.now)
    told = {one.key: (one.text, one.own) for one in fixes.of_area(grid, on=ward.now.date()).fixes}
    assert told["patrol"] == ("每日三次", True)
    assert told["scope"] == ("东至长河", True)
    fixes.set_texts(area=grid, texts={"patrol": ""}, by=planner, now=ward.now)
    assert not {one.key: one.own for one in fixes.of_area(grid, on=ward.now.date()).fixes}["patrol"]
    with pytest.raises(NotAllowed):
        fixes.set_texts(area=grid, texts={}, by=ward.who("acceptor"), now=ward.now)
    with pytest.raises(BadInput):
        fixes.set_texts(area=grid, texts={"duty": "x" * 1001}, by=planner, now=ward.now)
    with pytest.raises(BadInput):
        fixes.set_texts(area=grid, texts={"colour": "blue"}, by=planner, now=ward.now)
    with pytest.raises(NotThere):
        fixes.set_texts(area=999_999, texts={}, by=planner, now=ward.now)
    with pytest.raises(NotThere):
        fixes.of_area(grid, on=date(2000, 1, 1))


def test_two_who_write_texts_do_not_overwrite_each_other(ward: Town) -> None:
    planner, grid, today = ward.who("planner"), area("999001001001001"), ward.now.date()
    seen = fixes.of_area(grid.id, on=today).mark
    fixes.set_texts(area=grid.id, texts={"patrol": "每日三次"}, seen=seen, by=planner, now=ward.now)
    with pytest.raises(WrongState, match="Somebody else wrote"):
        fixes.set_texts(area=grid.id, texts={"patrol": "每日一次"}, seen=seen, by=planner, now=ward.now)
    assert area("999001001001001").fixes == {"patrol": "每日三次"}
    seen = fixes.of_area(grid.id, on=today).mark
    fixes.set_texts(area=grid.id, texts={"patrol": "每日一次"}, seen=seen, by=planner, now=ward.now)
    written = [one for one in ledger.entries("territory") if one.kind == "territory.fixes"]
    assert [one.body["texts"] for one in written] == [{"patrol": "每日三次"}, {"patrol": "每日一次"}]


def test_a_person_takes_a_vacant_post_and_the_vacancy_is_gone(ward: Town) -> None:
    today, site = ward.now.date(), area("999001001001-P01")
    assert [one.post for one in fixes.vacancies(on=today, layer="sites")] == ["site_keeper"]
    who = ward.who("roads.handler").account_id or 0
    operations.appoint(
        account=who, post="site_keeper", area=site.id, since=today, by=ward.who("security"), now=ward.now
    )  # fmt: skip
    assert fixes.vacancies(on=today, layer="sites") == []
    assert len(fixes.vacancies(on=today - timedelta(days=1), layer="sites")) == 1
    assert fixes.vacancy_counts(on=today)["sites"] == 0


@pytest.mark.clause("SS-1")
def test_layers_are_made_one_and_each_old_area_is_told_what_became_of_it(ward: Town) -> None:
    street = area("999001001")
    seen = oneness.look(layers=["base", "emergency", "party"], scope=street.id, votes=2)
    assert len(seen.areas) == 4
    assert seen.by_pair["base", "emergency"] == 1.0
    fates = {(one.layer, one.name): one.fate for one in seen.fates}
    assert fates["base", "第1网格"] == "same"
    assert fates["party", "东一网格党支部"] == "split"
    told: dict[str, Any] = {"layers": ["base", "party"], "scope": street.id, "votes": 2, "into": "base"}
    plan = oneness.begin(**told, name="一张网", by=ward.who("planner"), now=ward.now)
    made = plan_views.areas(plan)
    assert [(one.code, one.fate) for one in made] == [
        ("999001001001001", "redrawn"), ("999001001002001", "same"), ("999001001002002", "same"),
    ]  # fmt: skip
    assert plan_views.comparison(plan).gone == (("999001001001002", "第2网格"),)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"layers": ["base"]}, BadInput),
        ({"layers": ["base", "sites"]}, BadInput),
        ({"votes": 3}, BadInput),
        ({"scope": 999_999}, NotThere),
    ],
)
def test_layers_that_cannot_be_made_one(ward: Town, changes: dict[str, object], error: type[Exception]) -> None:
    given = {"layers": ["base", "party"], "scope": area("999001001").id, "votes": 2}
    with pytest.raises(error):
        oneness.look(**(given | changes))  # type: ignore[arg-type]


deeds = st.lists(
    st.tuples(st.sampled_from(["give", "end"]), st.integers(0, 3), st.integers(-30, 30), st.integers(0, 5)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
def test_a_single_post_has_at_most_one_holder_at_any_instant(
    ward: Town, deeds: list[tuple[str, int, int, int]]
) -> None:
    """Whatever sequence of giving and ending: the database refuses the second holder, and every day has one answer."""
    from django.db import transaction

    people = [ward.who(name).account_id or 0 for name in ("roads.handler", "roads.leader", "water.handler", "acceptor")]
    site = area("999001001001-P01").id
    today = ward.now.date()
    with transaction.atomic():
        for deed, who, start, which in deeds:
            day = today + timedelta(days=start)
            try:
                if deed == "give":
                    operations.appoint(
                        account=people[who], post="site_keeper", area=site, since=day, by=SYSTEM, now=ward.now
                    )
                else:
                    held = list(Tenure.objects.filter(area_id=site, post__key="site_keeper").order_by("id"))
                    if held:
                        operations.end_tenure(tenure=held[which % len(held)].id, on=day, by=SYSTEM, now=ward.now)
            except (WrongState, BadInput):
                continue
        spans = Tenure.objects.filter(area_id=site).values_list("during", flat=True)
        for day in {day for span in spans for day in (span.lower, span.upper) if day} | {today}:
            holders = queries.responsible([site], on=day)
            assert len([one for one in holders if one.post == "site_keeper"]) <= 1
        transaction.set_rollback(True)
