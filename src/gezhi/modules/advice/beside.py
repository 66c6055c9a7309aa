"""Is it known already? Reports of the last weeks close by, compared in place, time, class and words as it comes in and
while somebody still types. Merging stays a person's click; a second report of one person is told as a repeat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gezhi.engines import triage
from gezhi.modules.cases import lessons
from gezhi.modules.cases.lessons import Known

SURE = 0.15  # chance from which a likely duplicate is shown to staff; residents are asked from ASKED on
ASKED = 0.25
TOP = 3
ME = "same"


@dataclass(frozen=True, slots=True)
class Likely:
    """An earlier report that may be the same. `score`: the chance that staff would merge the two; `words`: how much
    alike their words are, 0 to 1, None where one has none."""

    case: int
    number: str
    at: datetime
    title: str
    area_name: str
    ended: bool
    score: float
    kind: Literal["duplicate", "repeat"]
    metres: float | None
    class_name: str
    words: float | None


def likely(
    *,
    lon: float | None,
    lat: float | None,
    at: datetime,
    klass: str,
    words: str,
    same_person: Collection[str] = (),
    case: int = 0,
    least: float = SURE,
    top: int = TOP,
) -> list[Likely]:
    """Earlier reports that may be the same event, best first. `lon`, `lat` in CGCS2000; without a place nobody is
    compared. `same_person`: references of this report's person. One query, none without a place."""
    if lon is None or lat is None:
        return []
    known = lessons.nearby(lon=lon, lat=lat, until=at, without=case)
    index = triage.DuplicateIndex(at_least=least)
    for one in known:
        index.add(_report(one, same_person))
    of = {str(one.case): one for one in known}
    this = triage.Report(str(case), at, lon, lat, klass, words, ME if same_person else "")
    return [_likely(of[one.id], one) for one in index.similar(this, top=top)]


def _report(one: Known, same_person: Collection[str]) -> triage.Report:
    by = ME if one.reporter and one.reporter in same_person else ""
    return triage.Report(str(one.case), one.at, one.lon, one.lat, one.klass, one.words, by)


def reports(known: Iterable[Known]) -> list[triage.Report]:
    """The same for many, without who reported."""
    return [triage.Report(str(one.case), one.at, one.lon, one.lat, one.klass, one.words) for one in known]


def _likely(one: Known, alike: triage.Alike) -> Likely:
    title = one.class_name or one.words[:40]
    return Likely(
        case=one.case,
        number=one.number,
        at=one.at,
        title=title,
        area_name=one.area_name,
        ended=one.ended,
        score=alike.score,
        kind=alike.kind,
        metres=alike.metres,
        class_name=one.class_name,
        words=alike.words,
    )
