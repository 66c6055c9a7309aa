"""Every form of every page a role can open, with hostile values: refused with a sentence, or done; never half."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
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


def forms_for(visitor: Visitor, ground: Ground, signed: bool) -> Iterator[FoundForm]:
    """The forms of all pages this visitor can open, each kind once: the same action and fields, whatever the ids.

    What everybody has (the portal, one's own account, the language) is left to those who are not signed in, and to
    the first who is.
    """
    kinds: set[tuple[Any, ...]] = set()
    closed: set[str] = set()
    for name, address in ground.addresses():
        if name in closed:
            continue
        with undone():
            response = visitor.get(address)
        found = problem(response)
        assert not found, f"GET {name} {address}: {found}"
        if response.status_code == 403:
            closed.add(name)
        if response.status_code != 200 or "html" not in response.headers.get("Content-Type", ""):
            continue
        for form in forms_of(response.content.decode(), address):
            own = form.action.startswith(("/desk/", "/admin/"))
            kind = (_IDS.sub("N", form.action), form.method, tuple(form.inputs), "" if own else str(signed))
            if kind not in kinds | ground.seen and "logout" not in form.action:
                (kinds if own else ground.seen).add(kind)
                yield form


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
    for form in list(forms_for(visitor, ground, bool(username))):
        for body in hostile.draws(form, chance, count):
            sent += 1
            if found := send(visitor, form, body):
                shown = {name: repr(value)[:60] for name, value in body.items()}
                wrong.append(f"{form.method} {form.action}: {found}\n    {shown}")
    assert sent >= count
    assert not wrong, f"\nseed {SEED}, {username or 'public'}:\n" + "\n".join(wrong)


def test_hostile_forms(ground: Ground) -> None:
    """All roles in front of the same town: what each sends is undone."""
    for username in [*ROLES, *ADMINISTRATORS]:
        fuzz(ground, username, 1)


@pytest.mark.slow
@pytest.mark.parametrize("username", [*ROLES, *ADMINISTRATORS])
def test_many_hostile_forms(ground: Ground, username: str) -> None:
    fuzz(ground, username, 40)
