"""What is handed in: a table of values, right and wrong, for each kind of field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from procedure_world import NOW, person

from gezhi.engines.procedure import Advance, Facts, Refusal, advance, begin, load
from gezhi.lib.actor import HeldPost

NEEDS = {
    "text": {"text": 5}, "photo": {"photo": "1..2"}, "choice": {"choice": ["red", "blue"]},
    "number": {"number": "1..5"}, "units": {"units": "1..2"}, "class": "catalogue", "place": "place",
    "bool": "bool", "date": "date", "condition": "filing_condition", "open": {"choice": "colours"},
    "any": {"number": "0.."},
}  # fmt: skip
DOC = {
    "procedure": "form",
    "duties": {"fill": {"post": "clerk"}},
    "stages": {"open": {}, "shut": {"end": True}},
    "moves": {
        key: {"from": "open", "to": "shut", "by": "fill", "needs": {key: spec}} for key, spec in NEEDS.items()
    },
}  # fmt: skip
FORM = load(DOC)
CLERK = person(1, HeldPost("clerk"))


def fill(field: str, value: Any) -> Advance | Refusal:
    facts = Facts()
    return advance(FORM, begin(FORM, facts, NOW).state, field, CLERK, {field: value}, facts, NOW)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "abcde"), ("photo", [1]), ("photo", ("a", "b")), ("choice", "red"), ("number", 1), ("number", 4.5),
        ("units", [3, 4]), ("class", "0101"), ("place", {"lon": 1, "lat": 2.5}),
        ("place", {"area": 4, "address": "x"}), ("bool", False), ("date", "2026-03-02"), ("date", date(2026, 3, 2)),
        ("condition", "broken"), ("open", "green"), ("any", 10**9),
    ],
)  # fmt: skip
def test_right(field: str, value: Any) -> None:
    assert isinstance(fill(field, value), Advance)


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("text", "", "missing"), ("text", "  ", "missing"), ("text", None, "missing"), ("photo", [], "missing"),
        ("place", {}, "missing"), ("text", 5, "text"), ("text", "abcdef", "text_long"), ("photo", "a", "photo"),
        ("photo", [None], "photo"), ("photo", [1, 2, 3], "photo_count"), ("choice", "green", "choice"),
        ("choice", ["red"], "choice"), ("number", "3", "number"), ("number", True, "number"),
        ("number", 0, "number_small"), ("number", 5.1, "number_large"), ("number", float("nan"), "number"),
        ("number", float("inf"), "number"), ("units", "ab", "units"), ("units", [True], "units"),
        ("units", ["3"], "units"), ("units", [3, 3], "units_twice"), ("units", [1, 2, 3], "units_count"),
        ("class", 7, "class"), ("class", "x" * 81, "class"), ("place", "there", "place"),
        ("place", {"lon": 181, "lat": 0}, "place"), ("place", {"lon": 1}, "place"),
        ("place", {"lon": "1", "lat": 2}, "place"), ("place", {"area": "4"}, "place"), ("bool", 1, "bool"),
        ("bool", "true", "bool"), ("date", "soon", "date"), ("date", 20260302, "date"),
        ("condition", "x" * 501, "text_long"), ("open", 3, "choice"), ("any", -1, "number_small"),
    ],
)  # fmt: skip
def test_wrong(field: str, value: Any, key: str) -> None:
    refusal = fill(field, value)
    assert isinstance(refusal, Refusal)
    assert (refusal.sentence_key, refusal.field) == (key, field)
    assert refusal.kind == ("missing" if key == "missing" else "bad")
    assert "{" not in refusal.sentence


def test_counts_are_said() -> None:
    refusal = fill("photo", [1, 2, 3])
    assert isinstance(refusal, Refusal)
    assert refusal.sentence == "“Photo” takes 1 to 2 photos; there are 3."


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["lon", "lat", "area", "x"]), inner),
    max_leaves=6,
)


@given(st.sampled_from(sorted(NEEDS)), anything)
def test_nothing_handed_in_breaks_it(field: str, value: Any) -> None:
    outcome = fill(field, value)
    assert isinstance(outcome, Advance) or outcome.kind in ("missing", "bad")


@given(st.dictionaries(st.text(max_size=5), anything, max_size=3))
def test_unknown_fields_are_refused_by_name(extra: dict[str, Any]) -> None:
    outcome = advance(FORM, begin(FORM, Facts(), NOW).state, "bool", CLERK, {"bool": True, **extra}, Facts(), NOW)
    unknown = set(extra) - {"bool"}
    if unknown:
        assert isinstance(outcome, Refusal)
        assert unknown <= {outcome.field, *(o.field for o in outcome.others)}
