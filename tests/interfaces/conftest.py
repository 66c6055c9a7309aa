"""For tests of doors: the town as it is today, and people of it signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests import town as towns
from tests.interfaces.visitor import Visitor
from tests.town import Town


@pytest.fixture
def today(db: None) -> Iterator[Town]:
    """The test town put in force yesterday: pages ask the real clock what time it is."""
    from gezhi.interfaces.web import labels, maps

    yield towns.install(timezone.now() - timedelta(days=1))
    towns.forget()
    labels.forget()
    maps.forget()
    cache.clear()


@pytest.fixture
def public(today: Town) -> Visitor:
    """Somebody without an account, in front of the town's pages."""
    return Visitor(today)
