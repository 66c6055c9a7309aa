"""`gezhi api describe|key`: the API's description for other people's tools, and keys for programs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gezhi.interfaces.cli.running import django_ready
from gezhi.interfaces.cli.serve import sentence


@click.group()
def group() -> None:
    """The API: its description, and keys for programs."""


@group.command()
@click.option("--write", "out", type=click.Path(path_type=Path, dir_okay=False), help="A file; else standard output.")
def describe(out: Path | None) -> None:
    """Print the API's OpenAPI 3.1 description (`docs/generated/openapi.json` is a copy; a test holds it equal)."""
    django_ready()
    text = description()
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, "utf-8")
    except OSError as problem:
        raise sentence(f"“{out}” cannot be written: {problem.strerror}.", 1) from None


def description() -> str:
    """The OpenAPI document as text, always the same for the same code."""
    from gezhi.interfaces.api.api import api

    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


@group.command()
@click.argument("username")
@click.option("--label", required=True, help="What the key is for.")
@click.option("--source", required=True, help="What its reports are known by.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 400))
def key(username: str, label: str, source: str, days: int) -> None:
    """Make a key that acts as the account USERNAME; printed once, kept nowhere."""
    django_ready()
    from django.utils import timezone

    from gezhi.lib.actor import Actor
    from gezhi.modules.people import queries, tokens

    account = queries.account_named(username)
    if account is None:
        raise sentence(f"There is no account “{username}”.", 2)
    made, secret = tokens.create(
        account_id=account.id, label=label, source=source, days=days, by=Actor.system(), now=timezone.now()
    )
    click.echo(json.dumps({"key": secret, "expires_at": made.expires_at.isoformat()}))
