"""Generic pages: anything that is a list, a form or a sheet.

The three administrators' rooms and, later, registers are made of these three, so that a new room needs no new
template. Same rules as in `gezhi.interfaces.web.screens`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gezhi.interfaces.web.parts import Badge, Figure, Form, Link, Paging, RunState
from gezhi.interfaces.web.screens import Move


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell. `code` sets it in figures of equal width; `badge` replaces the text; `image` is the address of a
    small picture that shows what the text says."""

    text: str = ""
    href: str = ""
    badge: Badge | None = None
    code: bool = False
    at: datetime | None = None
    image: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """Cells in the order of the columns, and what can be done with the row (small forms, one button each)."""

    cells: tuple[Cell, ...]
    actions: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class ListScreen:
    """generic/list.html"""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    empty: str
    paging: Paging | None = None
    filters: Form | None = None
    chips: tuple[Link, ...] = ()
    actions: tuple[Link, ...] = ()
    figures: tuple[Figure, ...] = ()
    tabs: tuple[Link, ...] = ()

    @property
    def has_actions(self) -> bool:
        """Does any row offer something to do?"""
        return any(row.actions for row in self.rows)


@dataclass(frozen=True, slots=True)
class FormScreen:
    """generic/form.html: one form, alone on its page. `warning` stands above it (what this sets in motion)."""

    title: str
    about: str
    form: Form
    back: Link
    warning: str = ""


@dataclass(frozen=True, slots=True)
class SheetScreen:
    """generic/sheet.html: everything about one thing in named sections of pairs, tables below them, forms at the side.

    `tabs` lead to what stands beside it, `actions` away from it (a file, for instance). `state`: how far a job is that
    works on it. `form`: what the page is for, above the rest, where that is to be done rather than read.
    """

    title: str
    about: str
    back: Link
    sections: tuple[tuple[str, tuple[tuple[str, Cell], ...]], ...]
    badge: Badge | None = None
    moves: tuple[Move, ...] = ()
    table: ListScreen | None = None
    tables: tuple[ListScreen, ...] = ()
    figures: tuple[Figure, ...] = ()
    tabs: tuple[Link, ...] = ()
    actions: tuple[Link, ...] = ()
    warning: str = ""
    state: RunState | None = None
    form: Form | None = None
