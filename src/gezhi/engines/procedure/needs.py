"""What a move needs: reading the `needs` of a move, and checking what somebody hands in against them.

Checked are shape and range. Whether a class exists, a photo is stored, a unit is active or a point lies in the
district is for the caller, who can look it up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from gezhi.engines.procedure.load_clocks import plain_limit
from gezhi.engines.procedure.model import Need, Path, Text
from gezhi.engines.procedure.reading import Reader

KINDS = (
    "text", "photo", "choice", "units", "catalogue", "place", "filing_condition", "number", "bool", "date", "limit",
    "case", "here", "items",
)  # fmt: skip
TEXT_MOST, CONDITION_MOST, PHOTOS_MOST, UNITS_MOST, ITEMS_MOST = 2000, 500, 9, 20, 60
_EXTRAS = ("zh", "en", "optional", "lead", "reply", "clause")

Lists = Mapping[str, Collection[str] | Mapping[str, Text]]
"""Named choice lists: name → keys, or keys with titles."""


def read_need(reader: Reader, key: str, value: Any, path: Path, lists: Lists | None) -> Need:
    """One field. Either a bare word (`words: text`) or a mapping (`{photo: 1..9, optional: true, zh: 照片}`)."""
    if isinstance(value, str):
        value = {value: None}
    found = reader.mapping(value, path, "A field", (*KINDS, *_EXTRAS, "per", "of"))
    title = reader.title(key, found, path)
    optional = reader.flag(found.get("optional"), (*path, "optional"), "“optional”")
    if "per" in found:
        return _read_scores(reader, key, found, path, title, optional)
    kinds = [kind for kind in KINDS if kind in found]
    if len(kinds) != 1:
        listed = ", ".join(KINDS)
        reader.wrong(path, f"The field “{key}” must say of which one kind it is: {listed}.")
        return Need(key, title, "text", optional)
    kind, spec = kinds[0], found[kinds[0]]
    if "reply" in found and kind != "text":
        reader.wrong((*path, "reply"), "“reply” can only be said of a text.")
    return _read_kind(reader, Need(key, title, kind, optional), spec, found, (*path, kind), lists)


def _read_kind(
    reader: Reader, need: Need, spec: Any, found: Mapping[str, Any], path: Path, lists: Lists | None
) -> Need:
    key, title, kind, optional = need.key, need.title, need.kind, need.optional
    if kind == "choice":
        return _read_choice(reader, need, spec, path, lists)
    if kind == "limit":
        return _read_limits(reader, need, spec, path)
    if kind in ("text", "filing_condition"):
        usual = TEXT_MOST if kind == "text" else CONDITION_MOST
        longest = usual if spec in (None, True) else reader.count(spec, path, "The longest text")
        reply = reader.flag(found.get("reply"), (*path[:-1], "reply"), "“reply”")
        return Need(key, title, kind, optional, most=longest, reply=reply)
    if kind in ("photo", "units", "items"):
        least, most = (1.0, None) if spec in (None, True) else reader.span(spec, path, f"The number of {kind}")
        limit = {"photo": PHOTOS_MOST, "units": UNITS_MOST, "items": ITEMS_MOST}[kind]
        if least is not None and least < 1:
            reader.wrong(path, f"“{key}” begins at {least:g}; begin at 1 and write “optional: true” instead.")
        if kind == "photo" and (most or 1) > PHOTOS_MOST:
            reader.wrong(path, f"A move takes at most {PHOTOS_MOST} photos.")
        lead = found.get("lead")
        if lead not in (None, "first") or (lead and kind != "units"):
            reader.wrong((*path[:-1], "lead"), "“lead” can only be “first”, and only for units.")
        return Need(key, title, kind, optional, least or 1, most or limit, lead_first=lead == "first")
    if kind == "number" and spec not in (None, True):
        least, most = reader.span(spec, path, "The number")
        return Need(key, title, kind, optional, least, most)
    return need


def _read_limits(reader: Reader, need: Need, spec: Any, path: Path) -> Need:
    """The limits offered, as the workclock engine reads them; a bare `limit` takes any."""
    offered: dict[str, Text] = {}
    for words in reader.words(None if spec is True else spec, path, "A limit"):
        plain = plain_limit(words)
        if plain is None:
            reader.wrong(path, f"“{words}” is no limit; write an amount and a unit, such as 2 work_days.")
        else:
            offered[plain] = {"en": plain.replace("_", " ")}
    return Need(need.key, need.title, "limit", need.optional, choices=offered)


def _read_choice(reader: Reader, need: Need, spec: Any, path: Path, lists: Lists | None) -> Need:
    name: str | None = None
    choices: dict[str, Text] = {}
    if isinstance(spec, str):
        name = spec
        given: Collection[str] | Mapping[str, Text] = (lists or {}).get(spec, ())
        pairs = given.items() if isinstance(given, Mapping) else [(key, None) for key in given]
        choices = {key: title or _words(key) for key, title in pairs}
    elif isinstance(spec, Mapping):
        choices = {str(key): reader.text(title, (*path, str(key)), "A choice") for key, title in spec.items()}
    else:
        choices = {key: _words(key) for key in reader.words(spec, path, "A choice")}
    if name is None and len(choices) < 2:
        reader.wrong(path, f"“{need.key}” must offer at least two choices, or name a list.")
    return Need(need.key, need.title, "choice", need.optional, list_name=name, choices=choices)


def _read_scores(reader: Reader, key: str, found: Mapping[str, Any], path: Path, title: Text, optional: bool) -> Need:
    per = reader.word(found["per"], (*path, "per"), "“per”")
    inner = reader.named(found.get("of"), (*path, "of"), "The parts of a score")
    parts = tuple(_part(reader, part, value, (*path, "of", part)) for part, value in inner.items())
    return Need(key, title, "scores", optional, per=per, parts=parts)


def _part(reader: Reader, key: str, value: Any, path: Path) -> Need:
    """One part of a score: its range alone (`speed: 0..30`), or with a title (`speed: {zh: 速度, number: 0..30}`)."""
    found = reader.mapping(value, path, "A part of a score", ("number", "zh", "en")) if isinstance(value, dict) else {}
    span = found.get("number") if isinstance(value, dict) else value
    return Need(key, reader.title(key, found, path), "number", False, *reader.span(span, path, "A score"))


def _words(key: str) -> Text:
    return {"en": key.replace("_", " ").capitalize()}
