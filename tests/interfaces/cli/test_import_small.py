"""Import, rule by rule: kinds of files, what maps say, what is refused with which sentence, what is never shown."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from gezhi.modules.cases.models import Case, Clock
from gezhi.modules.ledger.models import Entry
from gezhi.modules.people.models import Organisation
from gezhi.modules.switches import vault
from gezhi.modules.switches.models import VaultValue
from tests.interfaces.cli.importing_world import a_csv, a_map, import_cases, put_in_force, read_rejects

pytestmark = pytest.mark.django_db
HEAD = "id,at,words"


@pytest.fixture(autouse=True)
def town_in_force() -> None:
    put_in_force("town")


def test_a_csv_zipped_or_not_comes_in_at_its_own_time(tmp_path: Path) -> None:
    plain = a_csv(tmp_path, HEAD, "1,2026-03-02 10:00:00,井盖破损", "2,2026-03-02T11:30:00+00:00,路灯不亮")
    assert import_cases(plain, a_map(tmp_path)).told == {"read": 2, "created": 2, "unchanged": 0, "rejected": 0}
    at = dict(Case.objects.values_list("source_id", "reported_at"))
    assert at["1"] == datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert at["2"] == datetime(2026, 3, 2, 11, 30, tzinfo=ZoneInfo("UTC"))
    zipped = tmp_path / "rows.csv.gz"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    assert import_cases(zipped, a_map(tmp_path)).told["unchanged"] == 2


def test_a_spreadsheet_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("一月")
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for n, name in enumerate(HEAD.split(",")):
            sheet.write(0, n, name)
        sheet.write(1, 0, 72687)
        sheet.write_datetime(1, 1, datetime(2026, 3, 2, 10), day)  # noqa: DTZ001
        sheet.write(1, 2, "井盖破损")
    assert import_cases(path, a_map(tmp_path, sheet="一月")).told["created"] == 1
    case = Case.objects.get()
    assert (case.source_id, case.words) == ("72687", "井盖破损")
    refused = import_cases(path, a_map(tmp_path, sheet="二月"))
    assert refused.code == 2
    assert "二月" in refused.err


def test_a_parquet_file_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    moments = pa.array([datetime(2026, 3, 2, 10), None], pa.timestamp("us"))  # noqa: DTZ001
    parquet.write_table(pa.table({"id": [1, 2], "at": moments, "words": ["井盖破损", "路灯"]}), path)
    rejects = tmp_path / "rejects.csv"
    assert import_cases(path, a_map(tmp_path), "--rejects", rejects).told["created"] == 1
    assert [(r["line"], r["field"]) for r in read_rejects(rejects)] == [("2", "reported_at")]


def test_a_dry_run_says_the_same_and_stores_nothing(tmp_path: Path) -> None:
    unit = {"unit": {"column": "unit", "by": "name", "create": {"kind": "other"}}}
    file = a_csv(tmp_path, f"{HEAD},unit", "1,2026-03-02 10:00:00,a,新单位", "1,2026-03-02 10:00:00,a,新单位")
    before = (Organisation.objects.count(), Entry.objects.count())
    dry = import_cases(file, a_map(tmp_path, unit), "--dry-run").told
    assert (Organisation.objects.count(), Entry.objects.count()) == before
    assert Case.objects.count() == 0
    assert (
        import_cases(file, a_map(tmp_path, unit)).told
        == dry
        == {
            "read": 2,
            "created": 1,
            "unchanged": 1,
            "rejected": 0,
        }
    )
    assert Case.objects.get().unit.name == "新单位"


def test_one_broken_row_does_not_stop_the_others(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-02 10:00:00,第{n}件" for n in range(1, 51)]
    rows[20] = "21,昨天下午,第21件"
    rejects = tmp_path / "rejects.csv"
    ran = import_cases(a_csv(tmp_path, HEAD, *rows), a_map(tmp_path), "--rejects", rejects)
    assert ran.told == {"read": 50, "created": 49, "unchanged": 0, "rejected": 1}
    only = read_rejects(rejects)[0]
    assert (only["line"], only["field"], only["value"]) == ("22", "reported_at", "昨天下午")
    assert "ISO 8601" in only["problem"]


@pytest.mark.parametrize(
    ("field", "spec", "cell", "told"),
    [
        ("class", {"column": "x", "by": "name"}, "不存在的类", "no class"),
        ("channel", {"column": "x", "values": {"电话": "hotline"}}, "信鸽", "says nothing"),
        ("channel", {"column": "x"}, "pigeon", "no channel"),
        ("unit", {"column": "x", "by": "name"}, "没有的单位", "no unit"),
        ("unit", {"column": "x", "by": "name", "create": {"kind": "other"}}, "单" * 121, "1 to 120 characters"),
        ("source_id", {"column": "x"}, "9" * 121, "at most 120"),
        ("reported_at", {"column": "x"}, "0001-01-01 00:00:00", "outside the years"),
        ("reported_at", {"column": "x"}, "2999-01-01 00:00:00", "future"),
        ("address", {"column": "x"}, "a\0b", "cannot be stored"),
        ("class", {"column": "x"}, "", "no value"),
        ("place", {"lon": {"column": "x"}, "lat": {"column": "x"}}, "东经", "not a number"),
        ("place", {"lon": {"column": "x"}, "lat": {"column": "x"}}, "3.5", "outside"),
        ("place", {"lon": {"column": "x"}, "lat": {"column": "x"}}, "500", "not a place on earth"),
        ("place", {"area_code": {"column": "x"}}, "123", "no area"),
        ("place", {"area_code": {"column": "x"}}, "", "no place"),
        ("place", {"area_name": {"column": "x"}, "area_level": "grid"}, "火星", "No grid"),
    ],
)
def test_what_cannot_be_is_rejected_with_its_field(
    tmp_path: Path, field: str, spec: dict[str, object], cell: str, told: str
) -> None:
    rejects = tmp_path / "rejects.csv"
    file = a_csv(tmp_path, f"{HEAD},x", f"1,2026-03-02 10:00:00,a,{cell}")
    assert import_cases(file, a_map(tmp_path, {field: spec}), "--rejects", rejects).told["rejected"] == 1
    only = read_rejects(rejects)[0]
    assert only["line"] == "2"
    assert only["value"].replace("�", "\0") in {cell, f"{cell} {cell}"}
    assert told in only["problem"]
    assert Case.objects.count() == 0


def test_what_is_optional_leaves_its_field_empty(tmp_path: Path) -> None:
    fields = {
        "class": {"column": "x", "by": "name", "optional": True},
        "place": {"area_name": {"column": "x"}, "optional": True},
        "unit": {"column": "x", "by": "name", "optional": True},
    }
    file = a_csv(tmp_path, f"{HEAD},x", "1,2026-03-02 10:00:00,a,东社区", "2,2026-03-02 10:00:00,b,?")
    assert import_cases(file, a_map(tmp_path, fields)).told["created"] == 2
    known, unknown = Case.objects.order_by("source_id")
    assert known.area_name.endswith("东社区")
    assert (unknown.area_id, unknown.unit_id, unknown.klass_id, unknown.class_name) == (None, None, None, "?")


def test_cases_with_a_past_come_in_closed_and_the_ledger_says_so(tmp_path: Path) -> None:
    fields = {
        "closed_at": {"column": "closed", "optional": True},
        "due_at": {"column": "due", "optional": True},
        "handled_at": {"column": "closed", "optional": True},
        "level": {"constant": "grid"},
    }
    rows = ["1,2026-03-02 10:00:00,a,2026-03-03 10:00:00,2026-03-02 12:00:00", "2,2026-03-02 10:00:00,b,,"]
    rows.append("3,2026-03-02 10:00:00,c,2026-03-01 10:00:00,")
    file = a_csv(tmp_path, f"{HEAD},closed,due", *rows)
    told = import_cases(file, a_map(tmp_path, fields, **{"as": "history"})).told
    assert told == {"read": 3, "created": 2, "unchanged": 0, "rejected": 1}
    late, plain = Case.objects.order_by("source_id")
    assert (late.ended, late.history, late.late, plain.late) == (True, True, True, False)
    assert late.facts == {"solved_at": "grid"}
    assert Clock.objects.count() == 0
    kinds = list(Entry.objects.filter(subject=f"case:{late.id}").order_by("seq").values_list("kind", flat=True))
    assert kinds == ["case.reported", "case.history"]


def test_personal_values_go_to_the_vault_and_nowhere_else(tmp_path: Path) -> None:
    reporter = {"reporter": {"name": {"column": "name"}, "phone": {"column": "phone", "optional": True}}}
    long_name = "欧阳" * 60
    rows = [
        "1,2026-03-02 10:00:00,请打 13912345678 找我,司马相如,13912345678",
        f"2,2026-03-02 10:00:00,b,{long_name},",
        "3,2026-03-02 10:00:00,,诸葛孔明,13700001111",
    ]
    rejects = tmp_path / "rejects.csv"
    plan = a_map(tmp_path, reporter | {"words": {"column": "words", "optional": True}})
    ran = import_cases(a_csv(tmp_path, f"{HEAD},name,phone", *rows), plan, "--rejects", rejects)
    assert (ran.told["created"], ran.told["rejected"]) == (1, 2)
    case = Case.objects.get()
    assert vault.find("phone", "139 1234 5678") == [case.reporter]
    assert VaultValue.objects.filter(person=case.reporter).count() == 3
    shown = rejects.read_text("utf-8-sig") + ran.out + ran.err + str(list(Entry.objects.values_list("body", flat=True)))
    for personal in ("13912345678", "司马相如", "欧阳欧阳", "诸葛孔明", "13700001111"):
        assert personal not in shown
        assert personal not in case.words


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda f: a_csv(f, "id,when,words", "1,x,y"), "no column “at”"),
        (a_csv, "empty"),
        (lambda f: a_csv(f, HEAD, "1,2026-03-02 10:00:00,井盖", encoding="gbk"), "not written in utf-8"),
        (lambda f: a_csv(f, "id,id,at,words", "1,1,x,y"), "twice"),
        (lambda f: a_csv(f, "x", name="rows.pdf"), "no kind that is read here"),
        (lambda f: a_csv(f, "x", name="rows.xlsx"), "not a spreadsheet"),
        (lambda f: a_csv(f, "x", name="rows.parquet"), "not a Parquet file"),
        (lambda f: a_csv(f, "x", name="rows.csv.gz"), "damaged"),
        (lambda f: f / "none.csv", "no file"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, make: object, told: str) -> None:
    ran = import_cases(make(tmp_path), a_map(tmp_path))  # type: ignore[operator]
    assert ran.code == 2
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert Case.objects.count() == 0


def test_a_map_with_a_mistake_is_named_by_file_and_line(tmp_path: Path) -> None:
    plan = a_map(tmp_path, {"wordz": {"column": "words"}})
    ran = import_cases(a_csv(tmp_path, HEAD), plan)
    assert ran.code == 2
    assert f"{plan}:" in ran.err
    assert "wordz" in ran.err


def test_a_file_in_gbk_comes_in_when_the_map_says_so(tmp_path: Path) -> None:
    file = a_csv(tmp_path, HEAD, "1,2026-03-02 10:00:00,井盖破损", encoding="gbk")
    assert import_cases(file, a_map(tmp_path, encoding="gb18030")).told["created"] == 1
    assert Case.objects.get().words == "井盖破损"
