"""Reading clocks: limits, what runs them, and what happens when they are due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gezhi.engines.procedure.model import Alarm, Clock, Duty, Graded, Path
from gezhi.engines.procedure.reading import TITLE, Reader

LIMIT = re.compile(r"^(\d+(?:\.\d+)?) (min|hour|work_hour|urgent_hour|urgent_day|work_day|natural_day)(s?)$")
_PERCENT = re.compile(r"^(\d{1,3}) ?%$")


def read_clocks(reader: Reader, value: Any, duties: Mapping[str, Duty]) -> dict[str, Clock]:
    """The clocks, limits written as the workclock engine reads them (units in the plural)."""
    clocks: dict[str, Clock] = {}
    for key, spec in (reader.named(value, ("clocks",), "“clocks”") if value else {}).items():
        path: Path = ("clocks", key)
        found = reader.mapping(spec, path, "A clock", ("limit", "running", "amber", "on_due", *TITLE))
        running = found.get("running", "natural")
        if running not in ("natural", "shifts"):
            reader.wrong((*path, "running"), "A clock runs “natural” (round the clock) or in “shifts”.")
        alarms = _alarms(reader, found.get("on_due"), (*path, "on_due"), duties)
        clocks[key] = Clock(
            key, reader.title(key, found, path), _limit(reader, found.get("limit"), (*path, "limit")), str(running),
            _amber(reader, found.get("amber"), (*path, "amber")), alarms,
        )  # fmt: skip
    return clocks


def _limit(reader: Reader, value: Any, path: Path) -> Graded:
    graded = reader.graded(value, path, "A limit")
    if value is None:
        return graded

    def read(words: str) -> str:
        limit = plain_limit(words)
        if limit is None and words not in ("catalogue", "named"):
            reader.wrong(path, f"“{words}” is no limit; write an amount and a unit, such as 15 min or 2 work_hours.")
        return limit or words

    return Graded(read(graded.otherwise), graded.fact, {key: read(words) for key, words in graded.table.items()})


def plain_limit(words: str) -> str | None:
    """“1 work_hour” as the workclock engine reads it, “1 work_hours”; None for what is no limit."""
    match = LIMIT.match(words)
    if match is None or float(match[1]) <= 0:
        return None
    return words if match[2] == "min" or match[3] else words + "s"


def read_percent(reader: Reader, value: Any, path: Path, what: str) -> int:
    """A percentage of a limit, such as 150 %; 100 where it cannot be read."""
    match = _PERCENT.match(str(value))
    if match is None or int(match[1]) == 0:
        reader.wrong(path, f"{what} is a percentage of the limit, such as 70 %.")
        return 100
    return int(match[1])


def _amber(reader: Reader, value: Any, path: Path) -> int | None:
    if value is None:
        return None
    percent = read_percent(reader, value, path, "“amber”")
    if percent > 100:
        reader.wrong(path, "“amber” comes before the limit is due: at most 100 %.")
    return percent if percent < 100 else None


def _alarms(reader: Reader, value: Any, path: Path, duties: Mapping[str, Duty]) -> tuple[Alarm, ...]:
    """`on_due`: who is told when the clock is due, and (with `at`) when more of the limit has passed."""
    told: dict[int, list[str]] = {}
    for index, item in enumerate(value if isinstance(value, list) else [value] if value else []):
        found = reader.mapping(item, (*path, index), "What happens when a clock is due", ("notify", "at"))
        at = read_percent(reader, found["at"], (*path, index, "at"), "“at”") if "at" in found else 100
        named = reader.words(found.get("notify"), (*path, index, "notify"), "A duty")
        if not named and isinstance(item, Mapping):
            reader.wrong((*path, index), "“notify” must say which duty is told.")
        for duty in named:
            if duty not in duties:
                reader.wrong((*path, index, "notify"), f"The duty “{duty}” is not defined.")
            told.setdefault(at, []).append(duty)
    return tuple(Alarm(at, tuple(dict.fromkeys(named))) for at, named in sorted(told.items()))
