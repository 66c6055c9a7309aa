"""Every form of every page a role can open, with hostile values: refused with a sentence, or done; never half."""

from __future__ import annotations

import os
import re
from random import Random
from typing import Any

import pytest

from tests.fuzz import hostile
from tests.fuzz.forms import FoundForm, forms_of
from tests.fuzz.walk import ADMINISTRATORS, ROLES, Ground, fingerprints, lay, problem, touched, undone
from tests.interfaces.visitor import Visitor, as_
from tests.town import Town

SEED = int(os.environ.get("GEZHI_FUZZ_SEED", "20260702"))
_IDS = re.compile(r"\d+")


@pytest.fixture
def ground(today: Town) -> Ground:
    """The town with a case at every stage."""
    return lay(today)


def forms_for(visitor: Visitor, ground: Ground) -> list[FoundForm]:
    """The forms of all pages this visitor can open, each kind once: the same action and fields, whatever the ids."""
    kinds: dict[tuple[Any, ...], FoundForm] = {}
    wrong = []
    for name, address in ground.addresses():
        with undone():
            response = visitor.get(address)
        if found := problem(response):
            wrong.append(f"GET {name} {address}: {found}")
        if response.status_code != 200 or "html" not in response.headers.get("Content-Type", ""):
            continue
        for form in forms_of(response.content.decode(), address):
            if "logout" not in form.action:
                kinds.setdefault((_IDS.sub("N", form.action), form.method, tuple(form.inputs)), form)
    assert not wrong, "\n" + "\n".join(wrong)
    return list(kinds.values())


def send(visitor: Visitor, form: FoundForm, body: dict[str, Any]) -> str:
    """Send a form; what is wrong with what came of it."""
    with undone():
        before = touched()
        response = visitor.post(form.action, body) if form.method == "post" else visitor.get(form.action, **body)
        if found := problem(response):
            return found
        if response.status_code < 400:
            return ""
        changed = [table for table, count in touched().items() if count != before.get(table, 0)]
        after = fingerprints(changed)
    return f"{response.status_code}, but stored: {after}" if after != fingerprints(changed) else ""


def fuzz(ground: Ground, username: str, count: int) -> None:
    """Draw `count` bodies for every kind of form this person has."""
    visitor = as_(ground.town, username) if username else Visitor(ground.town)
    chance = Random(f"{SEED}-{username}-{count}")
    wrong = []
    sent = 0
    for form in forms_for(visitor, ground):
        for body in hostile.draws(form, chance, count):
            sent += 1
            if found := send(visitor, form, body):
                shown = {name: repr(value)[:60] for name, value in body.items()}
                wrong.append(f"{form.method} {form.action}: {found}\n    {shown}")
    assert sent > count
    assert not wrong, f"\nseed {SEED}, {username or 'public'}:\n" + "\n".join(wrong)


def test_hostile_forms(ground: Ground) -> None:
    """All roles in front of the same town: what each sends is undone."""
    for username in [*ROLES, *ADMINISTRATORS]:
        fuzz(ground, username, 4)


@pytest.mark.slow
@pytest.mark.parametrize("username", [*ROLES, *ADMINISTRATORS])
def test_many_hostile_forms(ground: Ground, username: str) -> None:
    fuzz(ground, username, 120)
