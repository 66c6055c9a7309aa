"""Reading clocks: limits, what runs them, and what happens when they are due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gezhi.engines.procedure.model import Clock, Duty, Graded, Path
from gezhi.engines.procedure.reading import TITLE, Reader

_LIMIT = re.compile(r"^(\d+(?:\.\d+)?) (min|hour|work_hour|urgent_hour|urgent_day|work_day|natural_day)(s?)$")


def read_clocks(reader: Reader, value: Any, duties: Mapping[str, Duty]) -> dict[str, Clock]:
    """The clocks, limits written as the workclock engine reads them (units in the plural)."""
    clocks: dict[str, Clock] = {}
    for key, spec in (reader.named(value, ("clocks",), "“clocks”") if value else {}).items():
        path: Path = ("clocks", key)
        found = reader.mapping(spec, path, "A clock", ("limit", "running", "amber", "on_due", *TITLE))
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


def _on_due(
    reader: Reader, value: Any, path: Path, duties: Mapping[str, Duty]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
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
