"""The two national standards side by side, and old codes and names that mean new classes."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from gezhi.modules.catalogue import drafts, queries, standards
from tests.modules.catalogue.catalogue_world import ADMINISTRATOR, NOW, a_class, install, national

pytestmark = pytest.mark.django_db
DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "catalogue"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the data folder ../shared/data is not here")


@pytest.mark.clause("SZ-5")
def test_both_standards_are_known_with_their_counts() -> None:
    national()
    counts = {
        one.standard: [sum(1 for c in one.classes.values() if c.kind == kind) for kind in ("component", "event")]
        for one in standards.known()
    }
    assert counts == {"GB/T 47678.5-2026": [153, 250], "GB/T 30428.2-2013": [121, 83]}
    both = standards.side_by_side()
    assert both is not None
    assert len(both.steps) == 422
    assert both.counts == {"same": 163, "renamed": 22, "gone": 19, "new": 218}
    assert {one.key for one in standards.steps_of("GB/T 30428.2-2013", "C0101")[0:1] for one in [one.newer] if one} == {
        "C01001"
    }


@needs_data
def test_the_crosswalk_is_the_one_of_the_source() -> None:
    national()
    with (DATA / "crosswalk_30428_to_47678.csv").open(encoding="utf-8-sig") as file:
        source = Counter((row["kind"], row["code_2013"], row["code_2026"]) for row in csv.DictReader(file))
    both = standards.side_by_side()
    assert both is not None
    steps = Counter(
        (
            (step.older or step.newer).kind,  # type: ignore[union-attr]
            step.older.code if step.older else "",
            step.newer.code if step.newer else "",
        )
        for step in both.steps
    )
    assert steps == source
    with (DATA / "gbt30428_2.csv").open(encoding="utf-8-sig") as file:
        names = {(r["kind"], r["minor_code"]): r["minor"] for r in csv.DictReader(file) if r["basis"] != "unknown"}
    ours = {(c.kind, c.code): c.name for c in both.older.classes.values()}
    assert {key: ours[key] for key in names} == names
    assert Counter(both.older.certainty.values()) == {"corroborated": 134, "inherited": 61, "inferred": 4, "unknown": 5}


def test_old_words_mean_the_new_class_where_they_are_unambiguous() -> None:
    national()
    by_word = queries.in_force().by_word
    assert by_word["上水井盖"].key == "C01001"  # an old name
    assert by_word["C0101"].key == "C01001"  # an old key
    assert by_word["E0104"].name == "建筑物外立面污损"
    assert by_word["0158"].key == "C01058"  # an old code that only components had
    assert "0101" not in by_word  # a component and an event had it
    assert "E0505" not in by_word  # gone
    assert by_word["暴露垃圾"].key == "E06010"  # a name of both standards is today's


def test_with_the_old_standard_in_force_new_words_mean_its_classes() -> None:
    national()
    number = drafts.propose_standard(key="gbt30428-2013", by=ADMINISTRATOR, now=NOW)
    drafts.adopt(draft=number, by=ADMINISTRATOR, now=NOW)
    by_word = queries.in_force().by_word
    assert by_word["C01001"].key == "C0101"
    assert by_word["供水井盖"].key == "C0101"
    assert by_word["上水井盖"].key == "C0101"


def test_another_standard_learns_nothing() -> None:
    national()
    install(a_class(), standard="Own")
    assert "上水井盖" not in queries.in_force().by_word
    assert standards.steps_of("Own", "E06001") == ()


def test_before_a_profile_there_is_no_standard() -> None:
    assert standards.known() == ()
    assert standards.side_by_side() is None
    assert standards.named("GB/T 47678.5-2026") is None
