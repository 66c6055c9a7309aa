"""Hot spots: what was planted is found, a quiet city is told nothing, a typhoon is a few matters and not thousands."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from gezhi.engines.triage import Report, hotspots
from gezhi.engines.triage.scan import heat
from gezhi.engines.triage.themes import phrase

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def city(seed: int, count: int = 3_000, days: int = 60) -> list[Report]:
    """Uneven places, classes and hours, and nothing else."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform((113.9, 22.5), (114.1, 22.65), (40, 2))
    at = centres[rng.choice(40, count, p=rng.dirichlet(np.ones(40)))] + rng.normal(0, 0.006, (count, 2))
    labels = rng.choice(15, count, p=rng.dirichlet(np.ones(15)))
    hours = rng.integers(0, days, count) * 24 + np.clip(rng.normal(14, 4, count), 0, 23.9)
    return [
        Report(f"n{n}", MAY + timedelta(hours=float(hours[n])), float(at[n, 0]), float(at[n, 1]), f"类{labels[n]}")
        for n in range(count)
    ]


def planted(name: str, count: int, *, day: float, hours: float, lon: float, label: str, text: str = "") -> list[Report]:
    rng = np.random.default_rng(count)
    return [
        Report(
            f"{name}{n}",
            MAY + timedelta(days=day, hours=float(rng.uniform(0, hours))),
            lon + float(rng.normal(0, 0.0006)),
            22.6 + float(rng.normal(0, 0.0006)),
            label,
            text,
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_a_quiet_city_is_told_nothing(seed: int) -> None:
    assert hotspots(city(seed)) == []


def test_what_was_planted_is_found_named_and_ranked() -> None:
    more = planted("p", 20, day=40, hours=30, lon=114.0, label="类3", text="坪山大道12号门前污水冒出来")
    less = planted("q", 9, day=20, hours=5, lon=113.95, label="类1")
    first, second, *others = hotspots([*city(20), *more, *less])
    assert others == []
    assert (first.rank, second.rank) == (1, 2)
    assert first.heat > second.heat
    assert sum(one.startswith("p") for one in first.ids) >= 18
    assert len(first.ids) <= 24
    assert first.place == "坪山大道12号"
    assert first.object.startswith("类3 · ")
    assert "污水冒出来" in first.object
    assert first.since is not None
    assert first.since >= MAY + timedelta(days=40)
    assert first.lon == pytest.approx(114.0, abs=0.001)
    assert sum(one.startswith("q") for one in second.ids) >= 7


def test_a_warning_is_for_what_still_grows() -> None:
    still = hotspots([*city(3), *planted("p", 15, day=59.9, hours=2, lon=114.0, label="类2")])
    over = hotspots([*city(3), *planted("p", 15, day=30, hours=2, lon=114.0, label="类2")])
    assert still[0].warning is True
    assert over[0].warning is False


def test_a_typhoon_over_the_city_is_a_few_matters() -> None:
    rng = np.random.default_rng(8)
    words = ["树倒了压住车辆", "路面积水严重过不去", "小区停电了", "广告牌要掉下来"]
    burst = [
        Report(
            f"b{n}",
            MAY + timedelta(days=61, seconds=float(rng.uniform(0, 3600))),
            114 + float(rng.normal(0, 0.05)),
            22.6 + float(rng.normal(0, 0.05)),
            "",
            words[n % 4] + "，请尽快处理",
        )
        for n in range(8_000)
    ]
    began = time.perf_counter()
    found = hotspots([*city(5), *burst])
    assert time.perf_counter() - began < 20
    assert 4 <= len(found) <= 12
    assert all(one.warning and one.metres is None and len(one.ids) > 1_500 for one in found[:4])
    assert {word for word in words for one in found[:4] if word in one.object} == set(words)


def test_few_missing_or_strange_reports() -> None:
    assert hotspots([]) == []
    assert hotspots([Report("a", MAY)] * 4) == []
    assert hotspots([Report(str(n), text="😀") for n in range(9)]) is not None
    unplaced = [Report(f"u{n}", MAY + timedelta(days=50, minutes=n), label="类1") for n in range(60)]
    (found,) = hotspots([*city(6), *unplaced])
    assert found.metres is None
    assert found.place == ""


def test_heat_by_hand() -> None:
    assert heat(10, 1) == pytest.approx(10 * np.log(10) - 9)
    assert heat(3, 5) == 0


def test_a_phrase_is_what_they_say_and_others_do_not() -> None:
    rest = ["市民来电反映路灯不亮", "市民来电反映垃圾成堆"] * 5
    assert phrase(["市民来电反映井盖丢失", "东门井盖丢失", "井盖丢失很危险"], rest) == "井盖丢失"
    assert phrase([], rest) == ""
