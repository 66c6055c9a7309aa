"""The product's words: everything the code says in English, and whether zh-Hans says all of it.

    python tools/messages.py          what is missing, left over or wrong, a line each; exit 1 if anything
    python tools/messages.py --add    adds what is missing to django.po, empty, to be filled in; drops what is left over

Words are found in templates (`translate`, `blocktranslate`), in Python calls of Django's gettext functions under
whatever name a file imports them, and in the SENTENCES of the engines. `tests/architecture/test_translations.py`
holds the catalogue to the same functions. Texts of profiles are in the profiles, those of the custom elements in
`web/src/words.ts`.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import re
import sys
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from gezhi.engines import geometry
from gezhi.engines.procedure import SENTENCES

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "gezhi"
PO = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[㐀-鿿]")
HALF_WIDTH = re.compile(r"[㐀-鿿][,;:?!()]|[(][㐀-鿿]|[㐀-鿿]\.(?!\w)")
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|%%")
# Which arguments of Django's functions are the words: (context, singular, plural), None where there is none.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_IN_TEMPLATES = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
# What people read of these is the argument with this number: refusals, and the pieces that pages are made of.
_READ = dict.fromkeys(("Refusal", "NotAllowed", "NotThere", "WrongState", "TooLarge", "TooMany", "BadInput"), 0)
_READ |= {"Unavailable": 0, "Link": 0, "Badge": 0, "Figure": 0, "Field": 1, "Choice": 1, "ListScreen": 0}
_MARKED = re.compile(r"\{%\s*(blocktrans(?:late)?|comment)\b.*?\{%\s*end\1\s*%\}", re.S)
_TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(script|style|kbd)\b.*?</\1>", re.S)
_SAID = re.compile(r'\b(?:alt|title|placeholder|aria-label)="([^"]*)"|>([^<>]+)<', re.S)


@dataclass(frozen=True, slots=True)
class Said:
    """Something said in English: its plural and its context where it has them, and where it is said first."""

    words: str
    plural: str | None
    context: str | None
    where: str

    @property
    def key(self) -> tuple[str, str | None]:
        """By what the catalogue knows it."""
        return self.words, self.context


class CannotBeFound(Exception):
    """Words that are put together at run time: no tool can find them, so they would never be translated."""


def said() -> dict[tuple[str, str | None], Said]:
    """Everything the product says, by words and context. Raises CannotBeFound."""
    found: dict[tuple[str, str | None], Said] = {}
    engines = ((SENTENCES.values(), "procedure"), (geometry.SENTENCES, "geometry"))
    spoken = (Said(words, None, None, engine) for sentences, engine in engines for words in sentences)
    for one in (*in_templates(), *in_python(), *spoken):
        known = found.get(one.key)
        if known is None or (known.plural is None and one.plural is not None):
            found[one.key] = one
    return found


def templates() -> list[Path]:
    """All templates of the product."""
    return sorted(SOURCE.rglob("templates/**/*.html"))


def in_templates() -> Iterator[Said]:
    """What templates say."""
    for file in templates():
        calls = templatize(file.read_text(encoding="utf-8"), origin=str(file))
        lines = "\n".join(line.strip() for line in calls.splitlines())  # indentation means nothing in a template
        for line, function, words, _notes in extract_python(io.BytesIO(lines.encode()), _IN_TEMPLATES, [], {}):
            where = f"{file.relative_to(SOURCE)}:{line}"
            parts = [words] if isinstance(words, str) else list(words)
            context = parts.pop(0) if function == "pgettext" else None
            yield Said(parts[0], parts[1] if len(parts) > 1 else None, context, where)


def in_python() -> Iterator[Said]:
    """What Python says through gettext."""
    for file in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {
            alias.asname or alias.name: FUNCTIONS[alias.name]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
            for alias in node.names
            if alias.name in FUNCTIONS
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                where = f"{file.relative_to(SOURCE)}:{node.lineno}"
                context, words, plural = (_constant(node, n, where) for n in names[node.func.id])
                yield Said(words or "", plural, context, where)


def _constant(call: ast.Call, number: int | None, where: str) -> str | None:
    if number is None:
        return None
    value = call.args[number]
    if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        raise CannotBeFound(f"{where}: {ast.unparse(call)} is not given its words as they stand.")
    return value.value


def borrowed() -> set[tuple[str, str | None]]:
    """What allauth says of itself, in its own Chinese; the catalogue may say some of it in the product's words."""
    package = importlib.util.find_spec("allauth")
    folder = Path(str(package.origin)).parent if package else ROOT
    with (folder / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").open("rb") as text:
        return {_key(entry.id, entry.context) for entry in read_po(text, locale="zh_Hans") if entry.id}


def catalogue() -> Catalog:
    """The zh-Hans catalogue as it is on disk."""
    with PO.open("rb") as text:
        return read_po(text, locale="zh_Hans", abort_invalid=True)


def problems() -> list[str]:
    """What is missing, left over or wrong in the catalogue: a sentence each."""
    wanted, have, found = said(), catalogue(), []
    for one in wanted.values():
        entry = have.get(one.words, one.context)
        strings = _strings(entry.string) if entry else []
        if CHINESE.search(one.words):
            found.append(f"{one.where}: {one.words!r} mixes languages; say it in English.")
        elif not strings or not all(strings):
            found.append(f"{one.where}: {one.words!r} has no translation.")
        elif entry and entry.fuzzy:
            found.append(f"{one.where}: the translation of {one.words!r} is marked as doubtful.")
        else:
            found += [f"{one.where}: {one.words!r}: {fault}" for text in strings for fault in _faults(one, text)]
    found += [f"{PO.name}: {words!r} is said nowhere any more." for words, _context in _left_over(have, wanted)]
    return found


def _left_over(have: Catalog, wanted: Container[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    others = borrowed()
    keys = [_key(entry.id, entry.context) for entry in have if entry.id]
    return [key for key in keys if key not in wanted and key not in others]


def _faults(one: Said, text: str) -> Iterator[str]:
    asked = one.plural or one.words
    if set(PLACEHOLDERS.findall(asked)) != set(PLACEHOLDERS.findall(text)):
        yield f"{text!r} has other placeholders."
    if re.search(r"[a-z]{2}", PLACEHOLDERS.sub("", asked)) and not CHINESE.search(text) and PLACEHOLDERS.sub("", text):
        yield f"{text!r} is not Chinese."
    if HALF_WIDTH.search(text):
        yield f"{text!r} has half-width punctuation beside Chinese."


def unmarked() -> list[str]:
    """Words a person would read that nobody marked for translation: in templates, in refusals, in parts of pages."""
    found = []
    for file in templates():
        bare = _TAGS.sub("", _MARKED.sub("", file.read_text(encoding="utf-8")))
        for match in _SAID.finditer(f">{bare}<"):
            words = (match[1] or match[2] or "").strip()
            if re.search(r"[A-Za-z]{3}|[㐀-鿿]", words) and '="' not in words:  # attributes in a file of their own
                found.append(f"{file.relative_to(SOURCE)}: {words!r} is not marked for translation.")
    for file in sorted(SOURCE.rglob("*.py")):
        if "cli" in file.parts or "engines" in file.parts:
            continue  # the console speaks English; what engines say are keys of SENTENCES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _plain(node, _READ.get(node.func.id)):
                found.append(f"{file.relative_to(SOURCE)}:{node.lineno}: {ast.unparse(node)} is not translated.")
    return found


def _plain(call: ast.Call, number: int | None) -> bool:
    if number is None or len(call.args) <= number:
        return False
    value = call.args[number]
    parts = value.values if isinstance(value, ast.JoinedStr) else [value]
    return any(isinstance(p, ast.Constant) and re.search(r"[^\W\d]", str(p.value)) for p in parts)


def add() -> tuple[int, int]:
    """Bring the catalogue's entries to what is said; (how many were added, empty; how many were dropped)."""
    wanted, have = said(), catalogue()
    missing = [one for one in wanted.values() if have.get(one.words, one.context) is None]
    for one in missing:
        have.add((one.words, one.plural) if one.plural else one.words, context=one.context)
    surplus = _left_over(have, wanted)
    for words, context in surplus:
        have.delete(words, context)
    write(have)
    return len(missing), len(surplus)


def write(changed: Catalog) -> None:
    """Put the catalogue in the place of the one on disk, at once."""
    half_made = PO.with_suffix(".po.new")
    with half_made.open("wb") as text:
        write_po(text, changed, width=120, no_location=True)
    half_made.replace(PO)


def _key(words: object, context: str | None) -> tuple[str, str | None]:
    return (words if isinstance(words, str) else words[0]), context  # type: ignore[index]


def _strings(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]


if __name__ == "__main__":
    if sys.argv[1:] == ["--add"]:
        added, dropped = add()
        sys.stdout.write(f"{added} added, to be translated; {dropped} dropped\n")
    wrong = [*problems(), *unmarked()]
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    sys.exit(bool(wrong))
