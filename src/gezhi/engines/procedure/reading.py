"""Reading a document without trusting it: typed access that collects every problem instead of stopping at the first.

A `Reader` belongs to one document. Its methods return something usable in any case, so that reading goes on; whether
the result may be used is told by `problems` being empty.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from typing import Any

from gezhi.engines.procedure.model import Graded, Path, Problem, Text, Where

NAME = re.compile(r"^[a-z][a-z0-9_]*$")
TITLE = ("zh", "en", "clause", "note")
"""What any entry may carry beside its rule."""

RANGE = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)?\s*$")


class Reader:
    """Typed access to one document; `problems` grows in document order."""

    def __init__(self, where: Where | None = None) -> None:
        self.problems: list[Problem] = []
        self.where = where

    def wrong(self, path: Path, sentence: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(path, sentence, self.where(path) if self.where else None))

    def mapping(self, value: Any, path: Path, what: str, known: Collection[str] | None = None) -> dict[str, Any]:
        """A mapping with text keys; keys outside `known` are problems, with the nearest known one suggested."""
        if not isinstance(value, Mapping):
            self.wrong(path, f"{what} must be a mapping, not {_shown(value)}.")
            return {}
        for key in value:
            if not isinstance(key, str):
                self.wrong((*path, str(key)), f"The name {_shown(key)} must be a word; put it in quotation marks.")
            elif known is not None and key not in known:
                near = difflib.get_close_matches(key, list(known), n=1)
                hint = f"; did you mean “{near[0]}”?" if near else f". Known here: {', '.join(known)}."
                self.wrong((*path, key), f"“{key}” is not known in {_lower(what)}{hint}")
        return {key: item for key, item in value.items() if isinstance(key, str)}

    def named(self, value: Any, path: Path, what: str) -> dict[str, Any]:
        """A mapping whose keys are names of our own: lower case, digits, underscores; at least one."""
        found = self.mapping(value, path, what)
        for key in found:
            if not NAME.match(key):
                self.wrong((*path, key), f"“{key}” must begin with a small letter and have only a-z, 0-9 and “_”.")
        if isinstance(value, Mapping) and not value:
            self.wrong(path, f"{what} must not be empty.")
        return found

    def word(self, value: Any, path: Path, what: str, default: str = "") -> str:
        """One non-empty string."""
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.wrong(path, f"{what} must be a word, not {_shown(value)}.")
        return default

    def words(self, value: Any, path: Path, what: str) -> tuple[str, ...]:
        """One string or a list of strings; nothing at all is the empty tuple."""
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            return (self.word(value, path, what),)
        return tuple(self.word(item, (*path, index), what) for index, item in enumerate(value))

    def count(self, value: Any, path: Path, what: str, least: int = 1) -> int:
        """A whole number, `least` or more."""
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.wrong(path, f"{what} must be a whole number from {least} on, not {_shown(value)}.")
        return least

    def flag(self, value: Any, path: Path, what: str) -> bool:
        """true or false; nothing at all is false."""
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong(path, f"{what} must be true or false, not {_shown(value)}.")
        return False

    def text(self, value: Any, path: Path, what: str) -> Text:
        """A sentence: {zh, en}, or one string for both."""
        if isinstance(value, str) and value.strip():
            return {"zh": value, "en": value}
        found = self.mapping(value, path, what)
        said = {lang: item for lang, item in found.items() if isinstance(item, str) and item.strip()}
        if isinstance(value, Mapping) and (len(said) != len(found) or not said):
            self.wrong(path, f"{what} must give its words per language, such as zh and en.")
        return said if "en" in said else {**said, "en": next(iter(said.values()), "")}

    def title(self, key: str, found: Mapping[str, Any], path: Path) -> Text:
        """The title written beside a name as `zh:` and `en:`; English falls back to the name in words."""
        title = {"en": key.replace("_", " ").capitalize()}
        for lang in ("zh", "en"):
            if lang in found:
                title[lang] = self.word(found[lang], (*path, lang), "A title")
        return title

    def span(self, value: Any, path: Path, what: str) -> tuple[float | None, float | None]:
        """`1..9`, `1..` (open above), or one number (exactly that many)."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value), float(value)
        match = RANGE.match(value) if isinstance(value, str) else None
        if match is None:
            self.wrong(path, f"{what} must be a range such as 1..9, not {_shown(value)}.")
            return None, None
        least, most = float(match[1]), float(match[2]) if match[2] else None
        if most is not None and most < least:
            self.wrong(path, f"{what} ends before it begins: {value}.")
        return least, most

    def graded(self, value: Any, path: Path, what: str) -> Graded:
        """One word, or `{by: case.level, ordinary: …, larger: …, otherwise: …}`."""
        if not isinstance(value, Mapping):
            return Graded(self.word(value, path, what))
        found = self.mapping(value, path, what)
        space, _, name = self.word(found.get("by"), (*path, "by"), "“by”").partition(".")
        if not name:
            self.wrong((*path, "by"), f"{what} depends on a fact such as case.level; say which in “by”.")
        if "otherwise" not in found:
            self.wrong(path, f"{what} needs “otherwise”, for cases where {space}.{name} is none of the others.")
        table = {k: self.word(v, (*path, k), what) for k, v in found.items() if k not in ("by", "otherwise")}
        return Graded(self.word(found.get("otherwise", "?"), (*path, "otherwise"), what), (space, name), table)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    words = str(value)
    return f"“{words if len(words) <= 40 else words[:39] + '…'}”"


def _lower(what: str) -> str:
    return what[:1].lower() + what[1:]
