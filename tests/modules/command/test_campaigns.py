"""Special operations on the small town: their scope, daily figures, cases by hand, the report that stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, WrongState
from gezhi.modules.cases.operations import Place
from gezhi.modules.command import operations, queries
from gezhi.modules.command.models import Campaign
from gezhi.modules.command.operations import CampaignPlan
from gezhi.modules.command.queries import CampaignView
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.territory import queries as territory
from tests.town import EAST, WEST, Town

pytestmark = pytest.mark.django_db
CLASS = "C01001"


def area(code: str) -> int:
    return territory.area_ids()[code]


def plan(town: Town, **changes: object) -> CampaignPlan:
    given = CampaignPlan(
        name="井盖专项整治",
        purpose="汛期前集中排查井盖",
        areas=(area("999001001001"),),
        starts_on=date(2026, 3, 2),
        ends_on=date(2026, 3, 15),
        teams=(town.unit("water"), town.unit("roads")),
        classes=(CLASS,),
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def lead(town: Town) -> Actor:
    return town.who("dispatcher")


def begun(town: Town, **changes: object) -> int:
    return operations.plan_campaign(plan=plan(town, **changes), by=lead(town), now=town.now)


def seen(town: Town, campaign: int, who: str = "dispatcher") -> CampaignView:
    return queries.campaign(town.who(who), campaign, now=town.now)


@pytest.mark.clause("SZ-8")
def test_what_is_reported_in_its_time_on_its_ground_of_its_classes_belongs(town: Town) -> None:
    begun_before = town.report(at=EAST, klass=CLASS)
    town.now += timedelta(days=1)
    campaign = begun(town, starts_on=date(2026, 3, 3))
    inside = town.until("checked", at=EAST, klass=CLASS)
    elsewhere, another = town.report(at=WEST, klass=CLASS), town.report(at=EAST)
    called = town.report(at=EAST, channel="operation")
    view = seen(town, campaign)
    assert (view.state, view.figures.total.reported, view.figures.total.closed) == ("running", 2, 0)
    town.act(inside.case, "acceptor", "close")
    view = seen(town, campaign)
    assert (view.figures.total.closed, view.figures.total.open) == (1, 1)
    assert [(day.on.isoformat(), day.reported, day.closed) for day in view.figures.days] == [("2026-03-03", 2, 1)]
    assert {unit: counted.reported for unit, counted in view.figures.units} == {town.unit("water"): 1, None: 1}
    for receipt in (begun_before, elsewhere, another):
        operations.set_case(campaign=campaign, number=receipt.number, belongs=True, by=lead(town), now=town.now)
    operations.set_case(campaign=campaign, number=called.number, belongs=False, by=lead(town), now=town.now)
    assert seen(town, campaign).figures.total.reported == 4
    operations.set_case(campaign=campaign, number=called.number, belongs=True, by=lead(town), now=town.now)
    operations.set_case(campaign=campaign, number=elsewhere.number, belongs=False, by=lead(town), now=town.now)
    rows = queries.cases_of(lead(town), campaign)
    assert {row.number for row in rows} == {begun_before.number, another.number, called.number}
    assert [row.number for row in queries.cases_of(lead(town), campaign, ended=True)] == [inside.number]


def test_limits_that_passed_are_counted_on_their_day(town: Town) -> None:
    from gezhi.modules.cases import operations as cases

    campaign = begun(town)
    town.until("signed", at=EAST)
    town.now += timedelta(days=4)
    while cases.fire_due(now=town.now):
        pass
    figures = seen(town, campaign).figures
    assert (figures.total.late, sum(day.overdue for day in figures.days)) == (1, 1)
    assert len(figures.days) == 5


def test_a_major_class_takes_in_all_its_classes(town: Town) -> None:
    campaign = begun(town, classes=(), majors=("component:01",))
    town.report(at=EAST, klass=CLASS)
    town.report(at=EAST)
    assert seen(town, campaign).figures.total.reported == 1
    everything = begun(town, name="全面整治", classes=(), majors=())
    assert seen(town, everything).figures.total.reported == 2


@pytest.mark.clause("SZ-8")
def test_the_closing_report_stays_what_it_was(town: Town) -> None:
    campaign = begun(town)
    receipt = town.until("checked", at=EAST)
    with pytest.raises(BadInput) as refused:
        operations.close_campaign(campaign=campaign, words=" ", by=lead(town), now=town.now)
    assert refused.value.field == "words"
    town.now += timedelta(days=3)
    operations.close_campaign(campaign=campaign, words="排查井盖，隐患清零", by=lead(town), now=town.now)
    view = seen(town, campaign)
    assert (view.state, view.ends_on, view.closing) == ("closed", date(2026, 3, 5), "排查井盖，隐患清零")
    assert (view.figures.total.reported, view.figures.total.closed, len(view.figures.days)) == (1, 0, 4)
    town.act(receipt.case, "acceptor", "close")
    assert seen(town, campaign).figures == view.figures
    for again in (
        lambda: operations.close_campaign(campaign=campaign, words="再", by=lead(town), now=town.now),
        lambda: operations.change_campaign(campaign=campaign, plan=plan(town), by=lead(town), now=town.now),
        lambda: operations.set_case(
            campaign=campaign, number=receipt.number, belongs=True, by=lead(town), now=town.now
        ),
    ):
        with pytest.raises(WrongState, match="closed"):
            again()
    told = ledger.entries(f"campaign:{campaign}")
    assert [entry.kind for entry in told] == ["campaign.planned", "campaign.closed"]
    assert told[-1].body["figures"] == {"reported": 1, "closed": 0, "open": 1, "late": 0}


def test_a_plan_that_cannot_be_is_refused_with_every_field(town: Town) -> None:
    day = date(2026, 3, 2)
    for changes, fields in (
        ({"name": " ", "purpose": ""}, ["name", "purpose"]),
        ({"name": "长" * 81}, ["name"]),
        ({"ends_on": date(2026, 3, 1)}, ["ends_on"]),
        ({"starts_on": None, "ends_on": None}, ["starts_on", "ends_on"]),
        ({"ends_on": date(2027, 3, 4)}, ["ends_on"]),
        ({"areas": ()}, ["areas"]),
        ({"areas": (10**9,)}, ["areas"]),
        ({"classes": ("X1",), "majors": ("event:99",)}, ["classes", "majors"]),
        ({"teams": ()}, ["teams"]),
        ({"teams": (10**9,)}, ["teams"]),
    ):
        with pytest.raises(BadInput) as refused:
            begun(town, **changes)  # type: ignore[arg-type]
        assert [field for field, _sentence in refused.value.problems] == fields
    assert not Campaign.objects.exists()
    begun(town)
    with pytest.raises(BadInput, match="of this name in that time") as twice:
        begun(town, starts_on=day + timedelta(days=13), ends_on=day + timedelta(days=20))
    assert twice.value.field == "name"
    begun(town, starts_on=day + timedelta(days=14), ends_on=day + timedelta(days=20))  # the day after: another one


def test_who_may_see_and_who_may_lead(town: Town) -> None:
    campaign = begun(town)
    town.report(at=EAST, klass=CLASS)
    own = town.until("signed", at=EAST)
    for who in ("acceptor", "grid.east1", "system"):
        with pytest.raises(NotAllowed):
            seen(town, campaign, who)
    for who in ("water.leader", "street.leader"):
        with pytest.raises(NotAllowed):
            operations.plan_campaign(plan=plan(town, name="另一个"), by=town.who(who), now=town.now)
    assert seen(town, campaign, "water.leader").figures.total.reported == 2  # the whole operation
    assert [r.number for r in queries.cases_of(town.who("water.leader"), campaign)] == [own.number]  # its own cases
    with pytest.raises(NotThere):
        seen(town, campaign + 1)
    with pytest.raises(BadInput):
        operations.set_case(campaign=campaign, number="1", belongs=True, by=lead(town), now=town.now)


def test_lists_page_by_key_and_queries_are_constant(town: Town) -> None:
    made = [begun(town, name=f"行动{n}", starts_on=date(2026, 3, 2 + n % 2)) for n in range(4)]
    town.report(at=EAST, klass=CLASS)
    leader = lead(town)
    order = [row.id for row in queries.campaigns(leader, now=town.now)]
    assert order == [made[3], made[1], made[2], made[0]]
    page = queries.campaigns(leader, now=town.now, size=2)
    assert [row.id for row in queries.campaigns(leader, now=town.now, after=page[-1].cursor)] == order[2:]
    counts = []
    for n in range(2):
        for m in range(3 * n):
            town.report(place=Place(lon=EAST[0], lat=EAST[1] + m * 1e-5), klass=CLASS)
        with CaptureQueriesContext(connection) as told:
            queries.campaign(leader, made[0], now=town.now)
            queries.campaigns(leader, now=town.now)
        counts.append(sum("switches_" not in query["sql"] for query in told))  # the profile is looked at once a second
    assert counts[0] == counts[1] <= 10
