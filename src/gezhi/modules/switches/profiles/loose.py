"""Procedures that stand by themselves: a file or a folder of files, judged without a profile around them.

Posts and lists are then not known, so only what a procedure says of itself is judged: its names, its flow, its clocks,
its hands.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gezhi.engines.procedure import Procedure, ProcedureError, lint, load
from gezhi.modules.switches.profiles.marked import Item, read_yaml
from gezhi.modules.switches.profiles.problems import Mark, Notes, Problem
from gezhi.modules.switches.profiles.procedures import note_faults, where_in


def lint_loose(path: Path) -> list[Problem]:
    """Everything wrong with the procedures at a path (a YAML file, or a folder: those files that say `procedure:`)."""
    return sorted(set(_judged(path)[0]))


def read_loose(path: Path) -> list[Procedure]:
    """The procedures at a path that can be read."""
    return _judged(path)[1]


def _judged(path: Path) -> tuple[list[Problem], list[Procedure]]:
    notes = Notes()
    found: list[Procedure] = []
    items = list(_documents(path, notes))
    for item in items:
        procedure = _one(item, notes)
        if procedure is not None:
            found.append(procedure)
    if not items and not notes:
        sentence = "There is no procedure here: a procedure is a YAML file that begins with “procedure:”."
        notes.add(Mark(str(path)), sentence)
    return notes.problems, found


def _documents(path: Path, notes: Notes) -> Iterator[Item]:
    if path.is_dir():
        for file in sorted((*path.glob("*.yaml"), *path.glob("*.yml"))):
            item = read_yaml(file, str(file), notes)
            if item is not None and item.get("procedure") is not None:
                yield item
    elif path.exists():
        item = read_yaml(path, str(path), notes)
        if item is not None:
            yield item
    else:
        notes.add(Mark(str(path)), f"There is no file or folder “{path}”.")


def _one(item: Item, notes: Notes) -> Procedure | None:
    where = where_in(item)
    doc = item.plain()
    if not isinstance(doc, dict):
        notes.add(item.mark, "A procedure is a mapping that begins with “procedure: its name”.")
        return None
    try:
        procedure = load(doc, where=where)
    except ProcedureError as fault:
        note_faults(notes, item, fault.problems)
        return None
    note_faults(notes, item, lint(procedure))
    return procedure
