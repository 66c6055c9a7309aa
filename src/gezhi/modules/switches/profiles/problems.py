"""What can be wrong with a profile, said so that its author can put it right.

A problem is a place (file, line, column; all counted from 1, columns in characters) and whole sentences. Reading never
stops at the first one: a person who mends a file wants the list.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

_LISTED = 12


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong: where, and a sentence that says what to do. `gezhi profile check` prints one a line."""

    file: str
    line: int
    column: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.problem}"


class ProfileProblems(ValueError):
    """A profile that cannot be used; `problems` names everything found, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class Notes:
    """Collects problems while a profile is read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, mark: Mark, sentence: str) -> None:
        """Note one problem at a place."""
        self.problems.append(Problem(mark.file, mark.line, mark.column, sentence))

    def __bool__(self) -> bool:
        return bool(self.problems)


def quoted(words: Iterable[str]) -> str:
    """“a”, “b” and so on; a long list is cut."""
    listed = [f"“{word}”" for word in words]
    more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    return ", ".join(listed[:_LISTED]) + more


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence with the names that come nearest, or with all there are; empty when there are none."""
    names = list(dict.fromkeys(known))
    close = difflib.get_close_matches(word.lower(), [name.lower() for name in names], n=1, cutoff=0.6)
    for name in names:
        if close and name.lower() == close[0]:
            return f" Did you mean “{name}”?"
    return f" Known: {quoted(names)}." if names else ""
