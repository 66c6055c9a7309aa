"""What stands out: clusters of cases in place, time and matter, looked for by a job and kept with when it looked.

Heat is the likelihood ratio of the engine (`engines/triage/hotspots`): how far a cluster is beyond what its place,
matter and season let expect. An empty list says that nothing is unusual, and is kept as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.engines import triage
from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotThere
from gezhi.modules.advice import beside, policies, warning
from gezhi.modules.advice.models import Sighting, SpotWarning
from gezhi.modules.cases import lessons
from gezhi.modules.cases import policies as cases

DAYS = 28  # the span that is looked at: what is usual, and what is not
FRESH_DAYS = 7  # clusters that ended before are history
MOST = 30
KEPT = 200  # sightings


@dataclass(frozen=True, slots=True)
class Spot:
    """A cluster; those that still grow come first, then the hottest. `object`: the class it is mostly of and what its
    words say; `place` "" where reports name none; `lon`, `lat`, `metres` None where it is all over the city; `warning`:
    it grows faster than its season; `count` cases, of which `cases` are the ones kept."""

    rank: int
    heat: float
    place: str
    object: str
    since: datetime | None
    until: datetime | None
    cases: tuple[int, ...]
    count: int
    expected: float
    lon: float | None
    lat: float | None
    metres: float | None
    warning: bool


@dataclass(frozen=True, slots=True)
class SightingView:
    """What was seen, when, among how many cases of which span."""

    at: datetime
    since: datetime
    until: datetime
    cases: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class WarningView:
    """A cluster as it was when people were warned of it; `before`: how many cases they had been told of, 0 at first."""

    number: int
    at: datetime
    before: int
    spot: Spot


def look(*, now: datetime) -> int:
    """Look for clusters, keep what was seen, warn of those that grow (`warning`); how many clusters there are.

    A hundred thousand cases take under a minute."""
    since = now - timedelta(days=DAYS)
    known = lessons.reported(since=since, until=now)
    recent = now - timedelta(days=FRESH_DAYS)
    found = triage.hotspots(beside.reports(known), until=now)
    told = [one for one in found if one.until is None or one.until >= recent]
    told = sorted(told, key=lambda one: (not one.warning, -one.heat))[:MOST]
    areas = {one.case: one.area_name for one in known}
    _keep([_plain(one, n, areas) for n, one in enumerate(told, 1)], len(known), since, now)
    return len(told)


@transaction.atomic
def _keep(found: list[dict[str, Any]], among: int, since: datetime, now: datetime) -> None:
    Sighting.objects.create(since=since, until=now, cases=among, at=now, spots=found)
    old = Sighting.objects.order_by("-at").values_list("id", flat=True)[KEPT:]
    Sighting.objects.filter(id__in=list(old)).delete()
    warning.warn(found, now=now)


def _plain(one: triage.HotSpot, rank: int, areas: dict[int, str]) -> dict[str, Any]:
    cases = [int(case) for case in one.ids]
    return {
        "rank": rank,
        "heat": one.heat,
        "place": one.place or _most([areas[case] for case in cases]),
        "object": one.object,
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "cases": cases[:2000],
        "count": len(cases),
        "expected": one.expected,
        "lon": one.lon,
        "lat": one.lat,
        "metres": one.metres,
        "warning": one.warning,
    }


def _most(names: list[str]) -> str:
    """The area most of the cases are in, where that is more than a third of them."""
    best = max(set(names), key=names.count, default="")
    return best if names and names.count(best) * 3 > len(names) else ""


def newest(by: Actor) -> SightingView | None:
    """What was seen last, or None before the first look: clusters of which the actor may see half the cases or more.
    Raises NotAllowed. Two queries."""
    policies.check_may_see_spots(by)
    row = Sighting.objects.order_by("-at").first()
    if row is None:
        return None
    found = _theirs(by, [_spot(one) for one in row.spots])
    return SightingView(row.at, row.since, row.until, row.cases, tuple(found))


def warned(by: Actor, number: int) -> WarningView:
    """What people were warned of. Raises NotAllowed, NotThere (no such warning, or less than half of it theirs)."""
    policies.check_may_see_spots(by)
    row = SpotWarning.objects.filter(id=number).first()
    if row is None or not _theirs(by, [_spot(row.spot)]):
        raise NotThere(_("There is no such warning."))
    return WarningView(row.id, row.at, row.before, _spot(row.spot))


def _theirs(by: Actor, found: list[Spot]) -> list[Spot]:
    if by.may(cases.SEE_ALL):
        return found
    mine = lessons.seen(by, {case for one in found for case in one.cases})
    return [one for one in found if 2 * len(mine & set(one.cases)) >= len(one.cases)]


def _spot(one: dict[str, Any]) -> Spot:
    return Spot(
        rank=one["rank"],
        heat=one["heat"],
        place=one["place"],
        object=warning.title(str(one["object"])),
        since=_moment(one["since"]),
        until=_moment(one["until"]),
        cases=tuple(one["cases"]),
        count=one["count"],
        expected=one["expected"],
        lon=one["lon"],
        lat=one["lat"],
        metres=one["metres"],
        warning=one["warning"],
    )


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
