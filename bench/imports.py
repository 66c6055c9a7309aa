"""How many rows a second `gezhi import cases` takes from three real files, beside raw COPY of as many cases.

    .venv/bin/python -m bench.imports [--quick]

A Chinese district's events with their history, citizens' messages without a place, an English city's requests by
coordinates; each through the console as somebody runs it, start of the process and reading of the file included. The
yardstick writes as many rows of the cases' table alone by COPY, in the same run, on the same server. Needs the data
folder beside the checkout.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from tests.lib.deployment import Deployment, deployed

TESTS = Path(__file__).parents[1] / "tests"
DATA = TESTS.parents[1] / "shared" / "data"
BAR = 2_000.0


@dataclass(frozen=True)
class Source:
    """A file with the profile and map it is read by."""

    name: str
    profile: str
    file: str


SOURCES = (
    Source("pingshan", "pingshan", "pingshan/events_2018.csv.gz"),
    Source("messages", "town", "messages/teddy_titles_train.csv"),
    Source("boston", "boston", "events/boston_311_2011q3.csv.gz"),
)


def bring_in(deployment: Deployment, source: Source) -> dict[str, Any]:
    """Import the file once; rows, seconds, and seconds of the second run, which changes nothing."""
    words = ["gezhi.interfaces.cli.main", "import", "cases", str(DATA / source.file)]
    words += ["--mapping", str(TESTS / "profiles" / "maps" / f"{source.name}.yaml")]
    began = time.perf_counter()
    told = json.loads(deployment.run(*words))
    first = time.perf_counter() - began
    began = time.perf_counter()
    again = json.loads(deployment.run(*words))
    if again["created"]:
        raise RuntimeError(f"the second run of {source.name} created {again['created']} cases")
    return {**told, "seconds": first, "again_seconds": time.perf_counter() - began}


def raw_copy(deployment: Deployment) -> float:
    """Rows a second of the cases' table alone, copied from itself through COPY; rolled back."""
    with psycopg.connect(deployment.url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE again (LIKE cases_case INCLUDING ALL)")
        with cursor.copy("COPY cases_case TO STDOUT") as out:
            rows = b"".join(bytes(part) for part in out)
        began = time.perf_counter()
        with cursor.copy("COPY again FROM STDIN") as into:
            into.write(rows)
        seconds = time.perf_counter() - began
        count = cursor.rowcount
        connection.rollback()
    return count / seconds


def main() -> int:
    """Run, print the table and the JSON line; 1 where a bar is not reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the same: it is short")
    parser.parse_args()
    if not DATA.is_dir():
        print("the data folder is not beside the checkout", file=sys.stderr)
        return 1
    figures: dict[str, float] = {}
    reached: dict[str, bool] = {}
    print(f"{'file':<12}{'rows':>8}{'created':>9}{'rejected':>10}{'seconds':>9}{'rows/s':>9}{'again':>8}{'of COPY':>9}")
    for source in SOURCES:
        profile = str(TESTS / "profiles" / source.profile)
        with (
            tempfile.TemporaryDirectory(prefix="gezhi-bench-") as folder,
            deployed(Path(folder), profile=profile, data=DATA) as deployment,
        ):
            found = bring_in(deployment, source)
            raw = raw_copy(deployment)
        rate = found["read"] / found["seconds"]
        figures |= {f"{source.name}_rows_per_s": round(rate, 1), f"{source.name}_of_copy": round(rate / raw, 4)}
        reached[f"{source.name} at least {BAR:,.0f} rows/s"] = rate >= BAR
        print(
            f"{source.name:<12}{found['read']:>8}{found['created']:>9}{found['rejected']:>10}{found['seconds']:>9.1f}"
            f"{rate:>9,.0f}{found['again_seconds']:>8.1f}{rate / raw:>9.2%}"
        )
    print(json.dumps({"name": "imports", "figures": figures, "bars": reached}))
    return 0 if all(reached.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
