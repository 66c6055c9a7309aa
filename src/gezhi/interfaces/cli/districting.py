"""`gezhi districting solve`: units in a file divided into grids, without database and settings.

One JSON line says how good the plan is; the file that is written is the one that was read, with a `grid` for each unit.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from gezhi.engines.districting import BadUnits, Infeasible, Options, Plan, proposals, read_barriers, read_units
from gezhi.interfaces.cli.serve import sentence

PROVEN_IMPOSSIBLE = 3
Existing = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def group() -> None:
    """Districting: units divided into grids."""


@group.command("solve")
@click.argument("source", metavar="IN", type=Existing)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--k", type=int, help="How many grids.")
@click.option("--target-households", "target", type=float, help="How many households a grid should have.")
@click.option("--tolerance", default=0.05, show_default=True, help="By which share a grid may leave the mean.")
@click.option(
    "--objective", default="boundary", show_default=True, type=click.Choice(["boundary", "edges"]),
    help="Cut few metres of boundary, or few edges.",
)  # fmt: skip
@click.option("--nest", default="", metavar="FIELD", help="No grid crosses zones of this field; each has its own mean.")
@click.option("--fixed", default="", metavar="FIELD", help="Units with the same value here are a grid that stays.")
@click.option("--current", default="", metavar="FIELD", help="Today's grid of each unit.")
@click.option("--change-weight", default=0.0, help="Metres of boundary it is worth that a household keeps its grid.")
@click.option("--barriers", type=Existing, help="GeoJSON lines of kind river, railway, arterial, bridge.")
@click.option("--seeds", default=1, show_default=True, type=click.IntRange(1, 100), help="How many plans to make.")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(min=0.1), help="Time for all of it.")
def solve_(
    source: Path, out: Path, k: int | None, target: float | None, tolerance: float, objective: Any, nest: str,
    fixed: str, current: str, change_weight: float, barriers: Path | None, seeds: int, seconds: float,
) -> None:  # fmt: skip
    """Divide the units in IN (GeoJSON polygons or a graph) into grids; the best of the plans made is written.

    Prints one JSON line. Exit code 2 if the input cannot be used, 3 if it is proven that no plan exists.
    """
    began = time.monotonic()
    _check_writable(out)
    document = _json(source)
    try:
        units = read_units(document, read_barriers(_json(barriers)) if barriers else None)
        options = Options(
            k=k, target=target, tolerance=tolerance, objective=objective, nest=nest, fixed=fixed, current=current,
            change_weight=change_weight, seconds=seconds, workers=min(4, os.cpu_count() or 1),
        )  # fmt: skip
        plan = proposals(units, options, range(seeds))[0]
    except BadUnits as wrong:
        raise sentence(f"{source.name}: {_line(wrong)}", 2) from None
    except Infeasible as proven:
        click.echo(json.dumps(_nothing(time.monotonic() - began), ensure_ascii=False))
        click.echo(f"Error: {source.name}: {_line(proven)}", err=True)
        sys.exit(PROVEN_IMPOSSIBLE)
    _write(out, _with_grids(document, plan))
    line = {**plan.as_dict(), "seconds": round(time.monotonic() - began, 2)}
    click.echo(json.dumps(line, ensure_ascii=False))


def _line(said: Exception) -> str:
    """One line, whatever ids and names in it look like."""
    return " ".join(str(said).split())


def _check_writable(out: Path) -> None:
    """Told before the work and not after it."""
    try:
        folder = out.resolve().parent
        plain = not out.exists() or out.is_file()
    except (OSError, RuntimeError) as wrong:  # a name too long; links in a circle
        raise sentence(f"{out} cannot be written: {getattr(wrong, 'strerror', wrong)}.", 2) from None
    if not folder.is_dir():
        raise sentence(f"{out} cannot be written: there is no such folder.", 2)
    if not os.access(folder if plain else out, os.W_OK):
        raise sentence(f"{out} cannot be written: it is not permitted.", 2)


def _json(path: Path) -> Any:
    try:
        text = path.read_bytes()
    except OSError as wrong:
        raise sentence(f"{path.name} cannot be read: {wrong.strerror}.", 2) from None
    if not text.strip():
        raise sentence(f"{path.name} is empty.", 2)
    try:
        return json.loads(text)
    except RecursionError:
        raise sentence(f"{path.name} cannot be read: it is nested too deeply.", 2) from None
    except UnicodeDecodeError:
        raise sentence(f"{path.name} is not JSON: it is not in UTF-8.", 2) from None
    except json.JSONDecodeError as wrong:
        raise sentence(f"{path.name} is not JSON: {wrong}.", 2) from None
    except ValueError:  # Python reads no number of so many digits
        raise sentence(f"{path.name} cannot be read: a number in it has thousands of digits.", 2) from None


def _with_grids(document: Any, plan: Plan) -> Any:
    """The document that was read, each unit with the name of its grid."""
    grids = [plan.names[number] for number in plan.grid.tolist()]
    if document.get("type") == "FeatureCollection":
        listed = zip(document["features"], grids, strict=True)
        features = [{**one, "properties": {**(one.get("properties") or {}), "grid": grid}} for one, grid in listed]
        return {**document, "features": features}
    return {**document, "nodes": [{**node, "grid": grid} for node, grid in zip(document["nodes"], grids, strict=True)]}


def _nothing(seconds: float) -> dict[str, Any]:
    figures = ("k", "max_deviation", "cut_length", "cut_edges", "polsby_popper", "disconnected")
    return {
        "feasible": False,
        **dict.fromkeys(figures),
        "certificate": "infeasible",
        "gap": None,
        "seconds": round(seconds, 2),
    }


def _write(out: Path, document: Any) -> None:
    """All of it or nothing. Half a character stays the escape it was; what is no plain file is written to as it is."""
    try:
        text = json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")
        if out.exists() and not out.is_file():
            out.write_bytes(text)
        else:
            _replace(out.resolve(), text)
    except RecursionError:
        raise sentence(f"{out} cannot be written: the units are nested too deeply.", 2) from None
    except OSError as wrong:
        raise sentence(f"{out} cannot be written: {wrong.strerror}.", 2) from None


def _replace(out: Path, text: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=out.parent, delete=False) as stream:
        made = Path(stream.name)
    try:
        made.write_bytes(text)
        made.chmod(0o644)
        made.replace(out)
    finally:
        made.unlink(missing_ok=True)
