"""Where profiles are: in the product, in folders named by the caller, or at a path.

A profile is a folder with a `profile.yaml`. A name is looked for in the search folders first, then among those the
product ships; the profile it extends also among its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import gezhi.profiles
from gezhi.modules.switches.profiles.problems import Mark, Notes, nearest

SHIPPED = Path(gezhi.profiles.__file__).parent
HEAD = "profile.yaml"


def known(search: Iterable[Path] = ()) -> list[str]:
    """Names of all profiles that can be read by name, in alphabetical order."""
    found = {head.parent.name for folder in (*search, SHIPPED) if folder.is_dir() for head in folder.glob(f"*/{HEAD}")}
    return sorted(found)


def find(name: str | Path, search: Iterable[Path], notes: Notes, asked: Mark | None = None) -> Path | None:
    """The folder of a profile; None and a note (at `asked`, the place that names it) where there is none."""
    places = tuple(search)
    if isinstance(name, Path) or "/" in name or "\\" in name:
        return _at_path(Path(name), notes, asked)
    for folder in (*places, SHIPPED):
        if name and _has_head(folder / name):
            return folder / name
    if not asked and name and _has_head(Path(name)):
        return Path(name)
    sentence = f"There is no profile “{name}”.{nearest(name, known(places))}"
    if "Did you mean" in sentence:
        sentence = sentence.replace(" Did you mean", f"{nearest('', known(places))} Did you mean")
    notes.add(asked or Mark(str(name)), sentence)
    return None


def _at_path(folder: Path, notes: Notes, asked: Mark | None) -> Path | None:
    if folder.name == HEAD and _has_head(folder.parent):
        return folder.parent
    if _has_head(folder):
        return folder
    if folder.is_dir():
        notes.add(asked or Mark(str(folder)), f"“{folder}” is not a profile: it has no {HEAD}.")
    else:
        notes.add(asked or Mark(str(folder)), f"There is no folder “{folder}”.")
    return None


def _has_head(folder: Path) -> bool:
    try:
        return (folder / HEAD).is_file()
    except (OSError, ValueError):  # a name no file system knows
        return False
