"""`gezhi profile check DIR`: everything wrong with a profile, one JSON line each, for editors and CI.

It needs no database and no settings: a profile is judged as it lies on the disk. `adopt` puts one in force.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from gezhi.interfaces.cli.running import django_ready
from gezhi.modules.switches import profiles
from gezhi.modules.switches.profiles import Problem


@click.group()
def group() -> None:
    """Profiles: what is local about a city, as data."""


@group.command()
@click.argument("profile", metavar="DIR")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that outlines written with `data:` are read from.",
)
def check(profile: str, data: Path | None) -> None:
    """Check the profile in DIR (or of that name): a JSON line per problem, exit code 1 if there is any."""
    report(profiles.check(profile, search=search_path(), data=data))


@group.command()
@click.argument("profile", metavar="NAME|DIR")
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), help="As for `check`.")
def adopt(profile: str, data: Path | None) -> None:
    """Put a profile in force in the database: organisations, posts, areas, catalogue, procedures. Repeatable.

    Its people get accounts nobody can log in with until the system administrator gives them a password.
    """
    found = profiles.check(profile, search=search_path(), data=data)
    report(found)
    django_ready()
    from django.utils import timezone

    from gezhi.interfaces.jobs import installing

    adopted = installing.install(profile, now=timezone.now(), data=data)
    click.echo(f"{adopted.name} is in force: {len(adopted.areas)} areas, {len(adopted.people)} people.")


def search_path() -> list[Path]:
    """Folders with profiles of this installation, as the settings read them."""
    return [Path(folder) for folder in os.environ.get("GEZHI_PROFILE_PATHS", "").split(os.pathsep) if folder]


def report(problems: Iterable[Problem]) -> None:
    """Print each problem as `{"file","line","column","problem"}`; exit with 1 where there is any."""
    found = False
    for one in problems:
        found = True
        line = {"file": one.file, "line": one.line, "column": one.column, "problem": one.problem}
        click.echo(json.dumps(line, ensure_ascii=False))
    if found:
        sys.exit(1)
