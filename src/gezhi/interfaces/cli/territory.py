"""`gezhi territory check LAYER|FILE` and `gezhi territory locate LON LAT`: the ground, from the console.

A file is checked as it lies on the disk, without database and settings: its own areas are each other's parents. A layer
is checked as it is in force.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from shapely.geometry import mapping

from gezhi.engines.geometry import ROWS, Demands, FileProblem, Piece, check, read_file, rows
from gezhi.interfaces.cli.running import django_ready
from gezhi.interfaces.cli.serve import sentence

LEVELS = {6: "district", 9: "street", 12: "community", 15: "grid"}  # the national scheme, by digits of the code


@click.group()
def group() -> None:
    """Territory: layers checked, places located."""


@group.command("check")
@click.argument("what", metavar="LAYER|FILE")
@click.option("--crs", default="", help="Coordinate system of a file that does not say it: CGCS2000, GCJ-02, EPSG:n.")
@click.option("--covers/--free", default=True, help="Must the areas of a file fill their parents?")
def check_(what: str, crs: str, covers: bool) -> None:
    """Check a layer in force, or a file: a JSON line per problem, exit code 1 if there is any."""
    path = Path(what)
    found = list(_in_file(path, crs, covers)) if path.is_file() else list(_in_force(what))
    for one in found:
        click.echo(json.dumps(one, ensure_ascii=False))
    if found:
        sys.exit(1)


def _in_file(path: Path, crs: str, covers: bool) -> Iterable[Mapping[str, Any]]:
    try:
        read = read_file(path, path.name, crs)
    except FileProblem as wrong:
        raise sentence(f"{path.name}: {wrong}", 2) from None
    listed, wrong_rows = rows(read.features)
    for problem in wrong_rows:
        yield _line(problem.key, ROWS[problem.key].format(**problem.params), [], None)
    by_code = {row.code: row.number for row in reversed(listed)}
    pieces: dict[str, list[Piece]] = {}
    for row in listed:
        level = row.level or LEVELS.get(len(row.code), "")
        parent = by_code.get(row.parent) or next(
            (by_code[row.code[:n]] for n in (12, 9, 6) if n < len(row.code) and row.code[:n] in by_code), None
        )
        pieces.setdefault(level, []).append(Piece(row.number, row.code, row.name, row.geometry, parent, level))
    everything = {piece.key: piece for level in pieces.values() for piece in level}
    codes = {piece.key: piece.code for piece in everything.values()}
    asked = Demands(covers=covers, digits={level: digits for digits, level in LEVELS.items()})
    for siblings in pieces.values():
        for fault in check(siblings, parents=everything, demands=asked):
            where = mapping(fault.where) if fault.where is not None else None
            yield _line(fault.kind, fault.sentence, [codes[key] for key in fault.areas], where)


def _in_force(layer: str) -> Iterable[Mapping[str, Any]]:
    django_ready()
    from django.utils import translation

    from gezhi.modules.territory import checks
    from gezhi.modules.territory import queries as territory

    with translation.override("en"):
        known = {one.key for one in territory.layers()}
        if layer not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise sentence(f"There is no file and no layer {layer!r}; layers in force: {listed}.", 2)
        codes = territory.codes(layer)
        for one in checks.problems(layer):
            yield _line(one.kind, one.sentence, [codes.get(key, "") for key, _name in one.areas], one.where)


def _line(kind: str, problem: str, areas: list[str], where: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return {"kind": kind, "problem": problem, "areas": areas, "where": where}


@group.command()
@click.argument("lon", type=float)
@click.argument("lat", type=float)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="A day; today where nothing is said.")
@click.option("--crs", default="CGCS2000", show_default=True, help="Coordinate system of the point.")
def locate(lon: float, lat: float, on: datetime | None, crs: str) -> None:
    """Whose is this place: a JSON line per layer, with the area and the people responsible on that day."""
    django_ready()
    from django.utils import timezone

    from gezhi.engines.geometry import CrsError, to_cgcs2000
    from gezhi.modules.territory import queries as territory

    try:
        x, y = to_cgcs2000(lon, lat, crs)
    except CrsError as wrong:
        raise sentence(str(wrong), 2) from None
    if not (abs(x) <= 180 and abs(y) <= 90):
        raise sentence("This is not a place on earth: longitude and latitude are in degrees.", 2)
    day = on.date() if on else None
    snapshot = territory.areas_on(day)
    for fact in snapshot.locate(x, y):
        people = territory.responsible(list(fact.path), on=day or timezone.localdate())
        line = {
            "layer": fact.layer,
            "code": fact.code,
            "name": snapshot.full_name(fact.id),
            "level": fact.level,
            "since": fact.since.isoformat() if fact.since else None,
            "people": [{"name": one.display_name, "post": one.post, "area": one.area_name} for one in people],
        }
        click.echo(json.dumps(line, ensure_ascii=False))
