"""Differences: what they name, and that they are the same seen from either side."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import settings as examples

from gezhi.modules.catalogue.content import ClassFact, digest
from gezhi.modules.catalogue.differences import between
from tests.modules.catalogue.catalogue_world import a_class, catalogues, condition

Facts = tuple[ClassFact, ...]


def test_each_changed_cell_is_named() -> None:
    before = a_class(conditions=(condition("a"), condition("b", "1 work_days")))
    after = replace(
        a_class(conditions=(condition("a", "2 urgent_hours"), condition("c"))), unit_kind="water", name="新名"
    )
    found = between([before, a_class("06002")], [after, a_class("06003")])
    assert [one.key for one in found.added] == ["E06003"]
    assert [one.key for one in found.removed] == ["E06002"]
    cells = {(one.condition, one.field): (one.before, one.after) for one in found.changed[0].cells}
    assert cells["", "name"] == ("事项06001", "新名")
    assert cells["", "unit_kind"] == ("street", "water")
    assert cells["", "conditions"] == ("a, b", "a, c")
    assert cells["a", "limit"] == ("4 work_hours", "2 urgent_hours")
    assert cells["b", "limit"] == ("1 work_days", "")
    assert cells["c", "filing_zh"] == ("", "发现")
    assert found.counts == {"added": 1, "removed": 1, "changed": 1}


@given(catalogues(), catalogues())
@examples(max_examples=60)
def test_differences_are_the_same_from_either_side(one: Facts, other: Facts) -> None:
    there, back = between(one, other), between(other, one)
    assert (there.added, there.removed) == (back.removed, back.added)
    turned = [{(c.condition, c.field): (c.after, c.before) for c in change.cells} for change in there.changed]
    assert turned == [{(c.condition, c.field): (c.before, c.after) for c in change.cells} for change in back.changed]


@given(catalogues(), catalogues())
@examples(max_examples=60)
def test_no_difference_means_the_same_digest_and_the_other_way_round(one: Facts, other: Facts) -> None:
    assert between(one, one).none
    assert between(one, other).none == (digest("S", one) == digest("S", other))
