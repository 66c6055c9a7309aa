"""A small invented town in the database: what most tests of rooms and doors stand on.

`install()` puts tests/profiles/town in force; `Town` plays people by user name. Everything goes through operations.
"""

from __future__ import annotations

import io
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from gezhi.interfaces.jobs import installing
from gezhi.lib.actor import Actor, HeldPost
from gezhi.modules.cases import operations, queries
from gezhi.modules.cases.operations import Moved, Place, Receipt, Report
from gezhi.modules.files import operations as files
from gezhi.modules.people import queries as people
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import queries as territory

PROFILE = str(Path(__file__).parent / "profiles" / "town")
WARD = str(Path(__file__).parent / "profiles" / "ward")
PASSWORD = "a-long-test-password"
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai, a working day
EAST, WEST = (118.805, 32.005), (118.785, 32.005)


@cache
def jpeg(colour: tuple[int, int, int] = (180, 60, 40)) -> bytes:
    """A small photo."""
    held = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(held, "JPEG")
    return held.getvalue()


@dataclass
class Town:
    """The town with a clock of its own that goes forward with each deed."""

    now: datetime = MONDAY
    step: timedelta = timedelta(minutes=2)
    assignments: dict[int, str] = field(default_factory=dict)

    def who(self, username: str) -> Actor:
        """The actor behind a user name."""
        account = people.account_named(username)
        assert account is not None, username
        return territory.actor_for(account.id, on=self.now.date())

    def unit(self, code: str) -> int:
        """Id of an organisation."""
        found = people.organisation_coded(code)
        assert found is not None
        return found.id

    def member_of(self, code: str, rank: str = "head") -> Actor:
        """Somebody with a post and a rank in an organisation."""
        post = HeldPost("unit_leader", self.unit(code), None, rank)
        return Actor(f"account:9{self.unit(code)}", None, (post,), frozenset({"case.see.unit"}))

    def has_class(self, key: str) -> bool:
        """Does the town's small catalogue have this class?"""
        from gezhi.modules.catalogue import queries as catalogue

        return key in catalogue.in_force().by_key

    def photo(self) -> int:
        """Id of a stored photo."""
        return files.store(stream=io.BytesIO(jpeg()), by=Actor.system(), now=self.now).id

    def report(self, *, at: tuple[float, float] | None = EAST, by: Actor | None = None, **changes: Any) -> Receipt:
        """A report, by a resident unless said otherwise."""
        given: dict[str, Any] = {
            "channel": "resident",
            "source": "test",
            "source_id": str(uuid4()),
            "words": "路边井盖破损",
            "place": Place(lon=at[0], lat=at[1]) if at else Place(),
        }
        return operations.report(report=Report(**(given | changes)), by=by or Actor.public(), now=self.now)

    def act(
        self, case: int, who: str | Actor, move: str, inputs: Mapping[str, Any] | None = None, **more: Any
    ) -> Moved:
        """Somebody makes a move, a little later; assignment moves find the newest open assignment themselves."""
        self.now += self.step
        actor = self.who(who) if isinstance(who, str) else who
        if move in {"sign", "finish", "confirm", "return", "redo"}:
            more.setdefault("assignment", self.task(case))
        return operations.act(case=case, move=move, inputs=inputs or {}, by=actor, now=self.now, **more)

    def task(self, case: int) -> str:
        """Key of the newest assignment of a case."""
        view = self.view(case)
        return view.assignments[-1].key

    def view(self, case: int, who: str = "acceptor") -> queries.CaseView:
        """The case as somebody sees it."""
        from gezhi.modules.cases.models import Case

        return queries.case(self.who(who), Case.objects.get(id=case).number)

    def until(self, stage: str, **report: Any) -> Receipt:
        """A new case brought to a stage: reported, accepted, verifying, filed, handling, checking, checked, closed."""
        receipt = self.report(**report)
        for name, who, move, inputs in self.road():
            if name == stage:
                break
            self.act(receipt.case, who, move, inputs)
        return receipt

    def road(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        """The straight road: (stage before, who, move, inputs)."""
        photo = [self.photo()]
        return [
            ("reported", "acceptor", "accept", {}),
            ("accepted", "acceptor", "ask_to_verify", {}),
            ("verifying", "grid.east1", "verify", {"verdict": "real"}),
            ("verified", "acceptor", "file", {"class": "C01001", "condition": "缺失或破损"}),
            ("filed", "dispatcher", "dispatch", {"units": [self.unit("water")]}),
            ("handling", "water.handler", "sign", {}),
            ("signed", "water.handler", "finish", {"after": photo, "words": "已更换"}),
            ("finished", "water.leader", "confirm", {}),
            ("checking", "grid.east1", "pass_check", {"photos": photo}),
            ("checked", "acceptor", "close", {}),
        ]


def install(now: datetime = MONDAY, profile: str = PROFILE) -> Town:
    """Put the town in force from the year before, and hand out its clock."""
    since = now.date() - timedelta(days=400)
    with patch.object(switches, "load", _read):
        installing.install(profile, now=now - timedelta(days=30), since=since, password=PASSWORD)
    forget()
    return Town(now)


_read = cache(switches.load)  # a folder's files do not change while tests run; to read and check them takes longest


@contextmanager
def counted_queries() -> Iterator[CaptureQueriesContext]:
    """Counts queries as if a second had passed and time then stood still: how fast the test is makes no difference."""
    forget_what_is_kept_briefly()
    still = SimpleNamespace(monotonic=partial(float, time.monotonic()))
    with (
        patch("gezhi.lib.briefly.time", still),
        patch("gezhi.modules.switches.queries.time", still),
        CaptureQueriesContext(connection) as counted,
    ):
        yield counted


def forget_what_is_kept_briefly() -> None:
    """As if a second had passed: counts, rights and what is in force are looked up anew."""
    _drop_what_is_kept_briefly()
    see_what_is_in_force()
    switches._days_seen = None


def see_what_is_in_force() -> None:
    """As if the profile had been adopted for good: what a transaction alone has seen is asked for at every turn."""
    switches._seen = (-math.inf, switches.in_force())  # seen, and to be asked for again


def _drop_what_is_kept_briefly() -> None:
    from gezhi.modules.cases import fresh
    from gezhi.modules.catalogue import queries as catalogue
    from gezhi.modules.ledger import queries as ledger
    from gezhi.modules.people import queries as people
    from gezhi.modules.people import saved_views
    from gezhi.modules.territory import queries as territory
    from gezhi.modules.territory import snapshot

    fresh.counts.drop()
    fresh.classes.forget()
    people.named.forget()
    people.units.forget()
    ledger.sealed.forget()
    saved_views.kept.forget()
    territory.actors.forget()
    snapshot.versions.forget()
    catalogue.briefly.forget()


def forget() -> None:
    """Drop what processes keep in memory between tests: each test has a database of its own."""
    from gezhi.interfaces.web import list_filters, maps
    from gezhi.modules.advice import rates, service, suggesting
    from gezhi.modules.cases import rules
    from gezhi.modules.catalogue import queries as catalogue
    from gezhi.modules.territory import blocks, checks, snapshot

    rules.forget()
    switches.look_again()
    _drop_what_is_kept_briefly()
    catalogue.forget()
    snapshot.forget()
    blocks.forget()
    checks.forget()
    list_filters.forget()
    maps.forget()
    service.forget()
    rates.forget()
    suggesting.forget()
