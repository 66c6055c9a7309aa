"""A district that has lived for some days: the demonstration's past, made by the real operations.

`play` installs the profile and lets `engines/simulation` drive: each report and each move is the same operation a
person at a desk would call, with the simulated moment as `now`. Everything is drawn from a seed, and reports are
idempotent by their source id, so a run that was broken off continues when it is started again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

from gezhi.engines import simulation
from gezhi.interfaces.jobs import installing, portraits
from gezhi.interfaces.jobs.centre_at_work import Centre
from gezhi.interfaces.jobs.people_at_work import District
from gezhi.lib import events, jobs
from gezhi.lib.actor import Actor
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.files import operations as files
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.notices import operations as notices
from gezhi.modules.people import contacts
from gezhi.modules.people import queries as people
from gezhi.modules.switches.profiles import Profile
from gezhi.modules.territory import queries as territory

SEED = 20260701
FRESH, STEPS = 21, 7  # reports of the last minutes, and how many moves the furthest of them has seen
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody to play, with the demonstration's password."""

    role: str
    username: str
    password: str


def play(profile: str, days: int, progress: Progress) -> None:
    """Install the profile and play `days` days up to now; `progress(done, total, what)` is called along the way."""
    now = timezone.now()
    first = now.date() - timedelta(days=days)
    progress(0, days + 1, "profile")
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # a simulated past may be played again
    adopted = installing.install(profile, now=now, since=first - timedelta(days=180), password=password())
    ledger.prepare_months(first=first, last=now.date() + timedelta(days=92))
    show_invented(adopted, now)
    if days:
        with events.muted():
            _live(adopted, first_day=first, days=days, now=now, progress=progress)
        _tidy(now)
        jobs.enqueue("gezhi.train_models", timestamp=0, at_once=True)
        jobs.enqueue("gezhi.look_for_spots", timestamp=0)
    progress(days + 1, days + 1, "ready")


def logins() -> list[Login]:
    """One person for each role: what the demonstration prints. Accounts that the profile lacks are left out."""
    from gezhi.modules.switches import queries as switches

    profile = switches.profile()
    titles = {post.key: post.title.get("zh", post.key) for post in profile.posts if post.capabilities}
    shown: dict[str, Login] = {}
    for person in profile.people:
        for held in person.posts:
            if held.post in titles:
                shown.setdefault(held.post, Login(titles[held.post], person.username, password()))
    return list(shown.values())


def password() -> str:
    """The one password of the demonstration's invented people: derived from this installation's secret."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"gezhi demo", hashlib.sha256).digest()
    return f"gezhi-{base64.b32encode(digest)[:8].decode().lower()}"


def show_invented(profile: Profile, now: datetime) -> None:
    """Give the invented people whom the public sees a number that nobody has, and a drawn portrait."""
    pattern = str(profile.simulation.get("contacts", {}).get("phone", ""))
    public = {post.key for post in profile.posts if post.public}
    shown = [p.username.lower() for p in profile.people if p.invented and public & {held.post for held in p.posts}]
    if not pattern or not shown:
        return
    by, accounts = Actor.system(), people.account_ids()
    drawings = [io.BytesIO(portraits.portrait(n)) for n in range(portraits.COUNT)]
    stored = [files.store(stream=drawing, by=by, now=now).id for drawing in drawings]
    given = [
        contacts.NewContact(accounts[name], _invented_number(pattern, n), stored[portraits.number_of(name)])
        for n, name in enumerate(shown)
    ]
    contacts.give_many(contacts=given, by=by, now=now)


def _invented_number(pattern: str, number: int) -> str:
    """The pattern with its # replaced by the digits of the number, as many as there are."""
    places = pattern.count("#")
    digits = iter(f"{number % 10**places:0{places}d}")
    return "".join(next(digits) if sign == "#" else sign for sign in pattern)


def _live(profile: Profile, *, first_day: Any, days: int, now: datetime, progress: Progress) -> None:
    spec = profile.simulation
    told, zone = spec["reports"], ZoneInfo(profile.zone)
    city = simulation.City(
        zone=zone,
        per_day=told["per_day"],
        photo_share=told["photo_share"],
        places=_places(profile),
        classes=_classes(told),
        channels={name: weight for name, weight in told["channels"].items() if name in profile.lists["channels"]},
        words=tuple(told["words"]),
        holds=lambda lon, lat: bool(territory.locate(lon=lon, lat=lat)),
    )
    behaviour = simulation.Behaviour(
        seed=SEED,
        calendar=profile.workclock,
        habits=simulation.read_habits(spec["moves"]),
        lists={name: sorted(choices) for name, choices in profile.lists.items()},
    )
    district = District(profile, until_now=now)
    centre = Centre(district, first=first_day, end=now)
    shown = first_day
    for step in simulation.live(district, city, behaviour, seed=SEED, first=first_day, days=days + 1):
        if step.at > now:
            break
        centre.until(step.at)
        day = step.at.astimezone(zone).date()
        if day > shown:
            ledger.seal(now=step.at, private_key=base64.b64decode(settings.GEZHI_SIGNING_KEY), day=shown)
            shown = day
            progress((day - first_day).days, days + 1, day.isoformat())
    centre.until(now)
    _this_hour(district, city, behaviour, now)


def _this_hour(district: District, city: simulation.City, behaviour: simulation.Behaviour, now: datetime) -> None:
    """Whatever the time of day, something waits at every desk: fresh reports, each brought a few steps further."""
    coming = list(simulation.reports(city, SEED + 1, now.date(), 3))[:FRESH]
    for n, one in enumerate(coming):
        at = now - timedelta(minutes=11 - 11 * n / FRESH)
        view = district.report(replace(one, at=at, serial=900_000 + n))
        for _step in range(n % STEPS):
            action = behaviour.next_action(view, at) if view else None
            if action is None:
                break
            at = min(at + timedelta(seconds=50), now)
            view = district.act(replace(action, at=at))


def _classes(spec: Mapping[str, Any]) -> dict[str, tuple[float, str]]:
    """Class key → (weight, what people call it): the named ones, or the whole catalogue where none of them is in it."""
    have = catalogue.in_force().by_key
    told = spec.get("classes", {})
    named = {key: (float(one["weight"]), str(one["what"])) for key, one in told.items() if key in have}
    return named or {one.key: (1.0, one.name) for one in have.values()}


def _places(profile: Profile) -> tuple[simulation.Place, ...]:
    """Hot places: the middle of every seventh grid, some much hotter than others. Without shapes: one nowhere."""
    from shapely.geometry import shape

    level, layers = profile.grid_level, [layer.key for layer in profile.layers][:1]
    found = territory.features(level=level, layer=layers[0])["features"][::7] if level and layers else []
    middles = [shape(f["geometry"]).representative_point() for f in found]
    return tuple(simulation.Place(point.x, point.y, 120.0, 1.0 + 8.0 / (1 + n % 11)) for n, point in enumerate(middles))


def _tidy(now: datetime) -> None:
    """The past is over: its notices are sent, and those older than two days are read by the desks."""
    while notices.send_pending(now=now, limit=2000):
        pass
    accounts = people.account_ids()
    for login in logins():
        actor = territory.actor_for(accounts[login.username.lower()], on=now.date())
        if actor.posts:
            notices.mark_all_read(until=_last_notice_before(now - timedelta(days=1)), by=actor, now=now)


def _last_notice_before(moment: datetime) -> int:
    from gezhi.modules.notices import queries

    return queries.last_before(moment)
