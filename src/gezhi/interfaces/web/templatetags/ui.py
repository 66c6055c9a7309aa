"""`{% load ui %}`: assets of the build, icons, times, remaining time.

Formatting only; nothing here decides. Python parts: gezhi.interfaces.web.parts.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

register = template.Library()

ROOM = Path(__file__).resolve().parent.parent
BUILD = ROOM / "static" / "build"

# Line icons on a 24 × 24 grid, one path each; scripts draw from the same file (web/src/icons.ts).
ICONS: dict[str, str] = json.loads((ROOM / "icons.json").read_text(encoding="utf-8"))

# Which icon goes with which tone: colour never stands alone.
TONES = {
    "plain": "ring",
    "info": "arrow-ring",
    "progress": "half",
    "good": "check-ring",
    "warn": "warning",
    "bad": "alert",
}


@lru_cache(maxsize=2)
def _manifest(changed: float) -> dict[str, dict[str, Any]]:
    """Vite's manifest; `changed` is the file's time, so that a new build is seen without a restart."""
    loaded: dict[str, dict[str, Any]] = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    return loaded


@register.simple_tag
def asset(name: str) -> SafeString:
    """Style sheets and the module script of one entry, e.g. `{% asset "main.ts" %}`."""
    try:
        return _tags(name, (BUILD / "manifest.json").stat().st_mtime)
    except FileNotFoundError:  # before the first build pages answer without style
        return SafeString("")


@lru_cache(maxsize=16)
def _tags(name: str, changed: float) -> SafeString:
    entry = _manifest(changed).get(f"src/{name}", {})
    sheets = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(f"build/{sheet}"),) for sheet in entry.get("css", []))
    )
    if "file" not in entry:
        return sheets
    script = format_html('<script type="module" src="{}"></script>', static(f"build/{entry['file']}"))
    return mark_safe(f"{sheets}\n{script}")  # noqa: S308 — both parts are escaped above


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """A decorative line icon; the words stand beside it."""
    path = ICONS.get(name, "")
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', path)


@register.simple_tag
def tone_icon(tone: str) -> SafeString:
    """The icon that belongs to a tone."""
    return icon(TONES.get(tone, "ring"))


@register.filter
def stamp(moment: datetime | None) -> SafeString:
    """A moment as <time>, in the zone in force: 2026-03-05 14:30. The same in both languages, sortable by eye."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), local.strftime("%Y-%m-%d %H:%M"))


@register.filter
def short_stamp(moment: datetime | None) -> SafeString:
    """Without the year, for lists: 03-05 14:30; the full moment in the title."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    full = local.strftime("%Y-%m-%d %H:%M")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), full, full[5:])


@register.filter
def day(moment: datetime | None) -> SafeString:
    """Only the day of a moment, for what is due by the end of it: 2026-03-09."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), local.strftime("%Y-%m-%d"))


def _span(seconds: int) -> str:
    """The two largest units, never seconds (same rule as in web/src/elements/clock.ts)."""
    minutes = abs(seconds) // 60
    if minutes < 1:
        return gettext("under 1 min")
    hours, minute = divmod(minutes, 60)
    if not hours:
        return gettext("%(n)d min") % {"n": minute}
    days, hour = divmod(hours, 24)
    if not days:
        if not minute:
            return gettext("%(h)d h") % {"h": hours}
        return gettext("%(h)d h %(m)d min") % {"h": hours, "m": minute}
    if not hour:
        return gettext("%(d)d d") % {"d": days}
    return gettext("%(d)d d %(h)d h") % {"d": days, "h": hour}


@register.filter
def remaining(seconds: int | None) -> str:
    """Seconds left as words: "2 h 5 min left", or "1 d 3 h late" when negative."""
    if seconds is None:
        return ""
    words = gettext("%(span)s late") if seconds < 0 else gettext("%(span)s left")
    return words % {"span": _span(seconds)}


@register.filter
def initial(name: str) -> str:
    """What an avatar shows: the family name's first character, or a Latin initial."""
    return name.strip()[:1].upper()


@register.filter
def member(collection: object, item: object) -> bool:
    """Is `item` in the tuple? (`{% if value|member:x %}` where `in` would compare parts of a text)"""
    return item in collection if isinstance(collection, tuple | list | frozenset | set) else False


@register.simple_tag
def language_tag() -> str:
    """For <html lang>: zh-Hans or en."""
    return "zh-Hans" if (get_language() or "zh").startswith("zh") else "en"


@register.filter
def number(value: float) -> str:
    """A number for a machine: never with a decimal comma or grouping."""
    return repr(float(value))


@register.simple_tag
def mark_url() -> str:
    """The favicon: the product's mark."""
    return static("mark.svg")


@register.filter
def boxed(bound: Any) -> SafeString:
    """A Django form field (allauth's) in our field box."""
    kind = getattr(bound.field.widget, "input_type", "")
    attrs = {"placeholder": ""} if kind in {"checkbox", "radio"} else {"class": "field-box", "placeholder": ""}
    if bound.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{bound.id_for_label}-problem"}
    if bound.name == "code":
        attrs |= {"class": "field-box is-code", "inputmode": "numeric", "autocomplete": "one-time-code"}
    return SafeString(bound.as_widget(attrs=attrs))


@register.filter
def is_checkbox(bound: Any) -> bool:
    """Is this Django form field one box to tick?"""
    return getattr(bound.field.widget, "input_type", "") == "checkbox"
