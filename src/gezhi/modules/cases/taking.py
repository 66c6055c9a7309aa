"""The one intake door: one report or ten thousand, idempotent by (source, source id)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.modules.cases import intake
from gezhi.modules.cases.intake import Prepared, Receipt, Report

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
