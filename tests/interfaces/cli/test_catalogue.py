"""`gezhi catalogue`: out, in again, and what is said of a file that cannot be."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest

from gezhi.modules.catalogue import queries
from gezhi.modules.catalogue.models import Catalogue, Draft
from gezhi.modules.ledger import queries as ledger
from tests.interfaces.cli.importing_world import Ran, run
from tests.modules.catalogue.catalogue_world import cells_of, file_of, national

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force() -> None:
    national()


def lines(ran: Ran) -> list[dict[str, object]]:
    """The JSON lines that were printed."""
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.mark.clause("SZ-5")
def test_what_went_out_comes_in_without_a_difference(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    told = run("catalogue", "export", out)
    assert (told.code, told.out) == (0, f"410 classes of GB/T 47678.5-2026 are in {out}.\n")
    for more in (["--dry-run"], []):
        again = run("catalogue", "import", out, *more)
        assert (again.code, again.out) == (0, "")
        assert "0 added, 0 removed, 0 changed; nothing was stored." in again.err
    assert Catalogue.objects.count() == 1
    english = tmp_path / "en.xlsx"
    assert run("catalogue", "export", english, "--language", "en").code == 0
    assert list(cells_of(english.read_bytes())) == ["Classes", "Conditions", "Notes"]
    assert run("catalogue", "import", english, "--dry-run").out == ""


def test_differences_are_printed_and_then_adopted(tmp_path: Path) -> None:
    out, changed = tmp_path / "out.xlsx", tmp_path / "in.xlsx"
    run("catalogue", "export", out)
    cells = cells_of(out.read_bytes())
    cells["小类"][1][5] = "自来水井盖"
    changed.write_bytes(file_of(cells))
    dry = run("catalogue", "import", changed, "--dry-run")
    assert lines(dry) == [
        {
            "change": "changed",
            "key": "C01001",
            "name": "自来水井盖",
            "field": "name",
            "condition": "",
            "before": "供水井盖",
            "after": "自来水井盖",
        }
    ]
    assert (Catalogue.objects.count(), Draft.objects.count()) == (1, 0)
    assert run("catalogue", "import", changed).out == dry.out
    queries.forget()
    assert queries.in_force().by_key["C01001"].name == "自来水井盖"
    assert ledger.entries("catalogue")[-1].body["note"] == "in.xlsx"


def test_the_older_standard_goes_out_and_is_put_in_force(tmp_path: Path) -> None:
    out = tmp_path / "old.xlsx"
    assert run("catalogue", "export", out, "--standard", "gbt30428-2013").code == 0
    ran = run("catalogue", "import", out)
    assert ran.code == 0, ran.out
    assert "204 added, 410 removed, 0 changed" in ran.err
    queries.forget()
    assert queries.in_force().standard == "GB/T 30428.2-2013"
    assert len(queries.in_force().classes) == 204


def test_what_is_wrong_is_a_line_each_and_nothing_is_stored(tmp_path: Path) -> None:
    out, wrong = tmp_path / "out.xlsx", tmp_path / "wrong.xlsx"
    run("catalogue", "export", out)
    cells = deepcopy(cells_of(out.read_bytes()))
    cells["小类"][2][4] = "01001"
    cells["立案条件"][1][9] = "炷香"
    wrong.write_bytes(file_of(cells))
    for more in (["--dry-run"], []):
        ran = run("catalogue", "import", wrong, *more)
        assert ran.code == 1
        assert {"sheet", "row", "column", "problem"} == set(lines(ran)[0])
        said = " ".join(str(one["problem"]) for one in lines(ran))
        assert "01001 stands twice" in said
        assert "“炷香” is not a unit of limits" in said
    assert Catalogue.objects.count() == 1


def test_files_that_are_not_there_or_none_are_a_sentence(tmp_path: Path) -> None:
    from gezhi.lib.errors import BadInput, NotThere

    missing = run("catalogue", "import", tmp_path / "missing.xlsx")
    assert (missing.code, missing.out) == (2, "")
    assert "cannot be read" in missing.err
    nothing = tmp_path / "nothing.xlsx"
    nothing.write_bytes(b"words")
    with pytest.raises(BadInput, match="not an XLSX file"):  # main says it and leaves with 1
        run("catalogue", "import", nothing)
    with pytest.raises(NotThere, match="no such standard"):
        run("catalogue", "export", tmp_path / "x.xlsx", "--standard", "iso")
    assert run("catalogue", "export", tmp_path / "no" / "x.xlsx").code == 2
