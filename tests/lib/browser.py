"""A Chromium for the journeys, from wherever there is one.

The system's own if it starts; else Debian's package, when root may install it; else the build inside the npm package
`@sparticuz/chromium` (its version pinned in `chromium/package-lock.json`), which needs the libraries it bundles.
`python -m tests.lib.browser` gets one and says which.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from gezhi.lib import node

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = Path(__file__).resolve().parent / "chromium"
UNPACKED = CHECKOUT / ".venv" / "chromium"  # goes with the virtual environment, `make clean` removes both
_UNPACK = """
import chromium, { inflate } from "@sparticuz/chromium";
await chromium.executablePath();
await inflate("node_modules/@sparticuz/chromium/bin/al2023.tar.br");
"""
# Its own configuration names folders of another machine: without any font, text has no size.
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{fonts}-cache</cachedir></fontconfig>
"""


class NoBrowser(Exception):
    """None of the ways gave a Chromium that starts; the message says what was tried."""


@dataclass(frozen=True)
class Chromium:
    """A browser that starts: its file, the environment it needs, its flags."""

    executable: str
    env: dict[str, str] = field(default_factory=dict)

    @property
    def flags(self) -> list[str]:
        """No sandbox for root; maps drawn in software, the same on every machine."""
        drawing = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        # Pages themselves are drawn and put together without it: a third of the work of a page with a map.
        drawing += ["--disable-gpu-rasterization", "--disable-gpu-compositing"]
        packed = ["--no-zygote", "--headless=shell"] if self.env else []
        return ["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", *drawing, *packed]

    def version(self) -> str | None:
        """What it says to `--version`; None if it does not start."""
        try:
            done = subprocess.run(
                [self.executable, "--version", "--no-sandbox"],
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 and "Chrom" in done.stdout else None


def chromium() -> Chromium:
    """A Chromium that starts, got if there is none yet. Raises NoBrowser."""
    for way in (_named, _of_the_system, _from_debian, _from_npm):
        for candidate in way():
            if candidate.version():
                return candidate
    raise NoBrowser(
        "No Chromium: none is on the PATH, Debian's package could not be installed (that takes root), and the npm "
        "package @sparticuz/chromium did not start. Set GEZHI_CHROMIUM to one."
    )


def _named() -> Iterator[Chromium]:
    if named := os.environ.get("GEZHI_CHROMIUM"):
        yield Chromium(named)


def _of_the_system() -> Iterator[Chromium]:
    for name in NAMES:
        if found := shutil.which(name):
            yield Chromium(found)


def _from_debian() -> Iterator[Chromium]:
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    install = [*quiet, "install", "-y", "--no-install-recommends", "chromium"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}

    def runs(command: list[str]) -> bool:
        return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0

    if (runs([*quiet, "update"]) and runs(install)) or shutil.which("chromium"):
        yield from _of_the_system()


def _from_npm() -> Iterator[Chromium]:
    packed = Chromium(
        str(UNPACKED / "chromium"),
        {
            "LD_LIBRARY_PATH": str(UNPACKED / "al2023" / "lib"),
            "FONTCONFIG_PATH": str(UNPACKED / "fonts"),
            "TMPDIR": str(UNPACKED),
        },
    )
    if not packed.version():
        shutil.rmtree(UNPACKED, ignore_errors=True)
        UNPACKED.mkdir(parents=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(PACKAGE / name, UNPACKED)
        (UNPACKED / "unpack.mjs").write_text(_UNPACK)
        steps: tuple[Callable[[], int], ...] = (
            lambda: node.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=UNPACKED),
            lambda: node.run("node", "unpack.mjs", cwd=UNPACKED, env={"TMPDIR": str(UNPACKED)}),
        )
        if any(step() for step in steps):
            return
        fonts = UNPACKED / "fonts"
        (fonts / "fonts.conf").write_text(_FONTS.format(fonts=escape(str(fonts))))
    yield packed


if __name__ == "__main__":
    try:
        got = chromium()
    except NoBrowser as problem:
        sys.exit(str(problem))
    print(got.executable, got.version())
