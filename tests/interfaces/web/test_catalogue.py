"""The catalogue's pages for whoever works with it: found by code, name or an old word; lists; versions; files."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from gezhi.lib.actor import Actor
from gezhi.modules.catalogue import operations, queries
from tests.interfaces.visitor import as_, text_of
from tests.modules.catalogue import catalogue_world
from tests.town import Town, counted_queries


@pytest.fixture
def national(today: Town) -> Town:
    """The town's people in front of the national catalogue, with the local classes of a district."""
    catalogue_world.national()
    return today


@pytest.mark.clause("SZ-5")
def test_a_class_is_found_by_code_name_or_old_word(national: Town) -> None:
    acceptor = as_(national, "acceptor")
    page = text_of(acceptor.get("/desk/catalogue"))
    assert "GB/T 47678.5-2026" in page
    assert "Water supply manhole cover" in page
    for word in ("01001", "C01001", "供水井盖", "supply manhole", "上水井盖", "C0101"):
        found = text_of(acceptor.get("/desk/catalogue", q=word))
        assert "01001" in found, word
        assert "06010" not in found, word
    assert "No class matches" in text_of(acceptor.get("/desk/catalogue", q="没有这个词"))
    local = text_of(acceptor.get("/desk/catalogue", local="1", kind="event"))
    assert "09099" in local
    assert "06010" not in local
    assert "06010" in text_of(acceptor.get("/desk/catalogue", grid="handle", unit="sanitation", major="event-06"))


def test_the_list_goes_on_by_key_and_asks_the_same_whatever_its_length(national: Town) -> None:
    acceptor = as_(national, "acceptor")
    first = acceptor.get("/desk/catalogue")
    assert 'rel="next"' in first.content.decode()
    second = acceptor.get("/desk/catalogue", after="C01061")
    assert "01062" in text_of(second)
    assert acceptor.get("/desk/catalogue", after="nothing").status_code == 422
    counts = []
    for word in ("0", "暴露垃圾"):
        queries.forget()
        with counted_queries() as asked:
            acceptor.get("/desk/catalogue", q=word)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.clause("SZ-5")
def test_a_class_has_its_conditions_units_old_code_and_history(national: Town) -> None:
    acceptor = as_(national, "acceptor")
    page = text_of(acceptor.get("/desk/catalogue/classes/C01001"))
    for words in (
        "Water supply",
        "Water affairs",
        "2 urgent hours",
        "5 work days",
        "《城市供水条例》",
        "0101",
        "Renamed",
    ):
        assert words in page, words
    first = queries.in_force().id
    changed = [replace(one, name="新名") if one.key == "C01001" else one for one in queries.in_force().classes]
    kept = [one for one in changed if one.key != "E09099"]
    operations.install(standard="GB/T 47678.5-2026", classes=kept, by=Actor.system(), now=timezone.now())
    queries.forget()
    page = text_of(acceptor.get("/desk/catalogue/classes/C01001"))
    assert "供水井盖 → 新名" in page
    old = text_of(acceptor.get("/desk/catalogue/classes/C01001", version=first))
    assert f"As of version {first}" in old
    assert "No longer in the catalogue" in text_of(acceptor.get("/desk/catalogue/classes/E09099"))
    assert acceptor.get("/desk/catalogue/classes/E99999").status_code == 404
    assert acceptor.get("/desk/catalogue/classes/C01001", version="99999999").status_code == 404
    assert acceptor.get("/desk/catalogue/classes/C01001", version="x").status_code == 422


@pytest.mark.clause("SZ-5")
def test_both_standards_stand_side_by_side(national: Town) -> None:
    acceptor = as_(national, "acceptor")
    page = text_of(acceptor.get("/desk/catalogue/crosswalk"))
    assert "204" in page
    assert "403" in page
    renamed = text_of(acceptor.get("/desk/catalogue/crosswalk", status="renamed", kind="component"))
    assert "Tap water manhole cover" in renamed
    assert "Same" not in renamed.split("Certainty")[1]
    assert "Nothing matches." in text_of(acceptor.get("/desk/catalogue/crosswalk", q="没有"))


@pytest.mark.clause("SZ-5")
@pytest.mark.parametrize("key", ["management", "responsibility", "grid"])
def test_the_three_lists_are_pages_and_files(national: Town, key: str) -> None:
    acceptor = as_(national, "acceptor")
    assert acceptor.get(f"/desk/catalogue/lists/{key}").status_code == 200
    file = acceptor.get(f"/desk/catalogue/lists/{key}/file")
    assert file["Content-Disposition"].startswith("attachment; filename")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert len(rows) > 100
    assert acceptor.get("/desk/catalogue/lists/other").status_code == 404
    assert acceptor.get("/desk/catalogue/lists/other/file").status_code == 404


def test_versions_are_compared(national: Town) -> None:
    acceptor = as_(national, "acceptor")
    page = text_of(acceptor.get("/desk/catalogue/versions"))
    assert "The profile" in page
    numbers = [one.id for one in queries.versions()]
    told = text_of(acceptor.get("/desk/catalogue/versions/changes", **{"from": numbers[1], "to": numbers[0]}))
    assert "Test catalogue" not in told
    assert "Added" in told
    same = acceptor.get("/desk/catalogue/versions/changes", **{"from": numbers[0], "to": numbers[0]})
    assert "Nothing differs." in text_of(same)
    assert acceptor.get("/desk/catalogue/versions/changes", to=numbers[0]).status_code == 422
    assert acceptor.get("/desk/catalogue/versions/changes", **{"from": 1, "to": 99999999}).status_code == 404


def test_a_place_with_one_standard_and_no_lists_still_has_its_pages(today: Town) -> None:
    acceptor = as_(today, "acceptor")
    assert "knows one standard only" in text_of(acceptor.get("/desk/catalogue/crosswalk"))
    assert "Nothing is on this list." in text_of(acceptor.get("/desk/catalogue/lists/grid"))
    assert "Nobody supervises these classes." in text_of(acceptor.get("/desk/catalogue/lists/responsibility"))
    file = acceptor.get("/desk/catalogue/file")
    assert CalamineWorkbook.from_filelike(io.BytesIO(file.content)).sheet_names == ["Classes", "Conditions", "Notes"]
