"""The catalogue as an XLSX file: one sheet of classes, one of their conditions, one that says what may stand where.

Written in the active language; `reading` reads either. What is written here and read back unchanged says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gezhi.engines import workclock
from gezhi.lib.texts import Text, said
from gezhi.modules.catalogue import wording
from gezhi.modules.catalogue.content import ClassFact, ConditionFact
from gezhi.modules.documents.xlsx import Sheet, written

CLASSES = (
    "kind",
    "major_code",
    "major",
    "major_en",
    "code",
    "name",
    "name_en",
    "unit_kind",
    "supervisor_kind",
    "grid",
    "local",
    "basis",
)
CONDITIONS = (
    "kind",
    "code",
    "name",
    "condition",
    "filing_zh",
    "filing_en",
    "closing_zh",
    "closing_en",
    "limit",
    "limit_unit",
)
_WIDTHS = {"name": 26, "name_en": 32, "basis": 40, "filing_zh": 40, "filing_en": 40, "closing_zh": 30, "closing_en": 30}


def exported(standard: str, classes: Sequence[ClassFact], kinds: Mapping[str, Text], *, at: datetime) -> bytes:
    """The whole catalogue as a file. `kinds`: titles of the kinds of organisation."""
    sheets = (
        _sheet("classes", CLASSES, (_class_row(one, kinds) for one in classes)),
        _sheet("conditions", CONDITIONS, (row for one in classes for row in _condition_rows(one))),
        Sheet(wording.word(wording.SHEETS, "notes"), (_("Word"), _("Meaning")), _notes(standard, kinds), (20, 90)),
    )
    return written(sheets, at=at, title=standard)


def _sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Sheet:
    heads = [wording.word(wording.COLUMNS, column) for column in columns]
    return Sheet(wording.word(wording.SHEETS, name), heads, rows, [_WIDTHS.get(column, 14) for column in columns])


def _class_row(one: ClassFact, kinds: Mapping[str, Text]) -> list[str]:
    cells = {name: str(getattr(one, name)) for name in CLASSES}
    cells |= {
        "kind": wording.word(wording.KINDS, one.kind),
        "unit_kind": wording.word(kinds, one.unit_kind),
        "supervisor_kind": wording.word(kinds, one.supervisor_kind),
        "grid": wording.word(wording.GRID, one.grid),
        "local": wording.word(wording.LOCAL, "local") if one.local else "",
    }
    return [cells[name] for name in CLASSES]


def _condition_rows(one: ClassFact) -> Iterator[list[str]]:
    default = ConditionFact("default", {"zh": one.filing}, {"zh": one.closing}, one.limit)
    for condition in one.conditions or (default,):
        amount, unit = limit_cells(condition.limit)
        yield [
            wording.word(wording.KINDS, one.kind),
            one.code,
            one.name,
            condition.key,
            condition.filing.get("zh", ""),
            condition.filing.get("en", ""),
            condition.closing.get("zh", ""),
            condition.closing.get("en", ""),
            amount,
            unit,
        ]


def limit_cells(limit: str) -> tuple[str, str]:
    """A limit as amount and unit in words."""
    try:
        amount, _space, unit = str(workclock.parse_limit(limit)).partition(" ")
    except ValueError:
        return limit, ""
    return amount, wording.word(wording.UNITS, unit)


def _notes(standard: str, kinds: Mapping[str, Text]) -> Iterator[tuple[str, str]]:
    columns = wording.COLUMNS
    yield said(wording.STANDARD), standard
    yield said(columns["kind"]), wording.listed(wording.KINDS)
    yield said(columns["code"]), _("A text; it begins with the code of its major class.")
    yield said(columns["unit_kind"]), wording.listed(kinds)
    yield said(columns["supervisor_kind"]), _("As above, or empty; never the responsible unit itself.")
    yield said(columns["grid"]), _("%(words)s, or empty.") % {"words": wording.listed(wording.GRID)}
    told = _("“%(yes)s” for what a city adds: its codes run downward from 99 within the major class.")
    yield said(columns["local"]), told % {"yes": said(wording.LOCAL["local"])}
    yield said(columns["condition"]), _("A short key; the first condition of a class is the default one.")
    yield said(columns["limit_unit"]), wording.listed(wording.UNITS)
