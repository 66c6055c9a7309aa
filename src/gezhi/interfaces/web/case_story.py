"""The story of a case in words: its timeline, clocks, tasks and the proof that nothing was touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.case_screens import LedgerProof, LimitLine, PhotoSide, TimelineEntry
from gezhi.interfaces.web.parts import Clock, Photo, Tone
from gezhi.lib.texts import said
from gezhi.modules.cases.queries import CaseView, ClockView, PhotoView, Story
from gezhi.modules.ledger import queries as ledger


def timeline(view: CaseView, names: Mapping[str, str]) -> tuple[TimelineEntry, ...]:
    """Every entry of the case's chain, oldest first, with who did it (by reference) and in which duty."""
    return told(view, view.story, names)


def told(view: CaseView, stories: Iterable[Story], names: Mapping[str, str]) -> tuple[TimelineEntry, ...]:
    """Some of its entries."""
    return tuple(_entry(view, story, names[story.entry.by]) for story in stories)


def _entry(view: CaseView, story: Story, who: str) -> TimelineEntry:
    entry = story.entry
    taken = _("Photo: %(step)s") % {"step": said(story.title)}
    automatic = [said(title) for title in story.automatic]
    facts = [
        (said(task.kind_title), task.what) for task in view.assignments if task.key == entry.body.get("assignment")
    ]
    facts += [(said(title), _scored(view, value) or plain(value)) for title, value in story.said]
    facts += [(_("Followed by itself"), "、".join(automatic))] if automatic else []
    if entry.kind == "case.limit":
        facts += _limit_facts(view, entry.body)
    return TimelineEntry(
        at=entry.at,
        title=said(story.title),
        who=who,
        post=said(story.duty) if story.duty else "",
        words="\n".join(text for _field, text in story.words),
        facts=tuple((name, value) for name, value in facts if value),
        photos=photos(view.row.number, story.photos, taken),
        tone=_tone(view, story),
        automatic=entry.by == "clock",
        seq=entry.seq,
        proof=entry.hash.hex(),
    )


def _scored(view: CaseView, value: Any) -> str:
    """The scores of a whistle: each unit with its points; "" for anything else."""
    if not isinstance(value, dict) or not value:
        return ""
    units = {task.key: labels.unit(task.unit) for task in view.assignments}
    if not set(value) <= set(units):
        return ""
    return "、".join(f"{units[key]} {sum(parts.values()):g}" for key, parts in value.items())


def _item(value: dict[str, Any]) -> str:
    """An item of a plan: who leads, who assists, until when. Its words stand beside it."""
    due = timezone.localtime(_moment(value["due"])).date().isoformat()
    helpers = "、".join(labels.unit(unit) for unit in value.get("helpers", ()))
    return " ".join(part for part in (labels.unit(value.get("unit")), f"+ {helpers}" if helpers else "", due) if part)


def _limit_facts(view: CaseView, body: dict[str, Any]) -> list[tuple[str, str]]:
    rule = view.procedure.clocks.get(str(body.get("clock")))
    return [(_("Limit"), said(rule.title) if rule else str(body.get("clock", "")))]


def _tone(view: CaseView, story: Story) -> Tone:
    body = story.entry.body
    if story.entry.kind == "case.limit":
        return "bad"
    move = None if body.get("assignment") else story.move
    if move is not None and move.counts:
        return "warn"
    stage = view.procedure.stages.get(str(body.get("to", "")))
    if stage is not None and stage.end:
        return labels.stage_tone(stage, view.procedure)
    return "progress"


def plain(value: Any) -> str:
    """A recorded input in words: choices, classes, units, places, numbers."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        if {"unit", "due"} <= set(value):
            return _item(value)
        return said(value) if {"zh", "en"} & set(value) else "; ".join(f"{k}: {plain(v)}" for k, v in value.items())
    if isinstance(value, str):
        found = labels.class_by_key(value)
        return labels.class_name(found) if found else value
    if isinstance(value, list | tuple):
        return _listed(list(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _listed(value: list[Any]) -> str:
    is_place = len(value) == 3 and (isinstance(value[0], float) or (value[0] is None and value[1] is None))
    if is_place:
        lon, lat, area = value
        point = f"{lon:.6f}, {lat:.6f}" if lon is not None else ""
        return " · ".join(part for part in (labels.area(area), point) if part)
    if any(isinstance(one, dict) for one in value):
        return "; ".join(plain(one) for one in value)
    units = labels.units()
    return "、".join(labels.unit(one) if isinstance(one, int) and one in units else str(one) for one in value)


def photos(number: str, found: Iterable[PhotoView], alt: str) -> tuple[Photo, ...]:
    """Pictures of a case, for staff who may see it."""
    return tuple(
        Photo(
            f"{reverse('file', args=[one.sha256])}?case={number}",
            f"{reverse('thumb', args=[one.sha256])}?case={number}",
            alt,
        )
        for one in found
    )


def compared(view: CaseView) -> tuple[PhotoSide, ...]:
    """What it looked like before and after: the newest pictures a move asked for under these names; none unless both
    are there."""
    newest = {one.field: told for told in view.story for one in told.photos}
    if not {"before", "after"} <= set(newest):
        return ()
    return tuple(_side(view, newest[field], field) for field in ("before", "after"))


def _side(view: CaseView, told: Story, field: str) -> PhotoSide:
    known = view.procedure
    moves = [*known.moves.values(), *(move for kind in known.kinds.values() for move in kind.moves.values())]
    title = next((said(need.title) for move in moves for need in move.needs if need.key == field), field)
    shown = (one for one in told.photos if one.field == field)
    return PhotoSide(title, told.entry.at, photos(view.row.number, shown, title))


def clock(one: ClockView, now: datetime) -> Clock:
    """A limit as it stands now."""
    limit = labels.limit(one.limit)
    why = _("by the class of the case") if one.why == "catalogue" else ""
    amber = int((one.due_at - one.amber_at).total_seconds()) if one.amber_at else 0
    if one.stopped_at is not None:
        state = "missed" if one.missed else "met"
        return Clock(said(one.title), state, one.due_at, None, amber, limit, why)  # type: ignore[arg-type]
    if one.paused:
        return Clock(said(one.title), "paused", one.due_at, None, amber, limit, why)
    left = int((one.due_at - now).total_seconds())
    return Clock(said(one.title), "running", one.due_at, left, amber, limit, why)


def limits(view: CaseView, now: datetime) -> tuple[LimitLine, ...]:
    """Every limit that runs or ran, oldest first, with what moved it."""
    units = {
        task.key: said({"zh": task.unit_name, "en": task.unit_name_en or task.unit_name}) for task in view.assignments
    }
    return tuple(
        LimitLine(
            clock=clock(one, now),
            of=units.get(one.assignment, ""),
            began=one.started_at,
            ended=one.stopped_at,
            spells=tuple((_moment(begun), _moment(ended) if ended else None) for begun, ended in one.pauses),
            extras=tuple(labels.limit(extra) for extra in one.extras),
        )
        for one in view.clocks
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def proof(view: CaseView) -> LedgerProof:
    """Is the chain of this case whole, and until when is it sealed? One query."""
    found = ledger.proof(f"case:{view.row.id}", [told.entry for told in view.story])
    sealed = _("sealed on %(day)s") % {"day": found.sealed_on} if found.sealed_on else _("to be sealed tonight")
    return LedgerProof(
        entries=found.entries,
        head=found.head,
        intact=found.whole,
        signed_until=sealed,
        href=reverse("desk_proof", args=[view.row.number]),
    )
