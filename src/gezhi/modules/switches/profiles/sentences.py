"""JSON Schema says what a file may hold; this says it to people.

The schemas in `gezhi/profiles/schema` serve editors and this reader alike. A schema may explain a pattern in its own
words (`x-says`); unknown names get the nearest known one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

import gezhi.profiles
from gezhi.modules.switches.profiles.marked import Item
from gezhi.modules.switches.profiles.problems import Mark, Notes, nearest, quoted

SCHEMAS = Path(gezhi.profiles.__file__).parent / "schema"

_TYPES = {
    "object": "a mapping (key: value)",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


@cache
def _registry() -> Registry[Any]:
    registry: Registry[Any] = Registry()
    for file in SCHEMAS.glob("*.schema.json"):
        resource = Resource.from_contents(json.loads(file.read_text("utf-8")))
        registry = registry.with_resource(file.name, resource)
    return registry


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = _registry().contents(f"{kind}.schema.json")
    return Draft202012Validator(schema, registry=_registry())


def check_shape(kind: str, item: Item, notes: Notes) -> bool:
    """Note everything in `item` that the schema of this kind of file does not allow; True when there is nothing."""
    clean = True
    for error in _validator(kind).iter_errors(item.plain()):
        for mark, sentence in _said(error, item):
            notes.add(mark, sentence)
            clean = False
    return clean


def _said(error: ValidationError, whole: Item) -> Iterator[tuple[Mark, str]]:
    path = tuple(error.absolute_path)
    here = whole.near(path)
    name = f"“{path[-1]}”" if path else "This file"
    match error.validator:
        case "additionalProperties":
            yield from _unknown(error, here)
        case "required":
            for missing in error.validator_value:
                if missing not in error.instance:
                    yield here.key, f"“{missing}” is missing here.{_about(error, missing)}"
        case "propertyNames" | "pattern" if error.schema.get("x-says"):
            place = here if error.instance == here.value or not isinstance(here.value, dict) else None
            mark = place.mark if place else _key_mark(here, str(error.instance))
            yield mark, f"“{error.instance}” cannot stand here. {error.schema['x-says']}"
        case "enum":
            yield here.mark, f"“{_shown(error.instance)}” is not possible here.{_nearest(error)}"
        case _:
            yield here.mark, _plain(error, name)


def _plain(error: ValidationError, name: str) -> str:
    limit: Any = error.validator_value
    says = str(error.schema.get("x-says", ""))
    if error.validator == "type":
        kinds = [limit] if isinstance(limit, str) else list(limit)
        wanted = " or ".join(_TYPES[kind] for kind in kinds)
        quotes = " Put it in quotes." if "string" in kinds and isinstance(error.instance, (int, float)) else ""
        return f"{name} must be {wanted}, not {_kind(error.instance)}.{quotes} {says}".strip()
    sentences = {
        "minProperties": f"{name} is empty; write its entries.",
        "minItems": f"{name} needs at least {limit} {'entry' if limit == 1 else 'entries'}.",
        "maxItems": f"{name} may have at most {limit} entries.",
        "minLength": f"{name} is empty; write a text.",
        "maxLength": f"{name} is longer than {limit} characters.",
        "minimum": f"{name} must be at least {limit}.",
        "maximum": f"{name} must be at most {limit}.",
        "exclusiveMinimum": f"{name} must be more than {limit}.",
        "uniqueItems": f"{name} names the same thing twice.",
    }
    return f"{sentences.get(str(error.validator), f'{name} cannot be as it is: {error.message}.')} {says}".strip()


def _unknown(error: ValidationError, here: Item) -> Iterator[tuple[Mark, str]]:
    known = list(error.schema.get("properties", {}))
    for extra in error.instance:
        if extra not in known:
            says = f" {error.schema['x-says']}" if "x-says" in error.schema else ""
            yield _key_mark(here, extra), f"“{extra}” is not known here.{nearest(extra, known)}{says}"


def _key_mark(here: Item, key: str) -> Mark:
    entry = here.get(key)
    return entry.key if entry is not None else here.mark


def _about(error: ValidationError, missing: str) -> str:
    about = error.schema.get("properties", {}).get(missing, {}).get("description")
    return f" {about}" if about else ""


def _nearest(error: ValidationError) -> str:
    choices = [str(choice) for choice in error.validator_value]
    return nearest(str(error.instance), choices) or f" Known: {quoted(choices)}."


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"“{str(value).lower()}”"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    return {dict: "a mapping", list: "a list", str: f"the text “{value}”"}.get(type(value), str(value))
