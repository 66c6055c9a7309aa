"""Duplicates: near in place, time, class and words; the same person again is a repeat; nothing out of nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.engines.triage import DuplicateIndex, Report, similar_within
from gezhi.engines.triage.duplicates import AT_LEAST

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def report(
    name: str, *, minutes: float = 0, east: float = 0, label: str = "路灯", text: str = "", by: str = ""
) -> Report:
    """A report some minutes after noon and some metres east of a crossing."""
    return Report(name, NOON + timedelta(minutes=minutes), 114.0 + east / 103_000, 22.6, label, text, by)


def index(*reports: Report, at_least: float = AT_LEAST) -> DuplicateIndex:
    made = DuplicateIndex(at_least=at_least)
    for one in reports:
        made.add(one)
    return made


def test_the_same_matter_at_the_same_spot_is_found_and_why() -> None:
    (found,) = index(report("a")).similar(report("b", minutes=30, east=20))
    assert (found.id, found.kind, found.same_class, found.words) == ("a", "duplicate", True, None)
    assert found.metres == pytest.approx(20, abs=1)
    assert found.hours == pytest.approx(0.5)


@pytest.mark.parametrize(
    "other",
    [
        report("b", minutes=30, east=400),
        report("b", minutes=60 * 24 * 50),
        report("b", minutes=600, label="垃圾", east=90),
    ],
    ids=["far away", "long after", "another matter"],
)
def test_what_is_not_alike_is_not_told(other: Report) -> None:
    assert index(report("a")).similar(other) == []


def test_nearer_and_sooner_comes_first_and_three_at_most() -> None:
    known = index(*(report(f"r{n}", minutes=n, east=40 * n) for n in range(5)))
    assert [one.id for one in known.similar(report("x", minutes=10))] == ["r0", "r1", "r2"]


def test_words_tell_reports_without_a_place() -> None:
    known = index(Report("a", NOON, text="龙田街道南布社区12号门前路灯不亮三天了"))
    (found,) = known.similar(Report("b", NOON + timedelta(hours=1), text="龍田街道南布社區12號門前路燈不亮兩天了"))
    assert found.metres is None
    assert found.words is not None
    assert found.words > 0.6
    assert known.similar(Report("c", NOON + timedelta(hours=1), text="小区门口垃圾成堆没有人来收")) == []


def test_words_move_a_pair_near_each_other() -> None:
    known = index(report("a", text="十字路口的路灯全灭了"))
    alike = known.similar(report("b", minutes=60, east=30, text="路口的路灯全灭了看不见"))[0].score
    other = known.similar(report("b", minutes=60, east=30, text="灯杆倒下来压到车了"))[0].score
    assert alike > 2 * other


def test_the_same_person_again_is_a_repeat() -> None:
    known = index(report("a", by="p1"))
    assert known.similar(report("b", minutes=60, by="p1"))[0].kind == "repeat"
    assert known.similar(report("b", minutes=60, by="p2"))[0].kind == "duplicate"


def test_a_crowded_place_makes_careful() -> None:
    lone = index(report("a")).similar(report("x", minutes=200, east=50))[0].score
    crowd = index(*(report(f"r{n}", minutes=n, east=100 + n) for n in range(60)), report("a", minutes=60), at_least=0)
    assert crowd.similar(report("x", minutes=260, east=50))[0].score < lone / 2


def test_nothing_given_nothing_found() -> None:
    known = index(Report("a"), Report("b", text="😀"))
    assert known.similar(Report("c")) == []
    assert known.similar(Report("d", lon=float("nan"), lat=22.6)) == []
    assert len(known) == 2


def test_a_file_is_gone_through_in_the_order_of_time() -> None:
    found = similar_within([report("late", minutes=30), report("early")])
    assert [[one.id for one in some] for some in found] == [["early"], []]


texts = st.text(max_size=20)
maybe = st.one_of(st.none(), st.floats(-200, 200))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(maybe, maybe, texts, texts, st.one_of(st.none(), st.integers(0, 10_000))), max_size=12))
def test_only_earlier_ones_and_scores_in_order(
    rows: list[tuple[float | None, float | None, str, str, int | None]],
) -> None:
    reports = [
        Report(str(n), None if m is None else NOON + timedelta(minutes=m), lon, lat, label, text)
        for n, (lon, lat, label, text, m) in enumerate(rows)
    ]
    for one, some in zip(reports, similar_within(reports), strict=True):
        assert len(some) <= 3
        assert one.id not in [other.id for other in some]
        assert [other.score for other in some] == sorted((other.score for other in some), reverse=True)
        assert all(0 < other.score < 1 and (other.hours is None or other.hours >= 0) for other in some)
