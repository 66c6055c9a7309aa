"""The tasks of a case: who works on what, how far each has come, who took which step and when.

A kind with many tasks (a whistle's summonses, the items of a plan) is a table, its columns the steps that the kind's
own procedure leads through; what somebody may do by a button alone stands in its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.engines import procedure as engine
from gezhi.interfaces.web import case_story, labels
from gezhi.interfaces.web.case_screens import AssignmentLine, TaskGroup, TaskStep
from gezhi.interfaces.web.parts import Badge, Form, Tone
from gezhi.interfaces.web.screens import Move
from gezhi.lib.texts import said
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import AssignmentView, CaseView, Story
from gezhi.modules.ledger.queries import EntryView
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import Responsible

FEW = 2  # so many tasks of a kind stand as a short list at the side


@dataclass(frozen=True, slots=True)
class _Told:
    """What the lines are told from: names by reference, tenures of those who acted, scores by unit, forms by task."""

    view: CaseView
    now: datetime
    names: Mapping[str, str]
    tenures: Mapping[int, list[Responsible]]
    scores: Mapping[int, cases.Scored]
    acts: Mapping[str, tuple[Form, ...]]


def groups(view: CaseView, names: Mapping[str, str], moves: Iterable[Move], now: datetime) -> tuple[TaskGroup, ...]:
    """The tasks by kind. No query; one where the procedure knows ranks, one more where it gives scores."""
    if not view.assignments:
        return ()
    told = _Told(view, now, names, _tenures(view), _scores(view), _by_button(view, moves))
    kinds = dict.fromkeys(task.kind for task in view.assignments)
    return tuple(_group(told, view.procedure.kinds[key]) for key in kinds)


def is_wide(view: CaseView, kind: str) -> bool:
    """Is this kind of task shown as a table?"""
    tasks = [task for task in view.assignments if task.kind == kind]
    return len(tasks) > FEW or any(task.what for task in tasks)


def in_rows(view: CaseView, moves: Iterable[Move]) -> frozenset[str]:
    """The ids of the forms that stand in the rows of a table, not among the moves: nothing to fill in but a button."""
    return frozenset(form.key for forms in _by_button(view, moves).values() for form in forms)


def _by_button(view: CaseView, moves: Iterable[Move]) -> dict[str, tuple[Form, ...]]:
    kinds = {task.key: task.kind for task in view.assignments}
    found: dict[str, tuple[Form, ...]] = {}
    for move in moves:
        task = next((str(f.value) for f in move.form.fields if f.name == "assignment"), "")
        bare = all(field.kind == "hidden" for field in move.form.fields)
        if task and bare and not move.message and not move.form.problem and is_wide(view, kinds.get(task, "")):
            found[task] = (*found.get(task, ()), move.form)
    return found


def _tenures(view: CaseView) -> Mapping[int, list[Responsible]]:
    """Where ranks matter: what those who acted on tasks held, by account. One query."""
    if not view.procedure.ranks:
        return {}
    acted = {labels.number_of(told.entry.by) for told in view.story if told.entry.body.get("assignment")} - {None}
    found: dict[int, list[Responsible]] = {}
    for one in territory.held(accounts=[n for n in acted if n is not None]) if acted else ():
        found.setdefault(one.account, []).append(one)
    return found


def _scores(view: CaseView) -> Mapping[int, cases.Scored]:
    if not any(need.kind == "scores" for move in view.procedure.moves.values() for need in move.needs):
        return {}
    return {one.unit: one for one in cases.scores(view.row.id)}


def _group(told: _Told, kind: engine.Kind) -> TaskGroup:
    tasks = [task for task in told.view.assignments if task.kind == kind.key]
    road = _road(kind)
    return TaskGroup(
        key=kind.key,
        title=said(kind.title),
        lines=tuple(_line(told, task, kind, road) for task in tasks),
        columns=tuple(said(move.title) for move in road.values()),
        wide=is_wide(told.view, kind.key),
    )


def _road(kind: engine.Kind) -> dict[str, engine.Move]:
    """The stages a task comes to by somebody's hand, each with the move that leads there."""
    order = list(kind.stages)
    reached: dict[str, engine.Move] = {}
    for n, stage in enumerate(order[1:], 1):
        leading = [
            move
            for move in kind.moves.values()
            if move.target == stage
            and not move.aside
            and move.by != (engine.CLOCK,)
            and any(order.index(source) < n for source in move.sources)
        ]
        straight = (move for move in leading if order[n - 1] in move.sources)
        if leading:
            reached[stage] = next(straight, leading[0])
    return reached


def _line(told: _Told, task: AssignmentView, kind: engine.Kind, road: Mapping[str, engine.Move]) -> AssignmentLine:
    running = [c for c in told.view.clocks if c.assignment == task.key and c.stopped_at is None]
    score = told.scores.get(task.unit) if task.unit is not None else None
    return AssignmentLine(
        unit=said({"zh": task.unit_name, "en": task.unit_name_en or task.unit_name}) or said(task.kind_title),
        stage=Badge(said(task.stage_title), _tone(told.view, task, kind)),
        lead=task.lead,
        round=task.round,
        clock=case_story.clock(min(running, key=lambda c: c.due_at), told.now) if running else None,
        what=task.what,
        helpers="、".join(labels.unit(unit) for unit in task.helpers),
        steps=_steps(told, task, kind, road),
        score=str(score.points) if score else "",
        score_note=_score_note(score) if score else "",
        acts=told.acts.get(task.key, ()),
    )


def _tone(view: CaseView, task: AssignmentView, kind: engine.Kind) -> Tone:
    missed = any(m.by == (engine.CLOCK,) and m.due and m.target == task.stage for m in kind.moves.values())
    if missed or any(c.missed and c.stopped_at is None for c in view.clocks if c.assignment == task.key):
        return "bad"
    if not task.ended:
        return "progress"
    return "good" if task.stage == next(s.key for s in kind.stages.values() if s.end) else "plain"


def _score_note(score: cases.Scored) -> str:
    parts = " + ".join(str(part) for part in score.parts)
    if score.corrected is None:
        return parts
    return _("%(parts)s, before the objection %(sum)d") % {"parts": parts, "sum": sum(score.corrected)}


def _steps(
    told: _Told, task: AssignmentView, kind: engine.Kind, road: Mapping[str, engine.Move]
) -> tuple[TaskStep | None, ...]:
    """The last time the task came to each stage of the road, save those it has been sent back from since."""
    order = list(kind.stages)
    came: dict[str, Story] = {}
    for story in told.view.story:
        body = story.entry.body
        move = kind.moves.get(str(body.get("move", ""))) if body.get("assignment") == task.key else None
        if move is None or move.target is None:
            continue
        if order.index(move.target) < max((order.index(s) for s in came), default=-1):
            came = {s: one for s, one in came.items() if order.index(s) <= order.index(move.target)}
            came.setdefault(move.target, story)
        else:
            came[move.target] = story
    here = order.index(task.stage)
    return tuple(_step(told, came[s]) if s in came and order.index(s) <= here else None for s in road)


def _step(told: _Told, story: Story) -> TaskStep:
    return TaskStep(said(story.title), story.entry.at, told.names.get(story.entry.by, ""), _rank(told, story.entry))


def _rank(told: _Told, entry: EntryView) -> str:
    number = labels.number_of(entry.by)
    day: date = timezone.localtime(entry.at).date()
    held = told.tenures.get(number, []) if number is not None else []
    ranks = [one.rank for one in held if one.rank and one.since <= day and (one.until is None or day < one.until)]
    known = told.view.procedure.ranks
    best = max((rank for rank in ranks if rank in known), key=list(known).index, default="")
    return said(known[best]) if best else ""
