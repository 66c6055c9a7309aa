"""Checking what somebody hands in with a move against what the move needs.

Each check answers with the key of a sentence and its parameters, or None where the value is right. Empty words, empty
lists and None count as not given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, TypeGuard

from gezhi.engines.procedure.load_clocks import plain_limit
from gezhi.engines.procedure.model import Move, Need
from gezhi.engines.procedure.refusals import Refusal

Wrong = tuple[str, dict[str, Any]]


ITEM_MOST = 300
"""So many characters an item of a plan may have."""


def check_inputs(
    move: Move, inputs: Mapping[str, Any], busy: AbstractSet[int], scored: Mapping[str, Collection[str]]
) -> Refusal | None:
    """None where everything is right, else one refusal with the others attached.

    `busy` are the units that already work in the round a move would open for, `scored` the assignment ids per kind
    that scores are to be given for.
    """
    wrong: list[Refusal] = []
    names = {need.key for need in move.needs}
    for name in inputs:
        if name not in names:
            params = {"move": move.title, "field": str(name)}
            wrong.append(Refusal("bad", "unknown_field", params, str(name)))
    for need in move.needs:
        value = inputs.get(need.key)
        params = {"move": move.title, "field": need.title}
        if not is_given(value):
            if not need.optional:
                wrong.append(Refusal("missing", "missing", params, need.key))
            continue
        found = CHECKS[need.kind](need, value)
        if found is None and need.kind == "units" and any(unit in busy for unit in value or ()):
            found = "units_busy", {}
        if (
            found is None
            and isinstance(value, Mapping)
            and need.kind == "scores"
            and set(value) != set(scored.get(need.per or "", ()))
        ):
            found = "scores", {}
        if found:
            wrong.append(Refusal("bad", found[0], {**params, **found[1]}, need.key))
    if not wrong:
        return None
    first = wrong[0]
    return Refusal(first.kind, first.sentence_key, first.params, first.field, others=tuple(wrong[1:]))


def is_given(value: Any) -> bool:
    """Is there anything in it? False and 0 are something."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return False
    return not (isinstance(value, Mapping | list | tuple) and not value)


def _text(need: Need, value: Any) -> Wrong | None:
    if not isinstance(value, str):
        return "text", {}
    if need.most is not None and len(value) > need.most:
        return "text_long", {"most": int(need.most), "have": len(value)}
    return None


def _photo(need: Need, value: Any) -> Wrong | None:
    if not isinstance(value, list | tuple) or not all(is_given(v) and isinstance(v, str | int) for v in value):
        return "photo", {}
    return _count("photo_count", need, len(value))


def _units(need: Need, value: Any) -> Wrong | None:
    if not isinstance(value, list | tuple) or any(isinstance(v, bool) or not isinstance(v, int) for v in value):
        return "units", {}
    if len(set(value)) != len(value):
        return "units_twice", {}
    return _count("units_count", need, len(value))


def _count(key: str, need: Need, have: int) -> Wrong | None:
    least, most = int(need.least or 1), int(need.most or have)
    return None if least <= have <= most else (key, {"least": least, "most": most, "have": have})


def _choice(need: Need, value: Any) -> Wrong | None:
    if isinstance(value, str) and (not need.choices or value in need.choices):
        return None
    return "choice", {"value": str(value)[:60]}


def _class(need: Need, value: Any) -> Wrong | None:
    return None if isinstance(value, str) and len(value) <= 80 else ("class", {})


def _place(need: Need, value: Any) -> Wrong | None:
    if not isinstance(value, Mapping):
        return "place", {}
    lon, lat, area = value.get("lon"), value.get("lat"), value.get("area")
    if lon is None and lat is None and isinstance(area, int) and not isinstance(area, bool):
        return None
    if _is_number(lon) and _is_number(lat) and -180 <= lon <= 180 and -90 <= lat <= 90:
        return None
    return "place", {}


def _number(need: Need, value: Any) -> Wrong | None:
    if not _is_number(value):
        return "number", {}
    if need.least is not None and value < need.least:
        return "number_small", {"least": f"{need.least:g}"}
    if need.most is not None and value > need.most:
        return "number_large", {"most": f"{need.most:g}"}
    return None


def _bool(need: Need, value: Any) -> Wrong | None:
    return None if isinstance(value, bool) else ("bool", {})


def _date(need: Need, value: Any) -> Wrong | None:
    if isinstance(value, date):
        return None
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return "date", {}
    return None


def _limit(need: Need, value: Any) -> Wrong | None:
    plain = plain_limit(value) if isinstance(value, str) else None
    if plain is None:
        return "limit", {}
    return None if not need.choices or plain in need.choices else ("choice", {"value": value[:60]})


def _case(need: Need, value: Any) -> Wrong | None:
    return None if isinstance(value, str) and len(value.strip()) <= 40 else ("case", {})


def _here(need: Need, value: Any) -> Wrong | None:
    if isinstance(value, Mapping) and _is_number(value.get("lon")) and _is_number(value.get("lat")):
        return _place(need, value)
    return "here", {}


def _items(need: Need, value: Any) -> Wrong | None:
    """Dated items: {what, unit, due, assist?}: words, a unit's id, a date, ids of units that help."""
    if not isinstance(value, list | tuple) or not all(isinstance(one, Mapping) for one in value):
        return "items", {}
    for one in value:
        what, helpers = one.get("what"), one.get("assist") or ()
        if not isinstance(what, str) or not what.strip() or len(what) > ITEM_MOST:
            return "item_words", {"most": ITEM_MOST}
        if not isinstance(one.get("unit"), int) or isinstance(one.get("unit"), bool):
            return "item_unit", {}
        if _date(need, one.get("due")):
            return "item_due", {}
        if not isinstance(helpers, list | tuple) or any(isinstance(h, bool) or not isinstance(h, int) for h in helpers):
            return "item_unit", {}
    return _count("items_count", need, len(value))


def _scores(need: Need, value: Any) -> Wrong | None:
    names = {part.key for part in need.parts}
    if not isinstance(value, Mapping):
        return "scores", {}
    for score in value.values():
        if not isinstance(score, Mapping) or set(score) != names:
            return "scores", {}
        for part in need.parts:
            if found := _number(part, score[part.key]):
                return found[0], {**found[1], "field": part.title}
    return None


def _is_number(value: Any) -> TypeGuard[float]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) < 2**53 and math.isfinite(value)


CHECKS: Mapping[str, Callable[[Need, Any], Wrong | None]] = {
    "text": _text, "filing_condition": _text, "photo": _photo, "units": _units, "choice": _choice, "date": _date,
    "catalogue": _class, "place": _place, "number": _number, "bool": _bool, "scores": _scores, "limit": _limit,
    "case": _case, "here": _here, "items": _items,
}  # fmt: skip
