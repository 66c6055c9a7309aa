"""The house rules that no import contract can say: furniture, doors between rooms, foreign keys, clocks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

SOURCE = Path(__file__).parents[2] / "src" / "gezhi"
# top to bottom
ROOMS = [
    "command",
    "advice",
    "cases",
    "catalogue",
    "territory",
    "people",
    "files",
    "notices",
    "documents",
    "switches",
    "ledger",
]
SIBLINGS = {"files", "notices", "documents"}
TABLELESS = {"documents"}  # rooms that keep nothing: their doors are their parts
DOORS = {"queries", "operations", "events", "policies"}
# Rooms whose work falls into parts publish each part as a door of its own.
PARTS = {
    "catalogue": {"differences", "drafts", "lists", "reading", "standards", "tables", "wording"},
    "switches": {"vault", "scenarios", "retention", "profiles", "known", "personal", "calendar", "sealed"},
    "territory": {
        "publicity",
        "plans",
        "plan_views",
        "drafting",
        "adoption",
        "runs",
        "figures",
        "oneness",
        "files",
        "checks",
        "fixes",
        "blocks",
    },
    "people": {"install", "tokens", "contacts", "saved_views"},
    "documents": {"paper", "pdf", "docx", "xlsx", "qr"},
    "cases": {"rules", "words", "whistling", "figures", "agenda", "scopes", "lessons", "imports"},
    "command": {"series"},
    "advice": {"assistant", "beside", "rates", "spots"},
    "notices": {"texts"},
    "ledger": {"proving"},
}
FURNITURE = {"apps.py", "models.py", "queries.py", "operations.py", "README.md", "migrations"}


def python_files(folder: Path) -> Iterator[Path]:
    """All Python files below, migrations left out."""
    return (f for f in sorted(folder.rglob("*.py")) if "migrations" not in f.parts)


def imports(file: Path) -> Iterator[str]:
    """Dotted names of everything a file imports, `from a import b` as a.b."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_has_the_same_furniture(room: str) -> None:
    folder = SOURCE / "modules" / room
    furniture = {f.name for f in folder.iterdir()}
    assert len((folder / "README.md").read_text(encoding="utf-8").splitlines()) <= 40
    if room in TABLELESS:
        assert {"apps.py", "README.md"} <= furniture
        assert not furniture & {"models.py", "migrations"}
        assert not list(apps.get_app_config(room).get_models())
        return
    assert furniture >= FURNITURE
    assert (folder / "migrations" / "max_migration.txt").exists()


def test_every_room_is_known_here() -> None:
    assert {f.name for f in (SOURCE / "modules").iterdir() if f.is_dir() and f.name != "__pycache__"} == set(ROOMS)


def test_every_engine_and_door_has_a_readme() -> None:
    missing = [
        str(folder.relative_to(SOURCE))
        for floor in ("engines", "interfaces")
        for folder in (SOURCE / floor).iterdir()
        if folder.is_dir() and folder.name != "__pycache__" and not (folder / "README.md").exists()
    ]
    assert missing == []


def test_rooms_are_entered_by_their_doors() -> None:
    wrong = []
    for file in python_files(SOURCE):
        here = file.relative_to(SOURCE).parts
        own = here[1] if here[0] == "modules" else ""
        for name in imports(file):
            parts = name.split(".")
            if parts[:2] != ["gezhi", "modules"] or len(parts) < 4 or parts[2] == own:
                continue
            if parts[3] not in DOORS | PARTS.get(parts[2], set()):
                wrong.append(f"{'/'.join(here)} enters {parts[2]} by {parts[3]}")
    assert wrong == []


def test_foreign_keys_point_downwards_and_never_into_the_ledger() -> None:
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in ROOMS:
            continue
        for field in model._meta.concrete_fields:
            target = field.related_model._meta.app_label if field.related_model else room
            if target == room or target not in ROOMS:
                continue
            up = ROOMS.index(target) < ROOMS.index(room)
            if up or target == "ledger" or {room, target} <= SIBLINGS:
                wrong.append(f"{model._meta.label}.{field.name} → {target}")
    assert wrong == []


CLOCKS = {"now", "today", "utcnow", "localtime", "time"}


def test_no_clock_below_the_doors() -> None:
    """`now` is an argument. `time.monotonic` measures how old a cache is and is no clock."""
    wrong = []
    for floor in ("engines", "modules"):
        for file in python_files(SOURCE / floor):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                owner = ast.unparse(node.func.value).split(".")[-1]
                if node.func.attr in CLOCKS and owner in {"datetime", "date", "timezone", "time"}:
                    wrong.append(f"{file.relative_to(SOURCE)}:{node.lineno} {ast.unparse(node.func)}")
    assert wrong == []


def test_no_http_below_the_doors() -> None:
    banned = ("django.http", "django.shortcuts", "django.urls", "ninja", "starlette", "granian")
    wrong = [
        f"{file.relative_to(SOURCE)}: {name}"
        for floor in ("engines", "modules", "lib")
        for file in python_files(SOURCE / floor)
        for name in imports(file)
        if name.startswith(banned)
    ]
    assert wrong == []


def test_no_city_in_the_code() -> None:
    cities = ("qinhuai", "nanjing", "suzhou", "yinzhou", "nanxiashu", "shuangshan", "pingshan", "boston")
    wrong = [
        f"{file.relative_to(SOURCE)}: {city}"
        for floor in ("config", "engines", "modules", "lib")
        for file in python_files(SOURCE / floor)
        for city in cities
        if city in file.read_text(encoding="utf-8").lower()
    ]
    assert wrong == []
