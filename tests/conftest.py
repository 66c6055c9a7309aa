"""For every test. The run's database is `tests/lib/database.py`, loaded as a plugin because it must come first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from tests.town import Town

# Two busy cores: a slow example is no failure. A failing one prints how to run it again.
settings.register_profile(
    "gezhi", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("gezhi")


@contextmanager
def ground(blocker: DjangoDbBlocker, since: timedelta | None = None, profile: str = "") -> Iterator[datetime]:
    """A town put in force once for all tests of a module, in a transaction that is rolled back; the moment it has then.
    `since`: that long before the real clock, else on the town's own Monday."""
    from django.db import transaction
    from django.utils import timezone

    from tests import town as towns

    now = towns.MONDAY if since is None else timezone.now() - since
    with blocker.unblock(), transaction.atomic():
        towns.install(now, profile or towns.PROFILE)
        yield now
        transaction.set_rollback(True)
    towns.forget()


@contextmanager
def standing(now: datetime) -> Iterator[Town]:
    """The town of the module's ground, with a clock of its own, for one test."""
    from django.core.cache import cache

    from tests import town as towns

    towns.forget()
    towns.see_what_is_in_force()
    yield towns.Town(now)
    towns.forget()
    cache.clear()


@pytest.fixture(scope="module")
def town_ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """The test town in force."""
    with ground(django_db_blocker) as now:
        yield now


@pytest.fixture
def town(town_ground: datetime, db: None) -> Iterator[Town]:
    """The test town in force, in a transaction that is rolled back; see tests/town.py."""
    with standing(town_ground) as here:
        yield here


@pytest.fixture(scope="module")
def today_ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """The test town put in force yesterday."""
    with ground(django_db_blocker, timedelta(days=1)) as now:
        yield now


@pytest.fixture
def today(today_ground: datetime, db: None) -> Iterator[Town]:
    """The test town put in force yesterday, for doors: pages ask the real clock what time it is."""
    with standing(today_ground) as here:
        yield here


@pytest.fixture(scope="module")
def ward_ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """The ward in force."""
    from tests import town as towns

    with ground(django_db_blocker, profile=towns.WARD) as now:
        yield now


@pytest.fixture
def ward(ward_ground: datetime, db: None) -> Iterator[Town]:
    """The town with layers of every rule, lines and points, blocks and crews (tests/profiles/ward)."""
    with standing(ward_ground) as here:
        yield here


@pytest.fixture
def ward_today(db: None) -> Iterator[Town]:
    """The ward put in force yesterday, for doors."""
    from datetime import timedelta

    from django.core.cache import cache
    from django.utils import timezone

    from tests import town as towns

    yield towns.install(timezone.now() - timedelta(days=1), towns.WARD)
    towns.forget()
    cache.clear()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared in English, whether or not the translations were compiled; requests choose their own."""
    from django.utils import translation

    with translation.override("en"):
        yield
