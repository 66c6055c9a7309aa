"""Judging a procedure before anybody lives by it.

`load` has settled that all names exist. `lint` asks whether the thing works: it walks through every state a case can
get into (with one or two units per task round, every condition assumed open, see `walk`), and looks at clocks, duties
and conditions one by one. A procedure without problems never leaves a case without a way on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gezhi.engines.procedure.lint_clocks import clock_problems
from gezhi.engines.procedure.load_duties import kept_apart
from gezhi.engines.procedure.model import CLOCK, Condition, Duty, Move, Path, Problem, Procedure
from gezhi.engines.procedure.walk import Walk, walk

SPACES = ("case", "inputs", "counts", "settings", "switches", "assignment", "now")
"""The namespaces a condition may read."""


def lint(
    procedure: Procedure,
    *,
    posts: Collection[str] | None = None,
    single_posts: Collection[str] = (),
    lists: Collection[str] | None = None,
    texts: Collection[str] | None = None,
    effects: Collection[str] | None = None,
    facts: Collection[str] | None = None,
) -> list[Problem]:
    """Everything wrong with the procedure, in document order of the checks; empty when it may be used.

    What the profile knows is optional: `posts` (keys of post kinds), `single_posts` (those only one person holds at a
    time), `lists` (names of choice lists), `texts` (keys of its public texts), `effects` (what `does` may say), `facts`
    (names the caller gives in `case`).
    """
    found = [
        *_flow(procedure),
        *clock_problems(procedure),
        *_hands(procedure, single_posts),
        *_posts(procedure, posts),
        *_conditions(procedure, facts),
        *_words(procedure, lists, texts, effects),
    ]
    where = procedure.where
    return [Problem(path, sentence, where(path) if where else None) for path, sentence in found]


_Found = tuple[Path, str]


def _flow(procedure: Procedure) -> Iterator[_Found]:
    """Dead ends, stages never reached, moves never possible, circles."""
    if not any(stage.end for stage in procedure.stages.values()):
        yield ("stages",), "No stage is an end, so no case could ever be finished."
    seen: Walk = walk(procedure)
    for stage in procedure.stages.values():
        if stage.key not in seen.stages:
            yield ("stages", stage.key), f"The stage “{stage.key}” is never reached."
        elif stage.key in seen.circles:
            yield ("stages", stage.key), f"At “{stage.key}”, moves that follow by themselves go round in a circle."
        elif stage.key in seen.dead:
            yield ("stages", stage.key), f"From “{stage.key}”{_tasks(seen.dead[stage.key])} no way leads to an end."
    if seen.too_many:
        yield ("stages",), "There are too many states to look at; dead ends were not looked for."
    for kind in procedure.kinds.values():
        for stage in kind.stages.values():
            path: Path = ("assignments", kind.key, "stages", stage.key)
            if (kind.key, stage.key) not in seen.task_stages and stage.key != kind.when_left:
                yield path, f"The stage “{stage.key}” is never reached."
            elif (kind.key, stage.key) in seen.stuck:
                yield path, f"From “{stage.key}” no move of the task leads to an end."
    for move in procedure.every_move():
        if (move.kind, move.key) not in seen.moves:
            yield move.path, f"The move “{move.key}” can never be made."


def _tasks(tasks: tuple[str, ...]) -> str:
    return f" with its tasks at {', '.join(tasks)}" if tasks else ""


def _hands(procedure: Procedure, single: Collection[str]) -> Iterator[_Found]:
    """Separated duties that one move, or one single holder, would put in one hand."""
    for index, (one, other) in enumerate(kept_apart(procedure)):
        for move in procedure.every_move():
            if one in move.by and other in move.by:
                sentence = f"“{move.key}” may be made with “{one}” or “{other}”, which are to be kept apart."
                yield (*move.path, "by"), sentence
        if _one_person(procedure.duties[one], procedure.duties[other], single):
            sentence = f"“{one}” and “{other}” are to be kept apart, but only one and the same person can hold them."
            yield ("apart", index) if index < len(procedure.apart) else ("duties", other, "power"), sentence


def _one_person(one: Duty, other: Duty, single: Collection[str]) -> bool:
    """Do both duties always fall to one person: the reporter, or the only holder of the same single post?"""
    if all(h.reporter for d in (one, other) for h in d.holders):
        return True
    holders = {h for d in (one, other) for h in ((h.posts, h.of, h.responsible_for, h.over) for h in d.holders)}
    posts = [h.posts for d in (one, other) for h in d.holders]
    return len(holders) == 1 and len(posts[0]) == 1 and posts[0][0] in single


def _posts(procedure: Procedure, posts: Collection[str] | None) -> Iterator[_Found]:
    """Posts nobody has, duties and moves that therefore fall to nobody, duties no move uses."""
    used = {duty for move in procedure.every_move() for duty in move.by}
    used |= {duty for clock in procedure.clocks.values() for alarm in clock.alarms for duty in alarm.notify}
    nobody: set[str] = set()
    for duty in procedure.duties.values():
        missing = [p for h in duty.holders for p in h.posts if posts is not None and p not in posts]
        for post in dict.fromkeys(missing):
            yield ("duties", duty.key), f"The post “{post}” of the duty “{duty.key}” is not defined."
        if all(h.posts and all(p in missing for p in h.posts) for h in duty.holders):
            nobody.add(duty.key)
        if duty.key not in used:
            yield ("duties", duty.key), f"The duty “{duty.key}” is used by no move and no clock."
    for move in procedure.every_move():
        if move.by and nobody.issuperset(move.by):
            yield (*move.path, "by"), f"Nobody can make the move “{move.key}”: no post holds its duty."
        yield from _reach(procedure, move)


def _reach(procedure: Procedure, move: Move) -> Iterator[_Found]:
    """A move of the case cannot belong to the unit of an assignment: it would not know which."""
    if move.kind is not None:
        return
    for name in move.by:
        holders = procedure.duties[name].holders if name != CLOCK else ()
        if holders and all("assignment.unit" in h.references() for h in holders):
            sentence = (
                f"Nobody can make the move “{move.key}”: “{name}” belongs to the unit of a task, and this is none."
            )
            yield (*move.path, "by"), sentence


def _conditions(procedure: Procedure, facts: Collection[str] | None) -> Iterator[_Found]:
    """Namespaces and facts a condition reads that nobody gives."""
    for move in procedure.every_move():
        inputs = {need.key for need in move.needs}
        known: dict[str, Collection[str] | None] = {
            "case": None if facts is None else {*facts, *procedure.recorded},
            "inputs": inputs,
            "counts": procedure.counted,
            "settings": procedure.settings,
            "assignment": ("unit", "lead", "round", "stage") if move.kind else (),
        }
        for condition in (*move.when, *(o.when for o in move.opens if o.when is not None)):
            yield from _unknown(move, condition, known)


def _unknown(move: Move, condition: Condition, known: dict[str, Collection[str] | None]) -> Iterator[_Found]:
    for space, names in condition.reads:
        if space not in SPACES:
            offered = ", ".join(SPACES)
            yield (*move.path, "when"), f"“{condition.expression}” reads “{space}”; a condition may read {offered}."
        for name in names or ():
            given = known.get(space)
            if given is not None and name not in given:
                yield (*move.path, "when"), f"“{condition.expression}” reads “{space}.{name}”, which nobody gives."


def _words(
    procedure: Procedure,
    lists: Collection[str] | None,
    texts: Collection[str] | None,
    effects: Collection[str] | None,
) -> Iterator[_Found]:
    """Choice lists, texts and effects that are not known."""
    for move in procedure.every_move():
        for need in move.needs:
            if lists is not None and need.list_name and need.list_name not in lists:
                yield (*move.path, "needs", need.key), f"The list “{need.list_name}” is not defined."
        if texts is not None and move.message and move.message not in texts:
            yield (*move.path, "message"), f"The text “{move.message}” is not defined."
        for effect in move.does if effects is not None else ():
            if effect not in (effects or ()):
                yield (*move.path, "does"), f"The effect “{effect}” is not known."
