"""Territory: whose is this point, who holds which post, and what the database itself refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, WrongState
from gezhi.modules.people.models import Account
from gezhi.modules.territory import operations, queries, snapshot
from gezhi.modules.territory.models import Area, Tenure
from tests import town as towns
from tests.town import EAST, PROFILE, WEST, Town

SYSTEM = Actor.system()


def test_a_point_is_in_one_grid_with_its_whole_path(town: Town) -> None:
    (grid,) = queries.locate(lon=EAST[0], lat=EAST[1])
    assert grid.code == "999001001001001"
    areas = queries.areas_in_force().areas
    assert [areas[i].level for i in grid.path] == ["district", "street", "community", "grid"]
    assert queries.locate(lon=110.0, lat=20.0) == []


def test_a_shared_edge_belongs_to_exactly_one_grid(town: Town) -> None:
    assert len(queries.locate(lon=118.81, lat=32.005)) == 1
    assert len(queries.locate(lon=118.80, lat=32.005)) == 1


def test_installing_again_changes_nothing(town: Town) -> None:
    before = (Area.objects.count(), Tenure.objects.count())
    towns.install()
    assert (Area.objects.count(), Tenure.objects.count()) == before


def test_a_point_on_a_past_day_is_located_by_the_areas_of_that_day(town: Town) -> None:
    grid = Area.objects.get(code="999001001001001")
    today = town.now.date()
    Area.objects.filter(id=grid.id).update(valid_to=today)
    snapshot.forget()
    assert queries.locate(lon=EAST[0], lat=EAST[1], on=today - timedelta(days=1))[0].id == grid.id
    assert queries.locate(lon=EAST[0], lat=EAST[1], on=today) == []
    with pytest.raises(NotThere):
        operations.appoint(
            account=town.who("grid.west1").account_id or 0,
            post="grid_worker",
            area=grid.id,
            since=today,
            by=SYSTEM,
            now=town.now,
        )


def test_who_was_responsible_has_one_answer_for_each_day(town: Town) -> None:
    grid = Area.objects.get(code="999001001001001")
    today = town.now.date()
    (before,) = queries.responsible([grid.id], on=today)
    operations.end_tenure(tenure=before.tenure, on=today, by=SYSTEM, now=town.now)
    new = town.who("grid.west1").account_id or 0
    operations.appoint(account=new, post="grid_worker", area=grid.id, since=today, by=SYSTEM, now=town.now)
    assert [r.display_name for r in queries.responsible([grid.id], on=today - timedelta(days=1))] == ["试东一"]
    assert [r.display_name for r in queries.responsible([grid.id], on=today)] == ["试西一"]
    with pytest.raises(WrongState):
        operations.end_tenure(tenure=before.tenure, on=today, by=SYSTEM, now=town.now)


def test_a_single_post_has_one_holder_at_a_time(town: Town) -> None:
    unit, today = town.unit("water"), town.now.date()
    other = town.who("roads.handler").account_id or 0
    given = {"account": other, "post": "unit_leader", "organisation": unit, "by": SYSTEM, "now": town.now}
    with pytest.raises(WrongState) as refused:
        operations.appoint(**given, since=today)
    assert refused.value.code == "held"
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenure.objects.filter(account_id=other).update(
            post=Tenure.objects.get(post__key="unit_leader", organisation=unit).post, organisation=unit, single=True
        )


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"post": "king"}, NotThere),
        ({"organisation": 99_999}, NotThere),
        ({"organisation": None}, BadInput),
        ({"post": "grid_worker", "organisation": None}, BadInput),
        ({"post": "grid_worker", "organisation": None, "area": 99_999}, NotThere),
        ({"account": 99_999}, NotThere),
    ],
)
def test_appointments_that_cannot_be(town: Town, changes: dict[str, object], error: type[Exception]) -> None:
    given = {
        "account": town.who("roads.handler").account_id,
        "post": "unit_handler",
        "organisation": town.unit("water"),
    }
    before = Tenure.objects.count()
    with pytest.raises(error):
        operations.appoint(**(given | changes), since=town.now.date(), by=SYSTEM, now=town.now)  # type: ignore[arg-type]
    assert Tenure.objects.count() == before


def test_an_administrator_never_holds_a_business_post(town: Town) -> None:
    admin = town.who("system").account_id or 0
    with pytest.raises(WrongState):
        operations.appoint(
            account=admin,
            post="acceptor",
            organisation=town.unit("centre"),
            since=town.now.date(),
            by=SYSTEM,
            now=town.now,
        )
    tenure = Tenure.objects.get(account__username="acceptor")
    with pytest.raises(DatabaseError), transaction.atomic():
        Tenure.objects.filter(id=tenure.id).update(account_id=admin)
    with pytest.raises(DatabaseError), transaction.atomic():
        Account.objects.filter(username="acceptor").update(administration="system")


def test_only_the_security_administrator_grants(town: Town) -> None:
    for stranger in ("acceptor", "system", "audit"):
        with pytest.raises(NotAllowed):
            operations.end_tenure(
                tenure=Tenure.objects.all()[0].id, on=town.now.date(), by=town.who(stranger), now=town.now
            )


def test_an_actor_carries_posts_and_capabilities_of_the_day(town: Town) -> None:
    actor = town.who("water.leader")
    assert {(p.post, p.organisation) for p in actor.posts} == {("unit_leader", town.unit("water"))}
    assert actor.may("desk.confirm")
    assert town.who("system").posts == ()
    assert town.who("system").capabilities == {"administer.system"}
    assert (
        queries.actor_for(town.who("water.leader").account_id or 0, on=town.now.date() - timedelta(days=900)).posts
        == ()
    )


def test_the_profile_reaches_here_by_name(town: Town) -> None:
    assert PROFILE.endswith("town")
    assert queries.locate(lon=WEST[0], lat=WEST[1])[0].name == "第1网格"
