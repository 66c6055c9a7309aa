"""`gezhi profile check` and `gezhi procedure …`: what they print, their exit codes, and the drawings in the docs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gezhi.interfaces.cli import procedure
from tests.interfaces.cli.importing_world import Ran, run
from tests.lib.product import gezhi

ROOT = Path(__file__).parents[3]
TOWN = ROOT / "tests" / "profiles" / "town"
GENERATED = ROOT / "docs" / "generated"


def problems(ran: Ran) -> list[dict[str, object]]:
    """The JSON lines that were printed."""
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A copy of the test town to spoil."""
    folder = tmp_path / "town"
    shutil.copytree(TOWN, folder)
    return folder


@pytest.mark.parametrize("profile", ["base", "qinhuai", str(TOWN)])
def test_a_sound_profile_says_nothing(profile: str) -> None:
    assert run("profile", "check", profile) == Ran(0, "", "")


def test_a_typo_is_named_by_file_line_and_column(town: Path) -> None:
    path = town / "organisations.yaml"
    path.write_text(path.read_text("utf-8").replace("kind: water", "knd: water"), "utf-8")
    ran = run("profile", "check", town)
    assert ran.code == 1
    found = problems(ran)
    assert all(set(one) == {"file", "line", "column", "problem"} for one in found)
    mistaken = next(one for one in found if "knd" in str(one["problem"]))
    line = path.read_text("utf-8").splitlines()[int(str(mistaken["line"])) - 1]
    assert mistaken["file"] == str(path)
    assert line[int(str(mistaken["column"])) - 1 :].startswith("knd")


def test_an_unknown_profile_is_a_problem_like_others() -> None:
    ran = run("profile", "check", "qinhai")
    assert ran.code == 1
    assert "Did you mean “qinhuai”?" in str(problems(ran)[0]["problem"])


def test_the_procedures_shipped_are_sound() -> None:
    assert run("procedure", "lint") == Ran(0, "", "")


def test_lint_finds_a_stage_without_a_way_out(town: Path) -> None:
    (town / "procedures").mkdir(exist_ok=True)
    base = (ROOT / "src" / "gezhi" / "profiles" / "base" / "procedures" / "event.yaml").read_text("utf-8")
    spoiled = base.replace(
        "  recheck:", "  lost_way:\n    {zh: 迷路, en: Lose the way, from: checked, to: lost, by: close}\n  recheck:"
    )
    spoiled = spoiled.replace("  void:      {", "  lost:      {zh: 迷路, en: Lost}\n  void:      {")
    (town / "procedures" / "event.yaml").write_text(spoiled, "utf-8")
    ran = run("procedure", "lint", town)
    assert ran.code == 1
    assert any("“lost” no way leads to an end" in str(one["problem"]) for one in problems(ran))


def test_lint_takes_a_folder_of_procedures_without_a_profile(tmp_path: Path) -> None:
    shipped = ROOT / "src" / "gezhi" / "profiles" / "base" / "procedures" / "event.yaml"
    shutil.copy(shipped, tmp_path)
    ran = run("procedure", "lint", tmp_path)
    assert all("list" in str(one["problem"]) for one in problems(ran))
    (tmp_path / "broken.yaml").write_text("procedure: broken\nstages: {a: {en: A}}\n", "utf-8")
    ran = run("procedure", "lint", tmp_path)
    assert ran.code == 1
    assert {Path(str(one["file"])).name for one in problems(ran)} >= {"broken.yaml"}
    assert run("procedure", "lint", tmp_path / "nothing").code == 1


@pytest.mark.parametrize(("language", "word"), [("zh", "待受理"), ("en", "Reported")])
def test_a_procedure_is_drawn_in_mermaid(language: str, word: str) -> None:
    ran = run("procedure", "diagram", "event", "--language", language)
    assert ran.code == 0
    assert ran.out.splitlines()[3] == "stateDiagram-v2"
    assert word in ran.out


def test_an_unknown_procedure_is_one_sentence() -> None:
    ran = run("procedure", "diagram", "whistl")
    assert (ran.code, ran.out) == (1, "")
    assert "it has decision, event" in ran.err


def test_the_drawings_in_the_docs_are_those_of_the_procedures() -> None:
    drawn = {path.name: path.read_text("utf-8") for path in GENERATED.glob("procedure-*.md")}
    assert drawn == procedure.drawings(), "run: gezhi procedure diagrams --write docs/generated"


def test_checking_needs_neither_settings_nor_a_database() -> None:
    checked = gezhi("profile", "check", str(TOWN))
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
