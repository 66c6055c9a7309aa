"""The standards a deployment knows, side by side: which class of the one is which of the other.

They come with the profile in force and are not in the database: they are facts about standards, not decisions. What is
in force, local classes included, is `queries.in_force()`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext as _

from gezhi.lib.errors import NotThere, Unavailable
from gezhi.modules.catalogue.content import ClassFact, ConditionFact, key_of, with_conditions
from gezhi.modules.switches import queries as switches
from gezhi.modules.switches.profiles import Catalogue, CatalogueClass, Crosswalk, Profile, leading

Status = Literal["same", "renamed", "split", "merged", "gone", "new"]
STATUSES: tuple[Status, ...] = ("same", "renamed", "split", "merged", "gone", "new")


@dataclass(frozen=True, slots=True)
class StandardView:
    """One standard: `key` names it in addresses; classes by key in the order of kind and code; `certainty` by key."""

    key: str
    standard: str
    title: Mapping[str, str]
    version: str
    classes: Mapping[str, ClassFact]
    certainty: Mapping[str, str]
    local_from: int
    withdrawn: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the crosswalk: the older class, the newer one (either may be None), and what happened."""

    older: ClassFact | None
    newer: ClassFact | None
    status: Status
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two standards and every step from the one to the other, in the order of the older and then the newer codes."""

    older: StandardView
    newer: StandardView
    steps: tuple[Step, ...]

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many steps of each status."""
        counted = Counter(step.status for step in self.steps)
        return {status: counted[status] for status in STATUSES if counted[status]}


def known() -> tuple[StandardView, ...]:
    """The standards of the profile in force, the newest first; none before one is adopted."""
    profile = _profile()
    return _standards(profile.fingerprint) if profile else ()


def named(standard: str) -> StandardView | None:
    """The standard of this name, such as “GB/T 47678.5-2026”."""
    return next((one for one in known() if one.standard == standard), None)


def keyed(key: str) -> StandardView:
    """The standard of this key. Raises NotThere."""
    for one in known():
        if one.key == key:
            return one
    raise NotThere(_("There is no such standard."))


def side_by_side() -> SideBySide | None:
    """The first crosswalk of the profile in force; None where there is only one standard."""
    profile = _profile()
    return _side_by_side(profile.fingerprint) if profile and profile.crosswalks else None


def steps_of(standard: str, key: str) -> tuple[Step, ...]:
    """What a class of one of the two standards was before, or has become."""
    both = side_by_side()
    if both is None or standard not in (both.older.standard, both.newer.standard):
        return ()
    side = "older" if standard == both.older.standard else "newer"
    return tuple(step for step in both.steps if (fact := getattr(step, side)) is not None and fact.key == key)


def other_words(standard: str) -> Mapping[str, frozenset[str]]:
    """What the other standard calls things: its key, code, names → keys of the classes of `standard` that they mean."""
    both = side_by_side()
    if both is None or standard not in (both.older.standard, both.newer.standard):
        return {}
    mine, other = ("newer", "older") if standard == both.newer.standard else ("older", "newer")
    found: dict[str, set[str]] = {}
    for step in both.steps:
        theirs, ours = getattr(step, other), getattr(step, mine)
        for word in {theirs.key, theirs.code, theirs.name, theirs.name_en} - {""} if theirs else ():
            found.setdefault(word, set()).add(ours.key if ours else "")
    return {word: frozenset(keys) for word, keys in found.items()}


def _profile() -> Profile | None:
    try:
        return switches.profile()
    except Unavailable:
        return None


@lru_cache(maxsize=4)
def _standards(fingerprint: str) -> tuple[StandardView, ...]:
    return tuple(view_of(one) for one in switches.profile().standards)


@lru_cache(maxsize=4)
def _side_by_side(fingerprint: str) -> SideBySide | None:
    crosswalk: Crosswalk = switches.profile().crosswalks[0]
    views = {one.standard: one for one in _standards(fingerprint)}
    older, newer = views[crosswalk.older], views[crosswalk.newer]
    olds = Counter(key_of(pair.kind, pair.old) for pair in crosswalk.pairs if pair.old and pair.new)
    news = Counter(key_of(pair.kind, pair.new) for pair in crosswalk.pairs if pair.old and pair.new)
    steps = []
    for pair in crosswalk.pairs:
        one = older.classes.get(key_of(pair.kind, pair.old)) if pair.old else None
        other = newer.classes.get(key_of(pair.kind, pair.new)) if pair.new else None
        status = _status(one, other, olds, news)
        steps.append(Step(one, other, status, older.certainty.get(one.key, "") if one else ""))
    return SideBySide(older, newer, tuple(sorted(steps, key=_order)))


def _status(one: ClassFact | None, other: ClassFact | None, olds: Counter[str], news: Counter[str]) -> Status:
    if one is None or other is None:
        return "new" if one is None else "gone"
    if olds[one.key] > 1:
        return "split"
    if news[other.key] > 1:
        return "merged"
    return "same" if one.name == other.name else "renamed"


def _order(step: Step) -> tuple[str, bool, str, str]:
    fact = step.older or step.newer
    assert fact is not None  # noqa: S101 (a step names at least one: the profile was checked)
    return fact.kind, step.older is None, fact.code, step.newer.code if step.newer else ""


def view_of(read: Catalogue) -> StandardView:
    """A catalogue of a profile as this room shows it."""
    facts = {one.key: (one, source) for source in read.classes for one in [fact_of(source)]}
    return StandardView(
        key=read.key or "own",
        standard=read.standard,
        title=read.title,
        version=read.version,
        classes={key: one for key, (one, _source) in facts.items()},
        certainty={key: source.certainty for key, (_one, source) in facts.items() if source.certainty},
        local_from=read.local_from,
        withdrawn=read.withdrawn,
    )


def fact_of(one: CatalogueClass) -> ClassFact:
    """A class of a profile."""
    fields = {
        "kind": one.kind,
        "code": one.code,
        "name": one.name,
        "name_en": one.name_en,
        "major_code": one.major_code,
        "major": leading(one.major),
        "major_en": one.major.get("en", ""),
        "unit_kind": one.unit_kind or "",
        "supervisor_kind": one.supervisor_kind or "",
        "grid": one.grid,
        "basis": one.basis,
        "local": one.local,
    }
    return with_conditions(fields, [ConditionFact(c.key, c.filing, c.closing, c.limit) for c in one.conditions])
