"""Services are started again when they die, with growing pauses, and stopped with all they started."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from gezhi.lib import processes
from gezhi.lib.processes import Service, how_it_ended, last_lines, open_log, stop_all

SLEEPS = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
PARENT = [sys.executable, "-c", f"import subprocess; subprocess.run({SLEEPS!r})"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def service(tmp_path: Path, command: list[str]) -> Service:
    return Service("test", command, dict(os.environ), tmp_path / "logs" / "test.log")


def until(condition: object, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_dead_service_is_started_again_and_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.01)
    said: list[str] = []
    tended = service(tmp_path, SLEEPS)
    tended.start()
    tended.tend(said.append)
    assert not said
    assert tended.process is not None
    first = tended.process.pid
    tended.process.kill()
    tended.process.wait()

    def up_again() -> bool:
        tended.tend(said.append)
        return tended.running()

    until(up_again)
    assert tended.process.pid != first
    assert said == ["The test process ended (killed by SIGKILL); starting it again."]
    stop_all([tended])


def test_pauses_double_while_it_keeps_dying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    dying = service(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"])
    dying.start()
    pauses = []
    for _ in range(4):
        assert dying.process is not None
        dying.process.wait()
        dying.tend(lambda words: None)
        pauses.append(dying.again_at - now[0])
        now[0] = dying.again_at
        dying.tend(lambda words: None)
    assert pauses == [0.5, 1.0, 2.0, 4.0]


def test_stopping_ends_children_of_children_and_the_stubborn(tmp_path: Path) -> None:
    services = [service(tmp_path / "a", PARENT), service(tmp_path / "b", STUBBORN)]
    for each in services:
        each.start()
        until(lambda log=each.log: "up" in last_lines(log))
    groups = [each.process.pid for each in services if each.process]
    stop_all(services, patience=0.3)
    for group in groups:
        until(lambda group=group: not group_lives(group))


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_large_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_LOG_KEPT", 10)
    log = tmp_path / "a.log"
    log.write_text("x" * 11)
    with open_log(log) as opened:
        opened.write(b"new\n")
    assert (tmp_path / "a.log.1").read_text() == "x" * 11
    assert last_lines(log) == "new"
    assert last_lines(tmp_path / "none.log") == ""


def test_ends_in_words() -> None:
    assert how_it_ended(3) == "exit code 3"
    assert how_it_ended(-9) == "killed by SIGKILL"
    assert how_it_ended(-200) == "killed by signal 200"
