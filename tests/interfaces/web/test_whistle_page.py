"""Whistles by their pages: blown afresh or from a case, signed, reported in by rank, confirmed, planned, judged."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from gezhi.lib.actor import Actor
from gezhi.modules.cases.models import Case, Score
from gezhi.modules.people import install as people
from gezhi.modules.people import operations as accounts
from gezhi.modules.territory import operations as territory
from tests.interfaces.visitor import Visitor, as_, hidden, photo, text_of
from tests.town import Town, counted_queries, forget_what_is_kept_briefly

pytestmark = pytest.mark.django_db
BLOW = "/desk/begin/whistle/blow"


def blow(visitor: Visitor, units: list[int], origin: str = "", **given: Any) -> Any:
    form = visitor.get(BLOW, **({"from": origin} if origin else {}))
    base = {"once": hidden(form, "once"), "from": origin, "level": "ordinary", "units": [str(u) for u in units]}
    place = {} if origin else {"about": "背街小巷积水", "lon": "118.805", "lat": "32.005"}
    return visitor.post(BLOW, base | place | {"words": "请各单位到场"} | given)


def number_of(response: Any) -> str:
    assert response.status_code == 302, text_of(response)
    return str(response["Location"]).rsplit("/", 1)[1]


def make(visitor: Visitor, number: str, move: str, assignment: str = "", **given: Any) -> Any:
    base = {"revision": Case.objects.get(number=number).revision, "assignment": assignment}
    return visitor.post(f"/desk/cases/{number}/moves/{move}", base | given)


def ranked(town: Town, unit: int, rank: str, name: str) -> Visitor:
    """A leader of a unit with a rank, signed in."""
    account = accounts.create_account(
        username=name, display_name=name, by=Actor.system(), now=town.now, must_change_password=False
    )
    territory.appoint(
        account=account.id, post="unit_handler", organisation=unit, rank=rank, since=town.now.date(),
        by=Actor.system(), now=town.now,
    )  # fmt: skip
    forget_what_is_kept_briefly()
    return Visitor(town, name)


def test_a_street_leader_blows_afresh_with_exactly_the_fields(today: Town) -> None:
    leader = as_(today, "street.leader")
    assert leader.get("/desk/begin")["Location"] == BLOW
    body = leader.get(BLOW).content.decode()
    assert set(re.findall(r'name="([a-z_]+)"', body)) >= {"level", "units", "words", "about", "place_address", "once"}
    number = number_of(blow(leader, [today.unit("water"), today.unit("roads")]))
    case = Case.objects.get(number=number)
    assert (case.matter, case.stage, case.words) == ("whistle", "blown", "背街小巷积水")
    assert case.assignments.filter(kind="summons").count() == 2


def test_blown_from_an_order_it_takes_words_and_place_over_and_both_say_so(today: Town) -> None:
    origin = today.report(words="小区门口长期积水", channel="hotline")
    leader = as_(today, "street.leader")
    page = leader.get(f"/desk/cases/{origin.number}")
    assert f"{BLOW}?from={origin.number}" in page.content.decode()
    form = leader.get(BLOW, **{"from": origin.number}).content.decode()
    assert 'name="about"' not in form
    number = number_of(blow(leader, [today.unit("water")], origin.number))
    case = Case.objects.get(number=number)
    assert (case.words, case.lon) == ("小区门口长期积水", 118.805)
    assert "Whistle blown for" in text_of(leader.get(f"/desk/cases/{number}"))
    assert "Whistle blown for this case" in text_of(leader.get(f"/desk/cases/{origin.number}"))


def test_blown_twice_by_one_form_it_is_one_whistle(today: Town) -> None:
    leader = as_(today, "street.leader")
    once = hidden(leader.get(BLOW), "once")
    given = {"once": once, "about": "积水", "lon": "118.805", "lat": "32.005", "level": "ordinary", "words": "到场"}
    given |= {"units": [str(today.unit("water"))]}
    assert number_of(leader.post(BLOW, given)) == number_of(leader.post(BLOW, given))
    assert Case.objects.filter(matter="whistle").count() == 1


def test_what_is_missing_is_said_and_nothing_has_begun(today: Town) -> None:
    leader = as_(today, "street.leader")
    refused = blow(leader, [], about="积水")
    assert refused.status_code == 422
    assert "Please fill in" in text_of(refused)
    assert "请各单位到场" in refused.content.decode()
    assert blow(leader, [today.unit("water")], level="huge").status_code == 422
    assert blow(leader, [today.unit("water")], lon="2.3", lat="48.8").status_code == 422
    assert blow(leader, [today.unit("water")], lon="118.785", lat="32.005").status_code in {302, 403}
    assert leader.post(BLOW, {"once": "x"}).status_code == 422
    for who in ("acceptor", "grid.east1", "water.leader"):
        assert as_(today, who).get(BLOW).status_code == 404, who
    assert leader.get("/desk/begin/event/accept").status_code == 404
    assert leader.get(BLOW, **{"from": "20991231000001"}).status_code == 404


def test_each_unit_is_a_row_and_the_blower_confirms_there(today: Town) -> None:
    leader = as_(today, "street.leader")
    number = number_of(blow(leader, [today.unit("water"), today.unit("roads"), today.unit("street")], level="larger"))
    page = leader.get(f"/desk/cases/{number}")
    assert 'class="table task-table"' in page.content.decode()
    handler = as_(today, "water.handler")
    assert make(handler, number, "sign", "summons-1-1").status_code == 302
    closed = handler.get(f"/desk/cases/{number}").content.decode()
    assert "m-arrive-" not in closed
    assert closed.count("data-closed-move") == 1  # by location is not switched on: nor would the rank help
    assert "asks for the rank “Head” at least" in html.unescape(closed.split("data-closed-move")[1])
    low = make(handler, number, "arrive", "summons-1-1")
    assert low.status_code == 403
    assert "asks for the rank" in text_of(low)
    head = ranked(today, today.unit("water"), "head", "zhengzhi")
    assert make(head, number, "arrive", "summons-1-1").status_code == 302
    said = text_of(leader.get(f"/desk/cases/{number}"))
    assert "zhengzhi Head" in said
    assert make(leader, number, "not_here", "summons-1-1", words="没看到人").status_code == 302
    assert "zhengzhi Head" not in text_of(leader.get(f"/desk/cases/{number}")).split("Timeline")[0]
    assert make(head, number, "arrive", "summons-1-1").status_code == 302
    body = leader.get(f"/desk/cases/{number}").content.decode()
    assert 'id="m-confirm_presence-summons-1-1"' in body.split("What you can do now")[0]
    assert make(leader, number, "confirm_presence", "summons-1-1").status_code == 302
    assert make(leader, number, "meet").status_code == 302
    plan = {"plan.0.what": "疏通管线", "plan.0.unit": str(today.unit("water")), "plan.0.due": "2099-01-05"}
    assert make(leader, number, "adopt_plan", words="纪要", **plan).status_code == 302
    said = text_of(leader.get(f"/desk/cases/{number}"))
    assert "疏通管线" in said
    assert make(head, number, "do", "plan_item-1-1", words="已疏通", after=photo()).status_code == 302
    assert make(leader, number, "accept_item", "plan_item-1-1").status_code == 302
    early = make(leader, number, "judge", solved="yes", **points("summons-1-1", 30))
    assert early.status_code == 409  # the other units have neither come nor been late


def points(task: str, speed: int) -> dict[str, str]:
    """Scores as the form sends them."""
    parts = {"speed": speed, "cooperation": 25, "solved": 35}
    return {f"scores.{task}.{part}": str(number) for part, number in parts.items()}


def test_judged_and_stood_down_and_objected_to(today: Town) -> None:
    leader = as_(today, "street.leader")
    number = number_of(blow(leader, [today.unit("water")]))
    head, task = ranked(today, today.unit("water"), "head", "zhengzhi"), "summons-1-1"
    for who, move in ((head, "sign"), (head, "arrive"), (leader, "confirm_presence")):
        assert make(who, number, move, task).status_code == 302, move
    assert make(leader, number, "solved_on_site", words="当场解决", after=photo()).status_code == 302
    over = make(leader, number, "judge", solved="yes", **points(task, 31))
    assert over.status_code == 422
    assert Score.objects.count() == 0
    assert make(leader, number, "judge", solved="yes", **points(task, 30)).status_code == 302
    assert "90 (30 + 25 + 35)" in text_of(leader.get(f"/desk/cases/{number}"))
    assert make(head, number, "object", task, words="我们半小时就到了").status_code == 302
    corrected = {"speed": "28", "cooperation": "30", "solved": "40", "words": "核实无误"}
    assert make(as_(today, "assessor"), number, "uphold", "objection-1-1", **corrected).status_code == 302
    assert "before the objection 90" in text_of(leader.get(f"/desk/cases/{number}"))


def test_the_page_costs_the_same_for_many_units(today: Town) -> None:
    leader, counts = as_(today, "street.leader"), []
    every = [
        people.add_organisation(name=f"第{n}部门", kind="construction", by=Actor.system(), now=today.now)
        for n in range(11)
    ]
    for units in (every[:3], every):
        number = number_of(blow(leader, units))
        leader.get(f"/desk/cases/{number}")
        with counted_queries() as asked:
            leader.get(f"/desk/cases/{number}")
        counts.append(len(asked))
    assert counts[1] <= counts[0]
