"""`gezhi triage evaluate|duplicates|hotspots`: the triage engine on CSV files, without a database.

For judging it on data kept aside, and for a first look at what a city has. Files are UTF-8 (with or without a mark) or
GB18030, as spreadsheets in China write them. Learning and writing into the product is not done here.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gezhi.interfaces.cli.serve import sentence

if TYPE_CHECKING:
    from gezhi.engines.triage import Report
    from gezhi.engines.triage.trial import Columns, Trial

Row = dict[str, str]
IN = click.Path(path_type=Path)
REPORT_COLUMNS = ("id", "time", "lon", "lat", "class", "text")


@click.group()
def group() -> None:
    """Suggestions judged on files: classes and units, duplicates, hot spots."""


@group.command()
@click.option("--train", "train_file", type=IN, required=True, metavar="A.csv", help="Cases to learn from.")
@click.option("--test", "test_file", type=IN, required=True, metavar="B.csv", help="Cases to be judged on.")
@click.option("--text", required=True, metavar="COL", help="The column with words (or with the kind of matter).")
@click.option("--label", required=True, metavar="COL", help="The column to be suggested: a class or a unit.")
@click.option("--time", "time_column", metavar="COL", help="The column with the moment.")
@click.option("--daily", is_flag=True, help="In the order of time, learning each day's truth after suggesting for it.")
def evaluate(train_file: Path, test_file: Path, text: str, label: str, time_column: str | None, daily: bool) -> None:
    """Print how well suggestions do, as one JSON line.

    {"n", "accuracy", "macro_f1", "top3", "ece", "train_seconds", "per_second"}. Other columns that both files have help
    where they can: see gezhi.engines.triage.trial for those that do not count.
    """
    if daily and time_column is None:
        raise sentence("--daily goes by time: name the column with --time.", 2)
    train, test = _table(train_file), _table(test_file)
    for file, rows in ((train_file, train), (test_file, test)):
        _needs(file, rows, [text, label, *([time_column] if time_column else [])])
        _all_labelled(file, rows, label)
    shared = set(train[0]) & set(test[0])
    train, test = ([{name: row[name] for name in row if name in shared} for row in rows] for rows in (train, test))
    from gezhi.engines.triage import trial

    which = trial.columns(train, text=text, label=label, time=time_column)
    files = ((train_file, train), (test_file, test))
    first, last = (_timed(file, rows, time_column) if time_column else _days(rows) for file, rows in files)
    if daily:
        found = trial.try_daily(first, last, which, on=_today(), clock=time.perf_counter)
    else:
        found = _frozen((first, last), which)
    shown = {name: round(getattr(found.figures, name), 4) for name in ("accuracy", "macro_f1", "top3", "ece")}
    speed = {
        "train_seconds": round(found.train_seconds, 3),
        "per_second": round(len(test) / max(found.test_seconds, 1e-9), 1),
    }
    click.echo(json.dumps({"n": found.figures.n, **shown, **speed}))


def _frozen(timed: tuple[list[tuple[datetime, Row]], list[tuple[datetime, Row]]], which: Columns) -> Trial:
    """Kinds with other columns are judged as history, free words by the class model; either way nothing is learned."""
    from gezhi.engines.triage import trial

    train, test = ([row for _, row in rows] for rows in timed)
    if which.others and trial.lists_kinds(train, which.text):
        return trial.try_daily(*timed, which, on=_today(), clock=time.perf_counter, learning=False)
    return trial.try_once(train, test, which, on=_today(), clock=time.perf_counter)


def _days(rows: Sequence[Row]) -> list[tuple[datetime, Row]]:
    """Rows without a time, taken to have come in their order over sixty days."""
    return [(datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=60 * n // len(rows)), row) for n, row in enumerate(rows)]


@group.command()
@click.argument("file", type=IN, metavar="IN.csv")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="PAIRS.csv")
def duplicates(file: Path, out: Path) -> None:
    """Write pairs of reports that may be one event: a,b,score; a is the later one, up to three rows each, best first.

    IN.csv has the columns id, time, lon, lat, class, text; any but id may be empty.
    """
    from gezhi.engines.triage import similar_within

    reports = _reports(file)
    told = similar_within(reports)
    lines = [
        (one.id, other.id, f"{other.score:.4f}") for one, some in zip(reports, told, strict=True) for other in some
    ]
    words = io.StringIO(newline="")
    writer = csv.writer(words, lineterminator="\n")
    writer.writerows([("a", "b", "score"), *lines])
    _write(out, words.getvalue())
    click.echo(f"{len(lines)} pairs in {out}", err=True)


@group.command()
@click.argument("file", type=IN, metavar="IN.csv")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="CLUSTERS.json")
def hotspots(file: Path, out: Path) -> None:
    """Write what is reported unusually often, the hottest first; an empty list where nothing is unusual.

    [{"rank", "heat", "place", "object", "from", "to", "ids", …}]. IN.csv is as for `duplicates`.
    """
    from gezhi.engines.triage import hotspots as clusters

    found = clusters(_reports(file))
    lines = [
        {
            "rank": one.rank,
            "heat": one.heat,
            "place": one.place or _coordinates(one.lon, one.lat, one.metres),
            "object": one.object,
            "from": one.since.isoformat() if one.since else None,
            "to": one.until.isoformat() if one.until else None,
            "ids": list(one.ids),
            "expected": one.expected,
            "lon": one.lon,
            "lat": one.lat,
            "metres": None if one.metres is None else round(one.metres),
            "warning": one.warning,
        }
        for one in found
    ]
    _write(out, json.dumps(lines, ensure_ascii=False, indent=1) + "\n")
    click.echo(f"{len(lines)} clusters in {out}", err=True)


def _coordinates(lon: float | None, lat: float | None, metres: float | None) -> str:
    if lon is None or lat is None or metres is None:
        return "everywhere"
    return f"{lon:.5f},{lat:.5f} ±{max(metres, 1):.0f} m"


def _today() -> date:
    return datetime.now(UTC).date()


def _reports(file: Path) -> list[Report]:
    from gezhi.engines.triage import Report

    rows = _table(file)
    _needs(file, rows, REPORT_COLUMNS)
    found = []
    for number, row in enumerate(rows, 2):
        if not row["id"]:
            raise sentence(f"“{file}”, row {number}: the id is empty.", 2)
        at = _moment(row["time"], file, number) if row["time"] else None
        lon, lat = (_degrees(row[name], name, file, number) for name in ("lon", "lat"))
        found.append(Report(row["id"], at, lon, lat, row["class"], row["text"]))
    return found


def _table(file: Path) -> list[Row]:
    """The rows of a CSV file, values trimmed. Ends the command with a sentence where it is none."""
    try:
        raw = file.read_bytes()
    except OSError as problem:
        raise sentence(f"“{file}” cannot be read: {problem.strerror or problem}.", 2) from None
    csv.field_size_limit(sys.maxsize)
    try:
        read = csv.reader(io.StringIO(_decoded(file, raw), newline=""), strict=True)
        head = [name.strip() for name in next(read, [])]
        rows = [line for line in read if any(one.strip() for one in line)]
    except csv.Error as problem:
        raise sentence(f"“{file}” is not a CSV file: {problem}.", 2) from None
    if not any(head):
        raise sentence(f"“{file}” is empty: it needs a line of column names and rows below it.", 2)
    twice = {name for name in head if head.count(name) > 1 and name}
    if twice:
        raise sentence(f"“{file}” has the column “{sorted(twice)[0]}” more than once.", 2)
    if not rows:
        raise sentence(f"“{file}” has column names and no rows.", 2)
    return [_row(head, line) for line in rows]


def _row(head: Sequence[str], line: Sequence[str]) -> Row:
    return {name: (line[n].strip() if n < len(line) else "") for n, name in enumerate(head) if name}


def _decoded(file: Path, raw: bytes) -> str:
    if b"\0" in raw[:4096]:
        raise sentence(f"“{file}” is not a CSV file: it holds bytes that no text has.", 2)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise sentence(f"“{file}” is neither UTF-8 nor GB18030; save it as UTF-8.", 2)


def _needs(file: Path, rows: Sequence[Row], names: Iterable[str]) -> None:
    for name in names:
        if name not in rows[0]:
            raise sentence(f"“{file}” has no column “{name}”; it has {', '.join(rows[0])}.", 2)


def _all_labelled(file: Path, rows: Sequence[Row], label: str) -> None:
    for number, row in enumerate(rows, 2):
        if not row[label]:
            raise sentence(f"“{file}”, row {number}: the column “{label}” is empty.", 2)


def _timed(file: Path, rows: Sequence[Row], name: str) -> list[tuple[datetime, Row]]:
    return [(_moment(row[name], file, number), row) for number, row in enumerate(rows, 2)]


_FORMS = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日",
    "%m/%d/%Y %H:%M:%S",
)


def _moment(value: str, file: Path, row: int) -> datetime:
    """A moment as written; without a zone it is taken as UTC, which changes no distance between two of them."""
    for read in _readings(value):
        return read if read.tzinfo else read.replace(tzinfo=UTC)
    raise sentence(f"“{file}”, row {row}: “{value}” is not a time such as 2026-07-01 08:30:00.", 2)


def _readings(value: str) -> Iterator[datetime]:
    try:
        yield datetime.fromisoformat(value)
    except ValueError:
        for form in _FORMS:
            try:
                yield datetime.strptime(value, form).replace(tzinfo=UTC)
            except ValueError:
                continue


def _degrees(value: str, name: str, file: Path, row: int) -> float | None:
    if not value:
        return None
    most = 180 if name == "lon" else 90
    try:
        degrees = float(value)
    except ValueError:
        degrees = float("nan")
    if not -most <= degrees <= most:
        raise sentence(f"“{file}”, row {row}: {name} is “{value}”, not degrees from -{most} to {most}.", 2)
    return degrees


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, "utf-8")
    except OSError as problem:
        raise sentence(f"“{out}” cannot be written: {problem.strerror or problem}.", 2) from None
