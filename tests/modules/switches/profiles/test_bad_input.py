"""Every mistake a profile's author can make is shown at its place, in a whole sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from gezhi.modules.switches.profiles import ProfileProblems, check, known, read

from .conftest import FILES, Hill

# file, text, its replacement, line, column, words of the sentence
SPOILT = [
    ("profile.yaml", "extends: base", "extend: base", 3, 1, "“extend” is not known here. Did you mean “extends”?"),
    ("profile.yaml", "extends: base", "extends: bass", 3, 10, "There is no profile “bass”. Known:"),
    ("profile.yaml", "extends: base", "extends: bass", 3, 10, "Did you mean “base”?"),
    ("profile.yaml", "extends: base", "extends: hill", 3, 10, "“hill” extends this profile itself"),
    ("profile.yaml", "name: hill", "name: dale", 1, 7, "its folder “hill”; make them alike."),
    ("profile.yaml", "name: hill", "name: Hill!", 1, 7, "lower-case letters, digits and hyphens"),
    ("profile.yaml", "title: {zh: 山区, en: Hill}", "title: {zh: 山区}", 2, 1, "“en” is missing here"),
    ("profile.yaml", "title: {zh: 山区, en: Hill}", "title: 山区", 2, 8, "must be a mapping (key: value)"),
    ("profile.yaml", "Asia/Shanghai", "Asia/Shanghia", 4, 7, "is not a time zone"),
    ("profile.yaml", "language: zh-hans", "language: zh-hant", 5, 11, "Did you mean “zh-hans”?"),
    ("profile.yaml", "[zh-hans, en]", "[en]", 5, 11, "“zh-hans” is not among the languages “en”."),
    ("profile.yaml", "centre: desk", "centre: dest", 7, 9, "Did you mean “desk”?"),
    ("organisations.yaml", "kind: street", "kind: streat", 3, 38, "Did you mean “street”?"),
    ("organisations.yaml", "parent: desk", "parent: dusk", 3, 54, "“dusk” is not an organisation of this profile."),
    ("organisations.yaml", "parent: desk", "parent: street", 3, 54, "“street” stands above itself"),
    ("organisations.yaml", "kind: centre", "knid: centre", 2, 3, "“kind” is missing here."),
    ("organisations.yaml", "kind: centre", "knid: centre", 2, 30, "“knid” is not known here. Did you mean “kind”?"),
    ("organisations.yaml", "  street:", "  desk:", 3, 3, "“desk” stands twice; the first is in line 2."),
    ("organisations.yaml", '"999001001"', '"999001002"', 3, 66, "“999001002” is not an area of this profile."),
    ("areas.yaml", '"999001001":', '"99900100":', 3, 3, "“99900100” has 8 digits; the code of a street has 9 digits."),
    ("areas.yaml", '"999001001001":', '"999001002001":', 4, 3, "“999001002”, the parent of “999001002001”, is not"),
    ("areas.yaml", "level: street", "level: steret", 3, 24, "Did you mean “street”?"),
    ("areas.yaml", "zh: 山社", "zh: 山社, parent: 999001", 4, 54, "must be a text or nothing, not the number 999001."),
    ("people.yaml", "post: acceptor", "post: acceptro", 2, 43, "Did you mean “acceptor”?"),
    ("people.yaml", "organisation: desk", "organisation: dsek", 2, 67, "Did you mean “desk”?"),
    (
        "people.yaml",
        "post: acceptor",
        "post: centre_leader}, {post: audit_administrator",
        2,
        3,
        "may hold no other post",
    ),
    ("people.yaml", "level: community", "level: comunity", 4, 48, "Did you mean “community”?"),
    ("people.yaml", '"k{area}"', "keeper", 4, 23, "The username holds {area} or {organisation}"),
    (
        "catalogue/own.csv",
        "dirt,street",
        "drit,street",
        2,
        20,
        "“drit” is not a set of conditions. Did you mean “dirt”?",
    ),
    ("catalogue/own.csv", "dirt,street", "dirt,stret", 2, 25, "“stret” is not a kind of organisation."),
    ("catalogue/own.csv", "dirt,street", "dirt,gas", 1, 1, "No organisation is of the kind “gas”"),
    ("catalogue/own.csv", "event,06001", "event,07001", 2, 7, "“07001” belongs to no major class of events."),
    ("catalogue/own.csv", "event,06001", "evnet,06001", 2, 1, "neither component nor event. Did you mean “event”?"),
    ("catalogue/own.csv", "Dirt,dirt", "Dirt", 2, 1, "This line has 5 cells; the heading has 6."),
    ("catalogue/own.csv", "conditions,unit", "condition,unit", 1, 17, "Did you mean “conditions”?"),
    ("catalogue/own.csv", "脏,Dirt", "脏,", 2, 15, "The event “06001” has no name in “en”."),
    ("catalogue/own.csv", "dirt,street", "dirt,street\nevent,06001,脏,Dirt,dirt,street", 3, 7, "first is in line 2"),
    ("catalogue.yaml", "majors:", "majors: &a\n  x: *b", 5, 6, "names an anchor that does not exist"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "column", "words"), SPOILT)
def test_a_mistake_is_shown_where_it_is(
    hill: Hill, file: str, old: str, new: str, line: int, column: int, words: str
) -> None:
    hill.change(file, old, new)
    shown_in = "organisations.yaml" if "No organisation" in words else file
    found = [
        (at, sentence) for name, at, col, sentence in hill.problems() if (name, at, col) == (shown_in, line, column)
    ]
    assert any(words in sentence for _, sentence in found), hill.problems()


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        (b"", 1, 1, "This file is empty"),
        (b"# only words\n", 1, 1, "This file is empty"),
        (b"organisations:\n\tdesk: {kind: centre}\n", 2, 1, "A tab stands in the indentation"),
        ("organisations:\n  desk: {zh: 中".encode("gbk"), 2, 14, "is not UTF-8; save the file as UTF-8 (not GBK)."),
        ("organisations: {}\n".encode("utf-16"), 1, 1, "This file is UTF-16; save it as UTF-8."),
        (b"organisations:\n  desk: {zh: a\x07}\n", 2, 15, "A control character stands here; remove it."),
        (b"organisations: {a: {kind: centre}\nb: c\n", 2, 1, "A comma or a closing bracket is missing"),
        (b"organisations:\n  desk: a: b\n", 2, 10, "A colon stands where none may"),
        (b"organisations: !!python/object/apply:os.system [ls]\n", 1, 16, "is a tag; profiles are plain data"),
        (b"organisations: &a\n  desk: *a\n", 1, 16, "contains itself"),
        (b"organisations: {}\n---\nkinds: {}\n", 2, 1, "A second document (---) begins here"),
        (b"- organisations\n", 1, 1, "This file must be a mapping"),
        (b"organisations:\n  ? [a, b]\n  : {kind: centre}\n", 2, 5, "A key must be a single word or text."),
    ],
)
def test_a_file_that_is_no_profile_file(hill: Hill, text: bytes, line: int, column: int, words: str) -> None:
    hill.write("organisations.yaml", text)
    found = [(n, at, col, said) for n, at, col, said in hill.problems() if n == "organisations.yaml"]
    assert any((at, col) == (line, column) and words in said for _, at, col, said in found), found


def test_aliases_cannot_blow_up_the_reader(hill: Hill) -> None:
    rows = ["a0: &a0 {zh: x}"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    hill.write("texts.yaml", "\n".join(rows))
    assert any("repeats or nests too much" in said for *_, said in hill.problems())


def test_a_misnamed_file_is_not_silently_ignored(hill: Hill) -> None:
    hill.write("organistions.yaml", "organisations: {}\n")
    assert hill.problems() == [
        (
            "organistions.yaml",
            1,
            1,
            "“organistions.yaml” is not a file of a profile. Did you mean “organisations.yaml”?",
        )
    ]


def test_a_problem_in_a_procedure_has_its_place(hill: Hill) -> None:
    hill.write("procedures/event.yaml", "duties:\n  close: {post: closr, of: centre}\n")
    (problem,) = [p for p in hill.problems() if "closr" in p[3]]
    assert problem[:2] == ("procedures/event.yaml", 2)


def test_a_problem_in_the_calendar_has_its_place(hill: Hill) -> None:
    hill.write("calendar.yaml", "years:\n  2027:\n    holidays: [2027-02-30]\n")
    assert hill.problems() == [
        ("calendar.yaml", 3, 16, "“2027-02-30” is not a date; write 2026-01-31, or 2026-01-01..2026-01-03.")
    ]


def test_all_problems_come_at_once_in_order(hill: Hill) -> None:
    hill.change("organisations.yaml", "kind: street", "kind: streat")
    hill.change("areas.yaml", "level: street", "level: steret")
    hill.change("people.yaml", "post: acceptor", "post: acceptro")
    files = [name for name, *_ in hill.problems()]
    assert {"areas.yaml", "organisations.yaml", "people.yaml"} <= set(files)
    assert files == sorted(files)


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(ProfileProblems) as caught:
        read("qinhaui")
    (problem,) = caught.value.problems
    assert problem.problem == "There is no profile “qinhaui”. Known: “base”, “qinhuai”. Did you mean “qinhuai”?"


@pytest.mark.parametrize("name", ["", ".", "..", "/nowhere/at/all", "a/../b", "x" * 300, "a\0b", "a/\0"])
def test_a_name_that_is_none(name: str) -> None:
    problems = check(name)
    assert len(problems) == 1
    assert problems[0].problem.endswith(".")


def test_search_folders_come_first(hill: Hill, tmp_path: Path) -> None:
    assert "hill" in known([tmp_path])
    assert read("hill", search=[tmp_path]).folder == hill.folder


def test_the_sound_profile_is_sound(hill: Hill) -> None:
    assert hill.problems() == []
    profile = read(hill.folder)
    assert [person.username for person in profile.people] == ["acceptor", "k999001001001"]
    assert profile.people[1].organisation == "street"
    assert len(FILES) == 6
