"""Territory: levels, layers and areas, their codes and their place in the tree.

An area is listed in `areas.yaml` or comes from an outline file (`outlines`), which gives geometry to listed areas or
brings areas of its own. Where a level has `digits`, the code has that many and begins with its parent's code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.marked import Item
from gezhi.modules.switches.profiles.model import Area, Layer, Level, Text, leading
from gezhi.modules.switches.profiles.outlines import SHAPES, Outline, read_outlines
from gezhi.modules.switches.profiles.problems import Mark, nearest

BASE = "base"


@dataclass(frozen=True, slots=True)
class Territory:
    """Everything areas.yaml says; areas come with parents before children, base layer first."""

    levels: tuple[Level, ...]
    grid_level: str | None
    layers: tuple[Layer, ...]
    areas: tuple[Area, ...]


@dataclass(slots=True)
class _Survey:
    """What is known while areas are gathered."""

    book: Book
    levels: dict[str, Level]
    layers: dict[str, Layer]
    found: dict[str, Area]
    marks: dict[str, Mark]


def read_territory(book: Book) -> Territory:
    """The territory of a profile; empty where areas.yaml is absent or not sound."""
    levels = {
        key: Level(key, book.text(item), _digits(item), rank, _flag(item, "outline", True))
        for rank, (key, item) in enumerate(book.entries("areas", "levels"))
    }
    layers = {key: _layer(book, key, item) for key, item in book.entries("areas", "layers")}
    survey = _Survey(book, levels, layers, {}, {})
    for code, item in book.entries("areas", "areas"):
        _listed(survey, code, item)
    if "areas" in book.sound:
        for outline in read_outlines(book):
            _outlined(survey, outline)
    for code in survey.found:
        _check(survey, code)
    doc = book.docs.get("areas")
    grid_level = doc.text("grid_level") if doc is not None else None
    if grid_level is not None and grid_level not in levels and "areas" in book.sound and doc is not None:
        mark = (doc.get("grid_level") or doc).mark
        book.notes.add(mark, f"“{grid_level}” is not a level.{nearest(grid_level, levels)}")
    return Territory(tuple(levels.values()), grid_level, tuple(layers.values()), _ordered(survey))


def _layer(book: Book, key: str, item: Item) -> Layer:
    """A layer; its rule names another layer, and lines and points have a reach."""
    shape, reach, rules = item.text("geometry") or "polygon", item.get("reach"), item.get("boundaries")
    known = [name for name, _ in book.entries("areas", "layers")]
    rule, other = next(((name, str(its.value)) for name, its in rules.items()), ("", "")) if rules else ("", "")
    if rules is not None and (other not in known or other == key):
        book.notes.add(rules.mark, f"“{other}” is not another layer.{nearest(other, known)}")
    if (shape == "polygon") == (reach is not None):
        said = "needs a reach in metres" if reach is None else "has no reach: only lines and points do"
        book.notes.add(item.key, f"“{key}” {said}.")
    if shape != "polygon" and (rules is not None or _flag(item, "covers", False)):
        book.notes.add(item.key, f"“{key}” is made of {shape}s: it can neither cover its parent nor share boundaries.")
    metres = float(reach.value) if reach is not None else None
    purpose = item.text("purpose") or "duty"
    return Layer(key, book.text(item), shape, metres, _flag(item, "covers", False), purpose, rule, other)


def _flag(item: Item, name: str, otherwise: bool) -> bool:
    found = item.get(name)
    return bool(found.value) if found is not None else otherwise


def _digits(item: Item) -> int | None:
    found = item.get("digits")
    return int(found.value) if found is not None else None


def _listed(survey: _Survey, code: str, item: Item) -> None:
    level = item.text("level") or ""
    if level not in survey.levels:
        mark = (item.get("level") or item).mark
        survey.book.notes.add(mark, f"“{level}” is not a level.{nearest(level, survey.levels)}")
        return
    layer = item.text("layer") or BASE
    if layer not in survey.layers:
        mark = (item.get("layer") or item).mark
        survey.book.notes.add(mark, f"“{layer}” is not a layer.{nearest(layer, survey.layers)}")
        return
    name = survey.book.text(item)
    parent = item.text("parent") if item.get("parent") is not None else _prefix(survey, code, level)
    survey.found[code] = Area(
        layer, code, leading(name), name.get("en", ""), level, parent, None, _flag(item, "synthetic", False),
        _number(item.plain(), "households"), _number(item.plain(), "population"), item.text("kind") or "",
    )  # fmt: skip
    survey.marks[code] = item.key if item.get("parent") is None else (item.get("parent") or item).mark


def _prefix(survey: _Survey, code: str, level: str) -> str | None:
    """The parent that a code of digits names by itself: its beginning, as long as the level above has digits."""
    above = [one for one in survey.levels.values() if one.rank < survey.levels[level].rank]
    if not above or above[-1].digits is None:
        return None
    return code[: above[-1].digits]


def _number(said: Mapping[str, Any], name: str) -> int | None:
    value = said.get(name)
    return int(value) if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _outlined(survey: _Survey, outline: Outline) -> None:
    """Lay the features of one outline file over the areas found so far."""
    notes = survey.book.notes
    by: dict[str, list[str]] = {}
    for code, area in survey.found.items():
        if area.level == outline.level:
            by.setdefault({"code": code, "zh": area.name, "en": area.name_en}.get(outline.by, ""), []).append(code)
    for number, feature in enumerate(outline.features, 1):
        named = str(feature.properties.get(outline.property))
        if outline.level is None:
            _brought(survey, outline, number, feature.properties, feature.geometry)
        elif named in by:
            for code in by[named]:
                synthetic = outline.synthetic or survey.found[code].synthetic
                survey.found[code] = replace(survey.found[code], geometry=feature.geometry, synthetic=synthetic)
        elif named not in outline.skip:
            sentence = f"Feature {number} of “{outline.shown}” is “{named}”, which no {outline.level} is called."
            notes.add(outline.mark, f"{sentence}{nearest(named, by)} Name it under “skip” to leave it out.")


def _brought(
    survey: _Survey, outline: Outline, number: int, said: Mapping[str, Any], geometry: Mapping[str, Any]
) -> None:
    """A feature of our own format: geometry for a listed area, or an area of its own."""
    code, level, layer = str(said.get("code", "")), str(said.get("level", "")), str(said.get("layer", BASE))
    synthetic = bool(said.get("synthetic", outline.synthetic))
    households, population = _number(said, "households"), _number(said, "population")
    for what, count in (("households", households), ("population", population)):
        if count is None and said.get(what) is not None:
            sentence = f"Feature {number} of “{outline.shown}”: “{what}” must be a whole number, 0 or more."
            survey.book.notes.add(outline.mark, sentence)
    if code in survey.found and survey.found[code].geometry is None:
        survey.found[code] = replace(
            survey.found[code], geometry=geometry, synthetic=synthetic, households=households, population=population
        )
        return
    where = f"Feature {number} of “{outline.shown}”"
    if code in survey.found:
        survey.book.notes.add(outline.mark, f"{where} has the code “{code}”, which is taken; every area has its own.")
    elif level not in survey.levels:
        survey.book.notes.add(outline.mark, f"{where}: “{level}” is not a level.{nearest(level, survey.levels)}")
    elif layer not in survey.layers:
        survey.book.notes.add(outline.mark, f"{where}: “{layer}” is not a layer.{nearest(layer, survey.layers)}")
    else:
        parent = said.get("parent")
        name: Text = {key: str(said[key]) for key in ("zh", "en") if said.get(key)}
        above = str(parent) if parent is not None else _prefix(survey, code, level)
        survey.found[code] = Area(
            layer, code, leading(name), name.get("en", ""), level, above, geometry, synthetic,
            households, population, str(said.get("kind", "")),
        )  # fmt: skip
        survey.marks[code] = outline.mark


def _check(survey: _Survey, code: str) -> None:
    """Code, parent and level of one area must fit together."""
    area, mark, notes = survey.found[code], survey.marks[code], survey.book.notes
    level, shape = survey.levels[area.level], survey.layers[area.layer].shape
    if area.geometry is not None and SHAPES[area.geometry["type"]] != shape:
        notes.add(mark, f"“{code}” is drawn as a {area.geometry['type']}; its layer is made of {shape}s.")
    if level.digits is not None and not (code.isascii() and code.isdecimal() and len(code) == level.digits):
        have = f"{len(code)} digits" if code.isascii() and code.isdecimal() else "other characters"
        notes.add(mark, f"“{code}” has {have}; the code of a {level.key} has {level.digits} digits.")
        return
    if area.parent_code is None:
        if level.rank > 0:
            notes.add(mark, f"“{code}” names no parent; only the top level stands alone.")
        return
    parent = survey.found.get(area.parent_code)
    if parent is None:
        sentence = f"“{area.parent_code}”, the parent of “{code}”, is not an area of this profile."
        notes.add(mark, sentence + nearest(area.parent_code, (c for c in survey.found if c != code)))
    elif survey.levels[parent.level].rank >= level.rank:
        notes.add(mark, f"“{code}” is a {level.key}; its parent “{parent.code}” is a {parent.level}, not above it.")
    elif level.digits is not None and survey.levels[parent.level].digits and not code.startswith(parent.code):
        notes.add(mark, f"“{code}” does not begin with the code of its parent, “{parent.code}”.")


def _ordered(survey: _Survey) -> tuple[Area, ...]:
    layers = list(survey.layers)
    return tuple(
        sorted(
            survey.found.values(), key=lambda one: (survey.levels[one.level].rank, layers.index(one.layer), one.code)
        )
    )
