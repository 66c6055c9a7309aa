"""The yardstick of `bench/intake.py`: a bare django-ninja endpoint that writes the rows of one report with the ORM.

It decides nothing: no place is looked up, nothing is checked, hashed, encrypted or kept apart. What it writes is what
the product writes for a report: the case, its clock, the ledger's entry, the notices, the job.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import cache
from typing import Any, ClassVar

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from ninja import NinjaAPI, Schema

from gezhi.modules.cases.models import Case, Clock, ProcedureVersion
from gezhi.modules.catalogue.models import Class
from gezhi.modules.ledger.models import Entry
from gezhi.modules.notices.models import Notice
from gezhi.modules.people.models import Organisation
from gezhi.modules.territory.models import Area


class Job(models.Model):
    """A row of the queue's table; its triggers do the rest, as for the product."""

    queue_name = models.TextField()
    task_name = models.TextField()
    args = models.JSONField()

    class Meta:
        managed = False
        app_label = "cases"
        db_table = "procrastinate_jobs"


class PlaceIn(Schema):
    """As the product takes it."""

    lon: float
    lat: float
    crs: str = "WGS84"


class ReportIn(Schema):
    """As the product takes it."""

    model_config: ClassVar[Any] = {"extra": "ignore"}
    words: str
    source_id: str
    place: PlaceIn


class ReceiptOut(Schema):
    """As the product gives it."""

    number: str
    code: str
    created: bool
    follow: str


@cache
def known() -> dict[str, Any]:
    """What rows must point to: any of each."""
    area = Area.objects.order_by("-id").values_list("id", "path").first()
    return {
        "procedure": ProcedureVersion.objects.values_list("id", flat=True).first(),
        "klass": Class.objects.values_list("id", flat=True).first(),
        "area": area[0] if area else None,
        "areas": list(area[1]) if area else [],
        "centre": Organisation.objects.filter(kind="centre").values_list("id", flat=True).first(),
    }


api = NinjaAPI(docs_url=None, openapi_url=None)


@api.post("/reports", response={201: ReceiptOut})
def report(request: HttpRequest, report: ReportIn) -> tuple[int, dict[str, Any]]:
    """Write the rows."""
    now, at = timezone.now(), known()
    number = secrets.token_hex(8)
    with transaction.atomic():
        case = Case.objects.create(
            number=number,
            query_code=secrets.token_hex(6),
            channel="resident",
            source="public",
            source_id=report.source_id,
            procedure_id=at["procedure"],
            stage="reported",
            klass_id=at["klass"],
            class_name="暴露垃圾",
            words=report.words,
            lon=report.place.lon,
            lat=report.place.lat,
            cell=1,
            area_id=at["area"],
            areas=at["areas"],
            area_name="街道·社区·网格",
            reported_by="reporter:case-1",
            reported_at=now,
            due_at=now + timedelta(minutes=15),
        )
        Clock.objects.create(
            case=case, name="accept", limit="15 min", why="procedure", started_at=now, amber_at=now, due_at=now
        )
        body = {"number": number, "channel": "resident", "source": "public", "words": "0" * 64, "photos": []}
        Entry.objects.create(
            subject=f"case:{case.pk}", seq=1, at=now, kind="case.reported", by="public", body=body, hash=b"0" * 32
        )
        for post in ("acceptor", "centre_leader")[: notices()]:
            Notice.objects.create(
                organisation=at["centre"],
                post=post,
                subject=f"case:{case.pk}",
                kind="case.reported",
                params={"number": number, "class": "暴露垃圾"},
                dedupe=f"case:{case.pk}:1:case.reported:{post}",
                created_at=now,
            )
        args = {"subject": f"case:{case.pk}", "seq": 1, "kind": "case.reported"}
        Job.objects.create(queue_name="notices", task_name="gezhi.send_notices", args=args)
    return 201, {"number": number, "code": number[:8], "created": True, "follow": f"/reports/{number}"}


@cache
def notices() -> int:
    """How many notices the product wrote for each of its reports in this database."""
    cases = Case.objects.filter(source="public").count()
    return max(1, round(Notice.objects.count() / cases)) if cases else 2


def healthz(request: HttpRequest) -> HttpResponse:
    """For the starter: the server answers."""
    return HttpResponse("ok")


urlpatterns = [path("api/v1/", api.urls), path("healthz", healthz)]
