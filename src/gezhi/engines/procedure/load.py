"""Reading a procedure document (a mapping, as YAML gives it) into a `Procedure`.

Reading settles shape and names: every key known, every duty, clock, stage and kind that is named also defined, every
condition compiled. Whether the procedure makes sense as a way through life is for `lint`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gezhi.engines.procedure.load_clocks import read_clocks
from gezhi.engines.procedure.load_duties import check_ranks, kept_apart, read_apart, read_duties
from gezhi.engines.procedure.load_moves import MoveReader
from gezhi.engines.procedure.model import Clock, Kind, Path, Procedure, ProcedureError, Stage, Text, Where
from gezhi.engines.procedure.needs import Lists
from gezhi.engines.procedure.reading import TITLE, Reader

PARTS = (
    "procedure", "version", "title", "basis", "clause", "note", "settings", "ranks", "duties", "apart", "clocks",
    "stages", "moves", "assignments", "inherit",
)  # fmt: skip


def load(doc: Mapping[str, Any], *, where: Where | None = None, lists: Lists | None = None) -> Procedure:
    """Read a document.

    `where` maps a path to file, line and column for the problems; `lists` are the profile's named choice lists.
    `inherit` is left to whoever lays one document over another. Raises ProcedureError with every problem found.
    """
    reader = Reader(where)
    found = reader.mapping(doc, (), "A procedure", PARTS)
    for part in ("procedure", "duties", "stages", "moves"):
        if part not in found:
            reader.wrong((), f"A procedure needs “{part}”.")
    duties = read_duties(reader, found.get("duties", {}))
    clocks = read_clocks(reader, found.get("clocks") or {}, duties)
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
        ranks=_ranks(reader, found.get("ranks")),
        duties=duties,
        apart=read_apart(reader, found.get("apart"), duties),
        clocks=clocks,
        stages=stages,
        moves=moves.of_case(found.get("moves", {})),
        kinds=kinds,
        where=where,
    )
    check_ranks(reader, procedure)
    if reader.problems:
        raise ProcedureError(reader.problems)
    return _indexed(procedure)


def _ranks(reader: Reader, value: Any) -> dict[str, Text]:
    """The ranks, lowest first: a list of words, or words with their titles."""
    if isinstance(value, Mapping):
        found = reader.named(value, ("ranks",), "The ranks")
        return {key: reader.text(title, ("ranks", key), "A rank") for key, title in found.items()}
    return {key: {"en": key.replace("_", " ")} for key in reader.words(value, ("ranks",), "A rank")}


def _kind_stages(reader: Reader, value: Any, clocks: Mapping[str, Clock]) -> dict[str, Kind]:
    """The kinds of assignment with their stages; their moves are read once all kinds are known."""
    kinds: dict[str, Kind] = {}
    for key, spec in (reader.named(value, ("assignments",), "“assignments”") if value else {}).items():
        path: Path = ("assignments", key)
        found = reader.mapping(spec, path, "A kind of assignment", ("stages", "moves", "when_left", *TITLE))
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
    known = ("clock", "end", *TITLE, *(("assignments",) if kinds is not None else ()))
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


def _indexed(procedure: Procedure) -> Procedure:
    """The procedure with what `advance` looks up: moves by stage, separated duties, names counted and recorded."""
    moves = procedure.moves.values()
    separated: dict[str, list[str]] = {}
    for one, other in kept_apart(procedure):
        separated.setdefault(one, []).append(other)
        separated.setdefault(other, []).append(one)
    every = procedure.every_move()
    rooms = {"": (tuple(procedure.stages.values()), tuple(moves))}
    rooms |= {k.key: (tuple(k.stages.values()), tuple(k.moves.values())) for k in procedure.kinds.values()}
    return replace(
        procedure,
        separated={duty: tuple(others) for duty, others in separated.items()},
        automatic={s: tuple(m for m in moves if m.automatic and s in m.sources) for s in procedure.stages},
        by_hand={s: tuple(m for m in moves if m.by and s in m.sources) for s in procedure.stages},
        free_clocks={k: tuple(dict.fromkeys(c for m in own for c in m.starts)) for k, (_, own) in rooms.items()},
        own_clocks={
            k: frozenset(c for stage in stages for c in stage.clocks) | {c for m in own for c in m.starts}
            for k, (stages, own) in rooms.items()
        },
        counted=tuple(dict.fromkeys(c for m in every for c in m.counts)),
        recorded=frozenset(name for m in every for name, _ in m.records),
    )
