"""A city's matters since 2018 (clause NX-7): 32,789 in nine classes, 99.8 % of them closed, each with the level that
solved it; read back as the figures show them."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gezhi.interfaces.jobs import installing
from gezhi.lib.actor import Actor
from gezhi.modules.cases import figures
from gezhi.modules.cases.models import Case
from gezhi.modules.catalogue import queries as catalogue
from tests import town
from tests.interfaces.cli.importing_world import a_map, import_cases

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MATTERS, CLASSES, OPEN = 32_789, 9, 66
LEVELS = ("grid", "grid", "grid", "grid", "grid", "grid", "grid", "grid", "community", "street")
LEADER = Actor("account:1", 1, (), frozenset({"case.see.all", "figures.see"}))


@pytest.mark.clause("NX-7")
@pytest.mark.clause("QH-12")
def test_the_matters_of_years_and_the_level_that_solved_each(tmp_path: Path) -> None:
    installing.install("qinhuai", now=datetime.now(UTC) - timedelta(days=1))  # a city with more than nine classes
    town.forget()
    known = [one.key for one in catalogue.in_force().reportable][:CLASSES]
    assert len(known) == CLASSES
    first = datetime(2018, 8, 1, tzinfo=UTC)
    created = 0
    for name, span, kept in (("history", range(MATTERS - OPEN), True), ("new", range(MATTERS - OPEN, MATTERS), False)):
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("id", "at", "words", "class", "closed", "level"))
            for n in span:
                at = first + timedelta(hours=2 * n)
                done = (at + timedelta(hours=20)).isoformat() if kept else ""
                rows.writerow(
                    (n, at.isoformat(), "按分类登记", known[n % CLASSES], done, LEVELS[n % 10] if kept else "")
                )
        fields = {"class": {"column": "class", "by": "code"}, "place": {"area_code": {"constant": "320104002002001"}}}
        past = {"closed_at": {"column": "closed"}, "level": {"column": "level"}} if kept else {}
        created += import_cases(path, a_map(tmp_path, fields | past, **{"as": name})).told["created"]
    assert created == MATTERS
    assert Case.objects.values("klass__key").distinct().count() == len(known)
    closed = Case.objects.filter(ended=True).count()
    assert round(100 * closed / MATTERS, 1) == 99.8
    solved = figures.solved_by_level(LEADER, since=first, until=datetime(2036, 1, 1, tzinfo=UTC))
    assert sum(solved.values()) == closed
    assert 0.79 < solved["grid"] / closed < 0.81
