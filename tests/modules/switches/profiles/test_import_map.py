"""Import maps: what they may say, and what is said when they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from gezhi.modules.switches.profiles import ProfileProblems, read_import_map

SOUND = """\
source: calls
as: new
zone: Asia/Shanghai
missing: ["-"]
fields:
  source_id: {column: id}
  reported_at: {column: at, format: "%Y-%m-%d"}
  channel: {column: how, values: {phone: hotline}, otherwise: resident}
  place: {lon: {column: x}, lat: {column: y}, crs: GCJ-02, optional: true}
  reporter: {name: {column: who, optional: true}}
"""


def test_a_sound_map(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(SOUND, "utf-8")
    made = read_import_map(tmp_path / "map.yaml")
    assert (made.source, made.history, made.procedure, made.missing) == ("calls", False, "event", {"", "-"})
    assert made.fields["channel"].values == {"phone": "hotline"}
    assert (made.fields["channel"].has_otherwise, made.fields["channel"].otherwise) == (True, "resident")
    assert made.place is not None
    assert (made.place.crs, made.place.optional) == ("GCJ-02", True)
    assert set(made.reporter) == {"name"}


def test_a_field_may_be_known_by_several_headings_and_several_forms_of_time(tmp_path: Path) -> None:
    several = SOUND.replace("{column: id}", "{among: [id, 编号]}").replace('"%Y-%m-%d"', '["%Y-%m-%d", "%d.%m.%Y"]')
    (tmp_path / "map.yaml").write_text(several, "utf-8")
    made = read_import_map(tmp_path / "map.yaml")
    assert (made.fields["source_id"].among, made.fields["source_id"].columns) == (("id", "编号"), ())
    assert made.fields["reported_at"].formats == ("%Y-%m-%d", "%d.%m.%Y")


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "words"),
    [
        ("{column: id}", "{colum: id}", 6, 15, "Did you mean “column”?"),
        ("{column: id}", "{column: id, constant: 1}", 6, 3, "exactly one of column, columns, among, constant"),
        ("{column: id}", "{}", 6, 3, "here none is named"),
        ("  source_id: {column: id}\n", "", 5, 1, "“source_id” is missing here."),
        ("as: new", "as: old", 2, 5, "Known: “history”, “new”."),
        ("zone: Asia/Shanghai", "zone: Mars", 3, 7, "“Mars” is not a time zone"),
        ("lat: {column: y}, ", "", 9, 3, "needs both lon and lat"),
        ("crs: GCJ-02", "crs: GCJ02", 9, 52, "Did you mean “GCJ-02”?"),
        ("  channel:", "  chanel:", 8, 3, "Did you mean “channel”?"),
    ],
)
def test_a_mistake_is_shown_where_it_is(tmp_path: Path, old: str, new: str, line: int, column: int, words: str) -> None:
    assert old in SOUND
    (tmp_path / "map.yaml").write_text(SOUND.replace(old, new), "utf-8")
    with pytest.raises(ProfileProblems) as caught:
        read_import_map(tmp_path / "map.yaml")
    found = [(p.line, p.column, p.problem) for p in caught.value.problems]
    assert any((line, column) == (at, col) and words in said for at, col, said in found), found
