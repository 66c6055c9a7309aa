"""A districting run worked by the job: connected proposals within a community, cancelled, failed, made a plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from gezhi.engines.districting import BARRIERS, Certificate, Infeasible
from gezhi.engines.geometry import shared_edges
from gezhi.interfaces.jobs import districting, dividing
from gezhi.lib.errors import WrongState
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.territory import adoption, blocks, checks, plan_views, plans, runs
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.models import Area, Version
from gezhi.modules.territory.runs import Options
from tests.interfaces.visitor import as_, text_of
from tests.town import Town, forget

pytestmark = pytest.mark.django_db
COMMUNITY = "999001001001"


def area(code: str) -> int:
    """Id of the area in force."""
    return territory.areas_in_force().by_code[code].id


def asked(ward: Town, code: str = COMMUNITY, **changes: Any) -> int:
    """A run that was asked for."""
    options = Options(**({"households": 60, "population": 200, "tolerance": 30, "proposals": 4} | changes))
    return runs.start(layer="base", scope=area(code), options=options, by=ward.who("planner"), now=ward.now)


def test_every_aim_gives_connected_grids_and_its_certificate(ward: Town) -> None:
    run = asked(ward)
    districting.draw(run, ward.now)
    view = runs.view(run)
    assert (view.state, view.progress) == ("done", 1.0)
    assert sorted(one["aim"] for one in view.proposals) == sorted(runs.AIMS)
    ground = blocks.of(area(COMMUNITY))
    one, other, _metres = shared_edges(ground.shapes)
    for proposal in view.proposals:
        labels = np.array(proposal["labels"])
        assert set(labels) == set(range(labels.max() + 1))
        for grid in set(labels.tolist()):
            members = np.flatnonzero(labels == grid).tolist()
            reached, edge = {members[0]}, [members[0]]
            while edge:
                here = edge.pop()
                near = [*other[one == here].tolist(), *one[other == here].tolist()]
                fresh = [n for n in near if n in set(members) - reached]
                reached.update(fresh)
                edge += fresh
            assert reached == set(members)
        assert proposal["metrics"]["certificate"] in dividing.ORDER
    assert [entry.kind for entry in ledger.entries(f"run:{run}")] == ["run.asked", "run.done"]


def test_a_proposal_becomes_a_plan_that_can_be_adopted(ward: Town) -> None:
    run = asked(ward)
    districting.draw(run, ward.now)
    plan = runs.plan_from(run=run, proposal=0, name="划分方案", by=ward.who("planner"), now=ward.now)
    today = ward.now.date()
    head = ward.who("centre.leader")
    adopted = adoption.adopt(plan=plan, on=today, today=today, reported_since=0, by=head, now=ward.now)
    assert adopted.begun
    forget()
    assert checks.problems("base", within=area(COMMUNITY)) == []


def test_a_plan_is_judged_by_the_norm_of_its_run_or_of_the_profile(ward_today: Town) -> None:
    run, planner = asked(ward_today, households=60, proposals=2), ward_today.who("planner")
    districting.draw(run, ward_today.now)
    plan = runs.plan_from(run=run, proposal=0, name="划分方案", by=planner, now=ward_today.now)
    scope = area(COMMUNITY)
    drawn = plans.begin(name="手绘", layer="base", scope=scope, level="grid", by=planner, now=ward_today.now)
    assert (plan_views.plan(plan).norm, plan_views.plan(drawn).norm) == (60, 100)
    visitor = as_(ward_today, "planner")
    assert "norm 60" in text_of(visitor.get(f"/desk/territory/plans/{plan}"))
    page = text_of(visitor.get(f"/desk/territory/plans/{drawn}"))
    assert "norm 100" in page
    assert "20 % more" in page  # 120 households beside a hundred
    areas = visitor.get(f"/desk/territory/plans/{drawn}/areas").json()["features"]
    assert {one["properties"]["households"]: one["properties"]["tone"] for one in areas} == {600: "many", 120: "more"}
    assert "In compounds of these kinds another one: Old compound 80." in text_of(
        visitor.get("/desk/territory/runs/new")
    )
    assert 'name="households" value="100"' in " ".join(visitor.get("/desk/territory/runs/new").content.decode().split())


def test_rivers_are_closed_but_at_a_bridge(ward: Town) -> None:
    ground = blocks.of(area(COMMUNITY))
    one, other, _metres = shared_edges(ground.shapes)
    road, river = BARRIERS.index("arterial"), BARRIERS.index("river")

    def between(codes: Any, first: str, second: str) -> int:
        wanted = {ground.codes.index(f"{COMMUNITY}-{name}") for name in (first, second)}
        (pair,) = [n for n in range(len(one)) if {int(one[n]), int(other[n])} == wanted]
        return int(codes[pair])

    line = {"type": "LineString", "coordinates": [[118.79, 32.005], [118.83, 32.005]]}
    Area.objects.filter(layer__key="roads", valid_to=None).update(geometry=line)
    assert between(districting._barriers(ground, one, other), "0011", "0014") == road
    assert between(districting._barriers(ground, one, other), "0011", "0012") == 0
    Area.objects.filter(layer__key="roads", valid_to=None).update(kind="river")
    assert between(districting._barriers(ground, one, other), "0011", "0014") == river
    bridge = {"type": "Point", "coordinates": [118.8015, 32.005]}
    Area.objects.filter(layer__key="sites", valid_to=None).update(kind="bridge", geometry=bridge)
    codes = districting._barriers(ground, one, other)
    assert (between(codes, "0011", "0014"), between(codes, "0012", "0015")) == (0, river)


def test_grids_never_cross_communities(ward: Town) -> None:
    run = asked(ward, "999001001", proposals=2)
    districting.draw(run, ward.now)
    ground = blocks.of(area("999001001"))
    for proposal in runs.view(run).proposals:
        labels = np.array(proposal["labels"])
        for grid in set(labels.tolist()):
            assert len(set(ground.parents[labels == grid].tolist())) == 1


def test_a_cancelled_run_stays_cancelled(ward: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked(ward)
    real = runs.report

    def stopped(**given: Any) -> bool:
        runs.cancel(run=run, by=ward.who("planner"), now=ward.now)
        return real(**given)

    monkeypatch.setattr(runs, "report", stopped)
    districting.draw(run, ward.now)
    assert runs.view(run).state == "cancelled"
    districting.draw(run, ward.now)
    assert runs.view(run).proposals == ()


def test_a_run_that_breaks_says_so_and_the_next_can_begin(ward: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked(ward)
    with pytest.raises(WrongState):
        asked(ward)

    def broken(*_given: Any, **_more: Any) -> Any:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(districting, "divided", broken)
    with pytest.raises(RuntimeError):
        districting.draw(run, ward.now)
    view = runs.view(run)
    assert (view.state, view.message) == ("failed", districting.BROKEN)
    assert asked(ward) != run


def grown(code: str, households: int) -> None:
    """A block with more households than it had."""
    Area.objects.filter(code=code, valid_to=None).update(households=households)
    Version.objects.update(number=Version.objects.get().number + 1)
    forget()


def test_a_block_larger_than_a_grid_is_no_wall(ward_today: Town) -> None:
    grown("999001001001-0011", 2000)
    run = asked(ward_today, households=300, population=1000, proposals=2)
    districting.draw(run, ward_today.now)
    view = runs.view(run)
    assert view.state == "done"
    assert [(one["kind"], one["area"], one["blocks"]) for one in view.notes] == [
        ("alone", area(COMMUNITY), ["999001001001-0011"])
    ]
    place = blocks.of(area(COMMUNITY)).codes.index("999001001001-0011")
    for proposal in view.proposals:
        assert proposal["labels"].count(proposal["labels"][place]) == 1
    page = text_of(as_(ward_today, "planner").get(f"/desk/territory/runs/{run}"))
    assert "more live in 999001001001-0011 than a grid should have" in page


def impossible(code: str = "") -> Any:
    """`divided`, but for a community (all of them, where none is given) nothing can be done."""
    real = districting.divided

    def told(ground: Any, *given: Any, **more: Any) -> Any:
        if not code or code in ground.codes[0]:
            raise Infeasible("A grid holds at most 100; more are in X.", "too_large", most=100, units="X (200)")
        return real(ground, *given, **more)

    return told


def test_a_community_that_cannot_be_divided_stays_and_the_others_are_divided(
    ward_today: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(districting, "divided", impossible(COMMUNITY))
    run = asked(ward_today, "999001001", proposals=2)
    districting.draw(run, ward_today.now)
    view = runs.view(run)
    assert view.state == "done"
    assert [(one["kind"], one["area"]) for one in view.notes] == [("left", area(COMMUNITY))]
    ground = blocks.of(area("999001001"))
    east = ground.parents == area(COMMUNITY)
    for proposal in view.proposals:
        labels = np.array(proposal["labels"])
        assert len(set(labels[east].tolist())) == 2
        assert len(set(labels[~east].tolist())) > 2
        assert proposal["metrics"]["certificate"] == "none"
    page = text_of(as_(ward_today, "planner").get(f"/desk/territory/runs/{run}"))
    assert "stays as it is. A grid may hold at most 100 households; more are in block X (200)." in page


def test_where_nothing_can_be_divided_the_reason_is_shown_with_the_community(
    ward_today: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(districting, "divided", impossible())
    run = asked(ward_today)
    districting.draw(run, ward_today.now)
    view = runs.view(run)
    assert (view.state, view.message) == ("failed", districting.NONE)
    visitor = as_(ward_today, "planner", language="zh-hans")
    assert "最多 100 户" in text_of(visitor.get(f"/desk/territory/runs/{run}"))


def test_the_workload_is_what_was_reported_in_twelve_months_open_or_ended(ward: Town) -> None:
    ground, now = blocks.of(area(COMMUNITY)), ward.now
    ward.until("closed")
    work = districting._workload(area(COMMUNITY), ground, now - districting.PERIOD)
    assert work.sum() == 1
    assert ground.codes[int(work.argmax())] in {"999001001001-0012", "999001001001-0015"}  # on their common edge
    assert districting._workload(area(COMMUNITY), ground, ward.now + timedelta(days=1)).sum() == 0


def test_too_few_cases_are_said_and_their_period(ward_today: Town) -> None:
    run = asked(ward_today)
    districting.draw(run, ward_today.now)
    view = runs.view(run)
    assert [one["cases"] for one in view.notes if one["kind"] == "few"] == [0]
    told = text_of(as_(ward_today, "planner").get(f"/desk/territory/runs/{run}?p=3"))
    assert "too few cases to spread them (0 in the period), so only its households are even." in told
    assert f"Cases reported since {(ward_today.now - districting.PERIOD).date()}" in told


def test_the_weaker_certificate_stands_for_both() -> None:
    best, near = Certificate("optimal"), Certificate("gap", 2.5)
    assert dividing.weaker(best, near) == near
    assert dividing.weaker(Certificate("pairwise", 9.0), near) == Certificate("pairwise", 9.0)
    assert dividing.weaker(best, Certificate("none")).kind == "none"
