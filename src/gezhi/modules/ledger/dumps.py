"""The ledger as a file: written as JSON lines, read back from those or from a plain pg_dump of the database.

A dump is read into a temporary SQLite file of the standard library, which sorts more entries than memory holds. The
reader trusts nothing: what it cannot read is a DumpProblem with the line.
"""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from gezhi.modules.ledger.queries import EntryView, RootView

FORM = {"gezhi": "ledger", "version": 1}
_COPY = re.compile(r"COPY (?:[\w\"]+\.)?\"?(ledger_entry|ledger_root)(?:_\w+)?\"? \(([^)]*)\) FROM stdin;")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ENTRY = ("id", "subject", "seq", "at", "kind", "by", "body", "prev", "hash")
_ROOT = ("day", "first_id", "last_id", "count", "root", "signature", "public_key")


class DumpProblem(ValueError):
    """A dump that cannot be read; the message is a sentence."""


def write(path: Path, entries: Iterable[EntryView], roots: Iterable[RootView]) -> int:
    """Write entries and roots as JSON lines (gzip where the name ends in .gz); how many entries."""
    count = 0
    half_made = path.with_name(path.name + ".new")
    with _writing(half_made, zipped=path.suffix == ".gz") as file:
        file.write(json.dumps(FORM) + "\n")
        for entry in entries:
            file.write(json.dumps({"entry": _entry_out(entry)}, ensure_ascii=False) + "\n")
            count += 1
        for root in roots:
            file.write(json.dumps({"root": _root_out(root)}) + "\n")
    half_made.replace(path)
    return count


def _writing(path: Path, *, zipped: bool) -> IO[str]:
    return gzip.open(path, "wt", encoding="utf-8", compresslevel=6) if zipped else path.open("w", encoding="utf-8")


def _entry_out(entry: EntryView) -> dict[str, Any]:
    return {
        "id": entry.id,
        "subject": entry.subject,
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "kind": entry.kind,
        "by": entry.by,
        "body": entry.body,
        "prev": entry.prev.hex() if entry.prev is not None else None,
        "hash": entry.hash.hex(),
    }


def _root_out(root: RootView) -> dict[str, Any]:
    hexed = {"root": root.root.hex(), "signature": root.signature.hex(), "public_key": root.public_key.hex()}
    return {"day": root.day, "first_id": root.first_id, "last_id": root.last_id, "count": root.count, **hexed}


class Dump:
    """An opened dump: entries by subject, roots by range, hashes by id."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._database.execute(f"CREATE TABLE entry ({', '.join(_ENTRY)})")
        self._database.execute(f"CREATE TABLE root ({', '.join(_ROOT)})")

    def take(self, rows: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
        """Fill it. Raises DumpProblem."""
        statements = {
            name: f"INSERT INTO {name} VALUES ({','.join('?' * len(columns))})"  # noqa: S608 (constants)
            for name, columns in (("entry", _ENTRY), ("root", _ROOT))
        }
        for table, row in rows:
            self._database.execute(statements[table], row)
        self._database.execute("CREATE INDEX entry_id ON entry (id)")

    def entries(self) -> Iterator[EntryView]:
        """Every entry, in order of (subject, seq)."""
        for row in self._database.execute(f"SELECT {', '.join(_ENTRY)} FROM entry ORDER BY subject, seq, at"):  # noqa: S608 (constants)
            number, subject, seq, at, kind, by, body, prev, digest = row
            yield EntryView(number, subject, seq, datetime.fromisoformat(at), kind, by, json.loads(body), prev, digest)

    def roots(self) -> list[RootView]:
        """All roots, oldest first."""
        found = self._database.execute(f"SELECT {', '.join(_ROOT)} FROM root ORDER BY last_id")  # noqa: S608
        return [RootView(*row) for row in found]

    def hashes(self, after: int, until: int) -> list[bytes]:
        """The hashes of the entries with ids after `after` and up to `until`, in order of id."""
        found = self._database.execute("SELECT hash FROM entry WHERE id > ? AND id <= ? ORDER BY id", [after, until])
        return [row[0] for row in found]


@contextmanager
def opened(path: Path) -> Iterator[Dump]:
    """Read a dump. Raises DumpProblem."""
    with closing(sqlite3.connect("")) as database:  # "" is a temporary file that SQLite removes itself
        dump = Dump(database)
        try:
            with _reading(path) as file:
                first = file.readline()
                rows = _lines(file, first) if first.startswith("{") else _copied(file, first, path)
                dump.take(rows)
        except FileNotFoundError:
            raise DumpProblem(f"There is no file “{path}”.") from None
        except (OSError, EOFError, UnicodeDecodeError) as fault:
            raise DumpProblem(f"“{path}” cannot be read: {fault}.") from None
        yield dump


def _reading(path: Path) -> IO[str]:
    with path.open("rb") as raw:
        head = raw.read(5)
    if head == b"PGDMP":
        raise DumpProblem(f"“{path}” is a custom-format dump; write a plain one: pg_dump --format=plain.")
    if head[:2] == b"\x1f\x8b":
        return cast("IO[str]", gzip.open(path, "rt", encoding="utf-8", newline="\n"))
    return path.open(encoding="utf-8", newline="\n")


def _lines(file: IO[str], first: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The rows of a file of ours."""
    for number, line in enumerate(_with_first(first, file), 1):
        try:
            said = json.loads(line)
            if number == 1 and "gezhi" in said:
                if said != FORM:
                    raise DumpProblem("This dump was written by another version; export it anew.")
            elif "entry" in said:
                yield "entry", _row({**said["entry"], "body": json.dumps(said["entry"]["body"])}, _ENTRY)
            else:
                yield "root", _row(said["root"], _ROOT)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            if isinstance(fault, DumpProblem):
                raise
            raise DumpProblem(f"Line {number} of the dump cannot be read.") from None


def _with_first(first: str, file: IO[str]) -> Iterator[str]:
    yield first
    yield from file


def _copied(file: IO[str], first: str, path: Path) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The rows of the ledger's tables in a plain pg_dump."""
    table, columns, seen = "", [""], False
    for number, line in enumerate(_with_first(first, file), 1):
        if not table:
            start = _COPY.match(line)
            if start:
                seen = True
                table = start[1].removeprefix("ledger_")
                columns = [name.strip(' "') for name in start[2].split(",")]
        elif line == "\\.\n":
            table = ""
        else:
            try:
                cells = dict(zip(columns, map(_cell, line.rstrip("\n").split("\t")), strict=True))
                yield table, _row(cells, _ENTRY if table == "entry" else _ROOT)
            except (ValueError, KeyError, TypeError) as fault:
                raise DumpProblem(f"Line {number} of the dump cannot be read: {fault}.") from None
    if not seen:
        raise DumpProblem(f"“{path}” holds no ledger: neither our JSON lines nor the COPY of a plain pg_dump.")


def _cell(text: str) -> str | None:
    return None if text == "\\N" else _ESCAPE.sub(_unescape, text)


def _unescape(hit: re.Match[str]) -> str:
    code = hit[1]
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    return chr(int(code, 8)) if code[0] in "01234567" else _LETTERS.get(code, code)


def _row(cells: dict[str, Any], columns: tuple[str, ...]) -> tuple[Any, ...]:
    """The cells of one row in our order and types. Raises ValueError, KeyError, TypeError."""
    found = []
    for name in columns:
        value = cells[name]
        if name in {"id", "seq", "first_id", "last_id", "count"}:
            value = int(value)
        elif name in {"prev", "hash", "root", "signature", "public_key"} and value is not None:
            value = bytes.fromhex(value.removeprefix("\\x"))
        elif name == "at":
            datetime.fromisoformat(value)
        elif name == "body":
            json.loads(value)
        found.append(value)
    return tuple(found)
