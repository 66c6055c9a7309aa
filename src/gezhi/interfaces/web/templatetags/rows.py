"""`{% load rows %}`: the rows of a list of cases, and the options of a select, written by hand.

These two are most of what a desk reads all day: a page of a hundred rows spent four fifths of its time in template
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
        """As the filter `short_stamp` writes it."""
        local = moment.astimezone(self.zone).isoformat()
        return f'<time datetime="{local}" title="{local[:10]} {local[11:16]}">{local[5:10]} {local[11:16]}</time>'


def _row(row: QueueRow, pen: _Pen) -> str:
    number, kind = escape(row.number), escape(row.class_name)
    tone = f" tone-{row.clock.tone}" if row.clock else ""
    at = f' data-at="{escape(row.at)}"' if row.at else ""
    meta = f'<span class="mono">{number}</span>{"·" if kind else ""}{kind}'
    flags = f'<p class="row-flags">{"".join(map(_badge, row.flags))}</p>' if row.flags else ""
    unit = f'<p class="row-meta">{escape(row.unit)}</p>' if row.unit else ""
    return (
        f'<tr class="row{tone}" data-row role="row"{at}>{_box(row, number, pen)}'
        f'<td class="cell-case" role="cell"><a class="row-words" href="{escape(row.href)}">'
        f'{escape(row.words) or kind or number}</a><p class="row-meta">{meta}</p>{flags}</td>'
        f'<td class="cell-place" role="cell"><p>{escape(row.place)}</p>'
        f'<p class="row-meta">{escape(row.channel)}·{pen.stamp(row.reported_at)}</p></td>'
        f'<td class="cell-stage" role="cell">{_badge(row.stage)}{unit}</td>'
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
def _badge(badge: Badge) -> str:
    mark = tone_icon(badge.tone)
    return f'<span class="badge tone-{escape(badge.tone)} badge-s">{mark}{escape(badge.label)}</span>'


def _clock(clock: Clock | None, pen: _Pen) -> str:
    """As templates/parts/clock.html draws it, with the moment below."""
    if clock is None:
        return ""
    if clock.state == "running" and clock.due:
        local = clock.due.astimezone(pen.zone).isoformat()
        shown = (
            f'<gz-clock class="clock tone-{clock.tone}" due="{local}" amber="{clock.amber_left}">'
            f"{_icon('clock')}<span data-left>{escape(remaining(clock.left))}</span></gz-clock>"
        )
    else:
        shown = _still(clock.state, clock.left, pen.language)
    return f'{shown}<p class="row-meta">{pen.due} {pen.stamp(clock.due)}</p>' if clock.due else shown


@lru_cache(maxsize=256)
def _still(state: str, left: int | None, language: str) -> str:
    """A clock that does not run."""
    if state == "paused":
        return f'<span class="clock tone-plain">{_icon("pause")}{escape(gettext("Paused"))}</span>'
    if state == "met":
        return f'<span class="clock tone-good">{_icon("check-ring")}{escape(gettext("In time"))}</span>'
    words = remaining(left) if left is not None else gettext("Late")
    return f'<span class="clock tone-bad">{_icon("alert")}{escape(words)}</span>' if state == "missed" else ""


@lru_cache(maxsize=64)
def _icon(name: str) -> str:
    return str(icon(name))


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
