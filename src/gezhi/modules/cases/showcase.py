"""What everybody may know of the cases together: honest figures and what was solved lately. No words, no person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from gezhi.engines import procedure as engine
from gezhi.modules.cases import rules
from gezhi.modules.cases.models import Case


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """Counts over the last `days` days: reported then, closed then, of these in time; and open now."""

    days: int
    reported: int
    closed: int
    in_time: int
    open: int


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A case as everybody may see it: class, area and stage."""

    class_name: str
    area_name: str
    stage: engine.Text
    stage_key: str
    closed_at: datetime


def public_figures(*, now: datetime, days: int = 30) -> PublicFigures:
    """The figures of the public front page. One query, over the last `days` days and what is open."""
    since = now - timedelta(days=days)
    then = Q(closed_at__gte=since, stage__in=solved_stages())
    found = Case.objects.filter(Q(reported_at__gte=since) | Q(closed_at__gte=since) | Q(ended=False)).aggregate(
        reported=Count("pk", filter=Q(reported_at__gte=since)),
        closed=Count("pk", filter=then),
        in_time=Count("pk", filter=then & Q(late=False)),
        open=Count("pk", filter=Q(ended=False)),
    )
    return PublicFigures(days, found["reported"], found["closed"], found["in_time"], found["open"])


def lately_solved(*, size: int = 6) -> list[PublicCase]:
    """Cases that ended well, newest first; only those with a class. One query."""
    rows = Case.objects.filter(stage__in=solved_stages(), closed_at__isnull=False, history=False).exclude(class_name="")
    return [
        PublicCase(
            row.class_name,
            row.area_name,
            rules.procedure(row.procedure_id).stages[row.stage].title,
            row.stage,
            row.closed_at,
        )
        for row in rows.order_by("-closed_at", "-id")[:size]
        if row.closed_at is not None
    ]


def solved_stages() -> list[str]:
    """The good end of the procedure in force: the first end stage of its document."""
    stages = rules.procedure(rules.in_force()).stages.values()
    return [stage.key for stage in stages if stage.end][:1]
