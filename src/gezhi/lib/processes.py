"""Child processes: they die with their parent, and one that dies is started again.

Used by `gezhi demo` and by the embedded PostgreSQL. It knows nothing of what the children do. Deaths with the parent
are the kernel's work on Linux (PR_SET_PDEATHSIG); elsewhere a killed parent leaves its children, and the next start
finds the ports and locks they hold.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LOG_KEPT = 10_000_000  # bytes of a log after which it is set aside at the next start
FIRST_PAUSE, LONGEST_PAUSE, SETTLED = 0.5, 30.0, 60.0  # seconds: before a restart; up this long forgives past deaths


def die_with_parent(sig: int = signal.SIGTERM, parent: int | None = None) -> None:
    """Ask the kernel to send `sig` to this process when the thread that made it ends.

    `parent` is the expected parent's process id: if it is gone already, this process ends at once. Call it after any
    change of user, which would cancel it.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(sig))
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def dying_with_me(sig: int = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn` for a child of this process that dies with it."""
    me = os.getpid()

    def prepare() -> None:
        die_with_parent(sig, me)

    return prepare


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: IO[bytes] | None,
    errors: IO[bytes] | None = None,
    prepare: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child that dies with us, in a session of its own, so that Ctrl-C in the terminal reaches only us.

    `output` None means our own; `errors` None means with the output. `prepare` replaces what the child does before
    it becomes the command, and then must itself see to its death. Raises OSError.
    """
    return subprocess.Popen(
        [str(word) for word in command],
        env=dict(env),
        cwd="/" if prepare else None,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors or (subprocess.STDOUT if output else None),
        start_new_session=True,
        preexec_fn=prepare or dying_with_me(),  # noqa: PLW1509  (this process starts no threads)
    )


def open_log(path: Path) -> IO[bytes]:
    """Open a log to append to, setting a large one aside as `NAME.1` first. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > _LOG_KEPT:
            path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def last_lines(path: Path, count: int = 5) -> str:
    """The last lines of a log, for a message; empty if it cannot be read."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 8000))
            lines = log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return "\n".join(line for line in lines[-count:] if line.strip())


@dataclass
class Service:
    """A child that should be running: its command, environment and log file."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it, its output going to its log. Raises OSError."""
        with open_log(self.log) as log:
            self.process = spawn(self.command, env=self.env, output=log)
        self.started = time.monotonic()

    def running(self) -> bool:
        """Is the process alive?"""
        return self.process is not None and self.process.poll() is None

    def kill_group(self) -> None:
        """End whatever is left of the process and of those it started (a web server's workers hold the port)."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def tend(self, say: Callable[[str], None]) -> None:
        """Notice a death, say so, and start the child again after a pause that doubles with each death in a row."""
        if self.process is None or self.running():
            return
        now = time.monotonic()
        if not self.again_at:
            self.kill_group()
            self.deaths = 0 if now - self.started > SETTLED else self.deaths
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self.deaths)
            self.deaths += 1
            self.again_at = now + pause
            say(f"The {self.name} process ended ({how_it_ended(self.process.returncode)}); starting it again.")
        if now >= self.again_at:
            self.again_at = 0.0
            self.start()


def how_it_ended(code: int) -> str:
    """A return code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def stop_all(services: Sequence[Service], patience: float = 8.0) -> None:
    """Ask every service to stop, wait `patience` seconds for all of them, then kill what is left."""
    for service in services:
        if service.process is not None and service.running():
            service.process.terminate()
    end = time.monotonic() + patience
    for service in services:
        if service.process is None:
            continue
        with contextlib.suppress(subprocess.TimeoutExpired):
            service.process.wait(max(0.05, end - time.monotonic()))
        service.kill_group()
        service.process.wait()
