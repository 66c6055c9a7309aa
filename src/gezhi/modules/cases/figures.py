"""Figures that the desk shows of cases: who solved what, how reporters found it, how units answered whistles.

Each figure is a pair of integers, numerator and denominator, over what the actor may see. Not here: scores and rankings
(the rooms of indicators and assessment read the same rows).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from gezhi.lib.actor import Actor
from gezhi.modules.cases import policies, rules
from gezhi.modules.cases.models import Case, FollowUp
from gezhi.modules.cases.rules import EVENT

SATISFIED = (4, 5)
FAIRLY = 3


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; nothing of nothing has no rate."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """0 … 1, None where there is nothing to divide by."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class ThreeRates:
    """The hotline's three rates over valid follow-ups (三率). Satisfaction counts in tenths: satisfied 10, fairly 9."""

    asked: int
    valid: int
    response: Share
    resolution: Share
    satisfied: int
    fairly: int

    @property
    def satisfaction(self) -> Share:
        """(satisfied + 0.9 × fairly satisfied) / valid, as integers in tenths."""
        return Share(10 * self.satisfied + 9 * self.fairly, 10 * self.valid)


def three_rates(by: Actor, *, since: datetime, until: datetime, areas: Sequence[int] = ()) -> ThreeRates:
    """Follow-ups of this time (and ground). One query."""
    found = FollowUp.objects.filter(at__gte=since, at__lt=until, case__in=_seen(by, areas))
    good = Q(valid=True)
    counted = found.aggregate(
        everybody=Count("pk"),
        reached=Count("pk", filter=good),
        helped=Count("pk", filter=good & Q(responded=True)),
        of_helped=Count("pk", filter=good & Q(responded__isnull=False)),
        solved=Count("pk", filter=good & Q(resolved=True)),
        of_solved=Count("pk", filter=good & Q(resolved__isnull=False)),
        satisfied=Count("pk", filter=good & Q(grade__in=SATISFIED)),
        fairly=Count("pk", filter=good & Q(grade=FAIRLY)),
    )
    return ThreeRates(
        asked=counted["everybody"],
        valid=counted["reached"],
        response=Share(counted["helped"], counted["of_helped"]),
        resolution=Share(counted["solved"], counted["of_solved"]),
        satisfied=counted["satisfied"],
        fairly=counted["fairly"],
    )


def solved_by_level(by: Actor, *, since: datetime, until: datetime, areas: Sequence[int] = ()) -> dict[str, int]:
    """How many ordinary cases each level solved (QH-12, NX-7): level → count, "" where nobody said. Void and merged
    ones were not solved. One query."""
    found = Case.objects.filter(
        matter=EVENT,
        closed_at__gte=since,
        closed_at__lt=until,
        ended=True,
        stage=rules.good_end(),
        pk__in=_seen(by, areas),
    )
    rows = found.values_list("solved_at").annotate(Count("pk")).order_by("solved_at")
    return {str(level): int(count) for level, count in rows}


def _seen(by: Actor, areas: Sequence[int]) -> QuerySet[Case]:
    found = Case.objects.filter(policies.visible(by))
    return found.filter(areas__overlap=list(areas)) if areas else found
