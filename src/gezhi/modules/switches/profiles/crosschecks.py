"""What no single file can be right or wrong about: names in one file that another must have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo, available_timezones

from gezhi.modules.switches.profiles.book import Book
from gezhi.modules.switches.profiles.model import Area, Catalogue, Organisation
from gezhi.modules.switches.profiles.problems import nearest, quoted


def check_head(book: Book, organisations: Mapping[str, Organisation]) -> None:
    """Zone, language and centre of profile.yaml."""
    zone, centre, language = book.head.get("zone"), book.head.get("centre"), book.head.get("language")
    if zone is not None and isinstance(zone.value, str) and not _is_zone(zone.value):
        hint = nearest(zone.value, available_timezones()) if zone.value else ""
        book.notes.add(zone.mark, f"“{zone.value}” is not a time zone; write for example Asia/Shanghai." + _close(hint))
    if language is not None and language.value not in book.languages() and "profile" in book.sound:
        book.notes.add(language.mark, f"“{language.value}” is not among the languages {quoted(book.languages())}.")
    if centre is not None and centre.value not in organisations and "organisations" in book.sound:
        hint = nearest(str(centre.value), organisations)
        book.notes.add(centre.mark, f"“{centre.value}” is not an organisation of this profile.{hint}")
    if centre is None and not book.abstract and "profile" in book.sound:
        book.notes.add(book.head.mark, "“centre” is missing here: name the organisation that accepts and dispatches.")


def check_organisations(book: Book, organisations: Iterable[Organisation], areas: Mapping[str, Area]) -> None:
    """The areas that organisations work in."""
    if "areas" not in book.sound:
        return
    listed = book.docs["organisations"].get("organisations") if "organisations" in book.docs else None
    for one in organisations:
        if one.area_code is not None and one.area_code not in areas and listed is not None:
            mark = (listed.get(one.code, "area") or listed).mark
            book.notes.add(mark, f"“{one.area_code}” is not an area of this profile.{nearest(one.area_code, areas)}")


def check_answerable(book: Book, catalogue: Catalogue, organisations: Iterable[Organisation]) -> None:
    """Somebody must answer for every class that can be reported."""
    kinds = {one.kind for one in organisations}
    if book.abstract or not kinds or "organisations" not in book.sound:
        return
    orphans: dict[str, list[str]] = {}
    for one in catalogue.of_kind("event"):
        if one.unit_kind is not None and one.unit_kind not in kinds:
            orphans.setdefault(one.unit_kind, []).append(one.code)
    mark = book.docs["organisations"].mark
    for kind, codes in orphans.items():
        sentence = f"No organisation is of the kind “{kind}”, which answers for the classes {quoted(codes)}. Add one."
        book.notes.add(mark, sentence)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _close(hint: str) -> str:
    return hint if "Did you mean" in hint else ""
