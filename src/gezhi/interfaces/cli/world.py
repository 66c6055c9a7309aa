"""`gezhi demo-world`: fill a demo's database with a district that has lived for some days.

A process of its own, called by `gezhi demo` on its first start, so that the supervisor stays small. It writes
`world.json` when the world is complete: the profile, the days and the roles' logins. Broken off, it continues where
it was, because the living days are played one by one, each at most once.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import click

from gezhi.interfaces.cli.running import WORLD, django_ready, write_private
from gezhi.interfaces.cli.serve import sentence

_WIDTH = 28


@dataclass
class Bar:
    """A progress bar on a terminal; a line every few seconds elsewhere."""

    started: float = field(default_factory=time.monotonic)
    shown: float = 0.0
    longest: int = 0

    def __call__(self, done: int, total: int, what: str) -> None:
        """`done` of `total` steps are complete; `what` says which is next."""
        now = time.monotonic()
        terminal = sys.stdout.isatty()
        if done < total and now - self.shown < (0.1 if terminal else 5.0):
            return
        self.shown = now
        filled = _WIDTH * done // max(1, total)
        line = f"  [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total} {what} ({now - self.started:.0f} s)"
        self.longest = max(self.longest, len(line))
        sys.stdout.write(f"\r{line:<{self.longest}}" if terminal else f"{line}\n")
        if terminal and done >= total:
            sys.stdout.write("\n")
        sys.stdout.flush()


@click.command(hidden=True)
@click.option("--profile", required=True)
@click.option("--days", required=True, type=int)
@click.option("--data", required=True, type=click.Path(path_type=Path))
def command(profile: str, days: int, data: Path) -> None:
    """Fill a demo's database (called by `gezhi demo`)."""
    django_ready()
    from gezhi.interfaces.jobs import living
    from gezhi.modules.switches.profiles import ProfileProblems

    try:
        living.play(profile, days, Bar())
    except ProfileProblems as found:
        first, more = found.problems[0], len(found.problems) - 1
        rest = f" ({more} more: `gezhi profile check {profile}` lists them)" if more else ""
        raise sentence(f"The profile {profile} cannot be used: {first}{rest}", 2) from None
    logins = [{"role": login.role, "username": login.username, "password": login.password} for login in living.logins()]
    write_private(data / WORLD, json.dumps({"profile": profile, "days": days, "logins": logins}, ensure_ascii=False))
