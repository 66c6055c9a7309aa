"""The trace page: for one case, who was responsible for what, when, under which rule, with the proof of the ledger.

One page to print, and the same as JSON. Everything is told by `cases.queries.trace`; nothing is judged here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import case_story, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.case_screens import LedgerProof, TraceScreen, TraceSpan, TraceStep
from gezhi.interfaces.web.parts import Link
from gezhi.lib.texts import said
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import Span, Step, Trace
from gezhi.modules.territory.queries import Responsible

MOST_PEOPLE = 8


def trace(request: Request, number: str) -> HttpResponse:
    """GET: the page."""
    found = cases.trace(request.actor, number)
    return render(request, "desk/trace.html", {"screen": _screen(found, timezone.now())})


def trace_json(request: Request, number: str) -> HttpResponse:
    """GET: the same for a program; texts in the language of the request, moments in UTC."""
    shown = _screen(cases.trace(request.actor, number), timezone.now())
    told: dict[str, Any] = {
        "number": shown.number,
        "rules": dict(shown.rules),
        "spans": [
            {
                "what": one.what,
                "of": one.of or None,
                "from": one.began.isoformat(),
                "until": one.ended.isoformat() if one.ended else None,
                "duties": one.duties,
                "people": [{"name": name, "post": post, "days": days} for name, post, days in one.people],
                "limits": [
                    {"limit": name, "due": c.due.isoformat() if c.due else None, "state": c.state}
                    for name, c in one.limits
                ],
            }
            for one in shown.spans
        ],
        "steps": [
            {
                "seq": one.seq,
                "at": one.at.isoformat(),
                "what": one.title,
                "who": one.who,
                "duty": one.duty,
                "posts": list(one.held),
                "rule": one.rule,
                "hash": one.hash,
            }
            for one in shown.steps
        ],
        "ledger": {"entries": shown.ledger.entries, "head": shown.ledger.head, "whole": shown.ledger.intact},
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-store"
    return response


def _screen(found: Trace, now: datetime) -> TraceScreen:
    """Everything the page shows. One query (names)."""
    view = found.view
    row, number = view.row, view.row.number
    names = labels.names(told.entry.by for told in view.story)
    sealed = found.proof.sealed_on
    return TraceScreen(
        number=number,
        title=row.class_name or row.words[:30] or _("Case"),
        stage=labels.stage_badge(row.stage, view.stage, view.procedure),
        back=Link(_("Back to the case"), reverse("desk_case", args=[number]), icon="back"),
        rules=_rules(found),
        spans=tuple(_span(one, now) for one in found.spans),
        steps=tuple(_step(found, one, names) for one in found.steps),
        ledger=LedgerProof(
            entries=found.proof.entries,
            head=found.proof.head,
            intact=found.proof.whole,
            signed_until=_("sealed on %(day)s") % {"day": sealed} if sealed else _("to be sealed tonight"),
            href=reverse("desk_proof", args=[number]),
        ),
        drawn_at=now,
        data_href=reverse("desk_trace_json", args=[number]),
    )


def _rules(found: Trace) -> tuple[tuple[str, str], ...]:
    """The versions everything went by."""
    rule, row, version = found.rule, found.view.row, found.catalogue
    named = _("%(title)s, version %(n)d, in force from %(day)s")
    told = [
        (
            _("Procedure"),
            named % {"title": said(rule.title), "n": rule.version, "day": _day(rule.adopted_at)},
        ),
        (_("Its digest"), rule.digest[:16]),
        (_("Class"), " ".join(part for part in (row.klass.key if row.klass else "", row.class_name) if part)),
    ]
    if version is not None:
        from_catalogue = _("%(standard)s, version %(n)d, in force from %(day)s")
        given = {"standard": version.standard, "n": version.id, "day": _day(version.adopted_at)}
        told += [(_("Catalogue"), from_catalogue % given), (_("Its digest"), version.digest[:16])]
    told += [
        (_("Limit of the class"), labels.limit(row.limit or (row.klass.limit if row.klass else ""))),
        (_("Area"), row.area_name),
    ]
    return tuple((name, value) for name, value in told if value)


def _day(at: datetime) -> str:
    return timezone.localtime(at).date().isoformat()


def _span(one: Span, now: datetime) -> TraceSpan:
    task = one.task
    unit = said({"zh": task.unit_name, "en": task.unit_name_en or task.unit_name}) if task else ""
    whose = [part for part in ((said(task.kind_title), unit, task.what[:60]) if task else ()) if part]
    return TraceSpan(
        what=said(one.stage),
        of=" · ".join(whose),
        began=one.began,
        ended=one.ended,
        end=one.end,
        duties="、".join(said(duty) for duty in one.duties),
        people=_people(one),
        limits=tuple((labels.limit(c.limit), case_story.clock(c, now)) for c in one.clocks),
    )


def _people(one: Span) -> tuple[tuple[str, str, str], ...]:
    first = timezone.localtime(one.began).date()
    last = timezone.localtime(one.ended).date() if one.ended else None
    shown = [(held.display_name, post(held), _days(held, first, last)) for held in one.holders[:MOST_PEOPLE]]
    if len(one.holders) > MOST_PEOPLE:
        shown.append((_("and %(n)d more") % {"n": len(one.holders) - MOST_PEOPLE}, "", ""))
    return tuple(shown)


def _days(held: Responsible, first: date, last: date | None) -> str:
    """On which days of the span somebody held the post, where that was not all of it."""
    parts = []
    if held.since > first:
        parts.append(_("from %(day)s") % {"day": held.since.isoformat()})
    if held.until is not None and (last is None or held.until <= last):
        parts.append(_("until %(day)s") % {"day": held.until.isoformat()})
    return " ".join(parts)


def post(held: Responsible) -> str:
    """A post with where it is held."""
    title = said({"zh": held.post_name, "en": held.post_name_en or held.post_name})
    where = held.organisation_name or labels.area(held.area) or held.area_name
    return f"{title}（{where}）" if not labels.english() else f"{title} ({where})"


def _step(found: Trace, one: Step, names: dict[str, str]) -> TraceStep:
    entry = one.story.entry
    rule = f"{found.rule.name} v{found.rule.version} · {one.move}" if one.move else entry.kind
    return TraceStep(
        seq=entry.seq,
        at=entry.at,
        title=said(one.story.title),
        who=names[entry.by],
        duty=said(one.story.duty) if one.story.duty else "",
        held=tuple(dict.fromkeys(post(held) for held in one.held)),
        rule=rule,
        hash=entry.short_hash,
    )
