"""The command `gezhi`. Each command lives in a file of its own and is imported only when it is called.

A command file offers `command` or `group` (click), and is listed in COMMANDS. Commands that need Django call
`running.django_ready()` first. Whatever goes wrong in a known way ends as one sentence on standard error: exit code 2
if what was asked cannot be, 1 if it failed.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from gezhi.lib.errors import Refusal

COMMANDS = {
    "demo": "demo:command",
    "demo-world": "world:command",
    "serve": "serve:serve",
    "worker": "serve:worker",
    "migrate": "serve:migrate",
    "account": "account:group",
    "profile": "profile:group",
    "procedure": "procedure:group",
    "catalogue": "catalogue:group",
    "import": "import_:group",
    "territory": "territory:group",
    "districting": "districting:group",
    "ledger": "ledger:group",
    "triage": "triage:group",
    "api": "api:group",
}


class Commands(click.Group):
    """A group that imports a command's file when the command is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"gezhi.interfaces.cli.{module}"), attribute)
        return command


@click.command(cls=Commands)
@click.version_option(package_name="gezhi", message="%(prog)s %(version)s")
def gezhi() -> None:
    """Urban grid governance: one engine, any city as a profile."""


def main() -> None:
    """The entry point: run the command, turn known failures into one sentence and an exit code."""
    try:
        gezhi(standalone_mode=False)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.Abort:
        sys.exit(130)
    except Refusal as refusal:
        click.echo(f"Error: {refusal.sentence}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # `gezhi … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as problem:
        if not _is_no_database(problem):
            raise
        reason = str(problem).strip().splitlines()[0]
        click.echo(f"Error: The database does not answer: {reason}", err=True)
        sys.exit(1)


def _is_no_database(problem: BaseException) -> bool:
    from django.db import OperationalError as DjangoError
    from psycopg import OperationalError
    from psycopg_pool import PoolTimeout

    return isinstance(problem, (DjangoError, OperationalError, PoolTimeout))


if __name__ == "__main__":
    main()
