"""Chinese words of any length are found, in words and addresses, with other filters, whatever the case of letters."""

from __future__ import annotations

import pytest

from gezhi.modules.cases import queries
from gezhi.modules.cases.operations import Place
from gezhi.modules.cases.queries import Filters
from tests.town import EAST, Town


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("井盖", {"a", "b"}),
        ("盖", {"a", "b"}),
        ("井盖 破损", {"a"}),
        ("盖井", set()),
        ("wifi", {"c"}),
        ("100%", {"c"}),
        ("1_0", set()),
        ("梧桐路", {"b"}),
        ("🚧", {"c"}),
        ("井盖'; DROP TABLE cases_case; --", set()),
        ("垃圾\x00", set()),
    ],
)
def test_words_are_found(town: Town, word: str, found: set[str]) -> None:
    town.report(source_id="a", words="路边井盖破损")
    town.report(source_id="b", words="井盖响", place=Place(lon=EAST[0], lat=EAST[1], address="梧桐路 8 号"))
    town.report(source_id="c", words="WiFi 杆倒了🚧，100% 坏了")
    rows = queries.rows(town.who("acceptor"), queue=None, filters=Filters(words=word))
    named = {"路边井盖破损": "a", "井盖响": "b"}
    assert {named.get(row.words, "c") for row in rows} == found


@pytest.mark.django_db
def test_words_and_other_filters_together(town: Town) -> None:
    town.report(words="井盖破损")
    town.report(words="井盖破损", channel="hotline")
    town.report(words="垃圾", channel="hotline")
    rows = queries.rows(town.who("acceptor"), queue="event:reported", filters=Filters(words="井盖", channel="hotline"))
    assert len(rows) == 1


@pytest.mark.django_db
def test_a_number_is_looked_up_as_such(town: Town) -> None:
    receipt = town.report()
    town.report()
    rows = queries.rows(town.who("acceptor"), queue=None, filters=Filters(words=receipt.number))
    assert [row.number for row in rows] == [receipt.number]
