"""The case page: one case with its story, its clocks, its people, and the moves open to whoever looks.

`show` renders it, also after a refusal: with what was entered, the sentence, and the refusal's status.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import begin, case_moves, case_story, case_tasks, conflicts, labels, lists, maps, reporters
from gezhi.interfaces.web.advising import drafts
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.case_moves import NONE, Outcome
from gezhi.interfaces.web.case_screens import CaseScreen, JoinedLine
from gezhi.interfaces.web.parts import Badge, Link, MapView, Tone
from gezhi.interfaces.web.screens import Move, PersonLine
from gezhi.lib.texts import said
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import CaseView, Joined
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import Responsible

MOST_PEOPLE = 12
OWN_SOURCES = {"portal", "desk", "split"}  # the product's own doors, whose ids tell nobody anything


def show(request: Request, view: CaseView, outcome: Outcome = NONE) -> HttpResponse:
    """Render the page; status 200, or the refusal's."""
    status = outcome.refusal.status if outcome.refusal else 200
    response = render(request, "desk/case.html", {"screen": screen(request, view, outcome)}, status=status)
    if outcome.revealed:
        response["Cache-Control"] = "private, no-store"
    return response


def case(request: Request, number: str) -> HttpResponse:
    """GET: the page as it is."""
    return show(request, cases.case(request.actor, number))


def screen(request: Request, view: CaseView, outcome: Outcome) -> CaseScreen:
    """Everything the page shows. A constant number of queries, whatever the length of the story."""
    now = timezone.now()
    row = view.row
    every = case_moves.open_to(view, outcome)
    names = labels.names(story.entry.by for story in view.story)
    conflict = conflicts.block(view, outcome, every, names)
    again = conflict.move.form.key if conflict and conflict.move else ""
    others = [one for one in every if one.form.key != again]
    in_rows = case_tasks.in_rows(view, others)
    limits = case_story.limits(view, now)
    near = cases.around(request.actor, row=row)
    return CaseScreen(
        number=row.number,
        title=row.class_name or row.words[:30] or _("Case"),
        stage=labels.stage_badge(row.stage, view.stage, view.procedure),
        flags=_flags(view),
        clocks=tuple(case_story.clock(c, now) for c in view.clocks if not c.assignment and c.stopped_at is None),
        words=row.words,
        compared=case_story.compared(view),
        photos=case_story.photos(row.number, view.photos, _("Photo of the report")),
        facts=_facts(view),
        moves=case_moves.numbered(one for one in others if one.form.key not in in_rows),
        notice="" if every else _whose_turn(view),
        timeline=case_story.timeline(view, names),
        tasks=case_tasks.groups(view, names, others, now),
        people=_people(view),
        reporter=reporters.block(request.actor, view, outcome, now),
        ledger=case_story.proof(view),
        back=_back(view),
        place=_map(view),
        place_text="" if row.lon is not None else _place_text(view),
        limits=tuple(one for one in limits if one.ended is None),
        limits_over=tuple(one for one in limits if one.ended is not None),
        joined=tuple(_joined(one) for one in near.joined),
        near=tuple(lists.row(one, now) for one in near.near),
        earlier=tuple(lists.row(one, now) for one in near.earlier),
        begins=tuple(begin.links(request.actor, row.number, but=row.matter)) if not row.ended else (),
        conflict=conflict,
        problem="" if conflict else _problem(outcome, every),
        beside_url=reverse("desk_beside", args=[row.number]),
        likely_url=reverse("desk_likely", args=[row.number]) if every and not row.ended else "",
        assistant=drafts.block(row.number, now) if not row.ended else None,
        trace_url=reverse("desk_trace", args=[row.number]),
        revision=row.revision,
        closed_moves=case_moves.closed_to(view),
    )


def _whose_turn(view: CaseView) -> str:
    """Who can move the case on from here; derived from the procedure's duties."""
    row, procedure = view.row, view.procedure
    if procedure.stages[row.stage].end:
        return _("This case has ended; nothing is left to do.")
    duties = {duty for move in procedure.by_hand.get(row.stage, ()) for duty in move.by}
    for task in view.assignments:
        moves = procedure.kinds[task.kind].moves.values()
        duties |= {duty for move in moves if task.stage in move.sources for duty in move.by}
    named = [said(procedure.duties[d].title) for d in procedure.duties if d in duties]
    if not named:
        return _("Nobody has to do anything here just now.")
    return _("You have nothing to do here now. It is the turn of: %(duties)s.") % {"duties": "、".join(named)}


def _problem(outcome: Outcome, moves: tuple[Move, ...]) -> str:
    """The sentence at the top; with the words that were entered, where their form is gone from the new state."""
    if outcome.refusal is None:
        return ""
    if any(move.form.key == outcome.form for move in moves) or not outcome.form.startswith("m-"):
        return outcome.refusal.sentence
    typed = outcome.given.typed()
    if not typed:
        return outcome.refusal.sentence
    return f"{outcome.refusal.sentence} {_('You had entered: %(words)s') % {'words': ' / '.join(typed)[:500]}}"


def _joined(one: Joined) -> JoinedLine:
    tone: Tone = "plain" if one.ended else "progress"
    return JoinedLine(
        relation=labels.relation(one.kind, later=one.later),
        number=one.number,
        href=reverse("desk_case", args=[one.number]),
        title=one.title,
        stage=Badge(said(one.stage), tone),
    )


def _flags(view: CaseView) -> tuple[Badge, ...]:
    row = view.row
    flags = []
    if row.late:
        flags.append(Badge(_("Late"), "bad"))
    if row.exempt:
        flags.append(Badge(_("Appeal granted"), "good"))
    if row.area_id is None and not row.ended:
        flags.append(Badge(_("Place unknown"), "warn"))
    if rework := int(row.counts.get("rework", 0)):
        flags.append(Badge(_("Rework %(n)d") % {"n": rework}, "warn"))
    if row.history:
        flags.append(Badge(_("Imported history"), "plain"))
    return tuple(flags)


def _facts(view: CaseView) -> tuple[tuple[str, str], ...]:
    row = view.row
    found = [
        (_("Class"), row.class_name or _("Not yet classed")),
        (_("Area"), row.area_name or _("Unknown")),
        (_("Address"), row.address),
        (_("Reported"), f"{timezone.localtime(row.reported_at):%Y-%m-%d %H:%M}"),
        (_("Channel"), labels.channel(row.channel)),
        (_("Lead unit"), labels.unit(row.unit_id)),
        (_("Rating"), _("%(n)d of 5") % {"n": row.rating} if row.rating else ""),
        (_("Source"), "" if row.source in {*OWN_SOURCES, row.matter} else f"{row.source} {row.source_id}"),
    ]
    return tuple((name, value) for name, value in found if value)


def _map(view: CaseView) -> MapView | None:
    row = view.row
    if row.lon is None and row.area_id is None:
        return None
    within = row.area_id if row.lon is None else None
    return maps.view("place", _("Where it is"), lon=row.lon, lat=row.lat, within=within)


def _place_text(view: CaseView) -> str:
    row = view.row
    if row.area_id is None:
        return _("The place is not known yet.")
    return _("The exact point is not known; the area is %(area)s.") % {"area": row.area_name}


def _people(view: CaseView) -> tuple[PersonLine, ...]:
    """Who answers for this ground, deepest area first, then the leaders of the lead unit. One query."""
    row = view.row
    units = [row.unit_id] if row.unit_id is not None else []
    if not row.areas and not units:
        return ()
    every = territory.held(areas=row.areas, organisations=units, on=timezone.localdate())
    depth = {area: -n for n, area in enumerate(row.areas)}
    over = sorted((one for one in every if one.area in depth), key=lambda one: depth[one.area or 0])
    at_unit = [one for one in every if one.organisation == row.unit_id and one.area not in depth][:3]
    return tuple(person(one) for one in (*over[: MOST_PEOPLE - len(at_unit)], *at_unit))


def person(one: Responsible) -> PersonLine:
    """Somebody responsible, as everybody on the desk may see them."""
    title = said({"zh": one.post_name, "en": one.post_name_en or one.post_name})
    return PersonLine(
        duty=title,
        name=one.display_name,
        organisation=one.organisation_name or labels.area(one.area) or one.area_name,
        since=_("since %(day)s") % {"day": one.since.isoformat()},
        invented=one.invented,
    )


def _back(view: CaseView) -> Link:
    """To the queue the case waits in for this person; where it waits for somebody else, to what waits for them."""
    if not view.moves:
        return Link(_("Back to what is to do"), reverse("desk"))
    task = next((a for a in view.assignments if a.key == view.moves[0].assignment), None)
    key = f"{view.row.matter}:{task.kind}:{task.stage}" if task else f"{view.row.matter}:{view.row.stage}"
    return Link(_("Back to the queue"), reverse("desk_queue", args=[key]))
