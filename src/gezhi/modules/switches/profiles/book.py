"""An open profile: the folders it is made of, and its files merged from the base upwards, with their places.

This is the half-way house between files and values: the builders (`territory`, `people`, `classes`, `organisations`,
`procedures`) take what they need from it and note what is wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gezhi.modules.switches.profiles.folders import HEAD, find
from gezhi.modules.switches.profiles.marked import Item, read_yaml
from gezhi.modules.switches.profiles.merging import merged
from gezhi.modules.switches.profiles.model import Text
from gezhi.modules.switches.profiles.problems import Mark, Notes, nearest
from gezhi.modules.switches.profiles.sentences import check_shape

PARTS = ("organisations", "posts", "lists", "texts", "areas", "people", "catalogue", "calendar")
ROOM_PARTS = {"conditions": "catalogue/conditions.yaml", "simulation": "simulation/life.yaml"}
_ROOMS = {
    "catalogue": ("conditions.yaml", "*.csv"),
    "procedures": ("*.yaml",),
    "simulation": ("life.yaml",),
    "imports": ("*.yaml",),
}
_OWN = ("name", "title", "abstract", "extends", "note")


@dataclass(slots=True)
class Book:
    """`docs` are the merged files by part; `sound` the parts whose shape is right, so that they may be built from."""

    notes: Notes
    data: Path | None
    folders: list[Path] = field(default_factory=list)
    head: Item = field(default_factory=lambda: Item({}, Mark(""), Mark("")))
    docs: dict[str, Item] = field(default_factory=dict)
    procedures: dict[str, Item] = field(default_factory=dict)
    imports: dict[str, Item] = field(default_factory=dict)
    sound: set[str] = field(default_factory=set)
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def folder(self) -> Path:
        """The profile's own folder."""
        return self.folders[-1]

    @property
    def abstract(self) -> bool:
        """Is it only there to be extended?"""
        found = self.head.get("abstract")
        return bool(found is not None and found.value is True)

    def word(self, name: str) -> str | None:
        """A text entry of profile.yaml."""
        return self.head.text(name)

    def languages(self) -> tuple[str, ...]:
        """The languages the profile speaks."""
        found = self.head.get("languages")
        return tuple(str(one.value) for one in found.value) if found and isinstance(found.value, list) else ()

    def entries(self, part: str, name: str) -> list[tuple[str, Item]]:
        """The entries of a mapping in a part; none where the part is absent or not sound."""
        doc = self.docs.get(part) if part in self.sound else None
        inside = doc.get(name) if doc is not None else None
        return inside.items() if inside is not None else []

    def text(self, item: Item) -> Text:
        """The languages of a text or of an entry that is one by the way; notes every language it lacks."""
        said = {key: str(entry.value) for key, entry in item.items() if key in ("zh", "en")}
        for language in self.languages():
            if language.split("-")[0] not in said:
                listed = " and ".join(self.languages())
                key = language.split("-", maxsplit=1)[0]
                self.notes.add(item.key, f"“{key}” is missing here: this profile speaks {listed}.")
        return said

    def take(self, path: Path) -> None:
        """Count a file into the fingerprint."""
        self._digest.update(path.name.encode())
        if path.is_file():
            self._digest.update(path.read_bytes())

    def fingerprint(self) -> str:
        """SHA-256 over everything read, in hexadecimal."""
        return str(self._digest.hexdigest())


def open_book(name: str | Path, search: Iterable[Path], data: Path | None, notes: Notes) -> Book | None:
    """Find the profile and those it extends, read and merge their files. None where there is no such profile."""
    places = tuple(search)
    folder = find(name, places, notes)
    if folder is None:
        return None
    book = Book(notes, data)
    heads = _chain(folder, places, book)
    if not heads:
        return None
    for place, head in heads:
        _lay(book, place, head)
    _judge(book)
    return book


def _chain(folder: Path, places: tuple[Path, ...], book: Book) -> list[tuple[Path, Item]]:
    """Folders and heads from the base to the profile itself; empty where a head cannot be read."""
    heads: list[tuple[Path, Item]] = []
    seen: list[Path] = []
    following: Path | None = folder
    while following is not None:
        seen.append(following.resolve())
        head = read_yaml(following / HEAD, str(following / HEAD), book.notes)
        if head is None:
            return []
        heads.insert(0, (following, head))
        extends = head.get("extends")
        if extends is None or not isinstance(extends.value, str):
            return heads
        parent = find(extends.value, (*places, following.parent), book.notes, extends.mark)
        if parent is not None and parent.resolve() in seen:
            book.notes.add(extends.mark, f"“{extends.value}” extends this profile itself; one of them must not.")
            parent = None
        if parent is None:
            return []
        following = parent
    return heads


def _lay(book: Book, folder: Path, head: Item) -> None:
    """Lay one folder over what is there."""
    below = Item({k: v for k, v in book.head.items() if k not in _OWN}, book.head.mark, book.head.key)
    book.folders.append(folder)
    book.head = merged(below, head)
    book.take(folder / HEAD)
    for part, name in {**{part: f"{part}.yaml" for part in PARTS}, **ROOM_PARTS}.items():
        item = _read(book, folder / name)
        if item is not None:
            book.docs[part] = merged(book.docs.get(part), item)
    for room, taken in (("procedures", book.procedures), ("imports", book.imports)):
        for path in sorted((folder / room).glob("*.yaml")):
            item = _read(book, path)
            if item is not None:
                taken[path.stem] = merged(taken.get(path.stem), item)
    _check_files(book, folder)


def _read(book: Book, path: Path) -> Item | None:
    if not path.is_file():
        return None
    book.take(path)
    return read_yaml(path, str(path), book.notes)


def _check_files(book: Book, folder: Path) -> None:
    """A file whose name is not known would silently do nothing: say so."""
    names = [HEAD, *(f"{part}.yaml" for part in PARTS)]
    for path in sorted(folder.iterdir()):
        if path.suffix in (".yaml", ".yml") and path.name not in names:
            book.notes.add(Mark(str(path)), f"“{path.name}” is not a file of a profile.{nearest(path.name, names)}")
    for room, patterns in _ROOMS.items():
        for path in sorted((folder / room).glob("*")):
            if not path.name.endswith(".md") and not any(path.match(pattern) for pattern in patterns):
                listed = " and ".join(patterns)
                book.notes.add(Mark(str(path)), f"“{path.name}” is not read; the folder “{room}” holds {listed}.")


def _judge(book: Book) -> None:
    """Check every merged part against its schema."""
    if check_shape("profile", book.head, book.notes):
        book.sound.add("profile")
    for part, item in book.docs.items():
        if check_shape(part, item, book.notes):
            book.sound.add(part)
    name = book.head.get("name")
    folder = book.folder.resolve().name
    if name is not None and isinstance(name.value, str) and name.value != folder:
        book.notes.add(name.mark, f"The profile is named “{name.value}” but its folder “{folder}”; make them alike.")
