"""What an area should have: holders of posts (the matrix of posts.yaml), texts of the six fixes (areas.yaml).

Both are said by layer and level, with other numbers or texts for compounds of a kind. What an area lacks is a vacancy;
that is found by territory, not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.marked import Item
from gezhi.modules.switches.profiles.model import Fixes, Norm, Post, Seats, Text
from gezhi.modules.switches.profiles.problems import nearest
from gezhi.modules.switches.profiles.territory import Territory

COMPOUNDS = "compounds"


def read_norm(book: Book, lists: Mapping[str, Mapping[str, Text]]) -> Norm:
    """How large a grid should be; the usual where areas.yaml says nothing of it."""
    doc, usual = book.docs.get("areas"), Norm()
    said = doc.get("norm") if doc is not None else None
    if said is None:
        return usual
    others = said.get("kinds")
    _check_kinds(book, others, lists)
    kinds = {kind: int(its.value) for kind, its in (others.items() if others is not None else [])}
    return Norm(_number(said, "households") or usual.households, _number(said, "population") or usual.population, kinds)


def read_fixes(
    book: Book, territory: Territory, lists: Mapping[str, Mapping[str, Text]]
) -> dict[tuple[str, str], Fixes]:
    """The six fixes by layer and level."""
    found = {}
    for layer, level, item in _each(book, "areas", "fixes", territory):
        texts = {name: book.text(text) for name, text in item.items() if name != "kinds"}
        others = item.get("kinds")
        kinds = {
            kind: {name: book.text(text) for name, text in its.items()}
            for kind, its in (others.items() if others is not None else [])
        }
        _check_kinds(book, others, lists)
        found[layer, level] = Fixes(texts, kinds)
    return found


def read_matrix(
    book: Book, territory: Territory, posts: Mapping[str, Post], lists: Mapping[str, Mapping[str, Text]]
) -> tuple[Seats, ...]:
    """The posts of each layer and level, in the order of the file."""
    found = []
    for layer, level, item in _each(book, "posts", "matrix", territory):
        for post, its in item.items():
            known = posts.get(post)
            if known is None or known.scope != "area":
                hint = nearest(post, (key for key, one in posts.items() if one.scope == "area"))
                book.notes.add(its.key, f"“{post}” is not a post held over an area.{hint}")
                continue
            _check_kinds(book, its.get("kinds"), lists)
            found.append(_seats(book, layer, level, post, known.single, its))
    return tuple(found)


def _seats(book: Book, layer: str, level: str, post: str, single: bool, item: Item) -> Seats:
    least, most = _span(book, item, single)
    others = item.get("kinds")
    kinds = {kind: _span(book, its, single) for kind, its in (others.items() if others is not None else [])}
    return Seats(
        layer, level, post, least, most, _number(item, "per_households"), _number(item, "per_population"), kinds
    )


def _span(book: Book, item: Item, single: bool) -> tuple[int, int | None]:
    least, most = _number(item, "least"), _number(item, "most")
    if least is None:
        least = 1
    if single and most is None:
        most = 1
    if most is not None and least > most:
        book.notes.add(item.key, f"At least {least} and at most {most} holders cannot be.")
    return least, most


def _number(item: Item, name: str) -> int | None:
    found = item.get(name)
    return int(found.value) if found is not None and isinstance(found.value, int) else None


def _each(book: Book, part: str, name: str, territory: Territory) -> Iterator[tuple[str, str, Item]]:
    """(layer, level, what is said of them). What an extended profile says of layers or levels that this one does not
    have is not about it; what its own files say of them is noted."""
    layers, levels = [one.key for one in territory.layers], [one.key for one in territory.levels]
    for layer, inside in book.entries(part, name):
        for level, item in inside.items():
            if layer in layers and level in levels:
                yield layer, level, item
            elif Path(item.key.file).parent == book.folder and "areas" in book.sound:
                wrong, known = (level, levels) if layer in layers else (layer, layers)
                what = "level" if layer in layers else "layer"
                book.notes.add(item.key, f"“{wrong}” is not a {what}.{nearest(wrong, known)}")


def _check_kinds(book: Book, kinds: Item | None, lists: Mapping[str, Mapping[str, Text]]) -> None:
    known = lists.get(COMPOUNDS, {})
    for kind, item in kinds.items() if kinds is not None else []:
        if kind not in known:
            book.notes.add(item.key, f"“{kind}” is not among the {COMPOUNDS} of lists.yaml.{nearest(kind, known)}")
