"""The profiles that ship, and the two that show other places: what the mission says of them is in them."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar
import pytest
import shapely
from jsonschema import Draft202012Validator
from shapely.geometry import shape

from gezhi.engines.workclock import parse_limit
from gezhi.modules.switches.profiles import Profile, check, known, read, read_import_map
from gezhi.modules.switches.profiles.sentences import SCHEMAS

HERE = Path(__file__).resolve()
PROFILES = HERE.parents[3] / "profiles"
DATA = HERE.parents[5] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the data folder ../shared/data is not here")


@cache
def shipped(name: str) -> Profile:
    return read(name)


def test_known_profiles_are_sound() -> None:
    assert known() == ["base", "qinhuai"]
    assert [check(name) for name in known()] == [[], []]


def test_the_national_catalogue_is_whole_and_in_two_languages() -> None:
    catalogue = shipped("base").catalogue
    assert catalogue.standard == "GB/T 47678.5-2026"
    assert (len(catalogue.of_kind("component")), len(catalogue.of_kind("event"))) == (153, 250)
    assert len({(one.kind, one.code) for one in catalogue.classes}) == 403
    for one in catalogue.classes:
        assert one.name, one.code
        assert one.name_en, one.code
        assert one.name_en.isascii(), one.code
        assert one.code.startswith(one.major_code)
        assert one.unit_kind, one.code
        assert one.supervisor_kind, one.code
        assert one.supervisor_kind != one.unit_kind, one.code
        assert one.basis, one.code
        assert one.grid in {"", "report", "handle"}
        assert not one.local
        assert one.conditions, one.code
        for condition in one.conditions:
            assert parse_limit(condition.limit).amount > 0
            assert set(condition.filing) == set(condition.closing) == {"zh", "en"}


@pytest.mark.clause("SZ-5")
def test_the_catalogue_of_2013_is_beside_it() -> None:
    older = shipped("base").standards[1]
    assert older.standard == "GB/T 30428.2-2013"
    assert (len(older.of_kind("component")), len(older.of_kind("event"))) == (121, 83)
    assert Counter(one.certainty for one in older.classes) == {
        "corroborated": 134,
        "inherited": 61,
        "inferred": 4,
        "unknown": 5,
    }
    assert all(one.conditions and one.unit_kind and one.name_en.isascii() for one in older.classes)
    pairs = shipped("base").crosswalks[0].pairs
    assert len(pairs) == 422
    assert (sum(1 for pair in pairs if not pair.old), sum(1 for pair in pairs if not pair.new)) == (218, 19)


@pytest.mark.clause("SZ-5")
def test_qinhuai_has_local_classes_of_its_own() -> None:
    classes = shipped("qinhuai").catalogue.classes
    assert sorted(one.code for one in classes if one.local) == [
        "01098",
        "01099",
        "05099",
        "06098",
        "06099",
        "09098",
        "09099",
    ]
    assert len([one for one in classes if not one.local]) == 403


def test_names_in_english_tell_classes_apart() -> None:
    for kind in ("component", "event"):
        names = Counter(one.name_en for one in shipped("base").catalogue.of_kind(kind))
        assert [name for name, times in names.items() if times > 1] == []


def test_a_missing_manhole_cover_is_urgent() -> None:
    cover = shipped("base").catalogue.get("01003")
    assert cover is not None
    assert (cover.name, cover.limit, cover.unit_kind) == ("雨水井盖异常", "2 urgent_hours", "drainage")
    assert len(cover.conditions) > 1


@needs_data
def test_codes_and_names_are_those_of_the_standard() -> None:
    with (DATA / "catalogue" / "gbt47678_5_2026.csv").open(encoding="utf-8-sig") as file:
        standard = {(row["kind"], row["minor_code"]): row["minor"] for row in csv.DictReader(file)}
    assert {(one.kind, one.code): one.name for one in shipped("base").catalogue.classes} == standard


def test_every_day_of_the_calendar_is_as_published() -> None:
    clock = shipped("base").workclock
    day, last = date(2004, 1, 1), date(2026, 12, 31)
    while day <= last:
        assert clock.works(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)
    assert clock.day_hours == 8
    assert not clock.works(date(2027, 10, 1))
    assert clock.works(date(2027, 10, 8))


def test_administrators_have_one_right_each_and_nobody_else_has_one() -> None:
    technical = {post.key: post.capabilities for post in shipped("base").posts if post.technical}
    assert sorted(technical.values()) == [("administer.audit",), ("administer.security",), ("administer.system",)]
    business = [right for post in shipped("base").posts if not post.technical for right in post.capabilities]
    assert [right for right in business if right.startswith("administer.")] == []


@pytest.mark.clause("QH-7")
def test_qinhuai_has_its_grids_and_a_worker_for_each() -> None:
    profile = shipped("qinhuai")
    levels = Counter((area.level, area.layer) for area in profile.areas)
    assert levels == {
        ("district", "base"): 1,
        ("street", "base"): 12,
        ("community", "base"): 104,
        ("grid", "base"): 1026,
        ("grid", "exclusive"): 308,
        ("branch", "party"): 426,
        ("beat", "police"): 104,
        ("section", "roads"): 12,
        ("site", "sites"): 26,
        ("block", "blocks"): 6175,
    }
    workers = [held.area for one in profile.people if one.full_time for held in one.posts if held.post == "grid_worker"]
    assert sorted(filter(None, workers)) == sorted(area.code for area in profile.areas if area.level == "grid")
    assert all(area.synthetic for area in profile.areas if area.level != "district")


def test_qinhuai_grids_tile_the_district() -> None:
    layers = {layer.key for layer in shipped("qinhuai").layers if layer.shape == "polygon"}
    drawn_areas = [area for area in shipped("qinhuai").areas if area.layer in layers]
    shapes = {area.code: (area, shape(area.geometry)) for area in drawn_areas}
    assert all(drawn.is_valid and drawn.area > 0 for _, drawn in shapes.values())
    district = shapes["320104"][1]
    base = [drawn for area, drawn in shapes.values() if area.level == "grid" and area.layer == "base"]
    assert shapely.union_all(base).symmetric_difference(district).area < 1e-5 * district.area
    assert abs(sum(drawn.area for drawn in base) / district.area - 1) < 1e-5
    for area, drawn in shapes.values():
        if area.level == "grid":
            parent = shapes[str(area.parent_code)][1]
            assert drawn.difference(parent).area < 1e-3 * drawn.area, area.code


@pytest.mark.clause("YZ-1")
def test_qinhuai_grids_are_made_of_blocks_and_most_have_about_the_norm() -> None:
    blocks = [area for area in shipped("qinhuai").areas if area.layer == "blocks"]
    grids = [area for area in shipped("qinhuai").areas if area.layer == "base" and area.level == "grid"]
    assert sum(one.households or 0 for one in blocks) == sum(one.households or 0 for one in grids)
    even = [one for one in grids if 250 <= (one.households or 0) <= 350]
    assert 0.75 < len(even) / len(grids) < 0.95
    whole = shapely.union_all([shape(one.geometry) for one in blocks if str(one.parent_code) == "320104001001"])
    community = next(a for a in shipped("qinhuai").areas if a.code == "320104001001")
    assert whole.symmetric_difference(shape(community.geometry)).area < 1e-12


@pytest.mark.clause("QH-8")
def test_qinhuai_has_its_organisations_and_thirty_systems() -> None:
    organisations = shipped("qinhuai").organisations
    assert len(organisations) >= 54
    assert sum(1 for one in organisations if one.systems) == 16
    assert sum(len(one.systems) for one in organisations) == 30
    assert sum(1 for one in organisations if one.kind == "street") == 12


@pytest.mark.clause("QH-1")
def test_each_street_has_its_member_of_the_standing_committee() -> None:
    profile = shipped("qinhuai")
    bound = [held.area for one in profile.people for held in one.posts if held.rank == "standing_committee"]
    assert sorted(filter(None, bound)) == [f"320104{number:03}" for number in range(1, 13)]


def test_everybody_is_invented_and_logins_are_memorable() -> None:
    people = {one.username: one for one in shipped("qinhuai").people}
    assert all(one.invented and one.name and one.name_en for one in people.values())
    for login in ("acceptor", "dispatcher", "water.handler", "water.leader", "g320104001001001", "system.admin"):
        assert login in people
    handlers = Counter(
        held.organisation for one in people.values() for held in one.posts if held.post == "unit_handler"
    )
    assert set(handlers.values()) == {2}


def test_reading_is_the_same_every_time() -> None:
    again = read("qinhuai")
    first = shipped("qinhuai")
    assert (again.fingerprint, again.people, again.areas) == (first.fingerprint, first.people, first.areas)


def test_boston_shows_another_place() -> None:
    profile = read(PROFILES / "boston")
    assert (profile.zone, profile.languages, profile.grid_level) == ("America/New_York", ("en",), "neighborhood")
    assert not profile.workclock.works(date(2011, 11, 24))
    assert profile.workclock.works(date(2011, 11, 25))
    assert len(profile.catalogue.classes) == 129
    assert profile.texts["portal_emergency"]["en"].endswith("call 911.")
    assert all(area.geometry is not None for area in profile.areas)


@needs_data
def test_pingshan_takes_its_outlines_from_the_data_folder() -> None:
    profile = read(PROFILES / "pingshan", data=DATA)
    levels = Counter(area.level for area in profile.areas if area.geometry is not None)
    assert levels == {"street": 6, "community": 23}
    areas = {area.code: area for area in profile.areas}
    inside = [
        shape(area.geometry).representative_point().within(shape(areas[str(area.parent_code)].geometry).buffer(0.005))
        for area in profile.areas
        if area.level == "community"
    ]
    assert sum(inside) >= 21


def test_pingshan_without_the_data_folder_says_what_is_missing() -> None:
    problems = check(PROFILES / "pingshan")
    assert [problem.line for problem in problems] == [10, 15]
    assert all("lies in a data folder, and none was given" in problem.problem for problem in problems)


def test_import_maps_are_sound() -> None:
    maps = {path.stem: read_import_map(path) for path in sorted((PROFILES / "maps").glob("*.yaml"))}
    assert set(maps) == {"boston", "messages", "pingshan"}
    assert maps["pingshan"].fields["class"].columns == ("EVENT_TYPE_ID", "MAIN_TYPE_ID", "SUB_TYPE_ID")
    assert maps["pingshan"].missing == {"", "-"}
    assert maps["messages"].place is None
    assert not maps["messages"].history
    assert maps["boston"].place is not None
    assert maps["boston"].place.crs == "WGS84"


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_schemas_are_schemas(path: Path) -> None:
    Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


def test_every_file_names_its_schema() -> None:
    for path in SCHEMAS.parent.rglob("*.yaml"):
        heading = path.read_text("utf-8").splitlines()[0]
        named = heading.partition("# yaml-language-server: $schema=")[2]
        assert (path.parent / named).resolve().is_file(), path
