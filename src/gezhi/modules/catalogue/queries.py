"""Reading the catalogue in force; kept in memory, looked at afresh when its digest changes (once a second at most)."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gezhi.lib.texts import Text
from gezhi.modules.catalogue.models import Catalogue, Class

RECHECK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ConditionFact:
    """When a matter of a class is filed, when it may be closed, and in what time."""

    key: str
    filing: Text
    closing: Text
    limit: str


@dataclass(frozen=True, slots=True)
class ClassFact:
    """A class of the catalogue in force."""

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
    conditions: tuple[ConditionFact, ...] = ()

    def condition(self, key: str) -> ConditionFact | None:
        """The condition of this key."""
        return next((one for one in self.conditions if one.key == key), None)


@dataclass
class CatalogueView:
    """All classes of the catalogue in force, by key, code and name."""

    id: int
    standard: str
    digest: str
    classes: tuple[ClassFact, ...]

    @cached_property
    def by_key(self) -> dict[str, ClassFact]:
        """key → class."""
        return {c.key: c for c in self.classes}

    @cached_property
    def reportable(self) -> tuple[ClassFact, ...]:
        """What can be reported: the matters; components are what stands there. All where there are no matters."""
        return tuple(c for c in self.classes if c.kind == "event") or self.classes

    @cached_property
    def by_word(self) -> dict[str, ClassFact]:
        """key, unique code, or unique name (either language) → class."""
        found: dict[str, list[ClassFact]] = {}
        for one in self.classes:
            for word in {one.key, one.code, one.name, one.name_en} - {""}:
                found.setdefault(word, []).append(one)
        return {word: hits[0] for word, hits in found.items() if len(hits) == 1} | self.by_key


_EMPTY = CatalogueView(0, "", "", ())
_lock = threading.Lock()
_kept: CatalogueView | None = None
_checked_at = 0.0


def in_force() -> CatalogueView:
    """The catalogue in force; an empty one before any is installed. At most one cheap query a second."""
    global _kept, _checked_at
    if _kept is not None and time.monotonic() - _checked_at < RECHECK_SECONDS:
        return _kept
    with _lock:
        row = Catalogue.objects.filter(in_force=True).first()
        if row is None:
            return _EMPTY
        if _kept is None or _kept.digest != row.digest:
            columns = [f for f in ClassFact.__slots__ if f != "id"]
            classes = Class.objects.filter(catalogue=row).order_by("kind", "code").values_list("id", *columns)
            _kept = CatalogueView(row.id, row.standard, row.digest, tuple(_fact(c) for c in classes))
        _checked_at = time.monotonic()
        return _kept


def _fact(row: tuple[Any, ...]) -> ClassFact:
    conditions = tuple(ConditionFact(**one) for one in row[-1])
    return ClassFact(*(*row[:-1], conditions))


def forget() -> None:
    """Drop what is kept in this process (after a change here, and between tests)."""
    global _kept
    _kept = None
