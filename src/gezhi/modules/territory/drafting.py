"""What a plan is made of, and what can be done to it by hand.

A `Draft` is an area of a plan. An act is a frozen value (split, merge, move a corner…); `changes` says what it does to
the drafts, on the shared-edge geometry of `engines/geometry/editing`, without touching the database. Boundaries of the
areas above (communities) do not move: a plan draws what lies inside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _
from shapely.geometry import LineString, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry import EDITS, EditError, editing
from gezhi.lib.errors import BadInput, WrongState
from gezhi.lib.texts import worded
from gezhi.modules.territory import naming
from gezhi.modules.territory.models import Layer, Shape
from gezhi.modules.territory.naming import Parent

Corner = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Draft:
    """An area of a plan. `origin` is the id of the area in force that it continues, None for a new one. `fixes` are the
    texts that the plan itself sets, over those of its origin on the day of adoption; "" takes one away."""

    level: str
    parent_code: str = ""
    code: str = ""
    name: str = ""
    name_en: str = ""
    geometry: Mapping[str, Any] | None = None
    households: int | None = None
    population: int | None = None
    kind: str = ""
    fixes: Mapping[str, str] = field(default_factory=dict)
    synthetic: bool = False
    origin: int | None = None

    @property
    def shape(self) -> BaseGeometry | None:
        """Its outline."""
        return shape(self.geometry) if self.geometry else None

    def drawn(self, outline: BaseGeometry) -> Draft:
        """The same with another outline; figures that were given with the old one no longer hold."""
        return replace(self, geometry=mapping(outline), households=None, population=None)


@dataclass(frozen=True)
class Ground:
    """What a plan is drawn on: the layer, its parents by code with their outlines, and codes that are taken."""

    layer: Layer
    level: str
    parents: Mapping[str, tuple[Parent, BaseGeometry | None]]
    taken: frozenset[str]

    @property
    def fixed(self) -> BaseGeometry | None:
        """The lines that do not move; None where areas stand free."""
        if not self.layer.covers:
            return None
        return shapely.union_all([outline.boundary for _, outline in self.parents.values() if outline is not None])

    def parent_at(self, outline: BaseGeometry) -> str:
        """The parent that holds most of an outline. Raises EditError where none does."""
        best, most = "", 0.0
        for code, (_parent, ground) in self.parents.items():
            if ground is None or not ground.intersects(outline):
                continue
            shared = ground.intersection(outline)
            size = float(shared.area or shared.length or 1e-12)
            if size > most:
                best, most = code, size
        if not best:
            raise EditError("outline_outside")
        return best


Drafts = Mapping[int, Draft]
Changes = dict[int, Draft | None]


@dataclass(frozen=True, slots=True)
class Split:
    """Cut an area along a line; the largest piece goes on as the area, the others are new."""

    key: int
    line: tuple[Corner, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Neighbours become one; it goes on as the first named."""

    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A corner moves for all who share it."""

    at: Corner
    to: Corner


@dataclass(frozen=True, slots=True)
class Bend:
    """An edge gets a new corner, for both its sides."""

    at: Corner
    to: Corner


@dataclass(frozen=True, slots=True)
class Straighten:
    """A corner is taken out of both its sides."""

    at: Corner


@dataclass(frozen=True, slots=True)
class Draw:
    """A new area, line or point, from its corners."""

    corners: tuple[Corner, ...]


@dataclass(frozen=True, slots=True)
class HandOver:
    """The ground of blocks goes to one area."""

    outlines: tuple[BaseGeometry, ...]
    to: int


@dataclass(frozen=True, slots=True)
class Rename:
    """Another code or name."""

    key: int
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Remove:
    """An area, line or point is given up. Areas that fill their parent are merged instead."""

    key: int


Act = Split | Merge | Move | Bend | Straighten | Draw | HandOver | Rename | Remove


def changes(act: Act, drafts: Drafts, ground: Ground) -> Changes:
    """What an act does: key → draft, None for what is gone. Raises BadInput with the sentence."""
    try:
        made: Changes = _DOING[type(act)](act, drafts, ground)
    except EditError as wrong:
        raise BadInput(worded(EDITS[wrong.key]), field="act") from wrong
    return made


def _split(act: Split, drafts: Drafts, ground: Ground) -> Changes:
    draft = _one(drafts, act.key)
    if len(act.line) < 2:
        raise EditError("line_flat")
    pieces, beside = editing.split(_outlines(drafts, draft.level), act.key, LineString(act.line))
    made: Changes = {key: _redrawn(drafts[key], outline) for key, outline in beside.items()}
    made[act.key] = draft.drawn(pieces[0])
    names = _names(ground, draft.level, draft.parent_code, drafts, len(pieces) - 1)
    for number, (piece, named) in enumerate(zip(pieces[1:], names, strict=True)):
        made[_next(drafts) + number] = replace(
            draft.drawn(piece), code=named.code, name=named.name, name_en=named.name_en, origin=None, fixes={}
        )
    return made


def _merge(act: Merge, drafts: Drafts, ground: Ground) -> Changes:
    chosen = [_one(drafts, key) for key in dict.fromkeys(act.keys)]
    if len({one.parent_code for one in chosen}) > 1:
        raise WrongState(_("These areas have different parents; only areas of one parent can be merged."), code="apart")
    outline = editing.merge(_outlines(drafts, chosen[0].level if chosen else ""), act.keys)
    counted = [one.households is not None and one.population is not None for one in chosen]
    whole = chosen[0].drawn(outline)
    if all(counted):
        whole = replace(
            whole,
            households=sum(one.households or 0 for one in chosen),
            population=sum(one.population or 0 for one in chosen),
        )
    return dict.fromkeys(act.keys[1:]) | {act.keys[0]: whole}


def _move(act: Move, drafts: Drafts, ground: Ground) -> Changes:
    return _moved(drafts, editing.move_corner(_outlines(drafts, ground.level), ground.fixed, act.at, act.to))


def _bend(act: Bend, drafts: Drafts, ground: Ground) -> Changes:
    return _moved(drafts, editing.add_corner(_outlines(drafts, ground.level), ground.fixed, act.at, act.to))


def _straighten(act: Straighten, drafts: Drafts, ground: Ground) -> Changes:
    return _moved(drafts, editing.remove_corner(_outlines(drafts, ground.level), ground.fixed, act.at))


def _moved(drafts: Drafts, outlines: editing.Changes) -> Changes:
    return {key: _redrawn(drafts[key], outline) for key, outline in outlines.items()}


def _draw(act: Draw, drafts: Drafts, ground: Ground) -> Changes:
    outline = _sketched(ground.layer, act.corners)
    parent = ground.parent_at(outline)
    made: Changes = {}
    if ground.layer.shape == Shape.POLYGON:
        inside = ground.parents[parent][1]
        outline, others = editing.draw(_outlines(drafts, ground.level), inside, outline)
        made = {key: _redrawn(drafts[key], left) for key, left in others.items()}
    (named,) = _names(ground, ground.level, parent, drafts, 1)
    made[_next(drafts)] = Draft(
        ground.level, parent, named.code, named.name, named.name_en, mapping(outline),
        synthetic=any(one.synthetic for one in drafts.values()),
    )  # fmt: skip
    return made


def _sketched(layer: Layer, corners: Sequence[Corner]) -> BaseGeometry:
    """What somebody drew, as the layer wants it."""
    if layer.shape == Shape.POINT:
        if len(corners) != 1:
            raise EditError("line_flat")
        return editing.rounded(shapely.Point(corners[0]))
    if layer.shape == Shape.LINE:
        if len(set(corners)) < 2:
            raise EditError("line_flat")
        return editing.rounded(LineString(corners))
    if len(set(corners)) < 3:
        raise EditError("outline_flat")
    return editing.checked(Polygon(corners))


def _hand_over(act: HandOver, drafts: Drafts, ground: Ground) -> Changes:
    target = _one(drafts, act.to)
    outline = ground.parents.get(target.parent_code, (None, None))[1]
    if outline is not None and any(not outline.covers(one.representative_point()) for one in act.outlines):
        raise WrongState(_("These blocks lie in another parent than the area they should go to."), code="apart")
    return _moved(drafts, editing.hand_over(_outlines(drafts, target.level), act.outlines, act.to))


def _rename(act: Rename, drafts: Drafts, ground: Ground) -> Changes:
    draft = _one(drafts, act.key)
    code, name = act.code.strip(), act.name.strip()
    if not code or len(code) > 40:
        raise BadInput(_("A code has 1 to 40 characters."), field="code")
    if not name or len(name) > 120 or len(act.name_en) > 160:
        raise BadInput(_("A name has 1 to 120 characters."), field="name")
    if any(key != act.key and one.code == code for key, one in drafts.items()):
        raise BadInput(_("Another area of this plan has the code “%(code)s”.") % {"code": code}, field="code")
    renamed = replace(draft, code=code, name=name, name_en=act.name_en.strip())
    if renamed == draft:
        raise EditError("nothing_changes")
    return {act.key: renamed}


def _remove(act: Remove, drafts: Drafts, ground: Ground) -> Changes:
    _one(drafts, act.key)
    if ground.layer.covers:
        raise WrongState(
            _("Areas of this layer fill their parent: merge this one with a neighbour instead."), code="covers"
        )
    return {act.key: None}


_DOING: Mapping[type[Act], Any] = {
    Split: _split, Merge: _merge, Move: _move, Bend: _bend, Straighten: _straighten, Draw: _draw,
    HandOver: _hand_over, Rename: _rename, Remove: _remove,
}  # fmt: skip


def _one(drafts: Drafts, key: int) -> Draft:
    if key not in drafts:
        raise EditError("no_area")
    return drafts[key]


def _outlines(drafts: Drafts, level: str) -> dict[int, BaseGeometry]:
    found = {key: one.shape for key, one in drafts.items() if one.level == level}
    return {
        key: outline for key, outline in found.items() if outline is not None and outline.geom_type.endswith("Polygon")
    }


def _redrawn(draft: Draft, outline: BaseGeometry | None) -> Draft | None:
    return draft.drawn(outline) if outline is not None else None


def _next(drafts: Drafts) -> int:
    return max(drafts, default=0) + 1


def _names(ground: Ground, level: str, parent_code: str, drafts: Drafts, count: int) -> list[naming.Named]:
    parent, _outline = ground.parents.get(parent_code, (Parent(parent_code, parent_code, parent_code), None))
    taken = ground.taken | {one.code for one in drafts.values()}
    return naming.next_names(ground.layer, level, parent, taken, count)
