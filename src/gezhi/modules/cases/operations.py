"""Writing cases: report, act, comment-free. The moves themselves are in `moves`, intake in `intake`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere
from gezhi.modules.cases import intake, policies
from gezhi.modules.cases.bulk import Outcome, act_many
from gezhi.modules.cases.calls import answered
from gezhi.modules.cases.intake import History, Prepared, Receipt, Report
from gezhi.modules.cases.limits import fire_due, recount
from gezhi.modules.cases.models import Assignment, Case
from gezhi.modules.cases.moves import Moved, act
from gezhi.modules.cases.places import Place
from gezhi.modules.cases.presence import Beside, leave, stay
from gezhi.modules.cases.queues import CaseRow, row_of
from gezhi.modules.cases.rehoming import rehome
from gezhi.modules.cases.starting import Beginning, start
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

_KNOWN = """
    SELECT source, source_id, id, number, query_code
    FROM unnest(%s::text[], %s::text[]) AS wanted (source, source_id) JOIN cases_case USING (source, source_id)
"""


def report(*, report: Report, by: Actor, now: datetime) -> Receipt:
    """Take one report. Raises BadInput with the field and its sentence; a known (source, source_id) gives its receipt.

    Two identical reports at the same moment: the database lets one in, the other gets the first one's receipt.
    """
    known = _known([report])
    if known:
        return known[(report.source, report.source_id)]
    prepared = intake.prepare([report], now=now)[0]
    if isinstance(prepared, BadInput):
        raise prepared
    try:
        with transaction.atomic():
            return intake.store([prepared], by=by, now=now)[0]
    except IntegrityError:
        known = _known([report])
        if not known:
            raise
        return known[(report.source, report.source_id)]


@transaction.atomic
def report_many(*, reports: Sequence[Report], by: Actor, now: datetime) -> list[Receipt | BadInput]:
    """Take many reports in one transaction: each gives its receipt or its refusal; the refused ones store nothing."""
    known = _known(reports)
    fresh: dict[tuple[str, str], Report] = {}
    for one in reports:
        key = (one.source, one.source_id)
        if key not in known:
            fresh.setdefault(key, one)
    outcome: dict[tuple[str, str], Receipt | BadInput] = dict(known)
    ready: list[Prepared] = []
    for one, prepared in zip(fresh.values(), intake.prepare(list(fresh.values()), now=now), strict=True):
        if isinstance(prepared, BadInput):
            outcome[(one.source, one.source_id)] = prepared
        else:
            ready.append(prepared)
    if ready:
        for done, receipt in zip(ready, intake.store(ready, by=by, now=now), strict=True):
            outcome[(done.report.source, done.report.source_id)] = receipt
    given: set[tuple[str, str]] = set()
    return [_once(outcome[(r.source, r.source_id)], (r.source, r.source_id), given) for r in reports]


def _once(outcome: Receipt | BadInput, key: tuple[str, str], given: set[tuple[str, str]]) -> Receipt | BadInput:
    """The second of two equal reports in one batch is known already."""
    if isinstance(outcome, BadInput) or key not in given:
        given.add(key)
        return outcome
    return Receipt(outcome.case, outcome.number, outcome.query_code, created=False)


def _known(reports: Sequence[Report]) -> dict[tuple[str, str], Receipt]:
    """What is there already of these, by (source, source_id): one look into its index for each."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [[one.source for one in reports], [one.source_id for one in reports]])
        rows = cursor.fetchall()
    return {(source, source_id): Receipt(i, number, code, created=False) for source, source_id, i, number, code in rows}


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
