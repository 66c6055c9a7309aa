"""Whatever stands in a file: the reader answers with data or with problems inside that file, never with a fault."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gezhi.modules.switches.profiles import check
from gezhi.modules.switches.profiles.marked import Item, compose
from gezhi.modules.switches.profiles.merging import merged
from gezhi.modules.switches.profiles.problems import Mark, Notes

from .conftest import FILES, Hill

WORDS = st.text(st.sampled_from("abcXYZ 019-_:#,{}[]&*!|>%@`'\"\\é中文，~"), max_size=12)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)
YAMLISH = st.text(st.sampled_from("ab:1-{}[],&*!|>%@`\"'#?\t\n  é中\x07~<="), max_size=60)


def item(value: Any) -> Item:
    mark = Mark("x")
    if isinstance(value, dict):
        return Item({key: item(inner) for key, inner in value.items()}, mark, mark)
    if isinstance(value, list):
        return Item([item(inner) for inner in value], mark, mark)
    return Item(value, mark, mark)


@given(YAMLISH)
@settings(max_examples=250, deadline=None)
def test_any_text_gives_data_or_a_problem_inside_it(text: str) -> None:
    notes = Notes()
    found = compose(text, "x", notes)
    assert found is not None or notes.problems
    lines = text.splitlines() or [""]
    for problem in notes.problems:
        assert 1 <= problem.line <= len(lines) + 1
        assert 1 <= problem.column <= max(map(len, lines)) + 2
        assert problem.problem.endswith((".", "?"))


@given(st.dictionaries(WORDS, PLAIN, max_size=5))
@settings(max_examples=100, deadline=None)
def test_json_means_the_same(value: dict[str, Any]) -> None:
    notes = Notes()
    found = compose(json.dumps(value, ensure_ascii=False), "x", notes)
    assert not notes
    assert found is not None
    assert found.plain() == value


@given(PLAIN, PLAIN)
@settings(max_examples=100, deadline=None)
def test_laying_over_twice_changes_nothing_more(parent: Any, child: Any) -> None:
    once = merged(item(parent), item(child))
    if not _removes(child):
        assert merged(once, item(child)).plain() == once.plain()
    assert merged(None, item(child)).plain() == child


def _removes(value: Any) -> bool:
    return isinstance(value, dict) and any(inner is None or _removes(inner) for inner in value.values())


def test_what_merging_does() -> None:
    parent = {"a": {"x": 1, "y": [1, 2]}, "b": 2, "c": 3}
    child = {"a": {"y": [3], "z": 4}, "b": None}
    assert merged(item(parent), item(child)).plain() == {"a": {"x": 1, "y": [3], "z": 4}, "c": 3}
    alone = {"inherit": False, "a": {"z": 4}}
    assert merged(item(parent), item(alone)).plain() == alone


@given(st.sampled_from(sorted(FILES)), st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_never_breaks_the_reader(name: str, data: st.DataObject) -> None:
    text = FILES[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 25)))
    with tempfile.TemporaryDirectory() as folder:
        hill = Hill(Path(folder) / "hill")
        hill.write(name, text[:start] + data.draw(YAMLISH) + text[end:])
        for problem in check(hill.folder):
            file = Path(problem.file)
            assert problem.problem[0].isupper() or problem.problem[0] == "“"
            assert problem.problem.endswith((".", "?"))
            assert problem.line <= len(file.read_text("utf-8").splitlines()) + 1 if file.is_file() else 1
