"""The desk's lists: own queues with counts, filters, pages by key, the map; never more queries for more cases."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from python_calamine import load_workbook

from gezhi.interfaces.web import lists
from gezhi.modules.cases.models import Case
from gezhi.modules.cases.operations import Place
from tests.interfaces.visitor import Visitor, as_, text_of
from tests.town import EAST, WEST, Town, counted_queries


def numbers(visitor: Visitor, path: str, **query: str) -> list[str]:
    """The case numbers on a page, in order."""
    body = visitor.get(path, **query).content.decode()
    found = [n for n in Case.objects.values_list("number", flat=True) if f'href="/desk/cases/{n}"' in body]
    return sorted(found, key=lambda n: body.index(f'href="/desk/cases/{n}"'))


def test_each_sees_their_own_queues(today: Town) -> None:
    today.report()
    today.until("filed")
    case = today.until("handling")
    acceptor, dispatcher, handler = (as_(today, n) for n in ("acceptor", "dispatcher", "water.handler"))
    assert len(numbers(acceptor, "/desk/queues/event:reported")) == 1
    assert len(numbers(dispatcher, "/desk/queues/event:filed")) == 1
    assert numbers(handler, "/desk/queues/event:handling:sent") == [case.number]
    assert numbers(dispatcher, "/desk/queues/event:reported") == []
    assert acceptor.get("/desk/queues/event:nothing").status_code == 404
    assert acceptor.get("/desk/queues/x").status_code == 404


def test_a_grid_worker_sees_only_the_own_ground(today: Town) -> None:
    east, west = today.report(), today.report(at=WEST)
    found = numbers(as_(today, "grid.east1"), "/desk/cases")
    assert found == [east.number]
    assert as_(today, "grid.east1").get(f"/desk/cases/{west.number}").status_code == 404


def test_counts_come_alone_for_htmx(today: Town) -> None:
    today.report()
    fragment = as_(today, "acceptor").get("/desk/queues", current="event:reported")
    assert fragment.status_code == 200
    body = fragment.content.decode()
    assert "<html" not in body
    assert 'aria-current="page"' in body


def test_filters_narrow_and_can_be_taken_off(today: Town) -> None:
    visitor = as_(today, "acceptor")
    plain, unplaced = today.report(words="路灯不亮"), today.report(at=None, words="不知道在哪")
    assert numbers(visitor, "/desk/cases", q="路灯") == [plain.number]
    assert numbers(visitor, "/desk/cases", q=unplaced.number) == [unplaced.number]
    assert numbers(visitor, "/desk/cases", state="unplaced") == [unplaced.number]
    assert numbers(visitor, "/desk/cases", channel="hotline") == []
    area = Case.objects.get(number=plain.number).area_id
    assert numbers(visitor, "/desk/cases", area=str(area)) == [plain.number]
    page = visitor.get("/desk/cases", state="unplaced", q="不知道")
    assert "/desk/cases?q=" in page.content.decode()
    assert "Filter 2 set" in text_of(page)  # what a folded list of filters says on a phone
    assert "Filter 0 set" not in text_of(visitor.get("/desk/cases"))


def test_lists_go_back_so_many_days(today: Town) -> None:
    visitor = as_(today, "acceptor")
    young = today.report().number
    Case.objects.filter(number=today.report().number).update(reported_at=today.now - timedelta(days=9))
    assert numbers(visitor, "/desk/cases", time="7d") == [young]
    assert len(numbers(visitor, "/desk/cases", time="30d")) == 2
    assert visitor.get("/desk/cases", time="2y").status_code == 422


def test_a_list_is_taken_along_as_a_file(today: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "FILE_STEP", 2)
    every = {today.report().number for _n in range(5)}
    answer = as_(today, "acceptor").get("/desk/list/file", queue="event:reported")
    assert answer["Content-Type"] == lists.XLSX
    assert answer["Cache-Control"] == "private, no-store"
    rows = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "Number"
    assert {row[0] for row in rows[1:]} == every


def test_the_palette_knows_the_ways_of_whoever_asks(today: Town) -> None:
    number = today.report().number
    visitor = as_(today, "acceptor")
    told = json.loads(visitor.get("/desk/ways").content)
    ways = {way["href"]: way["note"] for group in told["groups"] for way in group["ways"]}
    assert ways["/desk/queues/event:reported"] == "1"
    assert "/desk/cases" in ways
    assert visitor.get("/desk/find", q=number)["Location"] == f"/desk/cases/{number}"
    assert visitor.get("/desk/find", q="井盖")["Location"].startswith("/desk/cases?q=")
    system = json.loads(as_(today, "system").get("/desk/ways").content)
    assert system["find"] == ""
    assert "/admin/accounts" in {way["href"] for group in system["groups"] for way in group["ways"]}
    stranger = as_(today, "water.handler").get("/desk/find", q=number)
    assert stranger["Location"] == f"/desk/cases?q={number}"


def test_the_map_beside_the_list_stays_away_where_it_was_sent(today: Town) -> None:
    today.report()
    visitor = as_(today, "acceptor")
    assert "is-mapless" not in visitor.get("/desk/cases").content.decode()
    visitor.client.cookies["gz_map"] = "off"
    assert "is-mapless" in visitor.get("/desk/cases").content.decode()


def test_what_people_wrote_is_never_markup_in_a_row(today: Town) -> None:
    today.report(words='<script>alert("1")</script>', place=Place(lon=EAST[0], lat=EAST[1], address='"><img src=x>'))
    body = as_(today, "acceptor").get("/desk/queues/event:reported").content.decode()
    assert "&lt;script&gt;" in body
    assert "<script>alert" not in body
    assert "<img src=x" not in body


def test_pages_go_on_by_key(today: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 3)
    every = [today.report().number for _n in range(7)]
    visitor = as_(today, "acceptor")
    seen: list[str] = []
    address = "/desk/cases"
    for _page in range(4):
        response = visitor.client.get(address)
        body = response.content.decode()
        seen += [n for n in every if f'href="/desk/cases/{n}"' in body]
        if 'rel="next"' not in body:
            break
        start = body.rindex('href="', 0, body.index('rel="next"')) + 6
        address = body[start : body.index('"', start)].replace("&amp;", "&")
    assert sorted(seen) == sorted(every)


@pytest.mark.parametrize(
    "path",
    [
        "/desk/cases",
        "/desk/queues/event:reported",
        "/desk/queues/event:reported?size=100&channel=resident",
        "/desk/queues",
        "/desk/map/cases",
    ],
)
def test_lists_cost_the_same_for_many_cases(today: Town, path: str) -> None:
    visitor = as_(today, "acceptor")
    counts = []
    for more in (2, 12):
        for _n in range(more):
            today.report()
        visitor.get(path)
        with counted_queries() as asked:
            assert visitor.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 16


def test_the_case_page_costs_the_same_for_a_long_story(today: Town) -> None:
    visitor = as_(today, "acceptor")
    young, old = today.until("verifying"), today.until("checked")
    counts = []
    for receipt in (young, old):
        visitor.get(f"/desk/cases/{receipt.number}")
        with counted_queries() as asked:
            assert visitor.get(f"/desk/cases/{receipt.number}").status_code == 200
        counts.append(len(asked))
    # The leaders of the lead unit, the units offered for dispatch; what memory keeps is looked at anew each second.
    assert counts[1] <= counts[0] + 2 + 3
    assert counts[1] <= 30


def test_the_map_shows_what_the_list_shows(today: Town) -> None:
    placed = today.report()
    today.report(at=None)
    answer = as_(today, "acceptor").get("/desk/map/cases")
    features = json.loads(answer.content)["features"]
    assert [f["properties"]["number"] for f in features] == [placed.number]
    assert answer["Cache-Control"] == "private, no-store"


def test_outlines_are_public_and_kept_by_their_tag(public: Visitor) -> None:
    first = public.get("/map/areas/grid")
    assert first.status_code == 200
    features = json.loads(first.content)["features"]
    assert {f["properties"]["level"] for f in features} == {"grid"}
    again = public.client.get("/map/areas/grid", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert public.get("/map/areas/galaxy").status_code == 404


def test_an_area_with_its_people(today: Town) -> None:
    today.report()
    area = Case.objects.get().area_id
    page = as_(today, "acceptor").get(f"/desk/areas/{area}")
    assert page.status_code == 200
    assert today.who("grid.east1").account_id
    assert "Grid worker" in text_of(page)
    assert as_(today, "acceptor").get("/desk/areas/99999999").status_code == 404


def test_notices_come_and_are_read(today: Town) -> None:
    today.report()
    visitor = as_(today, "acceptor")
    page = visitor.get("/desk/notices")
    assert page.status_code == 200
    assert "waits for you" in text_of(page)
    body = page.content.decode()
    until = body.split('name="until" value="')[1].split('"')[0] if 'name="until"' in body else "999999999"
    assert visitor.post("/desk/notices/read", {"until": until}).status_code == 302
    assert "Mark all as read" not in text_of(visitor.get("/desk/notices"))
    assert visitor.get("/desk/unread").status_code == 200
