"""The bulk path is the single path: the same reports one by one and in one batch leave the same rows behind."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.modules.cases import operations
from gezhi.modules.cases.models import Case, Clock
from gezhi.modules.cases.operations import History, Place, Receipt, Report
from gezhi.modules.ledger.models import Entry
from gezhi.modules.switches.models import VaultValue
from tests import town as towns
from tests.town import EAST, WEST

pytestmark = pytest.mark.django_db
BY = Actor("import")
OWN = {"id", "number", "query_code", "source", "reporter", "reported_by"}  # what is each case's own


def reports(now: datetime, source: str, unit: int) -> list[Report]:
    """Sixty reports of every sort, some of which cannot be taken; the same for each source."""
    dice = random.Random(7)
    places = [
        Place(),
        Place(*EAST),
        Place(*WEST, address="东街一号"),
        Place(area_name="东社区"),
        Place(area_code="999001001"),
    ]
    places += [Place(lon=0.0, lat=0.0), Place(area_name="火星")]
    found = []
    for n in range(60):
        past = now - timedelta(minutes=dice.randrange(60 * 24 * 30))
        closed = past + timedelta(hours=dice.randrange(-1, 60))
        history = History(closed_at=closed, due_at=past + timedelta(hours=20), unit=unit, level="grid")
        found.append(
            Report(
                channel=dice.choice(["hotline", "resident", "pigeon"]) if n % 9 == 0 else "hotline",
                source=source,
                source_id=str(n),
                words=dice.choice(["井盖破损", "请打 13912345678", "", "a\u200bb\x07 c"]),
                place=dice.choice(places),
                klass=dice.choice(["", "暴露垃圾", "C01001", "06001", "没有"]),
                class_name="别处的类",
                reporter=(("name", "司马相如"), ("phone", "137 0000 1111")) if n % 3 == 0 else (),
                reported_at=past,
                unit=None if n % 4 == 0 else unit,
                history=history if n % 4 == 0 else None,
            )
        )
    return found


def one_by_one(reports: list[Report], now: datetime) -> list[Receipt | BadInput]:
    """Each by the operation that the portal and the API call."""
    found: list[Receipt | BadInput] = []
    for report in reports:
        try:
            found.append(operations.report(report=report, by=BY, now=now))
        except BadInput as refused:
            found.append(refused)
    return found


def left_behind(source: str) -> list[dict[str, Any]]:
    """Everything there is of the cases of a source, without what is each case's own."""
    found = []
    for case in Case.objects.filter(source=source).order_by("source_id"):
        columns = {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields if f.name not in OWN}
        clocks = Clock.objects.filter(case=case).order_by("name").values()
        entries = Entry.objects.filter(subject=f"case:{case.id}").order_by("seq")
        kept = VaultValue.objects.filter(person=case.reporter)
        found.append(
            {
                **columns,
                "clocks": [{k: v for k, v in row.items() if k not in {"id", "case_id"}} for row in clocks],
                "entries": [(e.seq, e.at, e.kind, e.by, plain(e.body)) for e in entries],
                "vault": sorted(kept.values_list("field", "blind", "purpose")),
                "named": case.reporter is not None,
            }
        )
    return found


def plain(body: dict[str, Any]) -> dict[str, Any]:
    """A ledger entry's body without what is each case's own."""
    return {key: value for key, value in body.items() if key not in OWN}


def test_the_bulk_path_equals_the_single_path() -> None:
    town = towns.install()
    unit = town.unit("water")
    singly = one_by_one(reports(town.now, "singly", unit), town.now)
    in_bulk = operations.report_many(reports=reports(town.now, "in-bulk", unit), by=BY, now=town.now)
    assert left_behind("singly") == left_behind("in-bulk")
    assert 20 < Case.objects.filter(source="singly").count() < 60
    for one, other in zip(singly, in_bulk, strict=True):
        if isinstance(one, BadInput):
            assert isinstance(other, BadInput)
            assert (one.sentence, one.field, one.problems) == (other.sentence, other.field, other.problems)
        else:
            assert isinstance(other, Receipt)
            assert (one.created, other.created) == (True, True)
    again = operations.report_many(reports=reports(town.now, "in-bulk", unit), by=BY, now=town.now)
    assert [r for r in again if isinstance(r, Receipt) and r.created] == []
