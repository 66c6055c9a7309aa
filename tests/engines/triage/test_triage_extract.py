"""Particulars and masks: a table of sentences, spans that fit, nothing personal left."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.engines.triage import extract, masked

SENTENCES = [
    ("我住在龙田街道南布社区坪山大道12号3栋502室", "address", "龙田街道南布社区坪山大道12号3栋502室", None),
    ("投诉A7县康桥长郡小区物业", "address", "A7县康桥长郡小区", "a7县康桥长郡小区"),
    ("請問興寧市福興街道何時修路", "address", "興寧市福興街道", "兴宁市福兴街道"),
    ("市民张先生反映福田区红荔路与上步路交汇处有坑", "address", "福田区红荔路与上步路交汇处", None),
    ("昨天晚上10点半还在施工", "time", "昨天晚上10点半", None),
    ("2026年7月1日下午3点停水", "time", "2026年7月1日下午3点", "2026-07-01T15:00"),
    ("2026-07-01 10:30来过", "time", "2026-07-01 10:30", "2026-07-01T10:30"),
    ("7月1日停水", "time", "7月1日", "--07-01"),
    ("电话13812345678", "phone", "13812345678", "13812345678"),
    ("打138-1234-5678", "phone", "138-1234-5678", "13812345678"),
    ("電話０７５３－３３８８９９９", "phone", "０７５３－３３８８９９９", "07533388999"),
    ("一三八一二三四五六七八", "phone", "一三八一二三四五六七八", "13812345678"),
    ("电话0755-12345678", "phone", "0755-12345678", "075512345678"),
    ("电话：33889990", "phone", "33889990", "33889990"),
    ("身份证110101199003077758", "identity", "110101199003077758", "110101199003077758"),
    ("卡号4111 1111 1111 1111", "card", "4111 1111 1111 1111", "4111111111111111"),
    ("車牌粵B12345擋路", "plate", "粵B12345", "粤B12345"),
    ("粤B·D12345占道", "plate", "粤B·D12345", "粤BD12345"),
    ("欠薪3.5万元", "amount", "3.5万元", "3500000"),
    ("收了两百块钱", "amount", "两百块钱", "20000"),
    ("押金￥1,200不退", "amount", "￥1,200", "120000"),
    ("共计15万6千元", "amount", "15万6千元", "15600000"),
    ("三千二百元", "amount", "三千二百元", "320000"),
    ("三十多名工人讨薪", "people", "三十多名工人", "30"),
    ("5人受伤", "people", "5人", "5"),
    ("二十五户业主，两位老人", "people", "两位老人", "2"),
]


@pytest.mark.parametrize(("sentence", "kind", "text", "value"), SENTENCES, ids=[one[0] for one in SENTENCES])
def test_a_sentence_and_what_is_in_it(sentence: str, kind: str, text: str, value: str | None) -> None:
    found = [one for one in extract(sentence) if one.kind == kind]
    assert [one.text for one in found] == [text]
    if value is not None:
        assert found[0].value == value


@pytest.mark.parametrize(
    "sentence",
    ["人行道坏了", "希望教室装空调", "为何还不修路", "工单20260701123456", "第三人民医院不错", "😀😀", "", "一块地砖"],
)
def test_what_is_none(sentence: str) -> None:
    assert [one for one in extract(sentence) if one.kind not in ("address", "time")] == []


@pytest.mark.parametrize(
    "sentence", ["我市小区停车难", "公路旁边", "城市管理区域噪音", "过马路危险", "社区医院几时开门"]
)
def test_common_nouns_are_no_addresses(sentence: str) -> None:
    assert [one for one in extract(sentence) if one.kind == "address"] == []


def test_several_in_one_text_do_not_overlap() -> None:
    found = extract("粤B12345昨晚8点停在坪山大道12号，叫30多名工人交500元，电话13812345678")
    assert [one.kind for one in found] == ["plate", "time", "address", "people", "amount", "phone"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13812345678。", "电话138******78。"),
        ("138 1234 5678", "138 **** **78"),
        ("wx13812345678", "wx138******78"),
        ("證號110101199003077758", "證號110***************"),
        ("一三八一二三四五六七八", "一三八******七八"),
        ("０７５３－３３８８９９９", "０７５*－*****９９"),
        ("十二点三十分到的", "十二点三十分到的"),
    ],
)
def test_masks(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(
    st.text(max_size=40), st.from_regex(re.compile("1[3-9][0-9]{9}", re.ASCII), fullmatch=True), st.text(max_size=40)
)
def test_no_number_between_words_is_left(before: str, number: str, after: str) -> None:
    text = f"{before} 。{number}。 {after}"
    assert number not in masked(text)
    assert len(masked(text)) == len(text)


@given(
    st.text(
        alphabet=st.sampled_from("0123456789一二三零两百千万亿元人点分月日年路号街区社村粤Ba-： ，号栋"), max_size=60
    )
)
def test_spans_fit_and_order(text: str) -> None:
    found = extract(text)
    assert all(text[one.start : one.end] == one.text != "" for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize("piece", ["龙田街道南布社区坪山大道12号", "a1", "一", "1", "138", "二十人"])
def test_a_megabyte_is_read_in_a_moment(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.perf_counter()
    extract(text)
    masked(text)
    assert time.perf_counter() - began < 10
