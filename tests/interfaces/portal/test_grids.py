"""My grid: found by place, name or list; its page, poster and cards show who answers for it, and nothing else."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gezhi.lib.actor import Actor
from gezhi.modules.cases.models import Case
from gezhi.modules.files import disk
from gezhi.modules.files import operations as files
from gezhi.modules.people import contacts
from gezhi.modules.people import queries as people
from gezhi.modules.territory import operations as territory
from gezhi.modules.territory import queries as territory_queries
from tests.interfaces.visitor import Visitor, as_, hidden, text_of
from tests.modules.documents.papers import read, words
from tests.town import EAST, WEST, Town, counted_queries, jpeg

EAST1, WEST1, EAST_COMMUNITY = "999001001001001", "999001001002001", "999001001001"
PHONE, NOTE = "025-0555-0101", "负责一至六栋"
SYSTEM = Actor.system()


def account(username: str) -> int:
    found = people.account_named(username)
    assert found is not None
    return found.id


def give(username: str, colour: tuple[int, int, int] = (10, 90, 60), phone: str = PHONE, note: str = NOTE) -> str:
    """Give somebody of the town a phone and a portrait; its SHA-256."""
    prepared = files.prepare(stream=io.BytesIO(jpeg(colour)))
    number, now = account(username), timezone.now()
    contacts.change(account_id=number, phone=phone, note=note, by=SYSTEM, now=now)
    contacts.change_photo(account_id=number, photo=prepared, by=SYSTEM, now=now)
    return prepared.sha256


@pytest.mark.clause("YZ-12")
def test_a_resident_sees_who_answers_for_the_grid(public: Visitor) -> None:
    portrait = give("grid.east1")
    page = public.get(f"/grids/{EAST1}")
    said = text_of(page)
    for expected in ("试东一", "(invented)", "Grid worker", PHONE, NOTE, "Patrols the grid every day", "12345"):
        assert expected in said
    body = page.content.decode()
    assert 'href="tel:02505550101"' in body
    assert f'src="/files/{portrait}/thumb"' in body
    assert public.get(f"/files/{portrait}/thumb").status_code == 200
    assert f'href="/report?grid={EAST1}"' in body
    assert f'areas="/map/areas/grid?within={territory_queries.area_ids()["999001001"]}&amp;layer=base"' in body
    assert "<svg" in body
    for paper in ("poster", "card"):
        made = public.get(f"/grids/{EAST1}/{paper}.pdf")
        assert made["Content-Type"] == "application/pdf"
        printed = words(made.content)
        assert "试东一" in printed
        assert PHONE in printed
        assert NOTE in printed
        assert "(invented)" in printed
        assert "Patrolsthegrideveryday" in printed
    assert "12345" in words(public.get(f"/grids/{EAST1}/poster.pdf").content)


def test_nobody_else_is_shown_and_their_portraits_are_closed(public: Visitor, today: Town) -> None:
    leader = give("street.leader", (200, 10, 10), "025-0555-0999", "不公开")
    page = public.get(f"/grids/{EAST1}")
    for name in ("试街长", "025-0555-0999", "不公开", leader):
        assert name not in page.content.decode()
    assert public.get(f"/files/{leader}/thumb").status_code == 404
    assert public.get(f"/files/{leader}").status_code == 404
    assert as_(today, "acceptor").get(f"/files/{leader}/thumb").status_code == 404
    system = as_(today, "system").get(f"/files/{leader}/thumb")
    assert (system.status_code, system["Cache-Control"]) == (200, "private, max-age=86400")


def test_a_portrait_is_open_only_while_its_owner_is_shown(public: Visitor, today: Town) -> None:
    portrait = give("grid.east1")
    shown = public.get(f"/files/{portrait}")
    assert shown["Cache-Control"] == "public, max-age=3600"
    day = timezone.localdate()
    (tenure,) = territory_queries.tenures_of(account("grid.east1"))
    territory.end_tenure(tenure=tenure.tenure, on=day, by=SYSTEM, now=timezone.now())
    assert public.get(f"/files/{portrait}").status_code == 404
    assert "试东一" not in text_of(public.get(f"/grids/{EAST1}"))
    assert "vacant" in text_of(public.get(f"/grids/{EAST1}"))


def test_it_is_found_by_place_name_and_list(public: Visitor) -> None:
    by_place = public.get("/grids", lon=EAST[0], lat=EAST[1])
    assert (by_place.status_code, by_place["Location"]) == (302, f"/grids/{EAST1}")
    by_name = public.get("/grids", q="East Community")
    assert f'href="/grids?in={EAST_COMMUNITY}"' in by_name.content.decode()
    assert f'href="/grids/{EAST1}"' in by_name.content.decode()
    assert f'href="/grids/{WEST1}"' in public.get("/grids", q="西社区 第1").content.decode()
    top = public.get("/grids")
    assert 'href="/grids?in=999001001"' in top.content.decode()
    below = public.get("/grids", **{"in": "999001001"})
    assert f'href="/grids/{EAST1}"' in below.content.decode()
    assert f'href="/grids/{WEST1}"' in below.content.decode()
    assert public.get(f"/grids/{EAST_COMMUNITY}")["Location"] == f"/grids?in={EAST_COMMUNITY}"


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ({"lon": "2.35", "lat": "48.85"}, 422, "outside the area we serve"),
        ({"lon": "east", "lat": "32"}, 422, "not a place on earth"),
        ({"lon": "1e308", "lat": "-1e308"}, 422, "outside"),
        ({"lon": "118.8"}, 422, "not a place on earth"),
        ({"q": "没有这样的地方"}, 200, "has this name"),
        ({"in": "nowhere"}, 200, "From the list"),
    ],
)
def test_what_is_not_there_is_said(public: Visitor, asked: dict[str, str], status: int, sentence: str) -> None:
    answer = public.get("/grids", **asked)
    assert (answer.status_code, sentence in text_of(answer)) == (status, True), text_of(answer)


def test_there_is_no_page_or_paper_of_what_is_no_grid(public: Visitor) -> None:
    for path in ("/grids/nowhere", "/grids/nowhere/poster.pdf", f"/grids/{EAST_COMMUNITY}/card.pdf"):
        assert public.get(path).status_code == 404


def test_a_report_begins_with_the_grid_chosen(public: Visitor) -> None:
    number = territory_queries.area_ids()[EAST1]
    page = public.get("/report", grid=EAST1)
    assert re.search(rf'<option value="{number}"[^>]* selected>', page.content.decode())
    given = {"once": hidden(page, "once"), "words": "路灯不亮", "place_area": f"{number}", "place_address": "门口"}
    assert public.post("/report", given).status_code == 302
    assert Case.objects.get().area_id == number
    again = public.post("/report", given | {"once": hidden(public.get("/report"), "once"), "words": ""})
    assert f'<option value="{number}"' in again.content.decode()
    assert public.get("/report", grid="nowhere").status_code == 200


def test_papers_are_kept_by_browsers_until_something_changes(public: Visitor) -> None:
    path = f"/grids/{EAST1}/poster.pdf"
    first = public.get(path)
    assert first["Cache-Control"] == "public, max-age=3600"
    same = public.client.get(path, headers={"if-none-match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert public.get(path).content == first.content
    give("grid.east1")
    assert public.client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200
    chinese = public.client.get(path, headers={"accept-language": "zh-hans", "if-none-match": first["ETag"]})
    assert chinese.status_code == 200
    assert "网格责任公示" in words(chinese.content)


def test_a_portrait_that_the_disk_lost_is_left_out(public: Visitor) -> None:
    lost = give("grid.east1", (7, 77, 7))
    for thumbnail in (True, False):
        disk.path_of(lost, thumbnail=thumbnail).unlink()
    assert PHONE in words(public.get(f"/grids/{EAST1}/poster.pdf").content)
    assert public.get(f"/files/{lost}/thumb").status_code == 404


def queries_of(visitor: Visitor, path: str) -> int:
    visitor.get(path)
    with counted_queries() as caught:
        assert visitor.get(path).status_code == 200
    return len(caught)


def test_queries_do_not_grow_with_people(public: Visitor, today: Town) -> None:
    paths = [f"/grids/{EAST1}", f"/grids/{EAST1}/poster.pdf", f"/grids/{EAST1}/card.pdf"]
    give("grid.east1")
    before = [queries_of(public, path) for path in paths]
    area = territory_queries.area_ids()[EAST1]
    for n, username in enumerate(("roads.handler", "water.handler", "roads.leader")):
        give(username, (n, n, n))
        since = timezone.localdate() - timedelta(days=1)
        territory.appoint(
            account=account(username), post="grid_worker", area=area, since=since, by=SYSTEM, now=timezone.now()
        )
    after = [queries_of(public, path) for path in paths]
    assert after == before
    assert max(after) <= 8
    assert len(read(public.get(paths[1]).content).pages) == 1


# --- the desk --------------------------------------------------------------------------------------------------
def cards(visitor: Visitor, code: str, **asked: Any) -> Any:
    return visitor.get(f"/desk/areas/{territory_queries.area_ids()[code]}/cards.pdf", **asked)


def test_staff_print_the_cards_of_a_community(today: Town) -> None:
    acceptor = as_(today, "acceptor")
    made = cards(acceptor, EAST_COMMUNITY)
    assert len(read(made.content).pages) == 2  # two grids, a sheet each
    assert made["Cache-Control"] == "private, max-age=0"
    assert len(read(cards(acceptor, EAST_COMMUNITY, cards=25).content).pages) == 6
    assert len(read(cards(acceptor, EAST1, cards=10).content).pages) == 1


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [("5001", 413, "at most 10,000 cards"), ("0", 422, "at least one"), ("many", 422, "not a number")],
)
def test_too_many_cards_are_refused(today: Town, asked: str, status: int, sentence: str) -> None:
    answer = cards(as_(today, "acceptor"), EAST_COMMUNITY, cards=asked)
    assert (answer.status_code, sentence in text_of(answer)) == (status, True)


def test_the_desks_page_of_a_grid_leads_to_what_the_public_sees(today: Town) -> None:
    number = territory_queries.area_ids()[EAST1]
    body = as_(today, "acceptor").get(f"/desk/areas/{number}").content.decode()
    for href in (f"/grids/{EAST1}", f"/grids/{EAST1}/poster.pdf", f"/desk/areas/{number}/cards.pdf"):
        assert f'href="{href}"' in body


def test_the_maps_shapes_lead_to_public_pages(public: Visitor) -> None:
    found = public.get("/map/areas/grid", layer="base").json()["features"]
    assert {one["properties"]["page"] for one in found} >= {f"/grids/{EAST1}", f"/grids/{WEST1}"}
    assert public.get("/map/areas/grid", layer="nowhere").status_code == 404
    assert territory_queries.locate(lon=WEST[0], lat=WEST[1])
