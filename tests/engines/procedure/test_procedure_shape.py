"""What others rely on: pictures, JSON, sentences that translate, and speed."""

from __future__ import annotations

import json
import re
import timeit
from pathlib import Path

import pytest
from procedure_world import (
    ACCEPTOR,
    CHECKER,
    DISPATCHER,
    EVENT,
    NOW,
    PLUMBER,
    RESIDENT,
    WHISTLE,
    WORKER,
    Play,
    changed,
    facts,
)

from gezhi.engines import procedure as engine
from gezhi.engines.procedure import SENTENCES, Advance, Procedure, State, advance, as_json, begin, diagram, load

SOURCES = sorted(Path(engine.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("procedure", [EVENT, WHISTLE], ids=["event", "whistle"])
def test_diagrams_show_every_stage_and_move_and_never_change(procedure: Procedure, lang: str) -> None:
    picture = diagram(procedure, lang)
    assert picture == diagram(procedure, lang)
    for part in (*procedure.stages.values(), *procedure.every_move()):
        assert part.title.get(lang, part.title["en"]) in picture
    arrows = [line.strip() for line in picture.splitlines() if "-->" in line]
    assert all(re.fullmatch(r"(\[\*\]|\w+) --> (\[\*\]|\w+)( : [^:;\"#]+)?", arrow) for arrow in arrows)
    states = set(re.findall(r" as (\w+)", picture))
    assert {end for arrow in arrows for end in re.findall(r"\w+(?= -->)|(?<=--> )\w+", arrow)} <= states


def test_titles_cannot_break_a_diagram() -> None:
    doc = changed(("stages", "filed", "en"), 'a "b": c; #d\ne')
    assert "state \"a 'b'： c； ＃d e\" as case_filed" in diagram(load(doc), "en")


def test_a_diagram_begins_like_this() -> None:
    assert diagram(EVENT, "zh").splitlines()[:5] == [
        "---", "title: 事件处置", "---", "stateDiagram-v2", '    state "已收到" as case_received',
    ]  # fmt: skip
    assert "case_reported --> case_accepted : 受理（受理）" in diagram(EVENT, "zh")


def test_state_and_outcome_are_plain_json() -> None:
    play = Play().do("accept", ACCEPTOR).do("file", ACCEPTOR).do("dispatch", DISPATCHER)
    stored = json.loads(json.dumps(as_json(play.state)))
    assert State.from_json(stored) == play.state
    assert stored["hands"] == {"accept": [ACCEPTOR.ref], "dispatch": [DISPATCHER.ref]}
    assert json.dumps(as_json(play.last)) == json.dumps(as_json(play.last))
    assert State.from_json({"stage": "reported"}) == State("reported")


def test_every_sentence_is_used_and_whole() -> None:
    code = "".join(p.read_text("utf-8") for p in SOURCES if p.name != "refusals.py")
    for key, sentence in SENTENCES.items():
        assert f'"{key}"' in code, key
        assert sentence.endswith("."), key
        assert set(re.findall(r"{(\w*)}", sentence)) <= {
            "move", "procedure", "assignment", "stage", "kind", "times", "duty", "done", "field", "most", "least",
            "have", "value", "needs",
        }  # fmt: skip


def test_an_unjudged_condition_without_a_sentence_of_its_own_says_so() -> None:
    doc = changed(("moves", "accept", "when"), "case.height > 3")
    play = Play(load(doc))
    assert "not everything its condition asks for is known" in play.no("accept", ACCEPTOR).sentence
    play.facts.values["case"]["height"] = 2
    assert play.no("accept", ACCEPTOR).sentence == "“Accept” is not possible: its condition is not fulfilled."
    play.facts.values["case"]["height"] = 4
    play.do("accept", ACCEPTOR)


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ("case.tags.exists(t, t == 'gas')", True),
        ("size(case) > 2", True),
        ("case['level'] == 'major'", True),
        ("now > timestamp('2026-01-01T00:00:00Z')", True),
        ("days_since(case.closed_at) == 0", True),
        ("days_since(case.never) == 0", False),
        ("counts.rework == 0 && settings.rating_days == 30", True),
        ("case.words == 'case.nonsense'", False),
        ("case.size / 0 == 1", False),
    ],
)
def test_conditions_may_read_facts_in_any_way_cel_allows(condition: str, fits: bool) -> None:
    play = Play(load(changed(("moves", "accept", "when"), condition)), facts(tags=["gas"], level="major", size=1))
    assert isinstance(play.ask("accept", ACCEPTOR), Advance) is fits


def test_what_an_assignment_is_may_be_asked_by_its_moves() -> None:
    doc = changed(("assignments", "handling", "moves", "sign", "when"), "assignment.lead && assignment.round == 1")
    play = Play(load(doc)).do("accept", ACCEPTOR).do("file", ACCEPTOR).do("dispatch", DISPATCHER)
    assert len(engine.moves_open(play.procedure, play.state, WORKER, play.facts)) == 1
    assert play.no("sign", PLUMBER, "handling-1-2").kind == "condition"


def test_it_is_fast_enough_for_thousands_a_second() -> None:
    known = facts()
    new = begin(EVENT, known, NOW).state
    for what in (
        lambda: begin(EVENT, known, NOW),
        lambda: advance(EVENT, new, "accept", ACCEPTOR, {}, known, NOW),
        lambda: advance(EVENT, new, "accept", CHECKER, {}, known, NOW),
        lambda: advance(EVENT, new, "withdraw", RESIDENT, {}, known, NOW),
    ):
        assert min(timeit.repeat(what, number=200, repeat=5)) / 200 < 100e-6
