"""YAML as data that remembers where it stood.

A file becomes a tree of `Item`s: mappings, lists and single values, each with its place. Only plain data is taken: no
tags, no code, keys are texts, a key stands once. Words are read as YAML 1.2 means them (`no`, `on` and `2026-01-01` are
texts, `true` is a truth value, `7` a number), so that nothing turns into something else behind the author's back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gezhi.modules.switches.profiles.problems import Mark, Notes

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(
    _TAG + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "value", "merge")
)
_FAULTS = {
    "mapping values are not allowed": "A colon stands where none may; put the text in quotes or mend the indentation.",
    "undefined alias": "This alias (*) names an anchor that does not exist; write the entry out.",
    "single document": "A second document (---) begins here; a profile file holds one.",
    "expected ',' or": "A comma or a closing bracket is missing before this point.",
    "could not find expected ':'": "A colon is missing after the key.",
    "expected <block end>": "The indentation does not fit the entries above.",
    "did not find expected key": "The indentation does not fit the entries above.",
    "expected '-' indicator": "The indentation does not fit the entries above.",
    "end of stream": "A quotation mark or bracket is not closed.",
    "unexpected end": "A quotation mark or bracket is not closed.",
    "cannot start any token": "A text may not begin with this character; put it in quotes.",
}
_BEGUN = frozenset(list(_FAULTS.values())[3:10])
_MOST_ITEMS = 100_000
_DEEPEST = 60

Path_ = tuple[str | int, ...]


@dataclass(slots=True)
class Item:
    """A value and its place; `key` is the place of the key it stands under (of the value itself in a list)."""

    value: Any
    mark: Mark
    key: Mark

    def plain(self) -> Any:
        """The value without places: dict, list, str, int, float, bool or None."""
        if isinstance(self.value, dict):
            return {name: item.plain() for name, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def get(self, *path: str | int) -> Item | None:
        """The item at a path below this one, or None."""
        found: Item | None = self
        for step in path:
            inside = found.value if found is not None else None
            if isinstance(inside, dict):
                found = inside.get(step)
            elif isinstance(inside, list) and isinstance(step, int) and step < len(inside):
                found = inside[step]
            else:
                return None
        return found

    def near(self, path: Path_) -> Item:
        """The item at a path, or the deepest one on the way to it."""
        here = self
        for step in path:
            there = here.get(step)
            if there is None and isinstance(step, int):
                there = here.get(str(step))
            if there is None:
                return here
            here = there
        return here

    def items(self) -> list[tuple[str, Item]]:
        """Entries of a mapping (none when it is not one)."""
        return list(self.value.items()) if isinstance(self.value, dict) else []

    def text(self, name: str) -> str | None:
        """The text under a key of this mapping, None when it is absent or not a text."""
        found = self.get(name)
        return found.value if found is not None and isinstance(found.value, str) else None


def read_text(path: Path, shown: str, notes: Notes) -> str | None:
    """A file as text: UTF-8, with or without a byte order mark. None (and a note) where it cannot be."""
    try:
        raw = path.read_bytes()
    except OSError as fault:
        notes.add(Mark(shown), f"This file cannot be read: {fault.strerror or fault}.")
        return None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        notes.add(Mark(shown), "This file is UTF-16; save it as UTF-8.")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        before = raw[: fault.start].decode("utf-8-sig", "replace")
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        notes.add(Mark(shown, line, column), "A character here is not UTF-8; save the file as UTF-8 (not GBK).")
        return None
    return text


def read_yaml(path: Path, shown: str, notes: Notes) -> Item | None:
    """The tree of a YAML file; None (and notes) where there is none. `shown` is the name problems carry."""
    text = read_text(path, shown, notes)
    if text is None:
        return None
    return compose(text, shown, notes)


def compose(text: str, shown: str, notes: Notes) -> Item | None:
    """The tree of YAML text."""
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as fault:
        notes.add(_fault_mark(fault, text, shown), _fault_sentence(fault, text))
        return None
    except yaml.YAMLError as fault:
        bad = re.search(r"[^\x09\x0A\x0D\x20-\x7E\x85\xA0-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]", text)
        at = bad.start() if bad else 0
        mark = Mark(shown, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        notes.add(mark, "A control character stands here; remove it." if bad else f"This is not YAML: {fault}.")
        return None
    if node is None:
        notes.add(Mark(shown), "This file is empty; write its entries or remove the file.")
        return None
    return _Builder(shown, notes).build(node)


class _Builder:
    """Turns nodes into items, refusing what is not plain data."""

    def __init__(self, shown: str, notes: Notes) -> None:
        self.shown, self.notes = shown, notes
        self.made = 0
        self.open: list[int] = []

    def build(self, node: yaml.Node) -> Item | None:
        self.made += 1
        mark = self.mark(node)
        if self.made > _MOST_ITEMS or len(self.open) > _DEEPEST:
            if self.made <= _MOST_ITEMS + 1:
                self.notes.add(mark, "This file repeats or nests too much to be a profile; write it out plainly.")
            self.made = _MOST_ITEMS + 1
            return None
        if id(node) in self.open:
            self.notes.add(mark, "This entry contains itself (an alias inside its own anchor); write it out plainly.")
            return None
        if node.tag not in _PLAIN_TAGS:
            tag = node.tag.removeprefix(_TAG)
            self.notes.add(mark, f"“!{tag.lstrip('!')}” is a tag; profiles are plain data, so remove it.")
            return None
        self.open.append(id(node))
        try:
            return self._inside(node, mark)
        finally:
            self.open.pop()

    def _inside(self, node: yaml.Node, mark: Mark) -> Item | None:
        if isinstance(node, yaml.MappingNode):
            return Item(self._mapping(node), mark, mark)
        if isinstance(node, yaml.SequenceNode):
            return Item([item for child in node.value if (item := self.build(child)) is not None], mark, mark)
        return Item(_single(node), mark, mark)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Item]:
        entries: dict[str, Item] = {}
        for key, child in node.value:
            place = self.mark(key)
            if not isinstance(key, yaml.ScalarNode):
                self.notes.add(place, "A key must be a single word or text.")
                continue
            name = str(key.value)
            if not key.style and name == "<<":
                self.notes.add(place, "“<<” is not used in profiles; write the entries out.")
                continue
            if name in entries:
                first = entries[name].key
                self.notes.add(place, f"“{name}” stands twice; the first is in line {first.line}. Keep one of them.")
                continue
            item = self.build(child)
            if item is not None:
                item.key = place
                entries[name] = item
        return entries

    def mark(self, node: yaml.Node) -> Mark:
        return Mark(self.shown, node.start_mark.line + 1, node.start_mark.column + 1)


def _single(node: yaml.Node) -> Any:
    """A single value by YAML 1.2: quoted is text; unquoted null, true/false and numbers are what they look like."""
    text = str(node.value)
    kind = node.tag.removeprefix(_TAG)
    if getattr(node, "style", None) or kind == "str":
        return text
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "int" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "float" and _FLOAT.fullmatch(text):
        return float(text)
    return text


def _fault_mark(fault: yaml.MarkedYAMLError, text: str, shown: str) -> Mark:
    mark = fault.problem_mark or fault.context_mark
    if mark is None:
        return Mark(shown)
    lines = text.splitlines() or [""]
    line = min(mark.line, len(lines) - 1)
    return Mark(shown, line + 1, (mark.column if line == mark.line else len(lines[line])) + 1)


def _fault_sentence(fault: yaml.MarkedYAMLError, text: str) -> str:
    """What a YAML parser means, in the words of somebody who has to mend the file."""
    said = f"{fault.problem or ''} {fault.context or ''}"
    mark = fault.problem_mark or fault.context_mark
    lines = text.splitlines()
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())] or r"'\t'" in said:
        return "A tab stands in the indentation; use spaces."
    begun = f" It began in line {fault.context_mark.line + 1}." if fault.context_mark else ""
    for words, sentence in _FAULTS.items():
        if words in said:
            return sentence + (begun if sentence in _BEGUN else "")
    return f"This cannot be read as YAML: {(fault.problem or 'unknown fault').rstrip('.')}.{begun}"
