"""Reading the moves of a procedure: the second half of `load`.

A move of the case and a move of an assignment are written alike; only what touches assignments (`after`, `opens`,
`reopens`) belongs to the case alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gezhi.engines.procedure.conditions import read_condition, read_standing
from gezhi.engines.procedure.model import CLOCK, Clock, Condition, Duty, Kind, Move, Need, Path, Stage, Standing
from gezhi.engines.procedure.needs import Lists, read_need
from gezhi.engines.procedure.reading import Reader

_MOVE = (
    "from", "to", "in", "by", "when", "else", "needs", "counts", "records", "does", "starts", "stops", "pauses",
    "resumes", "due", "at_most", "zh", "en", "clause", "note",
)  # fmt: skip
_CASE_MOVE = (*_MOVE, "after", "opens", "reopens")


class MoveReader:
    """Reads moves against the names already defined."""

    def __init__(
        self,
        reader: Reader,
        duties: Mapping[str, Duty],
        clocks: Mapping[str, Clock],
        stages: Mapping[str, Stage],
        kinds: Mapping[str, Kind],
        lists: Lists | None,
    ) -> None:
        self.reader, self.duties, self.clocks, self.stages = reader, duties, clocks, stages
        self.kinds, self.lists = kinds, lists

    def of_case(self, value: Any) -> dict[str, Move]:
        """The moves of the case."""
        found = self.reader.named(value, ("moves",), "“moves”")
        return {key: self._move(key, spec, ("moves", key), self.stages, None) for key, spec in found.items()}

    def of_kind(self, kind: Kind, value: Any) -> dict[str, Move]:
        """The moves of one kind of assignment; `value` is the kind's whole entry."""
        path: Path = ("assignments", kind.key, "moves")
        given = value.get("moves") if isinstance(value, Mapping) else None
        found = self.reader.named(given, path, "“moves”")
        return {key: self._move(key, spec, (*path, key), kind.stages, kind.key) for key, spec in found.items()}

    def _move(self, key: str, spec: Any, path: Path, stages: Mapping[str, Stage], kind: str | None) -> Move:
        reader = self.reader
        found = reader.mapping(spec, path, "A move", _MOVE if kind else _CASE_MOVE)
        sources, target = self._way(key, found, path, stages)
        after = self._after(found, path)
        by = self._names(found, path, "by", (*self.duties, CLOCK), "duty")
        needs = self._needs(found, path)
        move = Move(
            key=key,
            title=reader.title(key, found, path),
            sources=sources,
            target=target,
            by=by,
            after=after,
            when=self._when(found, path),
            needs=needs,
            opens=reader.word(found["opens"], (*path, "opens"), "“opens”") if "opens" in found else None,
            reopens=self._reopens(found, path),
            counts=reader.words(found.get("counts"), (*path, "counts"), "What is counted"),
            records=self._records(found, path, needs),
            does=reader.words(found.get("does"), (*path, "does"), "An effect"),
            starts=self._names(found, path, "starts", self.clocks, "clock"),
            stops=self._names(found, path, "stops", self.clocks, "clock"),
            pauses=self._names(found, path, "pauses", self.clocks, "clock"),
            resumes=self._names(found, path, "resumes", self.clocks, "clock"),
            due=self._names(found, path, "due", self.clocks, "clock"),
            at_most=reader.count(found["at_most"], (*path, "at_most"), "“at_most”") if "at_most" in found else None,
            kind=kind,
            clause=reader.words(found.get("clause"), (*path, "clause"), "A clause"),
        )
        self._check_whole(move, path)
        return move

    def _way(
        self, key: str, found: Mapping[str, Any], path: Path, stages: Mapping[str, Stage]
    ) -> tuple[tuple[str, ...], str | None]:
        reader = self.reader
        inside = "in" in found
        if inside in ("from" in found, "to" in found):
            reader.wrong(path, f"“{key}” goes either “from” a stage “to” another, or stays “in” one.")
        name = "in" if inside else "from"
        sources = reader.words(found.get(name), (*path, name), "A stage")
        target = None if inside or "to" not in found else reader.word(found["to"], (*path, "to"), "A stage")
        for where, stage in [*((name, s) for s in sources), *((("to", target),) if target else ())]:
            if stage not in stages:
                reader.wrong((*path, where), f"The stage “{stage}” is not defined ({', '.join(stages)}).")
        if target in sources:
            reader.wrong((*path, "to"), f"“{key}” goes from “{target}” to itself; say “in: {target}” instead.")
        return sources, target

    def _names(self, found: Mapping[str, Any], path: Path, key: str, known: Any, what: str) -> tuple[str, ...]:
        names = self.reader.words(found.get(key), (*path, key), f"A {what}")
        for name in names:
            if name not in known:
                self.reader.wrong((*path, key), f"The {what} “{name}” is not defined.")
        return names

    def _after(self, found: Mapping[str, Any], path: Path) -> tuple[Standing, ...]:
        standings = []
        for words in self.reader.words(found.get("after"), (*path, "after"), "“after”"):
            standing = read_standing(self.reader, words, (*path, "after"), self.kinds)
            if standing and standing.which == "each":
                self.reader.wrong((*path, "after"), f"“{words}” must say all, any or lead: {standing.kind}.all_STAGE.")
            if standing:
                standings.append(standing)
        return tuple(standings)

    def _reopens(self, found: Mapping[str, Any], path: Path) -> Standing | None:
        if "reopens" not in found:
            return None
        at = (*path, "reopens")
        standing = read_standing(self.reader, self.reader.word(found["reopens"], at, "“reopens”"), at, self.kinds)
        if standing and standing.which != "each":
            self.reader.wrong(at, f"“reopens” names each task that stands somewhere: {standing.kind}.done.")
        return standing

    def _when(self, found: Mapping[str, Any], path: Path) -> tuple[Condition, ...]:
        """One expression with `else` beside it, or a list of `{that: …, else: …}`."""
        reader, value = self.reader, found.get("when")
        at = (*path, "when")
        if not isinstance(value, list):
            otherwise = reader.text(found["else"], (*path, "else"), "“else”") if "else" in found else None
            if value is None and otherwise:
                reader.wrong((*path, "else"), "“else” says why a condition refuses; there is no “when”.")
            one = read_condition(reader, value, at, otherwise) if value is not None else None
            return (one,) if one else ()
        if "else" in found:
            reader.wrong((*path, "else"), "With a list in “when”, each condition has its own “else”.")
        conditions = []
        for index, item in enumerate(value):
            each = reader.mapping(item, (*at, index), "A condition", ("that", "else"))
            says = reader.text(each["else"], (*at, index, "else"), "“else”") if "else" in each else None
            one = read_condition(reader, each.get("that"), (*at, index, "that"), says)
            if one:
                conditions.append(one)
        return tuple(conditions)

    def _needs(self, found: Mapping[str, Any], path: Path) -> tuple[Need, ...]:
        if "needs" not in found:
            return ()
        at = (*path, "needs")
        fields = self.reader.named(found["needs"], at, "“needs”")
        needs = tuple(read_need(self.reader, key, spec, (*at, key), self.lists) for key, spec in fields.items())
        for need in needs:
            if need.per is not None and need.per not in self.kinds:
                self.reader.wrong((*at, need.key, "per"), f"The kind of assignment “{need.per}” is not defined.")
        return needs

    def _records(self, found: Mapping[str, Any], path: Path, needs: tuple[Need, ...]) -> tuple[tuple[str, Any], ...]:
        records = self.reader.mapping(found.get("records") or {}, (*path, "records"), "“records”")
        fields = {f"inputs.{need.key}" for need in needs}
        for name, value in records.items():
            if isinstance(value, str) and value.startswith("inputs.") and value not in fields:
                self.reader.wrong((*path, "records", name), f"“{value}” is not among what the move needs.")
        return tuple(records.items())

    def _check_whole(self, move: Move, path: Path) -> None:
        reader = self.reader
        if not move.by and not move.after:
            reader.wrong(path, f"“{move.key}” must say who makes it (“by”) or what it follows (“after”).")
        if move.automatic and (move.needs or move.opens or any(c.needs("inputs") for c in move.when)):
            reader.wrong(path, f"“{move.key}” follows by itself, so nobody can fill in fields or name units for it.")
        if move.by == (CLOCK,) and any(not need.optional for need in move.needs):
            reader.wrong((*path, "needs"), f"“{move.key}” is made by the clock, which cannot fill in fields.")
        if move.due and CLOCK not in move.by:
            reader.wrong((*path, "due"), "“due” goes with “by: clock”.")
        if move.opens is not None:
            if move.opens not in self.kinds:
                reader.wrong((*path, "opens"), f"The kind of assignment “{move.opens}” is not defined.")
            if sum(need.kind == "units" and not need.optional for need in move.needs) != 1:
                reader.wrong((*path, "opens"), f"“{move.key}” opens a task per unit, so it needs one field of units.")
        opened = move.opens or (move.reopens.kind if move.reopens else None)
        for stage in [move.target] if move.target else move.sources:
            if opened and stage in self.stages and opened not in self.stages[stage].assignments:
                reader.wrong(path, f"“{move.key}” opens tasks “{opened}”, but the stage “{stage}” does not hold them.")
