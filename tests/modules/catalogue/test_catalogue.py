"""The catalogue: versions, words that find a class, and content that is refused whole."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed
from gezhi.modules.cases.models import Case
from gezhi.modules.catalogue import operations, queries
from gezhi.modules.catalogue.models import Catalogue, Class
from tests.town import MONDAY, Town


@dataclass(frozen=True)
class Row:
    """A class to install."""

    kind: str = "event"
    code: str = "001"
    name: str = "路面塌陷"
    name_en: str = "Sinkhole"
    major_code: str = "01"
    major: str = "市政"
    major_en: str = "Municipal"
    filing: str = ""
    closing: str = ""
    limit: str = "4 work_hours"
    unit_kind: str = "roads"
    conditions: tuple[dict[str, Any], ...] = field(default=())


def install(*rows: Row, by: Actor | None = None) -> int:
    done = operations.install(standard="Test", classes=rows, by=by or Actor.system(), now=MONDAY)
    queries.forget()
    return done


@pytest.mark.django_db
def test_the_same_content_is_the_same_version() -> None:
    first = install(Row(), Row(code="002", name="其他"))
    assert install(Row(), Row(code="002", name="其他")) == first
    second = install(Row(limit="2 urgent_hours"), Row(code="002", name="其他"))
    assert second != first
    assert Catalogue.objects.get(in_force=True).id == second
    assert install(Row(), Row(code="002", name="其他")) == first
    assert Class.objects.count() == 4


@pytest.mark.django_db
def test_a_class_is_found_by_key_unique_code_and_unique_name() -> None:
    install(Row(), Row(kind="component", name="井盖", name_en="Cover"), Row(code="002", name="井盖", name_en="Cover 2"))
    by_word = queries.in_force().by_word
    assert by_word["E001"].name == "路面塌陷"
    assert by_word["路面塌陷"].key == "E001"
    assert "001" not in by_word
    assert "井盖" not in by_word
    assert by_word["Cover"].key == "C001"
    assert [c.key for c in queries.in_force().reportable] == ["E001", "E002"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        Row(limit="soon"),
        Row(limit="3 moons"),
        Row(conditions=({"key": "a", "filing": {"zh": "破"}, "closing": {"zh": "好"}, "limit": "-1 min"},)),
    ],
)
def test_a_limit_that_cannot_be_read_stores_nothing(wrong: Row) -> None:
    with pytest.raises(BadInput):
        install(replace(Row(), code="009"), wrong)
    assert Class.objects.count() == 0


@pytest.mark.django_db
def test_a_code_that_stands_twice_stores_nothing() -> None:
    with pytest.raises(BadInput):
        install(Row(), Row(name="另一个"))
    assert Class.objects.count() == 0


@pytest.mark.django_db
def test_only_the_system_administrator_installs() -> None:
    with pytest.raises(NotAllowed):
        install(Row(), by=Actor("account:1", 1, (), frozenset({"administer.security"})))


def test_a_case_keeps_the_class_of_its_day(town: Town) -> None:
    case = town.until("filed").case
    install(Row(kind="component", code="01001", name="新名字"))
    row = Case.objects.get(id=case)
    assert (row.class_name, row.klass.code if row.klass else "") == ("供水井盖", "01001")
