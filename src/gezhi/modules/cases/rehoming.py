"""When grids are redrawn: open cases go to whoever answers for their place now.

A case keeps the area and the name it was born in; `home` moves. Cases that have ended stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gezhi.lib.actor import Actor
from gezhi.modules.cases import audience, fresh, rules
from gezhi.modules.cases.models import Case
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.notices import operations as notices
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import AreaFact, Snapshot


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """An open case with a point (CGCS2000 degrees) and the area that answers for it today."""

    case: int
    lon: float
    lat: float
    home: int | None


def open_places(areas: Sequence[int]) -> list[OpenPlace]:
    """The open cases with a point within any of these areas. One query."""
    rows = Case.objects.filter(ended=False, areas__overlap=list(areas)).order_by("id")
    return [
        OpenPlace(case, lon, lat, home)
        for case, lon, lat, home in rows.values_list("id", "lon", "lat", "home_id")
        if lon is not None and lat is not None
    ]


def reported_since(areas: Sequence[int], since: datetime) -> int:
    """How many cases were reported within any of these areas from then on. One query."""
    return Case.objects.filter(areas__overlap=list(areas), reported_at__gte=since).count()


def places_since(areas: Sequence[int], since: datetime) -> list[tuple[float, float]]:
    """Where cases were reported within any of these areas from then on, open or ended: lon, lat of those that have a
    point (CGCS2000 degrees). One query that reads two numbers a case."""
    rows = Case.objects.filter(areas__overlap=list(areas), reported_at__gte=since).values_list("lon", "lat")
    return [(lon, lat) for lon, lat in rows if lon is not None and lat is not None]


def rehome(*, now: datetime, limit: int = 500) -> int:
    """Give open cases whose home is no longer in force their new one; returns how many. Each in its own transaction."""
    snapshot = territory.areas_in_force()
    left = Case.objects.filter(ended=False, home__valid_to__isnull=False).order_by("id")
    return sum(_moved(case, snapshot, now) for case in left.values_list("id", flat=True)[:limit])


@transaction.atomic
def _moved(case_id: int, snapshot: Snapshot, now: datetime) -> bool:
    case = Case.objects.select_for_update(of=("self",)).select_related("home").get(id=case_id)
    found = _homes(case, snapshot)
    if case.ended or case.home is None or not found:
        return False
    fresh.written()
    old, new = case.home_id, found[0]
    case.home_id = new.id
    case.areas = [*dict.fromkeys([*new.path, *(i for one in found for i in one.path), *case.areas])]
    case.save(update_fields=["home", "areas"])
    body = {"from": old, "to": new.id, "code": new.code}
    entry = ledger.append(subject=f"case:{case.id}", kind="case.rehomed", by=Actor.system(), now=now, body=body)
    procedure = rules.procedure(case.procedure_id)
    told = audience.of_stage(procedure, case, stage=case.stage, centre=rules.centre(), seq=entry.seq)
    notices.put_many(notices=told, now=now)
    return True


def _homes(case: Case, snapshot: Snapshot) -> list[AreaFact]:
    """The areas at its point, base layer first; without a point the area of the same code, else the one above."""
    if case.lon is not None and case.lat is not None and (hits := snapshot.locate(case.lon, case.lat)):
        return hits
    if case.home is None:
        return []
    if (same := snapshot.by_code.get(case.home.code)) is not None:
        return [same]
    above = [snapshot.areas[i] for i in reversed(case.home.path) if i in snapshot.areas]
    return above[:1]
