"""A file brought in at the desk: looked at when it is sent, tried by a job, taken by a job, all by the one importer.

What cannot be a table of the hotline's orders is refused at once and nothing of it is kept. What can be is kept sealed;
the jobs unseal it into a file that only they can read, for as long as they work.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from gezhi.interfaces.jobs.importing import Importer, Outcome
from gezhi.interfaces.jobs.importing_columns import fitted, recognised
from gezhi.interfaces.jobs.importing_guard import TableProblem, check_workbook, kind_of
from gezhi.interfaces.jobs.importing_tables import Table, open_table
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, Refusal, TooLarge
from gezhi.modules.cases import imports
from gezhi.modules.cases.imports import Counts, ImportView, Rejected, Sent
from gezhi.modules.switches import queries as switches
from gezhi.modules.switches import sealed
from gezhi.modules.switches.profiles import ImportMap
from gezhi.modules.territory import queries as territory

MOST_BYTES, MOST_ROWS = 50_000_000, 200_000
_LONGEST_HEADING, _MOST_HEADINGS = 60, 200


class _Stopped(Exception):
    """Nobody wants the file any more."""


def receive(*, path: Path, plan: str, name: str, language: str, by: Actor, now: datetime) -> int:
    """Look at a file that was sent and have it tried; returns the import's id. `plan` names a map of the profile.

    Raises TooLarge, BadInput (`plan`; `file`: no table, no such columns, no rows).
    """
    if path.stat().st_size > MOST_BYTES:
        told = {"most": MOST_BYTES // 1_000_000}
        sentence = _("The file is larger than %(most)d MB. Send it in parts, a month or a week at a time.")
        raise TooLarge(sentence % told, field="file")
    wanted = _plan(plan)
    kind = kind_of(path, name)
    if kind == ".xlsx":
        check_workbook(path, name)
    table = _opened(path, kind, wanted, name)
    if len(table.headings) > _MOST_HEADINGS:
        raise TableProblem(_("“%(file)s” has more than %(most)d columns.") % {"file": name, "most": _MOST_HEADINGS})
    columns = recognised(fitted(wanted, table.headings), table.headings)
    shown = tuple((heading[:_LONGEST_HEADING], field) for heading, field in columns)
    rows = _counted(table, name)
    digest = hashlib.sha256()
    for piece in _pieces(path):
        digest.update(piece)
    sent = Sent(plan, name, kind, shown, rows, language, digest.hexdigest())
    return imports.send(sent=sent, pieces=_pieces(path), by=by, now=now)


def _plan(key: str) -> ImportMap:
    found = switches.profile().imports.get(key)
    if found is None:
        raise BadInput(_("Choose what kind of file it is."), field="plan")
    return found


def _opened(path: Path, kind: str, plan: ImportMap, name: str) -> Table:
    return open_table(path, encoding=plan.encoding, sheet=plan.sheet, name=name, kind=kind)


def _counted(table: Table, name: str) -> int:
    """How many rows there are, all of them read once, so that what is no table is known at once."""
    rows = 0
    for _row in table.rows:
        rows += 1
        if rows > MOST_ROWS:
            told = {"file": name, "most": f"{MOST_ROWS:,}"}
            raise TableProblem(_("“%(file)s” has more than %(most)s rows. Send it in parts.") % told)
    if not rows:
        raise TableProblem(_("“%(file)s” has headings, but no rows below them.") % {"file": name})
    return rows


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(sealed.PIECE):
            yield piece


def work(number: int, now: datetime) -> None:
    """Try a file, or take it, whichever it waits for; one that is over or let go is left alone."""
    view = imports.take_up(number=number)
    if view is None:
        return
    with translation.override(view.language):
        try:
            _bring(view, now)
        except _Stopped:
            return
        except Refusal as refusal:
            imports.fail(number=number, message=refusal.sentence, now=now)
            return
        except Exception:  # whatever it was: the page must not wait for ever, and the job fails with it
            broken = _("It broke off. Send the file again: what is in already is known and comes in once.")
            imports.fail(number=number, message=broken, now=now)
            raise
    imports.finish(number=number, now=now)


def _bring(view: ImportView, now: datetime) -> None:
    plan = _plan(view.plan)
    by = territory.actor_for(view.created_by, on=now.date())
    told: list[Rejected] = []

    def reject(line: int, field: str, _value: str, problem: str) -> None:
        told.append((line, field, problem))

    def progress(outcome: Outcome) -> None:
        if not imports.report(number=view.id, state=view.state, counts=Counts(**asdict(outcome)), rejects=told):
            raise _Stopped
        told.clear()

    with tempfile.NamedTemporaryFile(prefix="gezhi-import-", suffix=view.kind) as held:
        if view.sealed is not None:
            for piece in sealed.opened(ref=view.sealed, now=now):
                held.write(piece)
        held.flush()
        table = _opened(Path(held.name), view.kind, plan, view.name)
        tried = not view.confirmed
        done = Outcome(**asdict(view.counts))
        Importer(plan, table, by, now, reject, progress, dry_run=tried, outcome=done).run()
