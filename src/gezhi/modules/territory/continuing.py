"""Outlines without names become drafts: each goes on as the old area whose people (or ground) it mostly has, with its
code and name; what continues nobody gets the next free code under its parent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry import continued, counted, overlaps
from gezhi.modules.territory import blocks, naming
from gezhi.modules.territory.drafting import Draft
from gezhi.modules.territory.models import Area, Layer
from gezhi.modules.territory.naming import Parent


@dataclass(frozen=True, slots=True)
class Outline:
    """A new area without a name: its outline, the code of its parent, and its compound type where it is known."""

    shape: BaseGeometry
    parent_code: str
    kind: str = ""


def drafts(layer: Layer, level: str, scope: int, outlines: Sequence[Outline]) -> list[Draft]:
    """Drafts for all outlines, in their order; each old area is continued at most once, inside its own parent."""
    old = list(
        Area.objects.filter(layer=layer, level=level, valid_to=None, path__contains=[scope])
        .exclude(geometry=None)
        .select_related("parent")
        .order_by("code")
    )
    heirs = continued(_shares(scope, outlines, old))
    synthetic = any(area.synthetic for area in old)
    made: list[Draft | None] = []
    for one, heir in zip(outlines, heirs, strict=True):
        was = old[heir] if heir is not None else None
        made.append(_continuing(one, was, synthetic) if was else None)
    return _with_new(layer, level, outlines, made, synthetic)


def _shares(scope: int, outlines: Sequence[Outline], old: Sequence[Area]) -> npt.NDArray[np.float64]:
    """Households (or ground) that each outline has of each old area of the same parent."""
    ground = blocks.of(scope)
    after, before = [one.shape for one in outlines], [shape(area.geometry) for area in old]
    if len(ground):
        weights = ground.households + 1e-3  # a block without households still decides
        table = counted(ground.held(after), ground.held(before), weights, (len(after), len(before)))
    else:
        table = overlaps(after, before)
    for column, area in enumerate(old):
        parent = area.parent.code if area.parent else ""
        table[[one.parent_code != parent for one in outlines], column] = 0
    return table


def _continuing(one: Outline, was: Area, synthetic: bool) -> Draft:
    return Draft(
        was.level, one.parent_code, was.code, was.name, was.name_en, mapping(one.shape), kind=one.kind or was.kind,
        synthetic=synthetic, origin=was.id,
    )  # fmt: skip


def _with_new(
    layer: Layer, level: str, outlines: Sequence[Outline], made: Sequence[Draft | None], synthetic: bool
) -> list[Draft]:
    """Codes and names for those that continue nobody."""
    taken = {one.code for one in made if one is not None}
    codes = {one.parent_code for one, draft in zip(outlines, made, strict=True) if draft is None}
    parents = {area.code: area for area in Area.objects.filter(valid_to=None, code__in=codes).defer("geometry")}
    found = list(made)
    for code in sorted(codes):
        places = [n for n, draft in enumerate(made) if draft is None and outlines[n].parent_code == code]
        area = parents.get(code)
        parent = Parent(code, area.name, area.name_en) if area else Parent(code, code, code)
        for place, named in zip(places, naming.next_names(layer, level, parent, taken, len(places)), strict=True):
            one = outlines[place]
            found[place] = Draft(
                level, code, named.code, named.name, named.name_en, mapping(one.shape), kind=one.kind,
                synthetic=synthetic,
            )  # fmt: skip
    return [one for one in found if one is not None]
