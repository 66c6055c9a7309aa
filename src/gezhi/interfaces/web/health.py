"""For machines: is the product well, and its figures. Neither asks for a session."""

from __future__ import annotations

import hmac
import os

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import metrics
from gezhi.interfaces.web.asked import client_address
from gezhi.lib.errors import NotAllowed

LOOPBACK = {"127.0.0.1", "::1"}


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, 503 (as any page without it) when it does not.

    Jobs that wait for too long are said, but are no reason to restart the web server.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    queue = metrics.jobs(timezone.now())
    told = {
        "database": "ok",
        "jobs": "late" if queue.lag > metrics.LATE_JOBS else "ok",
        "jobs_waiting": queue.waiting,
        "jobs_lag_seconds": round(queue.lag, 1),
    }
    return JsonResponse(told)


def figures(request: HttpRequest) -> HttpResponse:
    """/metrics for Prometheus: from this machine, or with the token of GEZHI_METRICS_TOKEN as bearer."""
    if not _may_scrape(request):
        raise NotAllowed(_("Figures are for this machine, or with the token."), code="no_token")
    return HttpResponse(metrics.exposition(timezone.now()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_scrape(request: HttpRequest) -> bool:
    token = os.environ.get("GEZHI_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if token and given and hmac.compare_digest(token.encode(), given.encode()):
        return True
    proxied = bool(settings.SECURE_PROXY_SSL_HEADER) or "X-Forwarded-For" in request.headers
    return client_address(request) in LOOPBACK and not proxied
