"""Real input: a Chinese district's events, citizens' messages without a place, an English city by coordinates."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from gezhi.modules.cases import queries
from gezhi.modules.cases.models import Case
from gezhi.modules.cases.queries import Filters
from gezhi.modules.territory.models import Area
from gezhi.modules.territory.queries import areas_in_force
from tests.interfaces.cli.importing_world import DATA, MAPS, import_cases, needs_data, put_in_force, read_rejects, run
from tests.town import Town

pytestmark = [pytest.mark.django_db, needs_data]

PINGSHAN = DATA / "pingshan" / "events_2018.csv.gz"
BOSTON = DATA / "events" / "boston_311_2011q3.csv.gz"
MESSAGES = DATA / "messages" / "teddy_titles_train.csv"


def lines(path: Path) -> list[dict[str, str]]:
    """The file as it is, read without any code of ours."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_pingshan_comes_in_street_by_street_and_class_by_class_and_only_once(tmp_path: Path) -> None:
    put_in_force("pingshan")
    rejects = tmp_path / "rejects.csv"
    first = import_cases(PINGSHAN, MAPS / "pingshan.yaml", "--rejects", rejects).told
    rows = lines(PINGSHAN)
    placed = [row for row in rows if row["STREET_NAME"] != "-"]
    placeless = [row for row in rows if row["STREET_NAME"] == "-"]
    assert first == {"read": len(rows), "created": len(placed), "unchanged": 0, "rejected": len(placeless)}
    streets = {area.id: area.name for area in Area.objects.filter(level="street")}
    here = Counter(
        (streets[next(a for a in areas if a in streets)], code)
        for areas, code in Case.objects.values_list("areas", "klass__code")
    )
    assert here == Counter((row["STREET_NAME"], klass(row)) for row in placed)
    assert Case.objects.filter(late=True).count() == sum(row["INTIME_ARCHIVE_NUM"] == "0" for row in placed)
    units = {row["DISPOSE_UNIT_NAME"] for row in placed} - {"-"}
    assert units == set(Case.objects.exclude(unit=None).values_list("unit__name", flat=True))
    refused = read_rejects(rejects)
    assert {row["field"] for row in refused} == {"area_code"}
    assert [rows[int(row["line"]) - 2]["REC_ID"] for row in refused] == [row["REC_ID"] for row in placeless]
    again = import_cases(PINGSHAN, MAPS / "pingshan.yaml").told
    assert again == {**first, "created": 0, "unchanged": first["created"]}
    proof = run("ledger", "verify")
    assert (proof.code, proof.told["broken"]) == (0, [])
    assert proof.told["entries"] > 2 * len(placed)


def klass(row: dict[str, str]) -> str:
    """The class as the test profile's catalogue codes it."""
    return "-".join((row["EVENT_TYPE_ID"], row["MAIN_TYPE_ID"], row["SUB_TYPE_ID"]))


def test_messages_wait_at_the_acceptor_with_their_place_unknown() -> None:
    put_in_force("town")
    told = import_cases(MESSAGES, MAPS / "messages.yaml").told
    assert told == {"read": 7394, "created": 7394, "unchanged": 0, "rejected": 0}
    now = timezone.now()
    acceptor = Town(now).who("acceptor")
    queue = next(q for q in queries.queues(acceptor, now=now) if q.key == "event:reported")
    assert (queue.count, queue.unplaced) == (7394, 7394)
    row = queries.rows(acceptor, queue="event:reported", filters=Filters(unplaced=True), size=1)[0]
    assert {move.move for move in queries.case(acceptor, row.number).moves} >= {"accept", "place", "reject"}
    moved = Town(now).act(row.id, acceptor, "place", {"place": {"lon": 118.805, "lat": 32.005, "crs": "CGCS2000"}})
    assert moved.stage == "reported"
    assert queries.rows(acceptor, queue="event:reported", filters=Filters(unplaced=True), size=200)[0].id != row.id


def test_boston_is_placed_by_its_coordinates_in_english() -> None:
    put_in_force("boston")
    rows = lines(BOSTON)
    told = import_cases(BOSTON, MAPS / "boston.yaml").told
    assert told == {"read": len(rows), "created": len(rows), "unchanged": 0, "rejected": 0}
    here = Counter(Case.objects.values_list("klass__name", flat=True))
    assert here == Counter(row["type"] for row in rows)
    sample = Case.objects.get(source_id=rows[0]["case_enquiry_id"])
    found = areas_in_force().locate(sample.lon or 0, sample.lat or 0)
    assert sample.area_id in {area.id for area in found}
