"""`gezhi demo` that cannot start says why in one sentence, with exit code 2, and leaves nothing running."""

from __future__ import annotations

import base64
import fcntl
import json
import socket
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from gezhi.interfaces.cli.logins import table, width
from gezhi.interfaces.cli.world import Bar
from tests.lib.product import free_port, gezhi

NAMES = ("User name", "acceptor", "checker")
NO_SECRET = base64.b64encode(bytes(32)).decode()


def refused(done: CompletedProcess[str], code: int = 2) -> str:
    """What it said, once it is sure that this was one sentence and no traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Error: ")
    said = done.stderr.removeprefix("Error: ").strip()
    assert "\n" not in said
    assert said.endswith(".")
    return said


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(gezhi("demo", "--data", tmp_path, "--port", port, "--profile", "base"))
    assert said == f"Port {port} is in use: stop what uses it, or choose another with --port."
    assert not (tmp_path / "pg18").exists()


def test_a_folder_on_which_another_runs(tmp_path: Path) -> None:
    with (tmp_path / "pg.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = refused(gezhi("demo", "--data", tmp_path, "--port", free_port(), "--profile", "base"))
    assert said == f"Another Gezhi runs on the data in {tmp_path}."


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    said = refused(gezhi("demo", "--data", tmp_path / "file" / "var", "--profile", "base"))
    assert said == f"The data folder {tmp_path / 'file' / 'var'} cannot be written: Not a directory."


def test_a_profile_nobody_knows(tmp_path: Path) -> None:
    said = refused(gezhi("demo", "--data", tmp_path, "--profile", "atlantis"))
    assert said.startswith("There is no profile 'atlantis'; known profiles: base")


def test_a_folder_of_another_profile(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text(json.dumps({"profile": "elsewhere", "days": 1, "logins": []}))
    said = refused(gezhi("demo", "--data", tmp_path, "--profile", "base"))
    assert said == f"The data in {tmp_path} is of the profile 'elsewhere': choose another folder with --data."


@pytest.mark.parametrize("words", [("--port", "0"), ("--port", "70000"), ("--days", "-1"), ("--days", "x")])
def test_a_number_that_cannot_be(tmp_path: Path, words: tuple[str, str]) -> None:
    done = gezhi("demo", "--data", tmp_path, *words)
    assert done.returncode == 2
    assert f"Invalid value for '{words[0]}'" in done.stderr


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_without_settings_a_deployment_is_told_which(tmp_path: Path, command: str) -> None:
    said = refused(gezhi(command, GEZHI_DATA=str(tmp_path)), code=1)
    assert said.startswith("GEZHI_SECRET_KEY is not set")


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_database_that_is_down(tmp_path: Path, command: str) -> None:
    words = ("--port", str(free_port())) if command == "serve" else ()
    settings = {
        "GEZHI_DATA": str(tmp_path),
        "GEZHI_DATABASE_URL": f"postgresql://gezhi@127.0.0.1:{free_port()}/gezhi",
        **dict.fromkeys(("GEZHI_SECRET_KEY", "GEZHI_VAULT_KEY", "GEZHI_SIGNING_KEY"), NO_SECRET),
    }
    done = gezhi(command, *words, **settings)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Error: The database does not answer: " in done.stderr


def test_the_table_of_logins_lines_up_with_chinese_in_it() -> None:
    logins = [
        {"role": "受理员 Acceptor", "username": "acceptor", "password": "p"},
        {"role": "Checker", "username": "checker", "password": "longer"},
    ]
    rows = table(logins).splitlines()
    starts = {width(row[: row.index(word)]) for row, word in zip([rows[0], *rows[2:]], NAMES, strict=True)}
    assert starts == {2 + width("受理员 Acceptor") + 2}


def test_progress_away_from_a_terminal_is_whole_lines(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    for day in range(1, 31):
        bar(day, 30, f"day {day}")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("  [############################] 30/30 day 30")
    assert len(lines) == 2
