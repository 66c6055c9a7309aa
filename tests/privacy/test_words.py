"""Which personal values are taken out of what people write, and that nothing else is."""

from __future__ import annotations

import time

import pytest

from gezhi.modules.cases import words
from gezhi.modules.cases.models import Case
from gezhi.modules.cases.operations import Place
from gezhi.modules.switches.models import VaultValue
from tests.town import EAST, Town

TAKEN = {
    "请打13812345678": ("请打〔电话〕", {"phone_in_words": "13812345678"}),
    "+86 138-1234-5678。": ("〔电话〕。", {"phone_in_words": "+86 138-1234-5678"}),
    "１３８１２３４５６７８": ("〔电话〕", {"phone_in_words": "13812345678"}),
    "座机025-84467731": ("座机〔电话〕", {"phone_in_words": "025-84467731"}),
    "证件320104198807154612": ("证件〔证件号〕", {"identity_in_words": "320104198807154612"}),
    "证件32010419880715461Ｘ": ("证件〔证件号〕", {"identity_in_words": "32010419880715461X"}),
    "邮箱li.ming@example.org，谢谢": ("邮箱〔邮箱〕，谢谢", {"email_in_words": "li.ming@example.org"}),
    "li＠example.org": ("〔邮箱〕", {"email_in_words": "li@example.org"}),
    "13812345678或15012345678": ("〔电话〕或〔电话〕", {"phone_in_words": "13812345678 15012345678"}),
}
LEFT = (
    "案件20261122000039",
    "井盖编号 138123456789",
    "2026-11-22 08:09",
    "门牌 1-1201",
    "@管理员",
    "路灯 A@3",
    "第3网格",
)


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_taken_out(text: str) -> None:
    assert words.take_out(text) == TAKEN[text]


@pytest.mark.parametrize("text", LEFT)
def test_what_stays(text: str) -> None:
    assert words.take_out(text) == (text, {})


@pytest.mark.parametrize("text", ["长" * 5_000, "1" * 5_000, "a" * 5_000, "a." * 2_500, "a@" * 2_500, "0-" * 2_500])
def test_it_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    words.take_out(text)
    assert time.perf_counter() - started < 0.5


def test_the_address_is_searched_like_the_words(town: Town) -> None:
    place = Place(lon=EAST[0], lat=EAST[1], address="一号楼，李家 13812345678")
    town.report(place=place, words="找 15012345678")
    assert Case.objects.get().address == "一号楼，李家 〔电话〕"
    assert VaultValue.objects.filter(field="phone_in_words").count() == 1
    case = town.report(at=None).case
    town.act(case, "acceptor", "place", {"place": {"lon": EAST[0], "lat": EAST[1], "address": "电话13812345678"}})
    assert Case.objects.get(id=case).address == "电话〔电话〕"
