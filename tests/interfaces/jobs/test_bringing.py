"""A file of the hotline worked by the job: tried, taken, taken twice, cancelled, broken off and continued, expired."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gezhi.interfaces.jobs import bringing, importing
from gezhi.lib.errors import NotAllowed, NotThere, Refusal, WrongState
from gezhi.modules.cases import imports
from gezhi.modules.cases.imports import Counts
from gezhi.modules.cases.models import Case, Import, ImportReject
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.switches import sealed
from gezhi.modules.switches.models import SealedFile, SealedPart
from tests.interfaces.jobs.hotline_orders import HEADINGS, as_csv, as_xlsx, bomb, order, reaching, sent
from tests.town import Town

pytestmark = pytest.mark.django_db
ROWS = [order(1), order(2), order(3, 来电时间="昨天下午"), order(4, 经度="东经"), order(2)]


def tried(town: Town, number: int) -> imports.ImportView:
    """The file after its try."""
    bringing.work(number, town.now)
    return imports.view(number=number, by=town.who("acceptor"))


def taken(town: Town, number: int) -> imports.ImportView:
    """The file after somebody said so and the job did it."""
    imports.confirm(number=number, by=town.who("acceptor"), now=town.now)
    return tried(town, number)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_is_tried_then_taken_and_a_second_time_adds_nothing(town: Town, tmp_path: Path, encoding: str) -> None:
    content = as_csv(ROWS, encoding)
    number = sent(town, tmp_path, content)
    view = tried(town, number)
    assert (view.state, view.rows, view.counts) == ("checked", 5, Counts(5, 2, 1, 2))
    assert Case.objects.count() == 0
    assert [(line, field) for line, field, _why in imports.first_rejects(number=number, by=town.who("acceptor"))] == [
        (4, "reported_at"),
        (5, "lon"),
    ]
    done = taken(town, number)
    assert (done.state, done.counts, done.sealed) == ("done", Counts(5, 2, 1, 2), None)
    case = Case.objects.get(source_id="GD00001")
    assert (case.source, case.channel, case.stage) == ("hotline-12345", "hotline", "reported")
    assert (case.class_name, case.address) == ("暴露垃圾", "东门")
    assert ledger.entries(f"case:{case.id}")[0].by == town.who("acceptor").ref
    assert "13912345678" not in case.words
    again = sent(town, tmp_path, content)
    assert tried(town, again).counts == Counts(5, 0, 3, 2)
    assert Case.objects.count() == 2
    kinds = [entry.kind for entry in ledger.entries(f"import:{number}")]
    assert kinds == ["import.sent", "import.confirmed", "import.done"]


def test_a_workbook_is_read_alike(town: Town, tmp_path: Path) -> None:
    number = sent(town, tmp_path, as_xlsx([order(1), order(2)]), name="热线.xlsx")
    assert tried(town, number).counts == Counts(2, 2, 0, 0)
    assert taken(town, number).state == "done"
    assert Case.objects.count() == 2


def test_what_is_kept_meanwhile_is_sealed_and_then_gone(town: Town, tmp_path: Path) -> None:
    content = as_csv(ROWS, "utf-8")
    number = sent(town, tmp_path, content)
    view = tried(town, number)
    assert view.sealed is not None
    assert b"".join(sealed.opened(ref=view.sealed, now=town.now)) == content
    kept = b"".join(bytes(part.ciphertext) for part in SealedPart.objects.all())
    assert "来电人".encode() not in kept
    told = " ".join(ImportReject.objects.values_list("problem", flat=True))
    assert "1390000" not in told
    taken(town, number)
    assert (SealedFile.objects.count(), SealedPart.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (as_csv([]), "no rows below"),
        (bytes(range(256)) * 40, "no text that can be read"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old format of Excel"),
        (b"PK\x03\x04 and no archive", "not an Excel file"),
        (as_csv([["1"]], headings=["编码"]), "no column for: Order number"),
        (as_csv([order(1)], headings=HEADINGS[:1] + HEADINGS[:1] + HEADINGS[2:]), "twice"),
        (as_csv([["x"]], headings=[str(n) for n in range(300)]), "more than 200 columns"),
        (reaching("XFD1048576"), "too large a sheet"),
        (reaching("ZZZ9999"), "too large a sheet"),
        (bomb(210, lying=False), "unpacks to more than"),
        (bomb(210, lying=True), "unpacks to more than"),
    ],
    ids=["empty", "headings", "rubbish", "xls", "zip", "columns", "twice", "wide", "far", "deep", "bomb", "lying-bomb"],
)  # fmt: skip
def test_what_is_no_table_of_orders_is_refused_and_nothing_kept(
    town: Town, tmp_path: Path, content: bytes, told: str
) -> None:
    with pytest.raises(Refusal) as refused:
        sent(town, tmp_path, content)
    assert told in refused.value.sentence
    assert refused.value.status == 422
    assert (Import.objects.count(), SealedFile.objects.count()) == (0, 0)


def test_a_file_too_large_or_too_long_is_refused(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "MOST_ROWS", 2)
    with pytest.raises(Refusal, match="more than 2 rows"):
        sent(town, tmp_path, as_csv(ROWS))
    monkeypatch.setattr(bringing, "MOST_BYTES", 100)
    with pytest.raises(Refusal, match="in parts") as refused:
        sent(town, tmp_path, as_csv(ROWS))
    assert refused.value.status == 413


def test_cancelled_while_it_comes_in_it_stops_and_what_is_in_stays(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    number = sent(town, tmp_path, as_csv([order(n) for n in range(6)]))
    tried(town, number)
    imports.confirm(number=number, by=town.who("acceptor"), now=town.now)
    real = importing.Importer._prepare_months

    def stopped(self: importing.Importer, ready: Any) -> None:
        if self.outcome.read == 2:
            imports.cancel(number=number, by=town.who("acceptor"), now=town.now)
        real(self, ready)

    monkeypatch.setattr(importing.Importer, "_prepare_months", stopped)
    view = tried(town, number)
    assert (view.state, view.sealed, view.counts.created) == ("cancelled", None, 2)
    assert Case.objects.count() == 2
    with pytest.raises(WrongState):
        imports.cancel(number=number, by=town.who("acceptor"), now=town.now)


def test_a_job_that_died_is_continued_where_it_stopped(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    number = sent(town, tmp_path, as_csv([order(1), order(2, 经度="东经"), order(3), order(4), order(5)]))
    tried(town, number)
    imports.confirm(number=number, by=town.who("acceptor"), now=town.now)
    real = imports.report

    def dies(**given: Any) -> bool:
        if given["counts"].read > 2:
            raise SystemExit
        return real(**given)

    monkeypatch.setattr(imports, "report", dies)
    with pytest.raises(SystemExit):
        bringing.work(number, town.now)
    assert (Case.objects.count(), ImportReject.objects.count()) == (1, 1)
    monkeypatch.setattr(imports, "report", real)
    view = tried(town, number)
    assert (view.state, view.counts) == ("done", Counts(5, 4, 0, 1))
    assert (Case.objects.count(), ImportReject.objects.count()) == (4, 1)


def test_what_breaks_says_so(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = sent(town, tmp_path, as_csv(ROWS))
    monkeypatch.setattr(importing.Importer, "run", lambda _self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bringing.work(number, town.now)
    view = imports.view(number=number, by=town.who("acceptor"))
    assert (view.state, view.message[:12], view.counts) == ("failed", "It broke off", Counts())


def test_nobody_said_a_word_for_a_week(town: Town, tmp_path: Path) -> None:
    number = sent(town, tmp_path, as_csv(ROWS))
    tried(town, number)
    later = town.now + timedelta(days=8)
    imports.expire(now=later)
    assert (sealed.expire(now=later), SealedFile.objects.count(), ImportReject.objects.count()) == (0, 0, 0)
    assert imports.view(number=number, by=town.who("acceptor")).state == "cancelled"
    with pytest.raises(WrongState):
        imports.confirm(number=number, by=town.who("acceptor"), now=later)


def test_who_may(town: Town, tmp_path: Path) -> None:
    number = sent(town, tmp_path, as_csv(ROWS))
    tried(town, number)
    for username in ("dispatcher", "water.handler", "grid.east1"):
        with pytest.raises(NotAllowed):
            imports.confirm(number=number, by=town.who(username), now=town.now)
        with pytest.raises(NotAllowed):
            sent(town, tmp_path, as_csv(ROWS), who=username)
    with pytest.raises(NotThere):
        imports.view(number=number + 1, by=town.who("acceptor"))
