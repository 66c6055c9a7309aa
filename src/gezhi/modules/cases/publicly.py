"""Which part of a case's story its reporter reads, at every door: derived from the procedure, not listed by name.

What moved the case on, what the units that do the work did, and what the reporter did; not what the house settles with
itself (who has more time, who is supervised, who appeals), nor limits and looks at personal data.
"""

from __future__ import annotations

from gezhi.engines.procedure import Move
from gezhi.modules.cases.case_views import CaseView, Story
from gezhi.modules.cases.standings import working_kinds

BEGINNINGS = frozenset({"case.reported", "case.history"})


def public_story(view: CaseView) -> tuple[Story, ...]:
    """The entries that concern the reporter, oldest first."""
    return tuple(story for story in view.story if _is_public(view, story))


def is_the_reporters(view: CaseView, move: Move) -> bool:
    """Is it a move that only the reporter makes?"""
    duties = (view.procedure.duties[duty] for duty in move.by if duty in view.procedure.duties)
    return any(holder.reporter and not holder.posts for duty in duties for holder in duty.holders)


def _is_public(view: CaseView, story: Story) -> bool:
    if story.entry.kind in BEGINNINGS:
        return True
    move = story.move
    if move is None:
        return False
    if move.kind is not None:
        return move.kind in working_kinds(view.procedure) and not move.aside
    return move.target is not None or is_the_reporters(view, move)
