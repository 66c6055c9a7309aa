"""What stands out is seen with its cases; a quiet town is said to be quiet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed
from gezhi.modules.advice import operations, spots
from gezhi.modules.cases import operations as cases
from gezhi.modules.cases.operations import Place, Report
from tests.modules.advice.advised import learned
from tests.town import EAST, Town

pytestmark = pytest.mark.django_db
LEADER = Actor("account:5", 5, (), frozenset({"figures.see", "case.see.all"}))


def test_a_quiet_town_has_nothing_unusual(town: Town) -> None:
    assert spots.newest(LEADER) is None
    town.report()
    assert operations.look(now=town.now + timedelta(minutes=1)) == 0
    seen = spots.newest(LEADER)
    assert seen is not None
    assert (seen.spots, seen.cases) == ((), 1)


@pytest.mark.clause("QH-8")
@pytest.mark.clause("SZ-10")
def test_a_burst_is_seen_with_place_period_and_cases(town: Town) -> None:
    learned(town, 100)
    burst = [
        Report(
            channel="hotline",
            source="storm",
            source_id=str(k),
            words="暴雨后道路积水没过膝盖",
            place=Place(lon=EAST[0] + k * 1e-5, lat=EAST[1]),
            reported_at=town.now - timedelta(minutes=60 - k),
        )
        for k in range(40)
    ]
    cases.report_many(reports=burst, by=Actor.system(), now=town.now)
    town.now += timedelta(minutes=1)
    assert operations.look(now=town.now) >= 1
    seen = spots.newest(LEADER)
    assert seen is not None
    hottest = seen.spots[0]
    assert len(hottest.cases) >= 30
    assert hottest.heat > 10
    assert hottest.since is not None
    assert hottest.warning
    assert hottest.place


def test_spots_are_for_those_who_see_figures(town: Town) -> None:
    with pytest.raises(NotAllowed):
        spots.newest(town.who("grid.east1"))
