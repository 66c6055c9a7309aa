"""The ground on its pages: texts of an area written by two at once."""

from __future__ import annotations

import pytest

from gezhi.modules.territory.models import Area
from tests.interfaces.visitor import as_, hidden, text_of
from tests.town import Town

pytestmark = pytest.mark.django_db
GRID = "999001001001001"


def area(code: str) -> Area:
    """The area in force with this code."""
    return Area.objects.get(code=code, valid_to=None)


def test_whoever_writes_texts_second_sees_both_versions(ward_today: Town) -> None:
    visitor, grid = as_(ward_today, "planner"), area(GRID).id
    seen = hidden(visitor.get(f"/desk/areas/{grid}"), "seen")
    address = f"/desk/areas/{grid}/fixes"
    assert visitor.post(address, {"seen": seen, "patrol": "three times a day"}).status_code == 302
    refused = visitor.post(address, {"seen": seen, "patrol": "once a day"})
    assert refused.status_code == 409
    told = text_of(refused)
    assert "Somebody else wrote texts for this area meanwhile" in told
    assert "once a day" in told
    assert "Now: three times a day" in told
    assert area(GRID).fixes == {"patrol": "three times a day"}
    again = {"seen": hidden(refused, "seen"), "patrol": "three times a day, once at night"}
    assert visitor.post(address, again).status_code == 302
    assert area(GRID).fixes == {"patrol": "three times a day, once at night"}
