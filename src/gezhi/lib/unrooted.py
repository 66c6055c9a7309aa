"""How a program that refuses to run as root runs for root: without asking root to make a user for it.

In a user namespace of its own it is nobody in particular, while its files stay root's. Where such namespaces are
forbidden, as in most containers, it becomes the user `nobody`, with the one capability that lets it reach folders
that are private to root. A plain user's program just runs.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_KEEP_CAPABILITIES, _AMBIENT, _RAISE = 8, 47, 2  # prctl(2)
_CAPABILITY_VERSION, _REACH_ALL_FILES = 0x20080522, 1  # capset(2); CAP_DAC_OVERRIDE


class CannotRun(Exception):
    """A program cannot be run here; the message is a sentence for the person who started it."""


@dataclass(frozen=True)
class RunsAs:
    """`become` is called in the child before it becomes the program; its files belong to `owner` (None: to us)."""

    become: Callable[[], None]
    owner: int | None = None


def way_to_run(program: Path, folder: Path) -> RunsAs:
    """The first way in which the program starts and may enter the folder. Raises CannotRun."""
    if os.geteuid() != 0:
        return AS_WE_ARE
    if _works(leave_root_by_namespace, program, folder):
        return RunsAs(leave_root_by_namespace)
    if _works(leave_root_by_user, program, folder):
        return RunsAs(leave_root_by_user, pwd.getpwnam("nobody").pw_uid)
    raise CannotRun(
        f"{program.name} does not run as root, and here it can neither have a user namespace nor reach {folder} as "
        "another user: start Gezhi as a plain user, or with --data in a folder everybody may enter."
    )


def stay() -> None:
    """Run as who we are."""


def leave_root_by_namespace() -> None:
    """Enter a new user namespace, in which no user is mapped. Ends the process where that is forbidden."""
    if ctypes.CDLL(None).unshare(_CLONE_NEWUSER):
        os._exit(111)


def leave_root_by_user() -> None:
    """Become `nobody`, keeping the capability to reach every file if we have it."""
    nobody = pwd.getpwnam("nobody")
    kernel = ctypes.CDLL(None)
    kernel.prctl(_KEEP_CAPABILITIES, 1)
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    wanted = 1 << _REACH_ALL_FILES
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)(wanted, wanted, wanted, 0, 0, 0)  # effective, permitted, inheritable; low, high word
    kernel.capset(header, sets)
    kernel.prctl(_AMBIENT, _RAISE, _REACH_ALL_FILES, 0, 0)


AS_WE_ARE = RunsAs(stay)


def _works(become: Callable[[], None], program: Path, folder: Path) -> bool:
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", 'test -x "$0" && exec "$1" --version', folder, program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            preexec_fn=become,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
