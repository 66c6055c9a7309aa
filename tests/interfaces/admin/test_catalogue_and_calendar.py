"""The system administrator changes the catalogue and the working calendar, and sees first what that changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from gezhi.modules.catalogue import queries, tables
from gezhi.modules.catalogue.models import Catalogue, Draft
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.switches import queries as switches
from tests.interfaces.visitor import as_, hidden, text_of
from tests.modules.catalogue.catalogue_world import Cells, cells_of, file_of
from tests.town import Town


def a_file(content: bytes, name: str = "目录.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def cells() -> Cells:
    """The town's catalogue as cells."""
    kinds = {one.key: one.title for one in switches.profile().organisation_kinds}
    view = queries.in_force()
    with translation.override("zh-hans"):
        return cells_of(tables.exported(view.standard, view.classes, kinds, at=timezone.now()))


@pytest.mark.clause("SZ-5")
def test_a_table_is_compared_then_adopted(today: Town) -> None:
    system, before = as_(today, "system"), queries.in_force()
    changed = cells()
    assert changed["小类"][1][5] == "供水井盖"
    changed["小类"][1][5] = "自来水井盖"
    sent = system.post("/admin/catalogue/upload", {"file": a_file(file_of(changed))})
    assert sent.status_code == 302, text_of(sent)
    draft = system.get(sent["Location"])
    page = text_of(draft)
    assert "自来水井盖" in page
    assert "供水井盖" in page
    assert queries.in_force().digest == before.digest
    assert "Draft" in text_of(system.get("/admin/catalogue"))
    number = Draft.objects.get().id
    done = system.post(f"/admin/catalogue/drafts/{number}/adopt", {"seen": hidden(draft, "seen")})
    assert done["Location"] == "/admin/catalogue"
    queries.forget()
    assert queries.in_force().by_key["C01001"].name == "自来水井盖"
    assert system.get(f"/admin/catalogue/drafts/{number}").status_code == 404
    assert "目录.xlsx" in text_of(system.get("/desk/catalogue/versions"))


def test_a_wrong_table_is_shown_cell_by_cell_and_nothing_stored(today: Town) -> None:
    system = as_(today, "system")
    wrong = cells()
    wrong["小类"][2][4] = wrong["小类"][1][4]
    wrong["立案条件"][1][9] = "炷香"
    answer = system.post("/admin/catalogue/upload", {"file": a_file(file_of(wrong))})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "E3" in page
    assert "stands twice" in page
    assert "“炷香” is not a unit of limits" in page
    assert (Draft.objects.count(), Catalogue.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({}, 422, "Choose a file."),
        ({"file": "words"}, 422, "Choose a file."),
        ({"file": b"not a workbook"}, 422, "not an XLSX file"),
        ({"file": b""}, 422, "not an XLSX file"),
        ({"file": b"x" * 5_000_001}, 413, "at most 5 MB"),
    ],
)
def test_a_file_that_is_none_is_refused(today: Town, given: dict[str, Any], status: int, words: str) -> None:
    sent = {name: a_file(value) if isinstance(value, bytes) else value for name, value in given.items()}
    answer = as_(today, "system").post("/admin/catalogue/upload", sent)
    assert answer.status_code == status
    assert words in text_of(answer)


def test_an_unchanged_table_changes_nothing(today: Town) -> None:
    answer = as_(today, "system").post("/admin/catalogue/upload", {"file": a_file(file_of(cells()))})
    assert answer.status_code == 409
    assert "nothing to adopt" in text_of(answer)


@pytest.mark.clause("SZ-5")
def test_a_local_class_is_added_by_a_form(today: Town) -> None:
    system = as_(today, "system")
    assert "downward from 99" in text_of(system.get("/admin/catalogue/classes/new"))
    given = {
        "major": "event-06",
        "name": "占道设点",
        "name_en": "Stall",
        "filing": "发现",
        "filing_en": "Seen",
        "closing": "恢复",
        "amount": "2",
        "unit": "work_hours",
        "unit_kind": "street",
        "supervisor_kind": "urban_management",
        "grid": "handle",
    }
    for name, wrong in (("amount", "很快"), ("filing", ""), ("closing", ""), ("major", "x-1"), ("unit_kind", "?")):
        answer = system.post("/admin/catalogue/classes/new", given | {name: wrong})
        assert answer.status_code == 422, name
        assert f'id="local-{name}-problem"' in answer.content.decode(), name
        assert "占道设点" in answer.content.decode()
    done = system.post("/admin/catalogue/classes/new", given)
    assert done["Location"] == "/desk/catalogue/classes/E06099"
    page = text_of(system.get(done["Location"]))
    assert "Local" in page
    assert "2 work hours" in page


def test_a_version_and_a_standard_are_compared_before_they_are_adopted(today: Town) -> None:
    system, first = as_(today, "system"), queries.in_force().id
    system.post(
        "/admin/catalogue/classes/new",
        {
            "major": "event-06",
            "name": "本地",
            "filing": "a",
            "closing": "b",
            "amount": "1",
            "unit": "work_days",
            "unit_kind": "street",
        },
    )
    sent = system.post(f"/admin/catalogue/versions/{first}")
    assert sent.status_code == 302, text_of(sent)
    page = text_of(system.get(sent["Location"]))
    assert "Removed" in page
    assert "06099" in page
    number = Draft.objects.get().id
    assert system.post(f"/admin/catalogue/drafts/{number}/adopt", {"seen": "0" * 64}).status_code == 409
    assert system.post(f"/admin/catalogue/drafts/{number}/discard").status_code == 302
    assert Draft.objects.count() == 0
    assert system.post("/admin/catalogue/standards/own").status_code == 302
    assert system.post("/admin/catalogue/standards/nothing").status_code == 404
    assert system.post("/admin/catalogue/versions/99999999").status_code == 404
    assert as_(today, "security").post("/admin/catalogue/standards/own").status_code == 403


# --- calendar ------------------------------------------------------------------------------------------------------
@pytest.mark.clause("NX-7")
def test_a_day_is_decided_and_taken_back(today: Town) -> None:
    system = as_(today, "system")
    page = system.get("/admin/calendar", day="2026-05-09")
    assert "The profile: a make-up working day." in text_of(page)
    assert page.content.decode().count("data-day=") == 365
    done = system.post("/admin/calendar/set", {"day": "2026-05-09", "kind": "off", "why": "停水检修"})
    assert done["Location"] == "/admin/calendar?day=2026-05-09"
    assert not switches.calendar().works(switches.date(2026, 5, 9))
    shown = system.get(done["Location"])
    assert "停水检修" in text_of(shown)
    assert "Let the profile decide again" in text_of(shown)
    assert ledger.entries("calendar")[-1].kind == "calendar.changed"
    cleared = system.post("/admin/calendar/clear", {"day": "2026-05-09"})
    assert cleared.status_code == 302
    assert switches.changed_days() == []
    assert system.post("/admin/calendar/clear", {"day": "2026-05-09"}).status_code == 409
    assert "Nothing changed" not in text_of(system.get("/admin/calendar"))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"shifts": "18:00-08:00"}, "shifts", "ends before it begins"),
        ({"shifts": "08:00-12:00, 11:00-14:00"}, "shifts", "overlap"),
        ({"shifts": "20:00-30:00"}, "shifts", "beyond midnight"),
        ({"day": "1890-01-01"}, "day", "2000 to 2100"),
        ({"day": "soon"}, "day", "year-month-day"),
        ({"until": "2026-01-01"}, "until", "before the first"),
        ({"until": "x"}, "until", "year-month-day"),
        ({"kind": ""}, "kind", "off or it is worked"),
    ],
)
def test_a_wrong_day_comes_back_with_what_was_typed(
    today: Town, changes: dict[str, str], field: str, words: str
) -> None:
    given = {"day": "2026-05-09", "kind": "working", "why": "一个理由"} | changes
    answer = as_(today, "system").post("/admin/calendar/set", given)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "一个理由" in answer.content.decode()
    assert f'id="decide-{field}-problem"' in answer.content.decode()
    assert switches.changed_days() == []


def test_years_go_from_2000_to_2100(today: Town) -> None:
    system = as_(today, "system")
    first, last = system.get("/admin/calendar", year="2000"), system.get("/admin/calendar", year="2100")
    assert 'rel="prev"' not in first.content.decode()
    assert 'rel="next"' not in last.content.decode()
    for wrong in ("1999", "2101", "-5", "99999999999"):
        assert system.get("/admin/calendar", year=wrong).status_code == 422
    assert system.get("/admin/calendar", day="2026-13-01").status_code == 422
    assert as_(today, "acceptor").get("/admin/calendar").status_code == 403
