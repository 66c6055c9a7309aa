"""JSON Schema says what a file may hold; this says it to people.

The schemas in `gezhi/profiles/schema` serve editors and this reader alike. A schema may explain a pattern in its own
words (`x-says`); unknown names get the nearest known one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

import gezhi.profiles
from gezhi.modules.switches.profiles.marked import Item
from gezhi.modules.switches.profiles.problems import Mark, Notes, nearest

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
def _read(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text("utf-8"))


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(_inlined(_read(f"{kind}.schema.json")))


def _inlined(schema: Any) -> Any:
    """The schema with every reference replaced by what it means: they are few, and following them is slow."""
    if isinstance(schema, list):
        return [_inlined(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        file, _, pointer = str(schema["$ref"]).partition("#/$defs/")
        return {**_inlined(_read(file)["$defs"][pointer]), **{k: v for k, v in schema.items() if k != "$ref"}}
    return {key: _inlined(inner) for key, inner in schema.items()}


@dataclass(frozen=True, slots=True)
class _Fault:
    """What the validator found: the rule that was broken, what it wants, and the value that breaks it."""

    rule: str
    wanted: Any
    schema: Mapping[str, Any]
    value: Any
    path: tuple[str | int, ...]
    message: str

    @property
    def says(self) -> str:
        """The schema's own explanation, if it has one."""
        return str(self.schema.get("x-says", ""))


def check_shape(kind: str, item: Item, notes: Notes) -> bool:
    """Note everything in `item` that the schema of this kind of file does not allow; True when there is nothing."""
    clean = True
    for error in _validator(kind).iter_errors(item.plain()):
        for mark, sentence in _said(_fault(error), item):
            notes.add(mark, sentence)
            clean = False
    return clean


def _fault(error: ValidationError) -> _Fault:
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    path = tuple(error.absolute_path)
    return _Fault(str(error.validator), error.validator_value, schema, error.instance, path, error.message)


def _said(fault: _Fault, whole: Item) -> Iterator[tuple[Mark, str]]:
    here = whole.near(fault.path)
    match fault.rule:
        case "additionalProperties":
            yield from _unknown(fault, here)
        case "required":
            for missing in fault.wanted:
                if missing not in fault.value:
                    yield here.key, f"“{missing}” is missing here.{_about(fault, missing)}"
        case "pattern" | "maxLength" if fault.says:
            # the name of an entry breaks the rule, or its value does
            mark = _key_mark(here, str(fault.value)) if isinstance(here.value, dict) else here.mark
            yield mark, f"“{fault.value}” cannot stand here. {fault.says}"
        case "enum":
            hint = nearest(str(fault.value), map(str, fault.wanted))
            yield here.mark, f"“{_shown(fault.value)}” is not possible here.{hint}"
        case _:
            name = f"“{fault.path[-1]}”" if fault.path else "This file"
            yield here.mark, f"{_plain(fault, name)} {fault.says}".strip()


def _plain(fault: _Fault, name: str) -> str:
    limit = fault.wanted
    if fault.rule == "type":
        kinds = [limit] if isinstance(limit, str) else list(limit)
        wanted = " or ".join(_TYPES[kind] for kind in kinds)
        quotes = " Put it in quotes." if "string" in kinds and isinstance(fault.value, (int, float)) else ""
        return f"{name} must be {wanted}, not {_kind(fault.value)}.{quotes}"
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
    return sentences.get(fault.rule, f"{name} cannot be as it is: {fault.message}.")


def _unknown(fault: _Fault, here: Item) -> Iterator[tuple[Mark, str]]:
    known = list(fault.schema.get("properties", {}))
    for extra in fault.value:
        if extra not in known:
            yield _key_mark(here, extra), f"“{extra}” is not known here.{nearest(extra, known)} {fault.says}".strip()


def _key_mark(here: Item, key: str) -> Mark:
    entry = here.get(key)
    return entry.key if entry is not None else here.mark


def _about(fault: _Fault, missing: str) -> str:
    about = fault.schema.get("properties", {}).get(missing, {}).get("description")
    return f" {about}" if about else ""


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"“{str(value).lower()}”"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text “{value}”"
    return "a list" if isinstance(value, list) else "a mapping"
