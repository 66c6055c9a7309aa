"""A day at the hotline's export: ten thousand orders, three hundred of them broken in six ways."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from gezhi.modules.cases.models import Case, Clock
from gezhi.modules.ledger.models import Entry
from gezhi.modules.switches.models import VaultValue
from tests.interfaces.cli.importing_world import a_map, import_cases, put_in_force, read_rejects

pytestmark = pytest.mark.django_db
ROWS, EACH = 10_000, 50
HEAD = ("id", "at", "words", "class", "lon", "lat", "caller", "phone")
WHOLE = ("2026-03-02 10:00:00", "路边井盖破损，请尽快处理", "公共设施类-井盖", "118.805", "32.005")
BROKEN = {  # what is wrong → the field it is told of; the column in HEAD
    "昨天下午": ("reported_at", 1),
    "9" * 130: ("source_id", 0),
    "井\0盖": ("words", 2),
    "不存在的类": ("class", 3),
    "东经": ("lon", 4),
    "3.5": ("place", 5),
}
FIELDS = {
    "class": {"column": "class", "by": "name", "values": {"公共设施类-井盖": "暴露垃圾"}},
    "place": {"lon": {"column": "lon"}, "lat": {"column": "lat"}, "crs": "CGCS2000"},
    "reporter": {"name": {"column": "caller"}, "phone": {"column": "phone"}},
}


def orders() -> tuple[list[list[str]], dict[int, str]]:
    """The rows, and for each broken one its line in the file and the field it must be told of."""
    rows: list[list[str]] = []
    wrong: dict[int, str] = {}
    kinds = list(BROKEN)
    for n in range(ROWS):
        row = [f"12345-{n}", *WHOLE, f"来电人{n}", f"139{n:08d}"]
        if n % (ROWS // (EACH * len(kinds))) == 7 and len(wrong) < EACH * len(kinds):
            kind = kinds[len(wrong) % len(kinds)]
            field, column = BROKEN[kind]
            row[column] = f"{n}-{kind}" if field == "source_id" else kind
            wrong[n + 2] = field
        rows.append(row)
    return rows, wrong


def test_ten_thousand_orders_come_in_but_for_the_broken_ones(tmp_path: Path) -> None:
    put_in_force("town")
    rows, wrong = orders()
    path, rejects = tmp_path / "12345.csv", tmp_path / "rejects.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    first = import_cases(path, a_map(tmp_path, FIELDS), "--rejects", rejects).told
    assert first == {"read": 10_000, "created": 9_700, "unchanged": 0, "rejected": 300}
    told = read_rejects(rejects)
    assert {int(one["line"]): one["field"] for one in told} == wrong
    assert all(one["problem"].endswith(".") for one in told)
    assert Case.objects.count() == 9_700
    counts = (Case.objects.count(), Clock.objects.count(), Entry.objects.count(), VaultValue.objects.count())
    again = import_cases(path, a_map(tmp_path, FIELDS), "--rejects", rejects).told
    assert again == {"read": 10_000, "created": 0, "unchanged": 9_700, "rejected": 300}
    assert counts == (Case.objects.count(), Clock.objects.count(), Entry.objects.count(), VaultValue.objects.count())
