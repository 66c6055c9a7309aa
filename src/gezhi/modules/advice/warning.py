"""Early warnings: who hears of a cluster that grows faster than its season, and that they heard of it already.

A cluster is told once, and again when it has become twice as many. It is the same from run to run where the smaller
of the two shares half its cases, or where matter and place are the same and the periods meet: clusters are found anew
each time, and their bounds and words shift a little. What was told is kept as it was, so that the notice leads to
it when the cluster itself is long over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gezhi.lib.actor import Actor
from gezhi.modules.advice import events, policies
from gezhi.modules.advice.models import SpotWarning
from gezhi.modules.cases import lessons, rules
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.notices import operations as notices
from gezhi.modules.notices.operations import NewNotice
from gezhi.modules.people import queries as people
from gezhi.modules.switches import queries as switches
from gezhi.modules.switches import retention
from gezhi.modules.territory import queries as territory

Plain = Mapping[str, Any]  # a cluster as a sighting keeps it

REMEMBERED_DAYS = 28  # as long as a case counts among what is looked at
GROWN = 2  # so many times what was told is news again
SHARED = 0.5  # of the smaller one's cases, in the same cluster; of a cluster's cases, in a leader's area
FIRST, AGAIN = "spot.warned", "spot.grown"


@dataclass(frozen=True, slots=True)
class _Recipient:
    post: str
    organisation: int | None = None
    area: int | None = None


def warn(found: Sequence[Plain], *, now: datetime) -> int:
    """Tell of those of these clusters that grow faster than their season and are news; how many. In the caller's
    transaction, by one hand at a time: the job that looks for clusters has a lock."""
    growing = [one for one in found if one["warning"]]
    if not growing:
        return 0
    since = now - timedelta(days=REMEMBERED_DAYS)
    earlier = list(SpotWarning.objects.filter(at__gte=since).order_by("-id"))
    told = 0
    for spot in growing:
        before = max((one.spot["count"] for one in earlier if same(one.spot, spot)), default=0)
        if spot["count"] >= GROWN * before:
            earlier.append(_tell(spot, before, now))
            told += 1
    old = now - timedelta(days=retention.days("notices"))
    SpotWarning.objects.filter(at__lt=old).delete()
    return told


def same(told: Plain, found: Plain) -> bool:
    """Is this the cluster that was told of?"""
    before, now = set(told["cases"]), set(found["cases"])
    if len(before & now) >= SHARED * min(len(before), len(now)):
        return True
    alike = (told["object"], told["place"]) == (found["object"], found["place"])
    return alike and (not told["until"] or not found["since"] or found["since"] <= told["until"])


def title(said: str) -> str:
    """What a cluster is of, in words: the key of its class, where it begins with one, becomes the name."""
    key, _sep, rest = said.partition(" ")
    fact = catalogue.in_force().by_key.get(key)
    return f"{fact.name} {rest}".strip() if fact else said


def _tell(spot: Plain, before: int, now: datetime) -> SpotWarning:
    row = SpotWarning.objects.create(spot=dict(spot), before=before, at=now)
    zone = ZoneInfo(switches.profile().zone)
    paths = [one.areas for one in lessons.those(spot["cases"])]
    shared = [area for area, n in Counter(a for path in paths for a in path).items() if n >= SHARED * len(paths)]
    to = [*_centre(), *_leaders(shared, now.astimezone(zone))]
    params = {
        "object": title(spot["object"]),
        "place": spot["place"] or _ground(shared),
        "count": spot["count"],
        "before": before,
        "since": _moment(spot["since"], zone),
        "until": _moment(spot["until"], zone),
    }
    notices.put_many(
        notices=[
            NewNotice(
                subject=f"spot:{row.id}",
                kind=AGAIN if before else FIRST,
                dedupe=f"spot:{row.id}:{one.post}:{one.organisation or ''}:{one.area or ''}",
                organisation=one.organisation,
                area=one.area,
                post=one.post,
                params=params,
            )
            for one in to
        ],
        now=now,
    )
    body = {"cases": spot["count"], "before": before, "told": len(to)}
    ledger.append(subject=f"spot:{row.id}", kind=events.SPOT_WARNED, by=Actor.system(), now=now, body=body)
    return row


def _centre() -> list[_Recipient]:
    """Whoever dispatches at the centre."""
    centre = rules.centre()
    if centre is None:
        return []
    return [_Recipient(post, organisation=centre) for post in _posts(policies.DISPATCH, "organisation")]


def _leaders(areas: Sequence[int], local: datetime) -> list[_Recipient]:
    """Whoever leads the smallest of these areas that has somebody who leads it today."""
    leading = _posts(policies.LEAD, "area")
    held = territory.responsible(areas, on=local.date())
    found = {_Recipient(one.post, area=one.area): one.area for one in held if one.post in leading and one.area}
    known = territory.areas_in_force().areas
    above = {area for number in found.values() for area in known[number].path if area != number}
    return [one for one, area in found.items() if area not in above]


def _posts(right: str, scope: str) -> list[str]:
    return [kind.key for kind in people.post_kinds().values() if right in kind.capabilities and kind.scope == scope]


def _ground(shared: Sequence[int]) -> str:
    """The smallest area that holds half the cases, else the whole ground."""
    known = territory.areas_in_force()
    base = [known.areas[area] for area in shared if area in known.areas and known.areas[area].layer == known.layers[0]]
    roots = [area for area in known.areas.values() if area.parent is None]
    return next((area.name for area in sorted(base, key=lambda one: -len(one.path)) or roots), "")


def _moment(said: str | None, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(said).astimezone(zone):%m-%d %H:%M}" if said else ""
