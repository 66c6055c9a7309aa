"""Catalogues for tests: small ones made by hand, the national ones put in force without a town around them, tables to
spoil, and strategies.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from unittest.mock import patch

import xlsxwriter
from django.utils import translation
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gezhi.lib.actor import Actor
from gezhi.modules.catalogue import operations, queries, reading, standards, tables
from gezhi.modules.catalogue.checking import Rules
from gezhi.modules.catalogue.content import ClassFact, ConditionFact, with_conditions
from gezhi.modules.catalogue.reading import ReadTable
from gezhi.modules.switches import operations as switches
from gezhi.modules.switches import profiles
from gezhi.modules.switches import queries as switch_queries
from gezhi.modules.switches.profiles import Profile

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
SYSTEM = Actor.system()
ADMINISTRATOR = Actor("account:7", 7, (), frozenset({"administer.system"}))
OTHERS = [
    Actor.public(),
    Actor("account:1", 1, (), frozenset({"administer.security"})),
    Actor("account:2", 2, (), frozenset({"case.see.all"})),
]
STANDARD = "GB/T 47678.5-2026"
Cells = dict[str, list[list[str]]]


def a_class(code: str = "06001", **changes: Any) -> ClassFact:
    """A class of one condition; anything of it can be changed."""
    conditions = changes.pop("conditions", (condition(),))
    given: dict[str, Any] = {
        "kind": "event",
        "code": code,
        "name": f"事项{code}",
        "name_en": f"Matter {code}",
        "major_code": code[:2],
        "major": "市容环境类",
        "major_en": "City appearance",
        "unit_kind": "street",
        "supervisor_kind": "urban_management",
        "grid": "report",
        "basis": "",
        "local": False,
    }
    return with_conditions(given | changes, conditions)


def condition(
    key: str = "found", limit: str = "4 work_hours", filing: str = "发现", closing: str = "恢复"
) -> ConditionFact:
    """A condition in Chinese."""
    return ConditionFact(key, {"zh": filing}, {"zh": closing}, limit)


def install(*classes: ClassFact, standard: str = "Test", by: Actor = SYSTEM) -> int:
    """Put classes in force as a profile does."""
    done = operations.install(standard=standard, classes=classes, by=by, now=NOW)
    queries.forget()
    return done


@cache
def shipped() -> Profile:
    """The profile of Qinhuai, read once."""
    return profiles.read("qinhuai")


@cache
def shipped_facts() -> tuple[ClassFact, ...]:
    """Its catalogue: 403 classes of the standard and seven of its own."""
    return tuple(standards.fact_of(one) for one in shipped().catalogue.classes)


@cache
def shipped_cells(language: str = "zh-hans") -> Cells:
    """Its catalogue as the cells of a file; copy before changing."""
    with translation.override(language):
        return cells_of(tables.exported(STANDARD, shipped_facts(), shipped_kinds(), at=NOW))


def shipped_kinds() -> Mapping[str, Mapping[str, str]]:
    """Titles of its kinds of organisation."""
    return {one.key: one.title for one in shipped().organisation_kinds}


def read_shipped(raw: bytes) -> ReadTable:
    """A file read by the rules of the shipped catalogue, without a database."""
    codes = frozenset((one.kind, one.code) for one in shipped_facts() if not one.local)
    rules = Rules(list(shipped_kinds()), STANDARD, codes)
    return reading.read_table(raw, kinds=shipped_kinds(), standard=STANDARD, rules=lambda _standard: rules)


def adopted() -> None:
    """The profile of Qinhuai in force, without its areas and people; read from disk once a run."""
    held = shipped()
    with patch.object(profiles, "read", lambda *_name, **_where: held):
        switches.adopt(name="qinhuai", by=SYSTEM, now=NOW)


def national() -> None:
    """The same with its catalogue."""
    adopted()
    operations.install(standard=STANDARD, classes=shipped_facts(), by=SYSTEM, now=NOW)
    queries.forget()


def kinds() -> Mapping[str, Mapping[str, str]]:
    """Titles of the kinds of organisation."""
    return {one.key: one.title for one in switch_queries.profile().organisation_kinds}


def exported() -> bytes:
    """The catalogue in force as a file."""
    view = queries.in_force()
    return tables.exported(view.standard, view.classes, kinds(), at=NOW)


def read(raw: bytes) -> ReadTable:
    """A file as the product reads it."""
    return reading.read_table(raw, kinds=kinds(), standard=queries.in_force().standard, rules=queries.rules)


def cells_of(raw: bytes) -> Cells:
    """The texts of a file, sheet by sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {
        name: [[str(c) for c in row] for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
    }


def file_of(sheets: Mapping[str, Iterable[Sequence[object]]]) -> bytes:
    """A file of these cells, texts as texts and numbers as numbers."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for n, row in enumerate(rows):
                for m, cell in enumerate(row):
                    if isinstance(cell, int | float):
                        page.write_number(n, m, cell)
                    elif cell:
                        page.write_string(n, m, str(cell))
    return held.getvalue()


_words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
_limits = st.builds(
    lambda n, unit: f"{n} {unit}",
    st.integers(1, 60),
    st.sampled_from(["min", "urgent_hours", "work_hours", "work_days", "natural_days", "urgent_days"]),
)
_texts = st.fixed_dictionaries({"zh": _words}, optional={"en": _words})
_conditions = st.lists(
    st.builds(ConditionFact, st.from_regex(r"[a-z]{1,6}", fullmatch=True), _texts, _texts, _limits),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.key,
).map(tuple)


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[ClassFact, ...]:
    """Sound catalogues of a standard nobody knows, in the order of kind and code."""
    codes = draw(st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True))
    made = []
    for number in sorted(codes):
        unit, supervisor = draw(st.sampled_from([("street", ""), ("", "water"), ("gas", "water"), ("", "")]))
        fact = a_class(
            f"06{number:03}", conditions=draw(_conditions), name=draw(_words), name_en=draw(_words | st.just(""))
        )
        grid = draw(st.sampled_from(["", "report", "handle"]))
        made.append(
            replace(fact, unit_kind=unit, supervisor_kind=supervisor, grid=grid, basis=draw(_words | st.just("")))
        )
    return tuple(made)
