"""`{% load rows %}`: the rows of a list of cases, the options of a select, badges and clocks, written by hand.

The first two are most of what a desk reads all day: a page of a hundred rows spent four fifths of its time in template
nodes (docs/adr/0024). Everything that is text goes through `escape` (the one that Django's is made of, without its
wrapping for lazy texts); what repeats (badges, icons, lists of classes) is made once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from gezhi.interfaces.web.parts import Badge, Choice, Clock, Field
from gezhi.interfaces.web.screens import QueueRow
from gezhi.interfaces.web.templatetags.ui import icon, remaining, tone_icon

register = template.Library()


@register.simple_tag
def case_rows(rows: Iterable[QueueRow], choose: bool = False, chosen: bool = False) -> SafeString:
    """Table rows of cases. `choose`: with a box to choose each; `chosen`: ticked already, with its revision."""
    pen = _Pen(
        zone=timezone.get_current_timezone(),
        language=get_language() or "",
        due=escape(gettext("due")),
        choose=escape(gettext("Choose case %(number)s")) if choose else "",
        chosen=chosen,
    )
    return mark_safe("".join(_row(row, pen) for row in rows))  # noqa: S308 — each piece is escaped


@dataclass(frozen=True, slots=True)
class _Pen:
    """What all rows of a list are written with."""

    zone: tzinfo
    language: str
    due: str
    choose: str
    chosen: bool

    def stamp(self, moment: datetime) -> str:
        """In the zone of the page."""
        return short(moment, self.zone)


def short(moment: datetime, zone: tzinfo) -> str:
    """A moment as the filter `short_stamp` writes it."""
    local = moment.astimezone(zone).isoformat()
    return f'<time datetime="{local}" title="{local[:10]} {local[11:16]}">{local[5:10]} {local[11:16]}</time>'


def _row(row: QueueRow, pen: _Pen) -> str:
    number, kind = escape(row.number), escape(row.class_name)
    tone = f" tone-{row.clock.tone}" if row.clock else ""
    at = f' data-at="{escape(row.at)}"' if row.at else ""
    meta = f'<span class="mono">{number}</span>{"·" if kind else ""}{kind}'
    flags = f'<p class="row-flags">{"".join(map(drawn_badge, row.flags))}</p>' if row.flags else ""
    unit = f'<p class="row-meta">{escape(row.unit)}</p>' if row.unit else ""
    return (
        f'<tr class="row{tone}" data-row role="row"{at}>{_box(row, number, pen)}'
        f'<td class="cell-case" role="cell"><a class="row-words" href="{escape(row.href)}">'
        f'{escape(row.words) or kind or number}</a><p class="row-meta">{meta}</p>{flags}</td>'
        f'<td class="cell-place" role="cell"><p>{escape(row.place)}</p>'
        f'<p class="row-meta">{escape(row.channel)}·{pen.stamp(row.reported_at)}</p></td>'
        f'<td class="cell-stage" role="cell">{drawn_badge(row.stage)}{unit}</td>'
        f'<td class="cell-time" role="cell">{_clock(row.clock, pen)}</td></tr>'
    )


def _box(row: QueueRow, number: str, pen: _Pen) -> str:
    if not pen.choose:
        return ""
    ticked = " checked" if pen.chosen else ""
    revision = f'<input type="hidden" name="revision.{number}" value="{row.revision}">' if pen.chosen else ""
    return (
        f'<td class="cell-pick" role="cell"><label class="pick-box"><input type="checkbox" name="case" value="{number}"'
        f' aria-label="{pen.choose % {"number": number}}"{ticked}></label>{revision}</td>'
    )


@lru_cache(maxsize=512)
def drawn_badge(badge: Badge, size: str = " badge-s") -> str:
    """A state in words, with the icon of its tone; small unless said otherwise."""
    mark = tone_icon(badge.tone)
    return f'<span class="badge tone-{escape(badge.tone)}{size}">{mark}{escape(badge.label)}</span>'


@register.simple_tag(name="badge")
def badge_tag(badge: Badge, small: bool = False) -> SafeString:
    """A state in words, with the icon of its tone."""
    return mark_safe(drawn_badge(badge, " badge-s" if small else ""))  # noqa: S308 — each piece is escaped


@register.simple_tag(name="clock")
def clock_tag(clock: Clock) -> SafeString:
    """One limit in one line; it runs on in the browser when it is running."""
    return mark_safe(drawn_clock(clock, timezone.get_current_timezone(), get_language() or ""))  # noqa: S308 — as above


def _clock(clock: Clock | None, pen: _Pen) -> str:
    """With the moment below."""
    if clock is None:
        return ""
    shown = drawn_clock(clock, pen.zone, pen.language)
    return f'{shown}<p class="row-meta">{pen.due} {pen.stamp(clock.due)}</p>' if clock.due else shown


def drawn_clock(clock: Clock, zone: tzinfo, language: str) -> str:
    """One limit in one line, as the page's zone and language have it."""
    if clock.state != "running" or not clock.due:
        return _still(clock.state, clock.left, language)
    local = clock.due.astimezone(zone).isoformat()
    return (
        f'<gz-clock class="clock tone-{clock.tone}" due="{local}" amber="{clock.amber_left}">'
        f"{icon('clock')}<span data-left>{escape(remaining(clock.left))}</span></gz-clock>"
    )


@lru_cache(maxsize=256)
def _still(state: str, left: int | None, language: str) -> str:
    """A clock that does not run."""
    if state == "paused":
        return f'<span class="clock tone-plain">{icon("pause")}{escape(gettext("Paused"))}</span>'
    if state == "met":
        return f'<span class="clock tone-good">{icon("check-ring")}{escape(gettext("In time"))}</span>'
    words = remaining(left) if left is not None else gettext("Late")
    return f'<span class="clock tone-bad">{icon("alert")}{escape(words)}</span>' if state == "missed" else ""


@register.simple_tag
def options(field: Field, empty: str = "") -> SafeString:
    """The options of a select: the empty one, then the choices by group, those chosen already marked."""
    html = _options(field.choices)
    for value in field.values:
        mark = f'value="{escape(value)}"'
        html = html.replace(mark, f"{mark} selected", 1)
    return mark_safe(f'<option value="">{escape(field.placeholder or empty)}</option>{html}')  # noqa: S308 — see above


@lru_cache(maxsize=64)
def _options(choices: tuple[Choice, ...]) -> str:
    groups: dict[str, list[Choice]] = {}
    for choice in choices:
        groups.setdefault(choice.group, []).append(choice)
    parts = []
    for name, members in groups.items():
        inner = "".join(map(_option, members))
        parts.append(f'<optgroup label="{escape(name)}">{inner}</optgroup>' if name else inner)
    return "".join(parts)


def _option(choice: Choice) -> str:
    keys = f' data-keys="{escape(choice.keys)}"' if choice.keys else ""
    return f'<option value="{escape(choice.value)}"{keys}>{escape(choice.label)}</option>'
