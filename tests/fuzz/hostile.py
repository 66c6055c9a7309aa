"""Values that nobody sane would send: texts by the kind of trouble they make, and files that are no photos."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.fuzz.forms import FoundForm, Input
from tests.town import EAST, jpeg

Value = Any  # what Django's test client can send: a text, an upload, or a list of them

TEXTS = (
    "",
    " \t\r\n ",
    "\0",
    "井盖\0破了",
    "\x07\x1b[31m",
    "😀👩‍👩‍👧‍👦🇨🇳",
    "\u202e翻过来的字\u202c",
    "\u200b\u200d\ufeff",
    "e\u0301" * 50 + "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% now %}${7*7}",
    "%s%d%(name)s",
    "' OR 1=1 --",
    "../../etc/passwd",
    "a" * 301,
    "长" * 5_001,
    "None",
    "true",
    "[]",
)
AT = {"lon": f"{EAST[0]}", "lat": f"{EAST[1]}"}
LONG = "百" * 350_000  # a megabyte
NUMBERS = (
    "0",
    "-1",
    "1.5",
    "1e400",
    "-inf",
    "NaN",
    "0x10",
    "²",
    "١٢٣",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "9" * 40,
    "9" * 4_500,
    "1_000",
    "118.8",
)
DATES = ("2026-02-30", "0000-00-00", "9999-12-31", "99999-01-01", "2026-13-01T25:61", "昨天")
PLACES = ("0", "181", "-91", "500", "118.8000001", "1e308", "118,8")
KEYS = ("no-such-key", "C99999", "E01001", "999", "real\0", "real ", "REAL")


def _not_photos() -> dict[str, Callable[[], SimpleUploadedFile]]:
    def upload(name: str, content: bytes, kind: str = "image/jpeg") -> Callable[[], SimpleUploadedFile]:
        return lambda: SimpleUploadedFile(name, content, kind)

    return {
        "text": upload("photo.jpg", "我不是照片".encode() * 20),
        "empty": upload("photo.jpg", b""),
        "cut off": upload("photo.jpg", jpeg()[:-200]),
        "cut off early": upload("photo.jpg", jpeg()[:30]),
        "head only": upload("photo.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 2_000),
        "svg": upload("photo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        "gif": upload("photo.gif", _drawn("GIF"), "image/gif"),
        "zip": upload("photo.png", _zip(), "image/png"),
        "unfolds": upload("photo.png", _unfolding(), "image/png"),
        "odd name": upload("../../照片\u202e.jpg\r\nX: y", jpeg((1, 2, 3))),
    }


@cache
def files() -> dict[str, Callable[[], SimpleUploadedFile]]:
    """Makers of uploads, by what is wrong with them."""
    return _not_photos()


def heavy() -> SimpleUploadedFile:
    """A photo of 40 MB, by its size alone."""
    return SimpleUploadedFile("photo.jpg", jpeg() + b"\0" * 40 * 1024 * 1024, "image/jpeg")


def twenty() -> list[SimpleUploadedFile]:
    """More photos than a form takes."""
    return [SimpleUploadedFile(f"{n}.jpg", jpeg((n, n, n)), "image/jpeg") for n in range(20)]


def _drawn(form: str, size: tuple[int, int] = (8, 8)) -> bytes:
    held = io.BytesIO()
    Image.new("1", size).save(held, form)
    return held.getvalue()


def _unfolding() -> bytes:
    """A small file that claims to be a picture of 400 million pixels."""
    return _drawn("PNG", (20_000, 20_000))


def _zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as pack:
        pack.writestr("photo.jpg", jpeg())
    return held.getvalue()


def plausible(one: Input, chance: Random) -> Value:
    """What a person might enter."""
    if one.kind == "file":
        return [SimpleUploadedFile("photo.jpg", jpeg(), "image/jpeg")]
    if one.value and one.kind in {"hidden", "button"}:
        return one.value
    if one.name in AT:
        return AT[one.name]
    if one.choices:
        return one.value or chance.choice(one.choices)
    if one.kind in {"date", "datetime-local"}:
        return "2027-01-05" if one.kind == "date" else "2027-01-05T10:00"
    return one.value or {"number": "3", "password": "a-long-test-password"}.get(one.kind, "路灯不亮")


def hostile(one: Input, chance: Random) -> Value:
    """What makes trouble in a field of this kind."""
    if one.kind == "file":
        return [chance.choice(list(files().values()))() for _each in range(chance.choice((1, 1, 2)))]
    listed = [*TEXTS, *KEYS, *NUMBERS, *DATES, *PLACES]
    fitting = {"number": NUMBERS, "date": DATES}.get(one.kind, ())
    if chance.random() < 0.05:
        return LONG
    if chance.random() < 0.1:
        return [chance.choice(listed) for _each in range(3)]
    return chance.choice([*listed, *fitting, *fitting, *one.choices])


def draws(form: FoundForm, chance: Random, count: int) -> list[dict[str, Value]]:
    """`count` bodies for a form: nothing at all; every field hostile; one field hostile among plausible ones."""
    made: list[dict[str, Value]] = [{}]
    names = list(form.inputs)
    while len(made) < count and names:
        if len(made) == 1:
            made.append({name: hostile(one, chance) for name, one in form.inputs.items()})
            continue
        body = {name: plausible(one, chance) for name, one in form.inputs.items()}
        spoiled = chance.choice(names)
        body[spoiled] = hostile(form.inputs[spoiled], chance)
        if chance.random() < 0.2:
            body.pop(chance.choice(names))
        made.append(body)
    return made
