"""Suggestions: from names alone, learned from closed cases, kept with the case, judged by what people decided."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed
from gezhi.modules.advice import operations, queries, rates, service, suggesting
from gezhi.modules.advice.models import Suggestion, TrainedModel
from gezhi.modules.cases.models import Case
from gezhi.modules.ledger import queries as ledger
from tests.modules.advice.advised import learned
from tests.town import EAST, Town

pytestmark = pytest.mark.django_db
LEADER = Actor("account:5", 5, (), frozenset({"figures.see", "case.see.all"}))


def test_names_alone_suggest_before_any_case_is_closed(town: Town) -> None:
    serving = service.serving()
    assert serving is not None
    assert serving.id is None
    found = queries.classes("供水井盖坏了", at=town.now, channel="resident")
    assert found[0].key == "C01001"
    assert 0 < found[0].probability <= 1
    assert queries.classes("  ", at=town.now, channel="resident") == ()


def test_a_model_is_learned_judged_and_put_in_service(town: Town) -> None:
    covers, rubbish = learned(town)
    number = operations.train(by=Actor.system(), now=town.now)
    row = TrainedModel.objects.get(id=number)
    assert (row.outcome, row.in_service, row.examples) == ("in_service", True, 240)
    assert row.card["latest"]["accuracy"] > 0.9
    assert row.card["in_service"]["macro_f1"] < row.card["latest"]["macro_f1"]
    service.forget()
    found = queries.classes("门口垃圾堆着没人清运", at=town.now, channel="resident")
    assert found[0].key == rubbish != covers
    again = TrainedModel.objects.get(id=operations.train(by=Actor.system(), now=town.now + timedelta(days=1)))
    assert (again.outcome, again.in_service, bytes(again.content)) == ("too_few_new", False, b"")
    (entry,) = ledger.entries(f"model:{number}")
    assert entry.body["outcome"] == "in_service"
    assert "井盖" not in str(row.card["errors"])


def test_too_few_cases_are_said_to_be_too_few(town: Town) -> None:
    learned(town, 20)
    row = TrainedModel.objects.get(id=operations.train(by=Actor.system(), now=town.now))
    assert (row.outcome, row.in_service) == ("too_few", False)
    with pytest.raises(NotAllowed):
        operations.train(by=town.who("acceptor"), now=town.now)


@pytest.mark.clause("SZ-5")
def test_a_case_gets_a_class_then_a_unit_with_its_reason(town: Town) -> None:
    learned(town)
    suggesting.forget()
    case = town.until("verified", words="小区门口井盖破损").case
    assert operations.suggest(now=town.now) >= 1
    assert operations.suggest(now=town.now) == 0
    first = queries.for_case(case)
    assert first.classes[0].key == "C01001"
    assert first.units == ()
    town.act(case, "acceptor", "file", {"class": "C01001", "condition": "缺失或破损"})
    assert operations.suggest(now=town.now) == 1
    unit = queries.for_case(case).units[0]
    assert unit.organisation == town.unit("water")
    assert unit.accepted == unit.of == 120
    assert dict(unit.alike)
    town.act(case, "dispatcher", "dispatch", {"units": [town.unit("water")]})
    rates.forget()
    told = {one.kind: one for one in rates.rates(LEADER, since=town.now - timedelta(days=1))}
    assert (told["class"].decided, told["class"].first, told["class"].corrected) == (1, 1, 0)
    assert (told["unit"].decided, told["unit"].first) == (1, 1)


def test_odd_words_break_nothing(town: Town) -> None:
    for words in ("😀😀😀", "a" * 5000, "井蓋破損 broken manhole 破", "\u202e井盖\u200b", "。。。。"):
        town.report(words=words)
    operations.suggest(now=town.now)
    assert Suggestion.objects.count() >= 3
    assert queries.classes("井" * 1_000_000, at=town.now, channel="resident") is not None
    assert queries.found_in("2026年3月1日在解放路12号，电话13912345678，苏A12345") != ()
    assert not any("139" in one.text for one in queries.found_in("电话13912345678"))


def test_only_those_who_see_figures_see_models(town: Town) -> None:
    with pytest.raises(NotAllowed):
        rates.cards(town.who("water.handler"))
    assert rates.cards(LEADER) == []


def test_likely_duplicates_and_repeats(town: Town) -> None:
    town.report(words="路边井盖破损，很危险", klass="C01001", reporter=(("phone", "13912345678"),))
    case = town.report(words="路边井盖破了很危险", klass="C01001", at=(EAST[0] + 0.00005, EAST[1])).case
    words, later = "路边井盖破了很危险", town.now + timedelta(minutes=5)
    here = {"lon": EAST[0] + 0.00005, "lat": EAST[1], "at": later, "klass": "C01001", "words": words, "case": case}
    found = queries.likely(**here)  # type: ignore[arg-type]
    assert [one.kind for one in found] == ["duplicate"]
    person = str(Case.objects.get(id=found[0].case).reporter)
    assert [one.kind for one in queries.likely(**here, same_person={person})] == ["repeat"]  # type: ignore[arg-type]
    assert found[0].metres is not None
    assert found[0].metres < 10
    assert queries.likely(lon=None, lat=None, at=town.now, klass="", words="井盖") == []
    assert queries.likely(lon=118.9, lat=32.1, at=town.now, klass="C01001", words="井盖") == []


def test_hints_to_a_reply() -> None:
    codes = {
        one.code for one in queries.reply_hints(question="路灯不亮，什么时候修好？", reply="已收悉，感谢您的来电。")
    }
    assert {"no_action", "no_deadline"} <= codes
    whole = "您好，我单位3月2日受理后与您电话联系，已更换路灯灯泡，路灯于3月3日修好。"
    assert not {one.code for one in queries.reply_hints(question="路灯不亮", reply=whole)} & {"no_action", "off_topic"}
