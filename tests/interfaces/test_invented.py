"""The demonstration's people have numbers that nobody has and drawn portraits; real accounts are left alone."""

from __future__ import annotations

import io

from django.utils import timezone
from PIL import Image

from gezhi.interfaces.jobs import living, portraits
from gezhi.lib.actor import Actor
from gezhi.modules.people import contacts
from gezhi.modules.people import queries as people
from gezhi.modules.switches import queries as switches
from tests.town import Town


def contact(username: str) -> contacts.Contact:
    found = people.account_named(username)
    assert found is not None
    return contacts.of_account(found.id)


def test_those_the_public_sees_get_a_number_and_a_portrait_once(today: Town) -> None:
    west = people.account_named("grid.west1")
    assert west is not None
    now = timezone.now()
    contacts.change(account_id=west.id, phone="025-0555-9999", note="", by=Actor.system(), now=now)
    for _twice in range(2):
        living.show_invented(switches.profile(), now)
    east = contact("grid.east1")
    assert east.phone == "0000-0555-0000"
    assert east.photo
    assert contact("grid.west1") == contacts.Contact("025-0555-9999", "", "")
    assert contact("acceptor") == contacts.Contact("", "", "")


def test_portraits_are_always_the_same_and_differ() -> None:
    drawn = [portraits.portrait(n) for n in range(portraits.COUNT)]
    assert len(set(drawn)) == portraits.COUNT == 24
    portraits.portrait.cache_clear()
    assert portraits.portrait(5) == drawn[5]
    with Image.open(io.BytesIO(drawn[0])) as image:
        assert image.size == (480, 600)
    assert portraits.number_of("g320104001001001") == portraits.number_of("g320104001001001")
