"""`gezhi demo`: a living district from nothing, in one command, on one folder.

It starts the embedded PostgreSQL, migrates, fills the database on the first start, then keeps three things alive
until Ctrl-C: the database, the web server and the job worker. Whatever dies is started again and said so; when the
demo itself dies, they die with it. Everything it writes is in the data folder.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import click

from gezhi.interfaces.cli import running
from gezhi.interfaces.cli.logins import table
from gezhi.interfaces.cli.serve import check_port, sentence, web_command, web_environment, web_workers
from gezhi.lib.postgres import AlreadyRunning, Postgres, PostgresProblem
from gezhi.lib.processes import Service, last_lines, open_log, spawn, stop_all
from gezhi.lib.unrooted import CannotRun

HOST = "127.0.0.1"
FIRST_ANSWER = 90.0  # seconds the web server may take to answer


class Stopped(Exception):
    """Somebody asked the demo to stop."""


def say(words: str) -> None:
    """Tell the person at the terminal, who may have closed it."""
    with contextlib.suppress(OSError):
        click.echo(words)


@click.command()
@click.option("--profile", default="qinhuai", show_default=True, help="The city: the name of a profile.")
@click.option("--days", default=30, show_default=True, type=click.IntRange(0, 3650), help="Days lived before today.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--data", type=click.Path(path_type=Path), help="Folder for all data; `var` in a checkout.")
def command(profile: str, days: int, port: int, data: Path | None) -> None:
    """Show a living district in the browser; Ctrl-C stops it, the next start continues."""
    folder = (data or running.default_folder()).absolute()
    _check_profile(profile)
    _check_folder(folder)
    try:
        _Demo(folder, profile, days, port).run()
    except AlreadyRunning as problem:
        raise sentence(str(problem), 2) from None
    except CannotRun as problem:
        raise sentence(str(problem), 1) from None
    except OSError as problem:
        raise sentence(f"The data folder {folder} cannot be used: {problem.strerror or problem}.", 1) from None


def _check_profile(profile: str) -> None:
    from gezhi.interfaces.cli.profile import search_path
    from gezhi.modules.switches.profiles import known as known_profiles

    known = known_profiles(search_path())
    if profile not in known:
        raise sentence(f"There is no profile {profile!r}; known profiles: {', '.join(known) or 'none'}.", 2)


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        running.write_private(folder / "writable", "")
        (folder / "writable").unlink()
    except OSError as problem:
        raise sentence(f"The data folder {folder} cannot be written: {problem.strerror}.", 2) from None


class _Demo:
    """One run of the demo."""

    def __init__(self, folder: Path, profile: str, days: int, port: int) -> None:
        self.folder = folder
        self.profile = profile
        self.days = days
        self.port = port
        self.address = f"http://{HOST}:{port}"
        self.postgres = Postgres(folder)
        self.services: list[Service] = []
        self.stop = threading.Event()
        self.settings: dict[str, str] = {}

    def run(self) -> None:
        """Start everything, keep it alive, stop everything."""
        world = self._world()
        self.postgres.lock()
        check_port(HOST, self.port)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        try:
            self._start(world)
            while not self.stop.wait(0.2):
                self._tend()
        except Stopped:
            pass
        finally:
            if self.stop.is_set():
                say("\nStopping …")
            stop_all(self.services)
            running.say_stopped(self.folder)
            self.postgres.stop()
        say("Stopped. The next start continues with the same data.")

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop.set()

    def _start(self, world: dict[str, Any] | None) -> None:
        say(f"Starting the database in {self.folder} …")
        self.postgres.start()
        self.postgres.ensure_database()
        self.settings = running.demo_environment(self.folder, self.postgres.url(), self.address)
        self._step("migrate", "The database cannot be brought up to date")
        if world is None:
            say(f"First start: {self.profile} comes to life, {self.days} days of it …")
            words = ("--profile", self.profile, "--days", str(self.days), "--data", str(self.folder))
            self._step("demo-world", "The district cannot be filled", *words, shown=True)
            world = self._world()
        running.say_running(self.folder, self.settings)
        self._serve()
        self._greet(world or {})

    def _world(self) -> dict[str, Any] | None:
        """What the folder's database was filled with; None before the first start is complete."""
        try:
            world: dict[str, Any] = json.loads((self.folder / running.WORLD).read_text())
        except (FileNotFoundError, ValueError):
            return None
        if world["profile"] != self.profile:
            kept = f"The data in {self.folder} is of the profile {world['profile']!r}"
            raise sentence(f"{kept}: choose another folder with --data.", 2)
        return world

    def _step(self, name: str, failure: str, *words: str, shown: bool = False) -> None:
        """Run a command of ours to its end. Raises Stopped, or click.ClickException if it fails."""
        log = self.folder / "logs" / f"{name}.log"
        with open_log(log) as output:
            command = [sys.executable, "-m", "gezhi.interfaces.cli.main", name, *words]
            environment = {**os.environ, **self.settings}
            process = spawn(command, env=environment, output=None if shown else output, errors=output)
            while process.poll() is None:
                if self.stop.wait(0.05):
                    process.terminate()
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(10)
                    process.kill()
                    process.wait()
                    raise Stopped
        if process.returncode:
            raise sentence(_why(failure, log), 1)

    def _serve(self) -> None:
        environment = {**os.environ, **self.settings}
        logs = self.folder / "logs"
        web = web_command(HOST, self.port, web_workers())
        worker = [sys.executable, "-m", "gezhi.interfaces.cli.main", "worker"]
        self.services += [
            Service("web", web, {**environment, **web_environment(self.folder)}, logs / "web.log"),
            Service("worker", worker, environment, logs / "worker.log"),
        ]
        for service in self.services:
            service.start()
        end = time.monotonic() + FIRST_ANSWER
        while not answers(self.port):
            if self.stop.wait(0.1):
                raise Stopped
            self._tend()
            if self.services[0].deaths > 2 or time.monotonic() > end:
                raise sentence(_why("The web server does not answer", self.services[0].log), 1)

    def _tend(self) -> None:
        if not self.postgres.alive():
            say("The database process ended; starting it again.")
            _until(self.postgres.restart, 5)
        for service in self.services:
            service.tend(say)

    def _greet(self, world: dict[str, Any]) -> None:
        if world.get("logins"):
            say("\n" + table(world["logins"]))
            say("\nThe same password for everybody: UNIT.handler, UNIT.leader, gCODE of a grid …")
        say(f"\nReport a problem, as a resident:  {self.address}/")
        say(f"Log in, as one of the above:      {self.address}/desk/")
        say("Ctrl-C stops everything; the next start continues.\n")


def _why(failure: str, log: Path) -> str:
    """The failure with the sentence its log ends with, or else with the log's last lines."""
    lines = last_lines(log)
    last = lines.rsplit("\n", 1)[-1]
    if last.startswith("Error: "):
        return f"{failure}: {last.removeprefix('Error: ')}"
    return f"{failure}; {log} says:\n{lines}"


def _until(attempt: Callable[[], None], times: int) -> None:
    """Try again after a growing pause; the last failure is raised."""
    for number in range(times):
        try:
            attempt()
            return
        except PostgresProblem:
            if number == times - 1:
                raise
            time.sleep(0.5 * 2**number)


def answers(port: int) -> bool:
    """Does the product on this port say that it is well?"""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
