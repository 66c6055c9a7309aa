"""The catalogue: versions, words that find a class, and content that is refused whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gezhi.lib.errors import BadInput, NotAllowed
from gezhi.modules.cases.models import Case
from gezhi.modules.catalogue import queries
from gezhi.modules.catalogue.models import Catalogue, Class
from tests.modules.catalogue.catalogue_world import OTHERS, a_class, condition, install
from tests.town import Town


@pytest.mark.django_db
def test_the_same_content_is_the_same_version() -> None:
    first = install(a_class(), a_class("06002"))
    assert install(a_class(), a_class("06002")) == first
    second = install(a_class(conditions=(condition(limit="2 urgent_hours"),)), a_class("06002"))
    assert second != first
    assert Catalogue.objects.get(in_force=True).id == second
    assert install(a_class("06002"), a_class()) == first
    assert Class.objects.count() == 4


@pytest.mark.django_db
def test_limits_are_written_one_way() -> None:
    first = install(a_class(conditions=(condition(limit="2 work_hour"),)))
    assert install(a_class(conditions=(condition(limit="2  work_hours"),))) == first
    assert queries.in_force().classes[0].limit == "2 work_hours"


@pytest.mark.django_db
def test_a_class_is_found_by_key_unique_code_and_unique_name() -> None:
    install(
        a_class("001", name="路面塌陷", name_en="Sinkhole"),
        a_class("001", kind="component", name="井盖", name_en="Cover"),
        a_class("002", name="井盖", name_en="Cover 2"),
    )
    by_word = queries.in_force().by_word
    assert by_word["E001"].name == "路面塌陷"
    assert by_word["路面塌陷"].key == "E001"
    assert "001" not in by_word
    assert "井盖" not in by_word
    assert by_word["Cover"].key == "C001"
    assert [c.key for c in queries.in_force().reportable] == ["E001", "E002"]


@pytest.mark.django_db
@pytest.mark.parametrize("limit", ["soon", "3 moons", "-1 min", "", "0 work_days"])
def test_a_limit_that_cannot_be_read_stores_nothing(limit: str) -> None:
    with pytest.raises(BadInput) as refused:
        install(a_class("06009"), a_class(conditions=(condition(limit=limit),)))
    assert refused.value.field == "limit"
    assert Class.objects.count() == 0


@pytest.mark.django_db
def test_a_code_that_stands_twice_stores_nothing() -> None:
    with pytest.raises(BadInput, match="06001"):
        install(a_class(), a_class(name="另一个"))
    assert Class.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("by", OTHERS)
def test_only_the_system_administrator_installs(by: object) -> None:
    with pytest.raises(NotAllowed):
        install(a_class(), by=by)  # type: ignore[arg-type]


def test_a_case_keeps_the_class_of_its_day(town: Town) -> None:
    case = town.until("filed").case
    named = next(one for one in queries.in_force().classes if one.key == "C01001")
    install(replace(named, name="新名字"))
    row = Case.objects.get(id=case)
    assert (row.class_name, row.klass.name if row.klass else "", row.klass.code if row.klass else "") == (
        "供水井盖",
        "供水井盖",
        "01001",
    )
