"""What differs between two catalogues, class by class and cell by cell. Pure.

A class is compared by its key; a condition by its key within the class, so that a changed limit reads as one changed
limit and not as a changed class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gezhi.modules.catalogue.content import ClassFact

_WHOLE = ("name", "name_en", "major_code", "major", "major_en", "unit_kind", "supervisor_kind", "grid", "basis")
_DEFAULT = ("filing", "closing", "limit")


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that differs. `field` is a field of the class; `condition` the key of the condition it belongs to, or
    "". `before` or `after` is "" where there is nothing."""

    field: str
    condition: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ClassChange:
    """A class that both catalogues have, with the cells that differ."""

    before: ClassFact
    after: ClassFact
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Classes only the second has, classes only the first has, classes that changed; each in order of key."""

    added: tuple[ClassFact, ...]
    removed: tuple[ClassFact, ...]
    changed: tuple[ClassChange, ...]

    @property
    def none(self) -> bool:
        """Do both say the same?"""
        return not (self.added or self.removed or self.changed)

    @property
    def counts(self) -> dict[str, int]:
        """How many classes were added, removed and changed."""
        return {"added": len(self.added), "removed": len(self.removed), "changed": len(self.changed)}


def between(before: Iterable[ClassFact], after: Iterable[ClassFact]) -> Differences:
    """What happened from the one to the other."""
    old, new = ({one.key: one for one in classes} for classes in (before, after))
    changed = []
    for key in sorted(old.keys() & new.keys()):
        cells = changes_of(old[key], new[key])
        if cells:
            changed.append(ClassChange(old[key], new[key], cells))
    return Differences(
        added=tuple(new[key] for key in sorted(new.keys() - old.keys())),
        removed=tuple(old[key] for key in sorted(old.keys() - new.keys())),
        changed=tuple(changed),
    )


def changes_of(before: ClassFact, after: ClassFact) -> tuple[CellChange, ...]:
    """The cells in which two states of a class differ."""
    old, new = cells_of(before), cells_of(after)
    places = list(dict.fromkeys([*old, *new]))
    return tuple(
        CellChange(field, condition, old.get((condition, field), ""), new.get((condition, field), ""))
        for condition, field in places
        if old.get((condition, field), "") != new.get((condition, field), "")
    )


def cells_of(fact: ClassFact) -> Mapping[tuple[str, str], str]:
    """(condition or "", field) → text, in the order people read them."""
    cells = {("", name): str(getattr(fact, name)) for name in _WHOLE}
    cells["", "local"] = "local" if fact.local else ""
    if not fact.conditions:
        return cells | {("", name): str(getattr(fact, name)) for name in _DEFAULT}
    cells["", "conditions"] = ", ".join(one.key for one in fact.conditions)
    for one in fact.conditions:
        cells |= {(one.key, f"filing_{language}"): text for language, text in one.filing.items()}
        cells |= {(one.key, f"closing_{language}"): text for language, text in one.closing.items()}
        cells[one.key, "limit"] = one.limit
    return cells
