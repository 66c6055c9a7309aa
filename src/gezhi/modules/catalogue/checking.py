"""What can be wrong with a catalogue, each with the class, the field and a sentence. Nothing is read or written here.

`troubles` is what no catalogue may have, whoever brings it; `troubles_of_edit` adds what somebody who changes the
catalogue in the product must be told, because no profile was checked before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gezhi.engines import workclock
from gezhi.modules.catalogue.content import GRID, KINDS, ClassFact
from gezhi.modules.catalogue.models import Class
from gezhi.modules.switches.profiles import Coded, WrongCode, wrong_codes

_SIZED = ("code", "name", "name_en", "major_code", "major", "major_en", "unit_kind", "supervisor_kind")
_SIZES: Mapping[str, int] = {name: int(getattr(Class._meta.get_field(name), "max_length")) for name in _SIZED}  # noqa: B009
LONGEST = 2000  # characters of a condition or a basis
MOST = 5000  # classes
MOST_CONDITIONS = 40


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong. `index` is the class's place in the list; `condition` the key of one of its conditions or ""."""

    index: int
    field: str
    sentence: str | Promise
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a catalogue is held to: kinds of organisation, (kind, code) of the standard's classes (None: any), where
    local codes start, and (kind, code) of local classes there once were."""

    kinds: Collection[str]
    standard: str = ""
    codes: Collection[tuple[str, str]] | None = None
    local_from: int = 99
    used: Collection[tuple[str, str]] = field(default_factory=frozenset)


def troubles(classes: Sequence[ClassFact]) -> Iterator[Trouble]:
    """What no catalogue may have: doubled codes, missing names, limits that cannot be read, texts too long."""
    seen: set[str] = set()
    for index, one in enumerate(classes):
        if one.kind not in KINDS:
            yield Trouble(index, "kind", _("A class is a component or an event."))
        if one.code and one.key in seen:
            said = _("The code %(code)s stands twice in the catalogue.") % {"code": one.code}
            yield Trouble(index, "code", said)
        seen.add(one.key)
        for name, sentence in (("code", _("A class needs a code.")), ("name", _("A class needs a name."))):
            if not getattr(one, name):
                yield Trouble(index, name, sentence)
        for name, size in _SIZES.items():
            if len(getattr(one, name)) > size:
                yield Trouble(index, name, _("At most %(n)d characters.") % {"n": size})
        yield from _limits(index, one)


def _limits(index: int, one: ClassFact) -> Iterator[Trouble]:
    if not (one.conditions or one.limit):
        yield _unconditioned(index, one)
        return
    listed = [(c.key, c.limit) for c in one.conditions] or [("", one.limit)]
    for condition, limit in listed:
        if len(limit) > 40:
            yield Trouble(index, "limit", _("At most %(n)d characters.") % {"n": 40}, condition)
            continue
        try:
            workclock.parse_limit(limit)
        except ValueError:
            told = {"code": one.code, "name": one.name, "limit": limit}
            said = _("%(code)s %(name)s: the limit “%(limit)s” cannot be read.") % told
            yield Trouble(index, "limit", said, condition)


def _unconditioned(index: int, one: ClassFact) -> Trouble:
    told = {"code": one.code, "name": one.name}
    said = _("%(code)s %(name)s has no filing condition; a class needs at least one, with its limit.") % told
    return Trouble(index, "conditions", said)


def troubles_of_edit(classes: Sequence[ClassFact], rules: Rules) -> Iterator[Trouble]:
    """All of `troubles`, and what only a profile's check would have found."""
    yield from troubles(classes)
    if len(classes) > MOST:
        yield Trouble(MOST, "", _("A catalogue has at most %(n)d classes.") % {"n": MOST})
    if not classes:
        yield Trouble(0, "", _("There is no class in it; a catalogue has at least one."))
    majors: dict[tuple[str, str], tuple[str, str]] = {}
    for index, one in enumerate(classes):
        yield from _organisations(index, one, rules)
        yield from _conditions(index, one)
        if not (one.major_code and one.major):
            yield Trouble(index, "major", _("A class needs its major class, code and name."))
        named = majors.setdefault((one.kind, one.major_code), (one.major, one.major_en))
        if named != (one.major, one.major_en):
            told = {"code": one.major_code, "one": one.major, "other": named[0]}
            said = _("The major class %(code)s is called “%(one)s” here and “%(other)s” above.") % told
            yield Trouble(index, "major", said)
        if one.grid and one.grid not in GRID:
            yield Trouble(index, "grid", _("A grid worker reports, handles on the spot, or neither."))
        if len(one.basis) > LONGEST:
            yield Trouble(index, "basis", _("At most %(n)d characters.") % {"n": LONGEST})
    yield from _codes(classes, rules)


def _organisations(index: int, one: ClassFact, rules: Rules) -> Iterator[Trouble]:
    for name in ("unit_kind", "supervisor_kind"):
        kind = getattr(one, name)
        if kind and kind not in rules.kinds:
            said = _("“%(kind)s” is not a kind of organisation of this profile.") % {"kind": kind}
            yield Trouble(index, name, said)
    if one.unit_kind and one.unit_kind == one.supervisor_kind:
        yield Trouble(index, "supervisor_kind", _("Nobody supervises what they answer for themselves."))


def _conditions(index: int, one: ClassFact) -> Iterator[Trouble]:
    if one.limit and not one.conditions:
        yield _unconditioned(index, one)
    if len(one.conditions) > MOST_CONDITIONS:
        said = _("A class has at most %(n)d conditions.") % {"n": MOST_CONDITIONS}
        yield Trouble(index, "conditions", said)
    seen: set[str] = set()
    for condition in one.conditions:
        key = condition.key
        if not key or len(key) > 60 or key in seen:
            yield Trouble(index, "condition", _("Each condition of a class has a key of its own."), key)
        seen.add(key)
        for name, text in (("filing", condition.filing), ("closing", condition.closing)):
            if not any(text.values()):
                yield Trouble(index, name, _("A condition says when to file and when to close."), key)
            if any(len(words) > LONGEST for words in text.values()):
                yield Trouble(index, name, _("At most %(n)d characters.") % {"n": LONGEST}, key)


def _codes(classes: Sequence[ClassFact], rules: Rules) -> Iterator[Trouble]:
    """National codes must be the standard's, local ones must not, and run downward."""
    if rules.codes is not None:
        told = {"standard": rules.standard, "from": rules.local_from}
        for index, one in enumerate(classes):
            known = (one.kind, one.code) in rules.codes
            if one.code and one.local and known:
                said = _("%(code)s is a class of %(standard)s, not a local one.")
                yield Trouble(index, "local", said % (told | {"code": one.code}))
            elif one.code and not one.local and not known:
                said = _(
                    "%(code)s is no class of %(standard)s. What a city adds is marked local, with codes that run "
                    "downward from %(from)d."
                )
                yield Trouble(index, "code", said % (told | {"code": one.code}))
    where = {(one.kind, one.code): index for index, one in enumerate(classes)}
    for wrong in wrong_codes(coded(classes, rules.codes), start=rules.local_from, used=rules.used):
        yield Trouble(where[wrong.one.kind, wrong.one.code], "code", wrong_code(wrong, rules.local_from))


def coded(classes: Iterable[ClassFact], codes: Collection[tuple[str, str]] | None) -> list[Coded]:
    """What matters of codes. A standard's classes that were taken out keep their codes: nobody else gets them."""
    listed = list(classes)
    have = {(one.kind, one.code) for one in listed}
    known = [Coded(one.kind, one.major_code, one.code, one.local) for one in listed]
    return known + [Coded(kind, "", code, False) for kind, code in sorted(set(codes or ()) - have)]


def wrong_code(wrong: WrongCode, start: int) -> Promise | str:
    """The sentence about a local code that cannot be."""
    told = {"code": wrong.one.code, "free": wrong.expected, "start": start}
    if wrong.fault == "gap":
        said = _("%(code)s leaves %(free)s free: local codes run downward from %(start)d within their major class.")
    elif wrong.expected:
        said = _("%(code)s cannot be a local code: they run downward from %(start)d; the next free one is %(free)s.")
    else:
        said = _("%(code)s cannot be a local code: they run downward from %(start)d, and none is free.")
    return said % told
