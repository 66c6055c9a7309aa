"""People of a profile: accounts named one by one, and crews laid out by rule (“one grid worker per grid”).

The same files always give the same list: names are drawn from the profile's name parts by a hash of the username. All
of a crew are invented.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.marked import Item
from gezhi.modules.switches.profiles.model import Area, Organisation, Person, PersonPost, Post, leading
from gezhi.modules.switches.profiles.problems import Mark, nearest


@dataclass(frozen=True, slots=True)
class World:
    """What a post may be tied to: everything read before people are."""

    posts: Mapping[str, Post]
    ranks: Mapping[str, object]
    organisations: Mapping[str, Organisation]
    areas: Mapping[str, Area]


def read_people(book: Book, world: World) -> tuple[Person, ...]:
    """All accounts: the named ones first, then crews in the order of the file and of the codes."""
    people: dict[str, Person] = {}
    seats = _Seats(book, world)
    for username, item in book.entries("people", "people"):
        people[username] = _named(book, world, username, item)
        for held in people[username].posts:
            seats.take(held, username, item.key)
    names = _Names(book)
    for key, item in book.entries("people", "crews"):
        for person in _crew(book, world, names, key, item):
            if person.username in people:
                sentence = f"The crew “{key}” makes a second “{person.username}”; change the username pattern."
                book.notes.add((item.get("username") or item).mark, sentence)
                break
            people[person.username] = person
            seats.take(person.posts[0], person.username, item.key)
    return tuple(people.values())


class _Seats:
    """Who holds each single post: one person at a time for one organisation or area."""

    def __init__(self, book: Book, world: World) -> None:
        self.book, self.world = book, world
        self.taken: dict[PersonPost, str] = {}

    def take(self, held: PersonPost, who: str, mark: Mark) -> None:
        """Note it where the seat is taken."""
        post = self.world.posts.get(held.post)
        if post is None or not post.single:
            return
        place = PersonPost(held.post, held.organisation, held.area)
        first = self.taken.setdefault(place, who)
        if first != who:
            over = held.organisation or held.area
            sentence = f"“{held.post}” of “{over}” is one person's post; “{first}” and “{who}” both hold it."
            self.book.notes.add(mark, sentence)


def _named(book: Book, world: World, username: str, item: Item) -> Person:
    name = book.text(item)
    listed = item.get("posts")
    posts = tuple(_held(book, world, one) for one in (listed.value if listed is not None else []))
    technical = [p.post for p in posts if p.post in world.posts and world.posts[p.post].technical]
    if technical and len(posts) > 1:
        book.notes.add(item.key, f"“{username}” is “{technical[0]}” and may hold no other post besides.")
    invented, full_time = item.get("invented"), item.get("full_time")
    employer = item.text("organisation") or next((p.organisation for p in posts if p.organisation), None)
    if employer is not None and employer not in world.organisations and item.text("organisation") is not None:
        mark = (item.get("organisation") or item).mark
        _unknown(book, mark, employer, "an organisation of this profile", world.organisations)
    return Person(
        username=username,
        name=leading(name),
        name_en=name.get("en", ""),
        invented=invented is None or invented.value is not False,
        full_time=bool(full_time and full_time.value),
        organisation=employer,
        posts=posts,
    )


def _held(book: Book, world: World, item: Item) -> PersonPost:
    """One post of a named person; everything it names must exist and suit the post."""
    held = PersonPost(item.text("post") or "", item.text("organisation"), item.text("area"), item.text("rank"))
    checks: list[tuple[str, str | None, Mapping[str, object], str]] = [
        ("post", held.post, world.posts, "a post"),
        ("organisation", held.organisation, world.organisations, "an organisation of this profile"),
        ("area", held.area, world.areas, "an area of this profile"),
        ("rank", held.rank, world.ranks, "a rank"),
    ]
    for name, value, known, what in checks:
        if value is not None and value not in known and _readable(book, name):
            _unknown(book, (item.get(name) or item).mark, value, what, known)
    post = world.posts.get(held.post)
    if post is not None and post.scope == "organisation" and held.organisation is None:
        book.notes.add(item.mark, f"“{held.post}” is held at an organisation; name it.")
    if post is not None and post.scope == "area" and held.area is None:
        book.notes.add(item.mark, f"“{held.post}” is held over an area; name it.")
    return held


def _readable(book: Book, name: str) -> bool:
    part = {"post": "posts", "rank": "posts", "organisation": "organisations", "area": "areas"}[name]
    return part in book.sound


def _unknown(book: Book, mark: Mark, value: str, what: str, known: Mapping[str, object]) -> None:
    book.notes.add(mark, f"“{value}” is not {what}.{nearest(value, known)}")


def _crew(book: Book, world: World, names: _Names, key: str, item: Item) -> Iterator[Person]:
    post = world.posts.get(item.text("post") or "")
    if post is None:
        if _readable(book, "post"):
            mark = (item.get("post") or item).mark
            _unknown(book, mark, item.text("post") or "", "a post", world.posts)
        return
    pattern, employer = item.text("username") or "", item.text("employer")
    count, full_time = item.get("count"), item.get("full_time")
    number = int(count.value) if count is not None else 1
    if number > 1 and "{n}" not in pattern:
        book.notes.add((item.get("username") or item).mark, "Several people need {n} in their username.")
        return
    homes = _homes(world) if employer else {}
    for place in _places(book, world, item):
        area = place if isinstance(place, Area) else None
        organisation = place if isinstance(place, Organisation) else None
        home = organisation.code if organisation else homes.get((employer or "", area.code if area else ""))
        for turn in range(1, number + 1):
            username = pattern.replace("{area}", area.code if area else "")
            username = username.replace("{organisation}", organisation.code if organisation else "")
            username = username.replace("{n}", "" if turn == 1 else str(turn))
            name, name_en = names.of(username)
            held = PersonPost(
                post.key, organisation.code if organisation else None, area.code if area else None, item.text("rank")
            )
            yield Person(username, name, name_en, True, bool(full_time and full_time.value), home, (held,))


def _places(book: Book, world: World, item: Item) -> list[Area] | list[Organisation]:
    """The areas or organisations that a crew is laid over."""
    each = item.get("each")
    if each is None:
        return []
    level, kinds = each.text("level"), _words(each, "kinds")
    if (level is None) == (not kinds):
        book.notes.add(each.mark, "A crew is laid over areas (level, layers) or over organisations (kinds), not both.")
        return []
    leave = _words(each, "except")
    if level is not None:
        layers = _words(each, "layers")
        levels = {area.level for area in world.areas.values()}
        if level not in levels and "areas" in book.sound:
            _unknown(book, (each.get("level") or each).mark, level, "a level with areas", dict.fromkeys(levels))
        return [
            area
            for area in world.areas.values()
            if area.level == level and (not layers or area.layer in layers) and area.code not in leave
        ]
    everything = "all" in kinds
    known = {one.kind for one in world.organisations.values()}
    for kind in kinds:
        if kind not in known and not everything and "organisations" in book.sound:
            mark = (each.get("kinds") or each).mark
            _unknown(book, mark, kind, "the kind of any organisation here", dict.fromkeys(known))
    return [
        one
        for one in world.organisations.values()
        if (everything or one.kind in kinds) and one.code not in leave and one.kind not in leave
    ]


def _homes(world: World) -> dict[tuple[str, str], str]:
    """(kind, area) → the organisation of that kind working there or in an area above."""
    own = {(one.kind, one.area_code): one.code for one in world.organisations.values() if one.area_code}
    homes: dict[tuple[str, str], str] = {}
    for kind in {kind for kind, _ in own}:
        for code in world.areas:
            here: str | None = code
            while here is not None and (kind, here) not in own:
                here = world.areas[here].parent_code if here in world.areas else None
            if here is not None:
                homes[kind, code] = own[kind, here]
    return homes


def _words(item: Item, name: str) -> list[str]:
    found = item.get(name)
    return [str(one.value) for one in found.value] if found is not None else []


class _Names:
    """Invented names: a surname and a given name, chosen by the username."""

    def __init__(self, book: Book) -> None:
        self.surnames = self._parts(book, "surnames") or [("某", "X")]
        self.given = self._parts(book, "given") or [("人", "N")]

    @staticmethod
    def _parts(book: Book, name: str) -> list[tuple[str, str]]:
        doc = book.docs.get("people") if "people" in book.sound else None
        found = doc.get("names", name) if doc is not None else None
        parts = [str(one.value).partition(" ") for one in (found.value if found is not None else [])]
        return [(zh, en) for zh, _, en in parts]

    def of(self, username: str) -> tuple[str, str]:
        """Name in Chinese and in Latin letters."""
        drawn = int.from_bytes(hashlib.sha256(username.encode()).digest()[:8], "big")
        surname = self.surnames[drawn % len(self.surnames)]
        given = self.given[drawn // len(self.surnames) % len(self.given)]
        return surname[0] + given[0], f"{surname[1]} {given[1]}"
