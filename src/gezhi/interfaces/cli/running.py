"""The demo's folder: where it is, its secrets, and how another command finds the demo that runs on it.

Secrets are made once, readable by the owner only, and stay in the folder. While a demo runs, `demo.json` there tells
`gezhi import`, `gezhi ledger verify` and the others which database it uses, so that they need no setting.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path

import click

from gezhi.lib.collector import settle

SECRETS = ("GEZHI_SECRET_KEY", "GEZHI_VAULT_KEY", "GEZHI_SIGNING_KEY")
_RUNNING = "demo.json"
_SECRETS = "secrets.json"
WORLD = "world.json"  # written by `gezhi demo-world` when the demo has something to show


def default_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """`var` in a checkout; for an installed wheel, the platform's folder for a user's application data."""
    if environment.get("GEZHI_DATA"):
        return Path(environment["GEZHI_DATA"]).absolute()
    checkout = Path(__file__).resolve().parents[4]
    if (checkout / "pyproject.toml").exists() and (checkout / "src" / "gezhi").exists():
        return checkout / "var"
    home = environment.get("HOME")
    if environment.get("XDG_DATA_HOME"):
        return Path(environment["XDG_DATA_HOME"]) / "gezhi"
    if not home:
        return Path("var").absolute()
    if sys.platform == "darwin":
        return Path(home) / "Library" / "Application Support" / "gezhi"
    return Path(home) / ".local" / "share" / "gezhi"


def demo_environment(folder: Path, url: str, address: str) -> dict[str, str]:
    """The settings of a demo on this folder; its secrets are made at the first call. Raises OSError."""
    return {
        "GEZHI_DEMO": "1",
        "GEZHI_DATA": str(folder),
        "GEZHI_DATABASE_URL": url,
        "GEZHI_PUBLIC_URL": address,
        **_secrets(folder / _SECRETS),
    }


def _secrets(path: Path) -> dict[str, str]:
    with contextlib.suppress(FileNotFoundError):
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    made = {
        "GEZHI_SECRET_KEY": secrets.token_urlsafe(50),
        "GEZHI_VAULT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "GEZHI_SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    write_private(path, json.dumps(made))
    return made


def say_running(folder: Path, environment: Mapping[str, str]) -> None:
    """Note that a demo runs on this folder, with the settings other commands need to join it."""
    write_private(folder / _RUNNING, json.dumps({"pid": os.getpid(), "environment": dict(environment)}))


def say_stopped(folder: Path) -> None:
    """Remove the note."""
    (folder / _RUNNING).unlink(missing_ok=True)


def join_running_demo(environment: MutableMapping[str, str]) -> bool:
    """Where no database is set, use that of the demo running on the default folder; was there one?"""
    if environment.get("GEZHI_DATABASE_URL"):
        return False
    try:
        note = json.loads((default_folder(environment) / _RUNNING).read_text())
        os.kill(note["pid"], 0)
    except (OSError, ValueError, KeyError):
        return False
    environment.update(note["environment"])
    return True


def django_ready() -> None:
    """Set Django up, on the database of GEZHI_DATABASE_URL or else of the demo that runs on the default folder.

    Raises click.ClickException where a setting is missing.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured

    join_running_demo(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gezhi.config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as problem:
        raise click.ClickException(str(problem)) from None
    settle()


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner may read, whole or not at all."""
    half_made = path.with_name(path.name + ".new")
    half_made.unlink(missing_ok=True)
    with os.fdopen(os.open(half_made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half_made.replace(path)
