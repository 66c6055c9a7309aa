"""Reading a profile from beginning to end."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gezhi.modules.switches.profiles.book import Book, open_book
from gezhi.modules.switches.profiles.crosschecks import check_answerable, check_head, check_organisations
from gezhi.modules.switches.profiles.duties import read_fixes, read_matrix, read_norm
from gezhi.modules.switches.profiles.import_map import read_imports
from gezhi.modules.switches.profiles.model import Profile
from gezhi.modules.switches.profiles.organisations import read_kinds, read_organisations, read_posts, read_ranks
from gezhi.modules.switches.profiles.people import World, read_people
from gezhi.modules.switches.profiles.problems import Notes, Problem, ProfileProblems
from gezhi.modules.switches.profiles.procedures import (
    read_calendar,
    read_lists,
    read_procedures,
    read_simulation,
    read_texts,
)
from gezhi.modules.switches.profiles.standards import read_catalogues
from gezhi.modules.switches.profiles.territory import read_territory


def read(name: str | Path, *, search: Iterable[Path] = (), data: Path | None = None) -> Profile:
    """A profile by name or by folder.

    `search` are folders in which profiles are looked for before those the product ships; `data` is the folder that
    outlines written with `data:` are read from. Raises ProfileProblems with everything that is wrong.
    """
    notes = Notes()
    book = open_book(name, search, data, notes)
    profile = _build(book) if book is not None else None
    if notes or profile is None:
        raise ProfileProblems(notes.problems)
    return profile


def check(name: str | Path, *, search: Iterable[Path] = (), data: Path | None = None) -> list[Problem]:
    """Everything wrong with a profile, in the order of files and lines; empty when it can be used."""
    try:
        read(name, search=search, data=data)
    except ProfileProblems as fault:
        return list(fault.problems)
    return []


def _build(book: Book) -> Profile | None:
    """Build every part, so that each can note what is wrong with it; None where too much is missing for a whole."""
    kinds = read_kinds(book)
    organisations = read_organisations(book, kinds)
    by_code = {one.code: one for one in organisations}
    posts, ranks = read_posts(book), read_ranks(book)
    territory = read_territory(book)
    areas = {one.code: one for one in territory.areas}
    people = read_people(book, World({one.key: one for one in posts}, ranks, by_code, areas))
    catalogues = read_catalogues(book, kinds)
    lists, texts = read_lists(book), read_texts(book)
    fixes = read_fixes(book, territory, lists)
    norm = read_norm(book, lists)
    matrix = read_matrix(book, territory, {one.key: one for one in posts}, lists)
    procedures = read_procedures(book, posts, lists, texts)
    imports = read_imports(book)
    check_head(book, by_code)
    check_organisations(book, organisations, areas)
    check_answerable(book, catalogues.in_force, organisations)
    spec, workclock = read_calendar(book)
    title = book.head.get("title")
    named = book.text(title) if title is not None and "profile" in book.sound else {}
    if workclock is None or book.notes:
        return None
    return Profile(
        name=book.word("name") or "",
        title=named,
        folder=book.folder,
        chain=tuple(folder.resolve().name for folder in book.folders),
        fingerprint=book.fingerprint(),
        abstract=book.abstract,
        country=book.word("country"),
        zone=book.word("zone") or "",
        language=book.word("language") or "",
        languages=book.languages(),
        centre=book.word("centre"),
        levels=territory.levels,
        grid_level=territory.grid_level,
        layers=territory.layers,
        areas=territory.areas,
        fixes=fixes,
        matrix=matrix,
        organisation_kinds=kinds,
        organisations=organisations,
        posts=posts,
        ranks=ranks,
        people=people,
        catalogue=catalogues.in_force,
        procedures=procedures,
        calendar=spec,
        workclock=workclock,
        lists=lists,
        texts=texts,
        simulation=read_simulation(book),
        standards=catalogues.standards,
        crosswalks=catalogues.crosswalks,
        imports=imports,
        norm=norm,
    )
