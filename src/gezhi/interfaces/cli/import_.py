"""`gezhi import cases`: a file of another system becomes cases, as a map says.

On standard output one JSON object; progress and what went wrong on standard error.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from pathlib import Path

import click

from gezhi.interfaces.cli.running import django_ready
from gezhi.interfaces.cli.serve import sentence


@click.group(name="import")
def group() -> None:
    """Bring in what other systems hold."""


@group.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", required=True, type=click.Path(path_type=Path), help="MAP.yaml: which column is what.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; store nothing.")
@click.option("--rejects", "out", type=click.Path(path_type=Path, dir_okay=False), help="CSV for rows not taken.")
def cases(file: Path, mapping: Path, dry_run: bool, out: Path | None) -> None:
    """Import cases from FILE (CSV, CSV.gz, XLSX, Parquet).

    May be repeated and broken off: a case is known by the map's source and the row's source_id. Prints
    {"read", "created", "unchanged", "rejected"}.
    """
    django_ready()
    from django.utils import timezone, translation

    from gezhi.interfaces.jobs.importing import Importer, rejects
    from gezhi.interfaces.jobs.importing_guard import TableProblem
    from gezhi.interfaces.jobs.importing_tables import open_table
    from gezhi.lib.actor import Actor
    from gezhi.modules.switches.profiles import ProfileProblems, read_import_map

    shown = _Progress()
    try:
        plan = read_import_map(mapping)
        with translation.override("en"), rejects(out) as reject:
            table = open_table(file, encoding=plan.encoding, sheet=plan.sheet)
            shown.total = table.count
            importer = Importer(plan, table, Actor("import"), timezone.now(), reject, shown, dry_run)
            outcome = importer.run()
    except ProfileProblems as problems:
        raise sentence(f"The map cannot be used:\n{problems}", 2) from None
    except TableProblem as problem:
        raise sentence(str(problem), 2) from None
    except OSError as problem:
        raise sentence(f"“{problem.filename or out}” cannot be used: {problem.strerror or problem}.", 2) from None
    shown.done()
    if outcome.rejected and out is None:
        click.echo(f"{outcome.rejected} rows were not taken; --rejects OUT.csv says why.", err=True)
    click.echo(json.dumps(dataclasses.asdict(outcome)))


class _Progress:
    """Rows so far and how fast, on standard error: one line that changes on a terminal, else a line now and then."""

    def __init__(self) -> None:
        self.total: int | None = None
        self._began = self._said = time.monotonic()

    def __call__(self, outcome: object) -> None:
        read, rejected = getattr(outcome, "read", 0), getattr(outcome, "rejected", 0)
        terminal, moment = sys.stderr.isatty(), time.monotonic()
        if not terminal and moment - self._said < 5:
            return
        self._said = moment
        rate = read / max(moment - self._began, 0.001)
        of = f" of {self.total:,}" if self.total else ""
        line = f"  {read:,}{of} rows, {rejected:,} rejected, {rate:,.0f} rows/s"
        click.echo(f"\r{line:<70}" if terminal else line, err=True, nl=not terminal)

    def done(self) -> None:
        """End the line that changes."""
        if sys.stderr.isatty():
            click.echo(err=True)
