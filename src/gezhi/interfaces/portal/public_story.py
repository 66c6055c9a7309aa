"""The story of a case as its reporter may read it: stages passed and to come, units, and what concerns the result.

Which entries these are, the room of cases says (`cases.publicly`). Of their words and photos, those of moves that end
the case are public, and of those by which a unit hands in its work with photos; all else that staff write stays in the
house.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from gezhi.engines import procedure as engine
from gezhi.engines.procedure import Move
from gezhi.interfaces.portal.screens import PublicStep
from gezhi.interfaces.web import labels, pictures
from gezhi.interfaces.web.parts import Photo
from gezhi.lib.texts import said
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import CaseView, Story


def steps(view: CaseView) -> tuple[PublicStep, ...]:
    """Oldest first: what happened, where it stands, what is to come."""
    shown = [_step(view, story) for story in cases.public_story(view)]
    ended = view.procedure.stages[view.row.stage].end
    if ended:
        return tuple(shown)
    here = PublicStep(said(view.stage), done=True, now=True)
    ahead = [PublicStep(said(stage.title), done=False) for stage in _ahead(view)]
    return (*shown, here, *ahead)


def _step(view: CaseView, story: Story) -> PublicStep:
    move = story.move
    if move is None:  # how it came in
        return PublicStep(said(story.title), story.entry.at)
    words, photos = _published(view, story, move)
    return PublicStep(said(story.title), story.entry.at, _unit(view, story), words, photos)


def _is_result(view: CaseView, move: Move) -> bool:
    """Does it end the case, or hand in a unit's work with photos?"""
    if move.kind is None:
        return move.target is not None and view.procedure.stages[move.target].end
    return any(need.kind == "photo" for need in move.needs)


def _published(view: CaseView, story: Story, move: Move) -> tuple[str, tuple[Photo, ...]]:
    if not _is_result(view, move):
        return "", ()
    words = "\n".join(text for _field, text in story.words)
    alt = _("Photo: %(step)s") % {"step": said(story.title)}
    return words, tuple(pictures.public_photo(one, alt) for one in story.photos)


def _unit(view: CaseView, story: Story) -> str:
    """The unit whose task it was."""
    key = story.entry.body.get("assignment")
    task = next((a for a in view.assignments if a.key == key), None) if key else None
    return said({"zh": task.unit_name, "en": task.unit_name_en or task.unit_name}) if task else ""


def result(view: CaseView) -> tuple[str, tuple[Photo, ...]]:
    """What was done, in the words and photos of the last unit that handed in its work; only once the case has ended.

    Where nobody showed a photo (a report rejected, a past imported), the words with which it was ended.
    """
    if not view.procedure.stages[view.row.stage].end:
        return "", ()
    told = []
    for story in reversed(view.story):
        move = story.move
        if move is not None and _is_result(view, move) and not cases.is_the_reporters(view, move):
            told.append(_published(view, story, move))
    shown = [one for one in told if one[1]] or [one for one in told if one[0]]
    return shown[0] if shown else ("", ())


def _ahead(view: CaseView) -> list[engine.Stage]:
    """The stages on the straight way from here to the good end (the first end of the document).

    Detours are left out: moves that nobody waits for, those of the clock, and stages from which one gets to that end
    only by going back.
    """
    procedure = view.procedure
    order = {key: n for n, key in enumerate(procedure.stages)}
    good = next((key for key, stage in procedure.stages.items() if stage.end), "")

    def onward(key: str) -> list[str]:
        moves = (m for m in procedure.moves.values() if key in m.sources and not m.aside and m.by != (engine.CLOCK,))
        found = {m.target for m in moves if m.target and order[m.target] > order[key]}
        return [good] if good in found else sorted(found, key=order.__getitem__)

    def arrives(key: str) -> bool:
        return key == good or any(arrives(target) for target in onward(key))

    line, here = [], view.row.stage
    while not procedure.stages[here].end and (ahead := [target for target in onward(here) if arrives(target)]):
        here = ahead[0]
        line.append(procedure.stages[here])
    return line


def next_steps(view: CaseView) -> tuple[tuple[str, str], ...]:
    """What happens next: where it stands and each stage on its way, and how long it may take."""
    found = []
    for stage in (view.procedure.stages[view.row.stage], *_ahead(view)):
        if stage.end:
            found.append((said(stage.title), _("You see the result here and can rate it.")))
            continue
        clock = next((view.procedure.clocks[c] for c in stage.clocks if c in view.procedure.clocks), None)
        found.append((said(stage.title), _limit(view, clock) if clock else ""))
    return tuple(found)


def _limit(view: CaseView, clock: engine.Clock) -> str:
    word = clock.limit.otherwise
    if word == "catalogue":
        klass = labels.class_by_key(view.row.klass.key) if view.row.klass else None
        if klass is None:
            return _("The limit depends on the kind of problem.")
        word = klass.limit
    return _("within %(limit)s") % {"limit": labels.limit(word)}
