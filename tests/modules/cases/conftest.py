"""After each test of the room: what the tables say of every case is what its ledger leads to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def ledger_leads_here(town: object) -> Iterator[None]:
    """Play every case again."""
    from gezhi.modules.cases import queries

    yield
    assert queries.differences()[1] == []
