"""Brings organisations and kinds of posts to what a profile says: idempotent, and nothing is ever deleted.

What the profile no longer names becomes inactive, because past cases still point to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.lib.texts import Text
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import events, policies, queries
from gezhi.modules.people.models import Organisation, PostKind
from gezhi.modules.people.queries import ADMINISTRATION_CAPABILITIES

ADDED = "added."  # begins the code of every unit that no profile names


class OrganisationSpec(Protocol):
    """A unit as a profile describes it; `systems` are titles of its own systems that feed the platform."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def parent_code(self) -> str | None: ...
    @property
    def systems(self) -> Sequence[Text]: ...
    @property
    def invented(self) -> bool: ...


class PostSpec(Protocol):
    """A kind of post as a profile describes it; a `technical` one is an administration. `duties` are shown to the
    public with the names of those who hold a `public` one."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> Text: ...
    @property
    def scope(self) -> str: ...
    @property
    def single(self) -> bool: ...
    @property
    def technical(self) -> bool: ...
    @property
    def capabilities(self) -> Iterable[str]: ...
    @property
    def public(self) -> bool: ...
    @property
    def duties(self) -> Sequence[Text]: ...


@dataclass(frozen=True, slots=True)
class Installed:
    """How many rows were made, changed, and set inactive (organisations and posts together)."""

    created: int
    changed: int
    retired: int


@transaction.atomic
def install(
    *, organisations: Sequence[OrganisationSpec], posts: Sequence[PostSpec], by: Actor, now: datetime
) -> Installed:
    """Make the tables say what the profile says; a second run changes nothing and leaves no entry.

    Technical posts are no rows; see `administration_of`. Raises NotAllowed; BadInput (a parent that is not among them,
    a unit above itself, a post that mixes business with administration).
    """
    policies.check_may_manage_accounts(by)
    _check_parents({spec.code: spec.parent_code for spec in organisations})
    _check_capabilities(posts)
    units = _install_organisations(organisations)
    kinds = _install_posts([spec for spec in posts if not spec.technical])
    done = Installed(units.created + kinds.created, units.changed + kinds.changed, units.retired + kinds.retired)
    if done != Installed(0, 0, 0):
        body = {
            "organisations": {"created": units.created, "changed": units.changed, "retired": units.retired},
            "posts": {"created": kinds.created, "changed": kinds.changed, "retired": kinds.retired},
        }
        ledger.append(subject="people", kind=events.INSTALLED, by=by, now=now, body=body)
    return done


def _check_parents(parents: Mapping[str, str | None]) -> None:
    for code, parent in parents.items():
        above, steps = parent, 0
        while above is not None:
            if above not in parents:
                raise BadInput(
                    _("The organisation %(code)s lies under %(parent)s, which is not there.")
                    % {"code": code, "parent": above},
                    field="organisations",
                )
            steps += 1
            if above == code or steps > len(parents):
                raise BadInput(
                    _("The organisation %(code)s lies under itself.") % {"code": code}, field="organisations"
                )
            above = parents[above]


def administration_of(post: PostSpec) -> str:
    """Which administration a technical post of a profile is: its value in `Account.administration`; "" for others."""
    if not post.technical:
        return ""
    given = frozenset(post.capabilities)
    return next((name for name, its in ADMINISTRATION_CAPABILITIES.items() if name and its == given), "")


def _check_capabilities(posts: Sequence[PostSpec]) -> None:
    """No business post administers, no technical post does anything but one administration."""
    for spec in posts:
        administers = any(name.startswith("administer.") for name in spec.capabilities)
        if spec.technical and not administration_of(spec):
            raise BadInput(
                _("The technical post %(key)s must be exactly one administration.") % {"key": spec.key}, field="posts"
            )
        if administers and not spec.technical:
            raise BadInput(_("The post %(key)s mixes business with administration.") % {"key": spec.key}, field="posts")


def _install_organisations(specs: Sequence[OrganisationSpec]) -> Installed:
    rows = {row.code: row for row in Organisation.objects.select_for_update()}
    new, changed = [], []
    for spec in specs:
        wanted = {
            "name": spec.name,
            "name_en": spec.name_en,
            "kind": spec.kind,
            "source_systems": [dict(title) for title in spec.systems],
            "invented": spec.invented,
            "active": True,
        }
        row = rows.get(spec.code)
        if row is None:
            rows[spec.code] = row = Organisation(code=spec.code, **wanted)
            new.append(row)
        elif _changes(row, wanted):
            changed.append(row)
    Organisation.objects.bulk_create(new)
    changed_codes = {row.code for row in changed}
    for spec in specs:
        row, parent = rows[spec.code], rows[spec.parent_code].id if spec.parent_code else None
        if row.parent_id != parent:
            row.parent_id = parent
            if row.code not in changed_codes:
                changed.append(row)
    fields = ["name", "name_en", "kind", "source_systems", "invented", "active", "parent"]
    Organisation.objects.bulk_update(changed, fields, batch_size=500)
    retired = Organisation.objects.exclude(code__in=[spec.code for spec in specs]).filter(active=True)
    retired = retired.exclude(code__startswith=ADDED)
    fresh = {row.code for row in new}
    queries.units_written()
    return Installed(len(new), len([row for row in changed if row.code not in fresh]), retired.update(active=False))


def _install_posts(specs: Sequence[PostSpec]) -> Installed:
    rows = {row.key: row for row in PostKind.objects.select_for_update()}
    new, changed = [], []
    for spec in specs:
        wanted = {
            "name": _zh(spec.title),
            "name_en": _en(spec.title),
            "scope": spec.scope,
            "single": spec.single,
            "capabilities": sorted(spec.capabilities),
            "public": spec.public,
            "duties": [dict(text) for text in spec.duties],
            "active": True,
        }
        row = rows.get(spec.key)
        if row is None:
            new.append(PostKind(key=spec.key, **wanted))
        elif _changes(row, wanted):
            changed.append(row)
    PostKind.objects.bulk_create(new)
    fields = ["name", "name_en", "scope", "single", "capabilities", "public", "duties", "active"]
    PostKind.objects.bulk_update(changed, fields, batch_size=500)
    retired = PostKind.objects.exclude(key__in=[spec.key for spec in specs]).filter(active=True)
    return Installed(len(new), len(changed), retired.update(active=False))


def _changes(row: Organisation | PostKind, wanted: Mapping[str, object]) -> bool:
    """Set what differs; was there any?"""
    differing = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _zh(text: Text) -> str:
    return text.get("zh") or next(iter(text.values()), "")


def _en(text: Text) -> str:
    return text.get("en", "")


@transaction.atomic
def add_organisation(*, name: str, kind: str, by: Actor, now: datetime) -> int:
    """Add a unit that no profile names (an import brought it), or find the active one of this name; its id.

    Installing a profile leaves it active. Raises NotAllowed, BadInput (no name, or one of more than 120 characters).
    """
    policies.check_may_manage_accounts(by)
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= 120 or not tidy.isprintable():
        raise BadInput(_("The name of a unit has 1 to 120 characters."), field="unit")
    known = Organisation.objects.filter(name=tidy, active=True).order_by("id").first()
    if known is not None:
        return known.id
    code = f"{ADDED}{sha256(tidy.encode()).hexdigest()[:24]}"
    row = Organisation.objects.filter(code=code).first()
    if row is not None:
        Organisation.objects.filter(id=row.id).update(active=True)
        queries.units_written()
        return row.id
    row = Organisation.objects.create(code=code, name=tidy, kind=kind)
    queries.units_written()
    body = {"organisation": row.id, "kind": kind}
    ledger.append(subject="people", kind=events.ORGANISATION_ADDED, by=by, now=now, body=body)
    return row.id
