"""Reading the catalogue in force (kept in memory, looked at afresh once a second at most), its versions, its drafts."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from gezhi.lib.briefly import Briefly
from gezhi.lib.errors import NotThere
from gezhi.modules.catalogue import differences, events, standards
from gezhi.modules.catalogue.checking import Rules
from gezhi.modules.catalogue.content import FIELDS, ClassFact, ConditionFact, of_plain
from gezhi.modules.catalogue.differences import ClassChange, Differences
from gezhi.modules.catalogue.models import Catalogue, Class, Draft
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.switches import queries as switches

__all__ = ["CatalogueView", "ClassFact", "ConditionFact", "in_force"]


@dataclass
class CatalogueView:
    """All classes of one version of the catalogue, by key, code and name."""

    id: int
    standard: str
    digest: str
    classes: tuple[ClassFact, ...]
    known_by: str = ""

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
        """key, unique code, or unique name (either language) → class.

        Where the profile knows another standard, its keys, codes and names mean the class they lead to through the
        crosswalk, if it is one and the word means nothing else here.
        """
        found: dict[str, list[ClassFact]] = {}
        for one in self.classes:
            for word in {one.key, one.code, one.name, one.name_en} - {""}:
                found.setdefault(word, []).append(one)
        words = {word: hits[0] for word, hits in found.items() if len(hits) == 1} | self.by_key
        for word, keys in standards.other_words(self.standard).items():
            key = next(iter(keys)) if len(keys) == 1 else ""
            if word not in found and key in self.by_key:
                words[word] = self.by_key[key]
        return words


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version as it is stored: what it holds and since when it is known."""

    id: int
    standard: str
    digest: str
    adopted_at: datetime
    in_force: bool
    classes: int
    local: int
    from_profile: bool


@dataclass(frozen=True, slots=True)
class VersionFact:
    """Which version a class is from."""

    id: int
    standard: str
    digest: str
    adopted_at: datetime


@dataclass(frozen=True, slots=True)
class Adoption:
    """One time that a version was put in force: when, by whom, from where, and what it changed (None: not told)."""

    at: datetime
    by: str
    version: int | None
    standard: str
    origin: str
    note: str
    counts: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class DraftView:
    """A catalogue that waits to be put in force or thrown away."""

    id: int
    standard: str
    digest: str
    origin: str
    note: str
    by: str
    at: datetime
    classes: tuple[ClassFact, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A version in which a class changed: first there (`change` None), changed, or gone (`fact` None)."""

    version: VersionView
    fact: ClassFact | None
    change: ClassChange | None


def version_of(klass: int) -> VersionFact:
    """The version that holds a class, by the class's id: what a case was filed under, whatever is in force now."""
    row = Catalogue.objects.get(classes=klass)
    return VersionFact(row.id, row.standard, row.digest, row.adopted_at)


_EMPTY = CatalogueView(0, "", "", ())
_lock = threading.Lock()
_kept: CatalogueView | None = None
briefly: Briefly[None, CatalogueView] = Briefly()


def in_force() -> CatalogueView:
    """The catalogue in force; an empty one before any is installed. At most two cheap queries a second."""
    return briefly.get(None, _current)


def _current() -> CatalogueView:
    global _kept
    with _lock:
        row = Catalogue.objects.filter(in_force=True).first()
        if row is None:
            return _EMPTY
        adopted = switches.in_force()
        known_by = adopted.digest if adopted else ""
        if _kept is None or _kept.digest != row.digest:
            _kept = _view(row, known_by)
        elif _kept.known_by != known_by:  # the profile knows other words now
            _kept = CatalogueView(row.id, row.standard, row.digest, _kept.classes, known_by)
        return _kept


def version(number: int) -> CatalogueView:
    """One version in full. Raises NotThere. Two queries."""
    row = Catalogue.objects.filter(id=number).first()
    if row is None:
        raise NotThere(_("There is no such version of the catalogue."))
    return _view(row, "")


def versions() -> list[VersionView]:
    """All versions, the newest first. One query."""
    counted = Catalogue.objects.annotate(count=Count("classes")).order_by("-id")
    local = dict(
        Class.objects.filter(local=True)
        .values_list("catalogue_id")
        .annotate(n=Count("id"))
        .values_list("catalogue_id", "n")
    )
    return [_version(row, row.count, local.get(row.id, 0)) for row in counted]


def adoptions() -> list[Adoption]:
    """Every time a version was put in force, the newest first, as the ledger tells it. Two queries."""
    numbers = dict(Catalogue.objects.values_list("digest", "id"))
    return [
        Adoption(
            at=entry.at,
            by=entry.by,
            version=numbers.get(str(entry.body.get("digest", ""))),
            standard=str(entry.body.get("standard", "")),
            origin=str(entry.body.get("origin", "profile")),
            note=str(entry.body.get("note", "")),
            counts=entry.body.get("changes"),
        )
        for entry in reversed(ledger.entries(events.SUBJECT))
        if entry.kind == events.ADOPTED
    ]


def between(earlier: int, later: int) -> Differences:
    """What differs between two versions. Raises NotThere. Four queries."""
    return differences.between(version(earlier).classes, version(later).classes)


def history(key: str) -> list[Chapter]:
    """The versions in which a class is new, changed or gone, the newest first. Three queries."""
    rows = {row[1]: _fact((row[0], *row[2:])) for row in _rows(Class.objects.filter(key=key), "catalogue_id")}
    told: list[Chapter] = []
    before: ClassFact | None = None
    for one in reversed(versions()):
        fact = rows.get(one.id)
        if before is None or fact is None:
            if fact is not before:
                told.append(Chapter(one, fact, None))
        elif cells := differences.changes_of(before, fact):
            told.append(Chapter(one, fact, ClassChange(before, fact, cells)))
        before = fact
    return told[::-1]


def rules(standard: str) -> Rules:
    """What a catalogue of this standard is held to when it is changed in the product. Two queries."""
    profile, known = switches.profile(), standards.named(standard)
    once = Class.objects.filter(local=True, catalogue__standard=standard).values_list("kind", "code").distinct()
    return Rules(
        kinds=[kind.key for kind in profile.organisation_kinds],
        standard=standard,
        codes=frozenset((one.kind, one.code) for one in known.classes.values()) if known else None,
        local_from=known.local_from if known else 99,
        used=frozenset(once) | (known.withdrawn if known else frozenset()),
    )


def drafts() -> list[DraftView]:
    """What waits to be decided, the newest first. One query."""
    return [_draft(row) for row in Draft.objects.order_by("-id")]


def draft(number: int) -> DraftView:
    """One draft. Raises NotThere."""
    row = Draft.objects.filter(id=number).first()
    if row is None:
        raise NotThere(_("There is no such draft; it was put in force or thrown away."))
    return _draft(row)


def _draft(row: Draft) -> DraftView:
    facts = tuple(of_plain(one) for one in row.rows)
    return DraftView(row.id, row.standard, row.digest, row.origin, row.note, row.by, row.at, facts)


def _version(row: Catalogue, classes: int, local: int) -> VersionView:
    return VersionView(
        id=row.id,
        standard=row.standard,
        digest=row.digest,
        adopted_at=row.adopted_at,
        in_force=row.in_force,
        classes=classes,
        local=local,
        from_profile=row.profile_digest == row.digest,
    )


def _view(row: Catalogue, known_by: str) -> CatalogueView:
    rows = _rows(Class.objects.filter(catalogue=row).order_by("kind", "code"))
    return CatalogueView(row.id, row.standard, row.digest, tuple(_fact(one) for one in rows), known_by)


def _rows(found: Any, *more: str) -> list[tuple[Any, ...]]:
    return list(found.values_list("id", *more, *FIELDS))


def _fact(row: tuple[Any, ...]) -> ClassFact:
    return of_plain(dict(zip(FIELDS, row[1:], strict=True)), row[0])


def forget() -> None:
    """Drop what is kept in this process (after a change here, and between tests)."""
    global _kept
    _kept = None
    briefly.forget()
