"""Putting a version in force: the one place that writes catalogues and classes; `operations` and `drafts` lead here.

A catalogue is changed by profiles and in the product. Both end here. Adopting the same profile again leaves alone what
was changed in the product since; a changed profile is laid under those changes: a class that was edited, added or
taken out in the product stays as it was left there, all others follow the profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from gezhi.lib.actor import Actor
from gezhi.modules.catalogue import content, differences, events, queries
from gezhi.modules.catalogue.content import ClassFact
from gezhi.modules.catalogue.models import Catalogue, Class
from gezhi.modules.ledger import operations as ledger

_LOCK = 4_749_011  # any number, the same in every process


def lock() -> None:
    """One change of the catalogue at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def current() -> Catalogue | None:
    """The row in force."""
    return Catalogue.objects.filter(in_force=True).first()


def classes_of(row: Catalogue | None) -> tuple[ClassFact, ...]:
    """The classes of a version."""
    return queries.version(row.id).classes if row is not None else ()


def own_changes(profile_now: Sequence[ClassFact], in_force: Catalogue, standard: str) -> tuple[ClassFact, ...]:
    """The profile's classes with what was changed in the product laid over them."""
    base = Catalogue.objects.filter(digest=in_force.profile_digest).first()
    if base is None or in_force.digest == in_force.profile_digest or in_force.standard != standard:
        return tuple(profile_now)
    edited = differences.between(classes_of(base), classes_of(in_force))
    result = {one.key: one for one in profile_now}
    result |= {one.after.key: one.after for one in edited.changed} | {one.key: one for one in edited.added}
    for one in edited.removed:
        result.pop(one.key, None)
    return tuple(result[key] for key in sorted(result))


def stored(*, standard: str, classes: Sequence[ClassFact], profile_digest: str, now: datetime) -> Catalogue:
    """The version that says this, made where there is none."""
    digest = content.digest(standard, classes)
    known = Catalogue.objects.filter(digest=digest).first()
    if known is None:
        known = Catalogue.objects.create(standard=standard, digest=digest, adopted_at=now)
        rows = [Class(catalogue=known, key=one.key, **content.plain(one)) for one in classes]
        Class.objects.bulk_create(rows, batch_size=500)
    Catalogue.objects.filter(id=known.id).update(profile_digest=profile_digest)
    return known


def put_in_force(
    *,
    standard: str,
    classes: Sequence[ClassFact],
    profile_digest: str,
    origin: str,
    note: str = "",
    by: Actor,
    now: datetime,
) -> int:
    """Store these classes as a version and put it in force. Returns its id.

    The caller has locked and checked. The ledger's entry says from where it came and how many classes changed.
    """
    changes = differences.between(classes_of(current()), classes)
    row = stored(standard=standard, classes=classes, profile_digest=profile_digest, now=now)
    Catalogue.objects.filter(in_force=True).update(in_force=False)
    Catalogue.objects.filter(id=row.id).update(in_force=True)
    body = {
        "standard": standard,
        "classes": len(classes),
        "digest": row.digest,
        "origin": origin,
        "note": note,
        "changes": changes.counts,
    }
    ledger.append(subject=events.SUBJECT, kind=events.ADOPTED, by=by, now=now, body=body)
    queries.forget()
    transaction.on_commit(queries.forget)
    return row.id
