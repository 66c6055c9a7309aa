"""When grids are redrawn, open cases go to the grid that answers for their place now; their birth stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gezhi.modules.cases import operations, queries
from gezhi.modules.cases.models import Case
from gezhi.modules.territory import snapshot
from gezhi.modules.territory.models import Area, Version
from tests.town import EAST, Town

DAY = date(2026, 3, 2)


def redraw(code: str) -> Area:
    """The grid of this code ends today; one of the same shape and code begins. As an adopted plan does it."""
    old = Area.objects.get(code=code, valid_to=None)
    new = Area.objects.get(id=old.id)
    new.pk, new.valid_from, new.name = None, DAY, "新网格"
    Area.objects.filter(id=old.id).update(valid_to=DAY)
    new.save(force_insert=True)
    new.path = [*old.path[:-1], new.id]
    new.save()
    Version.objects.update(number=1000)
    snapshot.forget()
    return new


@pytest.mark.django_db
def test_an_open_case_goes_to_the_new_grid_and_a_closed_one_stays(town: Town) -> None:
    waiting, closed = town.report(), town.until("closed")
    born = Case.objects.get(id=waiting.case)
    assert born.area is not None
    assert born.home_id == born.area_id
    new = redraw(born.area.code)
    assert operations.rehome(now=town.now) == 1
    assert operations.rehome(now=town.now) == 0
    moved = Case.objects.get(id=waiting.case)
    assert (moved.home_id, moved.area_id, moved.area_name) == (new.id, born.area_id, born.area_name)
    assert {new.id, born.area_id} <= set(moved.areas)
    assert Case.objects.get(id=closed.case).home_id == born.area_id
    told = town.view(waiting.case).story[-1]
    assert (told.entry.kind, told.entry.body["to"]) == ("case.rehomed", new.id)


@pytest.mark.django_db
def test_what_a_plan_has_to_know_of_open_cases(town: Town) -> None:
    one, _other = town.report(), town.report(at=None)
    case = Case.objects.get(id=one.case)
    found = queries.open_places([case.areas[0]])
    assert [(p.case, p.home) for p in found] == [(one.case, case.area_id)]
    assert (found[0].lon, found[0].lat) == pytest.approx(EAST)
    assert queries.places_since([case.areas[0]], town.now) == [pytest.approx(EAST)]
    assert queries.places_since([case.areas[0]], town.now + timedelta(seconds=1)) == []
    assert queries.reported_since(case.areas, town.now) == 1
    assert queries.reported_since([case.areas[-1] + 1000], town.now) == 0
