"""A deployment of its own for a test or a benchmark: embedded PostgreSQL on a real disk, web and job processes.

`python -m tests.lib.deployment PROFILE [DATA]` puts a profile in force in the database of the environment (DATA: the
folder that borrowed outlines lie in); the rest is for import.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gezhi.interfaces.cli.demo import answers
from gezhi.interfaces.cli.serve import web_command
from gezhi.lib.postgres import Postgres
from gezhi.lib.processes import Service, last_lines, stop_all
from tests.lib.database import environment
from tests.lib.product import free_port

TOWN = Path(__file__).parents[1] / "profiles" / "town"
PATIENCE = 60.0  # seconds until the web server answers


@dataclass
class Deployment:
    """Processes over one database. `web` and `worker` are None until started."""

    folder: Path
    settings: dict[str, str]
    port: int
    postgres: Postgres
    services: dict[str, Service] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The database's connection URL."""
        return self.settings["GEZHI_DATABASE_URL"]

    def environment(self) -> dict[str, str]:
        """What a process of this deployment is started with."""
        return {**os.environ, **self.settings}

    def start_web(self, workers: int = 2, application: str = "") -> None:
        """Serve the product (or another ASGI application) on the port, and wait until it answers."""
        command = web_command("127.0.0.1", self.port, workers)
        if application:
            command[-1] = application
        self._start("web", command, {"GEZHI_POOL": "1"})
        end = time.monotonic() + PATIENCE
        while not answers(self.port):
            assert time.monotonic() < end, last_lines(self.services["web"].log, 20)
            time.sleep(0.05)

    def start_worker(self) -> None:
        """Run the jobs."""
        self._start("worker", [sys.executable, "-m", "gezhi.interfaces.cli.main", "worker"], {})

    def stop(self, name: str) -> None:
        """Stop a process."""
        stop_all([self.services.pop(name)])

    def run(self, *words: str) -> str:
        """Run a module or command of ours to its end in this deployment; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def _start(self, name: str, command: list[str], more: Mapping[str, str]) -> None:
        log = self.folder / "logs" / f"{name}.log"
        service = Service(name, command, {**os.environ, **self.settings, **more}, log)
        service.start()
        self.services[name] = service


@contextlib.contextmanager
def deployed(
    folder: Path, *, profile: str = str(TOWN), data: Path | None = None, options: Mapping[str, str] | None = None
) -> Iterator[Deployment]:
    """A deployment with a profile in force and nothing running but the database; everything stops in the end."""
    server = Postgres(folder, options)
    server.start()
    deployment = Deployment(folder, {}, free_port(), server)
    try:
        server.ensure_database()
        deployment.settings = {
            **environment(server.url(), folder),
            "GEZHI_LOG": "WARNING",
            "GEZHI_TESTING": "",
            "GEZHI_REPORTS_PER_MINUTE": "1000000000",
        }
        deployment.run("gezhi.interfaces.cli.main", "migrate")
        deployment.run("tests.lib.deployment", profile, *([str(data)] if data else []))
        yield deployment
    finally:
        stop_all(list(deployment.services.values()))
        server.stop()


def fill(profile: str, data: Path | None) -> None:
    """Put a profile in force in the database of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gezhi.config.settings")
    import django

    django.setup()
    from datetime import timedelta

    from django.utils import timezone

    from gezhi.interfaces.jobs import installing

    now = timezone.now() - timedelta(days=1)
    installing.install(profile, now=now, since=now.date() - timedelta(days=30), data=data)
    sys.stdout.write(json.dumps({"profile": profile}) + "\n")


if __name__ == "__main__":
    fill(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)
