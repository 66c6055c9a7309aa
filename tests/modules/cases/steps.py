"""What tests of moves look at: a case, its clock and tasks, its reporter, and one that a unit has begun to work on."""

from __future__ import annotations

from gezhi.lib.actor import Actor
from gezhi.modules.cases import operations
from gezhi.modules.cases.models import Case, Clock
from tests.town import Town


def case(receipt: operations.Receipt) -> Case:
    return Case.objects.get(id=receipt.case)


def handle_clock(receipt: operations.Receipt) -> Clock:
    return Clock.objects.get(case=receipt.case, name="handle", stopped_at=None)


def tasks(receipt: operations.Receipt, kind: str) -> list[str]:
    return list(case(receipt).assignments.filter(kind=kind).order_by("id").values_list("stage", flat=True))


def reporter(receipt: operations.Receipt) -> Actor:
    return Actor(case(receipt).reported_by)


def at_work(town: Town) -> operations.Receipt:
    return town.until("signed")
