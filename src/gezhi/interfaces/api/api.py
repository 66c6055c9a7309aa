"""The API: the same operations as the pages, as JSON. This file makes it and says how it refuses.

Refusals of any floor, wrong requests and breakdowns all become {"error": {…}} in `interfaces.web.failures`; a value
that cannot be read is refused with its field before anything is asked to be done.
"""

from __future__ import annotations

from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gezhi.interfaces.api import cases, places, reports, shapes, tokens
from gezhi.interfaces.api.auth import NotKnown
from gezhi.interfaces.web import failures
from gezhi.lib.errors import BadInput, Refusal

api = NinjaAPI(
    title="Gezhi 格治",
    version="1",
    description=(
        "Urban grid governance. Reports are public; everything else needs a key (`Authorization: Bearer gz_…`) or the "
        'session of the pages. Every refusal is `{"error": {"code", "sentence", "field", "problems"}}`.'
    ),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api-v1",
)
api.add_router("", reports.router, tags=["reports"])
api.add_router("", places.router, tags=["places"])
api.add_router("", cases.router, tags=["cases"])
api.add_router("", tokens.router, tags=["keys"])


@api.get(
    "/healthz",
    response={200: shapes.HealthOut, **shapes.REFUSED},
    tags=["health"],
    url_name="healthz",
    summary="Is the API well?",
)
def healthz(request: HttpRequest) -> dict[str, str]:
    """200 while the database answers; 503, as everything without it, when it does not."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"status": "ok"}


def refuse(request: HttpRequest, problem: Exception | type[Exception]) -> HttpResponse:
    """The one way the API says no."""
    return failures.answer(request, _as_refusal(problem if isinstance(problem, Exception) else problem()))


def _as_refusal(problem: Exception) -> Exception:
    """What ninja and Django raise of their own, as refusals of ours."""
    if isinstance(problem, ValidationError):
        return _bad_input(problem.errors)
    if isinstance(problem, AuthenticationError):
        return NotKnown(_("Say who you are: a key in the header Authorization, or sign in."))
    if isinstance(problem, HttpError):
        refusal = BadInput(_("This request cannot be read: its body must be JSON in UTF-8."))
        refusal.status, refusal.code = problem.status_code, "bad_request"
        return refusal
    if isinstance(problem, DataError | UnicodeError):
        return BadInput(_("A value is out of range or cannot be stored."))
    return problem


def _bad_input(errors: list[dict[str, Any]]) -> Refusal:
    """The fields pydantic refuses, each with its sentence."""
    listed = [
        (_field(one.get("loc", ())), str(one.get("msg", "")).removeprefix("Value error, ")) for one in errors[:20]
    ]
    return BadInput(_("Some fields cannot be taken as they are."), problems=listed)


def _field(place: tuple[Any, ...]) -> str:
    """("body", "report", "place", "lon") → place.lon: without where it stands and the name of our argument."""
    named = [str(step) for step in place]
    if named[:1] == ["body"]:
        return ".".join(named[2:]) or "body"
    return ".".join(named[1:]) or ".".join(named)


for kind in (Exception, HttpError, ValidationError):
    api.add_exception_handler(kind, refuse)
