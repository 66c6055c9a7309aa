"""Cases of a scope: reported in a time, on some ground, of some classes; with those added and left out by hand.

A special operation (SZ-8) is such a scope. Its figures are counts over the whole scope, for whoever the caller lets see
them; its cases are those that the actor may see. A fixed number of queries whatever the scope holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from gezhi.lib.actor import Actor
from gezhi.modules.cases import clocks, policies, rules
from gezhi.modules.cases.models import Case, Clock
from gezhi.modules.cases.queues import LINE, CaseRow, beyond, line


@dataclass(frozen=True, slots=True)
class Scope:
    """What belongs: reported from `since` to before `until`, in one of `areas` (none: anywhere), of one of the classes
    (keys) or major classes (kind, code) (none of both: any) or come in by `channel`; `added` and `left_out` by id."""

    since: datetime
    until: datetime
    areas: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    majors: tuple[tuple[str, str], ...] = ()
    channel: str = ""
    added: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of some cases: reported, closed as solved, still open, late at any time."""

    reported: int = 0
    closed: int = 0
    open: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on a day of the place: cases reported, closed, and handling limits that passed."""

    on: date
    reported: int = 0
    closed: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of a scope; `units` by the lead unit (None: nobody yet), `classes` by name, the most first."""

    total: Counted
    days: tuple[Day, ...]
    units: tuple[tuple[int | None, Counted], ...]
    classes: tuple[tuple[str, Counted], ...]


def tally(scope: Scope, *, zone: str, until: date) -> Tally:
    """The figures of a scope, each day from its first to `until` (days without anything as well). Five queries."""
    found = Case.objects.filter(_belongs(scope))
    units = _by(found, "unit")
    classes = _by(found, "class_name")
    return Tally(
        total=_sum(counted for _key, counted in units),
        days=_days(found, scope.since, zone=zone, until=until),
        units=tuple(units),
        classes=tuple((str(name), counted) for name, counted in classes),
    )


def cases_of(by: Actor, scope: Scope, *, ended: bool = False, after: str = "", size: int = 50) -> list[CaseRow]:
    """A page of the cases of a scope that the actor may see, after a row's cursor: the open ones, the soonest due
    first, or those that have ended, the newest first. One query."""
    found = Case.objects.filter(_belongs(scope), policies.visible(by), ended=ended)
    if after:
        soon, _sep, last = after.partition("|")
        number = int(last)
        found = found.filter(id__lt=number) if ended else found.filter(beyond(datetime.fromisoformat(soon), number))
    found = found.order_by("-id") if ended else found.order_by("soon", "id")
    return [line(*values) for values in found.values_list(*LINE)[: min(size, 200)]]


def holds(scope: Scope, case: int) -> bool:
    """Does this case belong to the scope? One query."""
    return Case.objects.filter(_belongs(scope), id=case).exists()


def _belongs(scope: Scope) -> Q:
    within = Q(matter=rules.EVENT, reported_at__gte=scope.since, reported_at__lt=scope.until)
    if scope.areas:
        within &= Q(areas__overlap=list(scope.areas))
    if scope.classes or scope.majors:
        fits = Q(klass__key__in=scope.classes)
        for kind, code in scope.majors:
            fits |= Q(klass__kind=kind, klass__major_code=code)
        within &= (fits | Q(channel=scope.channel)) if scope.channel else fits
    if scope.added:
        within |= Q(id__in=scope.added)
    return within & ~Q(id__in=scope.left_out) if scope.left_out else within


def _counts() -> dict[str, Count]:
    return {
        "reported": Count("pk"),
        "closed": Count("pk", filter=_solved()),
        "open": Count("pk", filter=Q(ended=False)),
        "late": Count("pk", filter=Q(late=True)),
    }


def _solved() -> Q:
    """Ended the good way: at the first end of the procedure."""
    return Q(ended=True, stage=rules.good_end())


def _by(found: QuerySet[Case], column: str) -> list[tuple[Any, Counted]]:
    rows = found.values_list(column).annotate(**_counts()).order_by(column)
    lines = [(key, Counted(*counts)) for key, *counts in rows]
    return sorted(lines, key=lambda one: -one[1].reported)


def _sum(lines: Iterable[Counted]) -> Counted:
    every = list(lines)
    return Counted(
        sum(one.reported for one in every),
        sum(one.closed for one in every),
        sum(one.open for one in every),
        sum(one.late for one in every),
    )


def _days(found: QuerySet[Case], since: datetime, *, zone: str, until: date) -> tuple[Day, ...]:
    place = ZoneInfo(zone)
    reported = _by_day(found, "reported_at", place)
    closed = _by_day(found.filter(_solved(), closed_at__isnull=False), "closed_at", place)
    missed = Clock.objects.filter(case__in=found, why=clocks.CATALOGUE, missed=True)
    overdue = _by_day(missed, "due_at", place)
    first = since.astimezone(place).date().toordinal()
    days = [date.fromordinal(n) for n in range(first, until.toordinal() + 1)]
    return tuple(Day(day, reported.get(day, 0), closed.get(day, 0), overdue.get(day, 0)) for day in days)


def _by_day(rows: QuerySet[Case] | QuerySet[Clock], column: str, zone: ZoneInfo) -> dict[date, int]:
    told = rows.annotate(day=TruncDate(column, tzinfo=zone)).values_list("day").annotate(Count("pk")).order_by("day")
    return dict(told)
