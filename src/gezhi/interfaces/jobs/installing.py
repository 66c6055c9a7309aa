"""Put a profile in force: each room takes its part, in order, all in one transaction.

Repeatable: what is there already stays. Used by `gezhi demo`, `gezhi profile adopt` and the tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from gezhi.lib.actor import Actor
from gezhi.modules.cases import rules
from gezhi.modules.catalogue import operations as catalogue
from gezhi.modules.catalogue import standards
from gezhi.modules.people import install as people_install
from gezhi.modules.people import operations as people
from gezhi.modules.people import queries as people_queries
from gezhi.modules.people.operations import NewAccount
from gezhi.modules.switches import operations as switches
from gezhi.modules.switches.profiles import Profile
from gezhi.modules.territory import operations as territory
from gezhi.modules.territory import queries as territory_queries
from gezhi.modules.territory.operations import Appointment


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer as territory installs it."""

    key: str
    name: str
    name_en: str
    levels: tuple[str, ...]
    shape: str = "polygon"
    reach: float | None = None
    covers: bool = False
    purpose: str = "duty"
    rule: str = ""
    rule_layer: str = ""


@transaction.atomic
def install(
    name: str,
    *,
    now: datetime,
    by: Actor | None = None,
    since: date | None = None,
    password: str | None = None,
    data: Path | None = None,
) -> Profile:
    """Adopt the profile of this name (or folder) and bring every room up to it.

    `since`: from when its areas and tenures hold (default: the day of `now`). `password`: one for all its invented
    people (demonstration and tests); without it they cannot log in until one is set. `data`: the folder of outlines
    that the profile borrows.
    """
    hand = by or Actor.system()
    begin = since or now.date()
    profile = switches.adopt(name=name, by=hand, now=now, data=data)
    people_install.install(organisations=profile.organisations, posts=profile.posts, by=hand, now=now)
    territory.install_areas(layers=_layers(profile), areas=profile.areas, since=begin, by=hand, now=now)
    territory.install_remits(remits=_remits(profile), by=hand, now=now)
    classes = [standards.fact_of(one) for one in profile.catalogue.classes]
    catalogue.install(standard=profile.catalogue.standard, classes=classes, by=hand, now=now)
    rules.install(procedures={name: dict(p.doc) for name, p in profile.procedures.items()}, by=hand, now=now)
    _people(profile, since=begin, by=hand, now=now, password=password)
    return profile


def _layers(profile: Profile) -> list[LayerRow]:
    levels = tuple(level.key for level in profile.levels)
    return [
        LayerRow(
            one.key,
            _zh(one.title),
            one.title.get("en", ""),
            levels,
            one.shape,
            one.reach,
            one.covers,
            one.purpose,
            one.rule,
            one.rule_layer,
        )
        for one in profile.layers
    ]


def _remits(profile: Profile) -> dict[int, Sequence[int]]:
    areas = territory_queries.area_ids()
    units = {o.code: o.id for o in people_queries.organisations().values()}
    return {units[o.code]: [areas[o.area_code]] for o in profile.organisations if o.area_code and o.area_code in areas}


def _people(profile: Profile, *, since: date, by: Actor, now: datetime, password: str | None) -> None:
    have = people_queries.account_ids()
    new = [
        NewAccount(p.username, p.name, password if p.invented else None, p.invented)
        for p in profile.people
        if p.username.lower() not in have
    ]
    if not new:
        return
    people.create_accounts(new=new, by=by, now=now)
    accounts = people_queries.account_ids()
    _administrations(profile, accounts, by=by, now=now)
    territory.appoint_many(appointments=_appointments(profile, accounts), since=since, by=by, now=now)


def _administrations(profile: Profile, accounts: Mapping[str, int], *, by: Actor, now: datetime) -> None:
    technical = {p.key: people_install.administration_of(p) for p in profile.posts if p.technical}
    for person in profile.people:
        for held in person.posts:
            if held.post in technical:
                people.change_administration(
                    account_id=accounts[person.username.lower()],
                    administration=technical[held.post],
                    holds_post=False,
                    by=by,
                    now=now,
                )


def _appointments(profile: Profile, accounts: Mapping[str, int]) -> list[Appointment]:
    posts = people_queries.post_kinds()
    areas = territory_queries.area_ids()
    units = {o.code: o.id for o in people_queries.organisations().values()}
    return [
        Appointment(
            account=accounts[person.username.lower()],
            post=posts[held.post].id,
            organisation=units.get(held.organisation) if held.organisation else None,
            area=areas.get(held.area) if held.area else None,
            rank=held.rank or "",
            single=posts[held.post].single,
        )
        for person in profile.people
        for held in person.posts
        if held.post in posts
    ]


def _zh(text: Mapping[str, str]) -> str:
    return text.get("zh") or next(iter(text.values()), "")
