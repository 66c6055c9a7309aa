"""Changing the catalogue in the product: a draft is stored, its differences are looked at, then it is put in force.

A draft comes from a table, from a standard the profile knows, or from an earlier version. What is wrong with it is said
before anything is stored. Nothing in force changes until somebody adopts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotThere, WrongState
from gezhi.modules.catalogue import adopting, checking, content, events, policies, queries, standards
from gezhi.modules.catalogue.content import ClassFact
from gezhi.modules.catalogue.models import Draft
from gezhi.modules.catalogue.operations import refuse
from gezhi.modules.ledger import operations as ledger


@transaction.atomic
def propose(*, standard: str, classes: Sequence[ClassFact], origin: str, note: str, by: Actor, now: datetime) -> int:
    """Keep a catalogue to be looked at. Returns the draft's id.

    Raises NotAllowed, BadInput (whatever is wrong with it, by field), WrongState (it says what is in force already).
    """
    policies.check_may_install(by)
    listed = list(classes)
    refuse(list(checking.troubles_of_edit(listed, queries.rules(standard))))
    digest = content.digest(standard, listed)
    current = adopting.current()
    if current is not None and current.digest == digest:
        raise WrongState(_("This says what is in force already; there is nothing to adopt."))
    row = Draft.objects.create(
        standard=standard,
        digest=digest,
        rows=[content.plain(one) for one in listed],
        origin=origin,
        note=note[:200],
        by=by.ref,
        at=now,
    )
    body = {"draft": row.id, "standard": standard, "classes": len(listed), "digest": digest, "origin": origin}
    ledger.append(subject=events.SUBJECT, kind=events.DRAFTED, by=by, now=now, body=body)
    return row.id


def propose_standard(*, key: str, by: Actor, now: datetime) -> int:
    """A draft of a standard as the profile knows it. Local classes do not go along: their codes are of another kind.

    Raises as `propose`, and NotThere.
    """
    policies.check_may_install(by)
    wanted = standards.keyed(key)
    return propose(
        standard=wanted.standard,
        classes=list(wanted.classes.values()),
        origin="standard",
        note=wanted.standard,
        by=by,
        now=now,
    )


def propose_version(*, version: int, by: Actor, now: datetime) -> int:
    """A draft of an earlier version. Raises as `propose`, and NotThere."""
    policies.check_may_install(by)
    view = queries.version(version)
    return propose(
        standard=view.standard, classes=list(view.classes), origin="version", note=str(version), by=by, now=now
    )


@transaction.atomic
def adopt(*, draft: int, by: Actor, now: datetime, seen: str | None = None) -> int:
    """Put a draft in force. Returns the version. `seen`: the digest in force when its differences were looked at.

    Raises NotAllowed, NotThere, WrongState (something else is in force by now), BadInput (the rules have changed).
    """
    policies.check_may_install(by)
    adopting.lock()
    row = Draft.objects.select_for_update().filter(id=draft).first()
    if row is None:
        raise NotThere(_("There is no such draft; it was put in force or thrown away."))
    current = adopting.current()
    if seen is not None and seen != (current.digest if current else ""):
        raise WrongState(_("The catalogue in force has changed since; look at the differences again."))
    classes = [content.of_plain(one) for one in row.rows]
    refuse(list(checking.troubles_of_edit(classes, queries.rules(row.standard))))
    version = adopting.put_in_force(
        standard=row.standard,
        classes=classes,
        profile_digest=current.profile_digest if current else "",
        origin=row.origin,
        note=row.note,
        by=by,
        now=now,
    )
    row.delete()
    return version


@transaction.atomic
def discard(*, draft: int, by: Actor, now: datetime) -> None:
    """Throw a draft away. Raises NotAllowed, NotThere."""
    policies.check_may_install(by)
    row = Draft.objects.select_for_update().filter(id=draft).first()
    if row is None:
        raise NotThere(_("There is no such draft; it was put in force or thrown away."))
    body = {"draft": row.id, "digest": row.digest}
    row.delete()
    ledger.append(subject=events.SUBJECT, kind=events.DISCARDED, by=by, now=now, body=body)
