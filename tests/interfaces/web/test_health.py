"""Health and figures, for machines."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gezhi.lib import jobs
from tests.interfaces.visitor import Visitor


def test_health_says_how_database_and_jobs_are(public: Visitor) -> None:
    answer = public.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["database"] == "ok"
    jobs.enqueue("gezhi.nothing", number=1)
    assert public.get("/healthz").json()["jobs_waiting"] >= 1


def test_figures_are_for_this_machine_or_with_the_token(public: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    public.get("/")
    told = public.get("/metrics")
    assert told.status_code == 200
    body = told.content.decode()
    for name in ("gezhi_requests_total", "gezhi_request_seconds", "gezhi_jobs_lag_seconds", "gezhi_slow_queries_total"):
        assert name in body, name
    assert 'route="portal_home"' in body
    far = {"REMOTE_ADDR": "203.0.113.9"}
    assert public.client.get("/metrics", **far).status_code == 403
    monkeypatch.setenv("GEZHI_METRICS_TOKEN", "a-secret")
    assert public.client.get("/metrics", headers={"authorization": "Bearer wrong"}, **far).status_code == 403
    assert public.client.get("/metrics", headers={"authorization": "Bearer a-secret"}, **far).status_code == 200


def test_health_costs_no_session(public: Visitor) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        public.client.get("/healthz")
    assert len(asked) <= 4
