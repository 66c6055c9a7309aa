"""The vault: the only place that holds personal values, encrypted under a key for each person.

Everybody else holds the person's reference (a UUID). Looking at masked values (`masked`) is not a reveal: they are
worked out in memory, show too little to identify anybody, and are for those who may see cases; so they are not logged.
The plain value leaves only through `reveal`, with a reason, and the ledger keeps who, whose, which field and why.
Deleting a person deletes the key first of all; the ledger, which never had a value, still verifies.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere
from gezhi.lib.rows import write_rows
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import events, keys, personal, policies, retention
from gezhi.modules.switches.models import PersonKey, VaultValue

_PERSON = ("ref", "wrapped", "kept_at")
_VALUE = ("person_id", "field", "nonce", "ciphertext", "blind", "purpose", "kept_at", "expires_at")
_Cell = UUID | bytes | str | datetime


@dataclass(frozen=True, slots=True)
class _Sealed:
    """Rows ready to be written, column by column as in _PERSON and _VALUE, and the fields of each person."""

    persons: list[tuple[_Cell, ...]]
    values: list[tuple[_Cell, ...]]
    fields: list[tuple[UUID, list[str]]]


def keep(*, values: Mapping[str, str], purpose: str, by: Actor, now: datetime, until: datetime | None = None) -> UUID:
    """Keep one person's values (field → value; empty ones are left out) and return the reference.

    They expire `until`, or after the retention of `purpose`. Raises BadInput (too long, no value at all), ValueError
    (a field the vault does not know).
    """
    return keep_many(values=[values], purpose=purpose, by=by, now=now, until=until)[0]


def keep_many(
    *,
    values: Sequence[Mapping[str, str]],
    purpose: str,
    by: Actor,
    now: datetime,
    until: datetime | None = None,
) -> list[UUID]:
    """Keep many persons' values at once, a mapping each; references in the order given. Errors as `keep`."""
    if not values:
        return []
    expires_at = until or now + timedelta(days=retention.days(purpose))
    sealed = _seal(values, purpose, now, expires_at)
    entries = [
        ledger.NewEntry(f"person:{ref}", events.PERSON_KEPT, by.ref, now, {"fields": fields, "purpose": purpose})
        for ref, fields in sealed.fields
    ]
    with transaction.atomic(savepoint=False):  # what can be refused has been; this saves two round trips a report
        _write(sealed)
        ledger.append_fresh(entries)
    return [ref for ref, _fields in sealed.fields]


@transaction.atomic
def reveal(*, ref: UUID, field: str, by: Actor, reason: str, now: datetime) -> str:
    """The plain value, for a stated reason of at least 4 characters; the ledger is told. Show it after the commit.

    Raises NotAllowed (capability `person.reveal`), BadInput (no reason, or one that repeats the person's data),
    NotThere (never kept, forgotten or expired).
    """
    policies.check_may_reveal(by)
    stated = " ".join(reason.split())
    if len(stated) < 4:
        raise BadInput(_("Say in at least 4 characters why you need to see this."), field="reason")
    values = _open([ref], now).get(ref, {})
    if field not in values:
        raise NotThere(_("This is not kept, or no longer kept."))
    _check_reason(stated, values)
    body = {"field": field, "reason": stated[:200]}
    ledger.append(subject=f"person:{ref}", kind=events.PERSON_REVEALED, by=by, now=now, body=body)
    return values[field]


def masked(ref: UUID, *, by: Actor, now: datetime) -> dict[str, str]:
    """field → masked value (`{"name": "张**", "phone": "138****1234"}`); empty where nothing is kept (any more)."""
    return masked_many([ref], by=by, now=now).get(ref, {})


def masked_many(refs: Iterable[UUID], *, by: Actor, now: datetime) -> dict[UUID, dict[str, str]]:
    """ref → field → masked value, for those kept; one statement. Raises NotAllowed (capability `case.see`)."""
    policies.check_may_see_masked(by)
    opened = _open(list(refs), now)
    return {
        ref: {field: personal.FIELDS[field].mask(value) for field, value in values.items()}
        for ref, values in opened.items()
    }


def find(field: str, value: str) -> list[UUID]:
    """Who has this value in this field, newest first; by the blind index, so only exact matches (normalised)."""
    normalised = personal.FIELDS[field].normalise(value)
    if not normalised:
        return []
    rows = VaultValue.objects.filter(blind=keys.blind(field, normalised), field=field)
    return list(rows.order_by("-kept_at", "-id").values_list("person_id", flat=True))


def alike(ref: UUID, field: str) -> list[UUID]:
    """Who has the same value in this field as this person, themselves included; nothing is opened. One query."""
    blind = VaultValue.objects.filter(person_id=ref, field=field).values("blind")
    same = VaultValue.objects.filter(blind__in=blind, field=field).order_by("-kept_at", "-id")
    return [*dict.fromkeys([ref, *same.values_list("person_id", flat=True)])]


@transaction.atomic
def forget(*, ref: UUID, by: Actor, now: datetime) -> None:
    """Delete the person's key and values for good. Raises NotAllowed, NotThere (not kept, or gone already)."""
    policies.check_may_forget(by, ref)
    if not PersonKey.objects.select_for_update().filter(ref=ref).exists():
        raise NotThere(_("Nothing is kept about this person."))
    PersonKey.objects.filter(ref=ref).delete()
    ledger.append(subject=f"person:{ref}", kind=events.PERSON_FORGOTTEN, by=by, now=now, body={})


@transaction.atomic
def expire(*, now: datetime, limit: int = 1_000) -> int:
    """Delete up to `limit` values whose time is over, and keys left without values; returns how many values went."""
    due = VaultValue.objects.select_for_update(skip_locked=True).filter(expires_at__lte=now)
    rows = list(due.order_by("person_id", "field").values_list("id", "person_id", "field")[:limit])
    if not rows:
        return 0
    VaultValue.objects.filter(id__in=[row[0] for row in rows]).delete()
    PersonKey.objects.filter(ref__in={row[1] for row in rows}, values=None).delete()
    for ref, group in itertools.groupby(rows, key=lambda row: row[1]):
        body = {"fields": [row[2] for row in group]}
        ledger.append(subject=f"person:{ref}", kind=events.PERSON_EXPIRED, by=Actor.clock(), now=now, body=body)
    return len(rows)


def check_key() -> None:
    """At start: does the master key open what is kept? Raises Unavailable if not; nothing kept is fine."""
    newest = PersonKey.objects.order_by("-kept_at").first()
    if newest is not None:
        keys.unwrap(newest.ref, bytes(newest.wrapped))


def _tidy(values: Mapping[str, str]) -> dict[str, str]:
    """Known fields with something in them. Raises ValueError, BadInput."""
    tidy = {}
    for field, raw in values.items():
        known = personal.FIELDS.get(field)
        if known is None:
            raise ValueError(f"the vault has no field {field!r}")
        value = raw.strip().replace("\0", "")
        if len(value) > known.longest:
            raise BadInput(_("At most %(count)s characters.") % {"count": known.longest}, field=field)
        if value:
            tidy[field] = value
    if not tidy:
        raise BadInput(_("There is nothing to keep about this person."), field="name")
    return tidy


def _seal(persons: Sequence[Mapping[str, str]], purpose: str, now: datetime, expires_at: datetime) -> _Sealed:
    sealed = _Sealed([], [], [])
    for raw in persons:
        ref, key, tidy = uuid4(), keys.new_person_key(), _tidy(raw)
        sealed.persons.append((ref, keys.wrap(ref, key), now))
        for field, value in tidy.items():
            nonce, ciphertext = keys.encrypt(ref, field, key, value)
            blind = keys.blind(field, personal.FIELDS[field].normalise(value))
            sealed.values.append((ref, field, nonce, ciphertext, blind, purpose, now, expires_at))
        sealed.fields.append((ref, sorted(tidy)))
    return sealed


def _write(sealed: _Sealed) -> None:
    write_rows("switches_personkey", _PERSON, sealed.persons)
    write_rows("switches_vaultvalue", _VALUE, sealed.values)


def _open(refs: Sequence[UUID], now: datetime) -> dict[UUID, dict[str, str]]:
    """ref → field → plain value, of values not yet expired; one statement."""
    rows = VaultValue.objects.filter(person_id__in=refs, expires_at__gt=now).select_related("person")
    opened: dict[UUID, dict[str, str]] = {}
    unwrapped: dict[UUID, bytes] = {}
    for row in rows.order_by("id"):
        ref = row.person_id
        if ref not in unwrapped:
            unwrapped[ref] = keys.unwrap(ref, bytes(row.person.wrapped))
        value = keys.decrypt(ref, row.field, unwrapped[ref], bytes(row.nonce), bytes(row.ciphertext))
        opened.setdefault(ref, {})[row.field] = value
    return opened


def _check_reason(reason: str, values: Mapping[str, str]) -> None:
    """A reason goes into the ledger for good, so it must not carry the very data it asks for."""
    words, digits = personal.normalise_words(reason), personal.normalise_phone(reason)
    for field, value in values.items():
        normalised = personal.FIELDS[field].normalise(value)
        if len(normalised) >= 2 and normalised in (digits if field == "phone" else words):
            raise BadInput(_("Give the reason without the person's name, number or address."), field="reason")
    if len(digits) >= 11:
        raise BadInput(_("Give the reason without telephone or identity numbers."), field="reason")
