"""Everything the product says is said in both languages: pages and refusals, profiles, custom elements.

Words of the code are English and have their Chinese in django.po (`tools/messages.py` finds and judges them). Words of
profiles are in the profiles, those of the custom elements in web/src/words.ts: both languages side by side.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import translation
from tools import messages

from gezhi.config import access
from gezhi.engines.procedure import SENTENCES
from tests.architecture import test_access
from tests.interfaces.visitor import Visitor

PROFILES = messages.SOURCE / "profiles"
WORDS = messages.ROOT / "web" / "src" / "words.ts"
CHINESE = messages.CHINESE
SILENT = {"script", "style", "code", "kbd"}
world = test_access.world  # the fixture
NAMES = {"English", "Test", "test", "catalogue", "JPEG", "HEIC", "WebP", "GeoJSON", "GeoPackage", "Shapefile"}
NAMES |= {"Excel", "xlsx"}


def test_the_catalogue_is_complete_and_has_nothing_left_over() -> None:
    assert messages.problems() == []


def test_nothing_a_person_reads_is_left_unmarked() -> None:
    assert messages.unmarked() == []


def test_the_search_finds_words_of_every_kind() -> None:
    """Should the search go blind, the first test would hold for nothing."""
    found = {words for words, _context in messages.said()}
    assert "Sign in" in found  # a template
    assert "There is no such page." in found  # a refusal
    assert "%(n)s entry, chained" in found  # a plural in a template
    assert "%(n)s work day" in found  # a plural in Python
    assert set(SENTENCES.values()) <= found
    assert len(found) > 300


def test_what_is_wrong_with_a_translation_is_said() -> None:
    one = messages.Said("%(n)d photos", None, None, "here")
    assert list(messages._faults(one, "%(n)d 张照片")) == []
    assert len(list(messages._faults(one, "照片"))) == 1
    assert len(list(messages._faults(one, "%(n)d 张照片, 谢谢"))) == 1
    assert len(list(messages._faults(one, "%(n)d photos"))) == 1


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_every_refusal_of_a_procedure_is_said_in_chinese(key: str) -> None:
    with translation.override("zh-hans"):
        assert CHINESE.search(translation.gettext(SENTENCES[key]))


@pytest.mark.parametrize("profile", ["base", "qinhuai"])
def test_every_text_of_a_profile_is_in_both_languages(profile: str) -> None:
    assert list(_one_sided(PROFILES / profile)) == []


def _one_sided(folder: Path) -> Iterator[str]:
    """Texts that lack a language, or have the other one in its place."""
    count = 0
    for where, text in _texts(folder):
        count += 1
        zh, en = text.get("zh"), text.get("en")
        if not (isinstance(zh, str) and zh.strip() and isinstance(en, str) and en.strip()):
            yield f"{where}: {text} lacks a language."
        elif CHINESE.search(en):
            yield f"{where}: {en!r} is not English."
        elif re.search(r"[a-z]{3}", zh) and not CHINESE.search(zh):
            yield f"{where}: {zh!r} is not Chinese."
    if count < 10:
        yield f"{folder.name} has almost no texts: is this test blind?"


def _texts(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(folder.rglob("*.yaml")):
        yield from ((file.name, text) for text in _mappings(yaml.safe_load(file.read_text(encoding="utf-8"))))
    for file in sorted(folder.rglob("*.csv")):
        with file.open(encoding="utf-8", newline="") as rows:
            said = (row for row in csv.DictReader(rows) if row.keys() & {"zh", "en"})
            yield from ((f"{file.name} {row['code']}", row) for row in said)
    for file in sorted(folder.rglob("*.geojson.gz")):
        features = json.loads(gzip.decompress(file.read_bytes()))["features"]
        found = (feature["properties"] for feature in features)
        yield from ((f"{file.name} {one['code']}", one) for one in found if one.keys() & {"zh", "en"})


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping, at any depth, that has a language as a key."""
    if isinstance(value, dict):
        if value.keys() & {"zh", "en"}:
            yield value
        for inner in value.values():
            yield from _mappings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _mappings(inner)


def test_the_custom_elements_speak_both_languages() -> None:
    text = WORDS.read_text(encoding="utf-8")
    wanted, zh, en = (_table(text, head) for head in ("type Say = {", "const zh: Say = {", "const en: Say = {"))
    assert len(wanted) > 30
    assert set(zh) == set(en) == set(wanted)
    assert [key for key, said in zh.items() if not CHINESE.search(said)] == []
    assert [key for key, said in en.items() if CHINESE.search(said) or not re.search(r"[A-Za-z]", said)] == []
    assert [key for key in wanted if _gaps(zh[key]) != _gaps(en[key])] == []  # the same numbers and names in both


def _table(text: str, head: str) -> dict[str, str]:
    """Key → what is written for it, of one table of words.ts."""
    body = text.split(head, 1)[1].split("\n}", 1)[0]
    parts = re.split(r"^  (\w+):", body, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _gaps(said: str) -> set[str]:
    """The names that a sentence puts in."""
    return {name for inner in re.findall(r"\$\{([^}]*)\}", said) for name in re.findall(r"[a-z]+", inner)}


def test_no_other_script_of_the_front_end_speaks_chinese() -> None:
    wrong = [
        str(file.relative_to(messages.ROOT))
        for file in sorted(WORDS.parent.rglob("*.ts"))
        if file != WORDS and re.search(rf"{CHINESE.pattern}{{2}}", _without_comments(file.read_text(encoding="utf-8")))
    ]
    assert wrong == []


def _without_comments(script: str) -> str:
    return re.sub(r"//.*", "", re.sub(r"/\*.*?\*/", "", script, flags=re.S))


class _Read(HTMLParser):
    """What a person reads on a page, or hears read out; code stands for itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.texts += [value or "" for name, value in attrs if name in {"alt", "title", "placeholder", "aria-label"}]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


@pytest.mark.parametrize("username", ["", "acceptor"])
def test_pages_asked_for_in_chinese_are_chinese(world: test_access.World, username: str) -> None:
    """Whatever way the words came to the page: the public's and the desk's, refusals included."""
    visitor = Visitor(world.town, username, language="zh-hans")
    wrong = set()
    for name, pattern in test_access.every_address():
        if name not in access.TABLE or name == "account_logout":
            continue
        response = visitor.get(world.address(pattern, name))
        if "html" in response.headers.get("Content-Type", ""):
            told = " ".join(_Read(response.content.decode()).texts)
            plain = re.sub(r"\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b|\b\w+\.\w+\b", "", told)  # ids, hashes, names of kinds
            wrong |= {f"{name}: {word}" for word in re.findall(r"[A-Za-z]{4,}", plain) if word not in NAMES}
    assert sorted(wrong) == []
