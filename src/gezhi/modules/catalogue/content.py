"""What a catalogue is made of: classes with their conditions, as frozen values, and their digest.

A class is the same thing whether it comes from a profile, from a table or from the database; limits are written one
way. The database keeps `FIELDS`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gezhi.engines import workclock
from gezhi.lib.texts import Text

KINDS = ("component", "event")
GRID = ("report", "handle")
FIELDS = (
    "kind",
    "code",
    "name",
    "name_en",
    "major_code",
    "major",
    "major_en",
    "filing",
    "closing",
    "limit",
    "unit_kind",
    "supervisor_kind",
    "grid",
    "basis",
    "local",
    "conditions",
)


@dataclass(frozen=True, slots=True)
class ConditionFact:
    """When a matter of a class is filed, when it may be closed, and in what time."""

    key: str
    filing: Text
    closing: Text
    limit: str


@dataclass(frozen=True, slots=True)
class ClassFact:
    """A class. `id` is its row's (0: not stored); filing, closing and limit are those of the first condition.

    `unit_kind` answers for it, `supervisor_kind` sees that it is done; `grid`: a grid worker reports it, handles it on
    the spot, or ("") neither; `local`: added by the city to the standard.
    """

    id: int
    key: str
    kind: str
    code: str
    name: str
    name_en: str
    major_code: str
    major: str
    major_en: str
    filing: str
    closing: str
    limit: str
    unit_kind: str
    supervisor_kind: str = ""
    grid: str = ""
    basis: str = ""
    local: bool = False
    conditions: tuple[ConditionFact, ...] = ()

    def condition(self, key: str) -> ConditionFact | None:
        """The condition of this key."""
        return next((one for one in self.conditions if one.key == key), None)


def key_of(kind: str, code: str) -> str:
    """What a class is called within a catalogue: C for components, E for matters, then the code."""
    return f"{'C' if kind == 'component' else 'E'}{code}"


def of_plain(row: Mapping[str, Any], number: int = 0) -> ClassFact:
    """A class from its fields, conditions as mappings; `number`: the id of its row."""
    conditions = tuple(
        ConditionFact(one["key"], dict(one["filing"]), dict(one["closing"]), one_way(one["limit"]))
        for one in row["conditions"]
    )
    given = {name: row[name] for name in FIELDS if name not in {"conditions", "limit"}}
    key = key_of(row["kind"], row["code"])
    return ClassFact(id=number, key=key, limit=one_way(row["limit"]), conditions=conditions, **given)


def with_conditions(fact: Mapping[str, Any], conditions: Sequence[ConditionFact]) -> ClassFact:
    """A class from its fields and its conditions, the first of which says its filing, closing and limit."""
    first = conditions[0] if conditions else ConditionFact("", {}, {}, "")
    listed = [plain_condition(one) for one in conditions]
    default = {"filing": _leading(first.filing), "closing": _leading(first.closing), "limit": first.limit}
    return of_plain({**fact, **default, "conditions": listed})


def plain(fact: ClassFact) -> dict[str, Any]:
    """The fields as they are stored and as JSON."""
    row = {name: getattr(fact, name) for name in FIELDS}
    return {**row, "conditions": [plain_condition(one) for one in fact.conditions]}


def plain_condition(one: ConditionFact) -> dict[str, Any]:
    """A condition as it is stored."""
    return {"key": one.key, "filing": dict(one.filing), "closing": dict(one.closing), "limit": one.limit}


def digest(standard: str, classes: Iterable[ClassFact]) -> str:
    """SHA-256 (hex) over everything a catalogue says; the order of its classes does not matter."""
    rows = sorted((plain(one) for one in classes), key=lambda row: (row["kind"], row["code"]))
    said = json.dumps([standard, rows], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def one_way(limit: str) -> str:
    """A limit written the one way; as it is where it cannot be read."""
    try:
        return str(workclock.parse_limit(limit))
    except ValueError:
        return limit


def _leading(text: Text) -> str:
    return text.get("zh") or next(iter(text.values()), "")
