"""Areas out to a file and in from one. What comes in becomes a plan, never areas in force.

A file that cannot be right is refused whole, with a sentence for each row: no code, codes twice, negative people, an
outline that crosses itself, an area outside the ground. What is only unfinished (gaps, overlaps) comes in as a plan and
is listed there. Every column that goes out comes in again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry import FILES, FLAWS, ROWS, Feature, FileProblem, Row, rows, write_file
from gezhi.engines.geometry.columns import TEXTS
from gezhi.engines.geometry.problems import flaw, misplaced
from gezhi.engines.geometry.vector_files import SUFFIXES, Kind
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere
from gezhi.lib.texts import worded
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import plans, policies
from gezhi.modules.territory.drafting import Draft
from gezhi.modules.territory.models import Area, Layer, Shape

MOST_TOLD = 30
_KINDS: Mapping[str, frozenset[str]] = {
    Shape.POLYGON: frozenset({"Polygon", "MultiPolygon"}),
    Shape.LINE: frozenset({"LineString", "MultiLineString"}),
    Shape.POINT: frozenset({"Point", "MultiPoint"}),
}


def export(
    *, layer: str, within: int | None = None, kind: Kind = "geojson", on: date | None = None
) -> tuple[str, bytes]:
    """The areas of a layer (in force, or as they were on a day) as a file: its name and its bytes. Two queries.

    Raises NotThere, BadInput (a text that a Shapefile cannot hold).
    """
    if not Layer.objects.filter(key=layer).exists():
        raise NotThere(_("There is no such layer."))
    areas = Area.objects.filter(layer__key=layer).select_related("parent")
    areas = areas.filter(valid_to=None) if on is None else areas.filter(valid_from__lte=on).exclude(valid_to__lte=on)
    if within is not None:
        areas = areas.filter(path__contains=[within]).exclude(id=within)
    ranks = {one.key: one.rank for one in switches.profile().levels}
    listed = sorted(areas, key=lambda a: (ranks.get(a.level, 99), a.code))
    if not listed:
        raise NotThere(_("This layer has no areas here."))
    try:
        content = write_file([_feature(area, layer) for area in listed], kind, layer)
    except FileProblem as wrong:
        raise BadInput(said_of_file(wrong), field="kind") from wrong
    return f"{layer}.{SUFFIXES[kind]}", content


def _feature(area: Area, layer: str) -> Feature:
    properties: dict[str, Any] = {
        "code": area.code, "name": area.name, "name_en": area.name_en, "level": area.level, "layer": layer,
        "parent": area.parent.code if area.parent else "", "households": area.households,
        "population": area.population, "kind": area.kind, "synthetic": area.synthetic,
        "valid_from": area.valid_from.isoformat(), "valid_to": area.valid_to.isoformat() if area.valid_to else None,
        **{name: str(area.fixes.get(name, "")) for name in TEXTS},
    }  # fmt: skip
    return Feature(shape(area.geometry) if area.geometry else None, properties)


def begin_from_file(
    *, name: str, layer: str, scope: int, level: str, features: Sequence[Feature], by: Actor, now: datetime
) -> int:
    """Begin a plan from the features of a file (CGCS2000 degrees). `level`: of rows that do not say theirs.

    Raises NotThere, NotAllowed, BadInput with a sentence for each row that cannot be right.
    """
    kept = Layer.objects.filter(key=layer).first()
    ground = Area.objects.filter(id=scope, valid_to=None).first()
    if kept is None or ground is None:
        raise NotThere(_("There is no such area or layer."))
    policies.check_may_draw(by, ground.path)
    read, wrong = rows(features)
    told = [worded(ROWS[one.key], one.params) for one in wrong] + list(_outlines(read, kept, ground))
    told += list(_strangers(read, layer))
    if told:
        refuse(told)
    return plans.begin(
        name=name, layer=layer, scope=scope, areas=_drafts(read, kept, ground, level), source="file", by=by, now=now
    )  # fmt: skip


def refuse(told: Sequence[str]) -> None:
    """Raises BadInput with all sentences, as far as a person wants to read them."""
    shown = list(told[:MOST_TOLD])
    if len(told) > MOST_TOLD:
        shown.append(_("And %(n)d more.") % {"n": len(told) - MOST_TOLD})
    raise BadInput(
        _("The file was not taken: nothing is stored. Mend what is listed and send it again."),
        problems=[("file", one) for one in shown],
    )


def said_of_file(wrong: FileProblem) -> str:
    """Why a file is not taken, in the language active now."""
    return worded(FILES[wrong.key], wrong.params)


def _outlines(read: Sequence[Row], layer: Layer, ground: Area) -> Iterable[str]:
    """What is wrong with the outlines, row by row."""
    whole = shape(ground.geometry) if ground.geometry else None
    if whole is not None:
        shapely.prepare(whole)
    for row in read:
        shown = {"row": row.number, "code": row.code}
        if row.geometry is None or row.geometry.is_empty:
            continue
        if row.geometry.geom_type not in _KINDS[layer.shape]:
            yield str(_("Area %(row)d (%(code)s) is not of the kind this layer is made of.") % shown)
            continue
        found = flaw(row.geometry) if layer.shape == Shape.POLYGON else misplaced(row.geometry)
        if found is not None:
            told = worded(FLAWS[found[0]], found[1])
            yield str(_("Area %(row)d (%(code)s): %(flaw)s") % {**shown, "flaw": told})
        elif whole is not None and not whole.intersects(row.geometry):
            yield str(
                _("Area %(row)d (%(code)s) lies outside %(ground)s. Is the coordinate system the right one?")
                % {**shown, "ground": ground.name}
            )


def _strangers(read: Sequence[Row], layer: str) -> Iterable[str]:
    others = sorted({row.layer for row in read if row.layer and row.layer != layer})
    if others:
        yield str(
            _("The file holds areas of another layer: %(layers)s. Choose that layer, or send one layer at a time.")
            % {"layers": ", ".join(others)}
        )


def _drafts(read: Sequence[Row], layer: Layer, ground: Area, level: str) -> list[Draft]:
    levels = {one.key: one for one in switches.profile().levels}
    by_digits = {one.digits: one.key for one in reversed(levels.values()) if one.digits}  # the highest level wins
    there = Area.objects.filter(layer=layer, valid_to=None, path__contains=[ground.id])
    old = {code: (number, texts) for code, number, texts in there.values_list("code", "id", "fixes")}
    own = {row.code for row in read}
    found = []
    for row in read:
        its = row.level if row.level in levels else by_digits.get(len(row.code) if row.code.isdecimal() else 0, level)
        origin, texts = old.get(row.code, (None, {}))
        found.append(
            Draft(
                its, row.parent or _parent(row, its, own, ground), row.code, row.name, row.name_en,
                mapping(row.geometry) if row.geometry is not None else None, row.households, row.population, row.kind,
                _set_by(row, texts), row.synthetic, origin,
            )
        )  # fmt: skip
    return found


def _set_by(row: Row, now: Mapping[str, str]) -> dict[str, str]:
    """The texts that a file sets: those that are other than what is in force. What it does not say stays."""
    return {name: text for name, text in row.texts.items() if text != now.get(name, "")}


def _parent(row: Row, level: str, own: set[str], ground: Area) -> str:
    """The parent of a row that names none: by its code, else by where it lies."""
    levels = switches.profile().levels
    above = [one for one in levels if one.digits and one.digits < len(row.code)]
    for one in reversed(above):
        code = row.code[: one.digits]
        if code in own or Area.objects.filter(code=code, valid_to=None).exists():
            return code
    return _parent_at(row.geometry, level, ground) or ground.code


def _parent_at(outline: BaseGeometry | None, level: str, ground: Area) -> str:
    if outline is None:
        return ""
    levels = [one.key for one in switches.profile().levels]
    above = levels[: levels.index(level)] if level in levels else []
    rows_above = Area.objects.filter(layer__position=0, valid_to=None, path__contains=[ground.id], level__in=above)
    shares = [
        (float(shape(one.geometry).intersection(outline).area), one.code, levels.index(one.level))
        for one in rows_above.exclude(geometry=None)
    ]
    held = [(rank, area, code) for area, code, rank in shares if area > 0]
    return max(held)[2] if held else ""
