"""Reading duties: who holds them, in which relation to the case, and which ones are kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gezhi.engines.procedure.model import CLOCK, Duty, Holder, Path, Procedure
from gezhi.engines.procedure.reading import TITLE, Reader

_HOLDER = ("post", "of", "member_of", "responsible_for", "over", "rank_at_least", "reporter", "clock", "same_as")
POWERS = ("management", "enforcement", "assessment", "supervision")


def read_duties(reader: Reader, value: Any) -> dict[str, Duty]:
    """The duties, with `same_as` resolved to the same holders."""
    found = reader.named(value, ("duties",), "“duties”")
    if CLOCK in found:
        reader.wrong(("duties", CLOCK), "“clock” is the duty of time itself and cannot be defined.")
    duties: dict[str, Duty] = {}
    same: dict[str, str] = {}
    for key, spec in found.items():
        path: Path = ("duties", key)
        own = spec if isinstance(spec, Mapping) else {}
        title = reader.title(key, own, path)
        if isinstance(spec, list):
            holders = tuple(_holder(reader, item, (*path, i)) for i, item in enumerate(spec))
        elif "any" in own:
            reader.mapping(own, path, "A duty", ("any", "power", *TITLE))
            listed = own["any"] if isinstance(own["any"], list) else [own["any"]]
            holders = tuple(_holder(reader, item, (*path, "any", i)) for i, item in enumerate(listed))
        else:
            holders = (_holder(reader, {k: v for k, v in own.items() if k != "power"} if own else spec, path),)
            if "same_as" in own:
                same[key] = str(own["same_as"])
        if not holders:
            reader.wrong(path, f"The duty “{key}” has nobody to hold it.")
        duties[key] = Duty(key, title, holders, _power(reader, own.get("power"), (*path, "power")))
    for key, other in same.items():
        if other not in duties or other in same:
            reader.wrong(("duties", key, "same_as"), f"“{other}” is not a duty that “{key}” could be the same as.")
        else:
            duties[key] = replace(duties[key], holders=duties[other].holders)
    return duties


def _power(reader: Reader, value: Any, path: Path) -> str:
    if value is not None and value not in POWERS:
        reader.wrong(path, f"“power” is one of {', '.join(POWERS)}.")
    return str(value) if value in POWERS else ""


def _holder(reader: Reader, value: Any, path: Path) -> Holder:
    found = reader.mapping(value, path, "A duty", (*_HOLDER, *TITLE))
    if "same_as" in found:
        if len(set(found) - set(TITLE)) > 1:
            reader.wrong(path, "“same_as” stands alone: the duty is held by the very same people.")
        return Holder()
    fixed = {"of": ("centre", "assignment", "case"), "member_of": ("centre", "assignment", "case")}
    refs: dict[str, str | None] = {}
    for name in ("of", "member_of", "responsible_for", "over"):
        refs[name] = None
        if name in found:
            refs[name] = reader.word(found[name], (*path, name), f"“{name}”")
            _check_reference(reader, refs[name] or "", (*path, name), fixed.get(name, ("case",)))
    ranked = "rank_at_least" in found
    holder = Holder(
        posts=reader.words(found.get("post"), (*path, "post"), "A post"),
        rank_at_least=reader.graded(found["rank_at_least"], (*path, "rank_at_least"), "A rank") if ranked else None,
        reporter=reader.flag(found.get("reporter"), (*path, "reporter"), "“reporter”"),
        clock=reader.flag(found.get("clock"), (*path, "clock"), "“clock”"),
        **refs,
    )
    if holder == Holder():
        reader.wrong(path, "A duty must say who holds it: by post, member_of, reporter or clock.")
    if (holder.of or holder.responsible_for or holder.over) and not holder.posts:
        reader.wrong(path, "“of”, “responsible_for” and “over” go with a post; say which in “post”.")
    return holder


def _check_reference(reader: Reader, reference: str, path: Path, spaces: tuple[str, ...]) -> None:
    space, _, name = reference.partition(".")
    right = reference in ("centre", "assignment.unit") or (space == "case" and bool(name))
    if not right or space not in spaces:
        offered = {"centre": "centre", "assignment": "assignment.unit", "case": "case.NAME"}
        listed = " or ".join(offered[s] for s in spaces)
        reader.wrong(path, f"“{reference}” is not something of the case; write {listed}.")


def read_apart(reader: Reader, value: Any, duties: Mapping[str, Duty]) -> tuple[tuple[str, str], ...]:
    """The pairs of duties that one hand may not do both of on one case."""
    pairs: list[tuple[str, str]] = []
    for index, item in enumerate(value if isinstance(value, list) else [value] if value else []):
        pair = reader.words(item, ("apart", index), "A duty") if isinstance(item, list) else ()
        if len(pair) != 2 or pair[0] == pair[1]:
            reader.wrong(("apart", index), "“apart” lists pairs of two different duties, such as [handle, check].")
            continue
        for place, duty in enumerate(pair):
            if duty not in duties:
                reader.wrong(("apart", index, place), f"The duty “{duty}” is not defined.")
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def kept_apart(procedure: Procedure) -> list[tuple[str, str]]:
    """Every pair of duties no hand may have both of: those named, and those of two different powers."""
    duties = list(procedure.duties.values())
    powers = [
        (one.key, other.key)
        for n, one in enumerate(duties)
        for other in duties[n + 1 :]
        if one.power and other.power and one.power != other.power
    ]
    known = {frozenset(pair) for pair in procedure.apart}
    return [*procedure.apart, *(pair for pair in powers if frozenset(pair) not in known)]


def check_ranks(reader: Reader, procedure: Procedure) -> None:
    """Every rank a duty asks for is one of the procedure's ranks."""
    for duty in procedure.duties.values():
        for holder in duty.holders:
            for rank in holder.rank_at_least.words() if holder.rank_at_least else ():
                if rank not in procedure.ranks:
                    reader.wrong(("duties", duty.key), f"The rank “{rank}” is not in “ranks” (lowest first).")
