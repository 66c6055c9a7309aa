"""Every address × every role: what the table of access says is what happens. An address missing from it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from gezhi.config import access
from gezhi.lib.actor import Actor
from gezhi.modules.cases import imports
from gezhi.modules.cases.imports import Sent
from gezhi.modules.cases.models import Case
from gezhi.modules.command import operations as command
from gezhi.modules.command.operations import CampaignPlan
from gezhi.modules.people import queries as people
from gezhi.modules.people import saved_views
from gezhi.modules.territory import plans
from gezhi.modules.territory import queries as territory
from tests.interfaces.visitor import Visitor, as_
from tests.town import Town

ROLES = (
    "",
    "acceptor",
    "dispatcher",
    "water.handler",
    "water.leader",
    "grid.east1",
    "planner",
    "centre.leader",
    "system",
    "security",
    "audit",
)


GRID = "999001001001001"  # of the town


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(namespaced name, pattern) of every address."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name or ''}", pattern


def every_address() -> list[tuple[str, URLPattern]]:
    """Every address of the product."""
    return list(names(get_resolver().url_patterns))


def test_every_address_is_in_the_table_and_the_table_names_nothing_else() -> None:
    found = {name for name, _pattern in every_address()}
    assert sorted(found - set(access.TABLE)) == []
    assert sorted(set(access.TABLE) - found - {"account_signup"}) == []


def test_an_unknown_address_is_closed() -> None:
    assert access.rule_of("something_new") == access.NOBODY
    everything = Actor("account:1", 1, (), frozenset({access.SYSTEM, access.SECURITY, access.AUDIT, "case.see.all"}))
    assert not access.may(everything, access.NOBODY)


@dataclass(frozen=True)
class World:
    """What addresses with a gap in them are filled with."""

    town: Town
    number: str
    area: int
    account: int
    plan: int
    meeting: int
    point: int
    campaign: int
    view: int
    file: int

    def address(self, pattern: URLPattern, name: str) -> str:
        """The address, its gaps filled with things that are there."""
        gaps = pattern.pattern.converters
        given = {
            "key": "event:reported",
            "move": "accept",
            "matter": "whistle",
            "level": "street",
            "sha256": "0" * 64,
            "subject": "territory",
            "code": GRID,
            "item": self.point,
            "form": "pdf",
            "deed": "nothing",
            "number": self.account if name.startswith("admin_") or name == "api-v1:key" else self.number,
        }
        if name.startswith(("desk_class", "desk_catalogue", "admin_catalogue")):
            given["key"] = {"desk_class": "C01001", "admin_catalogue_standard": "own"}.get(name, "grid")
        if name in {"admin_switch_ask", "admin_switch_off"}:
            given["key"] = "tracks"
        if name in {"desk_area", "desk_area_cards", "desk_area_fixes"}:
            given["number"] = self.area
        if name.startswith(("desk_plan", "desk_run")):
            given["number"] = self.plan
        if name in {"desk_problem_shape", "desk_layer_shapes"}:
            given["key"] = "base"
        if name.startswith("desk_meeting"):
            given["number"] = self.meeting
        if name.startswith("desk_campaign"):
            given["number"] = self.campaign
        if name.startswith("desk_import"):
            given["number"] = self.file
        if name in {"desk_draft", "desk_spot_warning"}:
            given["number"] = 0
        if name in {"desk_view", "desk_view_delete"}:
            given["number"] = self.view
        return reverse(name, kwargs={gap: given[gap] for gap in gaps})


@pytest.fixture
def world(today: Town) -> World:
    """Something of everything."""
    return furnished(today)


def furnished(today: Town) -> World:
    """A case with a photo, an area, an account, a plan, a meeting with a point, a special operation, a saved view, a
    file of the hotline."""
    number = today.report(photos=(today.photo(),)).number
    area = Case.objects.get(number=number).area_id
    account = people.account_named("roads.handler")
    assert area is not None
    assert account is not None
    street = territory.areas_in_force().by_code["999001001"].id
    plan = plans.begin(
        name="方案", layer="base", scope=street, level="grid", by=today.who("planner"), now=today.now
    )  # fmt: skip
    chair = actor(today, "centre.leader")
    meeting = command.plan(planned_at=today.now + timedelta(days=2), by=chair, now=today.now)
    point = command.add_item(meeting=meeting, number=number, by=chair, now=today.now)
    day = timezone.localdate()
    scope = CampaignPlan("专项行动", "目的", (area,), day, day, (today.unit("water"),))
    campaign = command.plan_campaign(plan=scope, by=chair, now=today.now)
    acceptor = actor(today, "acceptor")
    view = saved_views.save(name="视图", queue="", filters={}, organisation=None, by=acceptor, now=today.now)
    sent = Sent("hotline", "热线.csv", ".csv", (("工单编号", "source_id"),), 1, "en", "0" * 64)
    file = imports.send(sent=sent, pieces=(b"x",), by=acceptor, now=today.now)
    return World(today, number, area, account.id, plan, meeting, point, campaign, view.id, file)


def actor(town: Town, username: str) -> Actor:
    """Who somebody is today."""
    account = people.account_named(username) if username else None
    return territory.actor_for(account.id, on=timezone.localdate()) if account else Actor.public()


@pytest.mark.parametrize("username", ROLES)
def test_every_address_opens_for_those_it_is_for(world: World, username: str) -> None:
    visitor = as_(world.town, username) if username else Visitor(world.town)
    who = actor(world.town, username)
    wrong = []
    for name, pattern in every_address():
        rule = access.TABLE[name]
        if name == "account_logout":
            continue
        response = visitor.get(world.address(pattern, name))
        status = response.status_code
        if rule == access.CALLER:
            fine = status in ({401, 405} if who.account_id is None else {200, 403, 404, 405, 422})
        elif access.may(who, rule):
            turned_away = status == 302 and "/accounts/login" in response["Location"] and name != "mfa_authenticate"
            fine = status < 500 and status not in {401, 403} and not turned_away
        elif who.account_id is None:
            fine = status == 302 and response["Location"].startswith("/accounts/login/?next=")
        else:
            fine = status == 403
        if not fine:
            wrong.append(f"{username or 'public'} {name} ({rule}): {status}")
    assert wrong == []


@pytest.mark.parametrize("username", ["acceptor", "system", "security", "audit"])
def test_no_administrator_does_anothers_work(world: World, username: str) -> None:
    """The same by POST, which is what changes things."""
    visitor = as_(world.town, username)
    who = actor(world.town, username)
    for name, pattern in every_address():
        rule = access.TABLE.get(name, access.OWN)
        if rule not in {access.SYSTEM, access.SECURITY, access.AUDIT, access.DESK} or access.may(who, rule):
            continue
        assert visitor.post(world.address(pattern, name)).status_code == 403, name
