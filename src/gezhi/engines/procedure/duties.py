"""Who may: does an actor hold a duty for this case, and has the same hand done what must be kept apart?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gezhi.engines.procedure.model import CLOCK, Holder, Move, Procedure, Text
from gezhi.engines.procedure.refusals import Refusal
from gezhi.engines.procedure.state import Actor, Facts, Post, State


def duty_for(
    procedure: Procedure, state: State, move: Move, actor: Actor, facts: Facts, unit: int | None
) -> str | Refusal:
    """The duty the actor would make this move with, or why not.

    The first duty in `by` that the actor holds and that nothing already done keeps apart. `unit` is the organisation of
    the assignment the move is about.
    """
    held = [duty for duty in move.by if holds_duty(procedure, duty, actor, facts, unit)]
    if not held:
        if move.automatic:
            return Refusal("not_yours", "automatic", {"move": move.title})
        if move.by == (CLOCK,):
            return Refusal("not_yours", "clock", {"move": move.title})
        if ranked := _rank_lacking(procedure, move, actor, facts, unit):
            return ranked
        return Refusal("not_yours", "not_yours", {"move": move.title, "duty": _titles(procedure, move.by)})
    barred: Refusal | None = None
    for duty in held:
        done = [other for other in procedure.separated.get(duty, ()) if actor.ref in state.hands.get(other, ())]
        if not done:
            return duty
        params = {"done": _titles(procedure, done), "duty": procedure.duties[duty].title, "move": move.title}
        barred = barred or Refusal("apart", "apart", params)
    assert barred is not None  # noqa: S101 — the loop ran at least once
    return barred


def _rank_lacking(procedure: Procedure, move: Move, actor: Actor, facts: Facts, unit: int | None) -> Refusal | None:
    """Somebody who fits in all but the rank is told which rank it takes."""
    for duty in (procedure.duties[name] for name in move.by if name != CLOCK):
        for holder in (h for h in duty.holders if h.rank_at_least):
            same = replace(holder, rank_at_least=None)
            posts = [p for p in actor.posts if _fits(same, p, facts, unit, tuple(procedure.ranks))]
            if posts and holder.rank_at_least:
                needs = holder.rank_at_least.resolve(facts.values)
                have = procedure.ranks.get(posts[0].rank or "", {"zh": "无", "en": "none"})
                params = {"move": move.title, "needs": procedure.ranks.get(needs, {"en": needs}), "have": have}
                return Refusal("not_yours", "rank", params)
    return None


def holds_duty(procedure: Procedure, duty: str, actor: Actor, facts: Facts, unit: int | None) -> bool:
    """Does the actor hold this duty for this case (and this assignment's unit)?"""
    if duty == CLOCK:
        return actor.ref == CLOCK
    ranks = tuple(procedure.ranks)
    return any(_holds(holder, actor, facts, unit, ranks) for holder in procedure.duties[duty].holders)


def _holds(holder: Holder, actor: Actor, facts: Facts, unit: int | None, ranks: Sequence[str]) -> bool:
    if holder.clock and actor.ref != CLOCK:
        return False
    if holder.reporter and (facts.reporter is None or actor.ref != facts.reporter):
        return False
    if not (holder.posts or holder.member_of or holder.rank_at_least):
        return True
    return any(_fits(holder, post, facts, unit, ranks) for post in actor.posts)


def _fits(holder: Holder, post: Post, facts: Facts, unit: int | None, ranks: Sequence[str]) -> bool:
    """Does one post fulfil every part of the holder?"""
    if holder.posts and post.post not in holder.posts:
        return False
    for reference in (holder.of, holder.member_of):
        if reference and (post.organisation is None or post.organisation != _organisation(reference, facts, unit)):
            return False
    if holder.responsible_for and (post.area is None or post.area != _grid(holder.responsible_for, facts)):
        return False
    if holder.over and (post.area is None or post.area not in _areas(holder.over, facts)):
        return False
    if holder.rank_at_least:
        least = holder.rank_at_least.resolve(facts.values)
        return post.rank in ranks and ranks.index(post.rank) >= ranks.index(least)
    return True


def _organisation(reference: str, facts: Facts, unit: int | None) -> Any:
    if reference == "centre":
        return facts.centre
    return unit if reference == "assignment.unit" else _fact(reference, facts)


def _grid(reference: str, facts: Facts) -> Any:
    return facts.grid if reference == "case.grid" else _fact(reference, facts)


def _areas(reference: str, facts: Facts) -> Any:
    return facts.areas if reference == "case.area" else (_fact(reference, facts) or ())


def _fact(reference: str, facts: Facts) -> Any:
    return facts.values.get("case", {}).get(reference.partition(".")[2])


def _titles(procedure: Procedure, duties: Sequence[str]) -> Text:
    """The titles of several duties as one text, in the languages all of them have."""
    titles: list[Mapping[str, str]] = [procedure.duties[d].title for d in duties if d in procedure.duties]
    if len(titles) == 1:
        return titles[0]
    joiner = {"zh": "、", "en": " / "}
    langs = [lang for lang in titles[0] if all(lang in t for t in titles)]
    return {lang: joiner.get(lang, " / ").join(t[lang] for t in titles) for lang in langs}
