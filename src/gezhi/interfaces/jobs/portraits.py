"""Drawn portraits for a demonstration's invented people: a bust in a duty vest, no face, nobody's likeness.

Twenty-four drawings by colour of the vest and cut of the hair, always the same; who gets which follows from the user
name. They are drawings that nobody can take for a photograph, and pages mark their owners as invented besides.
"""

from __future__ import annotations

import io
from functools import lru_cache
from hashlib import sha256

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 480, 600
FINE = 3  # drawn so many times larger, then made smaller: smooth edges
SKIN, NECK, HAIR, WHITE, STRIPE = "#ead3bf", "#dcc1aa", "#2b3440", "#ffffff", "#dfe7d0"
VESTS = (("#1b4b8a", "#e8eff8"), ("#0b5b6a", "#e1f1f3"), ("#1b6342", "#e5f2ea"), ("#a3281c", "#fcebe8"))
CUTS = ("short", "parted", "bob", "long", "bun", "cap")
COUNT = len(VESTS) * len(CUTS)

Box = tuple[float, float, float, float]


def number_of(username: str) -> int:
    """Which of the drawings somebody gets."""
    return sha256(username.encode()).digest()[0] % COUNT


@lru_cache(maxsize=COUNT)
def portrait(number: int) -> bytes:
    """One of the drawings as PNG, 480 × 600 pixels."""
    (vest, ground), cut = VESTS[number % len(VESTS)], CUTS[number // len(VESTS) % len(CUTS)]
    image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), ground)
    pen = _Pen(image)
    pen.ellipse((60, 70, 420, 430), WHITE)
    if cut in {"long", "bob"}:
        pen.rounded((142, 170, 338, 410 if cut == "long" else 345), 90, HAIR)
    pen.rounded((205, 320, 275, 440), 30, NECK)
    _shoulders(pen, vest)
    pen.ellipse((160, 130, 320, 345), SKIN)
    _hair(pen, cut, vest)
    out = io.BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


class _Pen:
    """Draws in the coordinates of the finished picture."""

    def __init__(self, image: Image.Image) -> None:
        self.draw = ImageDraw.Draw(image)

    def ellipse(self, box: Box, fill: str) -> None:
        self.draw.ellipse([side * FINE for side in box], fill=fill)

    def rounded(self, box: Box, radius: float, fill: str) -> None:
        self.draw.rounded_rectangle([side * FINE for side in box], radius * FINE, fill=fill)

    def pie(self, box: Box, start: float, end: float, fill: str) -> None:
        self.draw.pieslice([side * FINE for side in box], start, end, fill=fill)

    def shape(self, points: tuple[tuple[float, float], ...], fill: str) -> None:
        self.draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=fill)


def _shoulders(pen: _Pen, vest: str) -> None:
    pen.rounded((60, 405, 420, 760), 110, "#f4f5f2")
    pen.shape(((150, 405), (205, 400), (240, 470), (275, 400), (330, 405), (352, 640), (128, 640)), vest)
    pen.shape(((205, 400), (240, 470), (275, 400), (262, 396), (218, 396)), WHITE)
    for left, right in ((156, 186), (294, 324)):
        pen.shape(((left, 408), (right, 406), (right + 2, 640), (left - 8, 640)), STRIPE)
    pen.rounded((132, 530, 348, 556), 4, STRIPE)


def _hair(pen: _Pen, cut: str, vest: str) -> None:
    if cut == "cap":
        pen.pie((148, 108, 332, 300), 180, 360, vest)
        pen.rounded((140, 196, 350, 216), 10, vest)
        return
    if cut == "bun":
        pen.ellipse((205, 70, 275, 140), HAIR)
    pen.pie((150, 108, 330, 318), 180, 360, HAIR)
    if cut == "parted":
        pen.shape(((150, 212), (330, 212), (322, 250), (230, 196), (160, 250)), HAIR)
    elif cut in {"bob", "long"}:
        pen.shape(((150, 210), (330, 210), (330, 270), (290, 214), (190, 214), (150, 270)), HAIR)
    else:
        pen.rounded((150, 190, 330, 212), 10, HAIR)
