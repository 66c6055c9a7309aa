"""Bar charts drawn by the server: groups of bars side by side, with a scale; numbers only, the words stand beside them.

Sizes are in units of the picture (`viewBox`), which fills the width it is given. Every chart has its table on the same
page, so the picture itself is decoration for whoever cannot see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gezhi.interfaces.web.parts import Tone

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 36, 6, 10, 24
LABELS = 10  # so many labels fit below
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `title` is what it stands for, read on pointing at it."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place: a label below, a number of the scale."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart. `keys`: what each tone means; `lines`: the scale, from below; `labels`: below the groups."""

    title: str
    width: int
    height: int
    left: int
    right: int
    base: int
    bars: tuple[Bar, ...]
    labels: tuple[Mark, ...]
    lines: tuple[Mark, ...]
    keys: tuple[tuple[Tone, str], ...]

    @property
    def scale(self) -> int:
        """Where the numbers of the scale end."""
        return self.left - 6

    @property
    def foot(self) -> int:
        """Where the labels stand."""
        return self.height - 6


def bars(title: str, groups: Sequence[tuple[str, Sequence[int]]], *, keys: Sequence[tuple[Tone, str]]) -> Bars:
    """Groups of bars, one for each key: (label, numbers in the order of the keys)."""
    highest = max((number for _label, numbers in groups for number in numbers), default=0)
    step = _step(highest)
    top = step * max(1, -(-highest // step))
    base = HEIGHT - BOTTOM
    room = (WIDTH - LEFT - RIGHT) / max(1, len(groups))
    thick = min(22.0, room * 0.78 / max(1, len(keys)))
    drawn, labels = [], []
    every = -(-len(groups) // LABELS)
    for n, (label, numbers) in enumerate(groups):
        middle = LEFT + room * (n + 0.5)
        begin = middle - thick * len(keys) / 2
        if n % every == 0:
            labels.append(Mark(round(middle, 1), label))
        for m, (number, (tone, name)) in enumerate(zip(numbers, keys, strict=True)):
            tall = (base - TOP) * number / top
            if number:
                place = (round(begin + m * thick, 2), round(base - tall, 2), round(thick * 0.92, 2), round(tall, 2))
                drawn.append(Bar(*place, tone, f"{label} {name} {number}"))
    lines = tuple(Mark(round(base - (base - TOP) * value / top, 2), str(value)) for value in range(0, top + 1, step))
    return Bars(title, WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, base, tuple(drawn), tuple(labels), lines, tuple(keys))


def _step(highest: int) -> int:
    """A round step that makes at most five lines of the scale."""
    power = 1
    while True:
        for step in STEPS:
            if highest <= step * power * 4:
                return step * power
        power *= 10
