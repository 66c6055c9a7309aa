"""Files brought in at the desk: sent, tried by a job, looked at, then taken by a job or let go.

What the file says is read by the jobs' importer and goes through the one intake door; here stands what was sent, how
far it is, and which rows were not taken. Each report of a job is written with the rows it is about, so that a job that
died is continued where it stopped, and one that was cancelled learns it from the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gezhi.lib import jobs
from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotThere, WrongState
from gezhi.modules.cases import policies
from gezhi.modules.cases.models import Import, ImportReject, ImportState
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import sealed

TASK = "gezhi.bring_in"
WORKING = (ImportState.CHECKING, ImportState.BRINGING)
OPEN = (*WORKING, ImportState.CHECKED)
WAITS, KEPT = timedelta(days=7), timedelta(days=90)  # for somebody's word; what was not taken
Rejected = tuple[int, str, str]
"""(line, field, sentence)"""


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends: the map it is read by, its name, its kind (`.csv`), its columns (heading, field), how many
    rows, the sender's language, its SHA-256 (hex)."""

    plan: str
    name: str
    kind: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    language: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows were read; became cases, were known already, were not taken."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class ImportView:
    """A file as pages show it. While `state` is checking or checked, `counts` say what would happen."""

    id: int
    plan: str
    name: str
    kind: str
    language: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    counts: Counts
    state: str
    message: str
    sealed: UUID | None
    created_by: int
    created_at: datetime
    finished_at: datetime | None

    @property
    def works(self) -> bool:
        """Does a job wait or work?"""
        return self.state in WORKING

    @property
    def confirmed(self) -> bool:
        """Did somebody say that it be taken?"""
        return self.state not in (ImportState.CHECKING, ImportState.CHECKED)

    @property
    def open(self) -> bool:
        """Can it still be let go?"""
        return self.state in OPEN


@transaction.atomic
def send(*, sent: Sent, pieces: Iterable[bytes], by: Actor, now: datetime) -> int:
    """Keep a file and have it tried; returns the import's id. Raises NotAllowed."""
    sender = policies.check_may_bring_in(by)
    ref = sealed.keep(pieces=pieces, now=now, until=now + WAITS)
    row = Import.objects.create(
        plan=sent.plan, name=sent.name, kind=sent.kind, columns=[list(pair) for pair in sent.columns], rows=sent.rows,
        language=sent.language, sealed=ref, created_by_id=sender, created_at=now,
    )  # fmt: skip
    body = {"import": row.id, "plan": sent.plan, "rows": sent.rows, "sha256": sent.sha256}
    ledger.append(subject=f"import:{row.id}", kind="import.sent", by=by, now=now, body=body)
    jobs.enqueue(TASK, number=row.id)
    return row.id


@transaction.atomic
def confirm(*, number: int, by: Actor, now: datetime) -> None:
    """Take the file that was tried. Raises NotThere, NotAllowed, WrongState."""
    row = _locked(number, by)
    if row.state != ImportState.CHECKED:
        raise WrongState(_("This file does not wait for a word any more."), code="not_waiting")
    row.state = ImportState.BRINGING
    row.read = row.created = row.unchanged = row.rejected = 0
    row.save(update_fields=["state", "read", "created", "unchanged", "rejected"])
    row.rejects.all().delete()
    ledger.append(subject=f"import:{number}", kind="import.confirmed", by=by, now=now, body={"import": number})
    jobs.enqueue(TASK, number=number)


@transaction.atomic
def cancel(*, number: int, by: Actor, now: datetime) -> None:
    """Let a file go, or stop taking it; what was taken stays. Raises NotThere, NotAllowed, WrongState."""
    row = _locked(number, by)
    if row.state not in OPEN:
        raise WrongState(_("This file is done with already."), code="over")
    _over(row, ImportState.CANCELLED, "", now)
    body = {"import": number, "created": row.created}
    ledger.append(subject=f"import:{number}", kind="import.cancelled", by=by, now=now, body=body)


@transaction.atomic
def take_up(*, number: int) -> ImportView | None:
    """A job begins with a file, or goes on where its worker died; None where there is nothing to do. A try begins
    afresh each time."""
    row = Import.objects.select_for_update().filter(id=number, state__in=WORKING).first()
    if row is None:
        return None
    if row.state == ImportState.CHECKING and row.read:
        row.rejects.all().delete()
        row.read = row.created = row.unchanged = row.rejected = 0
        row.save(update_fields=["read", "created", "unchanged", "rejected"])
    return _view(row)


def report(*, number: int, state: str, counts: Counts, rejects: Sequence[Rejected]) -> bool:
    """Say how far a file is, and what was not taken since; False where nobody wants it any more. In the caller's
    transaction, with the rows it is about."""
    changed = Import.objects.filter(id=number, state=state).update(
        read=counts.read, created=counts.created, unchanged=counts.unchanged, rejected=counts.rejected
    )
    if changed:
        ImportReject.objects.bulk_create(
            ImportReject(brought_id=number, line=line, field=field[:40], problem=problem[:300])
            for line, field, problem in rejects
        )
    return bool(changed)


@transaction.atomic
def finish(*, number: int, now: datetime) -> None:
    """A job is through: what was tried waits for somebody's word, what was taken is done."""
    row = Import.objects.select_for_update().filter(id=number, state__in=WORKING).first()
    if row is None:
        return
    if row.state == ImportState.CHECKING:
        row.state = ImportState.CHECKED
        row.save(update_fields=["state"])
        return
    _over(row, ImportState.DONE, "", now)
    body = {"import": number, "created": row.created, "unchanged": row.unchanged, "rejected": row.rejected}
    ledger.append(subject=f"import:{number}", kind="import.done", by=Actor.system(), now=now, body=body)


@transaction.atomic
def fail(*, number: int, message: str, now: datetime) -> None:
    """It came to nothing, or not to an end; what was taken stays."""
    row = Import.objects.select_for_update().filter(id=number, state__in=WORKING).first()
    if row is None:
        return
    _over(row, ImportState.FAILED, message, now)
    body = {"import": number, "created": row.created}
    ledger.append(subject=f"import:{number}", kind="import.failed", by=Actor.system(), now=now, body=body)


@transaction.atomic
def expire(*, now: datetime) -> int:
    """Let files go that nobody said a word about, and forget what was not taken of old ones; returns how many."""
    waiting = Import.objects.select_for_update().filter(state=ImportState.CHECKED, created_at__lte=now - WAITS)
    gone = 0
    for row in waiting:
        _over(row, ImportState.CANCELLED, "", now)
        body = {"import": row.id, "created": 0}
        ledger.append(subject=f"import:{row.id}", kind="import.cancelled", by=Actor.clock(), now=now, body=body)
        gone += 1
    old, _counts = ImportReject.objects.filter(brought__finished_at__lte=now - KEPT).delete()
    return gone + old


def _over(row: Import, state: ImportState, message: str, now: datetime) -> None:
    """The end of a file, whichever: it is forgotten with its key. Of one that was only tried nothing remains."""
    if row.sealed is not None:
        sealed.forget(ref=row.sealed)
    if row.state != ImportState.BRINGING:
        row.rejects.all().delete()
        row.read = row.created = row.unchanged = row.rejected = 0
    row.state, row.message, row.finished_at, row.sealed = state, message[:300], now, None
    row.save()


def _locked(number: int, by: Actor) -> Import:
    policies.check_may_bring_in(by)
    row = Import.objects.select_for_update().filter(policies.brought_in(by), id=number).first()
    if row is None:
        raise NotThere(_("There is no such file."))
    return row


def view(*, number: int, by: Actor) -> ImportView:
    """One file. One query. Raises NotThere, NotAllowed."""
    policies.check_may_bring_in(by)
    row = Import.objects.filter(policies.brought_in(by), id=number).first()
    if row is None:
        raise NotThere(_("There is no such file."))
    return _view(row)


def listed(*, by: Actor, limit: int = 20) -> list[ImportView]:
    """Files, the newest first. One query. Raises NotAllowed."""
    policies.check_may_bring_in(by)
    return [_view(row) for row in Import.objects.filter(policies.brought_in(by)).order_by("-id")[:limit]]


def first_rejects(*, number: int, by: Actor, limit: int = 20) -> list[Rejected]:
    """The first rows of a file that were not taken. One query. Raises NotAllowed."""
    return list(_rejects(number, by)[:limit])


def rejects(*, number: int, by: Actor) -> Iterator[Rejected]:
    """All of them, a few thousand at a time. Raises NotAllowed."""
    return iter(_rejects(number, by).iterator(chunk_size=2_000))


def _rejects(number: int, by: Actor) -> QuerySet[ImportReject, Rejected]:
    policies.check_may_bring_in(by)
    theirs = Import.objects.filter(policies.brought_in(by), id=number)
    found = ImportReject.objects.filter(brought__in=theirs).order_by("line", "id")
    return found.values_list("line", "field", "problem")


def _view(row: Import) -> ImportView:
    return ImportView(
        row.id, row.plan, row.name, row.kind, row.language, tuple((str(h), str(f)) for h, f in row.columns), row.rows,
        Counts(row.read, row.created, row.unchanged, row.rejected), row.state, row.message, row.sealed,
        row.created_by_id, row.created_at, row.finished_at,
    )  # fmt: skip
