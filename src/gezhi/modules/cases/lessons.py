"""What can be learned from cases, and what a new one can be laid beside: plain rows for the room `advice`.

Words are as they are kept here, without telephone and identity numbers; who reported is a reference and leaves this
room only to tell one person's second report from another person's first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from gezhi.engines import geometry
from gezhi.lib.actor import Actor
from gezhi.modules.cases import policies, rules
from gezhi.modules.cases.models import Case
from gezhi.modules.switches import vault

NEARBY_DAYS = 45
_CELLS = 1  # rings of cells around a place that duplicates are looked for in


@dataclass(frozen=True, slots=True)
class Lesson:
    """An event as it came, and the class the desk gave it ("" while it has none). `areas`: ids on its paths."""

    case: int
    at: datetime
    words: str
    klass: str
    channel: str
    areas: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sending:
    """A unit that was sent an event, and whether it gave the task back."""

    case: int
    at: datetime
    klass: str
    channel: str
    areas: tuple[int, ...]
    unit: int
    returned: bool


@dataclass(frozen=True, slots=True)
class Known:
    """An earlier report, as far as the next one is compared with it."""

    case: int
    number: str
    at: datetime
    lon: float | None
    lat: float | None
    klass: str
    class_name: str
    words: str
    area_name: str
    reporter: str
    ended: bool


_LESSON = """
    SELECT c.id, c.reported_at, c.words, coalesce(k.key, ''), c.channel, c.areas
    FROM cases_case c LEFT JOIN catalogue_class k ON k.id = c.klass_id
"""


def closed(*, before: datetime, most: int) -> list[Lesson]:
    """Closed events with words and a class, the last `most` reported before a moment, oldest first. One query."""
    sql = f"""{_LESSON} WHERE c.matter = %s AND c.ended AND c.stage = %s AND c.klass_id IS NOT NULL AND c.words <> ''
        AND c.reported_at < %s ORDER BY c.reported_at DESC, c.id DESC LIMIT %s"""
    return _lessons(sql, [rules.EVENT, rules.good_end(), before, most])[::-1]


def those(cases: Iterable[int]) -> list[Lesson]:
    """These cases, oldest first. One query, none for nothing."""
    wanted = list(cases)
    if not wanted:
        return []
    return _lessons(f"{_LESSON} WHERE c.id = ANY(%s) ORDER BY c.id", [wanted])


def _lessons(sql: str, values: list[Any]) -> list[Lesson]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            Lesson(case, at, words, klass, channel, tuple(areas))
            for case, at, words, klass, channel, areas in cursor.fetchall()
        ]


def sendings(*, before: datetime, most: int) -> list[Sending]:
    """The last `most` units that events were sent to and what they did, before a moment, oldest first: tasks that were
    done or given back, and the units of cases that came in with their history. One query."""
    sql = """
        SELECT c.id, s.at, coalesce(k.key, ''), c.channel, c.areas, s.unit, s.returned
        FROM (
            (SELECT case_id, ended_at AS at, unit_id AS unit, stage = 'returned' AS returned FROM cases_assignment
            WHERE kind = 'handling' AND stage IN ('done', 'returned') AND unit_id IS NOT NULL AND ended_at < %s
            ORDER BY id DESC LIMIT %s)
            UNION ALL
            (SELECT id, reported_at, unit_id, false FROM cases_case
            WHERE history AND matter = %s AND unit_id IS NOT NULL AND reported_at < %s
            ORDER BY reported_at DESC LIMIT %s)
        ) s JOIN cases_case c ON c.id = s.case_id LEFT JOIN catalogue_class k ON k.id = c.klass_id
        WHERE c.matter = %s ORDER BY s.at DESC LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [before, most, rules.EVENT, before, most, rules.EVENT, most])
        return [
            Sending(case, at, klass, channel, tuple(areas), unit, returned)
            for case, at, klass, channel, areas, unit, returned in cursor.fetchall()
        ][::-1]


_KNOWN = """
    SELECT c.id, c.number, c.reported_at, c.lon, c.lat, coalesce(k.key, ''), c.class_name, left(c.words, 400),
        c.area_name, coalesce(c.reporter::text, ''), c.ended
    FROM cases_case c LEFT JOIN catalogue_class k ON k.id = c.klass_id
"""


def nearby(*, lon: float, lat: float, until: datetime, most: int = 400, without: int = 0) -> list[Known]:
    """Events of the last weeks in the cells around a place, oldest first. One query. `lon`, `lat` in CGCS2000."""
    around = geometry.cells_around(lon, lat, _CELLS)
    sql = f"""{_KNOWN} WHERE c.cell = ANY(%s) AND c.matter = %s AND c.reported_at BETWEEN %s AND %s AND c.id <> %s
        ORDER BY c.id DESC LIMIT %s"""
    since = until - timedelta(days=NEARBY_DAYS)
    return _known(sql, [around, rules.EVENT, since, until, without, most])[::-1]


def around(case: int) -> Known | None:
    """One event, as far as others are compared with it. One query."""
    found = _known(f"{_KNOWN} WHERE c.id = %s AND c.matter = %s", [case, rules.EVENT])
    return found[0] if found else None


def reported(*, since: datetime, until: datetime, most: int = 200_000) -> list[Known]:
    """Events reported in a span, oldest first. One query."""
    sql = f"""{_KNOWN} WHERE c.matter = %s AND c.reported_at >= %s AND c.reported_at < %s
        ORDER BY c.reported_at DESC LIMIT %s"""
    return _known(sql, [rules.EVENT, since, until, most])[::-1]


def _known(sql: str, values: list[Any]) -> list[Known]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Known(*row) for row in cursor.fetchall()]


def numbers(by: Actor, cases: Iterable[int]) -> dict[int, str]:
    """The numbers of those of these cases that the actor may see. One query, none for nothing."""
    wanted = list(cases)
    if not wanted:
        return {}
    return dict(Case.objects.filter(policies.visible(by), id__in=wanted).values_list("id", "number"))


def same_person(by: Actor, case: int) -> frozenset[str]:
    """References of the person who reported a case, as far as the actor may know who reported. Two queries."""
    reporter = Case.objects.filter(id=case).values_list("reporter", flat=True).first()
    if reporter is None or not by.may("person.reveal"):
        return frozenset()
    return frozenset(str(one) for one in vault.alike(reporter, "phone"))


def seen(by: Actor, cases: Iterable[int]) -> frozenset[int]:
    """Those of these cases that the actor may see. One query, none for nothing."""
    return frozenset(numbers(by, cases))
