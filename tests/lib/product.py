"""The product as a person starts it: `gezhi demo` with its real processes, on a folder and a port of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gezhi.interfaces.cli import running
from gezhi.interfaces.cli.demo import answers

PATIENCE = 240.0  # seconds for a first start with its simulated days, on two busy cores


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def own_environment(**more: str) -> dict[str, str]:
    """The environment without the settings of the test run, which would lead the demo to the tests' database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GEZHI_")}
    return {**kept, **more}


def gezhi(*words: str | Path, seconds: float = 120.0, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end."""
    return subprocess.run(
        [sys.executable, "-m", "gezhi.interfaces.cli.main", *map(str, words)],
        env=own_environment(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@dataclass
class Product:
    """A demo that runs; `said` is the file with what it printed."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    said: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where its pages are, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def logins(self) -> dict[str, tuple[str, str]]:
        """Role → user name, password; the roles as the demo prints them."""
        world = json.loads((self.folder / running.WORLD).read_text())
        return {login["role"]: (login["username"], login["password"]) for login in world["logins"]}

    @property
    def database(self) -> str:
        """The URL of its database, while it runs."""
        note = json.loads((self.folder / "demo.json").read_text())
        url: str = note["environment"]["GEZHI_DATABASE_URL"]
        return url

    def pid(self, part: str) -> int:
        """The process id of a part: `granian`, `worker` or `postgres`."""
        words = {"granian": b"granian", "worker": b"worker", "postgres": b"bin/postgres"}[part]
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            with contextlib.suppress(OSError):
                if words in Path(f"/proc/{child}/cmdline").read_bytes():
                    return int(child)
        raise LookupError(f"no {part} among the demo's processes")

    def kill(self, part: str) -> None:
        """kill -9 a part."""
        os.kill(self.pid(part), signal.SIGKILL)

    def until_well(self, seconds: float = PATIENCE) -> None:
        """Wait until it answers. Raises AssertionError with what it printed."""
        end = time.monotonic() + seconds
        while not answers(self.port):
            assert self.process.poll() is None, f"the demo ended:\n{self.said.read_text()}"
            assert time.monotonic() < end, f"the demo does not answer:\n{self.said.read_text()}"
            time.sleep(0.1)

    def stop(self, sig: int = signal.SIGINT, seconds: float = 60.0) -> int:
        """Ctrl-C; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        return self.process.wait(seconds)


@contextlib.contextmanager
def demo(folder: Path, *words: str, port: int = 0, wait: bool = True, **more: str) -> Iterator[Product]:
    """Start `gezhi demo WORDS` on the folder, wait until it answers (unless told not to), stop it in the end."""
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    said = folder / "said.txt"
    command = [sys.executable, "-m", "gezhi.interfaces.cli.main", "demo", "--data", str(folder), "--port", str(port)]
    with said.open("wb") as output:
        process = subprocess.Popen(
            [*command, *words],
            env=own_environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    product = Product(folder, port, process, said)
    try:
        if wait:
            product.until_well()
        yield product
    finally:
        try:
            product.stop()
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
