"""`gezhi triage …`: what it prints and writes, and a sentence for every file that cannot be used."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.interfaces.cli.importing_world import DATA, Ran, needs_data, run

HEAD = ("id", "time", "lon", "lat", "class", "text")


def table(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows([head, *rows])
    return path


def messages(path: Path, count: int = 40, **how: str) -> Path:
    rows = [("路灯不亮了", "路灯"), ("垃圾没人清运", "垃圾"), ("垃圾桶满了", "垃圾"), ("路口的灯坏了", "路灯")]
    return table(path, ("text", "label"), [(f"{n}号门前{a}", b) for n in range(count // 4) for a, b in rows], **how)


def evaluate(train: Path, test: Path, *more: str) -> Ran:
    return run("triage", "evaluate", "--train", train, "--test", test, "--text", "text", "--label", "label", *more)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_evaluate_prints_one_line(tmp_path: Path, encoding: str) -> None:
    ran = evaluate(messages(tmp_path / "a.csv"), messages(tmp_path / "b.csv", 12, encoding=encoding))
    assert ran.code == 0
    (line,) = ran.out.splitlines()
    told = json.loads(line)
    assert list(told) == ["n", "accuracy", "macro_f1", "top3", "ece", "train_seconds", "per_second"]
    assert (told["n"], told["accuracy"], told["top3"]) == (12, 1.0, 1.0)


def test_evaluate_by_day_learns_and_uses_the_other_columns(tmp_path: Path) -> None:
    head = ("kind", "street", "unit", "unit_id", "took", "at")
    rows = [
        (
            kind,
            street,
            f"{street}队" if kind == "垃圾" else "水务局",
            "17" if kind != "垃圾" else street,
            "3",
            f"2026-05-{day:02} 08:00",
        )
        for day in range(1, 31)
        for kind in ("垃圾", "漏水")
        for street in ("东", "西")
    ]
    words = ("--text", "kind", "--label", "unit", "--time", "at", "--daily")
    train, test = table(tmp_path / "a.csv", head, rows[:80]), table(tmp_path / "b.csv", head, rows[80:])
    told = run("triage", "evaluate", "--train", train, "--test", test, *words).told
    assert told["accuracy"] == 1.0
    # A unit the first file has not seen is learned the day after.
    later = [(a, b, "新队" if b == "东" else c, d, e, f) for a, b, c, d, e, f in rows[80:]]
    told = run("triage", "evaluate", "--train", train, "--test", table(tmp_path / "c.csv", head, later), *words).told
    assert 0.7 < told["accuracy"] < 1.0


def test_free_words_and_other_columns_by_day(tmp_path: Path) -> None:
    head = ("words", "street", "unit", "at")
    rows = [
        (
            f"{n}号门前{'垃圾成堆' if n % 2 else '水管漏水'}",
            street,
            f"{street}队" if n % 2 else "水务局",
            f"2026-05-{day:02}",
        )
        for day in range(1, 21)
        for n, street in enumerate(("东", "西", "东", "西", "西", "东"), day * 10)
    ]
    train, test = table(tmp_path / "a.csv", head, rows[:90]), table(tmp_path / "b.csv", head, rows[90:])
    words = ("--text", "words", "--label", "unit", "--time", "at", "--daily")
    assert run("triage", "evaluate", "--train", train, "--test", test, *words).told["accuracy"] > 0.9


def test_duplicates_writes_pairs_the_later_first(tmp_path: Path) -> None:
    rows = [
        ("2", "2026-07-01 09:00:00", "114.0", "22.6", "路灯", ""),
        ("1", "2026-07-01 08:00:00", "114.0", "22.6", "路灯", ""),
        ("3", "", "", "", "", ""),
    ]
    out = tmp_path / "pairs.csv"
    ran = run("triage", "duplicates", table(tmp_path / "in.csv", HEAD, rows), "--out", out)
    assert (ran.code, ran.out) == (0, "")
    head, pair = list(csv.reader(out.open(encoding="utf-8")))
    assert head == ["a", "b", "score"]
    assert pair[:2] == ["2", "1"]
    assert 0 < float(pair[2]) < 1


def test_hotspots_writes_clusters_or_an_empty_list(tmp_path: Path) -> None:
    quiet = [
        (str(n), f"2026-06-{n % 28 + 1:02}T{n % 24:02}:00", str(113.9 + n % 37 / 100), "22.6", "路灯", "")
        for n in range(200)
    ]
    hot = [(f"h{n}", f"2026-06-20T08:{n:02}", "114.001", "22.55", "积水", "福利路口积水很深") for n in range(12)]
    out = tmp_path / "clusters.json"
    assert run("triage", "hotspots", table(tmp_path / "in.csv", HEAD, quiet), "--out", out).code == 0
    assert json.loads(out.read_text("utf-8")) == []
    assert run("triage", "hotspots", table(tmp_path / "in.csv", HEAD, [*quiet, *hot]), "--out", out).code == 0
    (cluster,) = json.loads(out.read_text("utf-8"))
    assert {"rank", "heat", "place", "object", "from", "to", "ids"} <= set(cluster)
    assert cluster["rank"] == 1
    assert sorted(cluster["ids"]) == sorted(one[0] for one in hot)
    assert cluster["place"] == "福利路口"
    assert cluster["object"].startswith("积水")


BAD = {
    "missing": (None, "cannot be read"),
    "empty": (b"", "is empty"),
    "head only": (b"text,label\n", "no rows"),
    "no column": (b"words,label\na,b\n", "has no column “text”; it has words, label"),
    "no label": (b"text,label\na,b\nc,\n", "row 3: the column “label” is empty"),
    "not text": (b"text,label\n\xff\xfe\xff,b\n", "neither UTF-8 nor GB18030"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "is not a CSV file"),
    "open quote": (b'text,label\n"a,b\n', "is not a CSV file"),
    "twice": (b"text,text,label\na,b,c\n", "more than once"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_used_gets_a_sentence(tmp_path: Path, name: str) -> None:
    content, words = BAD[name]
    bad = tmp_path / "bad.csv"
    if content is not None:
        bad.write_bytes(content)
    for train, test in ((bad, messages(tmp_path / "good.csv")), (messages(tmp_path / "good.csv"), bad)):
        ran = evaluate(train, test)
        assert (ran.code, ran.out) == (2, "")
        assert words in ran.err
        assert "bad.csv" in ran.err


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("1", "yesterday", "", "", "", ""), "row 2: “yesterday” is not a time"),
        (("1", "", "abc", "", "", ""), "row 2: lon is “abc”, not degrees"),
        (("1", "", "", "95", "", ""), "row 2: lat is “95”, not degrees from -90 to 90"),
        (("", "", "", "", "", "x"), "row 2: the id is empty"),
    ],
)
@pytest.mark.parametrize("command", ["duplicates", "hotspots"])
def test_a_value_that_cannot_be_used_gets_a_sentence(
    tmp_path: Path, command: str, row: tuple[str, ...], words: str
) -> None:
    ran = run("triage", command, table(tmp_path / "in.csv", HEAD, [row]), "--out", tmp_path / "out")
    assert ran.code == 2
    assert words in ran.err
    assert not (tmp_path / "out").exists()


def test_daily_needs_a_time_and_out_a_folder(tmp_path: Path) -> None:
    good = messages(tmp_path / "a.csv")
    assert "--time" in evaluate(good, good, "--daily").err
    assert "no column “at”" in evaluate(good, good, "--daily", "--time", "at").err
    rows = table(tmp_path / "in.csv", HEAD, [("1", "", "", "", "", "😀")])
    ran = run("triage", "duplicates", rows, "--out", tmp_path / "none" / "pairs.csv")
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_strange_words_and_classes(tmp_path: Path) -> None:
    odd = [("", "路灯"), ("😀😀", "路灯"), ("垃" * 1_000_000, "垃圾"), ("廢棄物ABC混合", "没见过")]
    told = evaluate(messages(tmp_path / "a.csv"), table(tmp_path / "b.csv", ("text", "label"), odd)).told
    assert told["n"] == 4
    one = table(tmp_path / "one.csv", ("text", "label"), [("甲", "x"), ("乙", "x")])
    assert evaluate(one, one).told["accuracy"] == 1.0


@needs_data
@pytest.mark.slow
def test_real_titles_reach_their_bar(tmp_path: Path) -> None:
    with (DATA / "messages" / "teddy_titles_train.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    known = {text for text, _ in rows[::5]}
    train = table(tmp_path / "a.csv", ("text", "label"), [row for row in rows if row[0] not in known])
    test = table(tmp_path / "b.csv", ("text", "label"), [row for row in rows if row[0] in known])
    told = evaluate(train, test).told
    assert told["macro_f1"] > 0.86
    assert told["ece"] < 0.04
