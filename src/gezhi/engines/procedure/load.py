"""Reading a procedure document (a mapping, as YAML gives it) into a `Procedure`.

Reading settles shape and names: every key known, every duty, clock, stage and kind that is named also defined, every
condition compiled. Whether the procedure makes sense as a way through life is for `lint`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gezhi.engines.procedure.load_moves import MoveReader
from gezhi.engines.procedure.model import (
    CLOCK,
    Clock,
    Duty,
    Graded,
    Holder,
    Kind,
    Path,
    Procedure,
    ProcedureError,
    Stage,
    Where,
)
from gezhi.engines.procedure.needs import Lists
from gezhi.engines.procedure.reading import Reader

PARTS = (
    "procedure", "version", "title", "basis", "clause", "note", "settings", "ranks", "duties", "apart", "clocks",
    "stages", "moves", "assignments",
)  # fmt: skip
_DUTY = ("post", "of", "member_of", "responsible_for", "over", "rank_at_least", "reporter", "clock", "same_as")
_TITLE = ("zh", "en", "clause", "note")
_LIMIT = re.compile(r"^(\d+(?:\.\d+)?) (min|hour|work_hour|urgent_hour|work_day|natural_day)(s?)$")


def load(doc: Mapping[str, Any], *, where: Where | None = None, lists: Lists | None = None) -> Procedure:
    """Read a document.

    `where` maps a path to file, line and column for the problems; `lists` are the profile's named choice lists.
    Raises ProcedureError with every problem found.
    """
    reader = Reader(where)
    found = reader.mapping(doc, (), "A procedure", PARTS)
    for part in ("procedure", "duties", "stages", "moves"):
        if part not in found:
            reader.wrong((), f"A procedure needs “{part}”.")
    duties = _duties(reader, found.get("duties", {}))
    clocks = _clocks(reader, found.get("clocks") or {}, duties)
    kinds = _kind_stages(reader, found.get("assignments") or {}, clocks)
    stages = _stages(reader, found.get("stages", {}), ("stages",), clocks, kinds)
    moves = MoveReader(reader, duties, clocks, stages, kinds, lists)
    kinds = {key: replace(kind, moves=moves.of_kind(kind, found["assignments"][key])) for key, kind in kinds.items()}
    moves.kinds = kinds
    procedure = Procedure(
        name=reader.word(found.get("procedure", "?"), ("procedure",), "The name of the procedure"),
        version=reader.count(found.get("version", 1), ("version",), "The version"),
        title=reader.text(found.get("title", found.get("procedure", "?")), ("title",), "The title"),
        basis=str(found.get("basis") or ""),
        clause=reader.words(found.get("clause"), ("clause",), "A clause"),
        settings=reader.mapping(found.get("settings") or {}, ("settings",), "The settings"),
        ranks=reader.words(found.get("ranks"), ("ranks",), "A rank"),
        duties=duties,
        apart=_apart(reader, found.get("apart"), duties),
        clocks=clocks,
        stages=stages,
        moves=moves.of_case(found.get("moves", {})),
        kinds=kinds,
        where=where,
    )
    _check_ranks(reader, procedure)
    if reader.problems:
        raise ProcedureError(reader.problems)
    return _indexed(procedure)


def _duties(reader: Reader, value: Any) -> dict[str, Duty]:
    found = reader.named(value, ("duties",), "“duties”")
    if CLOCK in found:
        reader.wrong(("duties", CLOCK), "“clock” is the duty of time itself and cannot be defined.")
    duties: dict[str, Duty] = {}
    same: dict[str, str] = {}
    for key, spec in found.items():
        path: Path = ("duties", key)
        own = spec if isinstance(spec, Mapping) else {}
        title = reader.title(key, own, path)
        if isinstance(spec, list):
            holders = tuple(_holder(reader, item, (*path, i)) for i, item in enumerate(spec))
        elif "any" in own:
            reader.mapping(own, path, "A duty", ("any", *_TITLE))
            listed = own["any"] if isinstance(own["any"], list) else [own["any"]]
            holders = tuple(_holder(reader, item, (*path, "any", i)) for i, item in enumerate(listed))
        else:
            holders = (_holder(reader, spec, path),)
            if "same_as" in own:
                same[key] = str(own["same_as"])
        if not holders:
            reader.wrong(path, f"The duty “{key}” has nobody to hold it.")
        duties[key] = Duty(key, title, holders)
    for key, other in same.items():
        if other not in duties or other in same:
            reader.wrong(("duties", key, "same_as"), f"“{other}” is not a duty that “{key}” could be the same as.")
        else:
            duties[key] = replace(duties[key], holders=duties[other].holders)
    return duties


def _holder(reader: Reader, value: Any, path: Path) -> Holder:
    found = reader.mapping(value, path, "A duty", (*_DUTY, *_TITLE))
    if "same_as" in found:
        if len(set(found) - set(_TITLE)) > 1:
            reader.wrong(path, "“same_as” stands alone: the duty is held by the very same people.")
        return Holder()
    fixed = {"of": ("centre", "assignment", "case"), "member_of": ("centre", "assignment", "case")}
    refs: dict[str, str | None] = {}
    for name in ("of", "member_of", "responsible_for", "over"):
        refs[name] = None
        if name in found:
            refs[name] = reader.word(found[name], (*path, name), f"“{name}”")
            _check_reference(reader, refs[name] or "", (*path, name), fixed.get(name, ("case",)))
    ranked = "rank_at_least" in found
    holder = Holder(
        posts=reader.words(found.get("post"), (*path, "post"), "A post"),
        rank_at_least=reader.graded(found["rank_at_least"], (*path, "rank_at_least"), "A rank") if ranked else None,
        reporter=reader.flag(found.get("reporter"), (*path, "reporter"), "“reporter”"),
        clock=reader.flag(found.get("clock"), (*path, "clock"), "“clock”"),
        **refs,
    )
    if holder == Holder():
        reader.wrong(path, "A duty must say who holds it: by post, member_of, reporter or clock.")
    if (holder.of or holder.responsible_for or holder.over) and not holder.posts:
        reader.wrong(path, "“of”, “responsible_for” and “over” go with a post; say which in “post”.")
    return holder


def _check_reference(reader: Reader, reference: str, path: Path, spaces: tuple[str, ...]) -> None:
    space, _, name = reference.partition(".")
    right = reference in ("centre", "assignment.unit") or (space == "case" and bool(name))
    if not right or space not in spaces:
        offered = {"centre": "centre", "assignment": "assignment.unit", "case": "case.NAME"}
        listed = " or ".join(offered[s] for s in spaces)
        reader.wrong(path, f"“{reference}” is not something of the case; write {listed}.")


def _apart(reader: Reader, value: Any, duties: Mapping[str, Duty]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for index, item in enumerate(value if isinstance(value, list) else [value] if value else []):
        pair = reader.words(item, ("apart", index), "A duty") if isinstance(item, list) else ()
        if len(pair) != 2 or pair[0] == pair[1]:
            reader.wrong(("apart", index), "“apart” lists pairs of two different duties, such as [handle, check].")
            continue
        for place, duty in enumerate(pair):
            if duty not in duties:
                reader.wrong(("apart", index, place), f"The duty “{duty}” is not defined.")
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def _clocks(reader: Reader, value: Any, duties: Mapping[str, Duty]) -> dict[str, Clock]:
    clocks: dict[str, Clock] = {}
    for key, spec in (reader.named(value, ("clocks",), "“clocks”") if value else {}).items():
        path: Path = ("clocks", key)
        found = reader.mapping(spec, path, "A clock", ("limit", "running", "amber", "on_due", *_TITLE))
        running = found.get("running", "natural")
        if running not in ("natural", "shifts"):
            reader.wrong((*path, "running"), "A clock runs “natural” (round the clock) or in “shifts”.")
        notify, on_due = _on_due(reader, found.get("on_due"), (*path, "on_due"), duties)
        clocks[key] = Clock(
            key, reader.title(key, found, path), _limit(reader, found.get("limit"), (*path, "limit")), str(running),
            _percent(reader, found.get("amber"), (*path, "amber")), notify, on_due,
        )  # fmt: skip
    return clocks


def _limit(reader: Reader, value: Any, path: Path) -> Graded:
    graded = reader.graded(value, path, "A limit")
    if value is None:
        return graded

    def plain(words: str) -> str:
        match = _LIMIT.match(words)
        if match is None and words != "catalogue":
            reader.wrong(path, f"“{words}” is no limit; write an amount and a unit, such as 15 min or 2 work_hours.")
        return words if match is None or match[2] == "min" or match[3] else words + "s"

    return Graded(plain(graded.otherwise), graded.fact, {key: plain(words) for key, words in graded.table.items()})


def _percent(reader: Reader, value: Any, path: Path) -> int | None:
    if value is None:
        return None
    match = re.match(r"^(\d{1,2}) ?%$", str(value))
    if match is None or int(match[1]) == 0:
        reader.wrong(path, "“amber” is a percentage of the limit, such as 70 %.")
        return None
    return int(match[1])


def _on_due(reader: Reader, value: Any, path: Path, duties: Mapping[str, Duty]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    notify: list[str] = []
    does: list[str] = []
    for index, item in enumerate(value if isinstance(value, list) else [value] if value else []):
        if not isinstance(item, Mapping):
            does.append(reader.word(item, (*path, index), "What happens when a clock is due"))
            continue
        reader.mapping(item, (*path, index), "What happens when a clock is due", ("notify",))
        for duty in reader.words(item.get("notify"), (*path, index, "notify"), "A duty"):
            if duty not in duties:
                reader.wrong((*path, index, "notify"), f"The duty “{duty}” is not defined.")
            notify.append(duty)
    return tuple(notify), tuple(does)


def _kind_stages(reader: Reader, value: Any, clocks: Mapping[str, Clock]) -> dict[str, Kind]:
    """The kinds of assignment with their stages; their moves are read once all kinds are known."""
    kinds: dict[str, Kind] = {}
    for key, spec in (reader.named(value, ("assignments",), "“assignments”") if value else {}).items():
        path: Path = ("assignments", key)
        found = reader.mapping(spec, path, "A kind of assignment", ("stages", "moves", "when_left", *_TITLE))
        stages = _stages(reader, found.get("stages"), (*path, "stages"), clocks, None)
        left = str(found.get("when_left"))
        if left not in stages or not stages[left].end:
            reader.wrong(
                (*path, "when_left") if "when_left" in found else path,
                "“when_left” must name the end stage for tasks still open when the case moves on.",
            )
        kinds[key] = Kind(key, reader.title(key, found, path), stages, {}, left)
    return kinds


def _stages(
    reader: Reader, value: Any, path: Path, clocks: Mapping[str, Clock], kinds: Mapping[str, Kind] | None
) -> dict[str, Stage]:
    known = ("clock", "end", *_TITLE, *(("assignments",) if kinds is not None else ()))
    stages: dict[str, Stage] = {}
    for key, spec in reader.named(value, path, "“stages”").items():
        at = (*path, key)
        found = reader.mapping(spec or {}, at, "A stage", known)
        named = reader.words(found.get("clock"), (*at, "clock"), "A clock")
        for clock in named:
            if clock not in clocks:
                reader.wrong((*at, "clock"), f"The clock “{clock}” is not defined.")
        own = reader.words(found.get("assignments"), (*at, "assignments"), "A kind of assignment")
        for kind in own:
            if kind not in (kinds or {}):
                reader.wrong((*at, "assignments"), f"The kind of assignment “{kind}” is not defined.")
        clause = reader.words(found.get("clause"), (*at, "clause"), "A clause")
        end = reader.flag(found.get("end"), (*at, "end"), "“end”")
        stages[key] = Stage(key, reader.title(key, found, at), named, own, end, clause)
    return stages


def _check_ranks(reader: Reader, procedure: Procedure) -> None:
    for duty in procedure.duties.values():
        for holder in duty.holders:
            for rank in holder.rank_at_least.words() if holder.rank_at_least else ():
                if rank not in procedure.ranks:
                    reader.wrong(("duties", duty.key), f"The rank “{rank}” is not in “ranks” (lowest first).")


def _indexed(procedure: Procedure) -> Procedure:
    """The procedure with what `advance` looks up: moves by stage, separated duties, names counted and recorded."""
    moves = procedure.moves.values()
    separated: dict[str, list[str]] = {}
    for one, other in procedure.apart:
        separated.setdefault(one, []).append(other)
        separated.setdefault(other, []).append(one)
    every = procedure.every_move()
    rooms = {"": (procedure.stages.values(), moves)} | {
        kind.key: (kind.stages.values(), kind.moves.values()) for kind in procedure.kinds.values()
    }
    return replace(
        procedure,
        separated={duty: tuple(others) for duty, others in separated.items()},
        automatic={s: tuple(m for m in moves if m.automatic and s in m.sources) for s in procedure.stages},
        by_hand={s: tuple(m for m in moves if m.by and s in m.sources) for s in procedure.stages},
        free_clocks={k: tuple(dict.fromkeys(c for m in own for c in m.starts)) for k, (_, own) in rooms.items()},
        own_clocks={
            k: frozenset(c for part in (*stages, *own) for c in (part.clocks if isinstance(part, Stage) else part.starts))
            for k, (stages, own) in rooms.items()
        },
        counted=tuple(dict.fromkeys(c for m in every for c in m.counts)),
        recorded=frozenset(name for m in every for name, _ in m.records),
    )
