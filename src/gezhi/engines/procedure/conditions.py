"""What a move waits for: CEL conditions over facts, and where assignments stand.

CEL (Common Expression Language) is compiled once when a procedure is read. A condition sees the namespaces `case` (and
whatever else the caller's facts bring), `inputs`, `counts`, `settings` and, for a move of an assignment, `assignment`.
`now` and `days_since(…)` read the moment of the move; `metres_to_case(inputs.here)` is how far a point lies from the
case's. A fact that is not known is null; an expression that cannot be judged with nulls counts as not fulfilled.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cel import Context, compile

from gezhi.engines.procedure.model import Condition, Kind, Path, Standing, Text
from gezhi.engines.procedure.reading import Reader
from gezhi.engines.procedure.state import AssignmentState

DAYS_SINCE = "days_since"
"""A function of our own: `days_since(case.closed_at)`, whole natural days up to now."""
METRES = "metres_to_case"
"""A function of our own: `metres_to_case(inputs.here)`, from the point of the case (`case.lon`, `case.lat`)."""

_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_STANDING = re.compile(r"^([a-z][a-z0-9_]*)\.(?:(all|any|none|lead)_)?([a-z0-9_]+)$")


def read_condition(reader: Reader, value: Any, path: Path, otherwise: Text | None) -> Condition | None:
    """Compile one expression; a syntax error becomes a problem and None."""
    expression = reader.word(value, path, "A condition")
    try:
        program = compile(expression)
    except ValueError as error:
        reason = str(error).split("ERROR:", 1)[-1].splitlines()[0].strip()
        reader.wrong(path, f"The condition “{expression}” cannot be read: {reason}")
        return None
    bare = _QUOTED.sub("''", expression)
    spaces = {*program.variables(), *(("now",) if DAYS_SINCE in program.functions() else ())}
    reads = tuple(_reads(sorted(spaces), bare))
    if METRES in program.functions():
        reads = (*(r for r in reads if r[0] != "case"), ("case", _and_point(dict(reads).get("case", ()))))
    return Condition(expression, program, reads, otherwise)


def _and_point(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(dict.fromkeys((*names, "lon", "lat")))


def _reads(spaces: Iterable[str], bare: str) -> Iterable[tuple[str, tuple[str, ...] | None]]:
    """Each namespace with the names read from it, or None where it is read as a whole."""
    for space in spaces:
        uses = len(re.findall(rf"(?<![\w.]){space}\b", bare))
        if not uses:
            yield space, None
            continue
        names = re.findall(rf"(?<![\w.]){space}\.([A-Za-z_]\w*)\b(?!\s*\()", bare)
        yield space, tuple(dict.fromkeys(names)) if len(names) == uses else None


def fulfilled(condition: Condition, spaces: Mapping[str, Any]) -> bool | None:
    """True or False, or None where it cannot be judged with what is known."""
    known: dict[str, Any] = {}
    for space, names in condition.reads:
        values = spaces.get(space)
        if names is None:
            if values is not None:
                known[space] = dict(values) if isinstance(values, Mapping) else values
        else:
            get = (values or {}).get
            known[space] = {name: get(name) for name in names}
    context = Context(known)
    if isinstance(known.get("now"), datetime):
        context.add_function(DAYS_SINCE, partial(_days_between, known["now"]))
    if isinstance(known.get("case"), Mapping):
        context.add_function(METRES, partial(_metres, known["case"]))
    try:
        return condition.program.execute(context) is True
    except (TypeError, KeyError, ValueError, RuntimeError, ArithmeticError, IndexError):
        return None


def _days_between(now: datetime, then: datetime) -> int:
    return (now - then) // timedelta(days=1)


def _metres(case: Mapping[str, Any], point: Mapping[str, Any]) -> float:
    """Great-circle distance in metres; good to some tenths of a per cent, which is enough for «on site»."""
    lon, lat = math.radians(case["lon"]), math.radians(case["lat"])
    there_lon, there_lat = math.radians(point["lon"]), math.radians(point["lat"])
    half = math.sin((there_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(there_lat) * math.sin((there_lon - lon) / 2) ** 2
    return 2 * 6_371_000.0 * math.asin(min(1.0, math.sqrt(half)))


def read_standing(reader: Reader, words: str, path: Path, kinds: Mapping[str, Kind]) -> Standing | None:
    """`KIND.all_STAGE`, `KIND.any_…`, `KIND.none_…`, `KIND.lead_…`, `KIND.STAGE`; stages may be joined by `_or_`.

    Besides the stages of the kind there are `ended` (any end stage) and `due` (any stage the clock moves it to).
    """
    match = _STANDING.match(words)
    if match is None:
        reader.wrong(path, f"“{words}” must name a kind and a stage, such as handling.all_done.")
        return None
    kind = kinds.get(match[1])
    if kind is None:
        reader.wrong(path, f"“{words}” names the kind of assignment “{match[1]}”, which is not defined.")
        return None
    stages: set[str] = set()
    for name in match[3].split("_or_"):
        if name == "ended":
            stages |= {s.key for s in kind.stages.values() if s.end}
        elif name == "due":
            stages |= {m.target for m in kind.moves.values() if "clock" in m.by and m.target}
        elif name in kind.stages:
            stages.add(name)
        else:
            known = ", ".join((*kind.stages, "ended", "due"))
            reader.wrong(path, f"“{words}” names the stage “{name}”, which “{kind.key}” does not have ({known}).")
    return Standing(kind.key, match[2] or "each", frozenset(stages), words)


def holds(standing: Standing, assignments: Iterable[AssignmentState]) -> bool:
    """Do the assignments of the latest round stand as said? Of no assignments at all, only «none» holds."""
    latest = latest_round(assignments, standing.kind)
    if standing.which == "lead":
        latest = [a for a in latest if a.lead]
    inside = [a.stage in standing.stages for a in latest]
    if standing.which == "none":
        return not any(inside)
    return bool(inside) and (any(inside) if standing.which == "any" else all(inside))


def latest_round(assignments: Iterable[AssignmentState], kind: str) -> list[AssignmentState]:
    """The assignments of a kind in its latest round, in the order they were opened."""
    own = [a for a in assignments if a.kind == kind]
    last = max((a.round for a in own), default=0)
    return [a for a in own if a.round == last]
