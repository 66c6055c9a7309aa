"""Writing cases: report, act, comment-free. The moves themselves are in `moves`, intake in `intake`."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotThere
from gezhi.modules.cases import policies
from gezhi.modules.cases.bulk import Outcome, act_many
from gezhi.modules.cases.calls import answered
from gezhi.modules.cases.intake import History, Receipt, Report
from gezhi.modules.cases.limits import fire_due, recount
from gezhi.modules.cases.models import Assignment, Case
from gezhi.modules.cases.moves import Moved, act
from gezhi.modules.cases.places import Place
from gezhi.modules.cases.presence import Beside, leave, stay
from gezhi.modules.cases.queues import CaseRow, row_of
from gezhi.modules.cases.rehoming import rehome
from gezhi.modules.cases.starting import Beginning, start
from gezhi.modules.cases.taking import report, report_many
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import vault

__all__ = [
    "Beginning",
    "Beside",
    "History",
    "Moved",
    "Outcome",
    "Place",
    "Receipt",
    "Report",
    "act",
    "act_many",
    "answered",
    "fire_due",
    "leave",
    "look_up_caller",
    "recount",
    "rehome",
    "report",
    "report_many",
    "reveal",
    "start",
    "stay",
]


@transaction.atomic
def look_up_caller(*, phone: str, by: Actor, now: datetime, size: int = 20) -> list[CaseRow]:
    """A caller's own earlier cases, newest first, by the exact number (the vault's blind index). On the record of
    whoever looked. Raises NotAllowed; a number that cannot be one finds nothing."""
    policies.check_may_look_up(by)
    persons = vault.find("phone", phone)
    rows = Case.objects.filter(policies.visible(by), reporter__in=persons).order_by("-id")[:size] if persons else []
    found = [row_of(case) for case in rows]
    body = {"found": len(found)}
    ledger.append(subject=by.ref, kind="person.looked_up", by=by, now=now, body=body)
    return found


@transaction.atomic
def reveal(*, case: int, field: str, reason: str, by: Actor, now: datetime) -> str:
    """One personal value of a case's reporter, for a reason; on the record of the person and of the case.

    Raises NotThere (foreign case, nothing kept), NotAllowed, BadInput. Show it after the commit only.
    """
    row = Case.objects.filter(id=case).first()
    if row is None or row.reporter is None:
        raise NotThere(_("This is not kept, or no longer kept."))
    policies.check_may_see(by, row, Assignment.objects.filter(case=row).values_list("unit_id", flat=True))
    value = vault.reveal(ref=row.reporter, field=field, by=by, reason=reason, now=now)
    body = {"field": field, "person": str(row.reporter)}
    ledger.append(subject=f"case:{case}", kind="person.revealed", by=by, now=now, body=body)
    return value
