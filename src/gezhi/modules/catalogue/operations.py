"""Putting a catalogue in force."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.engines import workclock
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.modules.catalogue import policies, queries
from gezhi.modules.catalogue.models import Catalogue, Class
from gezhi.modules.ledger import operations as ledger

FIELDS = (
    "kind",
    "code",
    "name",
    "name_en",
    "major_code",
    "major",
    "major_en",
    "filing",
    "closing",
    "limit",
    "unit_kind",
    "conditions",
)


class ClassSource(Protocol):
    """What is needed of a class to install it; a condition is {key, filing: Text, closing: Text, limit}."""

    @property
    def kind(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def major_code(self) -> str: ...
    @property
    def major(self) -> str: ...
    @property
    def major_en(self) -> str: ...
    @property
    def filing(self) -> str: ...
    @property
    def closing(self) -> str: ...
    @property
    def limit(self) -> str: ...
    @property
    def unit_kind(self) -> str: ...
    @property
    def conditions(self) -> Sequence[Mapping[str, Any]]: ...


def key_of(kind: str, code: str) -> str:
    """What a class is called within a catalogue: C for components, E for matters, then the code."""
    return f"{'C' if kind == 'component' else 'E'}{code}"


@transaction.atomic
def install(*, standard: str, classes: Sequence[ClassSource], by: Actor, now: datetime) -> int:
    """Put these classes in force as a new version, unless the one in force says the same. Returns its id.

    Raises BadInput for a duplicate code or a limit that cannot be read; nothing is stored then.
    """
    policies.check_may_install(by)
    rows = [{name: getattr(c, name) for name in FIELDS} for c in classes]
    _check(rows)
    said = json.dumps([standard, rows], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(said.encode()).hexdigest()
    known = Catalogue.objects.filter(digest=digest).first()
    if known is not None and known.in_force:
        return known.id
    Catalogue.objects.filter(in_force=True).update(in_force=False)
    if known is None:
        known = Catalogue.objects.create(standard=standard, digest=digest, adopted_at=now)
        Class.objects.bulk_create(
            [Class(catalogue=known, key=key_of(row["kind"], row["code"]), **row) for row in rows], batch_size=500
        )
    Catalogue.objects.filter(id=known.id).update(in_force=True)
    body = {"standard": standard, "classes": len(rows), "digest": digest}
    ledger.append(subject="catalogue", kind="catalogue.adopted", by=by, now=now, body=body)
    transaction.on_commit(queries.forget)
    return known.id


def _check(rows: Sequence[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for row in rows:
        key = key_of(row["kind"], row["code"])
        if key in seen:
            raise BadInput(_("The code %(code)s stands twice in the catalogue.") % {"code": row["code"]}, field="code")
        seen.add(key)
        for limit in (row["limit"], *(one["limit"] for one in row["conditions"])):
            _check_limit(row, limit)


def _check_limit(row: Mapping[str, Any], limit: str) -> None:
    try:
        workclock.parse_limit(limit)
    except ValueError as error:
        told = {"code": row["code"], "name": row["name"], "limit": limit}
        said = _("%(code)s %(name)s: the limit “%(limit)s” cannot be read.") % told
        raise BadInput(said, field="limit") from error
