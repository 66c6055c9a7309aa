"""Figures for Prometheus: requests by route, slow queries, and at each scrape the queue of jobs.

Several web processes share their figures through files when PROMETHEUS_MULTIPROC_DIR names a folder (gezhi serve sets
it); one process keeps them in memory. Labels are names of routes, never paths: a path may hold what somebody typed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from prometheus_client import REGISTRY as IN_MEMORY
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

log = structlog.get_logger(__name__)
SLOW = 0.2  # seconds
LATE_JOBS = 300.0  # seconds
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Counter("gezhi_requests_total", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram("gezhi_request_seconds", "Seconds until the answer was ready.", ["route"], buckets=_BUCKETS)
SLOW_QUERIES = Counter("gezhi_slow_queries_total", f"Statements slower than {SLOW} s.")
_METHODS = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}


@dataclass
class QueryWatch:
    """Counts the statements of one request; a slow one is counted and logged by its first words, without values."""

    count: int = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: object, many: bool, context: dict[str, Any]
    ) -> Any:
        """Django's hook around each statement."""
        self.count += 1
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken = time.perf_counter() - started
            if taken > SLOW:
                SLOW_QUERIES.inc()
                log.warning("query.slow", ms=round(taken * 1000), statement=str(sql)[:300])


@dataclass(frozen=True, slots=True)
class Jobs:
    """The queue now: jobs that wait and could run, seconds the oldest of them has waited, jobs that failed."""

    waiting: int
    lag: float
    failed: int


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Note an answered request; unknown routes share one label, so that nobody can make new ones."""
    SECONDS.labels(route or "none").observe(seconds)
    REQUESTS.labels(route or "none", method if method in _METHODS else "other", str(status)).inc()


def jobs(now: datetime) -> Jobs:
    """The queue of jobs. One query."""
    queued = ProcrastinateEvent.objects.filter(job=OuterRef("pk"), type="deferred").order_by("id").values("at")[:1]
    ready = Q(status="todo") & (Q(scheduled_at=None) | Q(scheduled_at__lte=now))
    since = Coalesce("scheduled_at", Subquery(queued))
    found = ProcrastinateJob.objects.filter(status__in=["todo", "failed"]).annotate(since=since)
    told = found.aggregate(
        waiting=Count("pk", filter=ready),
        oldest=Min("since", filter=ready),
        failed=Count("pk", filter=Q(status="failed")),
    )
    lag = max(0.0, (now - told["oldest"]).total_seconds()) if told["oldest"] else 0.0
    return Jobs(told["waiting"], lag, told["failed"])


def exposition(now: datetime) -> bytes:
    """Everything in Prometheus' text format; the queue is asked for now."""
    queue = jobs(now)
    fresh = CollectorRegistry()
    for name, text, value in (
        ("gezhi_jobs_waiting", "Jobs that could run now.", queue.waiting),
        ("gezhi_jobs_lag_seconds", "How long the oldest of them has waited.", queue.lag),
        ("gezhi_jobs_failed", "Jobs that failed for good.", queue.failed),
    ):
        Gauge(name, text, registry=fresh).set(value)
    counted: CollectorRegistry = IN_MEMORY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    return generate_latest(counted) + generate_latest(fresh)
