"""`gezhi catalogue`: the catalogue as an XLSX file, out and in again.

`import` prints one JSON line for each thing wrong or each difference; with problems nothing is stored and the exit code
is 1. Exporting reads the database; nothing else of the product is touched.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gezhi.interfaces.cli.running import django_ready
from gezhi.interfaces.cli.serve import sentence

if TYPE_CHECKING:
    from gezhi.modules.catalogue.differences import Differences
    from gezhi.modules.catalogue.reading import ReadTable


@click.group()
def group() -> None:
    """The catalogue: what can be wrong in a city, and who answers for it."""


@group.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.xlsx")
@click.option("--standard", "key", metavar="KEY", help="A standard of the profile (a folder of standards/) instead.")
@click.option("--language", type=click.Choice(["zh-hans", "en"]), default="zh-hans", show_default=True)
def export(out: Path, key: str | None, language: str) -> None:
    """Write the catalogue in force to OUT.xlsx, as `import` reads it."""
    django_ready()
    from django.utils import timezone, translation

    from gezhi.modules.catalogue import queries, standards, tables
    from gezhi.modules.switches import queries as switches

    kinds = {one.key: one.title for one in switches.profile().organisation_kinds}
    if key is not None:
        wanted = standards.keyed(key)
        standard, classes = wanted.standard, tuple(wanted.classes.values())
    else:
        view = queries.in_force()
        standard, classes = view.standard, view.classes
    with translation.override(language):
        content = tables.exported(standard, classes, kinds, at=timezone.now())
    try:
        out.write_bytes(content)
    except OSError as problem:
        raise sentence(f"“{out}” cannot be written: {problem.strerror or problem}.", 2) from None
    click.echo(f"{len(classes)} classes of {standard} are in {out}.")


@group.command(name="import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@click.option("--dry-run", is_flag=True, help="Say what would change; store nothing.")
def import_(file: Path, dry_run: bool) -> None:
    """Put the catalogue of FILE.xlsx in force as a new version.

    Prints a JSON line for each difference, {"change": added|removed|changed, …}, or, where something is wrong, for each
    {"sheet", "row", "column", "problem"}; then nothing is stored and the exit code is 1.
    """
    try:
        raw = file.read_bytes()
    except OSError as problem:
        raise sentence(f"“{file}” cannot be read: {problem.strerror or problem}.", 2) from None
    django_ready()
    from django.utils import timezone, translation

    from gezhi.lib.actor import Actor
    from gezhi.modules.catalogue import differences, drafts, queries, reading
    from gezhi.modules.switches import queries as switches

    kinds = {one.key: one.title for one in switches.profile().organisation_kinds}
    with translation.override("en"):
        view = queries.in_force()
        read = reading.read_table(raw, kinds=kinds, standard=view.standard, rules=queries.rules)
        _refuse(read)
        found = differences.between(view.classes, read.classes)
        for line in _lines(found):
            click.echo(json.dumps(line, ensure_ascii=False))
        told = ", ".join(f"{count} {word}" for word, count in found.counts.items())
        if dry_run or (found.none and read.standard == view.standard):
            click.echo(f"{told}; nothing was stored.", err=True)
            return
        by, now = Actor.system(), timezone.now()
        draft = drafts.propose(
            standard=read.standard, classes=read.classes, origin="table", note=file.name, by=by, now=now
        )
        version = drafts.adopt(draft=draft, seen=view.digest, by=by, now=now)
    click.echo(f"{told}; version {version} is in force.", err=True)


def _refuse(read: ReadTable) -> None:
    for one in read.troubles:
        line = {"sheet": one.sheet, "row": one.row, "column": one.column, "problem": one.sentence}
        click.echo(json.dumps(line, ensure_ascii=False))
    if read.troubles:
        sys.exit(1)


def _lines(found: Differences) -> Iterator[dict[str, str]]:
    for word, classes in (("added", found.added), ("removed", found.removed)):
        for one in classes:
            yield {"change": word, "key": one.key, "name": one.name}
    for change in found.changed:
        for cell in change.cells:
            yield {
                "change": "changed",
                "key": change.after.key,
                "name": change.after.name,
                "field": cell.field,
                "condition": cell.condition,
                "before": cell.before,
                "after": cell.after,
            }
