"""Scenario switches: off by default, on only by two hands, for a time, with a legal basis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, WrongState
from gezhi.modules.ledger.models import Entry
from gezhi.modules.switches import queries, scenarios
from gezhi.modules.switches.known import KNOWN
from gezhi.modules.switches.models import ScenarioSwitch

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ASKER = Actor("account:1", 1, (), frozenset({"switch.ask", "switch.approve"}))
APPROVER = Actor("account:2", 2, (), frozenset({"administer.security"}))
MONTH = timedelta(days=30)

pytestmark = pytest.mark.django_db


def ask(key: str = "tracks", by: Actor = ASKER, now: datetime = NOW, **more: object) -> int:
    wanted = {"legal_basis": "防汛条例第十条", "purpose": "汛期巡堤", "expires_at": now + MONTH, **more}
    return scenarios.ask(key=key, by=by, now=now, **wanted)  # type: ignore[arg-type]


def test_all_are_off_and_described_in_both_languages() -> None:
    for view in queries.switches(NOW):
        assert not view.on
        assert not queries.is_on(view.key, NOW)
        assert all(view.title[lang] and view.meaning[lang] for lang in ("zh", "en"))
    assert set(KNOWN) == {"attendance", "tracks", "person_rankings", "employee_money", "assistant", "presence_by_place"}
    with pytest.raises(ValueError, match="no scenario switch"):
        queries.is_on("scoring_residents", NOW)


def test_on_after_two_hands_and_off_by_itself() -> None:
    request = ask()
    assert not queries.is_on("tracks", NOW)
    scenarios.decide(request=request, approve=True, by=APPROVER, now=NOW + timedelta(hours=1))
    assert not queries.is_on("tracks", NOW)
    assert queries.is_on("tracks", NOW + timedelta(hours=1))
    assert not queries.is_on("tracks", NOW + MONTH)
    view = next(v for v in queries.switches(NOW + timedelta(hours=2)) if v.key == "tracks")
    assert view.on
    assert view.granted
    assert (view.granted.asked_by, view.granted.approver) == (1, 2)
    kinds = Entry.objects.filter(subject="switch:tracks").order_by("seq").values_list("kind", "by")
    assert list(kinds) == [("switch.asked", "account:1"), ("switch.approved", "account:2")]


def test_the_asker_cannot_approve_nor_can_the_database_be_told_so() -> None:
    request = ask()
    with pytest.raises(NotAllowed, match="another person"):
        scenarios.decide(request=request, approve=True, by=ASKER, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScenarioSwitch.objects.filter(id=request).update(approved=True, approver=1, decided_at=NOW)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"legal_basis": " "}, "legal_basis"), ({"purpose": "x" * 501}, "purpose"), ({"expires_at": NOW}, "expires_at"),
     ({"expires_at": NOW + timedelta(days=367)}, "expires_at")],
)  # fmt: skip
def test_a_request_names_basis_purpose_and_an_end(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        ask(**wrong)
    assert refused.value.field == field
    assert not ScenarioSwitch.objects.exists()


def test_who_may_not() -> None:
    nobody = Actor("account:3", 3)
    with pytest.raises(NotAllowed):
        ask(by=nobody)
    with pytest.raises(NotAllowed):
        ask(by=Actor.system())
    request = ask()
    with pytest.raises(NotAllowed):
        scenarios.decide(request=request, approve=True, by=nobody, now=NOW)
    with pytest.raises(NotAllowed):
        scenarios.turn_off(key="tracks", by=nobody, now=NOW)
    with pytest.raises(NotThere):
        ask("scoring_residents")


def test_refused_ended_and_asked_again() -> None:
    request = ask()
    with pytest.raises(WrongState, match="already"):
        ask()
    scenarios.decide(request=request, approve=False, by=APPROVER, now=NOW)
    with pytest.raises(WrongState, match="decided"):
        scenarios.decide(request=request, approve=True, by=APPROVER, now=NOW)
    scenarios.decide(request=ask(), approve=True, by=APPROVER, now=NOW)
    scenarios.turn_off(key="tracks", by=APPROVER, now=NOW + timedelta(days=1))
    assert not queries.is_on("tracks", NOW + timedelta(days=1))
    with pytest.raises(WrongState, match="off"):
        scenarios.turn_off(key="tracks", by=APPROVER, now=NOW + timedelta(days=1))
    assert [r.state for r in queries.history("tracks", NOW + timedelta(days=1))] == ["ended", "refused"]


def test_a_request_nobody_decided_lapses_and_a_renewal_replaces() -> None:
    ask()
    later = NOW + MONTH
    renewed = ask(now=later)
    scenarios.decide(request=renewed, approve=True, by=APPROVER, now=later)
    again = ask(now=later + timedelta(days=20))
    scenarios.decide(request=again, approve=True, by=APPROVER, now=later + timedelta(days=20))
    assert queries.is_on("tracks", later + timedelta(days=45))
    states = [r.state for r in queries.history("tracks", later + timedelta(days=21))]
    assert states == ["on", "ended", "expired"]


def test_too_late_to_approve() -> None:
    request = ask()
    with pytest.raises(WrongState, match="over"):
        scenarios.decide(request=request, approve=True, by=APPROVER, now=NOW + MONTH)
