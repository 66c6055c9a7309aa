"""Standards beside the catalogue, the one in force, and local classes: what a profile may say and may not."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from gezhi.modules.switches.profiles import Profile, check, read

from .conftest import Hill

HEAD = "kind,code,zh,en,conditions,unit,supervisor,grid,basis"
LOCAL = "event,{code},本地事项,Local matter,refuse,street,urban_management,report,"


@pytest.fixture
def city(tmp_path: Path) -> Hill:
    """A profile that keeps the national catalogue."""
    made = Hill(tmp_path / "hill")
    (made.folder / "catalogue.yaml").unlink()
    shutil.rmtree(made.folder / "catalogue")
    made.change("organisations.yaml", "  street:", KINDS + "  street:")
    return made


OWN = {"street", "centre", "government", "community"}  # kinds that the hill has, or that answer for nothing
ALL = sorted({one.unit_kind for one in read("base").catalogue.classes if one.unit_kind} - OWN)
KINDS = "".join(f"  u_{kind}: {{zh: 单位, en: Unit, kind: {kind}}}\n" for kind in ALL)


def add(city: Hill, *codes: str, catalogue: str = "") -> list[str]:
    """Write local classes of these codes; what is said about them."""
    city.write("catalogue/local.csv", "\n".join([HEAD, *(LOCAL.format(code=code) for code in codes), ""]))
    if catalogue:
        city.write("catalogue.yaml", catalogue)
    return [one.problem for one in check(city.folder)]


@pytest.mark.clause("SZ-5")
def test_local_classes_run_downward_from_99(city: Hill) -> None:
    assert add(city, "09099", "09098", "10099") == []
    profile = read(city.folder)
    assert [one.code for one in profile.catalogue.classes if one.local] == ["09098", "09099", "10099"]
    assert len(profile.catalogue.classes) == 406
    assert [len(one.classes) for one in profile.standards] == [403, 204]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (["09050"], "“09050” leaves “09099” free"),
        (["09099", "09097"], "“09097” leaves “09098” free"),
        (["09100"], "“09100” cannot be the code of a local class"),
        (["0999"], "“0999” cannot be the code of a local class"),
        (["09099x"], "“09099x” cannot be the code of a local class"),
    ],
)
def test_other_local_codes_are_refused(city: Hill, codes: list[str], words: str) -> None:
    assert any(words in one for one in add(city, *codes))


def test_a_withdrawn_code_leaves_a_gap(city: Hill) -> None:
    withdrawn = 'withdrawn: {event: ["09098"]}\n'
    assert add(city, "09099", "09097", catalogue=withdrawn) == []
    assert add(city, "09099", "09098", "09096", catalogue="local_from: 99\n") != []


def test_a_changed_national_class_is_not_local(city: Hill) -> None:
    assert add(city, "06010") == []
    profile = read(city.folder)
    changed = profile.catalogue.get("06010")
    assert changed is not None
    assert (changed.name, changed.local, len(profile.catalogue.classes)) == ("本地事项", False, 403)


@pytest.mark.clause("SZ-5")
def test_an_older_standard_can_be_the_one_in_force(city: Hill) -> None:
    assert add(city, "0499", catalogue="in_force: gbt30428-2013\n") == []
    profile: Profile = read(city.folder)
    catalogue = profile.catalogue
    assert (catalogue.standard, catalogue.key) == ("GB/T 30428.2-2013", "gbt30428-2013")
    assert Counter((one.kind, one.local) for one in catalogue.classes) == {
        ("component", False): 121,
        ("event", False): 83,
        ("event", True): 1,
    }
    assert [one.standard for one in profile.standards] == ["GB/T 47678.5-2026", "GB/T 30428.2-2013"]
    assert [len(one.classes) for one in profile.standards] == [403, 204]


def test_a_standard_that_is_not_there_is_named(city: Hill) -> None:
    said = add(city, catalogue="in_force: gbt30428\n")
    assert any("“gbt30428” is not a folder of standards. Did you mean “gbt30428-2013”?" in one for one in said)


STANDARD = """\
standard: Older
title: {zh: 旧, en: Old}
version: "1"
majors: {event: {"06": {zh: 环境, en: Environment}}}
"""
YAML, CROSSWALK, ROWS = "standards/old/standard.yaml", "standards/old/crosswalk.csv", "kind,old,new\n"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"standards/note.txt": "x"}, "“note.txt” is not read; the folder “standards” holds one folder"),
        ({"standards/old/classes.csv": HEAD}, "This standard has no standard.yaml"),
        ({YAML: STANDARD, "standards/old/more.csv": HEAD}, "“more.csv” is not read"),
        ({YAML: STANDARD.replace("version", "versoin")}, "“version” is missing here"),
        (
            {
                YAML: STANDARD,
                CROSSWALK: ROWS + "event,0601,06001\n",
            },
            "“0601” is no event of Older.",
        ),
        (
            {YAML: STANDARD, CROSSWALK: ROWS + "event,,06001\n"},
            "402 classes of GB/T 47678.5-2026 are not named here; the first is the component “01001”.",
        ),
        (
            {YAML: STANDARD, CROSSWALK: ROWS + "thing,,\n"},
            "A line names a kind, and an old code, a new one, or both.",
        ),
        (
            {YAML: STANDARD, CROSSWALK: "kind,old,newer\nevent,,\n"},
            "“newer” is not a column of the catalogue",
        ),
    ],
)
def test_a_wrong_standard_says_what_is_wrong(city: Hill, files: dict[str, str], words: str) -> None:
    for name, text in files.items():
        city.write(name, text)
    said = [one.problem for one in check(city.folder)]
    assert any(words in one for one in said), said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("street,urban_management", "street,street", "“street” cannot supervise what it answers for itself."),
        ("street,urban_management", "street,nobody", "“nobody” is not a kind of organisation."),
        (",report,", ",reprot,", "“reprot” is not possible here. Did you mean “report”?"),
    ],
)
def test_supervisors_and_the_grid_list_are_checked(city: Hill, old: str, new: str, words: str) -> None:
    row = LOCAL.format(code="09099").replace(old, new)
    city.write("catalogue/local.csv", f"{HEAD}\n{row}\n")
    assert any(words in one.problem for one in check(city.folder))
