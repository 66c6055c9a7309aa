"""`gezhi serve`, `gezhi worker`, `gezhi migrate`: the three processes of a deployment, configured by `GEZHI_*`.

serve and worker are for a process manager to keep alive; `gezhi demo` is one.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from gezhi.interfaces.cli.running import django_ready

_MIGRATION_LOCK = 4_702_511  # any number, the same in every process that migrates


def web_workers() -> int:
    """Web processes by default: one a core, two at most (more is for `--workers`)."""
    return min(2, os.cpu_count() or 1)


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The command line of the web server."""
    options = {
        "--interface": "asgi",
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--backpressure": "2500",  # open event streams count as requests
        "--respawn-interval": "0.5",
        "--workers-kill-timeout": "3",  # one open event stream would block the stop
        "--log-level": "warning",
    }
    words = [word for option in options.items() for word in option]
    flags = ("--no-ws", "--respawn-failed-workers")
    return [sys.executable, "-m", "granian", *words, *flags, "gezhi.config.asgi:application"]


def web_environment(folder: Path, given: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """What web processes need besides the settings: a connection pool each, a folder where they add up their figures.

    What `given` says already stays. Raises OSError.
    """
    needed = {"GEZHI_POOL": "1", "PROMETHEUS_MULTIPROC_DIR": str(folder.absolute() / "figures")}
    if "PROMETHEUS_MULTIPROC_DIR" not in given:
        shutil.rmtree(folder / "figures", ignore_errors=True)  # figures count from the start of the server
        (folder / "figures").mkdir(parents=True)
    (folder / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is not
    return {**needed, **{name: given[name] for name in needed if name in given}}


def check_port(host: str, port: int) -> None:
    """Is the port free? Raises click.ClickException with exit code 2."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise sentence(f"Port {port} is in use: stop what uses it, or choose another with --port.", 2) from None
            raise sentence(f"Port {port} of {host} cannot be used: {problem.strerror}.", 2) from None


class CannotBe(click.ClickException):
    """What was asked cannot be, however often it is tried."""

    exit_code = 2


def sentence(words: str, exit_code: int) -> click.ClickException:
    """A failure as one sentence: exit code 2 if what was asked cannot be, 1 if it failed."""
    return CannotBe(words) if exit_code == CannotBe.exit_code else click.ClickException(words)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=None, type=click.IntRange(1, 64), help="Web processes; one a core, two at most.")
def serve(host: str, port: int, workers: int | None) -> None:
    """Serve pages, API and live events on one port."""
    check_port(host, port)
    django_ready()
    _check_database()
    os.environ.update(web_environment(Path(os.environ.get("GEZHI_DATA", "var")), os.environ))
    command = web_command(host, port, workers or web_workers())
    os.execv(command[0], command)  # noqa: S606  (no shell is the point)


@click.command()
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 64), help="Jobs at a time.")
def worker(concurrency: int) -> None:
    """Run the jobs: limits that fire, notices that go out."""
    os.environ.pop("GEZHI_POOL", None)
    django_ready()
    _check_database()
    from procrastinate.contrib.django import app

    options: dict[str, Any] = {
        "concurrency": concurrency,
        "shutdown_graceful_timeout": 5.0,
        "fetch_job_polling_interval": 1.0,  # after a restart of the database it no longer hears notifications
    }
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as running:
        running.run_worker(**options)


@click.command()
def migrate() -> None:
    """Bring the database up to date; safe to call from several processes at once."""
    django_ready()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from gezhi.modules.ledger import operations as ledger

    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=1)
            call_command("createcachetable", verbosity=0)
            today = timezone.now().date()
            ledger.prepare_months(first=today, last=today + timedelta(days=92))
        finally:
            if connection.connection is not None and not connection.connection.closed:
                cursor.execute("select pg_advisory_unlock(%s)", [_MIGRATION_LOCK])


def _check_database() -> None:
    """Does the database answer, and is it up to date? Its silence is main's to report."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    if pending:
        raise sentence(f"The database lacks {len(pending)} migrations: run `gezhi migrate` first.", 1)
