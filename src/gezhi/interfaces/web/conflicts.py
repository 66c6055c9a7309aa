"""Two people wrote on the same case: the second sees both versions, what has happened since and what they were about to
send, and decides again. Nothing is written over, nothing that was typed is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gezhi.engines.procedure import Need
from gezhi.interfaces.web import case_story, labels
from gezhi.interfaces.web.case_moves import Outcome, about_case, form_key
from gezhi.interfaces.web.case_screens import Conflict
from gezhi.interfaces.web.need_fields import fields
from gezhi.interfaces.web.parts import Field
from gezhi.interfaces.web.screens import Move
from gezhi.lib.texts import said
from gezhi.modules.cases.queries import CaseView, Story


def block(view: CaseView, outcome: Outcome, moves: tuple[Move, ...], names: Mapping[str, str]) -> Conflict | None:
    """Both versions, where the refusal was that somebody else was faster; else None."""
    if outcome.refusal is None or not outcome.conflict:
        return None
    again = next((move for move in moves if move.form.key == outcome.form), None)
    title, needs = _tried(view, outcome.form)
    since = case_story.told(view, _since(view, outcome.seen), names)
    if again is not None:
        submit = _("Send it again: %(move)s") % {"move": again.title}
        again = replace(again, form=replace(again.form, submit=submit))
    sentence = outcome.refusal.sentence
    return Conflict(sentence, since, _mine(view, outcome, needs), again.title if again else title, again)


def _since(view: CaseView, seen: int | None) -> tuple[Story, ...]:
    """The entries after the one that made the revision that was seen."""
    if seen is None:
        return view.story[-1:]
    newer = (n for n, told in enumerate(view.story) if int(told.entry.body.get("revision", 0)) > seen)
    return view.story[next(newer, len(view.story)) :]


def _tried(view: CaseView, form: str) -> tuple[str, tuple[Need, ...]]:
    """The title and needs of the move a form belongs to, also where it is no longer open."""
    for move in view.procedure.moves.values():
        if form == form_key(move.key, None):
            return said(move.title), move.needs
    for task in view.assignments:
        for move in view.procedure.kinds[task.kind].moves.values():
            if form == form_key(move.key, task.key):
                return said(move.title), move.needs
    return "", ()


def _mine(view: CaseView, outcome: Outcome, needs: tuple[Need, ...]) -> tuple[tuple[str, str], ...]:
    """What was about to be sent, field by field, in words."""
    shown = [(one, _shown(one)) for one in fields(about_case(view, ()), outcome.form, needs, outcome.given)]
    typed = {name for name, values in outcome.given.values.items() if any(values)}
    told = [(one.label, words) for one, words in shown if words and (one.name in typed or one.kind in _OWN_NAMES)]
    for name, (_token, count) in outcome.given.kept.items():
        label = next((said(need.title) for need in needs if need.key == name), name)
        told.append((label, ngettext("%(n)d photo", "%(n)d photos", count) % {"n": count}))
    return tuple(told)


_OWN_NAMES = {"items", "place", "scores"}


def _shown(field: Field) -> str:
    """A field's value as somebody reads it."""
    if field.kind in {"hidden", "photos", "here"}:
        return ""
    if field.kind == "scores":
        lines = ((unit, [cell.value for cell in cells]) for unit, cells in field.cells)
        return "; ".join(f"{unit} {' + '.join(map(str, values))}" for unit, values in lines if any(values))
    if field.kind == "items":
        units = {choice.value: choice.label for choice in field.choices}
        rows = (" ".join(part for part in (what, units.get(unit, ""), due) if part) for what, unit, due in field.rows)
        return "; ".join(row for row in rows if row)
    if field.kind == "place":
        area = field.extra.get("area", "")
        known = labels.area(int(area)) if area.isdigit() else ""
        return " ".join(part for part in (known, field.extra.get("address", "")) if part)
    labelled = {choice.value: choice.label for choice in field.choices}
    return "、".join(labelled.get(value, value) for value in field.values if value)[:2000]
