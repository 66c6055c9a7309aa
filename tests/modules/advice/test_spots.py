"""What stands out is seen with its cases; a quiet town is said to be quiet; those who act are warned, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed, NotThere
from gezhi.modules.advice import operations, spots, warning
from gezhi.modules.advice.models import SpotWarning
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.notices import queries as notices
from gezhi.modules.notices import texts
from gezhi.modules.notices.queries import NoticeView
from tests.modules.advice.advised import burst, learned
from tests.town import Town

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
    burst(town, 40)
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


def told(town: Town, who: str) -> list[NoticeView]:
    """What somebody was told of hot spots, the newest first."""
    return [one for one in notices.for_actor(town.who(who)) if one.subject.startswith("spot:")]


def test_a_quiet_town_is_told_nothing(town: Town) -> None:
    learned(town, 100)
    town.report()
    operations.look(now=town.now + timedelta(minutes=1))
    assert told(town, "dispatcher") == []
    assert not SpotWarning.objects.exists()


@pytest.mark.clause("QH-8")
def test_those_who_act_are_warned_once_and_again_when_it_has_doubled(town: Town) -> None:
    learned(town, 100)
    burst(town, 20)
    for _run in range(2):
        operations.look(now=town.now)
        town.now += timedelta(minutes=15)
    (first,) = told(town, "dispatcher")
    assert first.kind == "spot.warned"
    burst(town, 10, start=20)
    operations.look(now=town.now)
    assert len(told(town, "dispatcher")) == 1
    burst(town, 40, start=30)
    operations.look(now=town.now)
    again, *_first = told(town, "dispatcher")
    assert (again.kind, again.params["before"]) == ("spot.grown", first.params["count"])
    assert again.params["count"] >= 2 * first.params["count"]
    assert len(told(town, "dispatcher")) == 2


def test_who_is_warned_and_what_they_are_told(town: Town) -> None:
    learned(town, 100)
    burst(town, 20)
    operations.look(now=town.now)
    for who in ("dispatcher", "street.leader"):
        (one,) = told(town, who)
        said = texts.line(one.kind, one.params)
        assert all(str(one.params[name]) in said for name in ("place", "object", "count", "since", "until"))
        assert "…" not in said
        seen = spots.warned(town.who(who), int(one.subject.removeprefix("spot:")))
        assert (seen.spot.count, seen.before) == (one.params["count"], 0)
    for who in ("acceptor", "grid.east1", "community.leader", "water.leader", "centre.leader"):
        assert told(town, who) == [], who
    (entry,) = ledger.entries(one.subject)
    assert (entry.kind, entry.body["told"]) == ("spot.warned", 2)
    with pytest.raises(NotAllowed):
        spots.warned(town.who("grid.east1"), 1)
    with pytest.raises(NotThere):
        spots.warned(town.who("dispatcher"), 0)


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"cases": [3, 4, 5, 6, 7, 8], "object": "别的", "place": "别处"}, True),
        ({"cases": [3, 4, 9, 10, 11, 12], "object": "别的"}, False),
        ({"cases": [21, 22, 23, 24, 25]}, True),
        ({"cases": [21, 22, 23, 24, 25], "place": "别处"}, False),
        ({"cases": [21, 22, 23, 24, 25], "since": "2026-03-02T05:00:00+00:00"}, False),
    ],
)
def test_a_cluster_is_known_again_by_its_cases_or_by_matter_place_and_period(
    changes: dict[str, object], same: bool
) -> None:
    seen = {
        "cases": [1, 2, 3, 4, 5, 6],
        "object": "C01001 · 积水",
        "place": "东社区",
        "since": "2026-03-02T01:00:00+00:00",
        "until": "2026-03-02T02:00:00+00:00",
    }
    assert warning.same(seen, seen | changes) is same
