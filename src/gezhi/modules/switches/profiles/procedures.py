"""Procedures, the working calendar and the habits of a simulated life: documents that an engine reads.

The engines find what is wrong by its path in the document; here the path becomes file, line and column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gezhi.engines.procedure import Path, Problem, Procedure, ProcedureError, Where, lint, load
from gezhi.engines.workclock import Calendar, CalendarError
from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.marked import Item
from gezhi.modules.switches.profiles.model import Post, ProcedureFile, Text
from gezhi.modules.switches.profiles.problems import Mark, Notes

Lists = Mapping[str, Mapping[str, Text]]
EFFECTS = ("merge", "split", "start_project", "follow_up", "scores", "rescore")
"""What a procedure's `does` may say: what the room of cases can carry out (`cases/deeds.py`)."""


def read_lists(book: Book) -> dict[str, dict[str, Text]]:
    """Choice lists by name: key → text, in the order of the file."""
    return {
        name: {key: book.text(choice) for key, choice in item.items()} for name, item in book.entries("lists", "lists")
    }


def read_texts(book: Book) -> dict[str, Text]:
    """Sentences by key."""
    return {key: book.text(item) for key, item in book.entries("texts", "texts")}


def read_procedures(
    book: Book, posts: Iterable[Post], lists: Lists, texts: Mapping[str, Text]
) -> dict[str, ProcedureFile]:
    """All procedures by name, each loaded and linted against the profile's posts, lists and texts."""
    known = tuple(posts)
    read = {name: _procedure(book, name, item, known, lists, texts) for name, item in book.procedures.items()}
    return {name: one for name, one in read.items() if one is not None}


def _procedure(
    book: Book, name: str, item: Item, posts: tuple[Post, ...], lists: Lists, texts: Mapping[str, Text]
) -> ProcedureFile | None:
    where = where_in(item)
    doc = item.plain()
    if not isinstance(doc, dict):
        book.notes.add(item.mark, "A procedure is a mapping that begins with “procedure: its name”.")
        return None
    try:
        procedure: Procedure = load(doc, where=where, lists=lists if "lists" in book.sound else None)
    except ProcedureError as fault:
        note_faults(book.notes, item, fault.problems)
        return None
    if procedure.name != name:
        mark = (item.get("procedure") or item).mark
        book.notes.add(mark, f"The procedure is named “{procedure.name}” but its file “{name}.yaml”; make them alike.")
    found = lint(
        procedure,
        posts=[post.key for post in posts] if "posts" in book.sound else None,
        single_posts=[post.key for post in posts if post.single],
        lists=list(lists) if "lists" in book.sound else None,
        texts=list(texts) if "texts" in book.sound else None,
        effects=EFFECTS,
    )
    note_faults(book.notes, item, found)
    return ProcedureFile(name, procedure.version, doc, procedure)


def note_faults(notes: Notes, item: Item, faults: Iterable[Problem]) -> None:
    """Note what the engine found, each at its place in the file."""
    for fault in faults:
        file, line, column = fault.at or _place(item, fault.path)
        notes.add(Mark(file, line, column), fault.sentence)


def where_in(item: Item) -> Where:
    """Path in a document → file, line and column, as the engine asks for it."""

    def where(path: Path) -> tuple[str, int, int]:
        return _place(item, path)

    return where


def _place(item: Item, path: Path) -> tuple[str, int, int]:
    mark = item.near(path).mark
    return mark.file, mark.line, mark.column


def read_calendar(book: Book) -> tuple[dict[str, Any], Calendar | None]:
    """The calendar as data and as the engine reads it; it takes the profile's zone where it names none."""
    item = book.docs.get("calendar")
    if item is None:
        if not book.notes:
            book.notes.add(book.head.mark, "This profile has no calendar.yaml; extend “base” or write one.")
        return {}, None
    spec = {key: value for key, value in item.plain().items() if key != "inherit"}
    try:
        return spec, Calendar.from_spec(spec)
    except CalendarError as fault:
        if "calendar" in book.sound:
            for path, sentence in fault.problems:
                book.notes.add(item.near(path).mark, sentence)
        return spec, None


def read_simulation(book: Book) -> dict[str, Any]:
    """How people behave in a simulated life, as data; empty where the profile does not say."""
    item = book.docs.get("simulation")
    return {key: value for key, value in item.plain().items() if key != "inherit"} if item is not None else {}
