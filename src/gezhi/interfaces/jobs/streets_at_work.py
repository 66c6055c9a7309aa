"""The streets of a simulated district blowing the whistle: units sign, report in, a joint clean-up, one score each.

Made by the ordinary operations of cases, at moments spread over the life. A profile that says nothing about whistles in
`simulation/life.yaml` has none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db import IntegrityError

from gezhi.interfaces.jobs.people_at_work import District, Due
from gezhi.lib.actor import Actor
from gezhi.lib.errors import Refusal
from gezhi.modules.cases import operations as cases
from gezhi.modules.cases import queries, rules, whistling
from gezhi.modules.cases.operations import Beginning, Moved, Place
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.territory import queries as territory

SEED = 8003
LEVELS = ("ordinary", "ordinary", "ordinary", "larger")
MINUTE = timedelta(minutes=1)


class Whistles:
    """What the streets' leaders blow over a life, and how it goes on."""

    def __init__(self, district: District, *, first: date, end: datetime) -> None:
        self.district, self.first, self.end = district, first, end
        self.spec = district.profile.simulation.get("whistles", {})
        self.rng = np.random.default_rng(SEED)
        self.zone = ZoneInfo(district.profile.zone)

    def due(self) -> list[Due]:
        """Each whistle and its moment: on work days, in the forenoon, by a street that has a leader."""
        streets = self._streets()
        if not self.spec or not streets or whistling.MATTER not in rules.matters():
            return []
        found = []
        days = (self.end.astimezone(self.zone).date() - self.first).days
        for n in range(int(days * float(self.spec["per_week"]) / 7)):
            day = self.first + timedelta(days=int(self.rng.integers(days)))
            at = datetime.combine(day, time(9 + n % 3, 7 * n % 60), tzinfo=self.zone)
            street, leader = streets[int(self.rng.integers(len(streets))) * n % len(streets)]
            if day.isoweekday() <= 5 and at + timedelta(hours=9) < self.end:
                found.append(Due(at, self._blower(n, street, leader)))
        return found

    def _streets(self) -> list[tuple[int, Actor]]:
        snapshot = territory.areas_in_force()
        wanted = [area.id for area in snapshot.areas.values() if area.level == "street"]
        led = [(area, self._leader(area)) for area in wanted]
        return [(area, leader) for area, leader in led if leader is not None]

    def _leader(self, area: int) -> Actor | None:
        here = self.district.over_area.get(area, ())
        return next((one for one in here if any(p.post == "street_leader" and p.area == area for p in one.posts)), None)

    def _blower(self, n: int, street: int, leader: Actor) -> Callable[[datetime], None]:
        def blow(now: datetime) -> None:
            try:
                self._play(n, street, leader, now)
            except (Refusal, IntegrityError):  # nobody holds a duty here; blown already before a life was broken off
                return

        return blow

    def _play(self, n: int, street: int, leader: Actor, now: datetime) -> None:
        """A whole whistle. Its later moves lie after `now` by minutes and hours; nobody else touches it meanwhile."""
        words = str(self.spec["words"][n % len(self.spec["words"])])
        units = self._units(n)
        beginning = Beginning(
            matter=whistling.MATTER,
            move="blow",
            inputs={"level": LEVELS[n % len(LEVELS)], "units": units, "words": words},
            words=words,
            place=Place(area_code=territory.areas_in_force().areas[street].code),
            channel="whistle",
            source_id=f"simulated-{n}",
        )
        case = cases.start(beginning=beginning, by=leader, now=now).case
        at = now
        for m, (key, unit) in enumerate(self._summoned(case)):
            somebody = self._head(unit)
            if somebody is None:
                continue
            at = now + (9 + 11 * m + int(self.rng.integers(12))) * MINUTE
            self._act(case, "sign", somebody, at, key)
            at += (35 + int(self.rng.integers(50))) * MINUTE
            self._act(case, "arrive", somebody, at, key)
            self._act(case, "confirm_presence", leader, at + 5 * MINUTE, key)
            at += 5 * MINUTE
        if n % 5:  # one of five is still being talked about
            self._end(case, leader, at + 150 * MINUTE, n)

    def _end(self, case: int, leader: Actor, at: datetime, n: int) -> None:
        after = [self.district.photo(n, leader, at)]
        words = str(self.spec["solved"][n % len(self.spec["solved"])])
        if queries.at_work(case).here.case.stage == "blown":
            self._act(case, "meet", leader, at)
        self._act(case, "solved_on_site", leader, at, after=after, words=words)
        given = {
            key: {"speed": int(s), "cooperation": int(c), "solved": int(r)}
            for key, _unit in self._summoned(case)
            for s, c, r in [self.rng.integers((20, 22, 28), (31, 31, 41))]
        }
        self._act(case, "judge", leader, at + 20 * MINUTE, scores=given, solved=bool(n % 7))

    def _summoned(self, case: int) -> list[tuple[str, int | None]]:
        tasks = queries.at_work(case).here.assignments.values()
        return [(one.key, one.unit_id) for one in tasks if one.kind == whistling.SUMMONS]

    def _act(self, case: int, move: str, by: Actor, now: datetime, task: str | None = None, **inputs: object) -> Moved:
        return cases.act(case=case, move=move, inputs=inputs, by=by, now=min(now, self.end), assignment=task)

    def _units(self, n: int) -> list[int]:
        ground = {one.code for one in self.district.profile.organisations if one.area_code}
        kinds = {one.unit_kind for one in catalogue.in_force().classes}
        able = [
            one.id
            for one in sorted(self.district.organisations.values(), key=lambda one: one.code)
            if one.code not in ground and one.kind in kinds and self._head(one.id) is not None
        ]
        return list(dict.fromkeys(able[(3 * n + 5 * m) % len(able)] for m in range(2 + n % 4))) if able else []

    def _head(self, unit: int | None) -> Actor | None:
        here = self.district.in_unit.get(unit or 0, ())
        return next((one for one in here if any(p.post == "unit_leader" for p in one.posts)), None)
