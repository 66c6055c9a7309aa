"""Class suggestion: probabilities, calibration, both scripts, learning, storing, and whatever is typed in."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.engines.triage import ClassModel, Figures, better, cold_start, figures, moment_context
from gezhi.engines.triage.figures import ModelCard, calibration_error

DAY = date(2026, 7, 1)
NAMES = {"垃圾": ["暴露垃圾", "垃圾清运"], "噪音": ["噪音扰民", "施工噪声"], "井盖": ["井盖破损", "雨水井盖"]}
PLACES = ["东门", "西街", "南巷", "北路", "中心广场", "河边", "桥头", "市场"]
WORDS = {
    "垃圾": ["垃圾没人清运", "垃圾堆得到处都是", "垃圾桶满了很臭"],
    "噪音": ["半夜施工噪音大", "广场舞太吵睡不着", "装修噪声扰民"],
    "井盖": ["井盖坏了很危险", "井盖丢了没人管", "下水道井盖松动响"],
}


def cases() -> tuple[list[str], list[str]]:
    """A few dozen different texts of three classes."""
    made = [(f"{place}{words}", label) for place in PLACES for label, some in WORDS.items() for words in some]
    return [text for text, _ in made], [label for _, label in made]


@pytest.fixture(scope="module")
def model() -> ClassModel:
    texts, labels = cases()
    return ClassModel.fit(texts, labels, on=DAY, names=NAMES | {"路灯": ["路灯不亮"]})


def test_it_suggests_with_probabilities(model: ClassModel) -> None:
    found = model.suggest("新村垃圾没人清理")
    assert found[0].label == "垃圾"
    assert pytest.approx(sum(one.probability for one in found)) == 1
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)


def test_both_scripts_and_widths_are_one(model: ClassModel) -> None:
    assert model.suggest("東門施工噪聲擾民１２") == model.suggest("东门施工噪声扰民12")


def test_a_class_without_cases_is_found_by_its_name(model: ClassModel) -> None:
    assert "路灯" in [one.label for one in model.suggest("路灯不亮", top=2)]


def test_the_card_says_how_it_did_on_unseen_cases(model: ClassModel) -> None:
    assert model.card.held_out is not None
    assert model.card.held_out.n == model.card.examples == len(cases()[0])
    assert model.card.held_out.macro_f1 > 0.9
    assert {one.label for one in model.card.errors} == set(WORDS)
    assert ModelCard.from_plain(model.card.as_plain()) == model.card


def test_it_is_stored_and_read_again(model: ClassModel) -> None:
    again = ClassModel.load(model.save())
    assert again.card == model.card
    assert again.suggest("桥头井盖坏了") == model.suggest("桥头井盖坏了")


@pytest.mark.parametrize("data", [b"", b"PK", b"\x80\x04K\x01.", cold_start(NAMES, on=DAY).save()[:200]])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="class-model"):
        ClassModel.load(data)


def test_a_cold_start_knows_names_and_synonyms() -> None:
    cold = cold_start(NAMES, on=DAY)
    assert cold.suggest("小区门口暴露垃圾")[0].label == "垃圾"
    assert cold.suggest("雨水井蓋")[0].label == "井盖"
    assert cold.card.held_out is None
    with pytest.raises(ValueError, match="one class"):
        cold_start({}, on=DAY)


def test_learning_brings_in_a_new_class_and_moves_an_old_one() -> None:
    texts, labels = cases()
    model = ClassModel.fit(texts, labels, on=DAY)
    before = model.probabilities(["东门井盖丢了"])[0, model.labels.index("井盖")]
    for _ in range(3):
        model.learn(["西街下水道井盖丢了", "东门井盖松动", "河边垃圾桶井盖很臭"], ["设施", "设施", "设施"])
    assert model.suggest("西街下水道井盖丢了")[0].label == "设施"
    assert model.probabilities(["东门井盖丢了"])[0, model.labels.index("井盖")] < before
    assert ClassModel.load(model.save()).suggest("西街下水道井盖丢了")[0].label == "设施"


def test_context_decides_where_words_do_not() -> None:
    texts = ["有人反映问题", "来电求助一下"] * 30
    labels = ["白天", "夜里"] * 30
    shifted = texts[1:] + texts[:1]
    contexts = [{"hour": "08"}, {"hour": "20"}] * 30
    model = ClassModel.fit(texts + shifted, labels + labels, on=DAY, contexts=contexts + contexts)
    assert model.suggest("有人反映问题", {"hour": "20"})[0].label == "夜里"
    assert model.suggest("有人反映问题", {"hour": "08"})[0].label == "白天"
    assert moment_context(datetime(2026, 7, 4, 21)) == {"hour": "20", "day": "weekend", "season": "2"}  # noqa: DTZ001


@pytest.mark.parametrize("text", ["", " ", "😀😀", "垃" * 1_000_000, "abc垃圾ＡＢＣ廢棄物🙂", "\ud800", "\0"])
def test_whatever_is_typed_gets_an_answer(model: ClassModel, text: str) -> None:
    found = model.suggest(text)
    assert len(found) == 4
    assert all(np.isfinite(one.probability) for one in found)


def test_all_of_one_class_and_a_single_case() -> None:
    assert ClassModel.fit(["甲", "乙", "丙"], ["x"] * 3, on=DAY).suggest("丁")[0].label == "x"
    assert ClassModel.fit(["甲"], ["x"], on=DAY).card.held_out is None
    assert ClassModel.fit(["", ""], ["x", "y"], on=DAY).suggest("丁")[0].label in "xy"
    with pytest.raises(ValueError, match="at least one case"):
        ClassModel.fit([], [], on=DAY)
    with pytest.raises(ValueError, match="one label"):
        ClassModel.fit(["甲"], [], on=DAY)


def test_only_a_better_model_goes_into_service() -> None:
    old = Figures(100, 0.8, 0.80, 0.9, 0.02)
    assert better(Figures(100, 0.8, 0.81, 0.9, 0.02), old).use
    assert not better(old, old).use
    assert not better(Figures(100, 0.8, 0.81, 0.9, 0.06), old).use
    with pytest.raises(ValueError, match="same cases"):
        better(Figures(99, 1, 1, 1, 0), old)


def test_figures_by_hand() -> None:
    found = figures(["a", "a", "b"], [["a"], ["b", "a"], ["b"]], [1.0, 1.0, 1.0])
    assert (found.accuracy, found.top3) == pytest.approx((2 / 3, 1.0))
    assert found.macro_f1 == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert found.ece == pytest.approx(1 / 3)
    assert calibration_error(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_many_are_as_one_by_one(model: ClassModel, texts: list[str]) -> None:
    together = model.probabilities(texts)
    single = np.concatenate([model.probabilities([text]) for text in texts])
    assert together == pytest.approx(single, abs=1e-4)
    assert together.sum(axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-4)
