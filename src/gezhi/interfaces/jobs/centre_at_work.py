"""The command centre of a simulated district: its weekly dispatch meetings and its special operations.

Everything is made by the operations of the room `command`, at the moment of the simulated life that it falls on, by the
invented people who hold the posts. What is said stands in the profile (`simulation/life.yaml`); a profile without that
has no meetings. A life that was broken off and begins again finds what is done already and goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gezhi.interfaces.jobs.people_at_work import District, Due
from gezhi.interfaces.jobs.streets_at_work import Whistles
from gezhi.lib.actor import Actor
from gezhi.lib.errors import Refusal
from gezhi.modules.cases import agenda, rules
from gezhi.modules.cases import operations as cases
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.command import operations, queries, series
from gezhi.modules.command.operations import CampaignPlan
from gezhi.modules.command.queries import HELD, PLANNED, Point
from gezhi.modules.territory import queries as territory

DECIDED, UNITS, TEAMS = 4, 12, 5  # points that a meeting decides on; units that are there; units of an operation
WEEK = timedelta(days=7)


class Centre:
    """The centre's own work between two moments of a life; `until` is called as time passes."""

    def __init__(self, district: District, *, first: date, end: datetime) -> None:
        self.district, self.spec = district, district.profile.simulation
        self.zone = ZoneInfo(district.profile.zone)
        self.chair = self._holding("centre_leader")
        self.dispatcher = self._holding("dispatcher")
        due = [*self._meetings(first, end), *self._campaigns(end)] if self.chair and self.dispatcher else []
        self.due = sorted([*due, *Whistles(district, first=first, end=end).due()], key=lambda one: one.at)

    def until(self, now: datetime) -> None:
        """Do what has fallen due."""
        while self.due and self.due[0].at <= now:
            self.due.pop(0).do(now)

    def _holding(self, post: str) -> Actor | None:
        here = self.district.in_unit.get(self.district.centre, ())
        return next((actor for actor in here if any(held.post == post for held in actor.posts)), None)

    def _meetings(self, first: date, end: datetime) -> list[Due]:
        if "meetings" not in self.spec or agenda.DECISION not in rules.matters():
            return []
        evening = series.in_force().next_evening(datetime.combine(first, time(), tzinfo=self.zone))
        found = []
        while evening + timedelta(hours=3) <= end:
            found += self._evening(evening)
            evening += WEEK
        return found

    def _evening(self, evening: datetime) -> list[Due]:
        def prepare(now: datetime) -> None:
            if now < evening:
                operations.prepare(evening=evening, by=Actor.system(), now=now)

        def hold(now: datetime) -> None:
            self._hold(evening, now)

        def report(now: datetime) -> None:
            self._report(evening, now)

        day = timedelta(days=1)
        return [
            Due(evening - timedelta(hours=8), prepare),
            Due(evening, hold),
            Due(evening + 2 * day + timedelta(hours=14), report),
        ]

    def _hold(self, evening: datetime, now: datetime) -> None:
        """Everything an evening sees: who is there, what is said and decided, the minutes."""
        meeting = self._meeting_of(evening)
        if meeting is None or self.chair is None:
            return
        view = queries.meeting(self.chair, meeting)
        if view.state == PLANNED:
            for topic in self._words("topics")[:1]:
                operations.add_item(meeting=meeting, topic=topic, by=self.chair, now=now)
            present = sorted({*view.concerned[:UNITS], *self._teams(("event:01",))})
            operations.hold(meeting=meeting, present=present, by=self.chair, now=now)
            view = queries.meeting(self.chair, meeting)
        if view.state != HELD:
            return
        fresh = [point for point in view.points if point.carried is None]
        for n, point in enumerate(fresh[:DECIDED]):
            self._decide(point, view.number + n, now)
        operations.write_minutes(meeting=meeting, words=str(self.spec["meetings"]["minutes"]), by=self.chair, now=now)
        operations.close(meeting=meeting, by=self.chair, now=now)

    def _decide(self, point: Point, number: int, now: datetime) -> None:
        chair = self.chair
        if chair is None:
            return
        operations.say(item=point.id, words=self._word("said", number), by=chair, now=now)
        unit = (point.case.unit if point.case else None) or next(iter(self._teams(("event:01",))))
        day = now.astimezone(self.zone).date()
        helper = next((one for one in self._teams(("event:01",)) if one != unit), unit)
        plan = [
            {"what": self._word("items", number + m), "unit": one, "due": str(day + timedelta(days=3 + 3 * m))}
            for m, one in enumerate((unit, helper)[: 1 + number % 2])
        ]
        words = self._word("decisions", number)
        operations.decide(item=point.id, plan=plan, words=words, key=f"simulated-{point.id}", by=chair, now=now)

    def _report(self, evening: datetime, now: datetime) -> None:
        """Some days later most items are reported done and most of those accepted; some are left for the next time."""
        meeting = self._meeting_of(evening)
        if meeting is None or self.chair is None:
            return
        made = [one for point in queries.meeting(self.chair, meeting).points for one in point.decided]
        for n, decided in enumerate(made):
            for item in decided.items:
                if n % 4 != 3 and item.stage_key == "todo" and item.unit is not None:
                    self._finish(decided.case, item.key, item.unit, now, accept=n % 3 != 2)

    def _finish(self, case: int, key: str, unit: int, now: datetime, *, accept: bool) -> None:
        somebody = next((one for one in self.district.in_unit.get(unit, ()) if one is not self.chair), None)
        if somebody is None or self.dispatcher is None:
            return
        try:
            words = {"words": self._word("done", case)}
            cases.act(case=case, move="do", inputs=words, by=somebody, now=now, assignment=key)
            if accept:
                cases.act(case=case, move="accept_item", inputs={}, by=self.dispatcher, now=now, assignment=key)
        except Refusal:  # a duty that is kept apart: nobody else holds it here
            return

    def _meeting_of(self, evening: datetime) -> int | None:
        return queries.of_evening(evening.astimezone(self.zone).date())

    def _campaigns(self, end: datetime) -> list[Due]:
        found = []
        for told in self.spec.get("campaigns", ()):
            starts = end.astimezone(self.zone).date() - timedelta(days=int(told["begun"]))
            ends = starts + timedelta(days=int(told["days"]) - 1)
            begin = datetime.combine(starts - timedelta(days=1), time(9), tzinfo=self.zone)
            found.append(Due(begin, self._begin(told, starts, ends)))
        return [one for one in found if one.at <= end]

    def _begin(self, told: Mapping[str, Any], starts: date, ends: date) -> Callable[[datetime], None]:
        def begin(now: datetime) -> None:
            if self.dispatcher is None:
                return
            plan = CampaignPlan(
                name=str(told["name"]),
                purpose=str(told["purpose"]),
                areas=self._ground(),
                starts_on=starts,
                ends_on=ends,
                teams=self._teams(tuple(told.get("majors", ()))),
                classes=tuple(told.get("classes", ())),
                majors=tuple(told.get("majors", ())),
            )
            known = queries.campaigns(self.dispatcher, now=now)
            number = next((one.id for one in known if (one.name, one.starts_on) == (plan.name, starts)), None)
            try:
                number = number or operations.plan_campaign(plan=plan, by=self.dispatcher, now=now)
            except Refusal:  # a catalogue without these classes
                return
            if "closing" in told:
                self._close_later(number, str(told["closing"]), ends)

        return begin

    def _close_later(self, number: int, words: str, ends: date) -> None:
        def close(now: datetime) -> None:
            if self.dispatcher and queries.campaign(self.dispatcher, number, now=now).closed_at is None:
                operations.close_campaign(campaign=number, words=words, by=self.dispatcher, now=now)

        at = datetime.combine(ends + timedelta(days=1), time(10), tzinfo=self.zone)
        self.due = sorted([*self.due, Due(at, close)], key=lambda one: one.at)

    def _ground(self) -> tuple[int, ...]:
        """The whole, which is one area."""
        snapshot = territory.areas_in_force()
        return tuple(a.id for a in snapshot.areas.values() if a.parent is None and a.layer == snapshot.layers[0])

    def _teams(self, majors: tuple[str, ...]) -> tuple[int, ...]:
        """Units that answer for most of these major classes, those of the whole place; never the streets' own."""
        kinds = Counter(
            one.unit_kind for one in catalogue.in_force().classes if f"{one.kind}:{one.major_code}" in majors
        )
        ground = {one.code for one in self.district.profile.organisations if one.area_code}
        able = [
            one
            for one in self.district.organisations.values()
            if one.id in self.district.in_unit and one.kind in kinds and one.code not in ground
        ]
        able.sort(key=lambda one: (-kinds[one.kind], one.code))
        return tuple(one.id for one in able[:TEAMS]) or (self.district.centre,)

    def _words(self, name: str) -> list[str]:
        return [str(one) for one in self.spec["meetings"].get(name, ())]

    def _word(self, name: str, number: int) -> str:
        every = self._words(name)
        return every[number % len(every)]
