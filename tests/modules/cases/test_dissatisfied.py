"""The other setting of «what follows when the reporter is not satisfied»: the case goes back to dispatch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gezhi.lib.actor import Actor
from gezhi.modules.cases import operations
from gezhi.modules.cases.models import Case
from tests.conftest import ground
from tests.town import PROFILE, Town

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

pytestmark = pytest.mark.django_db
PHONE = (("phone", "13900001111"),)


@pytest.fixture(scope="module")
def town_ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """The test town as a city that opens such cases again."""
    with ground(django_db_blocker, profile=str(Path(PROFILE).parent / "again")) as now:
        yield now


def rated(town: Town, receipt: operations.Receipt, **said: object) -> Case:
    """The case after its reporter rated it by the link."""
    reporter = Actor(Case.objects.get(id=receipt.case).reported_by)
    town.act(receipt.case, reporter, "rate", said)
    return Case.objects.get(id=receipt.case)


@pytest.mark.parametrize("grade", [1, 2])
@pytest.mark.parametrize("phone", [(), PHONE])
def test_a_low_grade_by_the_link_sends_it_back_to_dispatch(
    town: Town, grade: int, phone: tuple[tuple[str, str], ...]
) -> None:
    receipt = town.until("over", reporter=phone)
    row = rated(town, receipt, grade=grade)
    assert (row.stage, row.rating, row.counts["reopened"]) == ("filed", None, 1)
    assert not row.assignments.filter(kind="visit", ended=False).exists()


def test_solved_though_displeasing_stays_closed(town: Town) -> None:
    assert rated(town, town.until("over", reporter=PHONE), grade=1, solved=True).stage == "closed"


def test_by_telephone_as_by_the_link(town: Town) -> None:
    receipt = town.until("over", reporter=PHONE)
    said = {"responded": True, "solved": False, "grade": 2}
    town.act(receipt.case, "visitor", "record_visit", said, assignment="visit-1-1")
    assert Case.objects.get(id=receipt.case).stage == "filed"


def test_what_was_said_the_last_time_opens_nothing_again(town: Town) -> None:
    receipt = town.until("over", reporter=PHONE)
    assert rated(town, receipt, grade=1, solved=False).stage == "filed"
    town.act(receipt.case, "centre.leader", "force_close", {"reason": "owner", "words": "转入工程"})
    assert Case.objects.get(id=receipt.case).stage == "closed"


def test_an_answer_that_was_never_dispatched_is_followed_by_a_call(town: Town) -> None:
    receipt = town.report(channel="hotline", reporter=PHONE)
    town.act(receipt.case, "acceptor", "answer_at_once", {"words": "窗口周六上午办理"})
    row = rated(town, receipt, grade=1, solved=False)
    assert row.stage == "closed"
    assert list(row.assignments.order_by("id").values_list("stage", flat=True)) == ["answered", "open"]
