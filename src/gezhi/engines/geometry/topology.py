"""Does a layer of areas hold together? Each fault with the areas it concerns and the place to look at.

Two kinds of questions: what a layer must be in itself (`check`: codes, names, outlines, overlaps, gaps inside the
parent, pieces, slivers, areas across two parents), and how its boundaries must lie to those of another layer (`fit`:
the same, within, or uniting them whole). Strips narrower than `HAIR` metres are what rounding leaves and are no faults.

A fault is a key of SENTENCES with parameters; a parameter may be a text in several languages. No database, no layer
by name: the same check runs on a table, on a draft and on a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry.measure import flat, square_metres, width
from gezhi.engines.geometry.problems import SENTENCES as FLAWS
from gezhi.engines.geometry.problems import flaw, misplaced

HAIR = 0.02  # metres: narrower is rounding
SLIVER_AREA, SLIVER_WIDTH = 200.0, 3.0  # square metres, metres: smaller or thinner is no ground to answer for

Shape = Literal["polygon", "line", "point"]
Rule = Literal["", "same_as", "within", "unites"]
_KINDS: Mapping[str, frozenset[str]] = {
    "polygon": frozenset({"Polygon", "MultiPolygon"}),
    "line": frozenset({"LineString", "MultiLineString"}),
    "point": frozenset({"Point", "MultiPoint"}),
}

SENTENCES: Mapping[str, str] = {
    "code_missing": "An area called {area} has no code.",
    "code_taken": "{count} areas have the code {code}: {areas}.",
    "code_digits": "{area}: a code of this level has {digits} digits; this one has {have}.",
    "code_parent": "{area}: the code does not begin with that of its parent, {parent}.",
    "parent_missing": "{area}: its parent, {parent}, is not there.",
    "name_missing": "The area with the code {code} has no name.",
    "outline_missing": "{area} has no outline.",
    "unsound": "{area}: {flaw}",
    "not_polygon": "{area} is not an area but a line or a point; this layer is made of areas.",
    "not_line": "{area} is not a line; this layer is made of lines.",
    "not_point": "{area} is not a point; this layer is made of points.",
    "pieces": "{area} lies in {count} pieces that do not touch.",
    "sliver": "{area} is a sliver: {size} m², about {width} m wide.",
    "overlap": "{area} and {other} overlap by {size} m².",
    "gap": "{size} m² of {parent} belong to nobody.",
    "outside": "{area} reaches {size} m² out of its parent, {parent}.",
    "astride": "{area} lies in two parents: {size} m² of it are in {other}, the rest in {parent}.",
    "not_same": "The boundary of {area} is not that of any area of the layer “{layer}”.",
    "not_within": "{area} does not lie within one area of the layer “{layer}”.",
    "cut": "{other} of the layer “{layer}” does not lie wholly in one area: {areas}.",
}

FAULT_KINDS = tuple(SENTENCES)


@dataclass(frozen=True, slots=True)
class Piece:
    """An area as the check sees it. `parent` is the key of one of the parents given, or None."""

    key: int
    code: str
    name: str
    geometry: BaseGeometry | None
    parent: int | None = None
    level: str = ""

    @property
    def said(self) -> str:
        """How it is called in a sentence."""
        return f"{self.name} ({self.code})" if self.name and self.code else self.name or self.code


@dataclass(frozen=True, slots=True)
class Demands:
    """What a layer asks of its areas. `digits`: length of the codes by level; levels in `bodiless` need no outline."""

    shape: Shape = "polygon"
    covers: bool = False
    digits: Mapping[str, int] = field(default_factory=dict)
    bodiless: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: which sentence, which areas (keys of pieces), and where on the map (degrees) or None."""

    kind: str
    areas: tuple[int, ...]
    params: Mapping[str, Any]
    where: BaseGeometry | None = None

    @property
    def sentence(self) -> str:
        """The English sentence."""
        return SENTENCES[self.kind].format(**self.params)


def check(pieces: Sequence[Piece], *, parents: Mapping[int, Piece], demands: Demands) -> list[Fault]:
    """Everything wrong with the areas of one level of a layer, in the order of the questions above."""
    found = [*_codes(pieces, parents, demands)]
    sound = []
    for piece in pieces:
        fault = _outline(piece, demands)
        if fault is not None:
            found.append(fault)
        elif piece.geometry is not None:
            sound.append(piece)
    if demands.shape == "polygon":
        found += _sizes(sound)
        found += _overlaps(sound)
        found += _parents(sound, parents)
        if demands.covers:
            found += _gaps(sound, parents)
    return found


def fit(pieces: Sequence[Piece], others: Sequence[Piece], rule: Rule, layer: Any) -> list[Fault]:
    """How the boundaries of `pieces` break the rule about those of `others` (areas of the layer called `layer`)."""
    mine, theirs = _with_ground(pieces), _with_ground(others)
    if not rule or not mine or not theirs:
        return []
    tree = shapely.STRtree([one.geometry for one in theirs])
    if rule == "unites":
        return [*_cuts(mine, theirs, layer)]
    return [*(_apart(mine, theirs, tree, rule, layer))]


def _with_ground(pieces: Iterable[Piece]) -> list[Piece]:
    return [p for p in pieces if p.geometry is not None and flaw(p.geometry) is None]


def _codes(pieces: Sequence[Piece], parents: Mapping[int, Piece], demands: Demands) -> Iterator[Fault]:
    by_code: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_code.setdefault(piece.code, []).append(piece)
        digits, parent = demands.digits.get(piece.level), parents.get(piece.parent or 0)
        if not piece.code:
            yield Fault("code_missing", (piece.key,), {"area": piece.said}, piece.geometry)
        elif digits and not (piece.code.isascii() and piece.code.isdecimal() and len(piece.code) == digits):
            params = {"area": piece.said, "digits": digits, "have": len(piece.code)}
            yield Fault("code_digits", (piece.key,), params, piece.geometry)
        elif digits and parent is not None and not piece.code.startswith(parent.code):
            yield Fault("code_parent", (piece.key,), {"area": piece.said, "parent": parent.said}, piece.geometry)
        if not piece.name.strip():
            yield Fault("name_missing", (piece.key,), {"code": piece.code}, piece.geometry)
    for code, holders in by_code.items():
        if code and len(holders) > 1:
            params = {"code": code, "count": len(holders), "areas": ", ".join(p.name for p in holders[:4])}
            yield Fault("code_taken", tuple(p.key for p in holders), params, holders[0].geometry)


def _outline(piece: Piece, demands: Demands) -> Fault | None:
    """What keeps an outline from being judged any further."""
    if piece.geometry is None or piece.geometry.is_empty:
        if piece.level in demands.bodiless:
            return None
        return Fault("outline_missing", (piece.key,), {"area": piece.said})
    if piece.geometry.geom_type not in _KINDS[demands.shape]:
        return Fault(f"not_{demands.shape}", (piece.key,), {"area": piece.said}, piece.geometry)
    found = flaw(piece.geometry) if demands.shape == "polygon" else misplaced(piece.geometry)
    if found is None:
        return None
    key, at = found
    where = shapely.Point(float(at["x"]), float(at["y"])) if "x" in at else None
    params = {"area": piece.said, "flaw": FLAWS[key].format(**at), "key": key, **at}
    return Fault("unsound", (piece.key,), params, where)


def _sizes(pieces: Sequence[Piece]) -> Iterator[Fault]:
    made = flat([piece.geometry for piece in pieces])
    sizes, around, parts = shapely.area(made), shapely.length(made), shapely.get_num_geometries(made)
    across = 2 * sizes / np.maximum(around, 1e-9)
    for number in np.flatnonzero(parts > 1):
        piece = pieces[int(number)]
        yield Fault("pieces", (piece.key,), {"area": piece.said, "count": int(parts[number])}, piece.geometry)
    for number in np.flatnonzero((sizes < SLIVER_AREA) | (across < SLIVER_WIDTH)):
        piece = pieces[int(number)]
        params = {"area": piece.said, "size": _size(float(sizes[number])), "width": f"{across[number]:.1f}"}
        yield Fault("sliver", (piece.key,), params, piece.geometry)


def _overlaps(pieces: Sequence[Piece]) -> Iterator[Fault]:
    if len(pieces) < 2:
        return
    shapes = np.array([piece.geometry for piece in pieces], dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.intersection(shapes[one], shapes[other])
    for number in np.flatnonzero(shapely.area(shared) > 0):
        real = solid(shared[number])
        if real is not None:
            first, second = pieces[int(one[number])], pieces[int(other[number])]
            params = {"area": first.said, "other": second.said, "size": _size(square_metres(real))}
            yield Fault("overlap", (first.key, second.key), params, real)


def _parents(pieces: Sequence[Piece], parents: Mapping[int, Piece]) -> Iterator[Fault]:
    """Areas that leave their parent, to another parent or to nowhere."""
    bodied = {key: p for key, p in parents.items() if p.geometry is not None and flaw(p.geometry) is None}
    keys = list(bodied)
    tree = shapely.STRtree([bodied[key].geometry for key in keys])
    for parent in bodied.values():
        shapely.prepare(parent.geometry)
    for piece in pieces:
        home = bodied.get(piece.parent or 0)
        if home is None or shapely.covers(home.geometry, piece.geometry):
            continue
        away = solid(shapely.difference(piece.geometry, home.geometry))
        if away is None:
            continue
        near = [bodied[keys[n]] for n in tree.query(away, predicate="intersects").tolist()]
        beside = [one.key for one in near if one.level == home.level and one.key != home.key]
        shares = [(solid(shapely.intersection(away, bodied[key].geometry)), bodied[key]) for key in beside]
        largest = max(((square_metres(s), p) for s, p in shares if s is not None), key=lambda o: o[0], default=None)
        params = {"area": piece.said, "parent": home.said, "size": _size(square_metres(away))}
        if largest is None:
            yield Fault("outside", (piece.key,), params, away)
        else:
            params |= {"other": largest[1].said, "size": _size(largest[0])}
            yield Fault("astride", (piece.key,), params, away)


def _gaps(pieces: Sequence[Piece], parents: Mapping[int, Piece]) -> Iterator[Fault]:
    below: dict[int, list[BaseGeometry]] = {}
    for piece in pieces:
        if piece.parent is not None:
            below.setdefault(piece.parent, []).append(piece.geometry)
    for key, parent in parents.items():
        if parent.geometry is None or key not in below or flaw(parent.geometry) is not None:
            continue
        left = shapely.difference(parent.geometry, shapely.union_all(below[key]))
        for part in shapely.get_parts(left):
            real = solid(part)
            if real is not None:
                params = {"parent": parent.said, "size": _size(square_metres(real))}
                yield Fault("gap", (), params, real)


def _apart(
    mine: Sequence[Piece], theirs: Sequence[Piece], tree: shapely.STRtree, rule: Rule, layer: Any
) -> Iterator[Fault]:
    """Areas that are the same as none of theirs (`same_as`), or within none of them (`within`)."""
    for piece in mine:
        near = [theirs[n] for n in tree.query(piece.geometry, predicate="intersects").tolist()]
        if rule == "within":
            fits = any(solid(shapely.difference(piece.geometry, one.geometry)) is None for one in near)
        else:
            fits = any(
                shapely.equals(piece.geometry, one.geometry)
                or solid(shapely.symmetric_difference(piece.geometry, one.geometry)) is None
                for one in near
            )
        if not fits:
            kind = "not_within" if rule == "within" else "not_same"
            yield Fault(kind, (piece.key,), {"area": piece.said, "layer": layer}, piece.geometry)


def _cuts(mine: Sequence[Piece], theirs: Sequence[Piece], layer: Any) -> Iterator[Fault]:
    """Areas of theirs that the boundaries of mine run through."""
    tree = shapely.STRtree([piece.geometry for piece in mine])
    for one in theirs:
        near = [mine[n] for n in tree.query(one.geometry, predicate="intersects").tolist()]
        holders = [p for p in near if solid(shapely.intersection(p.geometry, one.geometry)) is not None]
        if not holders or solid(shapely.difference(one.geometry, holders[0].geometry)) is None:
            continue
        params = {"areas": ", ".join(p.said for p in holders), "other": one.said, "layer": layer}
        yield Fault("cut", tuple(p.key for p in holders), params, one.geometry)


def solid(shape: BaseGeometry) -> BaseGeometry | None:
    """The parts of a shape that are ground and no hairline; None where there are none."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and width(p) > HAIR]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _size(area: float) -> str:
    return f"{area:,.0f}" if area >= 10 else f"{area:.2f}"
