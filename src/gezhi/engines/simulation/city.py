"""What comes in: reports in space and time.

Every hour of every day a Poisson number of reports, by the hour's and the weekday's weight; each at a place (ordinary
or hot) with a scatter around it, of a class and by a channel drawn by weight. Each day has its own stream of chance, so
a month played in one go equals the same month played in two halves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import cos, radians
from zoneinfo import ZoneInfo

import numpy as np

_HOURS = (1, 1, 1, 1, 1, 2, 4, 9, 14, 16, 15, 12, 9, 10, 14, 15, 14, 11, 8, 7, 6, 4, 2, 1)
_WEEKDAYS = (1.1, 1.0, 1.0, 1.0, 1.05, 0.85, 0.75)
_METRES_PER_DEGREE = 111_320.0
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where reports come from: a point in degrees, the scatter around it in metres, its weight among the places."""

    lon: float
    lat: float
    scatter: float
    weight: float


@dataclass(frozen=True, slots=True)
class Report:
    """One report: when (UTC), where (degrees), class code, channel, words, how many photos, its number on that day."""

    at: datetime
    lon: float
    lat: float
    class_code: str
    channel: str
    words: str
    photos: int
    serial: int


@dataclass(frozen=True, slots=True)
class City:
    """`per_day` reports on a mean day. `classes`: code → (weight, name); `channels`: name → weight; `words` are
    sentences with `{what}` for the class's name; `holds` says whether a point lies in the city (asked for every point).
    """

    zone: ZoneInfo
    per_day: float
    places: tuple[Place, ...]
    classes: Mapping[str, tuple[float, str]]
    channels: Mapping[str, float]
    words: tuple[str, ...]
    hours: tuple[float, ...] = _HOURS
    weekdays: tuple[float, ...] = _WEEKDAYS
    photo_share: float = 0.7
    holds: Callable[[float, float], bool] = lambda lon, lat: True

    def __post_init__(self) -> None:
        if len(self.hours) != 24 or len(self.weekdays) != 7:
            raise ValueError("A city has a weight for each of 24 hours and each of 7 weekdays.")
        if not (self.places and self.classes and self.channels and self.words) or self.per_day < 0:
            raise ValueError("A city needs places, classes, channels, words, and a number of reports a day.")


def reports(city: City, seed: int, first: date, days: int) -> Iterator[Report]:
    """The reports of `days` local days from `first` on, in order of time."""
    for number in range(days):
        yield from _day(city, seed, first + timedelta(days=number))


def _day(city: City, seed: int, day: date) -> list[Report]:
    rng = np.random.default_rng([seed, day.toordinal()])
    hours = np.array(city.hours) / sum(city.hours)
    mean = city.per_day * city.weekdays[day.weekday()] * 7 / sum(city.weekdays)
    midnight = datetime.combine(day, time(), city.zone)
    seconds = [
        hour * 3600 + second
        for hour, count in enumerate(rng.poisson(mean * hours))
        for second in sorted(rng.integers(0, 3600, count).tolist())
    ]
    places = _drawn(rng, [place.weight for place in city.places], len(seconds))
    codes, channels = list(city.classes), list(city.channels)
    classes = _drawn(rng, [weight for weight, _ in city.classes.values()], len(seconds))
    doors = _drawn(rng, list(city.channels.values()), len(seconds))
    found = []
    for serial, second in enumerate(seconds):
        lon, lat = _scattered(city, city.places[places[serial]], rng)
        code = codes[classes[serial]]
        words = city.words[int(rng.integers(len(city.words)))].format(what=city.classes[code][1])
        photos = int(rng.integers(1, 4)) if rng.random() < city.photo_share else 0
        at = (midnight + timedelta(seconds=second)).astimezone(UTC)
        found.append(Report(at, lon, lat, code, channels[doors[serial]], words, photos, serial + 1))
    return sorted(found, key=lambda report: (report.at, report.serial))


def _drawn(rng: np.random.Generator, weights: Sequence[float], count: int) -> list[int]:
    shares = np.array(weights, np.float64)
    drawn: list[int] = rng.choice(len(shares), count, p=shares / shares.sum()).tolist()
    return drawn


def _scattered(city: City, place: Place, rng: np.random.Generator) -> tuple[float, float]:
    """A point near the place and in the city; the place itself where no throw lands in the city."""
    for _ in range(_TRIES):
        east, north = rng.normal(0, place.scatter / _METRES_PER_DEGREE, 2).tolist()
        lon, lat = place.lon + east / cos(radians(place.lat)), place.lat + north
        lon, lat = round(lon, 7), round(lat, 7)
        if city.holds(lon, lat):
            return lon, lat
    return place.lon, place.lat
