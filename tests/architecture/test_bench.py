"""Benchmarks can be started, and the raw yardstick of intake writes what the tables ask for."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench.intake import raw_rows
from django.db import connection

from tests.town import Town

BENCH = Path(__file__).resolve().parents[2] / "bench"
STARTED = sorted(path.stem for path in BENCH.glob("*.py") if path.stem not in ("__init__", "bare", "bare_settings"))


@pytest.mark.parametrize("name", STARTED)
def test_what_a_benchmark_stands_on_is_there(name: str) -> None:
    assert (importlib.import_module(f"bench.{name}").__doc__ or "").strip()


def test_the_bare_server_starts() -> None:
    """The yardstick of intake: the same server with the product's pages taken out."""
    asked = [sys.executable, "-c", "import gezhi.config.asgi, bench.bare"]
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.bare_settings"}
    done = subprocess.run(asked, cwd=BENCH.parent, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_raw_rows_of_a_report_are_taken(town: Town) -> None:
    """Each statement that `pgbench` sends, with the ids it is given."""
    number = town.report().number
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procedure_id, area_id, (SELECT min(id) FROM catalogue_class),"
            " (SELECT min(id) FROM people_organisation) FROM cases_case WHERE number = %s",
            [number],
        )
        given = dict(zip(("procedure", "area", "klass", "centre"), cursor.fetchone(), strict=True))
        for statement in raw_rows(notices=2).replace("\\gset", ";").split(";"):
            if statement.strip():
                cursor.execute(re.sub(r"(?<!:):(\w+)", lambda found: str(given.get(found[1], found[0])), statement))
                if "AS case_id" in statement:
                    given["case_id"] = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM cases_clock WHERE case_id = %s", [given["case_id"]])
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM notices_notice WHERE subject = %s", [f"case:{given['case_id']}"])
        assert cursor.fetchone() == (2,)
