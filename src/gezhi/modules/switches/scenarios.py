"""Turning scenario switches on and off: asked by one, approved by another, for a time, on record.

This is the writing half; `queries.is_on` and `queries.switches` read.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, WrongState
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import events, policies
from gezhi.modules.switches.known import KNOWN, LONGEST_DAYS
from gezhi.modules.switches.models import ScenarioSwitch


@transaction.atomic
def ask(*, key: str, legal_basis: str, purpose: str, expires_at: datetime, by: Actor, now: datetime) -> int:
    """Ask for a switch; returns the request's id.

    Raises NotAllowed, NotThere (unknown switch), BadInput (basis or purpose missing, expiry past or beyond a year),
    WrongState (a request for it waits already).
    """
    asker = policies.check_may_ask(by)
    _check_known(key)
    basis, goal = legal_basis.strip(), purpose.strip()
    problems: list[tuple[str, object]] = []
    for field, text in (("legal_basis", basis), ("purpose", goal)):
        if not 4 <= len(text) <= 500:
            problems.append((field, _("Between 4 and 500 characters.")))
    if not now < expires_at <= now + timedelta(days=LONGEST_DAYS):
        problems.append(("expires_at", _("A switch ends in the future, at most a year from now.")))
    if problems:
        raise BadInput(problems[0][1], field=problems[0][0], problems=problems)
    lapsed = ScenarioSwitch.objects.filter(key=key, approved=None, ended_at=None, expires_at__lte=now)
    lapsed.update(ended_at=now, ended_by=Actor.clock().ref)
    try:
        with transaction.atomic():
            row = ScenarioSwitch.objects.create(
                key=key, legal_basis=basis, purpose=goal, asked_by=asker, asked_at=now, expires_at=expires_at
            )
    except IntegrityError as twice:
        raise WrongState(_("Somebody has asked for this switch already; that request waits for a decision.")) from twice
    body = {"request": row.id, "legal_basis": basis, "purpose": goal, "expires_at": expires_at.isoformat()}
    ledger.append(subject=f"switch:{key}", kind=events.SWITCH_ASKED, by=by, now=now, body=body)
    return row.id


@transaction.atomic
def decide(*, request: int, approve: bool, by: Actor, now: datetime) -> None:
    """Approve a request (the switch is on from now) or refuse it. An earlier approval of the same switch ends.

    Raises NotThere, NotAllowed (no right, or the asker), WrongState (decided already, expiry passed).
    """
    row = ScenarioSwitch.objects.select_for_update().filter(id=request).first()
    if row is None:
        raise NotThere(_("There is no such request."))
    approver = policies.check_may_approve(by, row.asked_by)
    if row.approved is not None or row.ended_at is not None:
        raise WrongState(_("This request has been decided already."))
    if approve and row.expires_at <= now:
        raise WrongState(_("The time asked for is over; ask again."))
    if approve:
        _live(row.key).update(ended_at=now, ended_by=by.ref)
    row.approved, row.approver, row.decided_at = approve, approver, now
    if not approve:
        row.ended_at, row.ended_by = now, by.ref
    row.save()
    kind = events.SWITCH_APPROVED if approve else events.SWITCH_REFUSED
    ledger.append(subject=f"switch:{row.key}", kind=kind, by=by, now=now, body={"request": row.id})


@transaction.atomic
def turn_off(*, key: str, by: Actor, now: datetime) -> None:
    """Off at once. Raises NotAllowed, NotThere (unknown switch), WrongState (it is off)."""
    policies.check_may_turn_off(by)
    _check_known(key)
    if not _live(key).filter(expires_at__gt=now).update(ended_at=now, ended_by=by.ref):
        raise WrongState(_("This switch is off."))
    ledger.append(subject=f"switch:{key}", kind=events.SWITCH_OFF, by=by, now=now, body={})


def _live(key: str) -> QuerySet[ScenarioSwitch]:
    return ScenarioSwitch.objects.filter(key=key, approved=True, ended_at=None)


def _check_known(key: str) -> None:
    if key not in KNOWN:
        raise NotThere(_("There is no such switch."))
