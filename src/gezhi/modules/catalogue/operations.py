"""Putting a profile's catalogue in force, and adding a local class to the one in force.

Other changes are drafts first: somebody looks at the differences and then adopts them (see `drafts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, WrongState
from gezhi.modules.catalogue import adopting, checking, content, policies, queries
from gezhi.modules.catalogue.content import ClassFact, ConditionFact
from gezhi.modules.switches.profiles import next_code


@dataclass(frozen=True, slots=True)
class LocalClass:
    """A class that a city adds; its code is given by the product. A text that is "" is not given."""

    kind: str
    major_code: str
    name: str
    name_en: str
    conditions: tuple[ConditionFact, ...]
    unit_kind: str
    supervisor_kind: str = ""
    grid: str = ""
    basis: str = ""


@transaction.atomic
def install(*, standard: str, classes: Sequence[ClassFact], by: Actor, now: datetime) -> int:
    """Put a profile's classes in force; what was changed in the product stays (see `adopting`). Returns the version.

    Repeatable: the same content changes nothing. Raises BadInput for a duplicate code or a limit that cannot be read;
    nothing is stored then.
    """
    policies.check_may_install(by)
    listed = list(classes)
    refuse(list(checking.troubles(listed)))
    adopting.lock()
    digest = content.digest(standard, listed)
    current = adopting.current()
    if current is not None and digest in (current.digest, current.profile_digest):
        return current.id
    merged = adopting.own_changes(listed, current, standard) if current is not None else tuple(listed)
    kept = content.digest(standard, merged) != digest
    if kept:  # what the profile says is a version too: the next changes are told from it
        adopting.stored(standard=standard, classes=listed, profile_digest=digest, now=now)
    return adopting.put_in_force(
        standard=standard,
        classes=merged,
        profile_digest=digest,
        origin="kept" if kept else "profile",
        by=by,
        now=now,
    )


@transaction.atomic
def add_local(*, new: LocalClass, by: Actor, now: datetime) -> str:
    """Add a local class to the catalogue in force, as a new version; its code is the next downward. Returns its key.

    Raises NotAllowed, BadInput (with the field), WrongState (no catalogue, or no code is free).
    """
    policies.check_may_install(by)
    adopting.lock()
    current = adopting.current()
    if current is None:
        raise WrongState(_("There is no catalogue in force yet; the system administrator must adopt a profile."))
    classes, rules = adopting.classes_of(current), queries.rules(current.standard)
    beside = next((one for one in classes if (one.kind, one.major_code) == (new.kind, new.major_code)), None)
    if beside is None:
        raise BadInput(_("There is no such major class."), field="major")
    if not new.name.strip():
        raise BadInput(_("A class needs a name."), field="name")
    if any(one.name == new.name.strip() and one.kind == new.kind for one in classes):
        raise BadInput(_("A class of this name is in the catalogue already."), field="name")
    spent = {code for kind, code in rules.used if kind == new.kind}
    coded = checking.coded(classes, rules.codes)
    code = next_code(coded, new.kind, new.major_code, start=rules.local_from, used=spent)
    if not code:
        raise WrongState(_("No code is left for a local class in this major class."))
    made = _made(new, beside, code)
    found = [one for one in checking.troubles_of_edit([*classes, made], rules) if one.index == len(classes)]
    refuse(found)
    adopting.put_in_force(
        standard=current.standard,
        classes=(*classes, made),
        profile_digest=current.profile_digest,
        origin="form",
        note=f"{made.code} {made.name}"[:200],
        by=by,
        now=now,
    )
    return made.key


def _made(new: LocalClass, beside: ClassFact, code: str) -> ClassFact:
    fields = {
        "kind": new.kind,
        "code": code,
        "name": new.name.strip(),
        "name_en": new.name_en.strip(),
        "major_code": beside.major_code,
        "major": beside.major,
        "major_en": beside.major_en,
        "unit_kind": new.unit_kind,
        "supervisor_kind": new.supervisor_kind,
        "grid": new.grid,
        "basis": new.basis.strip(),
        "local": True,
    }
    return content.with_conditions(fields, new.conditions)


def refuse(found: Sequence[checking.Trouble]) -> None:
    """Raise BadInput with every trouble by its field, if there is any."""
    if found:
        raise BadInput(
            found[0].sentence, field=found[0].field, problems=[(one.field, one.sentence) for one in found[:50]]
        )
