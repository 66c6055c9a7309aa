"""`{% load story %}`: what repeats on the page of a case – entries, limits, people, other cases – written by hand.

The page of a case spent most of its time in the template nodes of these four (docs/adr/0027). Every text goes through
`escape`, as in `rows`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from gezhi.interfaces.web.case_screens import LimitLine, TimelineEntry
from gezhi.interfaces.web.parts import Photo
from gezhi.interfaces.web.screens import PersonLine, QueueRow
from gezhi.interfaces.web.templatetags.rows import drawn_badge, drawn_clock, short
from gezhi.interfaces.web.templatetags.ui import icon, initial

register = template.Library()


@register.simple_tag
def timeline_entries(entries: Iterable[TimelineEntry]) -> SafeString:
    """The items of a timeline, for an <ol class="timeline">."""
    zone, ledger = timezone.get_current_timezone(), escape(gettext("Ledger entry"))
    return mark_safe("".join(_entry(one, zone, ledger) for one in entries))  # noqa: S308 — each piece is escaped


def _entry(one: TimelineEntry, zone: tzinfo, ledger: str) -> str:
    local = one.at.astimezone(zone).isoformat()
    auto = " is-auto" if one.automatic else ""
    post = f"·{escape(one.post)}" if one.post else ""
    words = f'<p class="tl-words words">{escape(one.words)}</p>' if one.words else ""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in one.facts)
    facts = f'<dl class="pairs small tl-facts">{facts}</dl>' if facts else ""
    proof = f'<p class="tl-proof"><span class="hush">{ledger}</span> #{one.seq} {escape(one.proof[:12])}</p>'
    return (
        f'<li class="tl"><span class="tl-dot tone-{one.tone}{auto}"></span><div>'
        f'<p class="tl-head"><span class="tl-title">{escape(one.title)}</span>'
        f'<time datetime="{local}">{local[:10]} {local[11:16]}</time></p>'
        f'<p class="tl-who">{escape(one.who)}{post}</p>{words}{facts}{_photos(one.photos)}'
        f"{proof if one.proof else ''}</div></li>"
    )


def _photos(photos: Iterable[Photo]) -> str:
    found = "".join(
        f'<li><a class="photo" href="{escape(one.href)}" target="_blank" rel="noopener">'
        f'<img src="{escape(one.thumb)}" alt="{escape(one.alt)}" loading="lazy"></a></li>'
        for one in photos
    )
    return f'<ul class="photos">{found}</ul>' if found else ""


@register.simple_tag
def limit_lines(lines: Iterable[LimitLine]) -> SafeString:
    """Limits with all that moved them, as items of a list."""
    zone, language = timezone.get_current_timezone(), get_language() or ""
    return mark_safe("".join(_limit(one, zone, language) for one in lines))  # noqa: S308 — each piece is escaped


def _limit(line: LimitLine, zone: tzinfo, language: str) -> str:
    clock = line.clock
    of = f"{escape(line.of)}·" if line.of else ""
    due = f"{escape(gettext('due'))} {short(clock.due, zone)}" if clock.due else ""
    ended = f"·{escape(gettext('ended'))} {short(line.ended, zone)}" if line.ended else ""
    spells = "".join(_spell(began, until, zone) for began, until in line.spells)
    extras = "".join(
        f'<p class="tiny tone-info">{icon("plus")}{escape(gettext("Made longer by %(extra)s") % {"extra": extra})}</p>'
        for extra in line.extras
    )
    return (
        f'<li class="task"><p class="spread"><span><span class="strong">{escape(clock.label)}</span> '
        f'<span class="quiet small">{escape(clock.limit)}</span></span>{drawn_clock(clock, zone, language)}</p>'
        f'<p class="quiet tiny">{of}{short(line.began, zone)} → {due}{ended}</p>{spells}{extras}</li>'
    )


def _spell(began: datetime, ended: datetime | None, zone: tzinfo) -> str:
    if ended is None:
        words = f"{escape(gettext('Stands still since'))} {short(began, zone)}"
    else:
        words = f"{escape(gettext('Stood still'))} {short(began, zone)} – {short(ended, zone)}"
    return f'<p class="tiny tone-plain">{icon("pause")}{words}</p>'


@register.simple_tag
def persons(people: Iterable[PersonLine]) -> SafeString:
    """Who answers for something, vacancies too."""
    vacant, invented = escape(gettext("Vacant")), escape(gettext("(invented)"))
    found = "".join(_person(one, vacant, invented) for one in people)
    return mark_safe(f'<ul class="persons">{found}</ul>')  # noqa: S308 — each piece is escaped


def _person(one: PersonLine, vacant: str, invented: str) -> str:
    name, organisation, phone = escape(one.name), escape(one.organisation), escape(one.phone)
    mark = icon("user") if one.vacant else escape(initial(one.name))
    shown = f'<span class="quiet">{vacant}</span>' if one.vacant else f'<span class="strong">{name}</span>'
    made_up = f' <span class="quiet tiny">{invented}</span>' if one.invented else ""
    since = f' <span class="nowrap">{escape(one.since)}</span>' if one.since else ""
    where = f'<p class="quiet small">{organisation}{since}</p>' if organisation or since else ""
    call = f'<a class="btn btn-quiet btn-s" href="tel:{phone}">{icon("phone")}<span class="num">{phone}</span></a>'
    return (
        f'<li class="person{" is-vacant" if one.vacant else ""}"><span class="avatar" aria-hidden="true">{mark}</span>'
        f'<div><p>{shown} <span class="quiet small">{escape(one.duty)}</span>{made_up}</p>{where}</div>'
        f"{call if phone else ''}</li>"
    )


@register.simple_tag
def mini_rows(rows: Iterable[QueueRow]) -> SafeString:
    """Other cases, a line each."""
    zone = timezone.get_current_timezone()
    found = "".join(_mini_row(row, zone) for row in rows)
    return mark_safe(f'<ul class="mini-rows">{found}</ul>')  # noqa: S308 — each piece is escaped


def _mini_row(row: QueueRow, zone: tzinfo) -> str:
    kind = escape(row.class_name)
    return (
        f'<li><a class="row-words" href="{escape(row.href)}">{escape(row.words) or kind}</a>'
        f'<p class="spread row-meta"><span>{f"{kind}·" if kind else ""}{short(row.reported_at, zone)}</span>'
        f"{drawn_badge(row.stage)}</p></li>"
    )
