"""`gezhi account administrator`: the first three people of a new installation, who then let in everybody else.

The console is the hand that installs; once a security administrator exists, administrators are named on their page.
"""

from __future__ import annotations

import click

from gezhi.interfaces.cli.running import django_ready

ROLES = ("system", "security", "audit")


@click.group()
def group() -> None:
    """Accounts of a new installation."""


@group.command()
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), required=True, help="Which of the three administrations.")
@click.option("--name", required=True, help="Display name.")
@click.password_option(help="At least ten characters; asked for when left out.")
def administrator(username: str, role: str, name: str, password: str) -> None:
    """Create an administrator; refused when one of this role exists already."""
    django_ready()
    from django.db import transaction
    from django.utils import timezone

    from gezhi.lib.actor import Actor
    from gezhi.modules.people import operations, queries

    if any(one.administration == role for one in queries.administrators()):
        raise click.ClickException(
            f"There is a {role} administrator already; the security administrator names further ones on their page."
        )
    now = timezone.now()
    with transaction.atomic():
        made = operations.create_account(
            username=username,
            display_name=name,
            password=password,
            must_change_password=False,
            by=Actor.system(),
            now=now,
        )
        operations.change_administration(
            account_id=made.id, administration=role, holds_post=False, by=Actor.system(), now=now
        )
    click.echo(f"{username} is now the {role} administrator; a second factor is asked for at the first login.")
