"""The embedded PostgreSQL: starts anywhere, once per folder, and again after whatever a crash left."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gezhi.lib import unrooted
from gezhi.lib.postgres import FAST, AlreadyRunning, Postgres, PostgresProblem
from gezhi.lib.unrooted import CannotRun

SMALL = {**FAST, "shared_buffers": "16MB", "max_connections": "10"}
AS_ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "data", SMALL)
    server.start()
    yield server
    server.stop()


def answer(server: Postgres, statement: str, database: str = "postgres") -> object:
    with psycopg.connect(server.url(database)) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def gone(pid: int, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_it_creates_serves_stops_and_keeps_what_was_written(tmp_path: Path) -> None:
    server = Postgres(tmp_path, SMALL)
    server.start()
    assert server.ensure_database()
    assert not server.ensure_database()
    with psycopg.connect(server.url()) as connection:
        connection.execute("create table kept (words text)")
        connection.execute("insert into kept values ('格治')")
    server.stop()
    assert not server.alive()
    server.start()
    assert answer(server, "select words from kept", "gezhi") == "格治"
    server.stop()


def test_trigrams_work_on_chinese(server: Postgres) -> None:
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("create extension pg_trgm")
        row = connection.execute("select cardinality(show_trgm('井盖破损')) > 0").fetchone()
    assert row == (True,)


def test_only_its_owner_reaches_it(server: Postgres) -> None:
    assert server.sockets.stat().st_mode & 0o777 == 0o700
    assert answer(server, "show listen_addresses") == ""


def test_a_second_server_on_the_folder_is_refused(server: Postgres) -> None:
    with pytest.raises(AlreadyRunning, match="Another Gezhi runs on the data"):
        Postgres(server.folder, SMALL).start()
    assert answer(server, "select 1") == 1


@pytest.mark.parametrize("name", ["网格 治理 '数据'", "格" * 50, "a,b"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    server = Postgres(tmp_path / name, SMALL)
    server.start()
    assert answer(server, "select 1") == 1
    server.stop()
    assert server.sockets.parent == server.folder or not server.sockets.exists()


def test_it_is_started_again_after_kill_9(server: Postgres) -> None:
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    assert not server.alive()
    server.restart()
    assert answer(server, "select 1") == 1


@pytest.mark.parametrize("left", ["{me}\n{data}\n", "99999999\n", "", "rubbish"])
def test_a_pid_file_that_lies_is_removed(tmp_path: Path, left: str) -> None:
    server = Postgres(tmp_path, SMALL)
    server.start()
    server.stop()
    (server.cluster / "postmaster.pid").write_text(left.format(me=os.getpid(), data=server.cluster))
    server.start()
    assert answer(server, "select 1") == 1
    server.stop()


def test_a_cluster_half_made_by_a_crash_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "pg18.new").mkdir(mode=0o700)
    (tmp_path / "pg18.new" / "PG_VERSION").write_text("18\n")
    server = Postgres(tmp_path, SMALL)
    server.start()
    assert answer(server, "select 1") == 1
    server.stop()


def test_a_cluster_of_another_version_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "pg18").mkdir(mode=0o700)
    (tmp_path / "pg18" / "PG_VERSION").write_text("17\n")
    with pytest.raises(PostgresProblem, match="was made by PostgreSQL 17"):
        Postgres(tmp_path, SMALL).start()


def test_a_bad_setting_is_told_with_postgresqls_own_reason(tmp_path: Path) -> None:
    with pytest.raises(PostgresProblem, match="max_connections"):
        Postgres(tmp_path, {**SMALL, "max_connections": "none"}).start()
    server = Postgres(tmp_path, SMALL)
    server.start()  # the failed start gave the lock back
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="dying with the parent is Linux's")
def test_it_dies_with_its_parent_and_the_next_start_recovers(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from gezhi.lib.postgres import *\n"
        f"server = Postgres(Path(sys.argv[1]), {SMALL!r}); server.start()\n"
        "print(server.process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    server = Postgres(tmp_path, SMALL)
    server.start()  # at once: the old server may still be on its way out
    assert answer(server, "select 1") == 1
    assert gone(pid)
    server.stop()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder everybody may reach (pytest's own are private), owned by nobody."""
    folder = Path(tempfile.mkdtemp(prefix="gezhi-plain-"))
    folder.chmod(0o755)
    if AS_ROOT:
        os.chown(folder, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


def test_it_works_as_a_plain_user(open_folder: Path) -> None:
    become = f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n" if AS_ROOT else "\n"
    script = (
        "import os, sys; from pathlib import Path; from gezhi.lib.postgres import Postgres\n"
        f"{become}server = Postgres(Path(sys.argv[1]), {SMALL!r})\n"
        "server.start(); server.ensure_database(); server.stop(); print('served by', os.getuid())"
    )
    command = [sys.executable, "-c", script, open_folder]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert done.stdout.startswith("served by"), done.stderr


@pytest.mark.skipif(not AS_ROOT, reason="only root has to stop being root")
def test_where_user_namespaces_are_forbidden_root_becomes_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.parent.chmod(0o700)  # private to root: it takes a capability to get through
    monkeypatch.setattr(unrooted, "leave_root_by_namespace", lambda: os._exit(111))
    server = Postgres(tmp_path, SMALL)
    server.start()
    assert server.cluster.stat().st_uid == NOBODY
    assert answer(server, "select 1") == 1
    server.stop()


@pytest.mark.skipif(not AS_ROOT, reason="only root has to stop being root")
def test_where_root_cannot_stop_being_root_it_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for way in ("leave_root_by_namespace", "leave_root_by_user"):
        monkeypatch.setattr(unrooted, way, lambda: os._exit(111))
    with pytest.raises(CannotRun, match="does not run as root"):
        Postgres(tmp_path, SMALL).start()
