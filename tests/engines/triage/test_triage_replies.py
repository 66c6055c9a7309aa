"""Reply check: four elements, relevance, open questions, boilerplate; hints are codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.engines.triage import check_reply

QUESTION = "坪山大道12号门前的路灯坏了两周，晚上很黑。什么时候能修好路灯？为什么物业收停车费五百元？"
GOOD = (
    "您好，您反映的坪山大道12号路灯不亮的问题，我局于2026年7月1日受理。7月2日工作人员到现场查看，已更换灯泡，"
    "并电话联系您说明情况；电缆将于7月10日前修复完成。物业收取停车费五百元一事，已约谈物业负责人。"
)
STOCK = "您好，您反映的问题已收悉，我们高度重视，将进一步加强管理，感谢您对我们工作的关心与支持。"


def codes(question: str, reply: str, **more: list[str]) -> list[str]:
    return [one.code for one in check_reply(question, reply, **more).hints]


def test_a_good_reply_has_no_hints() -> None:
    found = check_reply(QUESTION, GOOD, boilerplate=[STOCK])
    assert found.hints == ()
    assert found.completeness == 1
    assert found.accepted is not None
    assert GOOD[slice(*found.accepted)] == "2026年7月1日"
    assert found.deadline is not None
    assert GOOD[slice(*found.deadline)] == "7月10日"
    assert found.relevance > 0.4


def test_boilerplate_is_seen_and_lacks_everything() -> None:
    found = codes(QUESTION, STOCK, boilerplate=[STOCK])
    assert found[:4] == ["no_acceptance", "no_contact", "no_action", "no_deadline"]
    assert {"off_topic", "unanswered", "boilerplate"} <= set(found)


def test_the_open_question_is_pointed_at() -> None:
    half = GOOD.split("物业收取", maxsplit=1)[0]
    (hint,) = [one for one in check_reply(QUESTION, half).hints if one.code == "unanswered"]
    assert hint.span is not None
    assert QUESTION[slice(*hint.span)] == "为什么物业收停车费五百元？"


def test_an_answer_to_something_else_is_off_topic() -> None:
    assert "off_topic" in codes(
        "幼儿园学费太贵了", "2026年7月1日接到来电后，已联系您，并已清理河道淤泥，7月5日前完成。"
    )


@pytest.mark.parametrize("reply", ["", "  \n"])
def test_an_empty_reply(reply: str) -> None:
    assert codes(QUESTION, reply) == ["empty"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_are_looked_over(question: str, reply: str) -> None:
    found = check_reply(question, reply, boilerplate=[reply])
    assert 0 <= found.relevance <= 1
    assert 0 <= found.completeness <= 1
    assert 0 <= found.boilerplate <= 1
