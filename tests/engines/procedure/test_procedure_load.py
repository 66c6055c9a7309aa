"""Reading: what a document may say, and that each thing it may not say is told with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from procedure_world import EVENT, EVENT_FILE, LISTS, WHISTLE_FILE, changed, document

import gezhi
from gezhi.engines.procedure import ProcedureError, load

SCHEMA = Draft202012Validator(
    json.loads((Path(gezhi.__file__).parent / "profiles" / "schema" / "procedure.schema.json").read_text("utf-8"))
)
MOVES, FILE, DISPATCH = ("moves",), ("moves", "file"), ("moves", "dispatch")
TASK = ("assignments", "handling")

WRONG_SHAPE = [
    (("mvoes",), {}, ("mvoes",), "did you mean “moves”?"),
    (("stages",), None, (), "A procedure needs “stages”."),
    (("stages",), {}, ("stages",), "must not be empty"),
    (("version",), "one", ("version",), "whole number from 1"),
    (("duties", "accept"), {"post": "acceptor", "off": "centre"}, ("duties", "accept", "off"), "did you mean “of”?"),
    (
        ("duties", "accept", "of"),
        "the moon",
        ("duties", "accept", "of"),
        "write centre or assignment.unit or case.NAME",
    ),
    (("duties", "accept"), {}, ("duties", "accept"), "must say who holds it"),
    (("duties", "Accept"), {"reporter": True}, ("duties", "Accept"), "must begin with a small letter"),
    (("clocks", "accept", "limit"), "15 minutes", ("clocks", "accept", "limit"), "is no limit"),
    (("clocks", "accept"), {"running": "natural"}, ("clocks", "accept", "limit"), "A limit must be a word"),
    (("clocks", "accept", "running"), "backwards", ("clocks", "accept", "running"), "“natural” (round the clock)"),
    (("clocks", "handle", "amber"), "most", ("clocks", "handle", "amber"), "percentage"),
    ((*FILE, "use"), "extension", (*FILE, "use"), "“use” is not known in a move"),
    ((*FILE, "to"), None, FILE, "either “from” a stage “to” another"),
    ((*FILE, "in"), "accepted", FILE, "either “from” a stage “to” another"),
    ((*FILE, "at_most"), 0, (*FILE, "at_most"), "whole number from 1"),
    ((*FILE, "by"), None, FILE, "must say who makes it"),
    ((*FILE, "needs", "class"), {"zh": "分类"}, (*FILE, "needs", "class"), "which one kind"),
    ((*FILE, "needs", "class"), {"choice": ["one"]}, (*FILE, "needs", "class", "choice"), "at least two choices"),
    ((*DISPATCH, "needs", "units", "lead"), "last", (*DISPATCH, "needs", "units", "lead"), "can only be “first”"),
    ((*DISPATCH, "needs", "units", "reply"), True, (*DISPATCH, "needs", "units", "reply"), "only be said of a text"),
    ((*DISPATCH, "needs", "units", "units"), "few", (*DISPATCH, "needs", "units", "units"), "a range such as 1..9"),
    ((*TASK, "when_left"), None, TASK, "“when_left” must name the end stage"),
    (("apart",), [["handle"]], ("apart", 0), "pairs of two different duties"),
]
WRONG_NAME = [
    ((*FILE, "from"), "acepted", (*FILE, "from"), "The stage “acepted” is not defined"),
    ((*FILE, "by"), "acept", (*FILE, "by"), "The duty “acept” is not defined."),
    ((*FILE, "starts"), "ghost", (*FILE, "starts"), "The clock “ghost” is not defined."),
    ((*FILE, "to"), "accepted", (*FILE, "to"), "say “in: accepted” instead"),
    ((*FILE, "when"), "case.placed &&", (*FILE, "when"), "cannot be read"),
    ((*FILE, "when"), None, None, ""),
    ((*FILE, "else"), "no", (*FILE, "else"), "each condition has its own “else”"),
    (("moves", "accept", "else"), "no", ("moves", "accept", "else"), "there is no “when”"),
    ((*FILE, "records"), {"x": "inputs.clas"}, (*FILE, "records", "x"), "not among what the move needs"),
    ((*FILE, "due"), "file", (*FILE, "due"), "go with “by: clock”"),
    ((*FILE, "by"), "clock", (*FILE, "needs"), "cannot fill in fields"),
    ((*FILE, "opens"), "handling", (*FILE, "opens"), "one field of units"),
    ((*DISPATCH, "to"), "checking", DISPATCH, "does not hold them"),
    ((*DISPATCH, "opens"), "sweeping", (*DISPATCH, "opens", "sweeping"), "is not defined"),
    ((*DISPATCH, "needs", "units", "units"), "0..3", (*DISPATCH, "needs", "units", "units"), "begin at 1"),
    ((*DISPATCH, "needs", "photo"), {"photo": "1..20"}, (*DISPATCH, "needs", "photo", "photo"), "at most 9 photos"),
    (("moves", "feed_back", "after"), "handling.lead_gone", ("moves", "feed_back", "after"), "names the stage “gone”"),
    (("moves", "feed_back", "after"), "sweeping.all_done", ("moves", "feed_back", "after"), "“sweeping”, which is not"),
    (("moves", "feed_back", "after"), "handling.done", ("moves", "feed_back", "after"), "must say all, any or lead"),
    (("moves", "feed_back", "needs"), {"words": "text"}, ("moves", "feed_back"), "nobody can fill in fields"),
    (("moves", "fail_check", "reopens"), "handling.all_done", ("moves", "fail_check", "reopens"), "handling.done"),
    ((*TASK, "when_left"), "sent", (*TASK, "when_left"), "must name the end stage"),
    (
        (*TASK, "moves", "sign", "reopens"),
        "handling.done",
        (*TASK, "moves", "sign", "reopens"),
        "is not known in a move",
    ),
    (("stages", "filed", "clock"), "ghost", ("stages", "filed", "clock"), "The clock “ghost” is not defined."),
    (("stages", "filed", "assignments"), "ghost", ("stages", "filed", "assignments"), "“ghost” is not defined"),
    (("clocks", "sign", "on_due"), [{"notify": "ghost"}], ("clocks", "sign", "on_due", 0, "notify"), "“ghost” is not"),
    (("apart", 0, 0), "ghost", ("apart", 0, 0), "The duty “ghost” is not defined."),
    (("duties", "close"), {"same_as": "ghost"}, ("duties", "close", "same_as"), "“ghost” is not a duty"),
    (("duties", "close"), {"of": "centre"}, ("duties", "close"), "go with a post"),
    (("duties", "clock"), {"reporter": True}, ("duties", "clock"), "cannot be defined"),
    (("duties", "close", "rank_at_least"), "head", ("duties", "close"), "The rank “head” is not in “ranks”"),
]


def problems(doc: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    try:
        load(doc, lists=LISTS)
    except ProcedureError as error:
        return [(p.path, p.sentence) for p in error.problems]
    return []


@pytest.mark.parametrize(("path", "value", "at", "says"), [*WRONG_SHAPE, *WRONG_NAME])
def test_each_mistake_is_told_with_its_place(path: Any, value: Any, at: Any, says: str) -> None:
    found = problems(changed(path, value))
    if at is None:
        assert found == []
    else:
        assert [p for p, sentence in found if says in sentence] == [at], found
        assert all(sentence.endswith((".", "?")) or "cannot be read" in sentence for _, sentence in found)


@pytest.mark.parametrize(("path", "value", "at", "says"), WRONG_SHAPE)
def test_the_schema_for_editors_refuses_wrong_shapes_too(path: Any, value: Any, at: Any, says: str) -> None:
    assert not SCHEMA.is_valid(changed(path, value))


@pytest.mark.parametrize("file", [EVENT_FILE, WHISTLE_FILE])
def test_the_schema_for_editors_accepts_what_is_right(file: Path) -> None:
    assert [e.message for e in SCHEMA.iter_errors(document(file))] == []


def test_all_problems_come_at_once_with_file_line_and_column() -> None:
    doc = changed(("moves", "file", "by"), "ghost")
    doc["moves"]["close"]["to"] = "nowhere"
    with pytest.raises(ProcedureError) as caught:
        load(doc, where=lambda path: ("event.yaml", len(path), 1))
    assert [p.at for p in caught.value.problems] == [("event.yaml", 3, 1)] * 2
    assert str(caught.value).splitlines()[0] == "event.yaml:3:1: The duty “ghost” is not defined."


@pytest.mark.parametrize(
    "nonsense", [{}, [], "event", None, {"procedure": 3, "moves": 7, "duties": [1], "stages": "x"}]
)
def test_what_is_no_procedure_at_all_is_refused_whole(nonsense: Any) -> None:
    with pytest.raises(ProcedureError):
        load(nonsense)


def test_titles_fall_back_to_the_name_in_words() -> None:
    doc = changed(("moves", "pass_check", "en"), None)
    assert load(doc).moves["pass_check"].title == {"en": "Pass check", "zh": "核查通过"}


def test_choices_come_from_the_named_list_with_titles_where_given() -> None:
    titled = load(document(EVENT_FILE), lists={"void_reasons": {"unclear": {"zh": "不清", "en": "Unclear"}}})
    assert titled.moves["reject"].needs[0].choices == {"unclear": {"zh": "不清", "en": "Unclear"}}
    assert EVENT.moves["reject"].needs[0].choices["duplicate"] == {"en": "Duplicate"}
    assert load(document(EVENT_FILE)).moves["reject"].needs[0].list_name == "void_reasons"


def test_a_duty_may_be_a_list_of_ways_to_hold_it() -> None:
    doc = changed(("duties", "report"), [{"reporter": True}, {"post": "acceptor", "of": "centre"}])
    assert len(load(doc).duties["report"].holders) == 2
