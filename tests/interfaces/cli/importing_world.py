"""For tests of the console's imports: cities put in force, and the command run as somebody at a console runs it."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from gezhi.interfaces.cli.main import gezhi
from gezhi.interfaces.jobs import installing
from tests import town

TESTS = Path(__file__).parents[2]
DATA = TESTS.parents[1] / "shared" / "data"
MAPS = TESTS / "profiles" / "maps"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the data folder ../shared/data is not here")


def put_in_force(profile: str) -> None:
    """A test city, with the outlines it borrows from the data folder."""
    now = datetime.now(UTC) - timedelta(days=1)
    installing.install(str(TESTS / "profiles" / profile), now=now, data=DATA if DATA.is_dir() else None)
    town.forget()


@dataclass(frozen=True)
class Ran:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        """The JSON on standard output."""
        return json.loads(self.out)


def run(*words: str | Path) -> Ran:
    """Run `gezhi WORDS` in this process, on the test's database."""
    result = CliRunner().invoke(gezhi, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def import_cases(file: Path, plan: Path, *more: str | Path) -> Ran:
    """`gezhi import cases FILE --mapping PLAN`."""
    return run("import", "cases", file, "--mapping", plan, *more)


def a_map(folder: Path, fields: Mapping[str, Any] | None = None, **head: Any) -> Path:
    """A map for small files with the columns id, at, words and whatever `fields` says."""
    said = {
        "source": "small",
        "as": "new",
        "zone": "Asia/Shanghai",
        "fields": {
            "source_id": {"column": "id"},
            "reported_at": {"column": "at"},
            "words": {"column": "words"},
            "channel": {"constant": "hotline"},
            **(fields or {}),
        },
        **head,
    }
    path = folder / "map.yaml"
    path.write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    return path


def a_csv(folder: Path, *rows: str, encoding: str = "utf-8", name: str = "rows.csv") -> Path:
    """A file of these lines."""
    path = folder / name
    path.write_bytes("\n".join(rows).encode(encoding) + (b"\n" if rows else b""))
    return path


def read_rejects(path: Path) -> list[dict[str, str]]:
    """The rejects that were written."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
