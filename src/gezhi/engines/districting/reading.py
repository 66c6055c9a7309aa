"""Units from parsed files: polygons as GeoJSON, or a graph (`nodes`, `edges`, maybe `k`, `L`, `U`); and barriers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from gezhi.engines.districting import amounts
from gezhi.engines.districting.amounts import finite, shown
from gezhi.engines.districting.graph import Floats, Ints
from gezhi.engines.districting.plane import Shapes, flattening
from gezhi.engines.districting.touching import barrier_codes, check_outlines, touching
from gezhi.engines.districting.units import BARRIERS, BadUnits, Units

NOT_A_SHAPE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError,
    shapely.errors.ShapelyError,
)  # fmt: skip


def read_units(document: object, barriers: Mapping[str, Shapes] | None = None) -> Units:
    """The units of a FeatureCollection of polygons, or of a graph. `barriers` as `read_barriers` gives them.

    Polygons have the properties `id` and `households`; `population`, `workload` and `norm` are taken where every unit
    has them. Nodes have `id` and `households` or `pop`; edges are [id, id, length] with maybe a barrier's name.
    Raises BadUnits with a sentence that names the unit.
    """
    if isinstance(document, Mapping) and document.get("type") == "FeatureCollection":
        units = _from_polygons(document, barriers or {})
    elif isinstance(document, Mapping) and "nodes" in document and "edges" in document:
        if barriers:
            raise BadUnits("Barriers need outlines to run along; in a graph, name them in the edges.")
        units = _from_graph(document)
    else:
        raise BadUnits("This is neither a GeoJSON FeatureCollection nor a graph with nodes and edges.")
    units.check()
    return units


def read_barriers(document: object) -> Mapping[str, Shapes]:
    """Lines by kind from a FeatureCollection; its property `kind`, `class` or `barrier` is river, railway, arterial or
    bridge."""
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(features, list):
        raise BadUnits("Barriers are a GeoJSON FeatureCollection of lines; this is none.")
    known = (*BARRIERS[1:], "bridge")
    found: dict[str, list[Any]] = {}
    for number, feature in enumerate(features, start=1):
        has = _properties(feature, f"Barrier {number}")
        kind = next((has[key] for key in ("kind", "class", "barrier", "type") if key in has), None)
        if kind not in known:
            raise BadUnits(f"Barrier {number} must say its kind, one of {', '.join(known)}; it says “{shown(kind)}”.")
        line = _shape(feature, f"Barrier {number}")
        if not shapely.is_valid(line):
            raise BadUnits(f"Barrier {number} is not sound: {shapely.is_valid_reason(line)}.")
        found.setdefault(str(kind), []).append(line)
    return {kind: np.array(shapes, dtype=object) for kind, shapes in found.items()}


def _properties(feature: object, name: str) -> Mapping[str, Any]:
    if not isinstance(feature, Mapping):
        raise BadUnits(f"{name} is not a feature.")
    has = feature.get("properties")
    if has is not None and not isinstance(has, Mapping):
        raise BadUnits(f"The properties of {name[0].lower()}{name[1:]} are not an object.")
    return has or {}


def _check_id(value: object, name: str) -> None:
    if value is None:
        raise BadUnits(f"{name} has no id.")
    if not isinstance(value, str | int | float):
        raise BadUnits(f"The id of {name[0].lower()}{name[1:]} is neither a text nor a number: {shown(value)}.")


def _shape(feature: Any, name: str) -> Any:
    try:
        with np.errstate(invalid="ignore"):
            made = shapely.force_2d(shape(feature["geometry"]))
    except NOT_A_SHAPE:
        raise BadUnits(f"{name} has no geometry that can be read.") from None
    if made.is_empty:
        raise BadUnits(f"{name} has an empty geometry.")
    if not np.isfinite(shapely.get_coordinates(made)).all():
        raise BadUnits(f"A coordinate of {name[0].lower()}{name[1:]} is not a number.")
    return made


def _from_polygons(document: Mapping[str, Any], barriers: Mapping[str, Shapes]) -> Units:
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise BadUnits("The file holds no units: its list of features is empty or missing.")
    rows, made = [], []
    for number, feature in enumerate(features, start=1):
        has = dict(_properties(feature, f"Feature {number}"))
        if has.get("id") is None:
            has["id"] = feature.get("id")
        _check_id(has["id"], f"Feature {number}")
        outline = _shape(feature, f"Unit {has['id']}")
        if outline.geom_type not in ("Polygon", "MultiPolygon"):
            raise BadUnits(f"Unit {has['id']} is a {outline.geom_type}, not a polygon.")
        rows.append(has)
        made.append(outline)
    ids = [str(has["id"]) for has in rows]
    shapes: Shapes = np.array(made, dtype=object)
    lines: Shapes = np.array([line for kind in barriers.values() for line in kind], dtype=object)
    flatten = flattening(ids, shapes, _crs(document), lines)
    check_outlines(ids, shapes)
    households = amounts.each(rows, ids, "households")
    try:
        touch = touching(ids, shapes, flatten)
        codes = barrier_codes(barriers, touch, shapes, flatten) if barriers else None
    except shapely.errors.GEOSException as wrong:
        raise BadUnits(f"The outlines cannot be laid beside each other: {wrong}") from None
    flat = shapely.transform(shapes, flatten)
    return Units(
        ids, households, touch.one, touch.other, touch.length, codes,
        places=shapely.get_coordinates(shapely.centroid(flat)), area=shapely.area(flat), outer=touch.outer,
        norm=amounts.norms(rows, ids), resources=amounts.resources(rows, ids), fields=_fields(rows),
    )  # fmt: skip


def _crs(document: Mapping[str, Any]) -> str:
    """The name of the coordinate system where an (old) file says it. Raises BadUnits where it says something else."""
    said = document.get("crs")
    if said is None:
        return ""
    has = said.get("properties") if isinstance(said, Mapping) else None
    name = has.get("name") if isinstance(has, Mapping) else said
    if not isinstance(name, str) or not name:
        raise BadUnits("The “crs” of the file names no coordinate system.")
    return name


def _from_graph(document: Mapping[str, Any]) -> Units:
    nodes, edges = document["nodes"], document["edges"]
    if not isinstance(nodes, list) or not isinstance(edges, list) or not nodes:
        raise BadUnits("A graph has a list of nodes, not empty, and a list of edges.")
    for number, node in enumerate(nodes, start=1):
        if not isinstance(node, Mapping):
            raise BadUnits(f"Node {number} is not an object with an id.")
        _check_id(node.get("id"), f"Node {number}")
    ids = [str(node["id"]) for node in nodes]
    one, other, length, codes = _edges(edges, {name: i for i, name in enumerate(ids)})
    amount = "households" if any("households" in node for node in nodes) else "pop"
    area, outer = amounts.sizes(nodes, ids)
    return Units(
        ids, amounts.each(nodes, ids, amount), one, other, length, codes, places=amounts.places(nodes), area=area,
        outer=outer, resources=amounts.resources(nodes, ids), norm=amounts.norms(nodes, ids), fields=_fields(nodes),
        k=amounts.whole(document, "k"), low=amounts.number(document, "L"), high=amounts.number(document, "U"),
    )  # fmt: skip


def _edges(edges: list[Any], position: Mapping[str, int]) -> tuple[Ints, Ints, Floats, NDArray[np.int8]]:
    one, other, length, codes = [], [], [], []
    for number, edge in enumerate(edges, start=1):
        if not isinstance(edge, list | tuple) or len(edge) < 2:
            raise BadUnits(f"Edge {number} is not a list of two ids and a length.")
        for end in edge[:2]:
            if str(end) not in position:
                raise BadUnits(f"Edge {number} names the node {shown(end)}, which is not there.")
        metres = finite(edge[2] if len(edge) > 2 else 1.0)
        if metres is None or metres < 0:
            raise BadUnits(f"Edge {number} has a length that is not a number from 0: {shown(edge[2])}.")
        barrier = edge[3] if len(edge) > 3 and edge[3] else ""
        if barrier not in BARRIERS:
            known = ", ".join(BARRIERS[1:])
            raise BadUnits(f"Edge {number} has an unknown barrier “{shown(barrier)}”; known: {known}.")
        one.append(position[str(edge[0])])
        other.append(position[str(edge[1])])
        length.append(metres)
        codes.append(BARRIERS.index(barrier))
    whole = np.int64
    return np.array(one, whole), np.array(other, whole), np.array(length, float), np.array(codes, np.int8)


def _fields(rows: list[Any]) -> dict[str, list[Any]]:
    names = dict.fromkeys(key for has in rows for key in has)
    return {str(name): [has.get(name) for has in rows] for name in names}
