"""All the people of a simulated district, played through the real operations.

`District` is the simulation's world: it takes reports in, makes moves as the person who would make them, lets limits
fire as time passes, and says of each case what is open to whom.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from gezhi.engines.simulation import Action, CaseView, Offer
from gezhi.engines.simulation import Report as Happening
from gezhi.lib.actor import Actor
from gezhi.lib.errors import Refusal
from gezhi.modules.cases import operations as cases
from gezhi.modules.cases import queries
from gezhi.modules.cases.operations import Place, Report
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.files import operations as files
from gezhi.modules.people import queries as people
from gezhi.modules.switches.profiles import Profile
from gezhi.modules.territory import queries as territory

SOURCE = "simulation"
FIRE_EVERY = timedelta(minutes=30)
PICTURES = 24


@dataclass(frozen=True, slots=True)
class Due:
    """Something that falls on a moment of a life; it is given the moment at which it is done."""

    at: datetime
    do: Callable[[datetime], None]


class District:
    """Everybody who has a post, by where they hold it, and the cases under way by their reference."""

    def __init__(self, profile: Profile, *, until_now: datetime) -> None:
        self.profile, self.end = profile, until_now
        accounts = people.account_ids()
        actors = territory.actors_for(list(accounts.values()), on=until_now.date())
        self.by_ref = {actor.ref: actor for actor in actors.values()}
        self.in_unit: dict[int, list[Actor]] = {}
        self.over_area: dict[int, list[Actor]] = {}
        for actor in actors.values():
            for held in actor.posts:
                if held.organisation is not None:
                    self.in_unit.setdefault(held.organisation, []).append(actor)
                if held.area is not None:
                    self.over_area.setdefault(held.area, []).append(actor)
        self.organisations = people.organisations()
        self.centre = next((o.id for o in self.organisations.values() if o.code == profile.centre), 0)
        self.here: dict[tuple[int, ...], set[int]] = {}
        self.pictures: dict[int, int] = {}
        self.truth: dict[str, Happening] = {}
        self.made: dict[str, Counter[str]] = {}
        self.fired = datetime.min.replace(tzinfo=until_now.tzinfo)

    def until(self, now: datetime) -> None:
        """Let limits fire, twice an hour."""
        if now - self.fired >= FIRE_EVERY and now <= self.end:
            self.fired = now
            while cases.fire_due(now=now):
                pass

    def report(self, report: Happening) -> CaseView | None:
        """Take a report in: by the grid's worker on patrol, by the centre for hotline and video, by a resident."""
        if report.at > self.end:
            return None
        by = self._reporter(report)
        photos = tuple(self.photo(report.serial + n, by, report.at) for n in range(min(report.photos, 2)))
        given = Report(
            channel=report.channel,
            source=SOURCE,
            source_id=f"{report.at:%Y%m%d}-{report.serial}",
            words=report.words,
            place=Place(lon=report.lon, lat=report.lat),
            klass=report.class_code if report.channel == "patrol" else "",
            photos=photos,
            reporter=self._personal(report) if by.account_id is None else (),
        )
        receipt = cases.report(report=given, by=by, now=report.at)
        self.truth[str(receipt.case)] = report
        return self._view(str(receipt.case), report.at)

    def act(self, action: Action) -> CaseView | None:
        """Make the move; one that is refused (somebody was faster, the duty is separated) is simply not made."""
        if action.at > self.end:
            return None
        by = self.by_ref.get(action.who, Actor(action.who))
        inputs = dict(action.inputs)
        for name, count in action.photos.items():
            inputs[name] = [self.photo(int(action.case) * 7 + n, by, action.at) for n in range(min(count, 2))]
        try:
            cases.act(
                case=int(action.case),
                move=action.move,
                inputs=inputs,
                by=by,
                now=action.at,
                assignment=action.assignment,
            )
        except Refusal:
            return None
        self.made.setdefault(action.case, Counter())[action.move] += 1
        return self._view(action.case, action.at)

    def _view(self, ref: str, now: datetime) -> CaseView | None:
        work = queries.at_work(int(ref))
        truth = self.truth[ref]
        klass = catalogue.in_force().by_key.get(truth.class_code)
        open_moves: dict[tuple[str, str | None], tuple[queries.OpenMove, list[str]]] = {}
        for actor in self._concerned(work):
            for move in work.open_to(actor, now):
                open_moves.setdefault((move.move, move.assignment), (move, []))[1].append(actor.ref)
        if not open_moves:
            return None
        return CaseView(
            ref=ref,
            since=now,
            offers=tuple(Offer(move, tuple(who)) for move, who in open_moves.values()),
            made=dict(self.made.get(ref, {})),
            class_code=truth.class_code,
            condition=klass.conditions[0].key if klass and klass.conditions else "",
            place=(truth.lon, truth.lat),
            units=self._units(klass.unit_kind if klass else "", work.areas),
        )

    def _concerned(self, work: queries.AtWork) -> list[Actor]:
        """Who could have anything to do with the case: the centre, the units at work, those over its areas."""
        found = [*self.in_unit.get(self.centre, ())]
        for unit in work.units:
            found += self.in_unit.get(unit, ())
        for area in work.areas:
            found += self.over_area.get(area, ())
        if work.reporter_ref not in self.by_ref:
            found.append(Actor(work.reporter_ref))
        return list({actor.ref: actor for actor in found}.values())

    def _units(self, kind: str, areas: tuple[int, ...]) -> tuple[int, ...]:
        """Units that answer for this kind, those of the place first, then anybody who handles."""
        if areas[:3] not in self.here:
            self.here[areas[:3]] = set(territory.remit_organisations(areas))
        here = self.here[areas[:3]]
        fitting = [o.id for o in self.organisations.values() if o.kind == kind and o.id in self.in_unit]
        local = [u for u in fitting if u in here]
        streets = [u for u in here if u in self.in_unit]
        return tuple(dict.fromkeys([*local, *fitting[:2], *streets]))[:3] or (self.centre,)

    def _reporter(self, report: Happening) -> Actor:
        if report.channel == "patrol":
            here = territory.locate(lon=report.lon, lat=report.lat)
            workers = [a for area in here for a in self.over_area.get(area.id, ()) if a.account_id is not None]
            if workers:
                return workers[0]
        if report.channel in {"hotline", "video"}:
            desk = [a for a in self.in_unit.get(self.centre, ()) if any(p.post == "acceptor" for p in a.posts)]
            if desk and report.channel == "video":
                return desk[0]
        return Actor.public()

    def _personal(self, report: Happening) -> tuple[tuple[str, str], ...]:
        """An invented resident: most give a name and a number (of a range that belongs to nobody), some nothing."""
        rng = np.random.default_rng([report.serial, report.at.toordinal()])
        if rng.random() < 0.3:
            return ()
        surname = "赵钱孙李周吴郑王冯陈"[int(rng.integers(10))]
        return (("name", f"{surname}某（虚构）"), ("phone", f"1000000{int(rng.integers(10_000)):04d}"))

    def photo(self, seed: int, by: Actor, now: datetime) -> int:
        """Id of a drawn picture."""
        seed %= PICTURES
        if seed not in self.pictures:
            self.pictures[seed] = files.store(stream=io.BytesIO(picture(seed)), by=by, now=now).id
        return self.pictures[seed]


@cache
def picture(seed: int) -> bytes:
    """A drawn picture, plainly not a photograph: a street, a thing on it, and the word DEMO."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (960, 720), tuple(int(c) for c in 205 + rng.integers(0, 40, 3)))
    draw = ImageDraw.Draw(image)
    ground = 380 + int(rng.integers(0, 60))
    draw.rectangle((0, ground, 960, 720), fill=(112, 116, 120))
    for n in range(7):
        height = int(rng.integers(120, 330))
        shade = int(rng.integers(150, 205))
        draw.rectangle((n * 140, ground - height, n * 140 + 118, ground), fill=(shade, shade - 8, shade - 20))
        for row in range(3, height // 34):
            for column in range(3):
                x, y = n * 140 + 14 + column * 34, ground - row * 34
                draw.rectangle((x, y, x + 18, y + 18), fill=(shade - 45, shade - 30, shade - 15))
    for n in range(6):
        draw.rectangle((n * 170 + 20, 560, n * 170 + 110, 572), fill=(235, 235, 225))
    x, y = int(rng.integers(300, 600)), int(rng.integers(480, 560))
    draw.ellipse((x, y, x + 190, y + 92), fill=(64, 66, 70), outline=(40, 40, 44), width=8)
    draw.line((x + 30, y + 40, x + 100, y + 30, x + 160, y + 60), fill=(20, 20, 22), width=6)
    draw.text((28, 668), "DEMO", fill=(245, 245, 245), font_size=34)
    held = io.BytesIO()
    image.save(held, "JPEG", quality=82)
    return held.getvalue()
