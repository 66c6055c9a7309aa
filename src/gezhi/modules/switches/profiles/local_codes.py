"""Codes of local sub-classes: what a city adds to a standard is numbered downward from 99 within its major class.

Pure: it is asked by profiles when they are read and by the catalogue when it is changed in the product. It applies to
standards whose codes are digits of one length that begin with the code of the major class; others are free.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

START = 99

Fault = Literal["form", "number", "gap"]


@dataclass(frozen=True, slots=True)
class Coded:
    """What matters of a class here; `local`: added by the city, not by the standard."""

    kind: str
    major: str
    code: str
    local: bool


@dataclass(frozen=True, slots=True)
class WrongCode:
    """A local class whose code cannot be: `form` (not digits of the standard's length below its major), `number`
    (above the start), `gap` (a free code lies above it). `expected`: the code to take instead."""

    one: Coded
    fault: Fault
    expected: str


def next_code(
    classes: Iterable[Coded], kind: str, major: str, *, start: int = START, used: Collection[str] = ()
) -> str:
    """The code that the next local class of a major class gets; "" where none is left or codes are no numbers.

    `used`: codes of local classes there once were, which are not given again.
    """
    listed = list(classes)
    length = _length(listed, kind)
    taken = {one.code for one in listed if one.kind == kind} | set(used)
    return next((code for code in _downward(major, length, start) if code not in taken), "")


def wrong_codes(
    classes: Iterable[Coded], *, start: int = START, used: Collection[tuple[str, str]] = ()
) -> list[WrongCode]:
    """Every local class whose code does not run downward from `start`; `used`: (kind, code) no longer given."""
    listed = list(classes)
    found: list[WrongCode] = []
    for kind in sorted({one.kind for one in listed}):
        length = _length(listed, kind)
        if not length:
            continue
        for major in sorted({one.major for one in listed if one.kind == kind}):
            local = [one for one in listed if one.local and (one.kind, one.major) == (kind, major)]
            spent = {code for of, code in used if of == kind}
            spent |= {one.code for one in listed if one.kind == kind and not one.local}
            found += _wrong(local, major, length, start, spent)
    return found


def _wrong(local: list[Coded], major: str, length: int, start: int, spent: set[str]) -> Iterator[WrongCode]:
    have = {one.code for one in local} | spent
    order = list(_downward(major, length, start))
    free = next((code for code in order if code not in have), "")
    for one in sorted(local, key=lambda one: one.code, reverse=True):
        if len(one.code) != length or not one.code.isdecimal() or not one.code.startswith(major):
            yield WrongCode(one, "form", free)
        elif one.code not in order:
            yield WrongCode(one, "number", free)
        elif free and one.code < free:
            yield WrongCode(one, "gap", free)


def _length(classes: list[Coded], kind: str) -> int:
    """The length of the standard's codes of one kind; 0 where they are not digits of one length."""
    codes = [one.code for one in classes if one.kind == kind and not one.local]
    lengths = {len(code) for code in codes}
    numbered = all(code.isascii() and code.isdecimal() for code in codes)
    return lengths.pop() if numbered and len(lengths) == 1 else 0


def _downward(major: str, length: int, start: int) -> Iterator[str]:
    digits = length - len(major)
    for number in range(min(start, 10**digits - 1) if digits > 0 else 0, 0, -1):
        yield f"{major}{number:0{digits}}"
