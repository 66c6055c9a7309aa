"""The documents say what is: settings, commands and files they name exist, and drawings equal the procedures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gezhi.interfaces.cli.main import COMMANDS
from gezhi.interfaces.cli.procedure import drawings

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "gezhi"
READMES = ("README.md", "README.zh.md")
ROOMS = sorted(
    folder
    for floor in ("engines", "modules", "interfaces")
    for folder in (SOURCE / floor).iterdir()
    if folder.is_dir() and folder.name != "__pycache__"
)
# What the documents name is looked for in these; patterns and what only a build or a run makes are left out.
ROOTS = (ROOT, SOURCE, SOURCE / "interfaces", SOURCE / "modules", SOURCE / "profiles" / "base")
PATHS = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|yaml|csv|ts))`")


def text(name: str) -> str:
    """A document."""
    return (ROOT / name).read_text(encoding="utf-8")


def settings() -> set[str]:
    """Every variable of ours that the product reads."""
    quoted = re.compile(r"[\"'](GEZHI_[A-Z_]+)[\"']")
    return {name for file in SOURCE.rglob("*.py") for name in quoted.findall(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_is_in_the_table_and_no_other(readme: str) -> None:
    named = {name for line in text(readme).splitlines() if line.startswith("| `GEZHI_") for name in _settings_in(line)}
    assert named == settings()


def _settings_in(line: str) -> list[str]:
    return re.findall(r"`(GEZHI_[A-Z_]+)`", line.split("|")[1])


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_named(readme: str) -> None:
    said = set(re.findall(r"`gezhi ([a-z-]+)", text(readme)))
    assert set(COMMANDS) - said == {"demo-world"}  # hidden: the demo calls it


def test_the_two_readmes_are_twins() -> None:
    one, other = (text(name) for name in READMES)
    assert re.findall(r"^(#+) ", one, re.M) == re.findall(r"^(#+) ", other, re.M)
    assert re.findall(r"^\| (`[^|]+`)", one, re.M) == re.findall(r"^\| (`[^|]+`)", other, re.M)
    assert sorted(re.findall(r"\]\(([^)]+)\)", one)[1:]) == sorted(re.findall(r"\]\(([^)]+)\)", other)[1:])


@pytest.mark.parametrize("document", [*READMES, "docs/tour.md"])
def test_every_file_a_document_names_is_there(document: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text(document)) if "://" not in link]
    missing = [link for link in links if not (ROOT / link).exists()]
    missing += [path for path in PATHS.findall(text(document)) if not _there(path)]
    assert missing == []


def _there(path: str) -> bool:
    made = ("var/", "GEZHI_DATA/", "static/build/")
    return path.startswith(made) or any((root / path).exists() for root in ROOTS)


def test_decisions_are_numbered_without_gaps_and_short() -> None:
    files = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith(f"# {int(file.name[:4])}. "), file.name
        assert len(lines) <= 14, file.name


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_says_what_it_is_for(room: Path) -> None:
    lines = (room / "README.md").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {room.name}")
    assert 5 < len(lines) <= 40


def test_drawings_equal_the_procedures() -> None:
    folder = ROOT / "docs" / "generated"
    drawn = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("procedure-*.md")}
    assert drawn == drawings(), "run: gezhi procedure diagrams --write docs/generated"
