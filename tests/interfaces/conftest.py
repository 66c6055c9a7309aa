"""For tests of doors: somebody in front of the pages."""

from __future__ import annotations

import pytest

from tests.interfaces.visitor import Visitor
from tests.town import Town


@pytest.fixture
def public(today: Town) -> Visitor:
    """Somebody without an account, in front of the town's pages."""
    return Visitor(today)
