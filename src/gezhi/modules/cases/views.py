"""Lists that people save: a queue with its filters under a name, for themselves or shared with the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, WrongState
from gezhi.modules.cases import policies
from gezhi.modules.cases.models import SavedView

MOST = 50


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A saved list; `query` is what stands behind the question mark of its address. `mine`: may be taken away."""

    id: int
    name: str
    queue: str
    query: str
    shared: bool
    mine: bool


def views(by: Actor) -> list[ViewLine]:
    """The actor's own lists and those shared with the desk, by name. One query."""
    rows = SavedView.objects.filter(Q(account=by.account_id) | Q(shared=True)).order_by("name", "id")
    return [ViewLine(r.id, r.name, r.queue, r.query, r.shared, r.account_id == by.account_id) for r in rows]


@transaction.atomic
def save(*, name: str, queue: str, query: str, shared: bool, by: Actor, now: datetime) -> int:
    """Save a list. Raises BadInput (no name, too long), WrongState (the name is taken, too many). No ledger entry: it
    is a bookmark, no trace of work."""
    policies.check_may_use_desk(by)
    if by.account_id is None:
        raise NotAllowed(_("Please sign in first."), code="not_signed_in")
    title = " ".join(name.split())
    if not title or len(title) > 60:
        raise BadInput(_("Give the list a name of at most 60 characters."), field="name")
    if len(query) > 500 or len(queue) > 80:
        raise BadInput(_("These filters are too long to be saved."), field="query")
    if SavedView.objects.filter(account=by.account_id).count() >= MOST:
        raise WrongState(_("You have %(most)d saved lists already; take one away first.") % {"most": MOST})
    try:
        with transaction.atomic():
            row = SavedView.objects.create(
                account_id=by.account_id, name=title, queue=queue, query=query, shared=shared, created_at=now
            )
    except IntegrityError as twice:
        raise WrongState(_("You have a list of this name already.")) from twice
    return row.id


@transaction.atomic
def drop(*, view: int, by: Actor, now: datetime) -> None:
    """Take one of one's own lists away. Raises NotThere."""
    if not SavedView.objects.filter(id=view, account=by.account_id).delete()[0]:
        raise NotThere(_("There is no such list of yours."))
