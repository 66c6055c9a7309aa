"""For every test. The run's database is `tests/lib/database.py`, loaded as a plugin because it must come first."""

from __future__ import annotations

from collections.abc import Iterator
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


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """The test town in force, in a transaction that is rolled back; see tests/town.py."""
    from tests import town as towns

    yield towns.install()
    towns.forget()


@pytest.fixture(scope="module")
def ward_ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The ward, put in force once for all tests of a module, in a transaction that is rolled back."""
    from django.db import transaction

    from tests import town as towns

    with django_db_blocker.unblock(), transaction.atomic():
        towns.install(profile=towns.WARD)
        yield
        transaction.set_rollback(True)
    towns.forget()


@pytest.fixture
def ward(ward_ground: None, db: None) -> Iterator[Town]:
    """The town with layers of every rule, lines and points, blocks and crews (tests/profiles/ward)."""
    from tests import town as towns

    towns.forget()
    yield towns.Town()
    towns.forget()


@pytest.fixture
def today(db: None) -> Iterator[Town]:
    """The test town put in force yesterday, for doors: pages ask the real clock what time it is."""
    from datetime import timedelta

    from django.core.cache import cache
    from django.utils import timezone

    from tests import town as towns

    yield towns.install(timezone.now() - timedelta(days=1))
    towns.forget()
    cache.clear()


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
