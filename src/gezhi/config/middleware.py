"""What happens around every request: a log line with figures, refusals as pages, who asks and whether they may.

Order matters (see settings): RequestLog is outermost and sees everything, Refusals and CurrentActor stand next to the
view. A page that needs nobody (health, figures, a public page) costs no query here: who asks is looked up when somebody
asks for it.
"""

from __future__ import annotations

import re
import time
import uuid
import zoneinfo
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from gezhi.config import access
from gezhi.interfaces.web import failures, labels, metrics
from gezhi.interfaces.web.accounts import must_change_password, must_enrol
from gezhi.interfaces.web.asked import is_fragment
from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed, NotThere, Refusal
from gezhi.modules.switches.profiles import Profile
from gezhi.modules.territory import queries as territory

log = structlog.get_logger(__name__)
Answer = Callable[[HttpRequest], HttpResponseBase]
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
_QUIET = {"healthz", "metrics"}
_OF_A_CASE = {"desk_case", "desk_move", "desk_reveal", "desk_proof", "portal_receipt"}


class RequestLog:
    """One line a request: id, route, status, milliseconds, queries. Never the query string, a form or a header."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, count, time and log the request."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex[:16]
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        watch = metrics.QueryWatch()
        with connection.execute_wrapper(watch):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        self._told(request, response, time.perf_counter() - started, watch)
        structlog.contextvars.clear_contextvars()
        return response

    def _told(
        self, request: HttpRequest, response: HttpResponseBase, seconds: float, watch: metrics.QueryWatch
    ) -> None:
        match = request.resolver_match
        name = match.view_name if match else ""
        metrics.count_request(route=name, method=request.method or "", status=response.status_code, seconds=seconds)
        if name in _QUIET and response.status_code < 400:
            return
        log.info(
            "request",
            method=request.method,
            route=match.route if match else "",
            case=match.kwargs.get("number") if match and name in _OF_A_CASE else None,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            queries=watch.count,
        )


class Refusals:
    """A refusal raised by a view becomes its page or its JSON; what nobody foresaw is handler500's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A bare "method not allowed" gets its sentence; for everything else see process_exception."""
        response = self.get_response(request)
        return failures.wrong_method(request, response) if response.status_code == 405 else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Django's hook for exceptions of views; unforeseen ones go on, to allauth's own hook or to handler500."""
        return failures.answer(request, exception) if failures.understood(exception) else None


class CurrentActor:
    """Who asks (`request.actor`, looked up when first needed), in which zone and language, and past which doors."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set the actor, the zone of the profile in force, and its language where the browser asked for none."""
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        try:
            with labels.one_profile() as profile:
                _local(request, profile)
                return self.get_response(request)
        except failures.NO_DATABASE as gone:
            return failures.answer(request, gone)
        finally:
            timezone.deactivate()

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        """Hold the table of access against who asks."""
        match = request.resolver_match
        name = match.view_name if match else ""
        rule = access.rule_of(name)
        if rule in {access.PUBLIC, access.OWN, access.CALLER}:
            return None
        try:
            return self._checked(request, name, rule)
        except (Refusal, *failures.NO_DATABASE) as refused:
            return failures.answer(request, refused)

    def _checked(self, request: HttpRequest, name: str, rule: str) -> HttpResponseBase | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if rule == access.NOBODY:
            raise NotThere(_("There is no such page."))
        if actor.account_id is None:
            if request.method == "GET" and not is_fragment(request):
                return redirect_to_login(request.get_full_path())
            raise NotAllowed(_("Please sign in first."), code="not_signed_in")
        if not access.may(actor, rule):
            raise NotAllowed(_("Your post does not include this page."), code="no_right")
        if name not in access.BEFORE_ALL:
            if must_change_password(request):
                return redirect("own_password")
            if must_enrol(request, actor):
                return redirect("mfa_activate_totp")
        return None


def actor_of(request: HttpRequest) -> Actor:
    """The account signed in, with the posts it holds today (in the profile's zone); Actor.public() for nobody."""
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return Actor.public()
    actor = territory.actor_for(account.pk, on=timezone.localdate())
    structlog.contextvars.bind_contextvars(actor=actor.ref)
    return actor


def _local(request: HttpRequest, profile: Profile | None) -> None:
    """Zone and language of the profile in force; the settings' own where there is none."""
    if profile is None:
        return
    timezone.activate(zoneinfo.ZoneInfo(profile.zone))
    language = {"zh": "zh-hans"}.get(profile.language, profile.language)
    if language in dict(settings.LANGUAGES) and not _language_asked(request):
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _language_asked(request: HttpRequest) -> bool:
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return True
    asked = request.headers.get("Accept-Language", "").lower()
    return any(part.strip().startswith(("zh", "en")) for part in asked.split(","))
