"""`{% load framed %}`: the bar and the foot of every page, rendered once for everybody who sees the same.

What they show is a Frame and the language; only where one is and the token of the forms differ from request to request.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import lru_cache
from html import escape

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from gezhi.interfaces.web.screens import Frame

register = template.Library()

HERE, TOKEN = "\x02here\x03", "\x02token\x03"  # no address and no name holds control characters


@register.simple_tag(takes_context=True)
def framed(context: template.Context, name: str) -> SafeString:
    """A part of the frame, as its template draws it."""
    frame: Frame = copy(context["frame"])  # what Django's lazy object holds, not the object
    html = _drawn(name, get_language() or "", replace(frame, here=HERE))
    if HERE in html:
        html = html.replace(HERE, escape(frame.here))
    if TOKEN in html:
        html = html.replace(TOKEN, escape(str(context.get("csrf_token", ""))))
    return mark_safe(html)  # noqa: S308 — rendered by a template; what is put in is escaped


@lru_cache(maxsize=512)
def _drawn(name: str, language: str, frame: Frame) -> str:
    return str(get_template(name).render({"frame": frame, "csrf_token": TOKEN}))
