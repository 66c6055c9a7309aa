"""The database of a test run: one embedded PostgreSQL, started by the controller and inherited by xdist's workers.

Loaded with `-p` (see pyproject.toml), because pytest-django reads the settings before any conftest, and the settings
want to know the database. It also gives the run its secrets and a data folder; everything goes when the run ends.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from gezhi.lib.postgres import FAST, Postgres

_PREFIX = "gezhi-test-"
_running: list[tuple[Postgres, Path]] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Before anybody imports Django's settings: start the server and say where it is."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        start()
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The run is over: stop the server, remove what it wrote. The controller alone started one."""
    stop()


def start() -> None:
    """Start the run's server and set the environment the settings read."""
    _remove_left_over()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    server = Postgres(folder, FAST)
    _running.append((server, folder))
    server.start()
    os.environ.update(environment(server.url(), folder), GEZHI_TESTING="1")


def stop() -> None:
    """Stop what `start` started."""
    while _running:
        server, folder = _running.pop()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def environment(url: str, folder: Path | str) -> dict[str, str]:
    """What the settings need: a database, a data folder, fresh secrets."""
    return {
        "GEZHI_DATABASE_URL": url,
        "GEZHI_DATA": str(folder),
        "GEZHI_SECRET_KEY": secrets.token_urlsafe(50),
        "GEZHI_VAULT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "GEZHI_SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def _remove_left_over() -> None:
    """Folders of runs that were killed: nobody holds their lock any more."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/pg.lock"):
        with contextlib.suppress(OSError), lock.open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)
