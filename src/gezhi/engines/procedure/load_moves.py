"""Reading the moves of a procedure: the second half of `load`.

A move of the case and a move of an assignment are written alike; what looks at other assignments (`after`, `reopens`)
belongs to the case alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gezhi.engines.procedure.conditions import read_condition, read_standing
from gezhi.engines.procedure.load_clocks import read_percent
from gezhi.engines.procedure.model import (
    CLOCK,
    Clock,
    Condition,
    Duty,
    Kind,
    Move,
    Need,
    Opening,
    Path,
    Stage,
    Standing,
)
from gezhi.engines.procedure.needs import Lists, read_need
from gezhi.engines.procedure.reading import Reader

_MOVE = (
    "from", "to", "in", "by", "when", "else", "needs", "counts", "records", "does", "starts", "stops", "pauses",
    "resumes", "extends", "due", "at", "at_most", "aside", "message", "opens", "ends", "after", "zh", "en", "clause",
    "note",
)  # fmt: skip
_CASE_MOVE = (*_MOVE, "reopens")
ALWAYS = "always"
"""`after: always`: a move that follows by itself without waiting for any task."""
_WHOM = ("units", "items", "own", "lead", "nobody")


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
            opens=self._opens(found, path, needs, kind),
            reopens=self._reopens(found, path),
            ends=self._names(found, path, "ends", self.kinds, "kind of assignment"),
            counts=reader.words(found.get("counts"), (*path, "counts"), "What is counted"),
            records=self._records(found, path, needs),
            does=reader.words(found.get("does"), (*path, "does"), "An effect"),
            starts=self._names(found, path, "starts", self.clocks, "clock"),
            stops=self._names(found, path, "stops", self.clocks, "clock"),
            pauses=self._names(found, path, "pauses", self.clocks, "clock"),
            resumes=self._names(found, path, "resumes", self.clocks, "clock"),
            extends=self._extends(found, path, needs),
            due=self._names(found, path, "due", self.clocks, "clock"),
            at=read_percent(reader, found["at"], (*path, "at"), "“at”") if "at" in found else 100,
            at_most=reader.count(found["at_most"], (*path, "at_most"), "“at_most”") if "at_most" in found else None,
            aside=reader.flag(found.get("aside"), (*path, "aside"), "“aside”"),
            message=reader.word(found["message"], (*path, "message"), "“message”") if "message" in found else "",
            kind=kind,
            clause=reader.words(found.get("clause"), (*path, "clause"), "A clause"),
        )
        if not by and "after" not in found:
            reader.wrong(path, f"“{key}” must say who makes it (“by”) or what it follows (“after”).")
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
            if words == ALWAYS:
                continue
            standing = read_standing(self.reader, words, (*path, "after"), self.kinds)
            if standing and standing.which == "each":
                self.reader.wrong((*path, "after"), f"“{words}” must say all, any or lead: {standing.kind}.all_STAGE.")
            if standing:
                standings.append(standing)
        return tuple(standings)

    def _opens(
        self, found: Mapping[str, Any], path: Path, needs: tuple[Need, ...], kind: str | None
    ) -> tuple[Opening, ...]:
        """`KIND`, `{KIND: whom}` or `{KIND: {for: whom, when: …}}`, one or a list of them."""
        at: Path = (*path, "opens")
        usual = "own" if kind else "items" if any(need.kind == "items" for need in needs) else "units"
        given = found.get("opens")
        listed = given if isinstance(given, list) else [given] if given is not None else []
        openings: list[Opening] = []
        for item in listed:
            pairs = item.items() if isinstance(item, Mapping) else [(item, usual)]
            openings += [self._opening(str(key), spec, (*at, str(key))) for key, spec in pairs]
        return tuple(openings)

    def _opening(self, key: str, spec: Any, path: Path) -> Opening:
        reader = self.reader
        told = reader.mapping(spec, path, "“opens”", ("for", "when")) if isinstance(spec, Mapping) else {"for": spec}
        whom = told.get("for")
        if whom not in _WHOM:
            reader.wrong(path, f"“{key}” is opened for one of {', '.join(_WHOM)}, not for “{whom}”.")
            whom = "nobody"
        if key not in self.kinds:
            reader.wrong(path, f"The kind of assignment “{key}” is not defined.")
        when = read_condition(reader, told["when"], (*path, "when"), None) if "when" in told else None
        return Opening(key, str(whom), when)

    def _extends(self, found: Mapping[str, Any], path: Path, needs: tuple[Need, ...]) -> tuple[tuple[str, str], ...]:
        """`extends: {CLOCK: inputs.FIELD}`: the clock gets the time named in the field."""
        given = self.reader.mapping(found.get("extends") or {}, (*path, "extends"), "“extends”")
        fields = {need.key for need in needs if need.kind == "limit" and not need.optional}
        pairs = []
        for clock, value in given.items():
            field = str(value).removeprefix("inputs.")
            if clock not in self.clocks:
                self.reader.wrong((*path, "extends", clock), f"The clock “{clock}” is not defined.")
            if field not in fields:
                self.reader.wrong((*path, "extends", clock), f"“{value}” is not a limit that the move needs.")
            pairs.append((clock, field))
        return tuple(pairs)

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
        named = [one for one in move.opens if one.whom in ("units", "items")]
        if move.automatic and (move.needs or named or any(c.needs("inputs") for c in move.when)):
            reader.wrong(path, f"“{move.key}” follows by itself, so nobody can fill in fields or name units for it.")
        if move.automatic and move.kind is not None:
            reader.wrong(path, f"“{move.key}” is a move of a task; somebody (or the clock) must make it.")
        if move.by == (CLOCK,) and any(not need.optional for need in move.needs):
            reader.wrong((*path, "needs"), f"“{move.key}” is made by the clock, which cannot fill in fields.")
        if (move.due or move.at != 100) and CLOCK not in move.by:
            reader.wrong((*path, "due" if move.due else "at"), "“due” and “at” go with “by: clock”.")
        for one in move.opens:
            if one.whom in ("units", "items") and sum(n.kind == one.whom and not n.optional for n in move.needs) != 1:
                each = {"units": "a task per unit, so it needs one field of units",
                        "items": "a task per item, so it needs one field of items"}[one.whom]  # fmt: skip
                reader.wrong((*path, "opens"), f"“{move.key}” opens {each}.")
            if one.whom == "own" and move.kind is None:
                reader.wrong((*path, "opens"), f"“{move.key}” is a move of the case and has no unit of its own.")
        if move.kind is None:
            self._check_held(move, path)

    def _check_held(self, move: Move, path: Path) -> None:
        """Tasks opened by a move of the case are held by the stage it leads to (or stays in)."""
        opened = {one.kind for one in move.opens} | ({move.reopens.kind} if move.reopens else set())
        for stage in [move.target] if move.target else move.sources:
            for kind in sorted(opened):
                if stage in self.stages and kind not in self.stages[stage].assignments:
                    sentence = f"“{move.key}” opens tasks “{kind}”, but the stage “{stage}” does not hold them."
                    self.reader.wrong(path, sentence)
