"""Who is shown to the public for a grid: holders of public posts of that day, in every layer that holds it; the map."""

from __future__ import annotations

import io
from datetime import timedelta

from gezhi.interfaces.jobs.installing import LayerRow
from gezhi.lib.actor import Actor
from gezhi.modules.files import operations as files
from gezhi.modules.people import contacts
from gezhi.modules.people import operations as accounts
from gezhi.modules.people import queries as people
from gezhi.modules.switches.profiles import Area as SourceArea
from gezhi.modules.territory import operations, publicity, queries, snapshot
from gezhi.modules.territory.models import Area
from tests.town import Town, jpeg

SYSTEM = Actor.system()


def area(code: str) -> int:
    return queries.area_ids()[code]


def named(town: Town, *codes: str) -> list[list[str]]:
    """Who is shown for some areas, by name."""
    wanted = [area(code) for code in codes]
    found = publicity.keepers(wanted, on=town.now.date())
    return [[one.name for one in found.get(number, [])] for number in wanted]


EAST1, WEST1, EAST, STREET = "999001001001001", "999001001002001", "999001001001", "999001001"


def test_holders_of_public_posts_are_shown_and_nobody_else(town: Town) -> None:
    assert named(town, EAST1, WEST1, STREET) == [["试东一"], ["试西一"], []]  # the street leader's post is not public
    (worker,) = publicity.keepers([area(EAST1)], on=town.now.date())[area(EAST1)]
    assert worker.title == {"zh": "专职网格员", "en": "Grid worker"}
    assert worker.duties[0]["zh"] == "每日巡查网格，发现并上报问题"
    assert worker.invented


def test_past_holders_and_inactive_accounts_are_not_shown(town: Town) -> None:
    tenure = queries.responsible([area(EAST1)], on=town.now.date())[0].tenure
    operations.end_tenure(tenure=tenure, on=town.now.date(), by=SYSTEM, now=town.now)
    assert named(town, EAST1) == [[]]
    west = people.account_named("grid.west1")
    assert west is not None
    accounts.deactivate(account_id=west.id, by=SYSTEM, now=town.now)
    assert named(town, WEST1) == [[]]


def test_a_portrait_is_shown_as_long_as_its_owner(town: Town) -> None:
    worker, leader = people.account_named("grid.east1"), people.account_named("street.leader")
    assert worker is not None
    assert leader is not None
    shown, hidden = (files.prepare(stream=io.BytesIO(jpeg(colour))) for colour in ((1, 2, 3), (90, 20, 3)))
    contacts.change_photo(account_id=worker.id, photo=shown, by=SYSTEM, now=town.now)
    contacts.change_photo(account_id=leader.id, photo=hidden, by=SYSTEM, now=town.now)
    today = town.now.date()
    assert publicity.shows_portrait(shown.sha256, on=today)
    assert not publicity.shows_portrait(hidden.sha256, on=today)
    assert not publicity.shows_portrait(shown.sha256, on=today - timedelta(days=4000))
    assert not publicity.shows_portrait("0" * 64, on=today)


def test_people_of_another_layer_answer_where_it_holds_most_of_the_grid(town: Town) -> None:
    ground = Area.objects.get(code=EAST1).geometry
    police = SourceArea("police", "P1", "警务一", "", "grid", None, ground, synthetic=False)
    layers = [LayerRow("base", "综合网格", "", ("grid",)), LayerRow("police", "警务网格", "", ("grid",))]
    operations.install_areas(layers=layers, areas=[police], since=town.now.date(), by=SYSTEM, now=town.now)
    snapshot.forget()
    assert area("P1") in publicity.grounds_of(area(EAST1))
    assert area("P1") not in publicity.grounds_of(area("999001001001002"))


def test_the_map_has_the_grid_its_neighbours_and_the_outlines_above(town: Town) -> None:
    found = publicity.surroundings(area(EAST1), width=186, height=122, margin=0.5)
    assert found is not None
    assert area(EAST1) in found.drawn.areas
    assert len(found.drawn.areas) > 1
    assert set(found.areas) >= set(found.drawn.areas)
    assert publicity.surroundings(area("999001"), width=186, height=122, margin=0.5) is None
