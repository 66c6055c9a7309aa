"""The frame around every page: who is signed in, where one can go, which languages there are.

Worked out when a template first asks for it, so that fragments cost nothing. Anything missing (no profile yet) leaves
a smaller frame, never an error.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, cast

from django import urls
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gezhi.interfaces.web import doors, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Link
from gezhi.interfaces.web.screens import Frame, Language, Signed
from gezhi.lib.errors import Unavailable
from gezhi.modules.notices import queries as notices

reverse = lru_cache(maxsize=128)(urls.reverse)  # addresses without arguments: the same for everybody
LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
Kind = Literal["portal", "desk", "admin"]


def page(request: HttpRequest) -> dict[str, Any]:
    """Django's context processor: `frame`, as gezhi.interfaces.web.screens.Frame says."""
    return {"frame": SimpleLazyObject(lambda: frame(cast(Request, request)))}


def frame(request: Request) -> Frame:
    """The frame of this request. At most two queries for somebody signed in (who they are; unread notices)."""
    actor = getattr(request, "actor", None)
    signed = actor is not None and actor.account_id is not None
    kind = _kind(request, signed)
    return Frame(
        kind=kind,
        city=labels.city(),
        home_url=reverse("desk") if kind != "portal" else reverse("portal_home"),
        nav=_nav(request, kind),
        footer=_footer(),
        languages=tuple(Language(code, label, code == get_language()) for code, label in LANGUAGES),
        set_language_url=reverse("set_language"),
        here=request.get_full_path() if request.method == "GET" else request.path,
        complaints_url=reverse("portal_complaints"),
        login_url="" if signed else reverse("account_login"),
        signed=_signed(request) if signed else None,
        events_url="/events" if signed else "",
        unread_url=reverse("unread") if signed else "",
        ways_url=reverse("desk_ways") if signed else "",
        ribbon=_("Demonstration: all persons are invented, and grids were laid by a program.") if settings.DEMO else "",
    )


def _kind(request: Request, signed: bool) -> Kind:
    if request.path.startswith("/admin/"):
        return "admin"
    if request.path.startswith("/desk/") or (signed and request.path.startswith("/accounts/")):
        return "admin" if signed and _administers(request) else "desk"
    return "portal"


def _administers(request: Request) -> bool:
    return any(right.startswith("administer.") for right in request.actor.capabilities)


def _nav(request: Request, kind: Kind) -> tuple[Link, ...]:
    makers = {"desk": doors.desk, "admin": doors.administrators}
    wanted = makers[kind](request.actor) if kind in makers else doors.public()
    here = request.resolver_match.view_name if request.resolver_match else ""
    return tuple(Link(label, reverse(name), current=name == here, icon=icon) for name, label, icon in wanted)


def _footer() -> tuple[Link, ...]:
    return (Link(_("About and privacy"), reverse("portal_about")),)


def _signed(request: Request) -> Signed:
    actor = request.actor
    held = actor.posts[0] if actor.posts else None
    try:
        post = labels.post(held.post) if held else _administration(request)
        place = (labels.unit(held.organisation) or labels.area(held.area)) if held else ""
    except Unavailable:
        post = place = ""
    menu = (
        Link(_("Change password"), reverse("own_password"), icon="key"),
        Link(_("Second factor"), reverse("mfa_index"), icon="shield"),
        Link(_("Keys to the API"), reverse("own_keys"), icon="lock"),
    )
    return Signed(
        name=str(getattr(request.user, "display_name", "")),
        post=post,
        organisation=place,
        logout_url=reverse("account_logout"),
        notices_url=reverse("desk_notices"),
        unread=notices.unread_count(actor),
        menu=menu,
    )


def _administration(request: Request) -> str:
    titles = {
        "administer.system": _("System administrator"),
        "administer.security": _("Security administrator"),
        "administer.audit": _("Audit administrator"),
    }
    return next((titles[right] for right in request.actor.capabilities if right in titles), "")
