"""The rules in force, as objects: procedures, the calendar, the centre. Kept in memory by their digest.

A case keeps the procedure version it was born with; the versions are rows, so an old case plays by its old rules even
when the profile has moved on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.engines import procedure as engine
from gezhi.engines.workclock import Calendar
from gezhi.lib.actor import Actor
from gezhi.lib.errors import Unavailable
from gezhi.modules.cases import policies
from gezhi.modules.cases.models import ProcedureVersion
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import queries as people
from gezhi.modules.switches import queries as switches

EVENT = "event"


@transaction.atomic
def install(*, procedures: Mapping[str, Mapping[str, Any]], by: Actor, now: datetime) -> int:
    """Put procedure documents in force; an unchanged one stays. Returns how many versions are new.

    A document that changed without raising its `version` gets the next free number: no case ever changes its rules.
    """
    policies.check_may_install(by)
    made = 0
    for name, document in sorted(procedures.items()):
        lists = {name: switches.profile().lists[name] for name in sorted(_lists_of(document))}
        # As text: jsonb would forget which stage comes first. With its lists: they are part of the rules.
        said = json.dumps({"procedure": document, "lists": lists}, ensure_ascii=False, default=dict)
        digest = hashlib.sha256(said.encode()).hexdigest()
        current = ProcedureVersion.objects.filter(name=name, in_force=True).first()
        if current is not None and current.digest == digest:
            continue
        last = ProcedureVersion.objects.filter(name=name).order_by("-version").first()
        version = max(int(document.get("version", 1)), last.version + 1 if last else 1)
        ProcedureVersion.objects.filter(name=name, in_force=True).update(in_force=False)
        ProcedureVersion.objects.create(name=name, version=version, digest=digest, document=said, adopted_at=now)
        body = {"procedure": name, "version": version, "digest": digest}
        ledger.append(subject=f"procedure:{name}", kind="procedure.adopted", by=by, now=now, body=body)
        made += 1
    transaction.on_commit(forget)
    return made


@lru_cache(maxsize=64)
def procedure(version_id: int) -> engine.Procedure:
    """The engine's procedure of a stored version (rows never change, so keeping it is safe)."""
    stored = json.loads(ProcedureVersion.objects.get(id=version_id).document)
    return engine.load(stored["procedure"], lists=stored["lists"])


def _lists_of(document: Any) -> set[str]:
    """Names of the choice lists a document refers to."""
    found: set[str] = set()
    for key, value in document.items() if isinstance(document, Mapping) else enumerate(document):
        if key == "choice" and isinstance(value, str):
            found.add(value)
        elif isinstance(value, Mapping | list | tuple):
            found |= _lists_of(value)
    return found


def in_force(name: str = EVENT) -> int:
    """Id of the version new cases are born with. Raises Unavailable before any profile is installed."""
    return _in_force(switches.profile().fingerprint, name)


@lru_cache(maxsize=8)
def _in_force(fingerprint: str, name: str) -> int:
    row = ProcedureVersion.objects.filter(name=name, in_force=True).values_list("id", flat=True).first()
    if row is None:
        raise Unavailable(_("The procedure “%(name)s” is not in force: install a profile first.") % {"name": name})
    return row


def good_end(name: str = EVENT) -> str:
    """The stage where a matter has ended well: the first end of its procedure in force."""
    return next(stage.key for stage in procedure(in_force(name)).stages.values() if stage.end)


def whole() -> tuple[dict[str, engine.Procedure], int | None]:
    """All procedures in force by name, the ordinary event first, and the centre: one look at the profile."""
    profile = switches.profile()
    found = {name: procedure(_in_force(profile.fingerprint, name)) for name in _matters(profile.fingerprint)}
    return found, _centre(profile.fingerprint, profile.centre) if profile.centre else None


def matters() -> list[str]:
    """The names of the procedures in force, the ordinary event first."""
    return _matters(switches.profile().fingerprint)


@lru_cache(maxsize=4)
def _matters(fingerprint: str) -> list[str]:
    names = ProcedureVersion.objects.filter(in_force=True).order_by("name").values_list("name", flat=True)
    return sorted(names, key=lambda name: (name != EVENT, name))


def calendar() -> Calendar:
    """The working calendar in force: the profile's, with the days changed in the product."""
    return switches.calendar()


def centre() -> int | None:
    """Id of the organisation that runs the desk; None where the profile names none."""
    profile = switches.profile()
    return _centre(profile.fingerprint, profile.centre) if profile.centre else None


@lru_cache(maxsize=4)
def _centre(fingerprint: str, code: str) -> int | None:
    found = people.organisation_coded(code)
    return found.id if found else None


def forget() -> None:
    """Drop what is kept in this process (after a change here, and between tests)."""
    procedure.cache_clear()
    _in_force.cache_clear()
    _matters.cache_clear()
    _centre.cache_clear()
