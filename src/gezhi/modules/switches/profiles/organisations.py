"""Organisations and their kinds, posts and ranks: who there is, and what each post may do."""

from __future__ import annotations

from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.marked import Item
from gezhi.modules.switches.profiles.model import Organisation, OrganisationKind, Post, Text, leading
from gezhi.modules.switches.profiles.problems import nearest


def read_kinds(book: Book) -> tuple[OrganisationKind, ...]:
    """Kinds of organisation, in the order of the file."""
    return tuple(OrganisationKind(key, book.text(item)) for key, item in book.entries("organisations", "kinds"))


def read_organisations(book: Book, kinds: tuple[OrganisationKind, ...]) -> tuple[Organisation, ...]:
    """Organisations; parents and kinds must be there, and nobody may be above themselves."""
    listed = book.entries("organisations", "organisations")
    known = dict(listed)
    names = [kind.key for kind in kinds]
    made = []
    for code, item in listed:
        kind, parent = item.get("kind"), item.get("parent")
        if kind is not None and kind.value not in names:
            sentence = f"“{kind.value}” is not a kind of organisation.{nearest(str(kind.value), names)}"
            book.notes.add(kind.mark, sentence)
        if parent is not None and parent.value is not None and parent.value not in known:
            sentence = f"“{parent.value}” is not an organisation of this profile.{nearest(str(parent.value), known)}"
            book.notes.add(parent.mark, sentence)
        elif parent is not None and _above_itself(code, known):
            book.notes.add(parent.mark, f"“{code}” stands above itself; check the parents.")
        made.append(_organisation(book, code, item))
    return tuple(made)


def _organisation(book: Book, code: str, item: Item) -> Organisation:
    name = book.text(item)
    systems = item.get("systems")
    invented = item.get("invented")
    return Organisation(
        code=code,
        name=leading(name),
        name_en=name.get("en", ""),
        kind=item.text("kind") or "",
        parent_code=item.text("parent"),
        area_code=item.text("area"),
        systems=tuple(book.text(one) for one in systems.value) if systems is not None else (),
        invented=bool(invented is not None and invented.value),
    )


def _above_itself(code: str, known: dict[str, Item]) -> bool:
    seen: set[str] = set()
    here: str | None = code
    while here is not None and here in known and here not in seen:
        seen.add(here)
        here = known[here].text("parent")
    return here == code


def read_posts(book: Book) -> tuple[Post, ...]:
    """Posts; a technical one has exactly one administrator's right and no other post's."""
    made = []
    for key, item in book.entries("posts", "posts"):
        capabilities, duties = item.get("capabilities"), item.get("duties")
        rights = tuple(str(one.value) for one in capabilities.value) if capabilities is not None else ()
        post = Post(
            key=key,
            title=book.text(item),
            scope=item.text("scope") or "none",
            single=_flag(item, "single"),
            technical=_flag(item, "technical"),
            capabilities=rights,
            public=_flag(item, "public"),
            duties=tuple(book.text(one) for one in duties.value) if duties is not None else (),
        )
        _check_technical(book, post, item, [right for right in rights if right.startswith("administer.")])
        made.append(post)
    return tuple(made)


def _check_technical(book: Book, post: Post, item: Item, administers: list[str]) -> None:
    mark = (item.get("capabilities") or item).mark
    if post.technical and (len(administers) != 1 or len(post.capabilities) != 1):
        sentence = f"“{post.key}” is technical: it has exactly one capability, one of administer.system, "
        book.notes.add(mark, sentence + "administer.security and administer.audit.")
    elif not post.technical and administers:
        sentence = f"“{post.key}” may not have “{administers[0]}”: only a post with technical: true administers."
        book.notes.add(mark, sentence)


def read_ranks(book: Book) -> dict[str, Text]:
    """Ranks of leaders, from the lowest to the highest."""
    return {key: book.text(item) for key, item in book.entries("posts", "ranks")}


def _flag(item: Item, name: str) -> bool:
    found = item.get(name)
    return bool(found is not None and found.value is True)
