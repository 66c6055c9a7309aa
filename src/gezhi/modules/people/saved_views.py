"""Saved views: a name for a list with its filters, one's own or shared with one's organisation.

Which queues and filters there are is known above; here a view is a queue's key ("" for all cases) and a few short
texts by name. Nothing personal is kept: words that look like somebody's number are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.briefly import Briefly
from gezhi.lib.errors import BadInput, NotThere, WrongState
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import events, policies
from gezhi.modules.people.models import SavedView

MOST = 40  # views of one account
MOST_SHOWN = 100  # own and shared together
WORDS = "q"  # the filter that people type
_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}|@")

kept: Briefly[tuple[int | None, frozenset[int]], list[ViewOnList]] = Briefly()


@dataclass(frozen=True, slots=True)
class ViewOnList:
    """A saved view as somebody sees it. `organisation`: with whom it is shared; `owner`: name of whose it is."""

    id: int
    name: str
    queue: str
    filters: Mapping[str, str]
    organisation: int | None
    account: int
    owner: str
    mine: bool


def of(by: Actor) -> list[ViewOnList]:
    """The actor's own views, then those shared with their organisations, each by name. One query, once a second."""
    return kept.get((by.account_id, by.organisations()), lambda: _seen(by))


def one(by: Actor, view_id: int) -> ViewOnList:
    """One of the views the actor sees. Raises NotThere."""
    found = [_view(row, by) for row in _visible(by).filter(id=view_id)]
    if not found:
        raise NotThere(_("There is no such view."))
    return found[0]


@transaction.atomic
def save(
    *, name: str, queue: str, filters: Mapping[str, str], organisation: int | None, by: Actor, now: datetime
) -> ViewOnList:
    """A new view of the actor's. Raises NotAllowed, BadInput (name, words), WrongState (as many as one may have)."""
    account = policies.check_may_save_views(by, organisation)
    tidy = _tidy(name)
    if _NUMBER.search(filters.get(WORDS, "")):
        raise BadInput(_("A view cannot keep a telephone number or another long number."), field="name")
    if sum(len(key) + len(value) for key, value in filters.items()) > 1000 or len(queue) > 80:
        raise BadInput(_("These filters are too long to be saved."), field="name")
    if SavedView.objects.filter(account=account).count() >= MOST:
        raise WrongState(_("You have as many saved views as there is room for; delete one first."))
    row = SavedView(
        account_id=account,
        organisation_id=organisation,
        name=tidy,
        queue=queue,
        filters=dict(filters),
        created_at=now,
    )
    _store(row)
    _write(events.VIEW_SAVED, row, by, now)
    return _view(row, by)


@transaction.atomic
def change(*, view_id: int, name: str, organisation: int | None, by: Actor, now: datetime) -> ViewOnList:
    """Another name, other people who see it. Raises NotThere, NotAllowed (somebody else's), BadInput."""
    row = _own(by, view_id)
    policies.check_may_save_views(by, organisation)
    row.name, row.organisation_id = _tidy(name), organisation
    _store(row)
    _write(events.VIEW_CHANGED, row, by, now)
    return _view(row, by)


@transaction.atomic
def delete(*, view_id: int, by: Actor, now: datetime) -> None:
    """Take a view away from everybody who saw it. Raises NotThere, NotAllowed (somebody else's)."""
    row = _own(by, view_id)
    _write(events.VIEW_DELETED, row, by, now)
    row.delete()


def _seen(by: Actor) -> list[ViewOnList]:
    found = [_view(row, by) for row in _visible(by).order_by("name", "id")[:MOST_SHOWN]]
    return sorted(found, key=lambda one: not one.mine)


def _visible(by: Actor) -> QuerySet[SavedView]:
    shared = Q(organisation__in=list(by.organisations()))
    return SavedView.objects.filter(Q(account=by.account_id) | shared).select_related("account")


def _own(by: Actor, view_id: int) -> SavedView:
    row = _visible(by).select_for_update(of=("self",)).filter(id=view_id).first()
    if row is None:
        raise NotThere(_("There is no such view."))
    policies.check_may_change_view(by, row)
    return row


def _tidy(name: str) -> str:
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= 40 or not tidy.isprintable():
        raise BadInput(_("A view's name has 1 to 40 characters."), field="name")
    if _NUMBER.search(tidy):
        raise BadInput(_("A view cannot keep a telephone number or another long number."), field="name")
    return tidy


def _store(row: SavedView) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        raise BadInput(_("You have a view of this name already."), field="name") from taken


def _write(kind: str, row: SavedView, by: Actor, now: datetime) -> None:
    """On record without its name and words; what was kept a second ago is old."""
    body = {"view": row.id, "queue": row.queue, "organisation": row.organisation_id}
    ledger.append(subject=f"account:{row.account_id}", kind=kind, by=by, now=now, body=body)
    kept.forget()
    transaction.on_commit(kept.forget)


def _view(row: SavedView, by: Actor) -> ViewOnList:
    return ViewOnList(
        id=row.id,
        name=row.name,
        queue=row.queue,
        filters={str(key): str(value) for key, value in row.filters.items()},
        organisation=row.organisation_id,
        account=row.account_id,
        owner=row.account.display_name,
        mine=row.account_id == by.account_id,
    )
