"""Saying no, in one place: any refusal, missing page, missing right or breakdown as a page, or as JSON for the API.

A breakdown of the database is told without asking the database anything: no frame, no account, no session.
"""

from __future__ import annotations

import errno
import sys
import traceback

import structlog
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template import loader
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from psycopg_pool import PoolTimeout

from gezhi.interfaces.web.parts import Link
from gezhi.interfaces.web.screens import RefusalScreen
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, Refusal, TooLarge, TooMany, Unavailable

log = structlog.get_logger(__name__)
NO_DATABASE = (OperationalError, InterfaceError, PoolTimeout)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}  # also while an upload is only just arriving


_MEANINGS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], type[Refusal], Promise | str], ...] = (
    (NO_DATABASE, Unavailable, _l("The database does not answer just now. Please try again in a few minutes.")),
    (Http404, NotThere, _l("There is no such page.")),
    (PermissionDenied, NotAllowed, _l("You may not do this.")),
    (
        (RequestDataTooBig, TooManyFilesSent, TooManyFieldsSent),
        TooLarge,
        _l("This is more than can be taken in one go: send fewer or smaller photos."),
    ),
    ((MultiPartParserError, UnreadablePostError), BadInput, _l("The form did not arrive whole. Please send it again.")),
    (SuspiciousOperation, BadInput, _l("This request cannot be understood.")),
)


def understood(problem: BaseException) -> Refusal | None:
    """The refusal that an exception means; None for one that nobody foresaw."""
    if isinstance(problem, Refusal):
        return problem
    if isinstance(problem, OSError) and problem.errno in NO_ROOM:
        return Unavailable(_("The photo could not be stored: the server's disk is full or not writable."))
    for kinds, meaning, sentence in _MEANINGS:
        if isinstance(problem, kinds):
            return meaning(sentence)
    return None


def answer(request: HttpRequest, problem: BaseException) -> HttpResponse:
    """The answer to a request that ended in this exception; an unforeseen one is logged and told by its request id."""
    refusal = understood(problem)
    if refusal is None:
        # Frames only: the words of an exception may hold what somebody typed.
        frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(problem.__traceback__)[-8:]]
        log.error("request.failed", problem=type(problem).__qualname__, frames=frames)
        return _said(request, 500, "failed", _broken())
    if isinstance(problem, NO_DATABASE):
        log.error("request.no_database", problem=type(problem).__name__)
    problems = tuple(getattr(refusal, "problems", ()))
    return _said(request, refusal.status, refusal.code, refusal.sentence, problems)


def _broken() -> str:
    return _(
        "Something went wrong on our side, and it has been recorded. "
        "Please try again; if it happens again, quote the reference."
    )


def wants_json(request: HttpRequest) -> bool:
    """Is it a program that asks?"""
    return request.path.startswith(("/api/", "/open311/"))


def _said(
    request: HttpRequest, status: int, code: str, sentence: str, problems: tuple[tuple[str, str], ...] = ()
) -> HttpResponse:
    reference = getattr(request, "request_id", "")
    if wants_json(request):
        told = {
            "error": {
                "code": code,
                "sentence": sentence,
                "field": problems[0][0] if problems else None,
                "problems": [{"field": field, "sentence": text} for field, text in problems],
                "request_id": reference,
            }
        }
        return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    screen = RefusalScreen(status, sentence, problems, reference, _ways(request, status))
    template = loader.get_template("errors/refusal.html")
    if status < 500:
        try:
            return HttpResponse(template.render({"screen": screen}, request), status=status)
        except NO_DATABASE:
            return answer(request, OperationalError())
    return HttpResponse(template.render({"screen": screen}), status=status)


def _ways(request: HttpRequest, status: int) -> tuple[Link, ...]:
    home = Link(_("Home page"), reverse("portal_home"), icon="home")
    if request.path.startswith(("/desk/", "/admin/")):
        return (Link(_("Back to the desk"), reverse("desk"), icon="desk"), home)
    return (home, Link(_("Follow a report"), reverse("portal_follow"))) if status == 404 else (home,)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF check failed: almost always a page left open for too long."""
    sentence = _(
        "This page has been open for too long, or cookies are blocked. Go back, load the page anew, and send again."
    )
    return answer(request, NotAllowed(sentence, code="csrf"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler400."""
    return answer(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler403."""
    return answer(request, exception)


def not_there(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler404."""
    return answer(request, exception)


def broken(request: HttpRequest) -> HttpResponseBase:
    """Django's handler500: whatever was raised outside a view, in a middleware for instance."""
    return answer(request, sys.exc_info()[1] or RuntimeError("handler500 without an exception"))


def wrong_method(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """In place of Django's bare 405: somebody opened the address of a form, by a bookmark or by reloading it."""
    sentence = _("This address only takes what a form sends; it is no page of its own. Please go on from here.")
    told = _said(request, 405, "wrong_method", sentence)
    told["Allow"] = response.headers.get("Allow", "")
    return told


def too_many(request: HttpRequest) -> HttpResponseBase:
    """allauth's handler429."""
    return answer(request, TooMany(_("Too many attempts. Please wait some minutes and try again.")))
