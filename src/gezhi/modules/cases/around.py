"""What stands around a case: open ones close by, those it belongs with, what the same person reported besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gezhi.engines import geometry
from gezhi.engines import procedure as engine
from gezhi.lib.actor import Actor
from gezhi.lib.rows import fetched
from gezhi.modules.cases import policies
from gezhi.modules.cases.linking import Joined
from gezhi.modules.cases.models import Case
from gezhi.modules.cases.queues import LINE, CaseRow, line
from gezhi.modules.switches import vault

METRES = 100.0
MOST = 8
_RINGS = 1  # cells around that of the case: the box lies within them

_COLUMNS = ", ".join(f"c.{name}" for name in LINE)
_NEAR = f"""
    (SELECT 'near', false, -c.id, c.ended, {_COLUMNS} FROM cases_case c
    WHERE NOT c.ended AND c.id <> %s AND {{close}} AND {{mine}} ORDER BY c.id DESC LIMIT {MOST})
"""  # noqa: S608 (names of our own)
_EARLIER = f"""
    (SELECT 'earlier', false, -c.id, c.ended, {_COLUMNS} FROM cases_case c
    WHERE c.id <> %s AND c.reporter = ANY(%s) AND {{mine}} ORDER BY c.id DESC LIMIT {MOST})
"""  # noqa: S608
_JOINED = f"""
    (SELECT l.kind, l.other_id = %s, l.id, c.ended, {_COLUMNS} FROM cases_link l
    JOIN cases_case c ON c.id = CASE WHEN l.case_id = %s THEN l.other_id ELSE l.case_id END
    WHERE (l.case_id = %s OR l.other_id = %s) AND {{mine}})
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Around:
    """`near`: open cases close by, newest first, without those it belongs with. `joined`: cases it belongs with, oldest
    link first. `earlier`: what the same person reported besides, newest first."""

    near: tuple[CaseRow, ...] = ()
    joined: tuple[Joined, ...] = ()
    earlier: tuple[CaseRow, ...] = ()


def around(by: Actor, *, row: Case) -> Around:
    """Everything around a case that the actor may see. One query; one more where they may see who reported."""
    mine, values = policies.visible_sql(by)
    parts: list[str] = [_JOINED.format(mine=mine)]
    given: list[Any] = [row.id, row.id, row.id, row.id, *values]
    close, where = _close(row)
    if close:
        parts.append(_NEAR.format(close=close, mine=mine))
        given += [row.id, *where, *values]
    if same := _same_person(by, row):
        parts.append(_EARLIER.format(mine=mine))
        given += [row.id, same, *values]
    found = sorted(fetched(" UNION ALL ".join(parts), given), key=lambda one: int(one[2]))
    lines = [(why, later, ended, line(*columns)) for why, later, _order, ended, *columns in found]
    mates = {one.id for why, _later, _ended, one in lines if why not in {"near", "earlier"}}
    return Around(
        near=tuple(one for why, _later, _ended, one in lines if why == "near" and one.id not in mates),
        joined=tuple(
            _joined(one, why, one.stage, later=later, ended=ended)
            for why, later, ended, one in lines
            if why not in {"near", "earlier"}
        ),
        earlier=tuple(one for why, _later, _ended, one in lines if why == "earlier"),
    )


def _joined(one: CaseRow, kind: str, stage: engine.Text, *, later: bool, ended: bool) -> Joined:
    title = one.class_name or one.words[:40]
    return Joined(case=one.id, number=one.number, kind=kind, later=later, title=title, stage=stage, ended=ended)


def _close(row: Case) -> tuple[str, list[Any]]:
    """Within a hundred metres, or where there is no point, of the same class in the same area; "" for neither."""
    if row.lon is not None and row.lat is not None:
        north, east = METRES / 111_000, METRES / 94_000
        box = [row.lon - east, row.lon + east, row.lat - north, row.lat + north]
        cells = geometry.cells_around(row.lon, row.lat, _RINGS)  # what the index knows them by
        return "c.cell = ANY(%s) AND c.lon BETWEEN %s AND %s AND c.lat BETWEEN %s AND %s", [list(cells), *box]
    if row.area_id is not None and row.klass is not None:
        same = "c.area_id = %s AND EXISTS (SELECT FROM catalogue_class k WHERE k.id = c.klass_id AND k.key = %s)"
        return same, [row.area_id, row.klass.key]
    return "", []


def _same_person(by: Actor, row: Case) -> list[UUID]:
    """References of the reporter, as far as this actor may know who reported: every report has one of its own."""
    if row.reporter is None or not by.may("person.reveal"):
        return []
    return vault.alike(row.reporter, "phone")
