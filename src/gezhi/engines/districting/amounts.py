"""Numbers in what was read: each is finite, or a sentence names whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np

from gezhi.engines.districting.graph import Floats
from gezhi.engines.districting.units import BadUnits

RESOURCES = ("population", "workload")


def finite(value: object) -> float | None:
    """The number that a value is; None where it is none, or not finite. True and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if isfinite(found) else None


def shown(value: object) -> str:
    """A value as it stands in a sentence, cut where it is long."""
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else f"{text[:40]}…"


def each(rows: list[Any], ids: list[str], name: str) -> Floats:
    """A number for each unit. Raises BadUnits naming the unit that has none."""
    values = []
    for has, unit in zip(rows, ids, strict=True):
        if has.get(name) is None:
            raise BadUnits(f"Unit {unit} has no {name}.")
        value = finite(has[name])
        if value is None:
            raise BadUnits(f"{name.capitalize()} of unit {unit} is not a number: {shown(has[name])}.")
        values.append(value)
    return np.array(values, float)


def resources(rows: list[Any], ids: list[str]) -> dict[str, Floats]:
    """The resources that every unit has; `pop` of graphs is a population."""
    names = [name for name in RESOURCES if all(has.get(name) is not None for has in rows)]
    found = {name: each(rows, ids, name) for name in names}
    if "population" not in found and all(has.get("pop") is not None for has in rows):
        return {"population": each(rows, ids, "pop"), **found}
    return found


def norms(rows: list[Any], ids: list[str]) -> Floats | None:
    """The norms of compounds, 0 where a unit has none; None where no unit has one."""
    if not any(has.get("norm") is not None for has in rows):
        return None
    return each([{"norm": 0 if has.get("norm") is None else has["norm"]} for has in rows], ids, "norm")


def sizes(nodes: list[Any], ids: list[str]) -> tuple[Floats | None, Floats | None]:
    """Areas, and metres of boundary shared with no node; None unless every node has an area and one the other."""
    known = all(finite(node.get("area")) is not None for node in nodes)
    if not known or not any("boundary_perim" in node for node in nodes):
        return None, None
    around = [{"boundary_perim": node.get("boundary_perim") or 0.0} for node in nodes]
    return each(nodes, ids, "area"), each(around, ids, "boundary_perim")


def places(nodes: list[Any]) -> Floats | None:
    """Where nodes lie: x, y in metres, or lon, lat roughly in metres; None unless all say it."""
    for east, north in (("x", "y"), ("lon", "lat")):
        said = [(finite(node.get(east)), finite(node.get(north))) for node in nodes]
        if all(x is not None and y is not None for x, y in said):
            found = np.array(said, float)
            if east == "lon":
                found *= np.array([np.cos(np.radians(found[:, 1].mean())), 1.0]) * 111_320.0
            return found
    return None


def number(document: Mapping[str, Any], name: str) -> float | None:
    """A number that a graph says of itself. Raises BadUnits."""
    if document.get(name) is None:
        return None
    value = finite(document[name])
    if value is None:
        raise BadUnits(f"{name} is not a number: {shown(document[name])}.")
    return value


def whole(document: Mapping[str, Any], name: str) -> int | None:
    """The same, where only a whole number will do. Raises BadUnits."""
    value = number(document, name)
    if value is not None and not value.is_integer():
        raise BadUnits(f"{name} is not a whole number: {shown(value)}.")
    return None if value is None else int(value)
