"""`gezhi ledger verify|replay|export|seal`: proof that no trace was changed or removed, of the database or of a file.

The verdict is one JSON object on standard output; what else is worth knowing goes to standard error.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import click

from gezhi.interfaces.cli.running import django_ready
from gezhi.interfaces.cli.serve import sentence


@click.group()
def group() -> None:
    """The ledger: what was done, by whom, when."""


@group.command()
@click.argument("dump", required=False, type=click.Path(path_type=Path))
@click.option("--key", "keys", multiple=True, help="A public key (hex) that may have signed roots; may be repeated.")
def verify(dump: Path | None, keys: tuple[str, ...]) -> None:
    """Prove the ledger of the database, or of DUMP (`gezhi ledger export`, or a plain pg_dump; .gz too).

    Prints {"entries", "subjects", "broken"}; exit code 1 if anything is broken.
    """
    from gezhi.engines import chain

    trusted = [_key(text) for text in keys]
    if dump is None:
        django_ready()
        from django.conf import settings

        from gezhi.modules.ledger import proving

        found = proving.of_database(trusted=[*trusted, chain.public_key(base64.b64decode(settings.GEZHI_SIGNING_KEY))])
    else:
        _stand_alone()
        from gezhi.modules.ledger import proving

        try:
            found = proving.of_dump(dump, trusted=trusted)
        except proving.DumpProblem as problem:
            raise sentence(str(problem), 2) from None
    signed = f", signed by {', '.join(found.keys)}" if found.keys else ""
    click.echo(f"{found.roots} roots cover {found.sealed} of {found.entries} entries{signed}.", err=True)
    broken = [{"subject": b.subject, "seq": b.seq, "fault": b.fault, "problem": b.sentence} for b in found.broken]
    click.echo(json.dumps({"entries": found.entries, "subjects": found.subjects, "broken": broken}, ensure_ascii=False))
    if broken:
        sys.exit(1)


@group.command()
@click.argument("numbers", nargs=-1)
def replay(numbers: tuple[str, ...]) -> None:
    """Play the ledger of the cases NUMBERS (of all) again and compare the state it leads to with the tables.

    Prints {"cases", "different"}; exit code 1 where they differ.
    """
    django_ready()
    from dataclasses import asdict

    from gezhi.modules.cases import queries

    played, different = queries.differences(numbers)
    told = {"cases": played, "different": [asdict(one) for one in different]}
    click.echo(json.dumps(told, ensure_ascii=False))
    if different:
        sys.exit(1)


@group.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
def export(out: Path) -> None:
    """Write the whole ledger to OUT as JSON lines (gzip where it ends in .gz), for `gezhi ledger verify OUT`."""
    django_ready()
    from gezhi.modules.ledger import proving

    try:
        count = proving.export(out)
    except OSError as problem:
        raise sentence(f"“{out}” cannot be written: {problem.strerror or problem}.", 1) from None
    click.echo(json.dumps({"entries": count}))


@group.command()
def seal() -> None:
    """Sign a root over everything not sealed yet (the job does it every night)."""
    django_ready()
    from django.conf import settings
    from django.utils import timezone

    from gezhi.modules.ledger import operations

    root = operations.seal(now=timezone.now(), private_key=base64.b64decode(settings.GEZHI_SIGNING_KEY))
    click.echo(json.dumps({"sealed": root.count if root else 0}))


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise sentence(f"“{text}” is not a public key: 64 hexadecimal digits.", 2)
    return key


def _stand_alone() -> None:
    """A dump is proven without settings and without a database."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(INSTALLED_APPS=["gezhi.modules.ledger"], USE_TZ=True, LOGGING_CONFIG=None)
        django.setup()
