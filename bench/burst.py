"""A storm: 100,000 reports within an hour, at a desk with 5,000 open cases. Is the desk still usable?

    .venv/bin/python -m bench.burst [--quick]

What officers ask for all day (8 clients, as in `bench.desk`) before the storm, then with its reports in the database,
more coming in at the storm's rate, and the hot spots being looked for beside. Usable: every page within a second for
19 of 20 requests, ten pages a second at least, nothing refused; the hot
spots of the storm are named within a minute. `--quick`: 20,000 reports.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.lib.deployment import Deployment, deployed

from bench.desk import OPEN, Desk, ask

REPORTS, PAST = 100_000, 10_000
PATIENCE_MS, LEAST_RATE, LOOK_SECONDS = 1000.0, 10.0, 60.0
PAGES = ("queue", "filtered", "map", "case")


def main() -> int:
    """Run, print the table and the JSON line; 1 where a bar is not reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20,000 reports, shorter rounds")
    quick = parser.parse_args().quick
    count, seconds = (REPORTS // 5, 5.0) if quick else (REPORTS, 12.0)
    with (
        tempfile.TemporaryDirectory(prefix="gezhi-bench-") as folder,
        deployed(Path(folder), profile="qinhuai", options={"shared_buffers": "512MB"}) as deployment,
    ):
        desk = Desk(json.loads(deployment.run("bench.desk_fill", str(OPEN), str(PAST))))
        deployment.start_web(workers=2)
        calm = measured(deployment, desk, seconds)
        storm = json.loads(deployment.run("bench.burst_fill", "bring", str(count)))
        print(f"  {storm['taken']:,} reports taken in {storm['seconds']} s", file=sys.stderr)
        with (
            beside(deployment, "feed", str(seconds * len(PAGES) * 3)) as feeding,
            beside(deployment, "look") as looking,
        ):
            during = measured(deployment, desk, seconds)
            looked = json.loads(looking.communicate(timeout=600)[0])
            fed = json.loads(feeding.communicate(timeout=600)[0])
    return told(count, calm, during, storm, looked, fed)


def measured(deployment: Deployment, desk: Desk, seconds: float) -> dict[str, Any]:
    """Rate and p95 of each kind of page."""
    return {name: ask(deployment, desk.pages(name), seconds) for name in PAGES}


@contextlib.contextmanager
def beside(deployment: Deployment, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a part of `bench.burst_fill` while something else is measured."""
    command = [sys.executable, "-m", "bench.burst_fill", *words]
    process = subprocess.Popen(command, env=deployment.environment(), stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()


def told(
    count: int, calm: dict[str, Any], during: dict[str, Any], storm: dict[str, Any], looked: dict[str, Any],
    fed: dict[str, Any],
) -> int:  # fmt: skip
    """The table, the JSON line, the exit code."""
    print(f"{'page':<10}{'/s before':>12}{'p95 ms':>9}{'/s in the storm':>18}{'p95 ms':>9}")
    bars: dict[str, bool] = {}
    for name in PAGES:
        one, other = calm[name], during[name]
        print(f"{name:<10}{one['rate']:>12}{one['p95']:>9}{other['rate']:>18}{other['p95']:>9}")
        bars[f"{name} p95 below {PATIENCE_MS:.0f} ms"] = other["p95"] < PATIENCE_MS
        bars[f"{name} at least {LEAST_RATE:.0f}/s"] = other["rate"] >= LEAST_RATE
        bars[f"{name} never refused"] = other["refused"] == 0
    print(
        f"hot spots: {looked['clusters']} in {looked['seconds']} s; reports beside: {fed['taken']} at {fed['rate']}/s"
    )
    bars["all reports taken"] = storm["taken"] == count
    bars["reports still come in"] = fed["taken"] == fed["wanted"]
    bars[f"hot spots within {LOOK_SECONDS:.0f} s"] = looked["seconds"] < LOOK_SECONDS
    bars["the storm is named"] = 0 < looked["clusters"] <= 30 and looked["first"] >= count // 20
    figures = {
        name: {key: [calm[name][key], during[name][key]] for key in ("rate", "p95", "refused")} for name in PAGES
    } | {"storm": storm, "look": looked, "fed": fed}
    print(json.dumps({"name": "burst", "figures": figures, "bars": bars}))
    return 0 if all(bars.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
